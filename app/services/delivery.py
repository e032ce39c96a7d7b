"""Who is told of what: from a message in the outbox to one notification for each person concerned.

`outbox_message.sent_at IS NULL` is the truth. A message is told once, tried again later, or held for a human to see.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, union, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from app.core.clock import today, utcnow
from app.core.ids import new_id
from app.core.principal import NOBODY, READING, Duty, Principal
from app.domain.body import BodyKind
from app.models.account import Membership, MembershipDuty
from app.models.agreement import Agreement, AgreementParty
from app.models.board import Board
from app.models.board_result import BoardResult
from app.models.body import ActsThrough, Body, LineageEnd, LineageEvent, LineageLink
from app.models.briefing import Briefing, BriefingParticipant
from app.models.campaign import Campaign, CampaignCounterpart, CampaignPartner
from app.models.delegation import Delegation, DelegationMember
from app.models.draft import Draft, DraftAssignment
from app.models.effectiveness_check import EffectivenessCheck
from app.models.engagement import Engagement, RevisionRequest, WorkingSession
from app.models.extension import Extension
from app.models.finding import Finding
from app.models.history import Notification, OutboxMessage
from app.models.incoming_reply import IncomingReply
from app.models.pause import Pause
from app.models.petition import Petition, PetitionForward
from app.models.plan import Plan, PlanConcurrence
from app.models.proposal import Proposal
from app.models.recommendation import Recommendation
from app.models.report import Report
from app.models.sweep import Digest
from app.models.transfer import Transfer, TransferCandidate
from app.models.webhook import Webhook
from app.policies.visibility import scoped, unscoped
from app.services import queue
from app.services.mails import sending as mails
from app.services.principals import in_force
from app.services.webhooks import telling

Sides = Select[Any]

ATTEMPTS = 8
"""After so many failures, about ten minutes, a message is held: nobody tries again until a human has looked."""


@dataclass(frozen=True)
class Audience:
    """The bodies concerned by a kind of record; each reader must besides see the record itself."""

    model: type[SQLModel]
    sides: Callable[[Any], list[Sides]]
    duties: frozenset[Duty] = READING


def _campaign(campaign_id: UUID) -> list[Sides]:
    """Every side that a campaign has; which of them sees a given record of it, and from when, visibility decides."""
    of_campaign = col(Delegation.campaign_id) == campaign_id
    members = select(col(DelegationMember.body_id)).join(
        Delegation, col(Delegation.id) == DelegationMember.delegation_id
    )
    return [
        select(col(Campaign.lead_body_id)).where(col(Campaign.id) == campaign_id),
        select(col(CampaignPartner.body_id)).where(col(CampaignPartner.campaign_id) == campaign_id),
        select(col(CampaignCounterpart.body_id)).where(col(CampaignCounterpart.campaign_id) == campaign_id),
        select(col(Engagement.supervised_body_id)).where(col(Engagement.campaign_id) == campaign_id),
        members.where(of_campaign),
    ]


def _of_its_campaign(it: Any) -> list[Sides]:
    return _campaign(it.campaign_id)


def _plan(it: Plan) -> list[Sides]:
    """The planning body and whom it asked; that an edition is in force, everybody reads where plans are listed."""
    asked = select(col(PlanConcurrence.body_id)).where(
        col(PlanConcurrence.plan_id) == it.id, col(PlanConcurrence.edition) == it.edition
    )
    return [select(col(Body.id)).where(col(Body.id) == it.body_id), asked]


def _recommendation(it: Recommendation) -> list[Sides]:
    ids = (it.issuer_body_id, it.addressee_id, it.verifier_body_id, it.proposer_body_id, it.escalated_to_id)
    named = select(col(Body.id)).where(col(Body.id).in_([body_id for body_id in ids if body_id]))
    return [named, select(col(CampaignPartner.body_id)).where(col(CampaignPartner.campaign_id) == it.campaign_id)]


def _part_of_recommendation(it: Any) -> list[Sides]:
    """The sides of the recommendation to which it belongs."""
    parent = col(Recommendation.id) == it.recommendation_id
    sides = (Recommendation.issuer_body_id, Recommendation.addressee_id, Recommendation.verifier_body_id)
    partners = select(col(CampaignPartner.body_id)).join(
        Recommendation, col(Recommendation.campaign_id) == col(CampaignPartner.campaign_id)
    )
    return [*(select(col(side)).where(parent) for side in sides), partners.where(parent)]


def _digest(it: Digest) -> list[Sides]:
    return [select(col(Body.id)).where(col(Body.id) == it.body_id)]


def _lineage_event(it: LineageEvent) -> list[Sides]:
    """Once for all its transfers: whoever leads the work, what ended, what came of it."""
    return [
        select(col(Transfer.lead_body_id)).where(col(Transfer.event_id) == it.id),
        select(col(LineageEnd.body_id)).where(col(LineageEnd.event_id) == it.id),
        select(col(LineageLink.body_id)).where(col(LineageLink.event_id) == it.id, col(LineageLink.successor)),
    ]


def _transfer(it: Transfer) -> list[Sides]:
    candidates = select(col(TransferCandidate.body_id)).where(col(TransferCandidate.transfer_id) == it.id)
    return [select(col(Body.id)).where(col(Body.id).in_([it.lead_body_id, it.from_body_id])), candidates]


def _briefing(briefing_id: UUID) -> list[Sides]:
    return [
        select(col(Briefing.chair_body_id)).where(col(Briefing.id) == briefing_id),
        select(col(BriefingParticipant.body_id)).where(col(BriefingParticipant.briefing_id) == briefing_id),
    ]


def _agreement(it: Agreement) -> list[Sides]:
    named = select(col(Body.id)).where(col(Body.id) == it.focal_body_id)
    return [named, select(col(AgreementParty.body_id)).where(col(AgreementParty.agreement_id) == it.id)]


def _board(board_id: UUID) -> list[Sides]:
    """The board and its Front; the committee of the commune and the owner of the project, once it is confirmed."""
    commune = select(col(Body.id)).join(Board, col(Board.place_code) == col(Body.place_code))
    sides = (Board.body_id, Board.front_body_id, Board.project_owner_body_id)
    return [
        *(select(col(side)).where(col(Board.id) == board_id, col(side).is_not(None)) for side in sides),
        commune.where(col(Board.id) == board_id, col(Body.kind) == BodyKind.PC_COMMITTEE),
    ]


def _petition(it: Petition) -> list[Sides]:
    named = select(col(Body.id)).where(col(Body.id).in_([it.lead_body_id, it.holder_body_id]))
    return [named, select(col(PetitionForward.to_body_id)).where(col(PetitionForward.petition_id) == it.id)]


def _proposal(it: Proposal) -> list[Sides]:
    return [*_briefing(it.briefing_id), select(col(Body.id)).where(col(Body.id) == it.to_body_id)]


def _draft(it: Draft) -> list[Sides]:
    """The lead and the drafting body; those assigned while opinions are taken."""
    assigned = select(col(DraftAssignment.body_id)).where(col(DraftAssignment.draft_id) == it.id)
    lead = select(col(Campaign.lead_body_id)).where(col(Campaign.id) == it.campaign_id)
    return [lead, select(col(Body.id)).where(col(Body.id) == it.drafting_body_id), assigned]


def _assignment(it: DraftAssignment) -> list[Sides]:
    lead = select(col(Campaign.lead_body_id)).join(Draft, col(Draft.campaign_id) == col(Campaign.id))
    return [lead.where(col(Draft.id) == it.draft_id), select(col(Body.id)).where(col(Body.id) == it.body_id)]


def _webhook(it: Webhook) -> list[Sides]:
    return [select(col(Body.id)).where(col(Body.id) == it.body_id)]


AUDIENCE: dict[str, Audience] = {
    "campaign": Audience(Campaign, lambda it: _campaign(it.id)),
    "delegation": Audience(Delegation, _of_its_campaign),
    "engagement": Audience(Engagement, _of_its_campaign),
    "working_session": Audience(WorkingSession, _of_its_campaign),
    "revision_request": Audience(RevisionRequest, _of_its_campaign),
    "finding": Audience(Finding, _of_its_campaign),
    "report": Audience(Report, _of_its_campaign),
    "recommendation": Audience(Recommendation, _recommendation),
    "plan": Audience(Plan, _plan),
    "draft": Audience(Draft, _draft),
    "draft_assignment": Audience(DraftAssignment, _assignment),
    "digest": Audience(Digest, _digest),
    "lineage_event": Audience(LineageEvent, _lineage_event),
    "transfer": Audience(Transfer, _transfer),
    "briefing": Audience(Briefing, lambda it: _briefing(it.id)),
    "proposal": Audience(Proposal, _proposal),
    "extension": Audience(Extension, _part_of_recommendation),
    "pause": Audience(Pause, _part_of_recommendation),
    "effectiveness_check": Audience(EffectivenessCheck, _part_of_recommendation),
    "incoming_reply": Audience(IncomingReply, _part_of_recommendation),
    "board": Audience(Board, lambda it: _board(it.id)),
    "board_result": Audience(BoardResult, lambda it: _board(it.board_id)),
    "petition": Audience(Petition, _petition),
    "agreement": Audience(Agreement, _agreement),
    "webhook": Audience(Webhook, _webhook, frozenset({Duty.ADMINISTRATOR})),
}

QUIET = frozenset({"create", "update", "delete", "edit"})
"""Work on one's own draft is nobody's news; a step of its life is."""


async def deliver(session: AsyncSession, message_id: UUID) -> None:
    """Tell everybody concerned, once. Whoever comes second waits for the first, and then finds it sent."""
    message = await session.get(OutboxMessage, message_id, with_for_update=True)
    if message is None or message.sent_at is not None:
        return
    readers = await _readers(session, message)
    if readers:
        told = insert(Notification).values([_notification(message, who) for who in readers])
        await session.execute(told.on_conflict_do_nothing(index_elements=["outbox_message_id", "account_id"]))
    await mails.fan_out(session, message.id)
    await telling.fan_out(session, message)
    message.sent_at = utcnow()


def _notification(message: OutboxMessage, who: Principal) -> dict[str, Any]:
    return {
        "id": new_id(),
        "created_at": message.created_at,
        "account_id": who.account_id,
        "body_id": who.body_id,
        "outbox_message_id": message.id,
        "type": message.type,
        "subject_type": message.subject_type,
        "subject_id": message.subject_id,
        "payload": message.payload,
    }


async def _readers(session: AsyncSession, message: OutboxMessage) -> list[Principal]:
    """Those concerned who may know of the record, without whoever did it."""
    audience = AUDIENCE.get(message.subject_type)
    if audience is None or message.type.rpartition(".")[2] in QUIET or _is_digested(message):
        return []
    model: Any = audience.model
    record = unscoped(audience.model, reason="whom does it concern?").where(col(model.id) == message.subject_id)
    it = (await session.execute(record)).scalars().first()
    if it is None:
        return []
    people = await _people(session, audience.sides(it), audience.duties)
    concerned = [who for who in people if who.account_id != message.account_id]
    return [who for who in concerned if await _sees(session, audience.model, message.subject_id, who)]


def _is_digested(message: OutboxMessage) -> bool:
    """What the nightly clock does to a recommendation is told in its digest."""
    return message.account_id is None and message.type == "recommendation.escalate"


async def _sees(session: AsyncSession, model: Any, identifier: UUID, who: Principal) -> bool:
    found = scoped(model, who).where(col(model.id) == identifier).with_only_columns(col(model.id))
    return (await session.execute(found)).first() is not None


async def _people(session: AsyncSession, sides: Sequence[Sides], duties: frozenset[Duty]) -> list[Principal]:
    """Everybody who today holds one of the duties in one of these bodies, or in an office through which it acts."""
    on = today()
    bodies = union(*sides).subquery()
    acting = (
        col(ActsThrough.valid_from) <= on,
        or_(col(ActsThrough.valid_to).is_(None), col(ActsThrough.valid_to) >= on),
    )
    offices = select(col(ActsThrough.office_id)).where(col(ActsThrough.organ_id).in_(select(bodies)), *acting)
    organs = select(func.array_agg(col(ActsThrough.organ_id))).where(
        col(ActsThrough.office_id) == col(Membership.body_id), *acting
    )
    statement = (
        select(
            col(Membership.account_id),
            col(Membership.body_id),
            func.array_agg(col(MembershipDuty.duty).distinct()).label("duties"),
            organs.scalar_subquery().label("organs"),
        )
        .join(MembershipDuty, col(MembershipDuty.membership_id) == col(Membership.id))
        .join(Body, col(Body.id) == col(Membership.body_id))
        .where(or_(col(Membership.body_id).in_(select(bodies)), col(Membership.body_id).in_(offices)), *in_force(on))
        .where(col(MembershipDuty.duty).in_(sorted(duties)))
        .group_by(col(Membership.account_id), col(Membership.body_id))
        .order_by(col(Membership.account_id), col(Membership.body_id))
        .execution_options(scope="whom does it concern?")
    )
    return [
        Principal(
            account_id=row.account_id,
            body_id=row.body_id,
            duties=frozenset(Duty(it) for it in row.duties),
            bodies=(row.body_id, *(row.organs or ())),
            today=on,
            family_id=NOBODY,
        )
        for row in await session.execute(statement)
    ]


async def failed(session: AsyncSession, message_id: UUID, error: Exception) -> int:
    """Count a failure by its kind (its words may hold personal data); answers how many there were."""
    counted = (
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == message_id)
        .values(attempts=OutboxMessage.attempts + 1, last_error=type(error).__name__)
        .returning(col(OutboxMessage.attempts))
    )
    return (await session.execute(counted)).scalar_one_or_none() or 0


def pause(attempts: int) -> timedelta:
    """2 s, 4 s, 8 s … up to five minutes."""
    return timedelta(seconds=min(2**attempts, 300))


def _waiting() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(OutboxMessage.sent_at).is_(None), col(OutboxMessage.attempts) < ATTEMPTS


async def requeue_lost(session: AsyncSession) -> int:
    unsent = select(col(OutboxMessage.id)).where(*_waiting()).order_by(col(OutboxMessage.id))
    return await queue.again(session, queue.DELIVER, unsent)


@dataclass(frozen=True)
class Lag:
    """How far behind the worker is: messages waiting, the age of the oldest, and those held."""

    waiting: int
    seconds: float
    held: int


async def lag(session: AsyncSession) -> Lag:
    """Ages come from the ids (UUIDv7) and the database's clock: the demo's day does not disturb them."""
    sent, tried = _waiting()
    oldest = select(col(OutboxMessage.id)).where(sent, tried).order_by(col(OutboxMessage.id)).limit(1)
    age = func.extract("epoch", func.clock_timestamp() - func.uuid_extract_timestamp(oldest.scalar_subquery()))
    waiting = func.count().filter(tried)
    row = (await session.execute(select(waiting, age, func.count().filter(~tried)).where(sent))).one()
    return Lag(waiting=row[0], seconds=max(0.0, float(row[1] or 0)), held=row[2])
