"""The dates that a rule set follow the calendar: a change of it moves them, in its own transaction.

A date is known to be the rule's where the old calendar gives it; one that people have set or moved since is theirs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlmodel import col

from app.domain import deadlines
from app.domain.calendar import Calendar, Unreckonable
from app.domain.recommendation import TERMINAL, FollowUpClock, RecommendationState, ReplyStatus
from app.models.due_change import DueChangeCause
from app.models.recommendation import Recommendation
from app.policies.visibility import unscoped
from app.services import calendars
from app.services.recommendations import dates
from app.services.unit_of_work import UnitOfWork

R = Recommendation
SYSTEM = "a changed calendar"
RUNNING = col(R.state).not_in([*TERMINAL, RecommendationState.DRAFT])


@dataclass(frozen=True)
class Clock:
    """One of the two dates of a recommendation: its columns, and the days from which a rule may have counted it."""

    name: FollowUpClock
    due: Any
    basis: Any
    starts: tuple[Any, ...]
    where: tuple[Any, ...] = ()

    @property
    def grouped(self) -> tuple[Any, ...]:
        rule = (col(self.basis)["code"].astext, col(self.basis)["rule_version"].astext)
        return (col(R.issuer_body_id), *rule, col(self.due), *(col(start) for start in self.starts))


CLOCKS = (
    Clock(
        FollowUpClock.REPLY,
        R.reply_due_on,
        R.reply_due_basis,
        (R.reply_from,),
        (col(R.reply_status) == ReplyStatus.AWAITING,),
    ),
    Clock(FollowUpClock.COMPLETION, R.due_on, R.due_basis, (R.received_on, R.issued_on)),
)


async def recount(uow: UnitOfWork, was: Calendar, now: Calendar) -> None:
    """Each group of equal dates is reckoned once; an event for each recommendation tells both sides."""
    for clock in CLOCKS:
        for group, due_on in [it async for it in _moved(uow, clock, was, now)]:
            found = await uow.session.execute(_members(clock, group))
            for it in found.scalars():
                move(uow, it, clock, due_on)


async def _moved(uow: UnitOfWork, clock: Clock, was: Calendar, now: Calendar) -> Any:
    rules = {(rule.code, str(rule.version), rule.body_id): rule for rule in await calendars.rules(uow)}
    code = clock.grouped[1]
    groups = select(*clock.grouped).where(RUNNING, *clock.where, code.is_not(None), col(clock.due).is_not(None))
    for group in await uow.session.execute(groups.distinct().execution_options(scope=SYSTEM)):
        issuer, name, version, due_on, *starts = group
        rule = rules.get((name, version, issuer)) or rules.get((name, version, None))
        if rule is None:
            continue
        for counted in _counted(rule, starts, was, now):
            if counted[0] == due_on != counted[1]:
                yield group, counted[1]
                break


def _counted(
    rule: deadlines.Rule, starts: Sequence[date | None], was: Calendar, now: Calendar
) -> Iterator[tuple[date, date]]:
    """The rule's date by the old calendar and by the new, from each day it may have counted from."""
    for start in starts:
        if start is None:
            continue
        try:
            yield deadlines.compute(rule, start, was).due_on, deadlines.compute(rule, start, now).due_on
        except Unreckonable:
            continue


def _members(clock: Clock, group: Sequence[Any]) -> Select[Any]:
    same = (column.is_not_distinct_from(value) for column, value in zip(clock.grouped, group, strict=True))
    rows = unscoped(Recommendation, reason=SYSTEM).where(RUNNING, *clock.where, *same)
    return rows.order_by(col(R.id)).with_for_update(of=R)


def move(uow: UnitOfWork, it: Recommendation, clock: Clock, due_on: date) -> None:
    was = dates.due_of(it, clock.name)
    dates.move(uow, it, clock.name, due_on, DueChangeCause.CALENDAR, uow.today)
    lead: UUID = it.issuer_body_id
    told = {"clock": clock.name, "due_on": due_on.isoformat(), "was_due_on": was.isoformat() if was else None}
    uow.record("recommendation.recount", it, lead_body_id=lead, **told)
