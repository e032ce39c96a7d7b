"""Rows that name each other: parents first, circles told, whatever the order of the file."""

import random

from app.services.imports.ordering import Nested, ordered


def row(number: int, key: str, inside: str | None = None, *words: str) -> Nested:
    return Nested(number, key, words, inside)


def test_parents_come_before_children() -> None:
    order = ordered([row(1, "c", "b"), row(2, "b", "Ông"), row(3, "a", None, "Ông")])
    assert (order.layers, order.circular) == ([[3], [2], [1]], frozenset())


def test_circles_are_told_from_what_hangs_on_them() -> None:
    order = ordered([row(1, "a", "b"), row(2, "b", "a"), row(3, "c", "a"), row(4, "d", "d"), row(5, "e", "x")])
    assert (order.layers, order.circular) == ([[5], [1, 2, 4], [3]], frozenset({1, 2, 4}))


def test_a_row_below_a_body_of_its_own_name_waits_for_nobody_else() -> None:
    """Two bodies of one name in one table: either may be meant, which is asked later."""
    order = ordered([row(1, "a", "UBND", "UBND"), row(2, "b", None, "UBND")])
    assert (order.layers, order.circular) == ([[2], [1]], frozenset())


def test_a_deep_and_shuffled_table() -> None:
    rows = [row(n, str(n), str(n - 1) if n else None) for n in range(3_000)]
    random.Random(133).shuffle(rows)
    assert ordered(rows).layers == [[n] for n in range(3_000)]
