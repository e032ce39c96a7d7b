"""One text to several addressees: drafted and issued together, and as far as the slowest of them."""

from datetime import date
from uuid import uuid4

import pytest

from app.core.clock import set_today
from app.domain.recommendation import RecommendationState
from app.domain.series import Standing, worst
from app.models.recommendation import Recommendation
from app.models.series import SeriesRead
from tests.client import created, ok
from tests.makers import a_campaign, keep

PATH = "/v1/series"


@pytest.fixture(autouse=True)
def june() -> None:
    set_today(date(2024, 6, 3))


def a_series(world, campaign, *bodies, **fields):
    owner = {"name": "Cao Thị Vân", "title": "Trưởng phòng"}
    return {
        "campaign_id": str(campaign.id),
        "action": "Ban hành kế hoạch thực hiện kết luận",
        "expected_result": "Kế hoạch được ban hành",
        "due_on": "2024-12-31",
        "due_basis": {"text": "Thông báo kết luận"},
        "addressees": [{"body_id": str(world.body[it]), "owner": owner} for it in bodies],
        **fields,
    }


async def test_it_is_drafted_and_issued_at_once(api, world, session):
    campaign = await a_campaign(session, world, state="reported")
    sent = a_series(world, campaign, "addressee", "paper_addressee", "supervised")
    made = created(await api.post(PATH, sent, as_="lead_officer", key="series-1"))
    SeriesRead.model_validate(made)
    assert (made["size"], made["worst"]["state"]) == (3, "draft")
    again = await api.post(PATH, sent, as_="lead_officer", key="series-1")
    assert (again.status_code, again.json()["id"]) == (201, made["id"])

    mine = f"{PATH}/{made['id']}"
    assert (await api.get(mine, as_="addressee")).status_code == 404, "a draft is the issuer's"
    assert (await api.post(f"{mine}/issue", {"action": "issue"}, as_="lead_officer")).status_code == 403
    issued = ok(await api.post(f"{mine}/issue", {"action": "issue"}, as_="lead_leader"))
    assert [it["number"] for it in issued["recommendations"]] == [1, 2, 3]
    assert (issued["worst"]["state"], issued["next_due_on"]) == ("issued", "2024-12-31")
    seen = ok(await api.get(mine, as_="addressee"))
    assert [it["addressee_id"] for it in seen["recommendations"]] == [str(world.body["addressee"])]
    assert (await api.get(mine, as_="stranger")).status_code == 404
    twice = await api.post(f"{mine}/issue", {"action": "issue"}, as_="lead_leader")
    assert (twice.status_code, twice.json()["code"]) == (409, "no_drafts")


async def test_it_shows_its_worst(api, world, session):
    campaign = await a_campaign(session, world, state="reported")
    sent = a_series(world, campaign, "addressee", "paper_addressee")
    made = created(await api.post(PATH, sent, as_="lead_leader"))
    await api.post(f"{PATH}/{made['id']}/issue", {"action": "issue"}, as_="lead_leader")
    first = await session.get_one(Recommendation, made["recommendations"][0]["id"])
    first.state = RecommendationState.RESOLVED
    await keep(session, first)
    set_today(date(2025, 1, 2))
    seen = ok(await api.get(f"{PATH}/{made['id']}", as_="lead_officer"))["worst"]
    assert (seen["state"], seen["overdue"]) == ("issued", "completion")


def test_each_axis_is_judged_by_itself_and_the_withdrawn_do_not_count():
    members = [
        Standing("resolved", "explained", "done", "none"),
        Standing("issued", "accepted", "in_progress", "reply"),
        Standing("withdrawn", "awaiting", "not_started", "none"),
    ]
    assert worst(members) == Standing("issued", "explained", "in_progress", "reply")
    assert worst(members[2:]).state == "withdrawn"


@pytest.mark.parametrize(
    ("bodies", "code"), [(("addressee",), "too_short"), (("addressee", "addressee"), "addressee_twice")]
)
async def test_several_addressees_each_once(api, world, session, bodies, code):
    campaign = await a_campaign(session, world)
    answer = await api.post(PATH, a_series(world, campaign, *bodies), as_="lead_officer")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


async def test_nobody_drafts_for_another_lead_nor_names_what_does_not_exist(api, world, session):
    campaign = await a_campaign(session, world)
    sent = a_series(world, campaign, "addressee", "paper_addressee")
    assert (await api.post(PATH, sent, as_="partner")).status_code == 403
    assert (await api.post(PATH, sent, as_="stranger")).status_code == 404
    sent["addressees"][1]["body_id"] = str(uuid4())
    assert (await api.post(PATH, sent, as_="lead_officer")).status_code == 404
