"""The dossier of a campaign: for each side exactly what its lists show, with the papers those records carry."""

import json
from hashlib import sha256
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest

from app.domain.finding import FindingKind
from app.domain.report import ReportKind, ReportState
from app.models.campaign import CampaignCounterpart
from app.models.document import Attachment, Carriage
from app.services.dossiers import PARTS
from tests import makers
from tests.client import created
from tests.ground import standing
from tests.stage import set_stage
from tests.stage.supervision import DAY

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
async def stage(groundwork, world):
    return await set_stage(groundwork, world)


@pytest.fixture
async def connection(ground, stage, app):
    async with standing(ground, app) as connection:
        yield connection


async def uploaded(api, name, content):
    sent = await api.post("/v1/attachments", as_="lead_clerk", files={"file": (name, content, "text/plain")})
    return UUID(created(sent)["id"])


async def carried(session, **fields):
    await makers.keep(session, Carriage(**fields))


@pytest.fixture
async def papers(api, session, world, stage):
    """A decision that the engagement shows to both sides, and a photo that a finding keeps to the delegation."""
    decision = await makers.a_document(session, world, kind="QĐ")
    content = {"decision": "Quyết định 133".encode(), "photo": b"anh hien truong"}
    file = await uploaded(api, "Quyết định 133.txt", content["decision"])
    attachment = await session.get(Attachment, file, execution_options={"scope": "test"})
    attachment.document_id = decision.id
    photo = await uploaded(api, "anh.txt", content["photo"])
    engagement = {"subject_type": "engagement", "subject_id": stage.ids["engagement"]}
    await carried(session, document_id=decision.id, view="party", **engagement)
    await carried(session, attachment_id=photo, subject_type="finding", subject_id=stage.ids["finding"])
    return content


async def dossier(api, stage, part):
    answer = await api.get(f"/v1/campaigns/{stage['campaign']}/dossier", as_=part)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip"), answer.text
    archive = ZipFile(BytesIO(answer.content))
    assert archive.testzip() is None
    return archive, json.loads(archive.read("index.json"))


async def test_it_holds_every_record_and_every_file_with_its_digest(api, stage, papers):
    archive, index = await dossier(api, stage, "lead_leader")
    assert index["campaign"]["id"] == stage["campaign"]
    of_other_forms = {"board", "participation", "host_steps", "nominations", "records"}
    assert {name for name in PARTS if not index[name]} - of_other_forms <= {"counterparts", "progress", "reminders"}
    (decision,) = index["documents"]
    listed = [*decision["files"], *index["attachments"]]
    assert [archive.read(it["path"]) for it in listed] == [papers["decision"], papers["photo"]]
    assert [it["sha256"] for it in listed] == [sha256(archive.read(it["path"])).hexdigest() for it in listed]
    assert archive.namelist() == ["index.json", *(it["path"] for it in listed)]
    assert decision["files"][0]["file_name"] == "Quyết định 133.txt"
    frozen = next(it for it in index["reports"] if it["id"] == stage["report"])
    assert (frozen["hash"], frozen["sections"][0]["key"]) == ("0" * 64, "I")


@pytest.mark.parametrize("part", ["lead_leader", "member_a", "partner", "supervised", "addressee", "superior"])
async def test_each_side_gets_what_its_lists_show(api, stage, papers, part):
    _, index = await dossier(api, stage, part)
    for name in ("delegations", "engagements", "findings", "reports", "recommendations"):
        query = f"campaign_id={stage['campaign']}&limit=200"
        seen = (await api.get(f"/v1/{name}?{query}", as_=part)).json()["items"]
        assert sorted(it["id"] for it in index[name]) == sorted(it["id"] for it in seen), name
        assert {it["view"] for it in index[name]} == {it["view"] for it in seen}
    single = (await api.get(f"/v1/campaigns/{stage['campaign']}", as_=part)).json()
    assert index["campaign"] == {name: value for name, value in single.items() if name != "actions"}


async def test_the_supervised_party_gets_no_findings_and_none_of_their_evidence(api, stage, papers):
    archive, index = await dossier(api, stage, "supervised")
    assert (index["findings"], index["attachments"]) == ([], [])
    assert [archive.read(it["path"]) for it in index["documents"][0]["files"]] == [papers["decision"]]
    assert stage["engagement_unnotified"] not in json.dumps(index)
    assert {it["type"] for it in index["timeline"]} <= {"campaign", "delegation", "engagement", "report"}


async def test_a_paper_of_ones_own_registry_is_no_part_of_what_one_does_not_see(api, session, world, stage):
    """The stranger's own paper, carried by a finding that only the delegation reads."""
    own = await makers.a_document(session, world, owner="addressee")
    await carried(session, document_id=own.id, subject_type="finding", subject_id=stage.ids["finding"])
    assert (await dossier(api, stage, "addressee"))[1]["documents"] == []
    assert [it["id"] for it in (await dossier(api, stage, "lead_leader"))[1]["documents"]] == [str(own.id)]


async def test_a_sign_of_violation_stays_with_those_who_may_know(api, session, stage):
    _, ours = await dossier(api, stage, "lead_leader")
    _, members = await dossier(api, stage, "member_b")
    assert FindingKind.VIOLATION_SIGN in {it["kind"] for it in ours["findings"]}
    assert FindingKind.VIOLATION_SIGN not in {it["kind"] for it in members["findings"]}


async def test_a_counterpart_finds_its_own_answer_alone(api, session, world, stage):
    for part in ("counterpart", "verifier"):
        asked = CampaignCounterpart(
            campaign_id=stage.ids["campaign"], body_id=world.body[part], asked_on=DAY, due_on=DAY
        )
        await makers.keep(session, asked)
    _, index = await dossier(api, stage, "counterpart")
    assert [it["body_id"] for it in index["counterparts"]] == [str(world.body["counterpart"])]
    assert (index["partners"], index["findings"], index["recommendations"]) == ([], [], [])


@pytest.mark.parametrize(("part", "status"), [("stranger", 404), (None, 401)])
async def test_who_does_not_see_the_campaign_gets_nothing(api, stage, part, status):
    assert (await api.get(f"/v1/campaigns/{stage['campaign']}/dossier", as_=part)).status_code == status


async def test_it_costs_the_same_however_much_is_in_it(api, session, world, stage, papers, queries):
    queries.reset()
    await dossier(api, stage, "lead_leader")
    first = queries.count
    campaign = await makers.a_campaign(session, world)
    delegation = await makers.a_delegation(session, world, campaign)
    for _ in range(3):
        engagement = await makers.an_engagement(session, world, delegation)
        await makers.a_finding(session, world, engagement)
        await makers.a_report(session, world, campaign, kind=ReportKind.CONCLUSION, state=ReportState.DRAFT)
        await makers.a_recommendation(session, world, campaign)
    queries.reset()
    await api.get(f"/v1/campaigns/{campaign.id}/dossier", as_="lead_leader")
    assert queries.count == first
