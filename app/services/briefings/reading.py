"""Briefings, their conclusions and proposals as they are read: projection by view, filters, pages."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.briefing import BRIEFING
from app.domain.proposal import PROPOSAL
from app.models.base import search_expression
from app.models.briefing import (
    Briefing,
    BriefingConclusion,
    BriefingFilter,
    BriefingParticipant,
    BriefingParty,
    BriefingRead,
    ConclusionRead,
)
from app.models.proposal import Proposal, ProposalFilter, ProposalRead
from app.policies.relations import Condition, among
from app.policies.visibility import visible
from app.policies.visibility.briefings import carried_over, takes_part
from app.services import steps
from app.services.reading import Page, Projection, body_ref, civil_date, json_list, matching, read_page
from app.services.unit_of_work import UnitOfWork


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    on = col(Briefing.scheduled_on)
    period = func.json_build_object("from", col(Briefing.period_from), "to", col(Briefing.period_to))
    made_here = col(Proposal.briefing_id) == col(Briefing.id)
    return {
        "chair_body": body_ref(col(Briefing.chair_body_id), on, who.today),
        "period": case((col(Briefing.period_from).is_not(None), period)),
        "participants": _participants(who, on),
        "proposals": _proposals(who, on, made_here, visible(Proposal, who)),
        "carried_over": _proposals(who, on, carried_over(Briefing)),
        "conclusions": _conclusions(who, on),
    }


def _participants(who: Principal, on: Any) -> ColumnElement[Any]:
    rows = select(
        col(BriefingParticipant.body_id),
        body_ref(col(BriefingParticipant.body_id), on, who.today).label("body"),
        col(BriefingParticipant.name),
        col(BriefingParticipant.title),
    ).where(col(BriefingParticipant.briefing_id) == col(Briefing.id))
    return json_list(rows.correlate(Briefing), order=[col(BriefingParticipant.id)])


PLAIN = ("id", "version", "briefing_id", "proposer_body_id", "to_body_id", "text", "state", "reason")
ANSWERED = ("noted_on", "closed_on", "recommendation_id")


def _proposals(who: Principal, on: Any, *where: Condition) -> ColumnElement[Any]:
    rows: Select[Any] = select(
        *(col(getattr(Proposal, name)) for name in (*PLAIN, *ANSWERED)),
        body_ref(col(Proposal.proposer_body_id), on, who.today).label("proposer_body"),
        body_ref(col(Proposal.to_body_id), on, who.today).label("to_body"),
    ).where(*where)
    return json_list(rows.correlate(Briefing), order=[col(Proposal.id)])


def _conclusions(who: Principal, on: Any) -> ColumnElement[Any]:
    names = ("id", "text", "to_body_id", "due_on", "recommendation_id")
    rows: Select[Any] = select(
        *(col(getattr(BriefingConclusion, name)) for name in names),
        body_ref(col(BriefingConclusion.to_body_id), on, who.today).label("to_body"),
    ).where(col(BriefingConclusion.briefing_id) == col(Briefing.id))
    return json_list(rows.correlate(Briefing), order=[col(BriefingConclusion.id)])


BRIEFINGS = Projection(
    model=Briefing,
    reads={"full": BriefingRead, "party": BriefingParty},
    columns=_columns,
    lifecycle=lambda kind: BRIEFING,
)

SEARCHED = search_expression("title")


async def page(uow: UnitOfWork, asked: BriefingFilter) -> bytes:
    return await read_page(uow, BRIEFINGS, Page.of(asked), where=_conditions(asked), filters=asked.filters())


def _conditions(asked: BriefingFilter) -> list[Condition]:
    chosen = {name: getattr(asked, name) for name in ("kind", "state", "chair_body_id")}
    found: list[Condition] = [col(getattr(Briefing, name)).in_(values) for name, values in chosen.items() if values]
    if asked.participant_body_id:
        found.append(takes_part(Briefing, asked.participant_body_id))
    if asked.scheduled_from is not None:
        found.append(col(Briefing.scheduled_on) >= asked.scheduled_from)
    if asked.scheduled_to is not None:
        found.append(col(Briefing.scheduled_on) <= asked.scheduled_to)
    if asked.q is not None:
        found.append(matching(SEARCHED, asked.q))
    return found


def _proposal_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    on = civil_date(Proposal.created_at)
    return {
        name: body_ref(col(getattr(Proposal, f"{name}_id")), on, who.today)
        for name in ("chair_body", "proposer_body", "to_body")
    }


PROPOSALS = Projection(
    model=Proposal, reads={"full": ProposalRead}, columns=_proposal_columns, lifecycle=lambda kind: PROPOSAL
)


async def proposals_page(uow: UnitOfWork, asked: ProposalFilter) -> bytes:
    names = ("briefing_id", "chair_body_id", "proposer_body_id", "to_body_id")
    where = [among(getattr(Proposal, name), getattr(asked, name)) for name in names if getattr(asked, name)]
    if asked.state:
        where.append(col(Proposal.state).in_(asked.state))
    return await read_page(uow, PROPOSALS, Page.of(asked), where=where, filters=asked.filters())


def _conclusion_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    on = civil_date(BriefingConclusion.created_at)
    return {"to_body": body_ref(col(BriefingConclusion.to_body_id), on, who.today)}


CONCLUSIONS = Projection(model=BriefingConclusion, reads={"full": ConclusionRead}, columns=_conclusion_columns)


async def conclusions_page(uow: UnitOfWork, briefing_id: UUID, page: Page) -> bytes:
    await steps.find(uow, Briefing, briefing_id)
    where = [col(BriefingConclusion.briefing_id) == briefing_id]
    return await read_page(uow, CONCLUSIONS, page, where=where, filters={"briefing_id": briefing_id})
