"""Papers that came in for a recommendation: registered at once, and a reply only once an officer has read them.

While one waits, nobody is reminded and the clock escalates nothing: the answer may already be in the house.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden
from app.domain.incoming_reply import INCOMING_REPLY, IncomingReplyFacts
from app.domain.recommendation import RecommendationState
from app.models.document import Document
from app.models.history import Transition
from app.models.incoming_reply import (
    ClassifyReply,
    IncomingReply,
    IncomingReplyCreate,
    IncomingReplyMove,
    IncomingReplyRead,
)
from app.models.moves import OnBehalf
from app.models.recommendation import Recommendation, Reply
from app.services import carriage, steps
from app.services.reading import Projection
from app.services.recommendations import moves, parts
from app.services.unit_of_work import UnitOfWork

INCOMING_REPLIES = Projection(
    model=IncomingReply, reads={"full": IncomingReplyRead}, lifecycle=lambda kind: INCOMING_REPLY
)


async def register(uow: UnitOfWork, recommendation_id: UUID, payload: IncomingReplyCreate) -> UUID:
    """By a clerk, officer or leader of the lead, whoever sent it: a paper that is here is here."""
    parent = await steps.find(uow, Recommendation, recommendation_id, lock=True)
    if parent.issuer_body_id not in uow.who.records:
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    if parent.state == RecommendationState.DRAFT:
        raise Conflict("not_running")
    steps.not_in_the_future(uow, payload.received_on, "/received_on")
    await carriage.check_visible(uow, Document, [payload.document_id])
    return await receive_reply(uow, parent, payload.document_id, payload.received_on, note=payload.note)


async def receive_reply(
    uow: UnitOfWork, parent: Recommendation, document_id: UUID, received_on: date, *, note: str | None = None
) -> UUID:
    """Of a recommendation that the caller has locked; also of a closed one, which only a person opens again.

    The document is one that the caller, or the exchange, has already admitted.
    """
    it = IncomingReply(
        recommendation_id=parent.id,
        document_id=document_id,
        received_on=received_on,
        note=note,
        account_id=uow.who.account_id if uow.who.signed_in else None,
    )
    kept = await parts.keep(uow, parent, it, "receive", None, uow.today)
    await carriage.attach(uow, it, documents=[document_id])
    return kept


async def advance(
    uow: UnitOfWork, recommendation_id: UUID, reply_id: UUID, move: IncomingReplyMove, expected: int | None
) -> None:
    parent = await steps.find(uow, Recommendation, recommendation_id, lock=True)
    it = await parts.part(uow, IncomingReply, recommendation_id, reply_id, lock=True)
    effects: dict[str, steps.Effect] = {"classify": _classify, "not_a_reply": _decide}
    case = steps.Case(it, INCOMING_REPLY, lead_body_id=parent.issuer_body_id, facts=_facts, effects=effects)
    await parts.advance(uow, parent, case, move, expected)


async def _facts(uow: UnitOfWork, it: IncomingReply, move: Any) -> IncomingReplyFacts:
    return IncomingReplyFacts(it, move)


async def _decide(uow: UnitOfWork, it: IncomingReply, move: Any, on: date) -> None:
    await carriage.carry(uow, it, documents=[move.document_id])
    it.decided_on, it.decision_reason = uow.today, move.reason


async def _classify(uow: UnitOfWork, it: IncomingReply, move: ClassifyReply, on: date) -> None:
    """The reply is the addressee's own act on the day its paper arrived; the recommendation's table decides."""
    parent = await parts.parent_of(uow, it)
    reply = Reply(
        action="reply",
        kind=move.kind,
        explanation=move.explanation,
        document_id=it.document_id,
        on=move.on or await _replied_on(uow, parent, it),
        on_behalf=OnBehalf(document_id=it.document_id, received_on=it.received_on),
    )
    await steps.follow(uow, moves.case_of(parent), reply)
    it.kind, it.explanation = move.kind, move.explanation
    await _decide(uow, it, move, on)


async def _replied_on(uow: UnitOfWork, parent: Recommendation, it: IncomingReply) -> date:
    """Not before the step it follows: while the paper lay there, a person may have moved the recommendation."""
    last = select(func.max(col(Transition.on_date))).where(
        col(Transition.subject_id) == parent.id, col(Transition.from_state).is_not(None)
    )
    previous: date | None = (await uow.session.execute(last)).scalar_one()
    return it.received_on if previous is None else max(previous, it.received_on)
