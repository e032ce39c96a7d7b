"""What the needs of an engagement's steps look at, loaded for the step that is asked for."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlmodel import col

from app.core.errors import Conflict
from app.domain.campaign import CampaignState
from app.domain.delegation import DelegationState
from app.domain.engagement import EngagementFacts, RevisionRequestState
from app.domain.report import ReportKind, ReportState
from app.models.delegation import Delegation
from app.models.document import Document
from app.models.engagement import Engagement, RevisionRequest, WorkingSession
from app.models.finding import Finding
from app.models.report import Report, ReportComment
from app.policies.relations import among
from app.policies.visibility import unscoped
from app.services import carriage, steps
from app.services.leads import campaign_of
from app.services.unit_of_work import UnitOfWork

RULE = "rule over the work of one engagement"


async def require_named(uow: UnitOfWork, move: Any) -> None:
    """Every record that a move names is seen by the caller, or NotVisible."""
    package, paper = getattr(move, "document_ids", None), getattr(move, "on_behalf", None)
    named = [move.document_id, paper and paper.document_id]
    named += [package.plan, package.decision, package.outline] if package else []
    await carriage.check_visible(uow, Document, named)
    await carriage.check_visible(uow, Report, [getattr(move, "report_id", None)])
    await carriage.check_visible(uow, WorkingSession, [getattr(move, "session_id", None)])


async def load(uow: UnitOfWork, it: Engagement, move: Any) -> EngagementFacts:
    facts = EngagementFacts(it, move)
    if learn := FACTS.get(move.action):
        await learn(uow, facts)
    return facts


async def _of_notice(uow: UnitOfWork, facts: EngagementFacts) -> None:
    it = facts.it
    own = unscoped(Delegation, reason=RULE).where(col(Delegation.id) == it.delegation_id)
    delegation = (await uow.session.execute(own)).scalar_one()
    facts.delegation_decided = delegation.state == DelegationState.DECIDED
    facts.campaign_underway = (await campaign_of(uow, it.campaign_id)).state == CampaignState.UNDERWAY
    facts.package_complete = facts.payload.document_ids is not None


async def _of_self_report(uow: UnitOfWork, facts: EngagementFacts) -> None:
    facts.self_report_ready = _is_draft(await _report(uow, facts), ReportKind.SELF_REPORT, facts.it)


async def _of_draft(uow: UnitOfWork, facts: EngagementFacts) -> None:
    report = await _report(uow, facts)
    facts.draft_report_ready = _is_draft(report, ReportKind.RESULT_REPORT, facts.it)
    named = {UUID(str(one)) for section in report.sections for one in section.get("finding_ids") or ()}
    unproven = select(func.count()).where(
        among(Finding.id, named), func.jsonb_array_length(col(Finding.evidence)) == 0, col(Finding.session_id).is_(None)
    )
    facts.findings_without_evidence = await _count(uow, unproven)


async def _report(uow: UnitOfWork, facts: EngagementFacts) -> Report:
    return await steps.find(uow, Report, facts.payload.report_id, lock=True)


def _is_draft(report: Report, kind: ReportKind, it: Engagement) -> bool:
    return report.kind == kind and report.engagement_id == it.id and report.state == ReportState.DRAFT


async def _of_session(uow: UnitOfWork, facts: EngagementFacts) -> None:
    held = await steps.find(uow, WorkingSession, facts.payload.session_id)
    facts.regime = (await campaign_of(uow, facts.it.campaign_id)).regime
    facts.session_recorded = held.engagement_id == facts.it.id
    facts.session_has_minutes = bool(held.minutes_text or held.minutes_document_id)


async def _of_the_end(uow: UnitOfWork, facts: EngagementFacts) -> None:
    """An open revision request is refused first and by its own code: it is what the caller must settle."""
    await refuse_while_revised(uow, facts.it.id)
    facts.sessions = await _count(uow, select(func.count()).where(col(WorkingSession.engagement_id) == facts.it.id))
    unanswered = (
        select(func.count())
        .select_from(ReportComment)
        .join(Report, col(Report.id) == col(ReportComment.report_id))
        .where(
            col(Report.engagement_id) == facts.it.id,
            col(Report.kind) == ReportKind.RESULT_REPORT,
            col(ReportComment.answer_kind).is_(None),
        )
    )
    facts.comments_unanswered = await _count(uow, unanswered)


async def refuse_while_revised(uow: UnitOfWork, engagement_id: UUID) -> None:
    waiting = select(func.count()).where(
        col(RevisionRequest.engagement_id) == engagement_id,
        col(RevisionRequest.state) == RevisionRequestState.OPEN,
    )
    if await _count(uow, waiting):
        raise Conflict("revision_open")


async def _count(uow: UnitOfWork, statement: Select[Any]) -> int:
    return int((await uow.session.execute(statement.execution_options(scope=RULE))).scalar_one())


FACTS: dict[str, Callable[[UnitOfWork, EngagementFacts], Awaitable[None]]] = {
    "notify": _of_notice,
    "submit_self_report": _of_self_report,
    "hold_session": _of_session,
    "circulate_draft": _of_draft,
    "finalise": _of_the_end,
}
