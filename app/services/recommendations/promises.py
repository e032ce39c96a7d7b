"""What the supervised body undertakes at a session or is asked to send again: a recommendation from the start.

Its makers and keepers are other records: a session or a revision request makes it, the arrival of the new self-report
claims it done, waiving the request withdraws it.
"""

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlmodel import col

from app.domain.recommendation import RECOMMENDATION, Origin, RecommendationState
from app.models.engagement import Engagement
from app.models.parts import DueBasis
from app.models.recommendation import Owner, Recommendation
from app.models.report import Report
from app.policies.visibility import unscoped
from app.services.leads import lead_of
from app.services.recommendations.effects import claim, put_in_force
from app.services.recommendations.moves import case_of
from app.services.recommendations.references import stated_basis
from app.services.steps import write_transition
from app.services.unit_of_work import UnitOfWork


async def promise(
    uow: UnitOfWork,
    *,
    engagement: Engagement,
    text: str,
    owner: Owner,
    due_on: date,
    due_basis: DueBasis,
    on: date,
    origin_id: UUID,
) -> Recommendation:
    """Issued at once: the promising side was there, so it is received on the day it is made."""
    lead = await lead_of(uow, engagement.campaign_id)
    it = Recommendation(
        origin=Origin.SESSION,
        origin_id=origin_id,
        campaign_id=engagement.campaign_id,
        engagement_id=engagement.id,
        issuer_body_id=lead,
        verifier_body_id=lead,
        addressee_id=engagement.supervised_body_id,
        owner_name=owner.name,
        owner_title=owner.title,
        action=text,
        expected_result=text,
        due_on=due_on,
        due_sort=due_on,
        due_basis=await stated_basis(uow, due_basis),
        received_on=on,
        state=RecommendationState.ISSUED,
    )
    await put_in_force(uow, it, on)
    uow.add(it)
    await uow.session.flush()
    await _tell(uow, it, "create", None, RecommendationState.DRAFT, on)
    await _tell(uow, it, "issue", RecommendationState.DRAFT, RecommendationState.ISSUED, on)
    return it


async def claim_promise(uow: UnitOfWork, recommendation_id: UUID, report: Report, on: date) -> None:
    """The arrival of the new version claims the promise done; one that has ended or is being verified is left alone."""
    it = await _kept(uow, recommendation_id)
    if RECOMMENDATION.find(it.state, "claim_done") is None:
        return
    was, it.state = it.state, RecommendationState.VERIFYING
    claim(uow, it, on)
    it.claim_evidence = [{"kind": "note", "text": f"{report.title} (v{report.number}, {report.id})"}]
    await uow.session.flush()
    await _tell(uow, it, "claim_done", was, it.state, on)


async def withdraw_promise(uow: UnitOfWork, recommendation_id: UUID, reason: str, on: date) -> None:
    """What is no longer asked for; one that has ended or is being verified is left alone."""
    it = await _kept(uow, recommendation_id)
    if RECOMMENDATION.find(it.state, "withdraw") is None:
        return
    was, it.state = it.state, RecommendationState.WITHDRAWN
    await uow.session.flush()
    await _tell(uow, it, "withdraw", was, it.state, on, reason)


async def _kept(uow: UnitOfWork, recommendation_id: UUID) -> Recommendation:
    by_cause = unscoped(Recommendation, reason="moved by the record that made it")
    found = await uow.session.execute(by_cause.where(col(Recommendation.id) == recommendation_id).with_for_update())
    return found.scalar_one()


async def _tell(
    uow: UnitOfWork, it: Recommendation, action: str, was: str | None, became: str, on: date, reason: str | None = None
) -> None:
    said: Any = SimpleNamespace(reason=reason)
    await write_transition(uow, it, action, was=was, became=became, on=on, move=said, case=case_of(it))
    uow.record(f"recommendation.{action}", it, was=was, became=became, lead_body_id=it.issuer_body_id)
