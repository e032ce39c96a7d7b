"""The first filling of an installation: places, rules of periods, the working-day calendar. Safe to run again."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.core.ids import new_id
from app.models.body import Place
from app.models.deadline import CalendarDay, Rule
from app.reference import load_places, load_rules
from app.reference.calendar_seed import seed_days


async def load(session: AsyncSession) -> dict[str, int]:
    """Adds what is missing, changes nothing that is there; returns the rows added per table."""
    return {
        "place": await _add(session, Place, [_place(it) for it in load_places()], "code"),
        "rule": await _rules(session),
        "calendar_day": await _add(session, CalendarDay, [_day(it) for it in seed_days()], "day"),
    }


async def _add(session: AsyncSession, model: Any, rows: list[dict[str, Any]], key: str) -> int:
    """Ask first what is there: a later start has nothing to add and should not take seconds to find out."""
    known = set((await session.execute(select(col(getattr(model, key))))).scalars())
    missing = [it for it in rows if it[key] not in known]
    if missing:
        await session.execute(insert(model).on_conflict_do_nothing(index_elements=[key]), missing)
    return len(missing)


async def _rules(session: AsyncSession) -> int:
    """National rules only; a row that is there has been in force and is not touched."""
    national = select(col(Rule.code), col(Rule.rule_version)).where(col(Rule.body_id).is_(None))
    known = {tuple(row) for row in await session.execute(national)}
    missing = [it for it in load_rules() if (it.code, it.version) not in known]
    session.add_all(_rule(it) for it in missing)
    await session.flush()
    return len(missing)


def _place(it: Any) -> dict[str, Any]:
    return {
        "code": it.code,
        "kind": it.kind,
        "name": it.name,
        "full_name": it.full_name,
        "parent_code": it.parent_code,
        "valid_from": it.valid_from,
        "valid_to": it.valid_to,
    }


def _rule(it: Any) -> Rule:
    return Rule(
        id=new_id(),
        code=it.code,
        rule_version=it.version,
        regime=it.regime,
        trigger=it.trigger,
        unit=it.unit,
        direction=it.direction,
        n=dict(it.n),
        roll_forward=it.roll_forward,
        recurring=it.recurring,
        month_day=it.month_day,
        extension_limit=str(it.extension_limit) if it.extension_limit else None,
        responsible=it.responsible,
        what_vi=it.what_vi,
        what_en=it.what_en,
        legal_basis=it.legal_basis,
        valid_from=it.valid_from,
        valid_to=it.valid_to,
    )


def _day(it: Any) -> dict[str, Any]:
    return {
        "day": it.date,
        "kind": str(it.kind),
        "name_vi": it.name_vi,
        "name_en": it.name_en,
        "basis": it.basis,
        "corrected": False,
    }
