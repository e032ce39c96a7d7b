"""What time is it, and what day is it in Viet Nam?

Instants are aware and in UTC; civil dates (everything the law counts) are those of Asia/Ho_Chi_Minh.
The demo and the tests may move the clock by whole days; nothing else in the code asks the system for the time.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

CIVIL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_shift = timedelta(0)


def utcnow() -> datetime:
    return datetime.now(UTC) + _shift


def today() -> date:
    return civil(utcnow())


def civil(instant: datetime) -> date:
    """The civil date of an instant, in Viet Nam."""
    return instant.astimezone(CIVIL_ZONE).date()


def set_today(day: date | None) -> None:
    """Move the clock so that `day` is today (the time of day goes on); None returns to the real clock."""
    global _shift
    _shift = timedelta(0)
    if day is not None:
        _shift = day - today()
