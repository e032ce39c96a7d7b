"""How dispatches and accounts are shown: the sender sees every copy, a recipient its own."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlmodel import col

from app.core.errors import Conflict
from app.core.principal import Principal
from app.models.dispatch import AxisAccount, AxisAccountRead, Dispatch, DispatchCopy, DispatchFilter, DispatchRead
from app.models.document import Document
from app.models.edxml import EdxmlMessage
from app.policies.relations import among
from app.policies.visibility import visible
from app.services import steps
from app.services.reading import Page, Projection, body_ref, json_list, read_page
from app.services.unit_of_work import UnitOfWork


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    copy = DispatchCopy
    shown: Any = select(
        col(copy.id),
        col(copy.body_id),
        body_ref(col(copy.body_id), who.today, who.today).label("body"),
        col(copy.organ_id),
        col(copy.state),
        col(copy.recommendation_ids),
        col(copy.axis_document_id),
        col(copy.sent_at),
        col(copy.received_on),
        col(copy.note),
        col(copy.tries),
    )
    seen = shown.where(col(copy.dispatch_id) == col(Dispatch.id), visible(copy, who)).correlate(Dispatch)
    paper = select(col(Document.symbol)).where(col(Document.id) == col(Dispatch.document_id))
    message = select(col(EdxmlMessage.exchange_id)).where(col(EdxmlMessage.id) == col(Dispatch.message_id))
    return {
        "sender_body": body_ref(col(Dispatch.sender_body_id), who.today, who.today),
        "symbol": paper.correlate(Dispatch).scalar_subquery(),
        "exchange_id": message.correlate(Dispatch).scalar_subquery(),
        "copies": json_list(seen, order=[col(copy.id)]),
    }


def _account_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {"body": body_ref(col(AxisAccount.body_id), who.today, who.today)}


DISPATCHES = Projection(model=Dispatch, reads={"full": DispatchRead, "party": DispatchRead}, columns=_columns)
ACCOUNTS = Projection(model=AxisAccount, reads={"full": AxisAccountRead}, columns=_account_columns)


async def page(uow: UnitOfWork, query: DispatchFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    if query.document_id:
        where.append(among(Dispatch.document_id, query.document_id))
    if query.channel:
        where.append(col(Dispatch.channel).in_(query.channel))
    copies: list[ColumnElement[bool]] = []
    if query.state:
        copies.append(col(DispatchCopy.state).in_(query.state))
    if query.recipient_body_id:
        copies.append(among(DispatchCopy.body_id, query.recipient_body_id))
    if query.recommendation_id is not None:
        copies.append(col(DispatchCopy.recommendation_ids).contains([str(query.recommendation_id)]))
    if copies:
        where.append(exists().where(col(DispatchCopy.dispatch_id) == col(Dispatch.id), *copies))
    return await read_page(uow, DISPATCHES, Page.of(query), where=where, filters=query.filters())


async def message_of(uow: UnitOfWork, dispatch_id: UUID) -> EdxmlMessage:
    """The bytes to be carried: for the sender, and for a recipient that got them."""
    it = await steps.find(uow, Dispatch, dispatch_id)
    if it.message_id is None:
        raise Conflict("organ_id_missing")
    return await uow.session.get_one(EdxmlMessage, it.message_id)
