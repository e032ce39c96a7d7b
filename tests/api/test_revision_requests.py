"""The second loop: the supervised party is asked to revise and resend its own report; what waits for that."""

from datetime import date

import pytest

from app.domain.delegation import DelegationDuty
from app.domain.engagement import EngagementState
from app.domain.report import ReportKind, ReportState
from app.models.base import Listing
from app.models.delegation import DelegationMember
from app.models.history import TransitionRead
from app.models.revision_request import RevisionRequestRead
from tests import makers
from tests.client import created, ok

PATH = "/v1/revision-requests"
S = EngagementState


@pytest.fixture
async def campaign(session, world):
    return await makers.a_campaign(session, world)


@pytest.fixture
async def delegation(session, world, campaign):
    return await makers.a_delegation(session, world, campaign)


@pytest.fixture
async def engagement(session, world, campaign, delegation):
    """Commenting, with a held session and the first self-report."""
    engagement = await makers.an_engagement(session, world, delegation, state=S.COMMENTING)
    await makers.a_session(session, world, engagement)
    await self_report(
        session,
        world,
        campaign,
        engagement,
        state=ReportState.CIRCULATED,
        circulated_on=date(2024, 4, 5),
        hash="0" * 64,
    )
    return engagement


async def self_report(session, world, campaign, engagement, **fields):
    values = {
        "kind": ReportKind.SELF_REPORT,
        "engagement_id": engagement.id,
        "author_body_id": engagement.supervised_body_id,
        "title": "Báo cáo tự giám sát",
    }
    return await makers.a_report(session, world, campaign, **{**values, **fields})


def payload(**fields):
    return {
        "reason": "Bổ sung số liệu năm 2023 và phần nguyên nhân",
        "sections": ["II", "III"],
        "on": "2024-04-15",
        "due_on": "2024-04-26",
        "due_basis": {"text": "Kết luận của Trưởng đoàn tại buổi làm việc"},
        **fields,
    }


async def ask(api, engagement, *, as_="secretary", key=None, **fields):
    path = f"/v1/engagements/{engagement.id}/revision-requests"
    return await api.post(path, payload(**fields), as_=as_, key=key)


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("secretary", 201),
        ("head", 201),
        ("lead_leader", 403),
        ("member_a", 403),
        ("partner", 403),
        ("supervised", 403),
        ("superior", 404),
        ("stranger", 404),
        (None, 401),
    ],
)
async def test_secretary_or_head_asks(api, engagement, part, status):
    answer = await ask(api, engagement, as_=part)
    assert answer.status_code == status, answer.text


async def test_a_request_makes_the_promise_and_moves_nothing(api, world, engagement):
    answer = await ask(api, engagement, key="ask-1")
    made = created(answer)
    RevisionRequestRead.model_validate(made)
    assert answer.headers["Location"] == f"{PATH}/{made['id']}"
    assert (made["state"], made["requested_on"], made["sections"]) == ("open", "2024-04-15", ["II", "III"])
    assert made["supervised_body"]["short_name"] == "BTV Huyện ủy"
    seen = ok(await api.get(f"/v1/engagements/{engagement.id}", as_="supervised"))
    assert (seen["state"], seen["revision_open"]) == ("commenting", True)
    promised = ok(await api.get(f"/v1/recommendations/{made['recommendation_id']}", as_="supervised"))
    assert (promised["origin"], promised["state"], promised["due_on"]) == ("session", "issued", "2024-04-26")
    assert promised["owner"] == {"name": "Ban Thường vụ Huyện ủy Quảng Điền", "title": "Người đứng đầu"}
    again = await ask(api, engagement, key="ask-1")
    assert (created(again)["id"], again.headers["Idempotency-Replayed"]) == (made["id"], "true")
    dates = ok(await api.get(f"/v1/engagements/{engagement.id}/deadlines", as_="supervised"))["items"]
    assert ("revision", "2024-04-26", "overdue") in [(it["trigger"], it["due_on"], it["state"]) for it in dates]


