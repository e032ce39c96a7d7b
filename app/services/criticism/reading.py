"""How drafts, versions and assignments are shown."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.draft import DRAFT
from app.models.base import search_expression
from app.models.draft import (
    AssignmentRead,
    Draft,
    DraftAssignment,
    DraftFilter,
    DraftParty,
    DraftRead,
    DraftReminder,
    DraftReminderRead,
    DraftRound,
    DraftSession,
    DraftVersion,
    VersionRead,
)
from app.models.opinion import Opinion
from app.policies.relations import among
from app.services import steps
from app.services.reading import Page, Projection, body_ref, json_list, matching, read_page
from app.services.unit_of_work import UnitOfWork


def _of_draft(model: Any) -> Any:
    return select(model).where(col(model.draft_id) == col(Draft.id)).correlate(Draft)


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    versions, rounds = _of_draft(DraftVersion), _of_draft(DraftRound)
    sessions, opinions = _of_draft(DraftSession), _of_draft(Opinion)
    version, round_, held = DraftVersion, DraftRound, DraftSession
    given = opinions.with_only_columns(func.count())
    due = col(Draft.send_due_on)
    return {
        "drafting_body": body_ref(col(Draft.drafting_body_id), col(Draft.received_on), who.today),
        "issuing_body": body_ref(col(Draft.issuing_body_id), col(Draft.received_on), who.today),
        "issuing_authority": case(
            (col(Draft.issuing_authority).is_not(None), func.json_build_object("name", col(Draft.issuing_authority)))
        ),
        "sent_late": func.coalesce(col(Draft.received_on) > due, False),
        "versions": json_list(
            versions.with_only_columns(
                col(version.id),
                col(version.number),
                col(version.received_on),
                func.jsonb_array_length(col(version.articles)).label("articles"),
            ),
            order=[col(version.number)],
        ),
        "rounds": json_list(
            rounds.with_only_columns(
                col(round_.id), col(round_.number), col(round_.version_id), col(round_.opened_on), col(round_.closes_on)
            ),
            order=[col(round_.number)],
        ),
        "sessions": json_list(
            sessions.with_only_columns(
                col(held.id),
                col(held.held_on),
                col(held.place),
                col(held.steps),
                col(held.attendance),
                col(held.minutes),
                col(held.document_id),
            ),
            order=[col(held.held_on), col(held.id)],
        ),
        "opinions": given.scalar_subquery(),
        "answered": given.where(col(Opinion.answer_kind).is_not(None)).scalar_subquery(),
    }


def _assignment_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    given = select(func.count()).where(col(Opinion.assignment_id) == col(DraftAssignment.id))
    return {
        "body": body_ref(col(DraftAssignment.body_id), who.today, who.today),
        "opinions": given.correlate(DraftAssignment).scalar_subquery(),
    }


DRAFTS = Projection(
    model=Draft, reads={"full": DraftRead, "party": DraftParty}, columns=_columns, lifecycle=lambda kind: DRAFT
)
VERSIONS = Projection(model=DraftVersion, reads={"full": VersionRead})
ASSIGNMENTS = Projection(model=DraftAssignment, reads={"full": AssignmentRead}, columns=_assignment_columns)
REMINDERS = Projection(model=DraftReminder, reads={"full": DraftReminderRead})


async def page(uow: UnitOfWork, query: DraftFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    if query.campaign_id:
        where.append(among(Draft.campaign_id, query.campaign_id))
    if query.drafting_body_id:
        where.append(among(Draft.drafting_body_id, query.drafting_body_id))
    if query.state:
        where.append(col(Draft.state).in_(query.state))
    if query.q is not None:
        where.append(matching(search_expression("title"), query.q))
    return await read_page(uow, DRAFTS, Page.of(query), where=where, filters=query.filters())


async def parts(uow: UnitOfWork, projection: Projection, draft_id: UUID, asked: Page) -> bytes:
    """Versions, assignments or reminders of one draft."""
    await steps.find(uow, Draft, draft_id)
    model: Any = projection.model
    return await read_page(uow, projection, asked, where=[col(model.draft_id) == draft_id], filters={"of": draft_id})
