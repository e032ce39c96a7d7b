"""What addressees report moves their copies; delivery state is apart from what becomes of the case."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.adapters import edxml
from app.core.clock import civil
from app.domain.dispatch import RECEIVED, DeliveryState, after
from app.domain.edxml import StatusCode
from app.models.dispatch import Dispatch, DispatchCopy
from app.models.edxml import EdxmlMessage, EdxmlStatus
from app.services.dispatches.sending import arrived
from app.services.edxml import aliases, statuses
from app.services.unit_of_work import UnitOfWork


async def follow(uow: UnitOfWork, about: EdxmlMessage, status: EdxmlStatus) -> None:
    found = await _copy(uow, about.id, status.organ_id)
    if found is None:
        return
    dispatch, copy = found
    state = DeliveryState(copy.state)
    before = DeliveryState(copy.before_recall) if copy.before_recall else None
    copy.state = after(state, before, StatusCode(status.status))
    if status.note:
        copy.note = status.note
    if copy.state in RECEIVED:
        await arrived(uow, dispatch, copy, civil(status.reported_at.astimezone(edxml.VIET_NAM)))
    uow.record("dispatch.follow", dispatch, was=state, became=copy.state, lead_body_id=dispatch.sender_body_id)


async def _copy(uow: UnitOfWork, message_id: UUID, organ_id: str) -> tuple[Dispatch, DispatchCopy] | None:
    """Of the dispatch whose message is spoken of: the copy of the organ, by whichever of its ids it reports."""
    rows = select(Dispatch, DispatchCopy).join(DispatchCopy, col(DispatchCopy.dispatch_id) == col(Dispatch.id))
    rows = rows.where(col(Dispatch.message_id) == message_id).with_for_update()
    found = (await uow.session.execute(rows.execution_options(scope="copies that are reported of"))).all()
    standing = await aliases.bodies_of(uow, [organ_id], uow.today)
    for dispatch, copy in found:
        if copy.organ_id == organ_id or copy.body_id == standing.get(organ_id):
            return dispatch, copy
    return None


statuses.FOLLOWERS.append(follow)
