"""In which order rows that name each other are taken in: what is named before what names it, circles not at all."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from app.domain.written import spelled


@dataclass(frozen=True, slots=True)
class Nested:
    """A row with the words by which others may name it, and the text by which it names another."""

    row: int
    key: str
    words: tuple[str, ...]
    inside: str | None


@dataclass(frozen=True)
class Order:
    """`layers` are rows whose parents are all in earlier layers; `circular` rows are above and below themselves."""

    layers: list[list[int]]
    circular: frozenset[int] = frozenset()
    parents: dict[int, set[int]] = field(default_factory=dict)


def ordered(rows: Iterable[Nested]) -> Order:
    known = list(rows)
    parents = _parents(known)
    layers, left = _layers([it.row for it in known], parents)
    circular = _circular(left, parents)
    layers += [sorted(it) for it in (circular, left - circular) if it]
    return Order(layers, frozenset(circular), parents)


def _parents(rows: list[Nested]) -> dict[int, set[int]]:
    """A key names one row; a name may be that of several, or of a body outside of the table."""
    by_key = {it.key: it.row for it in rows if it.key}
    by_word: dict[str, set[int]] = {}
    for it in rows:
        for word in it.words:
            by_word.setdefault(spelled(word), set()).add(it.row)
    found = {}
    for it in rows:
        if not it.inside:
            continue
        named = {by_key[it.inside]} if it.inside in by_key else by_word.get(spelled(it.inside), set())
        others = named - {it.row}
        if others or named:
            found[it.row] = others or named
    return found


def _layers(rows: list[int], parents: dict[int, set[int]]) -> tuple[list[list[int]], set[int]]:
    """Layer by layer, those that wait for nobody any more; and those that wait for ever."""
    sorter = TopologicalSorter({it: parents.get(it, set()) for it in rows})
    with suppress(CycleError):  # what no circle holds up is given all the same
        sorter.prepare()
    layers: list[list[int]] = []
    while ready := sorter.get_ready():
        layers.append(sorted(ready))
        sorter.done(*ready)
    return layers, set(rows).difference(*layers)


def _circular(left: set[int], parents: dict[int, set[int]]) -> set[int]:
    """Of those that wait for ever, the ones that somebody of them waits for, again and again."""
    circle = set(left)
    while True:
        awaited = {parent for it in circle for parent in parents.get(it, set())} & circle
        if awaited == circle:
            return circle
        circle = awaited
