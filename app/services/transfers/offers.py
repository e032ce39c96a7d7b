"""To whom a role is offered: what came of the ended body, and of that its organs of the same kind."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, exists, literal, or_, select, union, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.transfer import LEAD_ROLES, UNSETTLED, sides
from app.models.body import Body, LineageEnd, LineageEvent, LineageLink
from app.models.transfer import Transfer, TransferCandidate, TransferConfirmation
from app.policies.relations import among
from app.policies.visibility import unscoped
from app.services.unit_of_work import UnitOfWork

SYSTEM = "to whom an ended body's roles are offered"


def _successors() -> Any:
    """(event_id, ended_id, body_id): a standing committee's role may pass to a standing committee."""
    ended, organ = aliased(Body), aliased(Body)
    of_event = and_(col(LineageLink.event_id) == col(LineageEnd.event_id), col(LineageLink.successor))
    ends: tuple[Any, ...] = (col(LineageEnd.event_id), col(LineageEnd.body_id).label("ended_id"))
    came = select(*ends, col(LineageLink.body_id).label("body_id")).join(LineageLink, of_event)
    organs = (
        select(*ends, col(organ.id))
        .join(LineageLink, of_event)
        .join(LineageEvent, col(LineageEvent.id) == col(LineageEnd.event_id))
        .join(ended, col(ended.id) == col(LineageEnd.body_id))
        .join(organ, and_(col(organ.parent_id) == col(LineageLink.body_id), col(organ.kind) == col(ended.kind)))
        .where(or_(col(organ.valid_to).is_(None), col(organ.valid_to) >= col(LineageEvent.effective_on)))
    )
    return union(came, organs).subquery("came")


async def open_to_successors(uow: UnitOfWork, transfer_ids: Sequence[UUID]) -> None:
    """The first candidates of new transfers."""
    came, ours = _successors(), among(Transfer.id, transfer_ids)
    candidates = (
        select(col(Transfer.id), came.c.body_id)
        .join(came, and_(came.c.event_id == col(Transfer.event_id), came.c.ended_id == col(Transfer.from_body_id)))
        .where(ours)
    )
    await _add(uow, candidates)
    await settle_sides(uow, ours)


async def replace_ended(uow: UnitOfWork, event_id: UUID) -> Sequence[Any]:
    """A chain: what is not yet confirmed to a body passes on with it. What was said for the former ones is void.

    Answers the transfers (id, state, lead_body_id) that are offered anew.
    """
    came = _successors()
    ended = select(col(LineageEnd.body_id)).where(col(LineageEnd.event_id) == event_id)
    to_ended = select(col(TransferCandidate.transfer_id)).where(col(TransferCandidate.body_id).in_(ended))
    waiting = (
        select(col(Transfer.id), col(Transfer.state), col(Transfer.lead_body_id))
        .where(col(Transfer.id).in_(to_ended), col(Transfer.state).in_(list(UNSETTLED)))
        .order_by(col(Transfer.id))
        .with_for_update()
    )
    found = (await uow.session.execute(waiting.execution_options(scope=SYSTEM))).all()
    ids = [it.id for it in found]
    if not ids:
        return found
    heirs = (
        select(col(TransferCandidate.transfer_id), came.c.body_id)
        .join(came, and_(came.c.ended_id == col(TransferCandidate.body_id), came.c.event_id == event_id))
        .where(among(TransferCandidate.transfer_id, ids))
    )
    await _add(uow, heirs)
    theirs = (among(TransferCandidate.transfer_id, ids), col(TransferCandidate.body_id).in_(ended))
    await change(uow, delete(TransferCandidate).where(*theirs))
    await change(uow, delete(TransferConfirmation).where(among(TransferConfirmation.transfer_id, ids)))
    await settle_sides(uow, among(Transfer.id, ids))
    return found


async def _add(uow: UnitOfWork, candidates: Select[Any]) -> None:
    columns = ["transfer_id", "body_id", "chosen"]
    rows = insert(TransferCandidate).from_select(columns, candidates.add_columns(literal(False)))
    await uow.session.execute(rows.on_conflict_do_nothing())


async def settle_sides(uow: UnitOfWork, *which: ColumnElement[bool]) -> None:
    """Whose word they need (app.domain.transfer.sides), in SQL."""
    to_itself = exists().where(
        col(TransferCandidate.transfer_id) == col(Transfer.id),
        col(TransferCandidate.body_id) == col(Transfer.lead_body_id),
    )
    two = or_(col(Transfer.subject_type).in_(list(LEAD_ROLES)), to_itself)
    await change(uow, update(Transfer).where(*which, col(Transfer.state).in_(list(UNSETTLED))).values(two_sided=two))


async def change(uow: UnitOfWork, statement: Any) -> None:
    """Many rows at once, of which the session may hold some."""
    await uow.session.execute(statement.execution_options(synchronize_session="fetch", scope=SYSTEM))


async def candidates_of(uow: UnitOfWork, it: Transfer) -> list[UUID]:
    offered = unscoped(TransferCandidate, reason="candidates of a transfer that the caller moves").where(
        col(TransferCandidate.transfer_id) == it.id
    )
    rows = await uow.session.execute(offered.order_by(col(TransferCandidate.body_id)))
    return [row.body_id for row in rows.scalars()]


async def offer(uow: UnitOfWork, it: Transfer, body_ids: Iterable[UUID]) -> None:
    """These candidates in place of the former; what was confirmed for those is void."""
    wanted = list(dict.fromkeys(body_ids))
    await change(uow, delete(TransferConfirmation).where(col(TransferConfirmation.transfer_id) == it.id))
    await change(uow, delete(TransferCandidate).where(col(TransferCandidate.transfer_id) == it.id))
    uow.add(*(TransferCandidate(transfer_id=it.id, body_id=body_id) for body_id in wanted))
    it.two_sided = len(sides(it.subject_type, wanted, it.lead_body_id)) > 1
    await uow.session.flush()
