"""The moves of a recommendation's lifecycle: what each needs to know, and what it does beside changing the state."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible, invalid
from app.domain.recommendation import RECOMMENDATION, FollowUpClock, Implementation, RecommendationFacts, ReplyStatus
from app.models.account import Membership
from app.models.body import ActsThrough, Body
from app.models.campaign import Campaign
from app.models.due_change import DueChangeCause
from app.models.engagement import Engagement
from app.models.recommendation import (
    Amend,
    ClaimDone,
    Escalate,
    IssueRecommendation,
    Recommendation,
    RecommendationMove,
    Reminder,
    Reopen,
    Reply,
    ReturnReply,
    SettleUnresolved,
    Verify,
)
from app.services import carriage, lineage, steps
from app.services.recommendations import boards, dates, effects, escalations, references
from app.services.unit_of_work import UnitOfWork

SYSTEM = "rule across the records of one recommendation"


async def advance(uow: UnitOfWork, recommendation_id: UUID, move: RecommendationMove, expected: int | None) -> None:
    it = await steps.find(uow, Recommendation, recommendation_id, lock=True)
    if isinstance(move, Verify):
        await _refuse_own_work(uow, it)
    await steps.advance(uow, case_of(it), move, expected)


def case_of(it: Recommendation) -> steps.Case:
    return steps.Case(
        it,
        RECOMMENDATION,
        lead_body_id=it.issuer_body_id,
        facts=_facts,
        effects=EFFECTS,
        represented=it.addressee_id,
        own_date="issued_on",
    )


async def _refuse_own_work(uow: UnitOfWork, it: Recommendation) -> None:
    """Never somebody who had to act: of the addressee or what it was before, now or ever, or who claimed it done."""
    if it.addressee_id is None or it.verifier_body_id not in uow.who.acts:
        return
    first = {it.first_addressee_id} if it.first_addressee_id else set()
    had_to_act = {it.addressee_id} | first | await lineage.predecessors(uow, it.addressee_id)
    offices = select(col(ActsThrough.office_id)).where(col(ActsThrough.organ_id).in_(had_to_act))
    belonged = exists().where(
        col(Membership.account_id) == uow.who.account_id,
        or_(col(Membership.body_id).in_(had_to_act), col(Membership.body_id).in_(offices)),
    )
    belongs = (await uow.session.execute(select(belonged).execution_options(scope=SYSTEM))).scalar_one()
    if belongs or it.claimed_by_id == uow.who.account_id:
        raise Forbidden("verifier_acted")


async def _facts(uow: UnitOfWork, it: Recommendation, move: Any) -> RecommendationFacts:
    """Everything the needs look at, in one statement."""
    issued_on = getattr(move, "issued_on", None) or move.on or uow.today
    counts = {
        "campaign_state": select(col(Campaign.state)).where(col(Campaign.id) == it.campaign_id),
        "engagement_state": select(col(Engagement.state)).where(col(Engagement.id) == it.engagement_id),
        "written_reminders": select(func.count(col(Reminder.id))).where(
            col(Reminder.recommendation_id) == it.id, col(Reminder.document_id).is_not(None)
        ),
        "front_silent": select(boards.awaits_front(it)),
        "addressee_exists": select(exists().where(col(Body.id) == it.addressee_id, _existed(issued_on))),
    }
    labelled = (counted.scalar_subquery().label(name) for name, counted in counts.items())
    row = (await uow.session.execute(select(*labelled).execution_options(scope=SYSTEM))).one()
    return RecommendationFacts(it, move, issued_on=issued_on, **row._mapping)


def _existed(on: date) -> Any:
    return and_(col(Body.valid_from) <= on, or_(col(Body.valid_to).is_(None), col(Body.valid_to) >= on))


async def _issue(uow: UnitOfWork, it: Recommendation, move: IssueRecommendation, on: date) -> None:
    issued_on = move.issued_on or on
    if issued_on > on:
        raise invalid("/issued_on", "after_event", on=on.isoformat())
    await _carry_papers(uow, it, move)
    await effects.put_in_force(uow, it, issued_on)
    it.document_id = move.document_id


async def _reply(uow: UnitOfWork, it: Recommendation, move: Reply, on: date) -> None:
    """An acceptance, whole or in part, is also the beginning of the work."""
    await _carry_papers(uow, it, move)
    it.reply_status = ReplyStatus(move.kind)
    it.first_replied_on = it.first_replied_on or on
    it.reply = {**move.model_dump(mode="json", include={"kind", "explanation", "document_id"}), "on": on.isoformat()}
    if it.reply_status != ReplyStatus.EXPLAINED and it.implementation == Implementation.NOT_STARTED:
        it.implementation = Implementation.IN_PROGRESS


async def _return(uow: UnitOfWork, it: Recommendation, move: ReturnReply, on: date) -> None:
    _not_before(on, move.reply_due_on, "/reply_due_on")
    await _carry_papers(uow, it, move)
    basis = await references.stated_basis(uow, move.reply_due_basis)
    await effects.restart_reply_clock(uow, it, on, DueChangeCause.RETURN, move.reply_due_on)
    it.reply_due_basis = basis or {"text": move.reason}
    it.reply_status = ReplyStatus.AWAITING


async def _uphold(uow: UnitOfWork, it: Recommendation, move: Any, on: date) -> None:
    """What was replied stays replied; the time spent in dispute does not count."""
    await _carry_papers(uow, it, move)
    await effects.restart_reply_clock(uow, it, on, DueChangeCause.DISPUTE)


async def _amend(uow: UnitOfWork, it: Recommendation, move: Amend, on: date) -> None:
    changes = move.changes
    if changes.due_on is not None:
        _not_before(on, changes.due_on, "/changes/due_on")
    await _carry_papers(uow, it, move)
    basis = await references.stated_basis(uow, changes.due_basis)
    await effects.restart_reply_clock(uow, it, on, DueChangeCause.AMENDMENT)
    it.action = changes.action or it.action
    it.expected_result = changes.expected_result or it.expected_result
    it.measure = changes.measure or it.measure
    if changes.due_on is not None:
        dates.move(uow, it, FollowUpClock.COMPLETION, changes.due_on, DueChangeCause.AMENDMENT, on)
    it.due_basis = basis or it.due_basis
    it.reply_status = ReplyStatus.AWAITING


async def _claim(uow: UnitOfWork, it: Recommendation, move: ClaimDone, on: date) -> None:
    await _carry_papers(uow, it, move)
    it.claim_evidence = await carriage.carry_evidence(uow, it, move.evidence)
    effects.claim(uow, it, on)


async def _carry_papers(uow: UnitOfWork, it: Recommendation, move: Any) -> None:
    behalf = getattr(move, "on_behalf", None)
    papers = [move.document_id, behalf.document_id if behalf else None]
    await carriage.carry(uow, it, documents=papers, view="party")


async def _carry_only(uow: UnitOfWork, it: Recommendation, move: Any, on: date) -> None:
    await _carry_papers(uow, it, move)


async def _verify(uow: UnitOfWork, it: Recommendation, move: Verify, on: date) -> None:
    await _carry_papers(uow, it, move)
    it.implementation = move.implementation
    it.resolved_on = on
    it.verification = {
        "implementation": move.implementation,
        "note": move.note,
        "on": on.isoformat(),
        "body_id": str(it.verifier_body_id),
    }


async def _reject(uow: UnitOfWork, it: Recommendation, move: Any, on: date) -> None:
    await _carry_papers(uow, it, move)
    it.implementation = Implementation.UNSATISFACTORY


async def _return_to_work(uow: UnitOfWork, it: Recommendation, move: Any, on: date) -> None:
    await _carry_papers(uow, it, move)
    it.implementation = Implementation.IN_PROGRESS


async def _escalate(uow: UnitOfWork, it: Recommendation, move: Escalate, on: date) -> None:
    """One rung up: to the superior on that day unless the lead names another body."""
    superior = await _superior(uow, it, move, on)
    rule = await references.rule_known(uow, move.rule_id) if move.rule_id is not None else None
    await _carry_papers(uow, it, move)
    await escalations.climb(uow, it, to_body_id=superior, rule=rule, reason=move.reason, on=on)


async def _superior(uow: UnitOfWork, it: Recommendation, move: Escalate, on: date) -> UUID:
    if move.to_body_id == it.addressee_id:
        raise invalid("/to_body_id", "not_above_addressee")
    parent = select(col(Body.parent_id)).where(col(Body.id) == it.addressee_id).scalar_subquery()
    wanted = move.to_body_id or parent
    found = (await uow.session.execute(select(col(Body.id), _existed(on)).where(col(Body.id) == wanted))).first()
    if found is not None and found[1]:
        return UUID(str(found[0]))
    if move.to_body_id is None:
        raise Conflict("no_superior")
    if found is None:
        raise NotVisible
    raise invalid("/to_body_id", "body_ended")


async def _settle(uow: UnitOfWork, it: Recommendation, move: SettleUnresolved, on: date) -> None:
    await _carry_papers(uow, it, move)
    it.implementation = move.implementation


async def _reopen(uow: UnitOfWork, it: Recommendation, move: Reopen, on: date) -> None:
    """The work begins again under a new date, and so does the proof of it; the reply too where its clock restarts."""
    _not_before(on, move.due_on, "/due_on")
    await _carry_papers(uow, it, move)
    basis = await references.stated_basis(uow, move.due_basis)
    dates.move(uow, it, FollowUpClock.COMPLETION, move.due_on, DueChangeCause.REOPENING, on)
    it.due_basis = basis or {"text": move.reason}
    if move.clock == "restart":
        await effects.restart_reply_clock(uow, it, on, DueChangeCause.REOPENING)
        it.reply_status = ReplyStatus.AWAITING
    it.implementation = Implementation.IN_PROGRESS
    it.resolved_on = it.verification = it.claimed_on = it.claimed_by_id = None
    it.claim_evidence = []


def _not_before(on: date, due_on: date, pointer: str) -> None:
    if due_on < on:
        raise invalid(pointer, "before_event", on=on.isoformat())


EFFECTS: dict[str, steps.Effect] = {
    "issue": _issue,
    "reply": _reply,
    "return": _return,
    "object": _carry_only,
    "uphold": _uphold,
    "amend": _amend,
    "claim_done": _claim,
    "verify": _verify,
    "reject": _reject,
    "return_to_work": _return_to_work,
    "escalate": _escalate,
    "settle_unresolved": _settle,
    "withdraw": _carry_only,
    "reopen": _reopen,
}
