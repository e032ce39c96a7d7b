"""What a confirmed transfer does: the column of the role moves, what was written before keeps the names of its day.

Whoever holds a role sees the record with its whole past, so moving the role is all the access there is to give.
"""

from collections.abc import Awaitable, Callable
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlmodel import col

from app.core.errors import invalid
from app.domain.delegation import DelegationState
from app.domain.report import ReportState
from app.domain.transfer import LEAD_ROLES, UNSETTLED, ClockPolicy, TransferRole, sides
from app.models.body import Body
from app.models.campaign import Campaign, CampaignPartner
from app.models.delegation import Delegation, DelegationMember
from app.models.engagement import Engagement
from app.models.recommendation import Recommendation
from app.models.report import Report
from app.models.transfer import Transfer, TransferConfirmation
from app.policies.visibility import unscoped
from app.services.recommendations import references
from app.services.steps import touch, write_transition
from app.services.transfers import division
from app.services.transfers.proposing import candidates_of
from app.services.unit_of_work import UnitOfWork, subject

R = Recommendation
SUBJECTS: dict[TransferRole, Any] = {
    TransferRole.CAMPAIGN_LEAD: Campaign,
    TransferRole.PARTNER: Campaign,
    TransferRole.SUPERVISED: Engagement,
    TransferRole.ISSUER: Recommendation,
    TransferRole.ADDRESSEE: Recommendation,
    TransferRole.VERIFIER: Recommendation,
}


async def hand_over(uow: UnitOfWork, it: Transfer, word: TransferConfirmation, on: date) -> None:
    """The record shows the step in its own history, and everybody of it is told."""
    model = SUBJECTS[it.subject_type]
    by_id = unscoped(model, reason="handed over by a confirmed transfer").where(col(model.id) == it.subject_id)
    record = (await uow.session.execute(by_id.with_for_update())).scalar_one()
    if len(word.to_body_ids) > 1:
        await division.divide(uow, record, word, on)
        return
    await DEEDS[it.subject_type](uow, it, record, word, on)
    touch(record)
    await uow.session.flush()
    document: Any = SimpleNamespace(document_id=word.decided_by_document_id)
    await write_transition(
        uow, record, "transfer", was=record.state, became=record.state, on=on, move=document, case=None
    )
    uow.record(f"{subject(record)}.transfer", record, lead_body_id=it.lead_body_id, role=str(it.subject_type))


async def _lead(uow: UnitOfWork, it: Transfer, campaign: Campaign, word: TransferConfirmation, on: date) -> None:
    """With it go what the lead issued and verifies, its drafts, its people's seats, its say over other transfers."""
    heir = word.to_body_ids[0]
    campaign.lead_body_id = heir
    if campaign.deciding_body_id == it.from_body_id:
        campaign.deciding_body_id = heir
    of_campaign = col(R.campaign_id) == campaign.id
    issued = update(R).where(of_campaign, col(R.issuer_body_id) == it.from_body_id)
    verified = update(R).where(of_campaign, col(R.verifier_body_id) == it.from_body_id)
    version = {"version": R.version + 1}
    await _run(uow, verified.values(verifier_body_id=heir, **version))
    await _run(uow, issued.values(issuer_body_id=heir, **version))
    await _superior_verifies(uow, of_campaign, heir)
    partnership = delete(CampaignPartner).where(
        col(CampaignPartner.campaign_id) == campaign.id, col(CampaignPartner.body_id) == heir
    )
    await _run(uow, partnership)
    await _drafts(uow, it, heir, col(Report.campaign_id) == campaign.id)
    await _seats(uow, it, heir, campaign.id, on)
    await _present_lead(uow, campaign.id, heir)


async def _superior_verifies(uow: UnitOfWork, which: Any, heir: UUID) -> None:
    """Where lead and addressee have become one body, its superior verifies (api.md, section 6)."""
    superior = (await uow.session.get_one(Body, heir)).parent_id
    if superior is None:
        return
    own = update(R).where(which, col(R.addressee_id) == heir, col(R.verifier_body_id) == heir)
    await _run(uow, own.values(verifier_body_id=superior))


async def _drafts(uow: UnitOfWork, it: Transfer, heir: UUID, which: Any) -> None:
    """What was not sent is the heir's to finish; what was sent keeps its author."""
    drafts = update(Report).where(
        which, col(Report.author_body_id) == it.from_body_id, col(Report.state) == ReportState.DRAFT
    )
    await _run(uow, drafts.values(author_body_id=heir, version=Report.version + 1))


