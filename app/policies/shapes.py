"""What of a statement depends on who asks, and what only on the shape of the caller.

Building the SQL of "who sees what" takes longer than PostgreSQL takes to answer it. Its form depends on nothing but the
caller's duties or scopes and the number of its bodies, living and ended; ids and the day are what differs. So it is
built once for a stand-in of the same shape, and wherever the stand-in's ids or day were bound, the caller's are bound
at each use.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import BindParameter, ClauseElement, ColumnElement, Table, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal, iterate

from app.core.principal import Principal

K = TypeVar("K", bound=Hashable)
Build = Callable[[Principal], Mapping[K, ColumnElement[Any]]]

MOST_IDS = 1_000
STAND_INS = [[UUID(int=((0xFFFF - n) << 112) + i) for i in range(MOST_IDS)] for n in range(2)]
PLACES = {it: place for ids in STAND_INS for place, it in enumerate(ids)}
STAND_IN_DAYS = [date(1, 2, 3), date(4, 5, 6)]


def shape(who: Principal) -> Hashable:
    return who.duties, who.scopes, tuple(it in who.ended for it in who.bodies), who.signed_in


def stand_ins(who: Principal) -> list[Principal]:
    """Two of the same shape whom no row knows: what is built for both is the same but for their ids and days."""
    return [_stand_in(who, ids, day) for ids, day in zip(STAND_INS, STAND_IN_DAYS, strict=True)]


def _stand_in(who: Principal, ids: list[UUID], day: date) -> Principal:
    account, family, *bodies = ids[: len(who.bodies) + 2]
    return Principal(
        account_id=account if who.signed_in else who.account_id,
        body_id=bodies[0] if bodies else who.body_id,
        duties=who.duties,
        scopes=who.scopes,
        bodies=tuple(bodies),
        today=day,
        family_id=family,
        ended=frozenset(mine for mine, its in zip(bodies, who.bodies, strict=True) if its in who.ended),
    )


@dataclass(frozen=True)
class OfCaller:
    """A parameter whose value is the caller's: an id, several of them, or the day."""

    name: str
    value: Callable[[Principal], Any]


def of_caller(bound: Any) -> OfCaller | None:
    """What of the caller stands where this of a stand-in was bound; None for what is part of the shape."""
    if isinstance(bound, date) and bound in STAND_IN_DAYS:
        return OfCaller("caller_day", lambda who: who.today)
    if isinstance(bound, UUID) and bound in PLACES:
        return _id(PLACES[bound])
    if isinstance(bound, list) and bound and all(isinstance(it, UUID) and it in PLACES for it in bound):
        return _several([_id(PLACES[it]) for it in bound])
    return None


def _id(place: int) -> OfCaller:
    if place == 0:
        return OfCaller("caller_account", lambda who: who.account_id)
    if place == 1:
        return OfCaller("caller_family", lambda who: who.family_id)
    return OfCaller(f"caller_body{place - 2}", lambda who: who.bodies[place - 2])


def _several(each: list[OfCaller]) -> OfCaller:
    return OfCaller("+".join(it.name for it in each), lambda who: [it.value(who) for it in each])


def once(name: str, build: Build[K]) -> Callable[[Principal], dict[K, ColumnElement[Any]]]:
    """The same expressions, built once for each shape; `name` is theirs alone in the whole program."""
    known: dict[Hashable, dict[K, _Pattern]] = {}

    alike: dict[tuple[K, Form], _Pattern] = {}

    def of(who: Principal) -> dict[K, ColumnElement[Any]]:
        patterns = known.get(shape(who))
        if patterns is None:
            patterns = known[shape(who)] = _patterns(name, build, stand_ins(who), alike)
        return {key: _Shaped(pattern, who) for key, pattern in patterns.items()}

    return of


def _patterns(
    name: str, build: Build[K], two: list[Principal], alike: dict[tuple[K, "Form"], "_Pattern"]
) -> dict[K, "_Pattern"]:
    """Those of one shape of caller. Most shapes are told the same: what has the form of another's is that one."""
    forms = {key: form_of(name, it) for key, it in build(two[0]).items()}
    if any(pair not in alike for pair in forms.items()):
        again = build(two[1])
        for key, form in forms.items():
            check_alike(name, form, again[key])
            alike.setdefault((key, form), _pattern(f"{name} {key} {len(alike)}", form))
    return {pair[0]: alike[pair] for pair in forms.items()}


