"""After the closure: a later look, the recommendation opened again, and the same limitation found once more."""

from datetime import date

import pytest

from app.core.clock import set_today
from app.domain.recommendation import RecommendationState
from app.models.effectiveness_check import EffectivenessCheckRead
from tests.client import created, ok
from tests.makers import a_campaign, a_delegation, a_finding, a_recommendation, an_engagement
from tests.makers_follow_up import a_check

pytestmark = pytest.mark.thorough

PATH = "/v1/recommendations"
EVIDENCE = [{"kind": "note", "text": "Kiểm tra tại cơ sở"}]


@pytest.fixture(autouse=True)
def january() -> None:
    set_today(date(2025, 1, 6))


@pytest.fixture
async def parent(world, session):
    state = RecommendationState.RESOLVED
    return await a_recommendation(session, world, await a_campaign(session, world), state=state)


async def test_the_lead_looks_again_and_a_relapse_may_open_it_again(api, parent):
    path = f"{PATH}/{parent.id}"
    made = created(await api.post(f"{path}/effectiveness-checks", {"due_on": "2025-06-30"}, as_="lead_officer"))
    EffectivenessCheckRead.model_validate(made)
    assert (made["state"], made["outcome"]) == ("planned", None)
    tasks = ok(await api.get("/v1/me/tasks", as_="lead_officer"))["items"]
    assert ("check_effect", "2025-06-30") in {(it["action"], it.get("due_on")) for it in tasks}

    mine = f"{path}/effectiveness-checks/{made['id']}"
    done = await api.move(mine, "conclude", as_="lead_officer", outcome="relapsed", note="Tái diễn", evidence=EVIDENCE)
    assert (done["state"], done["outcome"], done["evidence"]) == ("done", "relapsed", EVIDENCE)
    assert ok(await api.get(path, as_="addressee"))["state"] == "resolved", "a person decides"
    opened = await api.move(path, "reopen", as_="lead_leader", reason="Tái diễn", due_on="2025-12-31")
    assert (opened["state"], opened["due_on"]) == ("issued", "2025-12-31")


@pytest.mark.parametrize(
    ("clock", "status", "due"), [("keep", "accepted", "2024-06-20"), ("restart", "awaiting", "2025-02-06")]
)
async def test_opened_again_the_reply_stays_or_is_asked_for_anew(api, world, session, clock, status, due):
    fields = {"reply_status": "accepted", "reply_from": date(2024, 5, 20), "reply_due_on": date(2024, 6, 20)}
    campaign = await a_campaign(session, world)
    it = await a_recommendation(session, world, campaign, state=RecommendationState.RESOLVED, **fields)
    path = f"{PATH}/{it.id}"
    opened = await api.move(path, "reopen", as_="lead_leader", reason="Tái diễn", due_on="2025-12-31", clock=clock)
    assert (opened["reply_status"], opened["reply_due_on"]) == (status, due)


async def test_what_still_runs_is_not_checked_yet(api, world, session):
    running = await a_recommendation(session, world, await a_campaign(session, world))
    answer = await api.post(f"{PATH}/{running.id}/effectiveness-checks", {"due_on": "2025-06-30"}, as_="lead_officer")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_closed")


@pytest.mark.parametrize(("part", "status"), [("lead_clerk", 403), ("addressee", 403), ("stranger", 404)])
async def test_only_the_lead_plans_and_concludes(api, world, session, parent, part, status):
    path = f"{PATH}/{parent.id}/effectiveness-checks"
    assert (await api.post(path, {"due_on": "2025-06-30"}, as_=part)).status_code == status
    it = await a_check(session, world, parent)
    sent = {"action": "cancel", "reason": "Không cần"}
    assert (await api.post(f"{path}/{it.id}/transitions", sent, as_=part, if_match=1)).status_code == status


async def test_the_same_limitation_is_found_along_the_chain_as_far_as_it_is_seen(api, world, session):
    found = []
    for _ in range(3):
        engagement = await an_engagement(
            session, world, await a_delegation(session, world, await a_campaign(session, world))
        )
        earlier = found[-1].id if found else None
        found.append(await a_finding(session, world, engagement, repeat_of=earlier))
    for it in found:
        others = {str(one.id) for one in found if one is not it}
        seen = ok(await api.get(f"/v1/findings/{it.id}/repeats", as_="secretary"))
        assert {one["id"] for one in seen["items"]} == others
    assert (await api.get(f"/v1/findings/{found[0].id}/repeats", as_="stranger")).status_code == 404
