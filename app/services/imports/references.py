"""What the cells of a table name: bodies by id, key, official code, name or symbol; places; records of the caller.

Looked up for many rows at once. What the caller does not see is never named: hidden and absent are one answer.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, any_, func, literal, or_, select
from sqlmodel import col

from app.core.errors import Fault, fault
from app.core.text import fold
from app.domain.import_ import ImportKind
from app.domain.written import several, spelled
from app.models.body import Body, BodyName, Place
from app.models.import_ import ExternalKey
from app.models.organ_alias import OrganAlias
from app.policies.visibility import unscoped
from app.services.imports.columns import Column, Unlike
from app.services.imports.lines import Line
from app.services.unit_of_work import UnitOfWork

MOST_NAMED = 5
"""How many candidates an ambiguous name is answered with."""

BY_CODE, BY_NAME, BY_SYMBOL, BY_SHORT_NAME = range(4)
"""In this order: what one of them finds, the later ones are not asked for."""

OWN_KEYS = "keys under which the caller's own body imported"


@dataclass(frozen=True, slots=True)
class Named:
    """A body as one of its words calls it, in the days of both."""

    body_id: UUID
    name: str
    rank: int
    word: str
    valid_from: date
    valid_to: date | None

    def on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Bodies:
    """Every body that some texts can mean."""

    ids: set[UUID]
    keys: Mapping[str, UUID]
    named: Mapping[str, list[Named]]

    def meant(self, text: str, on: date) -> UUID:
        """The one body that the text means on a day; Unlike when there is none, or more than one."""
        if text in self.keys:
            return self.keys[text]
        if (identifier := as_id(text)) is not None and identifier in self.ids:
            return identifier
        same = self.named.get(spelled(text), [])
        then = [it for it in same if it.on(on)]
        for rank in range(4):
            found = {it.body_id: it.name for it in then if it.rank == rank}
            if len(found) == 1:
                return next(iter(found))
            if found:
                raise Unlike(fault("", "ambiguous", candidates=listed(found.values())))
        raise Unlike(fault("", "body_not_then", on=f"{on:%d/%m/%Y}") if same else fault("", "unknown_body"))


def listed(labels: Iterable[str]) -> str:
    """Some candidates, by name."""
    ordered = sorted(labels)
    return "; ".join(ordered[:MOST_NAMED]) + ("; …" if len(ordered) > MOST_NAMED else "")


def as_id(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def among_texts(column: Any, texts: Collection[str]) -> ColumnElement[bool]:
    """One shape of statement for any number of texts."""
    among: ColumnElement[bool] = column == any_(literal(list(texts), ARRAY(Text)))
    return among


def among_folded(column: Any, texts: Collection[str]) -> ColumnElement[bool]:
    """The same without marks and case: a first choice, from which `spelled` picks."""
    return among_texts(func.fold(column), {fold(it) for it in texts})


async def find_bodies(uow: UnitOfWork, texts: Collection[str]) -> Bodies:
    """Four statements however many texts: everybody who has signed in may read the register."""
    if not texts:
        return Bodies(set(), {}, {})
    ids = [it for it in map(as_id, texts) if it is not None]
    known = await uow.session.execute(select(col(Body.id)).where(col(Body.id).in_(ids)))
    named: dict[str, list[Named]] = {}
    for it in [*await _coded(uow, texts), *await _borne(uow, texts)]:
        named.setdefault(it.word, []).append(it)
    return Bodies(set(known.scalars()), await keyed(uow, ImportKind.BODIES, texts), named)


async def keyed(uow: UnitOfWork, kind: ImportKind, keys: Collection[str]) -> dict[str, UUID]:
    """The records that the caller's body imported under these keys."""
    ours = col(ExternalKey.body_id) == uow.who.body_id, col(ExternalKey.kind) == kind
    found = unscoped(ExternalKey, reason=OWN_KEYS).where(*ours, among_texts(ExternalKey.key, keys))
    return {it.key: it.record_id for it in (await uow.session.execute(found)).scalars()}


