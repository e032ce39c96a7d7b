"""What passes with a role: its record with the whole past, nothing else; and what it was before stays on paper."""

from datetime import date

import pytest

from app.core import clock
from app.domain.engagement import EngagementState
from app.domain.recommendation import RecommendationState
from app.domain.report import ReportState
from app.domain.transfer import TransferRole
from app.models.account import Membership
from app.models.history import Transition
from tests import makers
from tests.client import created, ok
from tests.makers_transfers import a_body, a_transfer, an_end, somebody

pytestmark = pytest.mark.thorough

TODAY = date(2025, 7, 10)


@pytest.fixture
async def ended(app, session, world):
    """Huyện ủy Quảng Điền has ended; the first of its two heirs has a leader, `heir`."""
    heirs = [await a_body(session, "Đảng ủy xã Quảng Điền"), await a_body(session, "Đảng ủy xã Đan Điền")]
    organs = [world.body["supervised"], world.body["office"]]
    event = await an_end(session, [world.body["committee"]], [it.id for it in heirs], organs=organs)
    await somebody(session, world, app, "heir", heirs[0].id)
    await somebody(session, world, app, "other_heir", heirs[1].id)
    clock.set_today(TODAY)
    return event, [it.id for it in heirs]


async def proposed(session, world, ended, role, subject_id):
    event, heirs = ended
    return await a_transfer(
        session, event, role, subject_id, from_=world.body["supervised"], lead=world.body["lead"], to=heirs
    )


async def confirm(api, session, world, it, to, *, as_="lead_officer", expect=200, clock_="keep", **more):
    document = await makers.a_document(session, world)
    sent = {"to_body_ids": [str(body_id) for body_id in to], "decided_by_document_id": str(document.id), **more}
    return await api.move(f"/v1/transfers/{it.id}", "confirm", as_=as_, expect=expect, clock=clock_, **sent)


@pytest.fixture
async def asked(session, world):
    campaign = await makers.a_campaign(session, world, state="concluded")
    it = await makers.a_recommendation(
        session, world, campaign, addressee_id=world.body["supervised"], reply_from=date(2024, 5, 27)
    )
    issued = {"action": "issue", "from_state": "draft", "to_state": "issued", "on_date": it.issued_on}
    await makers.keep(session, Transition(subject_type="recommendation", subject_id=it.id, **issued))
    return it


async def test_the_heir_reads_all_that_was_said_before(api, session, world, asked, ended):
    path = f"/v1/recommendations/{asked.id}"
    letter = await makers.a_document(session, world)
    reminder = {"note": "Đôn đốc", "document_id": str(letter.id)}
    created(await api.post(f"{path}/reminders", reminder, as_="lead_officer"))
    it = await proposed(session, world, ended, TransferRole.ADDRESSEE, asked.id)
    for below in ("", "/transitions", "/reminders", "/progress"):
        assert (await api.get(path + below, as_="heir")).status_code == 404
    await confirm(api, session, world, it, ended[1][:1])
    assert [it["note"] for it in ok(await api.get(f"{path}/reminders", as_="heir"))["items"]] == ["Đôn đốc"]
    assert (await api.get(f"/v1/documents/{letter.id}", as_="heir")).status_code == 200
    assert (await api.get(path, as_="other_heir")).status_code == 404
    line, issue = ok(await api.get(f"{path}/transitions", as_="heir"))["items"]
    assert (line["action"], line["from"], line["to"], issue["action"]) == ("transfer", "issued", "issued", "issue")
    assert line["reason"].startswith("Chuyển giao, giữ nguyên thời hạn")


async def test_the_paper_keeps_its_addressee(api, session, world, asked, ended):
    it = await proposed(session, world, ended, TransferRole.ADDRESSEE, asked.id)
    path = f"/v1/recommendations/{asked.id}"
    assert ok(await api.get(path, as_="lead_officer"))["first_addressee"] is None
    await confirm(api, session, world, it, ended[1][:1])
    seen = ok(await api.get(path, as_="lead_officer"))
    assert seen["addressee"]["name"] == "Đảng ủy xã Quảng Điền"
    assert seen["first_addressee"]["name"] == "Ban Thường vụ Huyện ủy Quảng Điền"


