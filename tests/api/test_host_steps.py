"""The law's clocks of a council whose supervision the Front joins (form 4), and of what the Front may propose to it."""

from datetime import date

import pytest

from app.core import clock
from app.domain.campaign import CampaignState
from app.domain.participation import HostOrgan
from tests import makers
from tests import makers_boards as of
from tests.client import created, ok
from tests.makers_boards import FRONT, FRONT_OFFICER
from tests.queries import Queries

pytestmark = pytest.mark.thorough

NOBODY = "00000000-0000-7000-8000-000000000000"


def at(campaign):
    return f"/v1/campaigns/{campaign.id}"


async def record(api, campaign, step, on, **fields):
    return created(await api.post(f"{at(campaign)}/host-steps", {"step": step, "on": on, **fields}, as_=FRONT_OFFICER))


async def clocks(api, campaign):
    items = ok(await api.get(f"{at(campaign)}/deadlines", as_=FRONT))["items"]
    return [(it["rule_code"], it["due_on"], it["met_on"], it["state"]) for it in items]


@pytest.mark.parametrize(
    ("organ", "step", "on", "found"),
    [
        ("board", "delegation_decided", "2024-04-15", ("D17", "2024-05-02")),
        ("board", "session_planned", "2024-06-03", ("D18", "2024-05-24")),
        ("board", "supervision_ended", "2024-04-12", ("D19", "2024-04-22")),
        ("standing_board", "supervision_ended", "2024-04-12", ("D19", "2024-05-02")),
        (None, "supervision_ended", "2024-04-12", None),
        ("board", "report_received", "2024-04-22", ("D19E", "2024-05-02")),
        ("board", "explanation_requested", "2024-04-22", None),
        ("board", "explanation_requested", "2026-06-01", ("D21", "2026-06-16")),
        ("board", "delegation_decided", "2026-03-02", None),
    ],
)
async def test_a_step_of_a_council_starts_the_period_of_the_law_of_its_day(api, session, world, organ, step, on, found):
    campaign = await of.a_council_campaign(session, world, HostOrgan(organ) if organ else None)
    await record(api, campaign, step, on)
    assert [(code, due_on) for code, due_on, _, _ in await clocks(api, campaign)] == ([found] if found else [])


async def test_a_complex_matter_takes_twice_as_long(api, session, world):
    campaign = await of.a_council_campaign(session, world)
    await record(api, campaign, "explanation_requested", "2026-06-01", complex=True)
    assert (await clocks(api, campaign))[0][:2] == ("D21", "2026-07-01")


@pytest.mark.parametrize(
    ("start", "begun", "end", "on", "state"),
    [
        ("delegation_decided", "2024-04-15", "outline_notified", "2024-05-02", "met"),
        ("delegation_decided", "2024-04-15", "outline_notified", "2024-05-03", "late"),
        ("session_planned", "2024-06-03", "programme_notified", "2024-05-24", "met"),
        ("supervision_ended", "2024-04-12", "report_received", "2024-04-23", "late"),
        ("report_received", "2024-04-22", "report_examined", "2024-04-29", "met"),
        ("explanation_requested", "2026-06-01", "explained", "2026-06-16", "met"),
    ],
)
async def test_another_step_ends_it(api, session, world, start, begun, end, on, state):
    campaign = await of.a_council_campaign(session, world)
    await record(api, campaign, start, begun)
    await record(api, campaign, end, on)
    assert (await clocks(api, campaign))[0][2:] == (on, state)


async def test_steps_may_be_entered_as_their_papers_arrive(api, session, world):
    campaign = await of.a_council_campaign(session, world)
    await record(api, campaign, "outline_notified", "2024-04-20")
    await record(api, campaign, "delegation_decided", "2024-04-15")
    assert await clocks(api, campaign) == [("D17", "2024-05-02", "2024-04-20", "met")]


async def test_a_session_on_another_day_counts_from_that_day(api, session, world):
    campaign = await of.a_council_campaign(session, world)
    for day in ("2024-06-03", "2024-07-01"):
        await record(api, campaign, "session_planned", day)
    assert [it[:2] for it in await clocks(api, campaign)] == [("D18", "2024-06-21")]


async def test_another_host_is_not_bound_by_what_binds_councils(api, session, world):
    campaign = await of.a_joined_campaign(session, world)
    made = await record(api, campaign, "delegation_decided", "2024-04-15", note="QĐ 12/QĐ-UBND")
    assert (made["step"], made["on"], made["note"]) == ("delegation_decided", "2024-04-15", "QĐ 12/QĐ-UBND")
    assert await clocks(api, campaign) == []


async def test_what_is_awaited_is_a_task_of_the_front(api, session, world):
    clock.set_today(date(2024, 4, 20))
    campaign = await of.a_council_campaign(session, world)
    await record(api, campaign, "delegation_decided", "2024-04-15")

    async def asked():
        tasks = ok(await api.get("/v1/me/tasks", as_=FRONT))["items"]
        return [(it["due_on"], it["rule"]) for it in tasks if it["action"] == "record_host_step"]

    assert await asked() == [("2024-05-02", "D17")]
    await record(api, campaign, "outline_notified", "2024-04-19")
    assert await asked() == []


