"""What a caller is to a record, as SQL: the building blocks of visibility and the actors of lifecycles.

A relation never asks whether something is visible; it asks which side somebody stands on.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, and_, any_, bindparam, false, literal, or_, select
from sqlmodel import SQLModel, col

from app.core.principal import Duty, Principal
from app.domain.delegation import SECRETARIAT, DelegationDuty
from app.domain.lifecycle import Actor
from app.domain.report import ReportKind
from app.domain.transfer import LEAD_ROLES, TransferRole, TransferState
from app.models.body import Body
from app.models.campaign import Campaign, CampaignCounterpart, CampaignPartner
from app.models.delegation import Delegation, DelegationMember
from app.models.engagement import Engagement, RevisionRequest
from app.models.finding import Finding, PendingEdit
from app.models.recommendation import Recommendation
from app.models.report import Report
from app.models.transfer import Transfer, TransferCandidate

Condition = ColumnElement[bool]


def among(column: Any, ids: Iterable[UUID]) -> Condition:
    """One id is compared, several are an array: one shape of statement for all callers with one body."""
    wanted = list(ids)
    if len(wanted) == 1:
        return col(column) == wanted[0]
    return col(column) == any_(bindparam(None, wanted, type_=ARRAY(Uuid), unique=True))


def led(campaign_id: Any, bodies: Iterable[UUID]) -> Condition:
    return col(campaign_id).in_(select(col(Campaign.id)).where(among(Campaign.lead_body_id, bodies)))


def joined_campaigns(bodies: Iterable[UUID]) -> Select[Any]:
    return select(col(CampaignPartner.campaign_id)).where(among(CampaignPartner.body_id, bodies))


def partnered(campaign_id: Any, bodies: Iterable[UUID]) -> Condition:
    return col(campaign_id).in_(joined_campaigns(bodies))


def asked(campaign_id: Any, bodies: Iterable[UUID]) -> Condition:
    """A counterpart that was asked for its agreement."""
    return col(campaign_id).in_(
        select(col(CampaignCounterpart.campaign_id)).where(
            among(CampaignCounterpart.body_id, bodies), col(CampaignCounterpart.asked_on).is_not(None)
        )
    )


def subordinates(bodies: Iterable[UUID]) -> Select[Any]:
    """Bodies whose direct superior is one of `bodies`."""
    return select(col(Body.id)).where(among(Body.parent_id, bodies))


def below(body_id: Any, bodies: Iterable[UUID]) -> Condition:
    return col(body_id).in_(subordinates(bodies))


def supervised_in(campaign_id: Any, bodies: Iterable[UUID]) -> Condition:
    """Supervised party of a notified engagement of the campaign."""
    return col(campaign_id).in_(
        select(col(Engagement.campaign_id)).where(
            among(Engagement.supervised_body_id, bodies), col(Engagement.notified_on).is_not(None)
        )
    )


def notified_engagements(bodies: Iterable[UUID]) -> Select[Any]:
    """With these as the supervised party."""
    return select(col(Engagement.id)).where(
        among(Engagement.supervised_body_id, bodies), col(Engagement.notified_on).is_not(None)
    )


def supervised(engagement_id: Any, bodies: Iterable[UUID]) -> Condition:
    return col(engagement_id).in_(notified_engagements(bodies))


def addressed_in(campaign_id: Any, bodies: Iterable[UUID]) -> Condition:
    """Addressee of a recommendation of the campaign, from its issue on."""
    return col(campaign_id).in_(
        select(col(Recommendation.campaign_id)).where(
            among(Recommendation.addressee_id, bodies), col(Recommendation.issued_on).is_not(None)
        )
    )


def seats_of(who: Principal, duties: Iterable[DelegationDuty] | None = None) -> list[Condition]:
    """The caller's present places in delegations; somebody recused has none."""
    conditions = [
        col(DelegationMember.account_id) == who.account_id,
        among(DelegationMember.body_id, who.reads),
        col(DelegationMember.valid_from) <= who.today,
        or_(col(DelegationMember.valid_to).is_(None), col(DelegationMember.valid_to) >= who.today),
        col(DelegationMember.recused).is_(False),
    ]
    if duties is not None:
        conditions.append(col(DelegationMember.duty).in_(list(duties)))
    return conditions


