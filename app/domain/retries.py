"""When something that leaves the house is tried again, and when nobody tries any more."""

from datetime import timedelta

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=18),
    timedelta(hours=22),
)
"""Between one try and the next: three days in all, as the Standard Webhooks specification advises."""

JITTER = 0.2
"""So that what failed together does not come back together."""


def pause(attempts: int, chance: float) -> timedelta | None:
    """How long to wait after so many tries; `chance` lies between 0 and 1. None: give up."""
    if attempts > len(PAUSES):
        return None
    return PAUSES[attempts - 1] * (1 + JITTER * (2 * chance - 1))
