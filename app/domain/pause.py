"""A pause: while it lasts the clocks of a recommendation stand still, and afterwards its dates lie so much later.

The counted days are those of the date's own unit: a date that a rule counts in working days moves by working days.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.domain.calendar import Calendar, shift
from app.domain.deadlines import Unit
from app.domain.lifecycle import Actor, Lifecycle, need, step

ONE_DAY = timedelta(days=1)


class PauseReason(StrEnum):
    """Why time does not count against the addressee (BLDS 2015 Đ156: force majeure, objective obstacles; practice)."""

    FORCE_MAJEURE = "force_majeure"
    OBJECTIVE_OBSTACLE = "objective_obstacle"
    AWAITING_SUPERIOR = "awaiting_superior"
    AWAITING_REGULATION = "awaiting_regulation"
    PROCEEDINGS = "proceedings"
    REORGANISATION = "reorganisation"
    CAMPAIGN_SUSPENDED = "campaign_suspended"


class PauseState(StrEnum):
    RUNNING = "running"
    ENDED = "ended"


@dataclass
class PauseFacts:
    it: Any
    payload: Any


@need()
def paused_by_hand(facts: PauseFacts) -> bool:
    """What the suspension of a campaign stopped runs again when the campaign is resumed."""
    return bool(facts.it.reason != PauseReason.CAMPAIGN_SUSPENDED)


PAUSE = Lifecycle(
    "pause",
    PauseState,
    PauseState.RUNNING,
    (step(PauseState.RUNNING, "resume", PauseState.ENDED, by={Actor.LEAD}, needs=(paused_by_hand,)),),
)


def last_day(from_on: date, resumed_on: date) -> date:
    """The last day that counts as paused; a pause that ends on its first day lasted that day."""
    return max(from_on, shift(resumed_on, -ONE_DAY))


def later(due_on: date, unit: Unit, from_on: date, to_on: date, calendar: Calendar) -> date:
    """A date after a pause of these days, both included; one that had passed before the pause stays."""
    if due_on < from_on:
        return due_on
    if unit is Unit.WORKDAY:
        return calendar.add_working_days(due_on, calendar.working_days_between(shift(from_on, -ONE_DAY), to_on))
    return calendar.on_or_after(shift(due_on, to_on - from_on + ONE_DAY))