async def test_who_had_to_act_before_never_verifies(api, app, session, world, asked, ended):
    """A person of the ended standing committee's office, now of the inspection commission."""
    it = await proposed(session, world, ended, TransferRole.ADDRESSEE, asked.id)
    await confirm(api, session, world, it, ended[1][:1])
    asked = await session.get_one(type(asked), asked.id, populate_existing=True)
    asked.state, asked.verifier_body_id = RecommendationState.VERIFYING, world.body["verifier"]
    await session.commit()
    await makers.keep(
        session, Membership(account_id=world.account["verifier"], body_id=world.body["office"], accepted_at=None)
    )
    answer = await api.move(
        f"/v1/recommendations/{asked.id}",
        "verify",
        as_="verifier",
        expect=403,
        implementation="done",
        note="Đã kiểm tra",
    )
    assert answer["code"] == "verifier_acted"


async def test_the_supervised_party_passes_with_its_papers(api, session, world, ended):
    campaign = await makers.a_campaign(session, world)
    delegation = await makers.a_delegation(session, world, campaign)
    engagement = await makers.an_engagement(session, world, delegation, state=EngagementState.FINALISED)
    meeting = await makers.a_session(session, world, engagement)
    report = await makers.a_report(
        session,
        world,
        campaign,
        engagement_id=engagement.id,
        state=ReportState.ADOPTED,
        circulated_on=date(2024, 4, 10),
        hash="0" * 64,
    )
    it = await proposed(session, world, ended, TransferRole.SUPERVISED, engagement.id)
    paths = [
        f"/v1/engagements/{engagement.id}",
        f"/v1/engagements/{engagement.id}/sessions/{meeting.id}",
        f"/v1/reports/{report.id}",
        f"/v1/campaigns/{campaign.id}",
    ]
    assert [(await api.get(path, as_="heir")).status_code for path in paths] == [404] * 4
    before = [(await api.get(path, as_="supervised")).status_code for path in paths]
    await confirm(api, session, world, it, ended[1][:1])
    assert [(await api.get(path, as_="heir")).status_code for path in paths] == [200] * 4
    assert [(await api.get(path, as_="supervised")).status_code for path in paths[:3]] == before[:3] == [200] * 3


async def test_the_lead_passes_with_findings_and_drafts(api, app, session, world):
    campaign = await makers.a_campaign(session, world)
    delegation = await makers.a_delegation(session, world, campaign)
    engagement = await makers.an_engagement(session, world, delegation)
    finding = await makers.a_finding(session, world, engagement, state="submitted")
    draft = await makers.a_report(session, world, campaign, kind="notice")
    board = await a_body(session, "Ban Tuyên giáo và Dân vận", date(2015, 1, 1), parent_id=world.body["superior"])
    await somebody(session, world, app, "heir", board.id)
    event = await an_end(session, [world.body["lead"]], [board.id], date(2025, 3, 1))
    clock.set_today(date(2025, 3, 10))
    it = await a_transfer(
        session,
        event,
        TransferRole.CAMPAIGN_LEAD,
        campaign.id,
        from_=world.body["lead"],
        lead=world.body["lead"],
        to=[board.id],
    )
    paths = [f"/v1/findings/{finding.id}", f"/v1/reports/{draft.id}", f"/v1/delegations/{delegation.id}"]
    assert [(await api.get(path, as_="heir")).status_code for path in paths] == [404] * 3
    for part, owner in (("heir", "lead"), ("registrar", "registry")):
        document = await makers.a_document(session, world, owner=owner)
        if part == "heir":
            document.owner_body_id = board.id
            await session.commit()
        await api.move(
            f"/v1/transfers/{it.id}",
            "confirm",
            as_=part,
            to_body_ids=[str(board.id)],
            decided_by_document_id=str(document.id),
            clock="keep",
        )
    assert [(await api.get(path, as_="heir")).status_code for path in paths] == [200] * 3
    assert (await api.get(paths[0], as_="lead_officer")).status_code == 200
    assert ok(await api.get(paths[1], as_="heir"))["actions"]


@pytest.mark.parametrize("state", ["issued", "replied", "escalated", "disputed"])
async def test_a_division_leaves_one_child_for_each_heir(api, session, world, asked, ended, state):
    asked.state = RecommendationState(state)
    await session.commit()
    it = await proposed(session, world, ended, TransferRole.ADDRESSEE, asked.id)
    await confirm(api, session, world, it, ended[1])
    parent = ok(await api.get(f"/v1/recommendations/{asked.id}", as_="heir"))
    assert (parent["state"], parent["because"], parent["view"]) == ("withdrawn", "divided", "full")
    [child] = ok(await api.get("/v1/recommendations", params={"state": "issued"}, as_="heir"))["items"]
    assert (child["divided_from_id"], child["addressee_id"]) == (str(asked.id), str(ended[1][0]))
    assert (child["series_id"], child["reply_status"]) == (parent["series_id"], "awaiting")
    assert (child["due_on"], child["due_basis"]) == (parent["due_on"], parent["due_basis"])


