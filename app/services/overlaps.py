"""Overlap (chồng chéo): other work on the same body at the same time, across all regimes (Luật MTTQ Đ25(3)).

Of a campaign that the caller may not see it learns only that, in which quarter, and whom to ask.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.errors import Conflict, Forbidden
from app.core.text import fold
from app.domain.campaign import CampaignState
from app.domain.overlap import Work, quarters, weigh
from app.models.body import Body, LineageLink
from app.models.campaign import Campaign, CampaignSupervised, SubjectDocument, Window
from app.models.engagement import Engagement
from app.models.overlap import Load, Overlap, OverlapCampaign, OverlapQuery, OverlapReport
from app.policies.relations import among
from app.policies.visibility import VIEWS
from app.services import steps
from app.services.reading import body_ref
from app.services.unit_of_work import UnitOfWork

MOST = 200
SYSTEM = "overlap across tenants; what is hidden from the caller is reduced to quarter and lead"
LIVE = [it for it in CampaignState if it not in (CampaignState.CANCELLED, CampaignState.CLOSED)]


@dataclass(frozen=True)
class Question:
    """What is held against the others' work."""

    body_ids: frozenset[UUID]
    start: date
    end: date
    topic: str
    symbols: frozenset[str]
    itself: UUID | None = None


async def search(uow: UnitOfWork, asked: OverlapQuery) -> OverlapReport:
    """For officers and leaders who plan work of their own; the supervised body learns nothing about itself."""
    if not uow.who.acts:
        raise Forbidden
    question = Question(
        body_ids=await _family(uow, [asked.supervised_body_id]),
        start=asked.from_,
        end=asked.to,
        topic=asked.topic or "",
        symbols=frozenset(),
    )
    return await _report(uow, question, {asked.supervised_body_id})


async def of_campaign(uow: UnitOfWork, campaign_id: UUID) -> OverlapReport:
    """The report that is acknowledged when the campaign is planned."""
    it = await steps.find(uow, Campaign, campaign_id)
    if it.window_from is None or it.window_to is None:
        raise Conflict("no_window")
    supervised = await _supervised(uow, it.id)
    symbols = select(col(SubjectDocument.normalised)).where(
        col(SubjectDocument.campaign_id) == it.id, col(SubjectDocument.normalised).is_not(None)
    )
    found = (await uow.session.execute(symbols.execution_options(scope=SYSTEM))).scalars()
    question = Question(
        body_ids=await _family(uow, supervised),
        start=it.window_from,
        end=it.window_to,
        topic=f"{it.title} {it.topic or ''}",
        symbols=frozenset(symbol for symbol in found if symbol),
        itself=it.id,
    )
    return await _report(uow, question, supervised)


async def _supervised(uow: UnitOfWork, campaign_id: UUID) -> set[UUID]:
    meant = select(col(CampaignSupervised.body_id)).where(col(CampaignSupervised.campaign_id) == campaign_id)
    engaged = select(col(Engagement.supervised_body_id)).where(col(Engagement.campaign_id) == campaign_id)
    rows = await uow.session.execute(meant.union(engaged).execution_options(scope=SYSTEM))
    return set(rows.scalars())


async def _family(uow: UnitOfWork, body_ids: Iterable[UUID]) -> frozenset[UUID]:
    """The bodies with all that they came from and became."""
    seeds = list(body_ids)
    near, far = aliased(LineageLink), aliased(LineageLink)
    family = select(col(Body.id).label("body_id")).where(col(Body.id).in_(seeds)).cte("family", recursive=True)
    related = (
        select(col(far.body_id))
        .join(near, col(near.event_id) == col(far.event_id))
        .join(family, family.c.body_id == col(near.body_id))
        .where(col(near.successor) != col(far.successor))
    )
    family = family.union(related)
    return frozenset((await uow.session.execute(select(family.c.body_id))).scalars())


async def _concerns_caller(uow: UnitOfWork, body_ids: set[UUID]) -> bool:
    """The caller is one of these bodies, or below one."""
    above = select(col(Body.id), col(Body.parent_id)).where(among(Body.id, uow.who.bodies)).cte("above", recursive=True)
    parent = aliased(Body)
    above = above.union(select(col(parent.id), col(parent.parent_id)).where(col(parent.id) == above.c.parent_id))
    own = select(above.c.id).where(above.c.id.in_(body_ids)).limit(1)
    return (await uow.session.execute(own)).first() is not None


