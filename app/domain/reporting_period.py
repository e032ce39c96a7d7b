"""A body's reporting period: open while its figures follow the records, then closed with the figures as they stood.

A report that went out is not rewritten. What is corrected afterwards counts in the earliest open period, and a note
stands in the closed one (the practice of grassroots reporting, domain.md, section 6.4).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.lifecycle import Actor, Lifecycle, need, step


class ReportingPeriodState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


@dataclass
class ReportingPeriodFacts:
    it: Any
    payload: Any
    has_begun: bool = True
    earlier_open: int = 0


@need()
def period_begun(facts: ReportingPeriodFacts) -> bool:
    return facts.has_begun


@need()
def earlier_periods_closed(facts: ReportingPeriodFacts) -> bool:
    """In their order, so that every correction has one period in which it counts."""
    return facts.earlier_open == 0


REPORTING_PERIOD = Lifecycle(
    "reporting_period",
    ReportingPeriodState,
    ReportingPeriodState.OPEN,
    (
        step(
            ReportingPeriodState.OPEN,
            "close",
            ReportingPeriodState.CLOSED,
            by={Actor.LEAD},
            needs=(period_begun, earlier_periods_closed),
        ),
    ),
)
