"""Days and times as senders write them: yyyy/MM/dd by rule, dd/MM/yyyy by one province, nothing by guessing."""

import re
from datetime import date, datetime, timedelta
from typing import Final

_YEAR_FIRST: Final = re.compile(r"([0-9]{4})([/-])([0-9]{1,2})\2([0-9]{1,2})")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")
_TIME: Final = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)? ?(Z|([+-])([0-9]{2}):?([0-9]{2}))?"
)
_OF_VIET_NAM: Final = timedelta(hours=7)
_BY_RULE: Final = re.compile(r"[0-9]{4}/[0-9]{2}/[0-9]{2}")
_TIME_BY_RULE: Final = re.compile(r"[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_FIRST_YEAR: Final = 1900


class Unreadable(ValueError):
    """No day, or none that can be told without guessing."""


def read_day(text: str) -> tuple[date, bool]:
    """The day, and whether it was written by the rule; some write the hour too, which says no more."""
    day, _, rest = _split(text)
    if rest:
        return read_time(text)[0].date(), False
    return _day(day), _BY_RULE.fullmatch(text) is not None


def read_time(text: str) -> tuple[datetime, bool]:
    """A moment of Viet Nam, and whether it was written by the rule (yyyy/MM/dd HH:mm:ss); another zone is reckoned."""
    day_text, gap, time_text = _split(text)
    day, match = _day(day_text), _TIME.fullmatch(time_text.strip())
    if match is None:
        raise Unreadable(text)
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise Unreadable(text)
    moment = datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001 - as sent, without a zone
    by_rule = gap == " " and _TIME_BY_RULE.fullmatch(text) is not None
    try:
        return moment + _ahead(match), by_rule
    except OverflowError as error:
        raise Unreadable(text) from error


def _split(text: str) -> tuple[str, str, str]:
    return text.partition("T" if "T" in text else " ")


def _day(text: str) -> date:
    """A four-digit year at the end always follows the day first."""
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = int(match[1]), int(match[3]), int(match[4])
    else:
        raise Unreadable(text)
    if year < _FIRST_YEAR:
        raise Unreadable(text)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Unreadable(text) from error


def _ahead(match: re.Match[str]) -> timedelta:
    """How far the clock of Viet Nam is ahead of the zone that was named, if one was."""
    if match[4] is None:
        return timedelta()
    hours, minutes = int(match[6] or 0), int(match[7] or 0)
    if hours > 14 or minutes > 59:
        raise Unreadable(match[0])
    named = timedelta(hours=hours, minutes=minutes)
    return _OF_VIET_NAM + named if match[5] == "-" else _OF_VIET_NAM - named


def written(day: date) -> str:
    return f"{day:%Y/%m/%d}"


def written_time(moment: datetime) -> str:
    return f"{moment:%Y/%m/%d %H:%M:%S}"
