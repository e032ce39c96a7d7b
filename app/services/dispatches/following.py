"""What addressees report moves their copies, and what they answer waits at the recommendations that went to them.

Delivery state is apart from what becomes of the case: neither moves a recommendation.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.core.clock import civil
from app.domain.dispatch import RECEIVED, DeliveryState, after
from app.domain.edxml import StatusCode
from app.domain.incoming_reply import IncomingReplyState
from app.domain.recommendation import RecommendationState
from app.models.dispatch import Dispatch, DispatchCopy
from app.models.edxml import EdxmlMessage, EdxmlStatus
from app.models.incoming_reply import IncomingReply
from app.models.recommendation import Recommendation
from app.policies.relations import among
from app.policies.visibility import unscoped
from app.services.dispatches.sending import arrived
from app.services.edxml import aliases, registering, statuses
from app.services.edxml.registering import Answer
from app.services.recommendations.incoming_replies import receive_reply
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
        await arrived(uow, dispatch, copy, civil(status.reported_at))
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


async def answered(uow: UnitOfWork, about: EdxmlMessage, it: EdxmlMessage, answer: Answer) -> None:
    """A paper that names ours by its DocumentId is an incoming reply to each recommendation that ours carried to its
    sender; to a successor, what is now addressed to it."""
    dispatch, copies = await _of_message(uow, about.id)
    document_id = answer.documents.get(dispatch.sender_body_id) if dispatch else None
    if document_id is None:
        return
    theirs = {UUID(each) for copy in copies if _is_of(copy, it, answer) for each in copy.recommendation_ids}
    carried = {UUID(each) for copy in copies for each in copy.recommendation_ids}
    for recommendation in await _running(uow, carried):
        if recommendation.id in theirs or recommendation.addressee_id == answer.sender_body_id:
            await _open_reply(uow, it, recommendation, document_id)


def _is_of(copy: DispatchCopy, it: EdxmlMessage, answer: Answer) -> bool:
    return copy.organ_id == it.from_organ or copy.body_id == answer.sender_body_id


async def _of_message(uow: UnitOfWork, message_id: UUID) -> tuple[Dispatch | None, list[DispatchCopy]]:
    rows = select(Dispatch, DispatchCopy).join(DispatchCopy, col(DispatchCopy.dispatch_id) == col(Dispatch.id))
    rows = rows.where(col(Dispatch.message_id) == message_id)
    found = (await uow.session.execute(rows.execution_options(scope="what went out is answered"))).all()
    return (found[0][0] if found else None), [it[1] for it in found]


async def _running(uow: UnitOfWork, ids: Collection[UUID]) -> list[Recommendation]:
    if not ids:
        return []
    rows = unscoped(Recommendation, reason="what a paper of the exchange answers").where(
        among(Recommendation.id, ids), col(Recommendation.state) != RecommendationState.DRAFT
    )
    rows = rows.order_by(col(Recommendation.id)).with_for_update(of=Recommendation)
    return list((await uow.session.execute(rows)).scalars())


async def _open_reply(uow: UnitOfWork, it: EdxmlMessage, parent: Recommendation, document_id: UUID) -> None:
    """Once for each paper: an update of it while it waits is read with it."""
    waiting = unscoped(IncomingReply, reason="does this paper wait here already?").where(
        col(IncomingReply.recommendation_id) == parent.id,
        col(IncomingReply.document_id) == document_id,
        col(IncomingReply.state) == IncomingReplyState.RECEIVED,
    )
    if (await uow.session.execute(waiting)).first() is None:
        await receive_reply(uow, parent, document_id, civil(it.created_at))
    if str(parent.id) not in it.linked_recommendation_ids:
        it.linked_recommendation_ids = [*it.linked_recommendation_ids, str(parent.id)]


statuses.FOLLOWERS.append(follow)
registering.ANSWERED.append(answered)