async def _seats(uow: UnitOfWork, it: Transfer, heir: UUID, campaign_id: UUID, on: date) -> None:
    """Who sat for the ended body sits for its heir, from the day on which they belong to that."""
    ours = select(col(Delegation.id)).where(
        col(Delegation.campaign_id) == campaign_id, col(Delegation.state) != DelegationState.DISSOLVED
    )
    seats = update(DelegationMember).where(
        col(DelegationMember.delegation_id).in_(ours),
        col(DelegationMember.body_id) == it.from_body_id,
        or_(col(DelegationMember.valid_to).is_(None), col(DelegationMember.valid_to) >= on),
    )
    await _run(uow, seats.values(body_id=heir))


async def _present_lead(uow: UnitOfWork, campaign_id: UUID, heir: UUID) -> None:
    """Other transfers of this work are now the heir's to confirm."""
    works = [
        select(col(model.id)).where(col(model.campaign_id) == campaign_id) for model in (Engagement, Recommendation)
    ]
    of_campaign = or_(
        col(Transfer.subject_id) == campaign_id, *(col(Transfer.subject_id).in_(works_ids) for works_ids in works)
    )
    others = unscoped(Transfer, reason="the lead of the work has changed").where(of_campaign)
    for other in (await uow.session.execute(others.order_by(col(Transfer.id)))).scalars():
        if other.subject_type in LEAD_ROLES:
            continue
        other.lead_body_id = heir
        if other.state in UNSETTLED:
            other.two_sided = len(sides(other.subject_type, await candidates_of(uow, other), heir)) > 1


async def _partner(uow: UnitOfWork, it: Transfer, campaign: Campaign, word: TransferConfirmation, on: date) -> None:
    """Its agreement stays given; where the heir already takes part, the two become one."""
    heir = word.to_body_ids[0]
    ours = col(CampaignPartner.campaign_id) == campaign.id
    present = unscoped(CampaignPartner, reason="does the heir take part already?")
    found = await uow.session.execute(present.where(ours, col(CampaignPartner.body_id) == heir))
    takes_part = heir == campaign.lead_body_id or found.first() is not None
    former = (ours, col(CampaignPartner.body_id) == it.from_body_id)
    await _run(uow, delete(CampaignPartner).where(*former) if takes_part else _renamed(former, heir))
    await _seats(uow, it, heir, campaign.id, on)


def _renamed(former: Any, heir: UUID) -> Any:
    return update(CampaignPartner).where(*former).values(body_id=heir)


async def _supervised(
    uow: UnitOfWork, it: Transfer, engagement: Engagement, word: TransferConfirmation, on: date
) -> None:
    heir = word.to_body_ids[0]
    engagement.supervised_body_id = heir
    await _drafts(uow, it, heir, col(Report.engagement_id) == engagement.id)


async def _issuer(uow: UnitOfWork, it: Transfer, asked: Recommendation, word: TransferConfirmation, on: date) -> None:
    heir = word.to_body_ids[0]
    asked.issuer_body_id = heir
    if asked.verifier_body_id == it.from_body_id:
        asked.verifier_body_id = await division.verifier_for(uow, heir, heir, asked.addressee_id)


async def _verifier(uow: UnitOfWork, it: Transfer, asked: Recommendation, word: TransferConfirmation, on: date) -> None:
    heir = word.to_body_ids[0]
    if asked.addressee_id is not None and heir in await references.kin(uow, asked.addressee_id):
        raise invalid("/to_body_ids", "verifier_is_addressee")
    asked.verifier_body_id = heir


async def _addressee(
    uow: UnitOfWork, it: Transfer, asked: Recommendation, word: TransferConfirmation, on: date
) -> None:
    heir = word.to_body_ids[0]
    asked.verifier_body_id = await division.verifier_for(uow, asked.verifier_body_id, asked.issuer_body_id, heir)
    asked.addressee_id = heir
    if word.clock == ClockPolicy.RESTART:
        await division.restart(uow, asked, word.due_on, on)


async def _run(uow: UnitOfWork, statement: Any) -> None:
    await uow.session.execute(statement.execution_options(synchronize_session="fetch"))


Deed = Callable[[UnitOfWork, Transfer, Any, TransferConfirmation, date], Awaitable[None]]
DEEDS: dict[TransferRole, Deed] = {
    TransferRole.CAMPAIGN_LEAD: _lead,
    TransferRole.PARTNER: _partner,
    TransferRole.SUPERVISED: _supervised,
    TransferRole.ISSUER: _issuer,
    TransferRole.VERIFIER: _verifier,
    TransferRole.ADDRESSEE: _addressee,
}