async def test_the_clocks_stand_still_while_the_campaign_is_suspended(api, session, world):
    clock.set_today(date(2024, 4, 20))
    campaign = await of.a_council_campaign(session, world)
    await record(api, campaign, "delegation_decided", "2024-04-15")
    paper = str((await makers.a_document(session, world, FRONT)).id)
    await api.move(at(campaign), "suspend", as_=FRONT, reason="Bão lũ", document_id=paper)
    clock.set_today(date(2024, 4, 30))
    await api.move(at(campaign), "resume", as_=FRONT, reason="Hết bão lũ")
    assert (await clocks(api, campaign))[0][1] > "2024-05-02"


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"on": "2999-01-01"}, "/on", "in_the_future"),
        ({"complex": True}, "", "complex_explanation"),
        ({"step": "dinner"}, "/step", "enum"),
    ],
)
async def test_a_step_says_what_happened_and_when(api, session, world, change, pointer, code):
    campaign = await of.a_council_campaign(session, world)
    said = {"step": "delegation_decided", **change}
    answer = await api.post(f"{at(campaign)}/host-steps", said, as_=FRONT)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"], answer.json()["errors"][0]["code"]) == (
        422,
        pointer,
        code,
    )


async def test_steps_are_of_a_campaign_that_joined_a_host_and_goes_on(api, session, world):
    said = {"step": "explained", "on": "2024-05-01"}
    closed = await of.a_council_campaign(session, world, state=CampaignState.CLOSED)
    assert (await api.post(f"{at(closed)}/host-steps", said, as_=FRONT)).json()["code"] == "not_editable"
    delegated = await makers.a_campaign(session, world)
    assert (await api.post(f"{at(delegated)}/host-steps", said, as_="lead_officer")).json()["code"] == "other_form"
    hostless = await makers.a_campaign(
        session, world, form="state_participation", regime="state", lead_body_id=world.body[FRONT]
    )
    assert (await api.post(f"{at(hostless)}/host-steps", said, as_=FRONT)).json()["code"] == "no_host"
    joined = await of.a_council_campaign(session, world)
    hidden = {**said, "document_id": NOBODY}
    assert (await api.post(f"{at(joined)}/host-steps", hidden, as_=FRONT)).status_code == 404


async def test_steps_are_listed_in_a_constant_number_of_statements(api, session, world, queries: Queries):
    campaign = await of.a_council_campaign(session, world)
    for step in ("delegation_decided", "outline_notified", "supervision_ended"):
        await record(api, campaign, step, "2024-04-15")
    queries.reset()
    listed = ok(await api.get(f"{at(campaign)}/host-steps", as_=FRONT, params={"step": "outline_notified"}))
    assert queries.count == 3, "the caller, the campaign and the page"
    assert [it["step"] for it in listed["items"]] == ["outline_notified"]
    assert (await api.get(f"{at(campaign)}/host-steps", as_="stranger")).status_code == 404


async def test_the_front_proposes_topics_to_the_council_by_the_first_of_march_of_the_year_before(api, session, world):
    clock.set_today(date(2024, 1, 15))
    plan = created(await api.post("/v1/plans", {"year": 2025}, as_=FRONT))
    path = f"/v1/plans/{plan['id']}"

    async def tasks():
        items = ok(await api.get("/v1/me/tasks", as_=FRONT))["items"]
        return [(it["action"], it["due_on"], it["rule"]) for it in items if it["record"]["id"] == plan["id"]]

    due = [("propose_to_council", "2024-03-01", "D16"), ("consult", "2024-12-31", "D01")]
    assert sorted(await tasks()) == sorted(due)
    paper = str((await makers.a_document(session, world, FRONT, symbol="7/TTr-MTTQ-BTT", number=7)).id)
    said = {"step": "council_proposal", "document_id": paper, "on": "2024-01-12"}
    created(await api.post(f"{path}/approvals", said, as_=FRONT))
    assert [it[0] for it in await tasks()] == ["consult"]
    found = ok(await api.get(f"{path}/deadlines", as_=FRONT))["items"]
    assert [(it["rule_code"], it["state"]) for it in found] == [("D16", "met"), ("D01", "upcoming")]


async def test_a_chance_to_propose_that_has_passed_is_no_breach(api, session, world):
    clock.set_today(date(2024, 11, 15))
    plan = created(await api.post("/v1/plans", {"year": 2025}, as_=FRONT))
    path = f"/v1/plans/{plan['id']}"
    assert [it["rule_code"] for it in ok(await api.get(f"{path}/deadlines", as_=FRONT))["items"]] == ["D01"]
    paper = str((await makers.a_document(session, world, FRONT)).id)
    said = {"step": "council_proposal", "document_id": paper, "on": "2024-03-11"}
    created(await api.post(f"{path}/approvals", said, as_=FRONT))
    found = ok(await api.get(f"{path}/deadlines", as_=FRONT))["items"]
    assert [(it["rule_code"], it["state"]) for it in found] == [("D16", "late"), ("D01", "upcoming")]


async def test_the_law_s_dates_are_shown_to_those_who_see_the_whole_campaign(api, session, world):
    """The lead's superior sees what it is about, and not how it is kept."""
    campaign = await of.a_council_campaign(session, world, lead_body_id=world.body["lead"])
    said = {"step": "session_planned", "on": "2024-06-03"}
    created(await api.post(f"{at(campaign)}/host-steps", said, as_="lead_officer"))
    for part, found in (("lead_clerk", 1), ("superior", 0)):
        for below in ("deadlines", "host-steps"):
            assert len(ok(await api.get(f"{at(campaign)}/{below}", as_=part))["items"]) == found