async def test_a_person_answers_for_their_own_report(api, session, world, delegation):
    engagement = await makers.an_engagement(
        session,
        world,
        delegation,
        state=S.SELF_REPORTED,
        supervised_person={"name": "Trương Duy Hải", "post": "Phó Bí thư"},
    )
    made = created(await ask(api, engagement))
    promised = ok(await api.get(f"/v1/recommendations/{made['recommendation_id']}", as_="secretary"))
    assert promised["owner"] == {"name": "Trương Duy Hải", "title": "Phó Bí thư"}


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (S.PREPARING, 409),
        (S.NOTIFIED, 409),
        (S.SELF_REPORTED, 201),
        (S.SESSION_HELD, 201),
        (S.COMMENTING, 201),
        (S.FINALISED, 409),
        (S.DISCONTINUED, 409),
    ],
)
async def test_there_must_be_a_report_to_revise(api, session, world, delegation, state, status):
    engagement = await makers.an_engagement(session, world, delegation, state=state)
    answer = await ask(api, engagement)
    assert answer.status_code == status
    if status == 409:
        assert answer.json()["code"] == "no_self_report"


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"on": "2099-01-01"}, "/on", "in_the_future"),
        ({"due_on": "2024-04-14"}, "/due_on", "earlier_than_on"),
        ({"due_basis": {}}, "/due_basis", "one_basis"),
        ({"reason": ""}, "/reason", "string_too_short"),
        ({"action": "ask"}, "/action", "extra_forbidden"),
    ],
)
async def test_an_impossible_request_is_refused(api, engagement, change, pointer, code):
    answer = await ask(api, engagement, **change)
    assert answer.status_code == 422, answer.text
    assert (pointer, code) in [(it["pointer"], it["code"]) for it in answer.json()["errors"]]


async def test_a_basis_that_is_no_rule_is_not_found(api, engagement):
    answer = await ask(api, engagement, due_basis={"rule_id": "00000000-0000-7000-8000-000000000000"})
    assert answer.status_code == 404


async def test_while_one_is_open_the_engagement_is_not_finalised(api, engagement):
    made = created(await ask(api, engagement))
    path = f"/v1/engagements/{engagement.id}"
    refused = await api.move(path, "finalise", as_="head", expect=409)
    assert refused["code"] == "revision_open"
    waived = await api.move(f"{PATH}/{made['id']}", "waive", as_="head", on="2024-04-20", reason="Đã có số liệu khác")
    assert (waived["state"], waived["actions"]) == ("waived", [])
    assert (await api.move(path, "finalise", as_="head"))["state"] == "finalised"


async def test_waiving_takes_the_promise_back(api, engagement):
    made = created(await ask(api, engagement))
    await api.move(f"{PATH}/{made['id']}", "waive", as_="head", on="2024-04-20", reason="Đã có số liệu khác")
    promised = ok(await api.get(f"/v1/recommendations/{made['recommendation_id']}", as_="supervised"))
    assert promised["state"] == "withdrawn"
    lines = ok(await api.get(f"{PATH}/{made['id']}/transitions", as_="supervised"))
    Listing[TransitionRead].model_validate(lines)
    assert [(it["action"], it["on"]) for it in lines["items"]] == [("waive", "2024-04-20"), ("create", "2024-04-15")]
    assert lines["items"][0]["reason"] == "Đã có số liệu khác"


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("head", 200),
        ("secretary", 403),
        ("lead_leader", 403),
        ("supervised", 403),
        ("superior", 404),
        ("stranger", 404),
    ],
)
async def test_the_head_waives(api, engagement, part, status):
    made = created(await ask(api, engagement))
    answer = await api.post(
        f"{PATH}/{made['id']}/transitions",
        {"action": "waive", "reason": "Không cần nữa"},
        as_=part,
        if_match=made["version"],
    )
    assert answer.status_code == status, answer.text


async def test_waiving_names_the_version_and_a_reason(api, engagement):
    made = created(await ask(api, engagement))
    path = f"{PATH}/{made['id']}/transitions"
    assert (await api.post(path, {"action": "waive", "reason": "x"}, as_="head")).status_code == 428
    assert (await api.post(path, {"action": "waive", "reason": "x"}, as_="head", if_match=99)).status_code == 412
    assert (await api.post(path, {"action": "waive"}, as_="head", if_match=made["version"])).status_code == 422
    early = {"action": "waive", "reason": "x", "on": "2099-01-01"}
    assert (await api.post(path, early, as_="head", if_match=made["version"])).status_code == 422
    await api.move(f"{PATH}/{made['id']}", "waive", as_="head", reason="Không cần nữa")
    again = await api.move(f"{PATH}/{made['id']}", "waive", as_="head", expect=409, reason="Lần nữa")
    assert (again["code"], again["state"], again["allowed"]) == ("move_not_allowed", "waived", [])


