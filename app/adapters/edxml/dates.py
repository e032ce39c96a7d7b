"""Days and times as senders write them: yyyy/MM/dd by rule, dd/MM/yyyy by one province, nothing by guessing."""

import re
from datetime import date, datetime
from typing import Final

_YEAR_FIRST: Final = re.compile(r"([0-9]{4})([/-])([0-9]{1,2})\2([0-9]{1,2})")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?")
_BY_RULE: Final = re.compile(r"[0-9]{4}/[0-9]{2}/[0-9]{2}")
_FIRST_YEAR: Final = 1900


class Unreadable(ValueError):
    """No day, or none that can be told without guessing."""


def read_day(text: str) -> tuple[date, bool]:
    """The day, and whether it was written by the rule; a four-digit year at the end always follows the day first."""
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = int(match[1]), int(match[3]), int(match[4])
    else:
        raise Unreadable(text)
    if year < _FIRST_YEAR:
        raise Unreadable(text)
    try:
        return date(year, month, day), _BY_RULE.fullmatch(text) is not None
    except ValueError as error:
        raise Unreadable(text) from error


def read_time(text: str) -> tuple[datetime, bool]:
    """A moment of Viet Nam, and whether it was written by the rule (yyyy/MM/dd HH:mm:ss)."""
    day_text, _, time_text = text.replace("T", " ").partition(" ")
    day, by_rule = read_day(day_text)
    match = _TIME.fullmatch(time_text.strip())
    if match is None:
        raise Unreadable(text)
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise Unreadable(text)
    plain = by_rule and re.fullmatch(r"[0-9/]{10} [0-9]{2}:[0-9]{2}:[0-9]{2}", text) is not None
    return datetime(day.year, day.month, day.day, hour, minute, second), plain  # noqa: DTZ001 - as sent, without a zone


def written(day: date) -> str:
    return f"{day:%Y/%m/%d}"


def written_time(moment: datetime) -> str:
    return f"{moment:%Y/%m/%d %H:%M:%S}"
