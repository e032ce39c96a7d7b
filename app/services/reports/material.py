"""What a result report is made of, as the database has it; a constant number of statements for any campaign."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, cast, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from app.domain.campaign import Outcome
from app.domain.engagement import EngagementState
from app.domain.finding import FindingKind, FindingState
from app.domain.recommendation import Origin, RecommendationState
from app.domain.report import ReportKind, ReportState
from app.domain.report_draft import Material, Noted, Party, Proposed
from app.models.campaign import CampaignPartner, SubjectDocument
from app.models.delegation import Delegation
from app.models.engagement import Engagement, WorkingSession
from app.models.finding import Finding
from app.models.recommendation import Recommendation
from app.models.report import Report
from app.policies.relations import among
from app.policies.visibility import visible
from app.services.reading import body_ref
from app.services.reports.authors import Subject
from app.services.unit_of_work import UnitOfWork

NOT_YET_OR_NOT_MORE = (EngagementState.PREPARING, EngagementState.DISCONTINUED)


async def gather(uow: UnitOfWork, subject: Subject) -> Material:
    """Findings and recommendations are those that the author of the draft may see."""
    campaign = subject.campaign
    parties = await _parties(uow, subject)
    names = {it: party.name for it, party in parties.items()} if len(parties) > 1 else {}
    return Material(
        title=campaign.title,
        lead=await _lead(uow, subject),
        partners=await _partners(uow, subject),
        subject_documents=await _subject_documents(uow, subject),
        decision=await _decision(uow, subject),
        review=(campaign.review_from, campaign.review_to) if campaign.review_from and campaign.review_to else None,
        outline=[(it["key"], it["title"]) for it in campaign.outline.get("items", [])],
        parties=list(parties.values()),
        findings=await _findings(uow, parties.keys(), names),
        proposals=await _proposals(uow, subject),
    )


def _name(body_id: Any, uow: UnitOfWork) -> ColumnElement[str]:
    name: ColumnElement[str] = cast(body_ref(body_id, uow.today, uow.today), JSONB)["name"].astext
    return name


async def _rows(uow: UnitOfWork, statement: Any) -> list[Any]:
    return list((await uow.session.execute(statement.execution_options(scope="material of a report"))).all())


async def _lead(uow: UnitOfWork, subject: Subject) -> str:
    return str((await _rows(uow, select(_name(literal(subject.campaign.lead_body_id), uow))))[0][0])


async def _partners(uow: UnitOfWork, subject: Subject) -> list[str]:
    joined = or_(col(CampaignPartner.outcome).is_(None), col(CampaignPartner.outcome) != Outcome.REFUSED)
    named = select(_name(col(CampaignPartner.body_id), uow)).select_from(CampaignPartner)
    named = named.where(col(CampaignPartner.campaign_id) == subject.campaign.id, joined)
    return [name for (name,) in await _rows(uow, named.order_by(col(CampaignPartner.id)))]


async def _subject_documents(uow: UnitOfWork, subject: Subject) -> list[str]:
    it = SubjectDocument
    listed = select(col(it.symbol), col(it.issued_on), col(it.issuer)).where(col(it.campaign_id) == subject.campaign.id)
    rows = await _rows(uow, listed.order_by(col(it.id)))
    return [_paper(symbol, issued_on, issuer) for symbol, issued_on, issuer in rows]


def _paper(symbol: str, issued_on: date | None, issuer: str | None) -> str:
    dated = f" ngày {issued_on:%d/%m}/{issued_on.year}" if issued_on else ""
    return f"{symbol}{dated}" + (f" của {issuer}" if issuer else "")


async def _decision(uow: UnitOfWork, subject: Subject) -> str | None:
    """The delegation's own, or that of the campaign's first."""
    decided = select(col(Delegation.decision)).where(
        col(Delegation.campaign_id) == subject.campaign.id, col(Delegation.decided_on).is_not(None)
    )
    if subject.engagement is not None:
        decided = decided.where(col(Delegation.id) == subject.engagement.delegation_id)
    rows = await _rows(uow, decided.order_by(col(Delegation.id)).limit(1))
    if not rows or not rows[0][0]:
        return None
    decision = rows[0][0]
    return _paper(decision["symbol"], date.fromisoformat(decision["issued_on"]), None)


async def _parties(uow: UnitOfWork, subject: Subject) -> dict[UUID, Party]:
    it = Engagement
    found = select(col(it.id), col(it.supervised_person), _name(col(it.supervised_body_id), uow)).select_from(it)
    if subject.engagement is not None:
        found = found.where(col(it.id) == subject.engagement.id)
    else:
        found = found.where(col(it.campaign_id) == subject.campaign.id, col(it.state).not_in(list(NOT_YET_OR_NOT_MORE)))
    rows = await _rows(uow, found.order_by(col(it.id)))
    ids = [identifier for identifier, _, _ in rows]
    sessions, reports = await _sessions(uow, ids), await _reports(uow, ids)
    return {
        identifier: Party(
            name=f"{person['name']}, {person['post']}, {body}" if person else body,
            self_report=reports.get((identifier, ReportKind.SELF_REPORT)),
            sessions=sessions[identifier],
            adopted=reports.get((identifier, ReportKind.RESULT_REPORT)),
        )
        for identifier, person, body in rows
    }


async def _sessions(uow: UnitOfWork, ids: list[UUID]) -> dict[UUID, list[date]]:
    it = WorkingSession
    held = select(col(it.engagement_id), col(it.held_on)).where(among(it.engagement_id, ids))
    by_engagement: dict[UUID, list[date]] = defaultdict(list)
    for engagement_id, held_on in await _rows(uow, held.order_by(col(it.held_on), col(it.id))):
        by_engagement[engagement_id].append(held_on)
    return by_engagement


async def _reports(uow: UnitOfWork, ids: list[UUID]) -> dict[tuple[UUID, str], tuple[int, date]]:
    """The self-report in force and the adopted result report of each engagement: number and day."""
    it = Report
    sent = and_(col(it.kind) == ReportKind.SELF_REPORT, col(it.state) == ReportState.CIRCULATED)
    adopted = and_(col(it.kind) == ReportKind.RESULT_REPORT, col(it.state) == ReportState.ADOPTED)
    found = select(col(it.engagement_id), col(it.kind), col(it.number), col(it.circulated_on), col(it.adopted_on))
    rows = await _rows(uow, found.where(among(it.engagement_id, ids), or_(sent, adopted)).order_by(col(it.number)))
    return {
        (engagement, kind): (number, adopted_on or sent_on) for engagement, kind, number, sent_on, adopted_on in rows
    }


async def _findings(uow: UnitOfWork, ids: Iterable[UUID], names: dict[UUID, str]) -> list[Noted]:
    accepted = select(Finding).where(
        visible(Finding, uow.who),
        among(Finding.engagement_id, ids),
        col(Finding.state) == FindingState.ACCEPTED,
        col(Finding.kind) != FindingKind.VIOLATION_SIGN,
    )
    return [
        Noted(it.id, it.kind, it.content, it.clause, it.extent, it.occurred_on, names.get(it.engagement_id))
        for (it,) in await _rows(uow, accepted.order_by(col(Finding.id)))
    ]


async def _proposals(uow: UnitOfWork, subject: Subject) -> list[Proposed]:
    """Recommendations drafted or issued from this report's work; promises of a session are not proposals."""
    it = Recommendation
    found = select(_name(col(it.addressee_id), uow), col(it.action), col(it.due_on)).select_from(it)
    found = found.where(
        visible(it, uow.who),
        col(it.campaign_id) == subject.campaign.id,
        col(it.origin) == Origin.REPORT,
        col(it.state) != RecommendationState.WITHDRAWN,
        col(it.addressee_id).is_not(None),
    )
    if subject.engagement is not None:
        found = found.where(col(it.engagement_id) == subject.engagement.id)
    rows = await _rows(uow, found.order_by(col(it.id)))
    return [Proposed(addressee, action, due_on) for addressee, action, due_on in rows]
