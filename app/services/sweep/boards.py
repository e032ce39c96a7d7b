"""Boards whose term ends soon, and papers of boards that did not come in time: both sides are told, once for each."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from app.domain.board import ACTIVITY_PLAN, OVERDUE_NEWS, TERM_NOTICE, BoardState
from app.domain.campaign import CampaignState
from app.models.board import Board
from app.models.campaign import Campaign
from app.models.deadline import Deadline
from app.policies.relations import among
from app.policies.visibility import unscoped
from app.services.unit_of_work import Told, UnitOfWork

B, D = Board, Deadline
SYSTEM = "the nightly clock"
AT_WORK = (BoardState.CONFIRMED, CampaignState.PLANNED, CampaignState.UNDERWAY)


async def tell(uow: UnitOfWork) -> int:
    """Marking and telling commit together; of two runs at once the second waits, and then finds nothing untold."""
    return await _tell_of_terms(uow) + await _tell_of_papers(uow)


async def _tell_of_terms(uow: UnitOfWork) -> int:
    ending = (
        col(B.state) == BoardState.CONFIRMED,
        col(B.term_to) <= uow.today + TERM_NOTICE,
        col(B.term_told_on).is_(None),
    )
    marked = update(B).where(*ending).values(term_told_on=uow.today).returning(col(B.id), col(B.front_body_id))
    found = (await uow.session.execute(marked.execution_options(synchronize_session=False))).all()
    await _record(uow, "board.term_ends", "board", found)
    return len(found)


async def _tell_of_papers(uow: UnitOfWork) -> int:
    late = (
        col(D.rule_code).in_(list(OVERDUE_NEWS)),
        col(D.due_on) < uow.today,
        *(col(column).is_(None) for column in (D.met_on, D.overdue_told_on, D.paused_since)),
    )
    marked = update(D).where(*late).values(overdue_told_on=uow.today).returning(col(D.rule_code), col(D.subject_id))
    rows = await uow.session.execute(marked.execution_options(synchronize_session=False))
    told = 0
    for code, lines in groupby(sorted(rows), key=lambda line: line[0]):
        told += await _tell_of(uow, code, [subject_id for _, subject_id in lines])
    return told


async def _tell_of(uow: UnitOfWork, code: str, subject_ids: Sequence[UUID]) -> int:
    """The plan of one supervision is the campaign's affair; every other paper is the board's."""
    model: Any = Campaign if code == ACTIVITY_PLAN else Board
    lead = Campaign.lead_body_id if code == ACTIVITY_PLAN else B.front_body_id
    concerned = unscoped(model, reason=SYSTEM).where(among(model.id, subject_ids), col(model.state).in_(AT_WORK))
    found = (await uow.session.execute(concerned.with_only_columns(col(model.id), col(lead)))).all()
    await _record(uow, OVERDUE_NEWS[code], model.__tablename__, found)
    return len(found)


async def _record(uow: UnitOfWork, news: str, kind: str, found: Sequence[Any]) -> None:
    if found:
        uow.record_each(news, kind, [Told(record_id, None, None, lead) for record_id, lead in found])
