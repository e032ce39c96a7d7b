"""Numbers of papers: the State and the Front count per issuer and year (NĐ 30/2020/NĐ-CP Đ15), the Party per issuer,
type and term (05-HD/VPTW). A number once taken is never given again; what is not used is voided and says why.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.domain.lifecycle import Actor, Lifecycle, need, step


class BookDirection(StrEnum):
    """Papers that go out bear our number; papers that come in are given one when they arrive."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


class NumberingStyle(StrEnum):
    """How number, type and organ stand together: 12/KH-MTTQ-BTT, or 12-KH/TU."""

    STATE = "state"
    PARTY = "party"


class NumberState(StrEnum):
    RESERVED = "reserved"
    USED = "used"
    VOIDED = "voided"


LETTER = "CV"
"""A letter (công văn) of the State and the Front writes no type: 249/MTTQ-BTT."""


def compose(style: NumberingStyle, number: int, kind: str, organ: str) -> str:
    """The symbol as the rules write it; numbers below ten get a leading nought."""
    if style is NumberingStyle.PARTY:
        return f"{number:02d}-{kind}/{organ}"
    return f"{number:02d}/{organ}" if kind == LETTER else f"{number:02d}/{kind}-{organ}"


def is_year(first: date, last: date) -> bool:
    return (first.year, first.month, first.day, last.month, last.day) == (last.year, 1, 1, 12, 31)


@dataclass(frozen=True)
class NumberFacts:
    paper_is_free: bool = True


@need("/document_id")
def paper_is_free(facts: Any) -> bool:
    """The paper bears no other number of a book."""
    return bool(facts.paper_is_free)


KEEPERS = {Actor.AUTHOR_BODY}

DOCUMENT_NUMBER = Lifecycle(
    "document_number",
    NumberState,
    NumberState.RESERVED,
    (
        step(NumberState.RESERVED, "use", NumberState.USED, by=KEEPERS, needs=(paper_is_free,)),
        step((NumberState.RESERVED, NumberState.USED), "void", NumberState.VOIDED, by=KEEPERS),
    ),
)
