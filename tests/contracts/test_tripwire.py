"""The tripwire of the tests really trips: no SELECT of a protected table goes out without saying for whom."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

import app.models  # noqa: F401
from app.core.clock import today
from app.core.principal import nobody
from app.models.body import Body
from app.models.campaign import Campaign
from app.models.deadline import Rule
from app.models.recommendation import Recommendation
from app.policies.visibility import VIEWS, scoped, unscoped
from tests.queries import Unscoped

OPEN_TO_ALL = {
    "acts_through",
    "body",
    "body_name",
    "calendar_day",
    "demo_clock",
    "lineage_event",
    "lineage_end",
    "lineage_link",
    "place",
    "rule",
}
"""The structure of the installation and the law: known to everybody who has signed in."""

OF_THE_SYSTEM = {
    "audit_seal",
    "calendar_feed",
    "client_assertion",
    "carriage",
    "change",
    "deadline",
    "event_ticket",
    "idempotency_record",
    "mail",
    "outbox_message",
    "password_reset",
    "refresh_token",
    "sweep_run",
    "transition",
    "worker_process",
}
"""Read by the system's own rules only, or through the record they belong to."""


@pytest.mark.parametrize(
    "statement",
    [
        select(Campaign),
        select(col(Recommendation.id)).where(col(Recommendation.id) == uuid4()),
        select(func.count()).select_from(Campaign),
        select(Body, Campaign).join(Campaign, col(Campaign.lead_body_id) == col(Body.id)),
        select(Rule).join(Campaign, col(Campaign.id) == col(Rule.id)),
    ],
    ids=["entities", "columns", "count", "joined", "joined to the law"],
)
async def test_an_unscoped_select_of_a_protected_table_is_refused(session: AsyncSession, statement: object) -> None:
    with pytest.raises(Unscoped):
        await session.execute(statement)  # type: ignore[call-overload]


async def test_saying_for_whom_or_why_is_enough(session: AsyncSession) -> None:
    await session.execute(scoped(Campaign, nobody(today())))
    await session.execute(unscoped(Campaign, reason="proving the tripwire"))
    await session.execute(select(func.count()).select_from(Campaign).execution_options(scope="proving the tripwire"))


async def test_what_is_open_may_be_read_plainly(session: AsyncSession) -> None:
    assert (await session.execute(select(func.count()).select_from(Rule))).scalar_one() > 0


async def test_nobody_sees_nothing_of_any_protected_model(session: AsyncSession) -> None:
    for model in VIEWS:
        if str(model.__tablename__) not in OPEN_TO_ALL:
            assert (await session.execute(scoped(model, nobody(today())))).first() is None, model


def test_every_table_is_protected_or_named_as_open() -> None:
    protected = {str(model.__tablename__) for model in VIEWS}
    tables = set(SQLModel.metadata.tables)
    assert tables - protected - OPEN_TO_ALL - OF_THE_SYSTEM == set(), "give these a predicate in policies/visibility.py"
    assert (OPEN_TO_ALL | OF_THE_SYSTEM) - tables == set()
