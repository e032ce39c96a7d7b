"""The parties of an agreement that ends within 180 days without a successor in draft are told of it, once."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.core import clock
from app.core.words import told
from app.domain.agreement import NOTICE, AgreementState
from app.models.agreement import Agreement
from app.models.history import Notification, OutboxMessage
from app.services import sweep
from app.worker import tell
from tests.makers_agreements import an_agreement
from tests.world import World

pytestmark = pytest.mark.thorough

Sessions = async_sessionmaker[AsyncSession]
ENDS = date(2026, 12, 31)
FIRST_DAY = ENDS - NOTICE
DAY = timedelta(days=1)


async def kept(sessions: Sessions, world: World, **fields: Any) -> Agreement:
    async with sessions() as session:
        return await an_agreement(session, world, **{"term_to": ENDS, **fields})


async def messages(sessions: Sessions) -> list[Any]:
    async with sessions() as session:
        sent = select(OutboxMessage).where(col(OutboxMessage.type) == "agreement.expire_soon")
        return list((await session.execute(sent)).scalars())


async def test_it_is_told_on_its_day_and_never_again(committed: Sessions, template: World) -> None:
    it = await kept(committed, template)
    await sweep.run(committed, FIRST_DAY - DAY)
    assert await messages(committed) == []
    await asyncio.gather(*(sweep.run(committed, FIRST_DAY) for _ in range(3)))
    await sweep.run(committed, FIRST_DAY + 30 * DAY)
    (message,) = await messages(committed)
    assert (message.subject_id, message.payload["by_body_id"]) == (it.id, None)


async def test_missed_nights_are_made_up_for(committed: Sessions, template: World) -> None:
    await kept(committed, template)
    await sweep.run(committed, ENDS + 10 * DAY)
    assert len(await messages(committed)) == 1


@pytest.mark.parametrize("state", [AgreementState.DRAFTING, AgreementState.ENDED, AgreementState.SUCCEEDED])
async def test_what_does_not_run_does_not_end_soon(committed: Sessions, template: World, state: AgreementState) -> None:
    await kept(committed, template, state=state)
    await sweep.run(committed, ENDS)
    assert await messages(committed) == []


async def test_a_successor_in_draft_is_enough(committed: Sessions, template: World) -> None:
    following = await kept(committed, template, state=AgreementState.DRAFTING, term_to=date(2031, 12, 31))
    await kept(committed, template, successor_id=following.id)
    await sweep.run(committed, ENDS)
    assert await messages(committed) == []


async def test_every_party_reads_it_in_a_sentence(committed: Sessions, template: World) -> None:
    it = await kept(committed, template)
    await sweep.run(committed, FIRST_DAY)
    clock.set_today(FIRST_DAY)
    (message,) = await messages(committed)
    await tell(committed, message.id)
    async with committed() as session:
        read = select(col(Notification.body_id)).where(col(Notification.outbox_message_id) == message.id)
        bodies = set((await session.execute(read.execution_options(scope="who was told"))).scalars())
        assert (await session.execute(text("SELECT version FROM agreement"))).scalar_one() == it.version
    assert bodies == {template.body[part] for part in ("lead", "partner", "partner_b", "verifier")}
    record = {"type": "agreement", "id": str(it.id), "title": it.title}
    item = {"type": message.type, "record": record, "was": None, "became": None, "by_body": None, "digest": None}
    assert told("vi", item) == f"Quy chế phối hợp “{it.title}” sắp hết hạn mà chưa có dự thảo tiếp nối."
