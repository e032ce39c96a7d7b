"""Clocks of records: which rule binds, on what day it falls due, whether it was met.

A started clock pins the rule's version and the day reckoned with the calendar of that moment: a later change of the
rule leaves it alone (api.md, section 6).
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, String, Text, case, cast, func, literal, literal_column, select
from sqlmodel import col

from app.core.errors import NotVisible, invalid
from app.domain import deadlines, pause
from app.domain.calendar import Calendar, Unreckonable
from app.domain.deadlines import Direction, Standing, Unit
from app.models.base import Row
from app.models.deadline import Deadline, DeadlineRead, ExplainQuery, Rule
from app.policies.relations import among
from app.services import calendars
from app.services.unit_of_work import UnitOfWork, subject


async def start_clock(
    uow: UnitOfWork,
    it: Row,
    *,
    trigger: str,
    regime: str,
    on: date,
    rule_code: str | None = None,
    direction: Direction | None = None,
    level: str | None = None,
    body_id: UUID | None = None,
    extended: bool = False,
) -> list[Deadline]:
    """Start every clock that this event starts under the rules of its day; one that runs already is left alone.

    `body_id` is the body whose local rules count; `rule_code` narrows a trigger to one rule, `direction` to what is
    due before the event or after it; `extended` asks for the longer time of a rule that allows one.
    """
    binding = deadlines.applicable(
        await calendars.rules(uow),
        on=on,
        code=rule_code,
        regime=regime,
        trigger=trigger,
        level=level,
        body_id=body_id,
    )
    running = {(row.rule_code, row.trigger_on) for row in await clocks(uow, it.id)}
    stored = await _stored(uow, [_key(rule) for rule in binding])
    started = []
    for rule in binding:
        if direction not in (None, rule.direction):
            continue
        longer = extended and rule.extension_limit is not None
        if (rule.code, on) in running or (reckoned := await _reckoned(uow, rule, on, level, extended=longer)) is None:
            continue
        started.append(_pinned(it, rule, reckoned, stored.get(_key(rule))))
    uow.add(*started)
    return started


async def _reckoned(
    uow: UnitOfWork, rule: deadlines.Rule, on: date, level: str | None, *, extended: bool
) -> deadlines.Deadline | None:
    """None where the rule cannot say a day (it distinguishes cases that the record does not name)."""
    try:
        return deadlines.compute(rule, on, await calendars.calendar(uow), level=level, extended=extended)
    except Unreckonable:
        return None


def _pinned(it: Row, rule: deadlines.Rule, reckoned: deadlines.Deadline, rule_id: UUID | None) -> Deadline:
    return Deadline(
        subject_type=subject(it),
        subject_id=it.id,
        rule_id=rule_id,
        rule_code=rule.code,
        rule_version=rule.version,
        legal_basis=rule.legal_basis,
        trigger=rule.trigger,
        trigger_on=reckoned.start,
        n=reckoned.n or 0,
        unit=rule.unit,
        direction=rule.direction,
        raw_due_on=reckoned.raw_due_on,
        due_on=reckoned.due_on,
        responsible=rule.responsible,
    )


async def _stored(uow: UnitOfWork, keys: list[tuple[str, int, UUID | None]]) -> dict[Any, UUID]:
    rows = await uow.session.execute(
        select(col(Rule.code), col(Rule.rule_version), col(Rule.body_id), col(Rule.id)).where(
            col(Rule.code).in_([code for code, _, _ in keys])
        )
    )
    return {(code, version, body_id): rule_id for code, version, body_id, rule_id in rows}


async def clocks(uow: UnitOfWork, subject_id: UUID) -> list[Deadline]:
    """Every clock of a record, soonest first."""
    rows = select(Deadline).where(col(Deadline.subject_id) == subject_id)
    return list((await uow.session.execute(rows.order_by(col(Deadline.due_on), col(Deadline.rule_code)))).scalars())


async def met(uow: UnitOfWork, subject_id: UUID, *codes: str, on: date) -> list[Deadline]:
    """Stop the open clocks of these rules on the day the act was done; says which they were."""
    stopped = [it for it in await clocks(uow, subject_id) if it.rule_code in codes and it.met_on is None]
    for it in stopped:
        it.met_on = on
    return stopped


def _open(subjects: Select[Any]) -> Select[Any]:
    return select(Deadline).where(col(Deadline.subject_id).in_(subjects), col(Deadline.met_on).is_(None))


async def stop(uow: UnitOfWork, subjects: Select[Any], on: date) -> None:
    """Let the open clocks of these records stand still from a day on."""
    still = _open(subjects).where(col(Deadline.paused_since).is_(None)).order_by(col(Deadline.id)).with_for_update()
    for it in (await uow.session.execute(still)).scalars():
        it.paused_since = on


async def run_again(uow: UnitOfWork, subjects: Select[Any], on: date) -> None:
    """What counts from an event falls due so much later; what is due before a day follows that day alone."""
    stopped = _open(subjects).where(col(Deadline.paused_since).is_not(None)).order_by(col(Deadline.id))
    calendar = await calendars.calendar(uow)
    for it in (await uow.session.execute(stopped.with_for_update())).scalars():
        from_on, it.paused_since = it.paused_since, None
        if from_on is not None and it.direction == Direction.AFTER:
            it.due_on = pause.later(it.due_on, Unit(it.unit), from_on, pause.last_day(from_on, on), calendar)


async def drop(uow: UnitOfWork, subject_id: UUID, *codes: str) -> None:
    """Forget open clocks whose event was moved to another day, so that they can be started again."""
    for it in await clocks(uow, subject_id):
        if it.rule_code in codes and it.met_on is None:
            await uow.session.delete(it)


def standing_of(it: Deadline, today: date) -> Standing:
    """While it stands still, it stays the day on which it was stopped."""
    return deadlines.standing(it.due_on, it.met_on, min(today, it.paused_since or today))


def standing_column(today: date) -> Any:
    """`standing_of` in SQL."""
    due, done = col(Deadline.due_on), col(Deadline.met_on)
    return case(
        (done <= due, literal(str(Standing.MET), String)),
        (done > due, literal(str(Standing.LATE), String)),
        (due >= func.least(literal(today, Date), col(Deadline.paused_since)), literal(str(Standing.UPCOMING), String)),
        else_=literal(str(Standing.OVERDUE), String),
    )


async def read_clocks(uow: UnitOfWork, *subject_ids: UUID) -> bytes:
    """The body of a list of deadlines, soonest first. The caller was shown the records before."""
    shown = {"state": standing_column(uow.today), **_RULE, "rolled": col(Deadline.raw_due_on) != col(Deadline.due_on)}
    columns: Any = Deadline
    fields = [
        (shown[name] if name in shown else getattr(columns, name)).label(name) for name in DeadlineRead.model_fields
    ]
    rows = (
        select(*fields)
        .outerjoin(Rule, col(Rule.id) == col(Deadline.rule_id))
        .where(among(Deadline.subject_id, subject_ids))
        .order_by(col(Deadline.due_on), col(Deadline.rule_code))
        .subquery("listed")
    )
    listed = func.coalesce(func.json_agg(func.row_to_json(literal_column("listed"))), literal_column("'[]'::json"))
    items = (await uow.session.execute(select(cast(listed, Text)).select_from(rows))).scalar_one()
    return b'{"items":' + str(items).encode() + b',"next_cursor":null}'


_RULE = {"what_vi": col(Rule.what_vi), "what_en": col(Rule.what_en)}


async def explain(uow: UnitOfWork, query: ExplainQuery) -> dict[str, Any]:
    """A reckoned date with its basis and every day on the way; NotVisible where no rule sets one on that day."""
    rule = await _binding(uow, query, query.rule) if query.rule is not None else None
    try:
        reckoned = _reckon(query, rule, await calendars.calendar(uow))
    except Unreckonable as error:
        raise invalid(error.field, UNRECKONABLE[error.field]) from error
    rule_id = (await _stored(uow, [_key(rule)])).get(_key(rule)) if rule is not None else None
    return {**_told(reckoned), "rule_id": rule_id}


def _reckon(query: ExplainQuery, rule: deadlines.Rule | None, calendar: Calendar) -> deadlines.Deadline:
    if rule is not None:
        return deadlines.compute(rule, query.from_, calendar, level=query.level, extended=query.extended)
    assert query.unit is not None
    assert query.n is not None
    return deadlines.reckon(query.unit, query.n, query.direction or Direction.AFTER, query.from_, calendar)


UNRECKONABLE = {
    "n": "number_out_of_range",
    "from": "beyond_calendar",
    "level": "level_needed",
    "extended": "not_extendable",
}


async def _binding(uow: UnitOfWork, query: ExplainQuery, code: str) -> deadlines.Rule:
    rules = await calendars.rules(uow)
    rule = deadlines.choose(rules, on=query.from_, code=code, level=query.level, body_id=query.body_id)
    if rule is None:
        raise NotVisible("no_rule", params={"rule": code})
    return rule


def _key(rule: deadlines.Rule) -> tuple[str, int, UUID | None]:
    return rule.code, rule.version, rule.body_id


def _told(reckoned: deadlines.Deadline) -> dict[str, Any]:
    return {
        "rule": reckoned.rule,
        "rule_version": reckoned.rule_version,
        "legal_basis": reckoned.legal_basis or deadlines.COUNTING,
        "from": reckoned.start,
        "direction": reckoned.direction,
        "unit": reckoned.unit,
        "n": reckoned.n,
        "raw_due_on": reckoned.raw_due_on,
        "due_on": reckoned.due_on,
        "rolled": reckoned.rolled,
        "calendar_known": reckoned.calendar_known,
        "days": [_told_day(day) for day in reckoned.days],
    }


def _told_day(day: deadlines.Day) -> dict[str, Any]:
    told: dict[str, Any] = {"date": day.date, "counted": day.counted}
    return told if day.reason is None else {**told, "reason": day.reason._asdict()}
