"""A long list answers every caller as looking at every row would, and nobody as somebody else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import literal, select

from app.core.clock import today, utcnow
from app.core.principal import Principal
from app.policies.shapes import STAND_INS, stand_ins
from app.policies.visibility.follow_up import recommendations
from app.services import prepared
from app.services.reading import Page, read_one, read_page
from app.services.recommendations.reading import RECOMMENDATIONS, SORTS, R
from app.services.unit_of_work import UnitOfWork
from tests.makers import a_campaign, a_delegation, a_recommendation, an_engagement
from tests.world import PARTS

SCANNED = replace(RECOMMENDATIONS, hot=False, policy=recommendations)


@pytest.fixture
def as_part(app, world, session):
    def made(part: str) -> UnitOfWork:
        organs = (world.body["supervised"],) if part == "supervised" else ()
        who = Principal(
            account_id=world.account[part],
            body_id=world.body_of(part),
            duties=frozenset(PARTS[part][1]),
            bodies=(world.body_of(part), *organs),
            today=today(),
            family_id=world.family[part],
        )
        return UnitOfWork(session, who, app.state.cursors)

    return made


@pytest.fixture
async def made(world, session):
    """Recommendations that each side reaches by another path."""
    campaign = await a_campaign(session, world)
    engagement = await an_engagement(session, world, await a_delegation(session, world, campaign))
    other = await a_campaign(session, world, lead_body_id=world.body["stranger"])
    varied = [
        {"state": "draft", "issued_on": None},
        {"verifier_body_id": world.body["verifier"]},
        {"engagement_id": engagement.id, "due_on": date(2024, 6, 30)},
        {"state": "escalated", "escalation_level": 1},
        {"proposer_body_id": world.body["counterpart"]},
        {"addressee_id": world.body["paper_addressee"], "due_on": date(2025, 6, 30)},
    ]
    return [await a_recommendation(session, world, campaign, **fields) for fields in varied] + [
        await a_recommendation(session, world, other, issuer_body_id=world.body["stranger"])
    ]


@pytest.mark.parametrize("sort", ["-id", "id", "due_on", "-due_on"])
async def test_a_page_is_the_same_as_when_every_row_is_looked_at(as_part, made, sort):
    for part in PARTS:
        uow = as_part(part)
        hot = await read_page(uow, RECOMMENDATIONS, Page(sort=sort), sorts=SORTS)
        scanned = await read_page(uow, SCANNED, Page(sort=sort), sorts=SORTS)
        filtered = await read_page(uow, RECOMMENDATIONS, Page(sort=sort), where=[R.id.is_not(None)], sorts=SORTS)
        assert (part, hot) == (part, scanned) == (part, filtered)


async def test_one_record_is_the_same_as_when_every_row_is_looked_at(as_part, made):
    for part in ("lead_leader", "supervised", "superior", "counterpart", "addressee_superior"):
        uow = as_part(part)
        page = await read_page(uow, SCANNED, Page())
        seen = [it for it in made if str(it.id).encode() in page]
        assert seen, part
        for it in seen:
            assert await read_one(uow, RECOMMENDATIONS, it.id) == await read_one(uow, SCANNED, it.id), part


async def test_the_stand_in_leaves_nothing_in_an_answer(as_part, made):
    uow = as_part("lead_leader")
    page = await read_page(uow, RECOMMENDATIONS, Page())
    assert not [it for ids in STAND_INS for it in ids if str(it).encode() in page]
    assert all(set(it.bodies).isdisjoint(uow.who.bodies) for it in stand_ins(uow.who))


async def test_what_was_written_in_the_same_transaction_is_read(as_part, made):
    uow = as_part("lead_leader")
    made[1].action = "Rà soát lại toàn bộ quy chế"
    uow.add(made[1])
    body, version = await read_one(uow, RECOMMENDATIONS, made[1].id)
    assert made[1].action.encode() in body
    assert version == made[1].version


@pytest.mark.parametrize(
    ("refused", "statement"),
    [
        ("holds more", lambda who: select(literal(who.today - timedelta(days=7)))),
        ("holds more", lambda who: select(literal(str(who.account_id)))),
        ("holds more", lambda who: select(literal(utcnow()))),
        ("for whom", lambda who: select(literal(who.today))),
    ],
    ids=["a day derived from today", "an id as text", "an instant", "nobody in particular"],
)
async def test_a_statement_that_would_answer_for_somebody_else_is_not_kept(as_part, refused, statement):
    with pytest.raises(TypeError, match=refused):
        await prepared.fetch(as_part("lead_leader"), refused, statement)