def member(delegation_id: Any, who: Principal, duties: Iterable[DelegationDuty] | None = None) -> Condition:
    return col(delegation_id).in_(select(col(DelegationMember.delegation_id)).where(*seats_of(who, duties)))


def member_in(campaign_id: Any, who: Principal, duties: Iterable[DelegationDuty] | None = None) -> Condition:
    seats = select(col(Delegation.campaign_id)).join(
        DelegationMember, col(DelegationMember.delegation_id) == col(Delegation.id)
    )
    return col(campaign_id).in_(seats.where(*seats_of(who, duties)))


def member_of_engagement(
    engagement_id: Any, who: Principal, duties: Iterable[DelegationDuty] | None = None
) -> Condition:
    seats = select(col(Engagement.id)).join(
        DelegationMember, col(DelegationMember.delegation_id) == col(Engagement.delegation_id)
    )
    return col(engagement_id).in_(seats.where(*seats_of(who, duties)))


def _headless(engagement_id: Any) -> Condition:
    """The head of the engagement's delegation has no account."""
    heads = select(col(Engagement.id)).join(
        DelegationMember, col(DelegationMember.delegation_id) == col(Engagement.delegation_id)
    )
    return col(engagement_id).in_(
        heads.where(col(DelegationMember.duty) == DelegationDuty.HEAD, col(DelegationMember.account_id).is_(None))
    )


def _secretariat(engagement_id: Any, who: Principal) -> dict[Actor, Condition]:
    if who.closed:
        return dict.fromkeys((Actor.HEAD, Actor.FOR_THE_HEAD, Actor.SECRETARY_HEAD), false())
    seated = member_of_engagement(engagement_id, who, SECRETARIAT)
    return {
        Actor.HEAD: member_of_engagement(engagement_id, who, [DelegationDuty.HEAD]),
        Actor.FOR_THE_HEAD: and_(seated, _headless(engagement_id)),
        Actor.SECRETARY_HEAD: seated,
    }


def _campaign(who: Principal) -> dict[Actor, Condition]:
    return {
        Actor.LEAD: among(Campaign.lead_body_id, who.acts),
        Actor.LEAD_LEADER: among(Campaign.lead_body_id, who.leads),
    }


def _delegation(who: Principal) -> dict[Actor, Condition]:
    decided_by_us = select(col(Campaign.id)).where(among(Campaign.deciding_body_id, who.leads))
    return {
        Actor.LEAD: led(Delegation.campaign_id, who.acts),
        Actor.LEAD_LEADER: led(Delegation.campaign_id, who.leads),
        Actor.DECIDER_LEADER: col(Delegation.campaign_id).in_(decided_by_us),
    }


def _engagement(who: Principal) -> dict[Actor, Condition]:
    return {
        Actor.LEAD: led(Engagement.campaign_id, who.acts),
        Actor.LEAD_LEADER: led(Engagement.campaign_id, who.leads),
        Actor.SUPERVISED: among(Engagement.supervised_body_id, who.acts),
        **_secretariat(Engagement.id, who),
    }


def _revision_request(who: Principal) -> dict[Actor, Condition]:
    return _secretariat(RevisionRequest.engagement_id, who)


def _finding(who: Principal) -> dict[Actor, Condition]:
    return {
        Actor.AUTHOR: and_(col(Finding.author_account_id) == who.account_id, among(Finding.author_body_id, who.bodies)),
        Actor.LEAD_LEADER: led(Finding.campaign_id, who.leads),
        **_secretariat(Finding.engagement_id, who),
    }


