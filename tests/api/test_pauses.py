"""While a pause lasts the clocks stand still, and afterwards the dates lie so much later."""

from datetime import date

import pytest
from sqlalchemy import select

from app.core.clock import set_today
from app.models.deadline import Deadline
from app.models.pause import PauseRead
from tests.client import created, ok
from tests.makers import a_campaign, a_delegation, a_document, a_recommendation, an_engagement, keep
from tests.makers_follow_up import a_pause

PATH = "/v1/recommendations"


@pytest.fixture(autouse=True)
def october() -> None:
    set_today(date(2024, 10, 1))


@pytest.fixture
async def parent(world, session):
    fields = {"reply_status": "accepted", "reply_due_on": date(2024, 6, 20)}
    return await a_recommendation(session, world, await a_campaign(session, world), **fields)


async def paused(api, world, session, parent, *, as_="lead_officer", **fields):
    paper = await a_document(session, world)
    sent = {"reason": "objective_obstacle", "document_id": str(paper.id), **fields}
    return await api.post(f"{PATH}/{parent.id}/pauses", sent, as_=as_)


async def test_the_date_moves_by_the_days_paused(api, world, session, parent):
    path = f"{PATH}/{parent.id}"
    made = created(await paused(api, world, session, parent))
    PauseRead.model_validate(made)
    assert (made["state"], made["from"], made["to"]) == ("running", "2024-10-01", None)
    seen = ok(await api.get(path, as_="addressee"))
    assert (seen["paused_since"], seen["due_on"]) == ("2024-10-01", "2024-12-31")

    set_today(date(2024, 11, 1))
    ended = await api.move(f"{path}/pauses/{made['id']}", "resume", as_="lead_officer")
    assert (ended["state"], ended["to"]) == ("ended", "2024-10-31")
    seen = ok(await api.get(path, as_="addressee"))
    assert (seen["paused_since"], seen["due_on"]) == (None, "2025-02-03"), "31 days, and the first is a Saturday"
    clock = ok(await api.get(f"{path}/deadlines", as_="addressee"))["items"][-1]
    assert [it["because"] for it in clock["changes"]] == ["pause"]


async def test_while_it_lasts_nothing_becomes_overdue(api, world, session, parent):
    await a_pause(session, world, parent, from_on=date(2024, 12, 31))
    set_today(date(2025, 6, 1))
    seen = ok(await api.get(f"{PATH}/{parent.id}", as_="lead_officer"))
    assert seen["overdue"] == "none"
    assert ok(await api.get(PATH, as_="lead_officer", params={"overdue": "completion"}))["items"] == []
    clock = ok(await api.get(f"{PATH}/{parent.id}/deadlines", as_="addressee"))["items"][-1]
    assert (clock["running"], clock["state"], clock["paused_since"]) == (False, "upcoming", "2024-12-31")


async def test_what_was_overdue_before_the_pause_stays_so(api, world, session, parent):
    it = await a_pause(session, world, parent, from_on=date(2025, 1, 2))
    set_today(date(2025, 2, 1))
    assert ok(await api.get(f"{PATH}/{parent.id}", as_="lead_officer"))["overdue"] == "completion"
    await api.move(f"{PATH}/{parent.id}/pauses/{it.id}", "resume", as_="lead_leader")
    assert ok(await api.get(f"{PATH}/{parent.id}", as_="lead_officer"))["due_on"] == "2024-12-31"


async def test_a_pause_with_a_known_end_moves_the_date_at_once(api, world, session, parent):
    made = created(await paused(api, world, session, parent, **{"from": "2024-10-07", "to": "2024-10-13"}))
    assert made["state"] == "ended"
    seen = ok(await api.get(f"{PATH}/{parent.id}", as_="addressee"))
    assert (seen["paused_since"], seen["due_on"]) == (None, "2025-01-07")


@pytest.mark.parametrize(("part", "status"), [("lead_clerk", 403), ("addressee", 403), ("stranger", 404)])
async def test_only_the_lead_stops_the_clocks(api, world, session, parent, part, status):
    paper = await a_document(session, world, owner="stranger")
    sent = {"reason": "force_majeure", "document_id": str(paper.id)}
    assert (await api.post(f"{PATH}/{parent.id}/pauses", sent, as_=part)).status_code == status


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"reason": "holiday"}, 422, "enum"),
        ({"reason": "campaign_suspended"}, 422, "suspend_the_campaign"),
        ({"from": "2024-10-02"}, 422, "in_the_future"),
        ({"from": "2024-05-01"}, 422, "before_issue"),
        ({"from": "2024-10-02", "to": "2024-10-01"}, 422, "period_reversed"),
        ({"to": "2024-09-30"}, 422, "period_reversed"),
    ],
)
async def test_a_misshapen_pause_is_refused(api, world, session, parent, fields, status, code):
    answer = await paused(api, world, session, parent, **fields)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)


async def test_pauses_do_not_overlap_and_resume_after_they_began(api, world, session, parent):
    it = await a_pause(session, world, parent)
    again = await paused(api, world, session, parent)
    assert (again.status_code, again.json()["code"]) == (409, "already_paused")
    early = await api.move(
        f"{PATH}/{parent.id}/pauses/{it.id}", "resume", as_="lead_officer", expect=422, on="2024-09-30"
    )
    assert early["errors"][0]["code"] == "before_previous_step"


async def test_the_clocks_of_a_suspended_campaign_stand_still_and_run_again(api, world, session):
    campaign = await a_campaign(session, world)
    delegation = await a_delegation(session, world, campaign)
    engagement = await an_engagement(session, world, delegation, self_report_due_on=date(2024, 10, 4))
    promise = await a_recommendation(session, world, campaign, due_on=date(2024, 10, 15), reply_status="accepted")
    clock = Deadline(
        subject_type="engagement",
        subject_id=engagement.id,
        rule_code="D20",
        rule_version=1,
        legal_basis="HD 02-HD/UBKTTW",
        trigger="self_report_received",
        trigger_on=date(2024, 9, 2),
        n=30,
        unit="workday",
        direction="after",
        raw_due_on=date(2024, 10, 14),
        due_on=date(2024, 10, 14),
    )
    await keep(session, clock)
    paper = await a_document(session, world)
    path = f"/v1/campaigns/{campaign.id}"
    await api.move(path, "suspend", as_="lead_officer", reason="Sắp xếp tổ chức", document_id=str(paper.id))
    seen = ok(await api.get(f"{PATH}/{promise.id}", as_="lead_officer"))
    assert seen["paused_since"] == "2024-10-01"
    pause = ok(await api.get(f"{PATH}/{promise.id}/pauses", as_="addressee"))["items"][0]
    by_hand = await api.move(f"{PATH}/{promise.id}/pauses/{pause['id']}", "resume", as_="lead_leader", expect=409)
    assert by_hand["unmet"][0]["code"] == "paused_by_hand"

    set_today(date(2024, 10, 15))
    await api.move(path, "resume", as_="lead_officer", reason="Đã sắp xếp xong")
    assert ok(await api.get(f"{PATH}/{promise.id}", as_="lead_officer"))["due_on"] == "2024-10-29"
    assert ok(await api.get(f"/v1/engagements/{engagement.id}", as_="secretary"))["self_report_due_on"] == "2024-10-18"
    due_on = select(Deadline.due_on).where(Deadline.id == clock.id)
    assert (await session.execute(due_on)).scalar_one() == date(2024, 10, 28), "ten working days were paused"
