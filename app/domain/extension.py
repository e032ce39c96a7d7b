"""More time for a recommendation: asked by the addressee before the date has passed, decided by the lead's leader."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from app.domain import deadlines
from app.domain.calendar import Calendar
from app.domain.deadlines import Direction, Unit
from app.domain.lifecycle import Actor, Lifecycle, need, step


class ExtensionState(StrEnum):
    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass
class ExtensionFacts:
    """`running`: the recommendation has not ended meanwhile; `due_on` is the date as it stands."""

    it: Any
    payload: Any
    running: bool
    due_on: date | None


@need()
def recommendation_running(facts: ExtensionFacts) -> bool:
    return facts.running


@need("/until")
def within_what_was_asked(facts: ExtensionFacts) -> bool:
    """The leader may grant less than was asked, not more."""
    until = facts.payload.until
    return until is None or until <= facts.it.until


@need("/until")
def later_than_due(facts: ExtensionFacts) -> bool:
    until = facts.payload.until or facts.it.until
    return facts.due_on is None or until > facts.due_on


S = ExtensionState

EXTENSION = Lifecycle(
    "extension",
    ExtensionState,
    S.REQUESTED,
    (
        step(
            S.REQUESTED,
            "grant",
            S.GRANTED,
            by={Actor.LEAD_LEADER},
            needs=(recommendation_running, within_what_was_asked, later_than_due),
        ),
        step(S.REQUESTED, "refuse", S.REFUSED, by={Actor.LEAD_LEADER}),
        step(S.REQUESTED, "withdraw", S.WITHDRAWN, by={Actor.ADDRESSEE}),
    ),
)


def latest(unit: Unit, share: Fraction, start: date, first_due_on: date, calendar: Calendar) -> date:
    """The farthest day of an extension: a share of the original period more, rounded down (D20: one third)."""
    if unit is Unit.WORKDAY:
        more = int(calendar.working_days_between(start, first_due_on) * share)
        return calendar.add_working_days(first_due_on, more)
    more = int((first_due_on - start).days * share)
    return deadlines.reckon(Unit.DAY, more, Direction.AFTER, first_due_on, calendar).due_on