@dataclass(frozen=True)
class Form:
    """What of an expression is not the caller's: two that are equal in it are the same SQL with the same constants."""

    structure: Hashable
    constants: tuple[Hashable, ...]
    expression: Any = field(compare=False)
    bound: list[BindParameter[Any]] = field(compare=False)


def form_of(name: Hashable, built: ClauseElement) -> Form:
    key = built._generate_cache_key()
    if key is None:
        raise TypeError(f"{name} cannot be kept")
    return Form(key.key, tuple(_constant(it.value) for it in key.bindparams), built, list(key.bindparams))


def _constant(value: Any) -> Hashable:
    """The caller's own is known by its place."""
    if (it := of_caller(value)) is not None:
        return OfCaller, it.name
    return value if isinstance(value, Hashable) else repr(value)


def check_alike(name: Hashable, form: Form, again: ClauseElement) -> None:
    """TypeError when what was built for another stand-in differs in more than ids and days, so that nobody is answered
    with what was made for somebody else, at another time."""
    if form_of(name, again) != form:
        raise TypeError(f"{name} holds more of the caller than ids and the day")


@dataclass(frozen=True)
class _Pattern:
    name: str
    expression: ColumnElement[Any]
    parameters: tuple[tuple[OfCaller, Any], ...]
    """Each with its type."""
    bound: tuple[BindParameter[Any], ...]
    """All that is bound in the expression and in the patterns that it is made of."""
    texts: dict[Hashable, str] = field(default_factory=dict)
    """Its SQL, by the tables around it."""


_CONSTANT = "constant_"
_numbers = count()


def is_constant(bound: BindParameter[Any]) -> bool:
    """Part of the shape: neither the caller's nor given at a run."""
    return bound.unique or bound.key.startswith(_CONSTANT)


def _pattern(name: str, form: Form) -> _Pattern:
    """The expression is ours alone: what is bound in it gets names that are the same wherever it stands."""
    parameters: dict[str, tuple[OfCaller, Any]] = {}
    for bound in form.bound:
        if (it := of_caller(bound.value)) is not None:
            parameters[it.name] = it, bound.type
            _rename(bound, it.name)
        elif bound.unique:
            _rename(bound, f"{_CONSTANT}{next(_numbers)}")
    bound_in_it = (*form.bound, *_bound_within(form.expression))
    return _Pattern(name, form.expression, tuple(parameters.values()), bound_in_it)


def _rename(bound: BindParameter[Any], name: str) -> None:
    named = bindparam(name, bound.value, type_=bound.type, expanding=bound.expanding)
    vars(bound).update(vars(named) | {"expand_op": bound.expand_op})


def _bound_within(expression: ColumnElement[Any]) -> Iterator[BindParameter[Any]]:
    for it in iterate(expression):
        if isinstance(it, _Shaped):
            yield from it.pattern.bound


class _Shaped(ColumnElement[Any]):
    """A pattern with one caller's values. SQLAlchemy knows it by its name, without looking at what it is made of."""

    _traverse_internals = [("name", InternalTraversal.dp_string), ("values", InternalTraversal.dp_clauseelement_list)]  # noqa: RUF012

    def __init__(self, pattern: _Pattern, who: Principal) -> None:
        self.name = pattern.name
        self.pattern = pattern
        self.type = pattern.expression.type
        self.values = [bindparam(it.name, it.value(who), type_=type_) for it, type_ in pattern.parameters]

    @property
    def _from_objects(self) -> Any:
        return self.pattern.expression._from_objects

    def self_group(self, against: Any = None) -> ColumnElement[Any]:
        return self


@compiles(_Shaped)
def _compile(it: _Shaped, compiler: Any, *, render_postcompile: bool = False, **_: Any) -> str:
    """Made once for each place where it stands: of what is around it, a pattern refers to nothing but tables."""
    pattern, around = it.pattern, _around(compiler)
    process = partial(compiler.process, render_postcompile=render_postcompile)
    if (text := pattern.texts.get(around)) is None:
        text = pattern.texts[around] = f"({process(pattern.expression)})"
    else:
        for bound in pattern.bound:
            process(bound)
    return text


def _around(compiler: Any) -> tuple[Any, ...]:
    if not compiler.stack:
        return (compiler.dialect.name,)
    entry = compiler.stack[-1]
    sources = (entry["correlate_froms"], entry["asfrom_froms"])
    return compiler.dialect.name, *(frozenset(it.name for it in each if isinstance(it, Table)) for each in sources)
