"""What a unit of work recorded is written with its change, in its order, and of what failed nothing."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.core.clock import today
from app.core.cursors import Cursors
from app.core.errors import Conflict
from app.core.principal import nobody
from app.models.history import AuditEvent, OutboxMessage
from app.services.unit_of_work import Told, UnitOfWork
from tests.makers import a_campaign


@pytest.fixture
def uow(session):
    return UnitOfWork(session, nobody(today()), Cursors(b""))


@pytest.fixture
async def campaign(session, world):
    return await a_campaign(session, world)


async def audited(session):
    lines = select(AuditEvent).order_by(col(AuditEvent.seq)).execution_options(scope="test")
    return (await session.execute(lines)).scalars().all()


async def told(session):
    lines = select(OutboxMessage).order_by(col(OutboxMessage.id)).execution_options(scope="test")
    return (await session.execute(lines)).scalars().all()


async def test_all_lines_of_a_unit_are_written_together_in_the_order_of_recording(uow, session, campaign, queries):
    uow.record("campaign.plan", campaign, was="draft", became="planned", lead_body_id=campaign.lead_body_id, days=3)
    uow.note("session_family.end", "session_family", campaign.id)
    uow.record_each("campaign.remind", "campaign", [Told(campaign.id, None, None, None)])
    queries.reset()
    await uow.complete()
    assert [it.split(maxsplit=1)[0] for it in queries.statements] == ["WITH", "WITH"]
    lines, messages = await audited(session), await told(session)
    assert [it.action for it in lines] == ["campaign.plan", "session_family.end", "campaign.remind"]
    assert (lines[0].was, lines[0].lead_body_id, lines[0].details) == ("draft", campaign.lead_body_id, {"days": 3})
    assert [it.type for it in messages] == ["campaign.plan", "campaign.remind"]
    assert messages[0].payload == {"was": "draft", "became": "planned", "by_body_id": None, "days": 3}
    assert {it.subject_id for it in [*lines, *messages]} == {campaign.id}


async def refused(uow, campaign):
    async with uow.attempt():
        uow.record("campaign.cancel", campaign)
        raise Conflict("lost_race")


async def test_of_an_attempt_that_failed_nothing_is_written(uow, session, campaign):
    uow.record("campaign.plan", campaign)
    with pytest.raises(Conflict):
        await refused(uow, campaign)
    async with uow.attempt():
        uow.record("campaign.start", campaign)
    await uow.complete()
    assert [it.action for it in await audited(session)] == ["campaign.plan", "campaign.start"]
    assert [it.type for it in await told(session)] == ["campaign.plan", "campaign.start"]


async def test_what_was_written_is_not_written_again(uow, session, campaign):
    uow.record("campaign.plan", campaign)
    await uow.complete()
    await uow.complete()
    assert len(await audited(session)) == len(await told(session)) == 1
