"""Lifecycles as data: one table of steps per aggregate, from which everything else derives.

Enforcement, the `actions` offered to a caller, the enum and the words in OpenAPI, docs/lifecycles/*.md and the tests
all read the same rows.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

PREVIOUS = "previous"
"""The target of a step that returns to the state from which the record was suspended."""


class Actor(StrEnum):
    """Who may take a step: a side of the record together with the duty needed on that side (api.md, section 1)."""

    LEAD = "lead"
    LEAD_LEADER = "lead_leader"
    DECIDER_LEADER = "decider_leader"
    HEAD = "head"
    FOR_THE_HEAD = "for_the_head"
    SECRETARY_HEAD = "secretary_head"
    SUPERVISED = "supervised"
    ADDRESSEE = "addressee"
    VERIFIER = "verifier"
    DRAFTING_BODY = "drafting_body"
    AUTHOR = "author"
    AUTHOR_BODY = "author_body"
    AUTHOR_LEADER = "author_leader"
    CLOCK = "clock"
    BOARD = "board"
    FRONT_LEADER = "front_leader"
    SUCCESSOR_LEADER = "successor_leader"
    REGISTRAR = "registrar"


REPRESENTABLE = frozenset({Actor.SUPERVISED, Actor.ADDRESSEE, Actor.DRAFTING_BODY})
"""Sides whose acts the lead's side may record on their behalf (api.md, section 1, rule 4)."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that must hold before a step is taken; the words are in messages under `need`."""

    code: str
    holds: Callable[[Any], bool]
    pointer: str = ""


def need(pointer: str = "") -> Callable[[Callable[[Any], bool]], Need]:
    """Makes a Need of a predicate over the facts of the record; its name is the stable code."""

    def made(predicate: Callable[[Any], bool]) -> Need:
        return Need(predicate.__name__, predicate, pointer)

    return made


@dataclass(frozen=True, slots=True)
class Step:
    source: str
    action: str
    target: str
    by: frozenset[Actor]
    needs: tuple[Need, ...] = ()

    def unmet(self, facts: Any) -> list[Need]:
        return [it for it in self.needs if not it.holds(facts)]


def step(
    sources: str | Iterable[str],
    action: str,
    target: str,
    *,
    by: Iterable[Actor],
    needs: Iterable[Need] = (),
) -> list[Step]:
    """One row of a table; several sources make one row each. The same target as source: give the action once."""
    origins = [sources] if isinstance(sources, str) else list(sources)
    return [Step(str(it), action, str(target), frozenset(by), tuple(needs)) for it in origins]


@dataclass(frozen=True)
class Lifecycle:
    """`passive` are states entered by another record's step rather than by an action of this table."""

    name: str
    states: type[StrEnum]
    initial: str
    rows: tuple[list[Step], ...]
    passive: frozenset[str] = frozenset()
    steps: tuple[Step, ...] = field(init=False)

    def __post_init__(self) -> None:
        steps = tuple(it for row in self.rows for it in row)
        object.__setattr__(self, "steps", steps)
        self._refuse_ambiguity()
        self._refuse_unreachable()

    def _refuse_ambiguity(self) -> None:
        seen: set[tuple[str, str]] = set()
        for it in self.steps:
            if (it.source, it.action) in seen:
                raise ValueError(f"{self.name}: two rows for {it.action} from {it.source}")
            seen.add((it.source, it.action))

    def _refuse_unreachable(self) -> None:
        reached, frontier = {self.initial, *self.passive}, [self.initial, *self.passive]
        while frontier:
            state = frontier.pop()
            for it in self.steps:
                if it.source == state and it.target not in reached and it.target != PREVIOUS:
                    reached.add(it.target)
                    frontier.append(it.target)
        if missing := {str(it) for it in self.states} - reached:
            raise ValueError(f"{self.name}: nothing reaches {sorted(missing)}")

    def find(self, state: str, action: str) -> Step | None:
        return next((it for it in self.steps if it.source == state and it.action == action), None)

    def of(self, action: str) -> list[Step]:
        return [it for it in self.steps if it.action == action]

    def allowed(self, state: str) -> list[str]:
        """The moves of a state, whoever asks."""
        return [it.action for it in self.steps if it.source == state]

    def offered(self, state: str, actors: frozenset[Actor]) -> list[str]:
        """The moves of a state that these actors may take."""
        return [it.action for it in self.steps if it.source == state and it.by & actors]

    @property
    def actions(self) -> list[str]:
        return list(dict.fromkeys(it.action for it in self.steps))

    @property
    def final(self) -> frozenset[str]:
        return frozenset(str(it) for it in self.states) - {it.source for it in self.steps}

    def markdown(self) -> str:
        """The table as read by people and shown in OpenAPI."""
        head = "| từ · from | hành động · action | đến · to | bên · by | điều kiện · needs |"
        return "\n".join([head, "| --- | --- | --- | --- | --- |", *self._lines()])

    def _lines(self) -> Iterator[str]:
        for it in self.steps:
            by = ", ".join(sorted(it.by)) or "–"
            needs = ", ".join(n.code for n in it.needs) or "–"
            yield f"| {it.source} | `{it.action}` | {it.target} | {by} | {needs} |"

    def mermaid(self) -> str:
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {it.source} --> {it.target}: {it.action}" for it in self.steps]
        lines += [f"    {state} --> [*]" for state in sorted(self.final)]
        return "\n".join(lines)
