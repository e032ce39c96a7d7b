"""The history of every kind of record: its makers read all of it, others from the step that opened it to them."""

from datetime import date

import pytest

from app.domain.campaign import CampaignState
from app.domain.recommendation import RecommendationState
from app.domain.report import ReportState
from app.models.history import Transition
from tests import makers
from tests.client import ok
from tests.ground import standing

DAY = date(2024, 4, 12)


async def tell(session, it, *actions):
    """As many lines, one step after the other."""
    for action in actions:
        line = Transition(
            subject_type=it.__tablename__,
            subject_id=it.id,
            action=action,
            from_state=None if action == "create" else "draft",
            to_state="draft",
            on_date=DAY,
        )
        await makers.keep(session, line)


@pytest.fixture
async def connection(ground, story, app):
    async with standing(ground, app) as connection:
        yield connection


@pytest.fixture(scope="module")
async def story(groundwork, world):
    """One record of each kind, with its whole life."""
    campaign = await makers.a_campaign(groundwork, world, state=CampaignState.CONCLUDED)
    delegation = await makers.a_delegation(groundwork, world, campaign)
    engagement = await makers.an_engagement(groundwork, world, delegation)
    finding = await makers.a_finding(groundwork, world, engagement)
    report = await makers.a_report(
        groundwork,
        world,
        campaign,
        engagement_id=engagement.id,
        state=ReportState.CIRCULATED,
        circulated_on=DAY,
        hash="0" * 64,
    )
    recommendation = await makers.a_recommendation(
        groundwork, world, campaign, state=RecommendationState.ESCALATED, escalation_level=1
    )
    await tell(groundwork, campaign, "create", "consult", "plan", "start", "report", "conclude")
    await tell(groundwork, delegation, "create", "decide")
    await tell(groundwork, engagement, "create", "notify", "submit_self_report")
    await tell(groundwork, finding, "create", "submit", "return", "submit")
    await tell(groundwork, report, "create", "circulate")
    await tell(groundwork, recommendation, "create", "issue", "reply", "escalate")
    return {
        "campaigns": campaign,
        "delegations": delegation,
        "engagements": engagement,
        "findings": finding,
        "reports": report,
        "recommendations": recommendation,
    }


@pytest.mark.parametrize(
    ("kind", "part", "opening"),
    [
        ("campaigns", "partner", "create"),
        ("campaigns", "superior", "plan"),
        ("campaigns", "supervised", "plan"),
        ("campaigns", "addressee", "conclude"),
        ("campaigns", "stranger", None),
        ("delegations", "lead_clerk", "create"),
        ("delegations", "supervised", "decide"),
        ("delegations", "stranger", None),
        ("engagements", "member_a", "create"),
        ("engagements", "supervised", "notify"),
        ("engagements", "superior", None),
        ("findings", "member_a", "create"),
        ("findings", "secretary", "submit"),
        ("findings", "supervised", None),
        ("reports", "secretary", "create"),
        ("reports", "partner", "circulate"),
        ("reports", "supervised", "circulate"),
        ("reports", "addressee", None),
        ("recommendations", "lead_officer", "create"),
        ("recommendations", "addressee", "issue"),
        ("recommendations", "superior", "issue"),
        ("recommendations", "addressee_superior", "escalate"),
        ("recommendations", "stranger", None),
    ],
)
async def test_each_side_reads_from_the_step_that_opened_the_record(api, story, kind, part, opening):
    answer = await api.get(f"/v1/{kind}/{story[kind].id}/transitions", as_=part)
    if opening is None:
        assert answer.status_code == 404
        return
    assert ok(answer)["items"][-1]["action"] == opening


@pytest.mark.parametrize("kind", ["campaigns", "engagements", "recommendations"])
async def test_a_history_takes_as_many_statements_however_long(api, session, story, queries, kind):
    path = f"/v1/{kind}/{story[kind].id}/transitions"
    queries.reset()
    await api.get(path, as_="lead_officer")
    first = queries.count
    await tell(session, story[kind], "update", "update", "update")
    queries.reset()
    assert len(ok(await api.get(path, as_="lead_officer"))["items"]) >= 6
    assert queries.count == first


async def test_a_cursor_belongs_to_its_record(api, story):
    page = ok(await api.get(f"/v1/campaigns/{story['campaigns'].id}/transitions?limit=1", as_="partner"))
    elsewhere = f"/v1/engagements/{story['engagements'].id}/transitions?cursor={page['next_cursor']}"
    answer = await api.get(elsewhere, as_="partner")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")