async def test_where_the_head_has_no_account_the_secretary_waives_on_their_instruction(api, session, world, campaign):
    delegation = await makers.a_delegation(session, world, campaign, seated=False)
    for name, account, duty in (
        ("Nguyễn Xuân Dương", None, DelegationDuty.HEAD),
        ("secretary", world.account["secretary"], DelegationDuty.SECRETARY),
    ):
        seat = DelegationMember(
            delegation_id=delegation.id,
            account_id=account,
            person_name=name,
            body_id=world.body["lead"],
            duty=duty,
            valid_from=makers.DECIDED_ON,
        )
        await makers.keep(session, seat)
    engagement = await makers.an_engagement(session, world, delegation, state=S.SELF_REPORTED)
    made = created(await ask(api, engagement))
    path = f"{PATH}/{made['id']}"
    plain = await api.move(path, "waive", as_="secretary", expect=403, reason="Không cần nữa")
    assert plain["code"] == "forbidden"
    missing = await api.move(path, "waive", as_="secretary", expect=409, reason="Không cần nữa", for_the_head=True)
    assert missing["unmet"][0]["code"] == "head_instruction_documented"
    paper = await makers.a_document(session, world, kind="CV")
    done = await api.move(
        path, "waive", as_="secretary", reason="Không cần nữa", for_the_head=True, document_id=str(paper.id)
    )
    assert done["state"] == "waived"


async def test_the_new_version_answers_the_request_and_claims_the_promise(api, session, world, campaign, engagement):
    made = created(await ask(api, engagement))
    report = await self_report(session, world, campaign, engagement, number=2, answers_request_id=made["id"])
    await api.move(f"/v1/reports/{report.id}", "circulate", as_="supervised", on="2024-04-24")
    answered = ok(await api.get(f"{PATH}/{made['id']}", as_="secretary"))
    assert (answered["state"], answered["answered_on"]) == ("answered", "2024-04-24")
    assert answered["answered_by"] == str(report.id)
    promised = ok(await api.get(f"/v1/recommendations/{made['recommendation_id']}", as_="secretary"))
    assert promised["state"] == "verifying"
    assert (await api.move(f"/v1/engagements/{engagement.id}", "finalise", as_="head"))["state"] == "finalised"


@pytest.mark.parametrize(
    ("part", "seen"),
    [
        ("lead_clerk", True),
        ("partner_b", True),
        ("member_a", True),
        ("supervised", True),
        ("superior", False),
        ("addressee", False),
        ("stranger", False),
        ("auditor", False),
    ],
)
async def test_both_sides_read_the_request(api, engagement, part, seen):
    made = created(await ask(api, engagement))
    expected = 200 if seen else 404
    assert (await api.get(f"{PATH}/{made['id']}", as_=part)).status_code == expected
    assert (await api.get(f"/v1/engagements/{engagement.id}/revision-requests", as_=part)).status_code == expected
    listed = ok(await api.get(f"{PATH}?engagement_id={engagement.id}", as_=part))["items"]
    assert [it["id"] for it in listed] == ([made["id"]] if seen else [])


async def test_the_list_matches_the_contract_in_a_constant_number_of_statements(api, engagement, queries):
    for _ in range(3):
        created(await ask(api, engagement))
    path = f"/v1/engagements/{engagement.id}/revision-requests"
    queries.reset()
    page = ok(await api.get(f"{path}?limit=2&count=true", as_="supervised"))
    first = queries.count
    Listing[RevisionRequestRead].model_validate(page)
    assert (len(page["items"]), page["count"]) == (2, 3)
    queries.reset()
    await api.get(f"{path}?limit=1&count=true", as_="supervised")
    assert queries.count == first
    assert ok(await api.get(f"{PATH}?state=waived", as_="supervised"))["items"] == []
    assert (await api.get(f"{PATH}?head=x", as_="supervised")).status_code == 422
