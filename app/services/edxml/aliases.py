"""Organ ids and the bodies they stand for: kept by the registrar, asked by everything that comes in or goes out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import col

from app.core import certificates
from app.core.errors import Conflict, Forbidden, invalid
from app.core.principal import Principal
from app.models.body import Body
from app.models.organ_alias import (
    CertificateRead,
    OrganAlias,
    OrganAliasCreate,
    OrganAliasFilter,
    OrganAliasRead,
    OrganAliasUpdate,
)
from app.policies.actions import may_keep_register
from app.policies.relations import among
from app.services import bodies
from app.services.reading import Page, Projection, body_ref, read_page
from app.services.steps import check_version, find, touch
from app.services.unit_of_work import UnitOfWork


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {"body": body_ref(OrganAlias.body_id, who.today, who.today)}


ALIAS = Projection(model=OrganAlias, reads={"full": OrganAliasRead}, columns=_columns)


def _valid(on: date) -> tuple[ColumnElement[bool], ...]:
    ended = or_(col(OrganAlias.valid_to).is_(None), col(OrganAlias.valid_to) >= on)
    return col(OrganAlias.valid_from) <= on, ended


async def listing(uow: UnitOfWork, query: OrganAliasFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    if query.organ_id:
        where.append(col(OrganAlias.organ_id).in_(query.organ_id))
    if query.body_id:
        where.append(among(OrganAlias.body_id, query.body_id))
    if query.on is not None:
        where += _valid(query.on)
    return await read_page(uow, ALIAS, Page.of(query), where=where, filters=query.filters())


async def create(uow: UnitOfWork, payload: OrganAliasCreate) -> UUID:
    """An id that stands for another body on one of those days is a conflict."""
    if not may_keep_register(uow.who):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    await bodies.check_known(uow, [payload.body_id])
    await _check_free(uow, payload.organ_id, payload.valid_from, payload.valid_to)
    fields = payload.model_dump(exclude={"certificates"})
    it = OrganAlias.model_validate(fields | {"certificates": told(payload.certificates)})
    uow.add(it)
    await uow.session.flush()
    uow.record("organ_alias.create", it)
    return it.id


async def change(uow: UnitOfWork, identifier: UUID, payload: OrganAliasUpdate, expected: int | None) -> None:
    it = await find(uow, OrganAlias, identifier, lock=True)
    if not may_keep_register(uow.who):
        raise Forbidden
    check_version(it, expected)
    if "valid_to" in payload.model_fields_set:
        if payload.valid_to is not None and payload.valid_to < it.valid_from:
            raise invalid("/valid_to", "period_reversed")
        await _check_free(uow, it.organ_id, it.valid_from, payload.valid_to, but=it.id)
    fields = payload.model_dump(exclude_unset=True)
    if "certificates" in fields:
        fields["certificates"] = told(payload.certificates)
    it.sqlmodel_update(fields)
    touch(it)
    uow.record("organ_alias.update", it, fields=sorted(payload.model_fields_set))


def told(pems: Iterable[str]) -> list[dict[str, Any]]:
    """Each once, as they are shown."""
    read = {it.sha256: it for it in map(certificates.of_pem, pems)}
    return [
        CertificateRead(
            sha256=it.sha256, subject=it.subject, valid_from=it.valid_from, valid_to=it.valid_to, pem=it.pem
        ).model_dump(mode="json")
        for it in read.values()
    ]


async def _check_free(
    uow: UnitOfWork, organ_id: str, first: date, last: date | None, *, but: UUID | None = None
) -> None:
    await uow.serialise("organ_alias", organ_id)
    overlapping = select(col(OrganAlias.id)).where(
        col(OrganAlias.organ_id) == organ_id,
        col(OrganAlias.id).is_distinct_from(but),
        or_(col(OrganAlias.valid_to).is_(None), col(OrganAlias.valid_to) >= first),
    )
    if last is not None:
        overlapping = overlapping.where(col(OrganAlias.valid_from) <= last)
    if (await uow.session.execute(overlapping.limit(1))).first() is not None:
        raise Conflict("alias_taken")


async def bodies_of(uow: UnitOfWork, organ_ids: Iterable[str], on: date) -> dict[str, UUID]:
    """Of these organ ids those that stand on that day for a body that still exists, in capitals."""
    asked = sorted({it.upper() for it in organ_ids if it})
    if not asked:
        return {}
    living = or_(col(Body.valid_to).is_(None), col(Body.valid_to) >= on)
    statement = (
        select(col(OrganAlias.organ_id), col(OrganAlias.body_id))
        .join(Body, col(Body.id) == col(OrganAlias.body_id))
        .where(col(OrganAlias.organ_id).in_(asked), *_valid(on), living)
    )
    return {it.organ_id: it.body_id for it in await uow.session.execute(statement)}


@dataclass(frozen=True, slots=True)
class Trust:
    """By which certificates (SHA-256) an organ id signs, and whether it must."""

    certificates: frozenset[str] = frozenset()
    required: bool = False


async def trust_in(uow: UnitOfWork, organ_id: str) -> Trust:
    """Of an id that stands for nobody today: none, and nothing asked."""
    statement = select(col(OrganAlias.certificates), col(OrganAlias.signature_required)).where(
        col(OrganAlias.organ_id) == organ_id.upper(), *_valid(uow.today)
    )
    found = (await uow.session.execute(statement)).first()
    return Trust() if found is None else Trust(frozenset(it["sha256"] for it in found[0]), found[1])


async def organ_id_of(uow: UnitOfWork, body_id: UUID, on: date) -> str | None:
    """The id by which a body writes on that day: the newest of those that are valid."""
    return (await organ_ids_by(uow, [body_id], on)).get(body_id)


async def organ_ids_by(uow: UnitOfWork, body_ids: Iterable[UUID], on: date) -> dict[UUID, str]:
    """The same of several bodies; those that have none are left out."""
    statement = (
        select(col(OrganAlias.body_id), col(OrganAlias.organ_id))
        .where(among(OrganAlias.body_id, body_ids), *_valid(on))
        .order_by(col(OrganAlias.valid_from), col(OrganAlias.id))
    )
    return {it.body_id: it.organ_id for it in await uow.session.execute(statement)}


async def organ_ids_of(uow: UnitOfWork, body_id: UUID) -> set[str]:
    """Every id that ever stood for a body."""
    statement = select(col(OrganAlias.organ_id)).where(col(OrganAlias.body_id) == body_id)
    return set((await uow.session.execute(statement)).scalars())