async def _coded(uow: UnitOfWork, texts: Collection[str]) -> list[Named]:
    """By the code under which a body is known on the document axes (QCVN 102, Quyết định 20/2020/QĐ-TTg)."""
    found = unscoped(OrganAlias, reason="official codes are public")
    rows = await uow.session.execute(found.where(among_texts(OrganAlias.organ_id, {it.upper() for it in texts})))
    return [
        Named(it.body_id, it.organ_id, BY_CODE, spelled(it.organ_id), it.valid_from, it.valid_to)
        for it in rows.scalars()
    ]


async def _borne(uow: UnitOfWork, texts: Collection[str]) -> list[Named]:
    """By a name, symbol or short name of any time, through the indexes on their folded spelling."""
    words = (BodyName.name, BodyName.symbol, BodyName.short_name)
    found = (
        select(BodyName, col(Body.valid_to))
        .join(Body, col(Body.id) == col(BodyName.body_id))
        .where(or_(*(among_folded(it, texts) for it in words)))
    )
    named = []
    for it, ended in await uow.session.execute(found):
        until = min((day for day in (it.valid_to, ended) if day is not None), default=None)
        ranked = ((BY_NAME, it.name), (BY_SYMBOL, it.symbol), (BY_SHORT_NAME, it.short_name))
        named += [Named(it.body_id, it.name, r, spelled(w), it.valid_from, until) for r, w in ranked if w]
    return named


def _the_one(found: Mapping[UUID, tuple[str, set[str]]], text: str, unknown: str) -> UUID:
    """The record that is meant by its id or by one of its spelled words; what it is called tells several apart."""
    if (identifier := as_id(text)) is not None and identifier in found:
        return identifier
    same = {it: label for it, (label, words) in found.items() if spelled(text) in words}
    if len(same) == 1:
        return next(iter(same))
    raise Unlike(fault("", "ambiguous", candidates=listed(same.values())) if same else fault("", unknown))


def choose(lines: Iterable[Line], field: str, found: Mapping[UUID, tuple[str, set[str]]], unknown: str) -> None:
    """Put the id of the record that each line means into its field, or blame its cell."""
    for line in lines:
        if (text := line.texts.get(field)) is None:
            continue
        try:
            line.values[field] = _the_one(found, text, unknown)
        except Unlike as unlike:
            line.blame(line.layout.table.of(field), unlike.why)


async def find_places(uow: UnitOfWork, texts: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Code and full name of each place that has this code or this name."""
    if not texts:
        return {}
    asked = or_(among_texts(Place.code, texts), among_folded(Place.full_name, texts))
    found: dict[str, list[tuple[str, str]]] = {}
    for code, name in await uow.session.execute(select(col(Place.code), col(Place.full_name)).where(asked)):
        for word in {code, spelled(name)}:
            found.setdefault(word, []).append((code, name))
    return found


async def resolve(uow: UnitOfWork, lines: Iterable[Line], on: str | None = None) -> None:
    """Put ids and codes where cells name bodies and places; `on` is the field with the day for which names count."""
    waiting = [
        (line, column, text)
        for line in lines
        for column in line.layout.table.columns
        if column.kind in ("body", "bodies", "place") and (text := line.texts.get(column.field))
    ]
    bodies = await find_bodies(uow, {part for _, column, text in waiting for part in _parts(column, text)})
    places = await find_places(uow, {text for _, column, text in waiting if column.kind == "place"})
    for line, column, text in waiting:
        day = line.values.get(on) if on else None
        try:
            if column.kind == "place":
                line.values[column.field] = _place(places, text)
            else:
                meant = [bodies.meant(it, day or uow.today) for it in _parts(column, text)]
                line.values[column.field] = meant if column.kind == "bodies" else meant[0]
        except Unlike as unlike:
            line.blame(column, unlike.why)


def _parts(column: Column, text: str) -> list[str]:
    if column.kind == "bodies":
        return several(text)
    return [text] if column.kind == "body" else []


def _place(places: Mapping[str, list[tuple[str, str]]], text: str) -> str:
    found = dict(places.get(text) or places.get(spelled(text), []))
    if len(found) == 1:
        return next(iter(found))
    raise Unlike(_places_fault(found.values()))


def _places_fault(names: Collection[str]) -> Fault:
    return fault("", "ambiguous", candidates=listed(names)) if names else fault("", "place_not_known")