def _pending_edit(who: Principal) -> dict[Actor, Condition]:
    own = col(Finding.author_account_id) == who.account_id
    ours = select(col(Finding.id)).where(own, col(Finding.state) == "draft")
    seated = select(col(Finding.id)).where(member_of_engagement(Finding.engagement_id, who, SECRETARIAT))
    return {
        Actor.AUTHOR: col(PendingEdit.finding_id).in_(ours),
        Actor.SECRETARY_HEAD: col(PendingEdit.finding_id).in_(seated),
    }


def _report(who: Principal) -> dict[Actor, Condition]:
    """The head adopts an engagement's result report, the lead's leader a campaign-wide one (api.md, section 14)."""
    of_engagement = and_(col(Report.kind) == ReportKind.RESULT_REPORT, col(Report.engagement_id).is_not(None))
    return {
        Actor.AUTHOR_BODY: among(Report.author_body_id, who.acts),
        Actor.AUTHOR_LEADER: among(Report.author_body_id, who.leads),
        Actor.LEAD: led(Report.campaign_id, who.acts),
        Actor.LEAD_LEADER: and_(led(Report.campaign_id, who.leads), ~of_engagement),
        **_secretariat(Report.engagement_id, who),
    }


def _recommendation(who: Principal) -> dict[Actor, Condition]:
    return {
        Actor.LEAD: among(Recommendation.issuer_body_id, who.acts),
        Actor.LEAD_LEADER: among(Recommendation.issuer_body_id, who.leads),
        Actor.ADDRESSEE: among(Recommendation.addressee_id, who.acts),
        Actor.VERIFIER: among(Recommendation.verifier_body_id, who.acts),
    }


def _transfer(who: Principal) -> dict[Actor, Condition]:
    """A lead role is its successor's affair and the registry's; any other is for the present lead of the work."""
    of_lead = col(Transfer.subject_type).in_(list(LEAD_ROLES))
    return {
        Actor.LEAD: and_(~of_lead, among(Transfer.lead_body_id, who.acts)),
        Actor.SUCCESSOR_LEADER: and_(of_lead, offered(Transfer.id, who.leads)),
        Actor.REGISTRAR: literal(who.holds(Duty.REGISTRAR)),
    }


def offered(transfer_id: Any, bodies: Iterable[UUID]) -> Condition:
    """One of these may receive the role."""
    ours = select(col(TransferCandidate.transfer_id)).where(among(TransferCandidate.body_id, bodies))
    return col(transfer_id).in_(ours)


def handed_over(who: Principal, *roles: TransferRole) -> Select[Any]:
    """Records in which an ended body of the caller held the role until a transfer was confirmed."""
    return select(col(Transfer.subject_id)).where(
        among(Transfer.from_body_id, [it for it in who.reads if it in who.ended]),
        col(Transfer.subject_type).in_(roles),
        col(Transfer.state) == TransferState.CONFIRMED,
    )


def as_lead(campaign_id: Any, who: Principal) -> Condition:
    """Of a campaign that the caller's body leads, or that it led before it ended: it still reads, for a time."""
    now = led(campaign_id, who.reads)
    return or_(now, col(campaign_id).in_(handed_over(who, TransferRole.CAMPAIGN_LEAD))) if who.ended else now


def as_partner(campaign_id: Any, who: Principal) -> Condition:
    now = partnered(campaign_id, who.reads)
    return or_(now, col(campaign_id).in_(handed_over(who, TransferRole.PARTNER))) if who.ended else now


def as_supervised(engagement_id: Any, who: Principal) -> Condition:
    now = supervised(engagement_id, who.reads)
    return or_(now, col(engagement_id).in_(handed_over(who, TransferRole.SUPERVISED))) if who.ended else now


ACTORS: dict[type[SQLModel], Callable[[Principal], dict[Actor, Condition]]] = {
    Campaign: _campaign,
    Delegation: _delegation,
    Engagement: _engagement,
    RevisionRequest: _revision_request,
    Finding: _finding,
    PendingEdit: _pending_edit,
    Report: _report,
    Recommendation: _recommendation,
    Transfer: _transfer,
}
