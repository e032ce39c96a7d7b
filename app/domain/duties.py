"""Which dated duties may stand beside each other in one body (api.md, section 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core.principal import Duty

EXCLUSIVE = frozenset({Duty.ADMINISTRATOR, Duty.LEADER})
"""Whoever manages the people of a body does not also sign for it."""


@dataclass(frozen=True, slots=True)
class Tenure:
    """A duty from its first to its last day; `until` None is open-ended."""

    duty: Duty
    since: date
    until: date | None = None

    def meets(self, other: "Tenure") -> bool:
        """Whether both hold on some day."""
        return self.since <= (other.until or date.max) and other.since <= (self.until or date.max)


def contradictions(tenures: Sequence[Tenure]) -> list[tuple[int, str]]:
    """Place and code of every tenure that may not stand beside an earlier one."""
    found = []
    for place, it in enumerate(tenures):
        met = {earlier.duty for earlier in tenures[:place] if it.meets(earlier)}
        if it.duty in met:
            found.append((place, "duties_overlap"))
        elif {it.duty} | (met & EXCLUSIVE) == EXCLUSIVE:
            found.append((place, "incompatible_duties"))
    return found