async def test_what_waits_for_verification_is_settled_before_it_is_divided(api, session, world, asked, ended):
    asked.state = RecommendationState.VERIFYING
    await session.commit()
    it = await proposed(session, world, ended, TransferRole.ADDRESSEE, asked.id)
    refused = await confirm(api, session, world, it, ended[1], expect=409)
    assert (refused["code"], [it["code"] for it in refused["unmet"]]) == ("needs_unmet", ["claim_settled"])
    await api.move(f"/v1/recommendations/{asked.id}", "return_to_work", as_="lead_officer", reason="Chưa đủ")
    await confirm(api, session, world, it, ended[1])


@pytest.mark.parametrize("state", ["verifying", "disputed"])
async def test_one_heir_takes_over_in_the_state_it_finds(api, session, world, asked, ended, state):
    asked.state = RecommendationState(state)
    await session.commit()
    it = await proposed(session, world, ended, TransferRole.ADDRESSEE, asked.id)
    await confirm(api, session, world, it, ended[1][:1])
    seen = ok(await api.get(f"/v1/recommendations/{asked.id}", as_="heir"))
    assert (seen["state"], seen["addressee_id"]) == (state, str(ended[1][0]))


async def test_a_clock_that_restarts_says_so(api, session, world, asked, ended):
    it = await proposed(session, world, ended, TransferRole.ADDRESSEE, asked.id)
    await confirm(api, session, world, it, ended[1][:1], clock_="restart", due_on="2025-12-31")
    seen = ok(await api.get(f"/v1/recommendations/{asked.id}", as_="heir"))
    assert (seen["due_on"], seen["overdue"]) == ("2025-12-31", "none")
    assert "tính lại thời hạn" in seen["due_basis"]["text"]
    line, _ = ok(await api.get(f"/v1/recommendations/{asked.id}/transitions", as_="heir"))["items"]
    assert line["reason"] == seen["due_basis"]["text"]


async def test_nothing_passes_before_the_event_takes_effect(api, session, world, asked, ended):
    it = await proposed(session, world, ended, TransferRole.ADDRESSEE, asked.id)
    refused = await confirm(api, session, world, it, ended[1][:1], expect=422, on="2025-06-30")
    assert refused["errors"][0] == refused["errors"][0] | {"pointer": "/on", "code": "before_event"}


async def test_figures_by_the_bodies_of_the_time_and_of_today(api, session, world, asked, ended):
    """The same total, under the old name or under the new."""
    it = await proposed(session, world, ended, TransferRole.ADDRESSEE, asked.id)
    await confirm(api, session, world, it, ended[1][:1])

    async def issued(bodies):
        query = {"group_by": "addressee", "bodies": bodies}
        counted = ok(await api.get("/v1/statistics/recommendations", params=query, as_="lead_officer"))
        return {it["body"]["name"]: it["issued"] for it in counted["items"]}, counted["total"]["issued"]

    assert await issued("then") == ({"Ban Thường vụ Huyện ủy Quảng Điền": 1}, 1)
    assert await issued("now") == ({"Đảng ủy xã Quảng Điền": 1}, 1)


async def test_the_notice_names_each_as_its_paper_does(api, session, world, asked, ended):
    it = await proposed(session, world, ended, TransferRole.ADDRESSEE, asked.id)
    await confirm(api, session, world, it, ended[1][:1])
    for half, issued in (("2024H1", ["Ban Thường vụ Huyện ủy Quảng Điền"]), ("2025H2", [])):
        query = {"body_id": str(world.body["lead"]), "half": half}
        notice = ok(await api.get("/v1/statistics/half-year", params=query, as_="lead_officer"))
        assert [it["addressee"]["name"] for it in notice["recommendations"]] == issued
        [late] = notice["overdue"]
        assert late["addressee"]["name"] == "Ban Thường vụ Huyện ủy Quảng Điền"
        assert late["passed_to"]["name"] == "Đảng ủy xã Quảng Điền"