async def _report(uow: UnitOfWork, question: Question, asked: set[UUID]) -> OverlapReport:
    only_visible = await _concerns_caller(uow, asked)
    rows = await _others(uow, question, only_visible=only_visible)
    items = [_overlap(row, question) for row in rows]
    items.sort(key=lambda it: -(it.score or 0))
    return OverlapReport(items=items, load=_load(rows))


async def _others(uow: UnitOfWork, question: Question, *, only_visible: bool) -> list[Any]:
    """One row for each other campaign and supervised body; the window's index narrows them first."""
    if not question.body_ids:
        return []
    window = func.daterange(literal(question.start, Date), literal(question.end, Date), "[]")
    mine = or_(*(condition for name, condition in VIEWS[Campaign](uow.who) if name in {"full", "counterpart", "party"}))
    works = _works()
    symbols = select(func.array_agg(col(SubjectDocument.normalised))).where(
        col(SubjectDocument.campaign_id) == col(Campaign.id)
    )
    statement = (
        select(
            col(Campaign.id),
            col(Campaign.title),
            col(Campaign.topic),
            col(Campaign.state),
            col(Campaign.regime),
            col(Campaign.window_from),
            col(Campaign.window_to),
            col(Campaign.lead_body_id),
            works.c.body_id,
            mine.label("seen"),
            symbols.correlate(Campaign).scalar_subquery().label("symbols"),
            body_ref(col(Campaign.lead_body_id), col(Campaign.window_from), uow.today).label("lead_body"),
            body_ref(works.c.body_id, col(Campaign.window_from), uow.today).label("supervised_body"),
        )
        .join(works, works.c.campaign_id == col(Campaign.id))
        .where(
            works.c.body_id.in_(question.body_ids),
            func.daterange(col(Campaign.window_from), col(Campaign.window_to), "[]").op("&&")(window),
            col(Campaign.state).in_(LIVE),
        )
        .order_by(col(Campaign.id).desc())
        .limit(MOST)
        .execution_options(scope=SYSTEM)
    )
    if question.itself is not None:
        statement = statement.where(col(Campaign.id) != question.itself)
    if only_visible:
        statement = statement.where(mine)
    return list((await uow.session.execute(statement)).all())


def _works() -> Any:
    """Which body which campaign supervises or means to supervise; a person is no body."""
    meant = select(col(CampaignSupervised.campaign_id), col(CampaignSupervised.body_id))
    engaged = select(col(Engagement.campaign_id), col(Engagement.supervised_body_id)).where(
        col(Engagement.state) != "discontinued", col(Engagement.supervised_person).is_(None)
    )
    return meant.union(engaged).subquery("works")


def _overlap(row: Any, question: Question) -> Overlap:
    common = {
        "quarters": quarters(row.window_from, row.window_to),
        "supervised_body": row.supervised_body,
        "lead_body": row.lead_body,
        "contact": {"body_id": row.lead_body_id, "name": row.lead_body["name"]},
    }
    if not row.seen:
        return Overlap(view="hidden", **common)
    other = Work(row.window_from, row.window_to, fold(f"{row.title} {row.topic or ''}"), frozenset(row.symbols or ()))
    ours = Work(question.start, question.end, fold(question.topic), question.symbols)
    weight = weigh(ours, other)
    campaign = OverlapCampaign(
        id=row.id,
        title=row.title,
        state=row.state,
        regime=row.regime,
        window=Window(starts_on=row.window_from, ends_on=row.window_to),
    )
    return Overlap(
        view="full",
        campaign=campaign,
        score=weight.score,
        reasons=weight.reasons,
        suggestion=weight.suggestion,
        **common,
    )


def _load(rows: list[Any]) -> list[Load]:
    """How many campaigns each body has in each quarter, the asking one not counted."""
    counted: dict[tuple[UUID, str], set[UUID]] = {}
    for row in rows:
        for quarter in quarters(row.window_from, row.window_to):
            counted.setdefault((row.body_id, quarter), set()).add(row.id)
    ordered = sorted(counted.items(), key=lambda it: (str(it[0][0]), it[0][1]))
    return [Load(body_id=body, quarter=quarter, campaigns=len(ids)) for (body, quarter), ids in ordered]
