"""More time: asked in time by whoever has to act, decided by the lead's leader, and both dates kept."""

from datetime import date

import pytest

from app.core.clock import set_today
from app.domain.recommendation import RecommendationState
from app.models.extension import ExtensionRead
from app.services import reference
from tests.client import created, ok
from tests.makers import a_campaign, a_document, a_recommendation, keep
from tests.makers_follow_up import an_extension

PATH = "/v1/recommendations"
DUE = "2024-12-31"


@pytest.fixture(autouse=True)
def december() -> None:
    set_today(date(2024, 12, 1))


@pytest.fixture
async def parent(world, session):
    return await a_recommendation(session, world, await a_campaign(session, world))


def asked(**fields):
    return {"until": "2025-03-31", "reason": "Chờ hướng dẫn của cấp trên", **fields}


async def test_the_addressee_asks_and_the_leader_grants_less(api, parent):
    path = f"{PATH}/{parent.id}"
    made = created(await api.post(f"{path}/extensions", asked(), as_="addressee"))
    ExtensionRead.model_validate(made)
    assert (made["state"], made["was_due_on"], made["until"]) == ("requested", DUE, "2025-03-31")
    tasks = ok(await api.get("/v1/me/tasks", as_="lead_leader"))["items"]
    assert ("decide_extension", str(parent.id)) in {(it["action"], it["record"]["id"]) for it in tasks}

    mine = f"{path}/extensions/{made['id']}"
    granted = await api.move(mine, "grant", as_="lead_leader", until="2025-02-28", reason="Đủ để hoàn thành")
    assert (granted["state"], granted["was_due_on"], granted["granted_until"]) == ("granted", DUE, "2025-02-28")
    assert ok(await api.get(path, as_="addressee"))["due_on"] == "2025-02-28"
    clock = ok(await api.get(f"{path}/deadlines", as_="addressee"))["items"][-1]
    assert (clock["first_due_on"], clock["due_on"]) == (DUE, "2025-02-28")
    change = clock["changes"][0]
    assert (change["was_due_on"], change["because"], change["record_id"]) == (DUE, "extension", made["id"])
    history = ok(await api.get(f"{mine}/transitions", as_="addressee"))["items"]
    assert [it["action"] for it in history] == ["grant", "request"]


@pytest.mark.parametrize(
    ("part", "status"),
    [("lead_officer", 403), ("lead_clerk", 403), ("addressee", 403), ("partner", 403), ("stranger", 404)],
)
async def test_only_the_leader_of_the_lead_decides(api, world, session, parent, part, status):
    it = await an_extension(session, world, parent)
    sent = {"action": "grant"}
    answer = await api.post(f"{PATH}/{parent.id}/extensions/{it.id}/transitions", sent, as_=part, if_match=1)
    assert answer.status_code == status


async def test_a_refusal_leaves_the_date_and_a_request_can_be_withdrawn(api, world, session, parent):
    path = f"{PATH}/{parent.id}/extensions"
    refused = await an_extension(session, world, parent)
    assert (await api.move(f"{path}/{refused.id}", "refuse", as_="lead_leader", reason="Đủ thời gian"))[
        "granted_until"
    ] is None
    withdrawn = await an_extension(session, world, parent)
    assert (await api.move(f"{path}/{withdrawn.id}", "withdraw", as_="addressee"))["state"] == "withdrawn"
    assert ok(await api.get(f"{PATH}/{parent.id}", as_="addressee"))["due_on"] == DUE


async def test_a_date_that_has_passed_is_not_extended(api, parent):
    path = f"{PATH}/{parent.id}/extensions"
    set_today(date(2024, 12, 31))
    created(await api.post(path, asked(on="2024-12-30"), as_="addressee"))
    set_today(date(2025, 1, 1))
    late = await api.post(path, asked(), as_="addressee")
    assert (late.status_code, late.json()["code"]) == (409, "date_expired")


async def test_one_request_at_a_time_of_a_clock_that_runs(api, world, session, parent):
    path = f"{PATH}/{parent.id}/extensions"
    await an_extension(session, world, parent)
    assert (await api.post(path, asked(), as_="addressee")).json()["code"] == "extension_open"
    parent.reply_status = "accepted"
    await keep(session, parent)
    answered = await api.post(path, asked(clock="reply"), as_="addressee")
    assert (answered.status_code, answered.json()["code"]) == (409, "clock_not_running")
    parent.state = RecommendationState.RESOLVED
    await keep(session, parent)
    assert (await api.post(path, asked(), as_="addressee")).json()["code"] == "not_running"


async def test_no_earlier_date_is_asked_and_no_later_one_granted(api, world, session, parent):
    path = f"{PATH}/{parent.id}/extensions"
    early = await api.post(path, asked(until=DUE), as_="addressee")
    assert (early.status_code, early.json()["unmet"][0]["code"]) == (409, "later_than_due")
    it = await an_extension(session, world, parent)
    generous = await api.move(f"{path}/{it.id}", "grant", as_="lead_leader", expect=409, until="2025-04-01")
    assert generous["unmet"][0] | {"detail": ""} == {
        "code": "within_what_was_asked",
        "pointer": "/until",
        "detail": "",
    }


async def test_a_rule_that_limits_extensions_binds_from_the_first_date(api, world, session, parent):
    """D20 lets a third more: 30 working days become 40 at most (HD 02-HD/UBKTTW)."""
    await reference.load(session)
    parent.issued_on = parent.received_on = parent.reply_from = date(2024, 11, 1)
    parent.due_on = parent.due_sort = date(2024, 12, 13)
    parent.due_basis = {"code": "D20", "rule_version": 1, "legal_basis": "HD 02-HD/UBKTTW"}
    await keep(session, parent)
    path = f"{PATH}/{parent.id}/extensions"
    beyond = await api.post(path, asked(until="2024-12-28"), as_="addressee")
    assert (beyond.status_code, beyond.json()["code"], beyond.json()["latest"]) == (409, "beyond_limit", "2024-12-27")
    first = created(await api.post(path, asked(until="2024-12-20"), as_="addressee"))
    await api.move(f"{path}/{first['id']}", "grant", as_="lead_leader")
    again = await api.post(path, asked(until="2024-12-30"), as_="addressee")
    assert again.json()["latest"] == "2024-12-27", "a third of the original period, not of the extended one"


async def test_a_body_without_an_account_asks_by_its_paper(api, world, session, parent):
    paper = await a_document(session, world)
    behalf = {"document_id": str(paper.id), "received_on": "2024-11-28"}
    sent = asked(on_behalf=behalf)
    own = await api.post(f"{PATH}/{parent.id}/extensions", sent, as_="lead_clerk")
    assert (own.status_code, own.json()["code"]) == (409, "has_own_account")
    parent.addressee_id = world.body["paper_addressee"]
    await keep(session, parent)
    made = created(await api.post(f"{PATH}/{parent.id}/extensions", sent, as_="lead_clerk"))
    assert (made["body_id"], made["on_behalf"]) == (str(world.body["paper_addressee"]), behalf)


async def test_an_extension_is_found_below_its_own_recommendation_only(api, world, session, parent):
    it = await an_extension(session, world, parent)
    other = await a_recommendation(session, world, await a_campaign(session, world))
    assert (await api.get(f"{PATH}/{other.id}/extensions/{it.id}", as_="lead_leader")).status_code == 404
    assert (await api.get(f"{PATH}/{other.id}/extensions/{it.id}/transitions", as_="lead_leader")).status_code == 404
