"""How much two pieces of supervision overlap, why, and what to do about it (Luật MTTQ Đ25(3): không chồng chéo)."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Literal
from uuid import UUID, uuid5

Suggestion = Literal["join", "shift", "proceed"]


class Relation(StrEnum):
    """How the body that others supervise is related to the one that is asked about."""

    SAME_BODY = "same_body"
    PREDECESSOR = "predecessor"
    SUCCESSOR = "successor"
    SUBORDINATE = "subordinate"


class ResolutionKind(StrEnum):
    """What a body does about an overlap: ask the other to join, move its own time, or say why both are needed."""

    JOIN = "join"
    SHIFT = "shift"
    JUSTIFY = "justify"


class JoinRole(StrEnum):
    PARTNER = "partner"
    CO_LEAD = "co_lead"


SAME_PARTY = 50
"""The same supervised party, before or after a reorganisation: what every overlap starts from."""
SUBORDINATE_PARTY = 30
WHOLE_WINDOW = 20
SAME_TOPIC = 20
SAME_DOCUMENT = 10
JOIN_FROM = 75
SHIFT_FROM = 60
SIMILAR_FROM = 0.3
"""From what share of common words on topics are called similar, and from which they are called the same."""
SAME_FROM = 0.6


@dataclass(frozen=True)
class Work:
    """`topic` is folded text; `symbols` are normalised symbols of subject documents, `codes` those of topics."""

    start: date
    end: date
    topic: str
    symbols: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Weight:
    score: int
    reasons: list[str]
    suggestion: Suggestion


def weigh(ours: Work, other: Work, relation: str = Relation.SAME_BODY) -> Weight:
    """0–100; the same whichever side asks. `join` for the same subject, `shift` for the same weeks, else `proceed`."""
    reasons = [str(relation)]
    share = _share(ours, other)
    if share > 0:
        reasons.append("window")
    alike = 1.0 if ours.codes & other.codes else similarity(ours.topic, other.topic)
    if alike >= SIMILAR_FROM:
        reasons.append("topic")
    same_document = bool(ours.symbols & other.symbols)
    if same_document:
        reasons.append("subject_document")
    party = SUBORDINATE_PARTY if relation == Relation.SUBORDINATE else SAME_PARTY
    score = party + round(WHOLE_WINDOW * share) + round(SAME_TOPIC * alike) + SAME_DOCUMENT * same_document
    return Weight(score, reasons, _suggestion(score, alike, same_document=same_document))


def _suggestion(score: int, alike: float, *, same_document: bool) -> Suggestion:
    if same_document or alike >= SAME_FROM or score >= JOIN_FROM:
        return "join"
    return "shift" if score >= SHIFT_FROM else "proceed"


def _share(ours: Work, other: Work) -> float:
    """Common days over the days of the shorter window."""
    common = (min(ours.end, other.end) - max(ours.start, other.start)).days + 1
    shorter = min((ours.end - ours.start).days, (other.end - other.start).days) + 1
    return max(common, 0) / shorter


FORMULA = re.compile(
    r"\b(giam sat|thuc hien|tinh hinh|cong tac|ket qua|dia ban|chuyen de|phan bien|trien khai"
    r"|viec|ve|cua|va|cac|cho|doi voi|theo|trong|tai|tren)\b"
)
"""Words of which the titles of all supervisions are made; they tell no topics apart."""


def similarity(one: str, other: str) -> float:
    """Share of common pairs of neighbouring syllables in the shorter text: most Vietnamese words have two."""
    first, second = _pairs(one), _pairs(other)
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def _pairs(text: str) -> set[tuple[str, ...]]:
    """Of a part with a single syllable, that one."""
    parts = [it.split() for it in FORMULA.sub("|", text).split("|")]
    return {pair for part in parts if part for pair in (pairwise(part) if len(part) > 1 else [tuple(part)])}


def quarters(start: date, end: date) -> list[str]:
    """The quarters a window touches, as `2024Q2`; at most the first twenty."""
    first, last = start.year * 4 + (start.month - 1) // 3, end.year * 4 + (end.month - 1) // 3
    return [f"{it // 4}Q{it % 4 + 1}" for it in range(first, min(last, first + 19) + 1)]


PAIRS = UUID("5d1c8a52-6f0e-5c8e-9a57-2f5b8e0c7a11")


def pair(one: UUID, other: UUID) -> UUID:
    """The name of an overlap, the same from both sides; it tells neither record to whom does not know it."""
    return uuid5(PAIRS, "|".join(sorted((str(one), str(other)))))
