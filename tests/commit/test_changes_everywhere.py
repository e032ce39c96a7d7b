"""Whatever happens to whichever record: who replays the log holds exactly what they may see, no more and no less."""

import random
from collections.abc import AsyncIterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Boolean, CompoundSelect, Date, DateTime, Uuid, literal, select, text, union_all
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core import clock
from app.core.principal import Principal
from app.core.settings import Settings
from app.domain.escalation import Rung
from app.main import create_app
from app.models.document import Carriage
from app.models.draft import DraftSession
from app.models.due_change import DueChange
from app.models.escalation import Escalation
from app.models.recommendation import Progress, Reminder
from app.policies.visibility import OPEN, VIEWS, scoped
from app.services import principals
from app.services.changes.kinds import KEPT, RELATIONS, TOLD, UNTOLD
from tests import makers
from tests.client import Api, ok
from tests.commit.test_changes import Client
from tests.stage import Stage, set_stage
from tests.world import World

pytestmark = pytest.mark.thorough

Sessions = async_sessionmaker[AsyncSession]

PARTS = (
    "lead_officer",
    "lead_leader",
    "secretary",
    "member_a",
    "partner",
    "partner_b",
    "counterpart",
    "supervised",
    "addressee",
    "addressee_superior",
    "superior",
    "verifier",
    "stranger",
    "registrar",
)
STATES = {
    "finding": ("draft", "submitted", "accepted", "withdrawn"),
    "report": ("draft", "circulated", "issued", "published"),
    "draft": ("draft_received", "opinions_open", "document_issued", "replied"),
    "dispatch_copy": ("pending", "sent", "arrived"),
}
DECIDING = (Uuid, Date, DateTime, Boolean)
FOR_GOOD = {"delegation_member": {"account_id"}}
"""What no deed changes once it is written."""

STEPS = 15


@pytest.fixture
async def own(database: str, settings: Settings) -> AsyncIterator[FastAPI]:
    app = create_app(settings.model_copy(update={"database_url": SecretStr(database), "demo": False, "pool_size": 4}))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def staged(own: FastAPI, template: World) -> Sessions:
    sessions: Sessions = own.state.sessions
    async with sessions() as session:
        stage = await set_stage(session, template)
        await makers.keep(session, *_what_the_stage_lacks(stage, template))
    return sessions


def _what_the_stage_lacks(stage: Stage, world: World) -> list[Any]:
    asked, day = stage.ids["recommendation"], date(2024, 5, 6)
    lead = {"recommendation_id": asked, "body_id": world.body["lead"]}
    letter = {"letter_subject": "Về việc chậm trả lời", "letter_text": "Kính gửi"}
    superior = {"to_body_id": world.body["addressee_superior"], "rung": Rung.SUPERIOR}
    return [
        Progress(**lead, account_id=world.account["lead_officer"], percent=10, note="Đang làm", reported_on=day),
        Reminder(**lead, reminded_on=day),
        Escalation(
            recommendation_id=asked, level=1, by_clock=False, escalated_on=day, reason="Chậm", **superior, **letter
        ),
        DueChange(recommendation_id=asked, clock="reply", due_on=day, because="amendment", changed_on=day),
        DraftSession(draft_id=stage.ids["draft"], held_on=day, steps=[], attendance=[]),
    ]


@pytest.fixture
async def http(own: FastAPI, staged: Sessions, template: World) -> AsyncIterator[Api]:
    kept, template.tokens = template.tokens, {}
    template.sign_in(own.state.tokens)
    async with Api(own, template) as api:
        yield api
    template.tokens = kept


async def visible_to(sessions: Sessions, world: World, part: str) -> dict[str, str]:
    """What its lists would show, all together."""
    async with sessions() as session:
        who = await principals.absent(session, world.account[part], world.body_of(part), clock.today())
        assert who is not None
        return {str(it): name for name, it in await session.execute(_all_lists(who))}


@lru_cache(maxsize=50)
def _all_lists(who: Principal) -> CompoundSelect[tuple[str, UUID]]:
    lists = (
        scoped(model, who).with_only_columns(literal(name), model.id)  # type: ignore[attr-defined]
        for name, model in TOLD.items()
    )
    return union_all(*lists)


