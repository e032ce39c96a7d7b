"""The same limitation, again: every finding that repeats another, along the chain in both directions."""

from uuid import UUID

from sqlalchemy import Uuid, and_, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.models.base import ListQuery
from app.models.finding import Finding
from app.services import steps
from app.services.findings.reading import FINDINGS
from app.services.reading import Page, read_page
from app.services.unit_of_work import UnitOfWork


async def page(uow: UnitOfWork, finding_id: UUID, query: ListQuery) -> bytes:
    """As far as the caller sees them: on one body and its predecessors, in whatever campaign each was found.

    UNION ends the walk also where findings were linked in a circle.
    """
    await steps.find(uow, Finding, finding_id)
    chain = select(literal(finding_id, Uuid).label("finding_id")).cte("chain", recursive=True)
    here, other = aliased(Finding), aliased(Finding)
    linked = or_(col(other.repeat_of) == col(here.id), col(other.id) == col(here.repeat_of))
    step = select(col(other.id)).select_from(chain.join(here, col(here.id) == chain.c.finding_id).join(other, linked))
    chain = chain.union(step)
    where = [and_(col(Finding.id).in_(select(chain.c.finding_id)), col(Finding.id) != finding_id)]
    return await read_page(uow, FINDINGS, Page.of(query), where=where, filters={"repeats": finding_id})
