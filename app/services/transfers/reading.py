"""Transfers as they are read: the same for both old sides, the candidates and the registrar."""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, case, exists, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, array
from sqlmodel import col

from app.core.principal import Principal
from app.domain.transfer import LEAD_ROLES, UNSETTLED, TransferSide, lifecycle_of
from app.models.transfer import Transfer, TransferCandidate, TransferFilter, TransferRead
from app.models.transfer import TransferConfirmation as Word
from app.policies.relations import among
from app.services.reading import EMPTY_LIST, Page, Projection, body_ref, json_list, read_page
from app.services.unit_of_work import UnitOfWork


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    on = col(Transfer.effective_on)
    return {
        "from_body": body_ref(col(Transfer.from_body_id), on, who.today),
        "lead_body": body_ref(col(Transfer.lead_body_id), on, who.today),
        "candidates": _bodies(body_ref(col(TransferCandidate.body_id), on, who.today)),
        "candidate_ids": _bodies(col(TransferCandidate.body_id)),
        "to_body_ids": _bodies(col(TransferCandidate.body_id), col(TransferCandidate.chosen).is_(True)),
        "confirmed_by": _confirmations(who),
        "missing": _missing(),
    }


def _bodies(shown: Any, *only: ColumnElement[bool]) -> ColumnElement[Any]:
    listed = select(func.json_agg(aggregate_order_by(shown, col(TransferCandidate.body_id)))).select_from(
        TransferCandidate
    )
    of_it = listed.where(col(TransferCandidate.transfer_id) == col(Transfer.id), *only)
    return func.coalesce(of_it.correlate(Transfer).scalar_subquery(), EMPTY_LIST)


def _confirmations(who: Principal) -> ColumnElement[Any]:
    rows = select(
        col(Word.side),
        col(Word.body_id),
        body_ref(col(Word.body_id), col(Word.confirmed_on), who.today).label("body"),
        col(Word.account_id),
        col(Word.to_body_ids),
        col(Word.decided_by_document_id),
        col(Word.clock),
        col(Word.due_on),
        col(Word.confirmed_on).label("on"),
    ).where(col(Word.transfer_id) == col(Transfer.id))
    return json_list(rows.correlate(Transfer), order=[col(Word.id)])


def _missing() -> ColumnElement[Any]:
    """The SQL form of app.domain.transfer.sides, less those who have confirmed; nobody once it is settled."""
    of_lead = col(Transfer.subject_type).in_(list(LEAD_ROLES))
    needed = {
        TransferSide.LEAD: ~of_lead,
        TransferSide.SUCCESSOR: of_lead,
        TransferSide.REGISTRAR: col(Transfer.two_sided),
    }
    open_ = col(Transfer.state).in_(list(UNSETTLED))
    named = array([case((and_(open_, asked, ~_said(side)), str(side))) for side, asked in needed.items()])
    return func.to_json(func.array_remove(named, literal_column("NULL")))


def _said(side: TransferSide) -> ColumnElement[bool]:
    said = exists().where(col(Word.transfer_id) == col(Transfer.id), col(Word.side) == side)
    return said.correlate_except(Word)


TRANSFERS = Projection(
    model=Transfer, reads={"full": TransferRead}, columns=_columns, lifecycle=lifecycle_of, kind="two_sided"
)


async def page(uow: UnitOfWork, query: TransferFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    if query.state:
        where.append(col(Transfer.state).in_(query.state))
    if query.subject_type:
        where.append(col(Transfer.subject_type).in_(query.subject_type))
    named = (
        (Transfer.subject_id, query.subject_id),
        (Transfer.from_body_id, query.from_body_id),
        (Transfer.event_id, query.event_id),
    )
    where += [among(column, ids) for column, ids in named if ids]
    if query.candidate_id:
        offered = select(col(TransferCandidate.transfer_id)).where(among(TransferCandidate.body_id, query.candidate_id))
        where.append(col(Transfer.id).in_(offered))
    if query.to_body_id:
        wanted = col(Word.to_body_ids).op("&&")(literal(query.to_body_id, ARRAY(Uuid)))
        where.append(col(Transfer.id).in_(select(col(Word.transfer_id)).where(wanted)))
    return await read_page(uow, TRANSFERS, Page.of(query), where=where, filters=query.filters())
