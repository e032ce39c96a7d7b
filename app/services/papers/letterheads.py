"""At the head of a paper: who issued it on its day, by the names of that day, with its superior and its place."""

from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.errors import NotVisible
from app.domain.body import BodyKind
from app.domain.paper import Letterhead, Registered, form_of
from app.domain.transfer import TransferRole, TransferState
from app.models.body import Body, BodyName, Place
from app.models.document import Document
from app.models.transfer import Transfer, TransferCandidate
from app.policies.visibility import scoped
from app.services.reading import Projection, body_ref, read_one
from app.services.unit_of_work import UnitOfWork


async def letterhead(uow: UnitOfWork, body_id: UUID, on: date) -> Letterhead:
    above, place, higher = aliased(Body), aliased(Place), aliased(Place)
    columns: tuple[tuple[str, Any], ...] = (
        ("kind", col(Body.kind)),
        ("parent_kind", col(above.kind)),
        ("name", body_ref(col(Body.id), on, uow.today)),
        ("parent", body_ref(col(Body.parent_id), on, uow.today)),
        ("symbol", _symbol(on)),
        ("place", func.coalesce(col(place.name), col(higher.name))),
    )
    found = (
        select(*(it.label(name) for name, it in columns))
        .select_from(Body)
        .outerjoin(above, col(above.id) == col(Body.parent_id))
        .outerjoin(place, col(place.code) == col(Body.place_code))
        .outerjoin(higher, col(higher.code) == col(above.place_code))
        .where(col(Body.id) == body_id)
    )
    row = (await uow.session.execute(found.execution_options(scope="the head of a paper"))).mappings().one_or_none()
    if row is None:
        raise NotVisible
    return Letterhead(
        body_id=body_id,
        name=row["name"]["name"],
        kind=BodyKind(row["kind"]),
        form=form_of(row["kind"], row["parent_kind"]),
        parent=row["parent"]["name"] if row["parent"] else None,
        symbol=row["symbol"],
        place=row["place"],
    )


def _symbol(on: date) -> ColumnElement[Any]:
    first = select(col(BodyName.symbol)).where(col(BodyName.body_id) == col(Body.id))
    day, begun = literal(on), col(BodyName.valid_from)
    newest = first.order_by((begun <= day).desc(), func.abs(begun - day)).limit(1)
    return newest.correlate_except(BodyName).scalar_subquery()


async def holders(uow: UnitOfWork, role: TransferRole, subject_id: UUID, body_ids: list[UUID], on: date) -> list[UUID]:
    """Who had these bodies' part in the record on that day: a paper is of whoever wrote it, not of its heir."""
    passed = (
        select(col(Transfer.from_body_id), col(TransferCandidate.body_id))
        .join(TransferCandidate, col(TransferCandidate.transfer_id) == col(Transfer.id))
        .where(col(Transfer.subject_id) == subject_id, col(Transfer.subject_type) == role)
        .where(col(Transfer.state) == TransferState.CONFIRMED, col(TransferCandidate.chosen))
        .where(col(Transfer.effective_on) > on)
        .order_by(col(Transfer.effective_on).desc(), col(Transfer.id).desc())
        .execution_options(scope="who had this part in a record already found")
    )
    then = list(body_ids)
    for former, heir in (await uow.session.execute(passed)).all():
        then = [former if it == heir else it for it in then]
    return then


async def holder(uow: UnitOfWork, role: TransferRole, subject_id: UUID, body_id: UUID, on: date) -> UUID:
    return (await holders(uow, role, subject_id, [body_id], on))[0]


async def lead_head(uow: UnitOfWork, campaign_id: UUID, lead_body_id: UUID, on: date) -> Letterhead:
    """Of a paper of the campaign's lead of that day."""
    return await letterhead(uow, await holder(uow, TransferRole.CAMPAIGN_LEAD, campaign_id, lead_body_id, on), on)


async def sides(uow: UnitOfWork, engagement: dict[str, Any], on: date) -> tuple[Letterhead, str]:
    """Who supervised on that day, and the name of whom it supervised."""
    lead = await lead_head(uow, UUID(engagement["campaign_id"]), UUID(engagement["lead_body_id"]), on)
    now = UUID(engagement["supervised_body"]["id"])
    then = await holder(uow, TransferRole.SUPERVISED, UUID(engagement["id"]), now, on)
    [name] = await names(uow, [then], on)
    return lead, name


async def names(uow: UnitOfWork, body_ids: list[UUID], on: date) -> list[str]:
    """The names of that day, in the order asked for."""
    rows = await uow.session.execute(
        select(col(Body.id), body_ref(col(Body.id), on, uow.today)).where(col(Body.id).in_(body_ids))
    )
    found = {identifier: named["name"] for identifier, named in rows}
    return [found[it] for it in body_ids if it in found]


async def shown(uow: UnitOfWork, projection: Projection, identifier: UUID) -> dict[str, Any]:
    """A record as this caller sees it: no paper says more."""
    record: dict[str, Any] = orjson.loads((await read_one(uow, projection, identifier))[0])
    return record


async def shown_or_nothing(uow: UnitOfWork, projection: Projection, identifier: str | None) -> dict[str, Any]:
    """What stands beside a record, as far as the caller sees it."""
    if identifier is None:
        return {}
    try:
        return await shown(uow, projection, UUID(identifier))
    except NotVisible:
        return {}


async def registered(uow: UnitOfWork, document_id: str | None) -> Registered:
    """What the register of papers knows of this one, as far as the caller sees it."""
    if document_id is None:
        return Registered()
    found = await uow.session.execute(scoped(Document, uow.who).where(col(Document.id) == UUID(document_id)))
    it = found.scalar_one_or_none()
    return Registered(it.symbol, it.issued_on, it.signer) if it else Registered()
