"""How much two pieces of supervision overlap, why, and what to do about it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Suggestion = Literal["join", "shift", "proceed"]

SAME_BODY = 50
"""The same body, its predecessor or successor: what every overlap starts from."""
WHOLE_WINDOW = 20
SAME_TOPIC = 20
SAME_DOCUMENT = 10
JOIN_FROM = 75
SHIFT_FROM = 60


@dataclass(frozen=True)
class Work:
    """`topic` is folded text; `symbols` are normalised symbols of subject documents."""

    start: date
    end: date
    topic: str
    symbols: frozenset[str]


@dataclass(frozen=True)
class Weight:
    score: int
    reasons: list[str]
    suggestion: Suggestion


def weigh(ours: Work, other: Work) -> Weight:
    """0–100; symmetric. `join` for the same subject, `shift` for the same weeks, else `proceed`."""
    reasons = ["same_body"]
    share = _share(ours, other)
    if share > 0:
        reasons.append("window")
    alike = _alike(ours.topic, other.topic)
    if alike >= 0.3:
        reasons.append("topic")
    same_document = bool(ours.symbols & other.symbols)
    if same_document:
        reasons.append("subject_document")
    score = SAME_BODY + round(WHOLE_WINDOW * share) + round(SAME_TOPIC * alike) + SAME_DOCUMENT * same_document
    return Weight(score, reasons, _suggestion(score, alike, same_document=same_document))


def _suggestion(score: int, alike: float, *, same_document: bool) -> Suggestion:
    if same_document or alike >= 0.6 or score >= JOIN_FROM:
        return "join"
    return "shift" if score >= SHIFT_FROM else "proceed"


def _share(ours: Work, other: Work) -> float:
    """Common days over the days of the shorter window."""
    common = (min(ours.end, other.end) - max(ours.start, other.start)).days + 1
    shorter = min((ours.end - ours.start).days, (other.end - other.start).days) + 1
    return max(common, 0) / shorter


def _alike(one: str, other: str) -> float:
    """Share of common words among all words of both."""
    first, second = set(one.split()), set(other.split())
    return len(first & second) / len(first | second) if first and second else 0.0


def quarters(start: date, end: date) -> list[str]:
    """The quarters a window touches, as `2024Q2`; at most the first twenty."""
    first, last = start.year * 4 + (start.month - 1) // 3, end.year * 4 + (end.month - 1) // 3
    return [f"{it // 4}Q{it % 4 + 1}" for it in range(first, min(last, first + 19) + 1)]