async def test_the_log_from_its_beginning_tells_each_of_what_is_theirs(
    http: Api, staged: Sessions, template: World
) -> None:
    told: set[str] = set()
    for part in PARTS:
        client = Client(http, part)
        await client.sync()
        assert client.held == await visible_to(staged, template, part), part
        told |= set(client.held.values())
    assert set(TOLD) - told == set(), "the stage shows a record of each kind to somebody"


@pytest.mark.parametrize("seed", [1, 3])
async def test_after_any_moves_a_copy_is_what_the_lists_show(
    http: Api, staged: Sessions, template: World, seed: int
) -> None:
    chance = random.Random(seed)
    clients = [Client(http, it) for it in chance.sample(PARTS, 5)]
    for client in clients:
        await client.sync()
    for _ in range(STEPS):
        moved = [await move(staged, template, chance) for _ in range(chance.randint(1, 3))]
        for client in clients:
            await client.sync()
            assert client.held == await visible_to(staged, template, client.part), (
                f"{client.part}: {moved} {client.heard}"
            )


def test_of_every_protected_record_changes_are_told_or_it_is_said_why_not() -> None:
    """A new model is to be put into `TOLD`, with triggers of its own in a migration, or into `UNTOLD` with a reason."""
    protected = set(VIEWS) - OPEN
    assert set(TOLD.values()) | set(UNTOLD) == protected
    assert set(TOLD.values()) & set(UNTOLD) == set()
    assert set(RELATIONS) - set(UNTOLD) - {Carriage} == set(), "what is kept and not told of has its reason, too"


async def move(sessions: Sessions, world: World, chance: random.Random) -> str:
    """Change what some row says of whose it is, or throw it away; what the tables do not allow does not happen."""
    table: Any = chance.choice(KEPT).__table__  # type: ignore[attr-defined]
    async with sessions() as session:
        rows = await session.execute(select(table.c.id).execution_options(scope="any row"))
        ids: Sequence[UUID] = rows.scalars().all()
        if not ids:
            return f"no {table.name}"
        statement, value = _one_change(table, world, chance)
        chosen = {"id": chance.choice(ids), "value": value}
        try:
            await session.execute(text(statement), chosen)
        except DBAPIError as error:
            return f"refused: {statement} {type(error.orig).__name__}"
        await session.commit()
        return f"{statement} {chosen}"


def _one_change(table: Any, world: World, chance: random.Random) -> tuple[str, Any]:
    if chance.random() < 0.1:
        return f"DELETE FROM {table.name} WHERE id = :id", None
    if table.name in STATES and chance.random() < 0.3:
        return f"UPDATE {table.name} SET state = :value WHERE id = :id", chance.choice(STATES[table.name])
    fixed = {"id", "created_at", *FOR_GOOD.get(table.name, ())}
    column = chance.choice([it for it in table.c if isinstance(it.type, DECIDING) and it.name not in fixed])
    return f"UPDATE {table.name} SET {column.name} = :value WHERE id = :id", _value(column, world, chance)


def _value(column: Any, world: World, chance: random.Random) -> Any:
    if column.nullable and chance.random() < 0.3:
        return None
    if isinstance(column.type, Boolean):
        return chance.random() < 0.5
    if isinstance(column.type, Uuid):
        people = "account" in column.name
        return chance.choice(list((world.account if people else world.body).values()))
    return chance.choice([date(2024, 4, 1), clock.today()]) if isinstance(column.type, Date) else clock.utcnow()


async def test_what_leaves_a_copy_was_in_it(http: Api, staged: Sessions) -> None:
    """A record told of as removed to somebody who never had it would say that it exists."""
    stranger = Client(http, "stranger")
    await stranger.sync()
    async with staged.begin() as session:
        await session.execute(text("UPDATE document SET abstract = abstract || '.', number = 7"))
        await session.execute(text("DELETE FROM carriage"))
    assert {it["op"] for it in await stranger.sync()} <= {"upsert"}
    assert ok(await http.get("/v1/changes", as_="stranger", params={"since": stranger.cursor}))["items"] == []
