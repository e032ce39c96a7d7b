"""Overlap reports: of a window thought of, of a campaign, of a plan item, and of all that a body plans for a year."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden
from app.core.text import fold
from app.domain.overlap import Relation, Work, pair, quarters, weigh
from app.models.campaign import Campaign, CampaignSupervised, SubjectDocument, Window
from app.models.engagement import Engagement
from app.models.overlap import (
    Conference,
    ConferenceItem,
    ConferenceQuery,
    Load,
    Overlap,
    OverlapQuery,
    OverlapReport,
    OverlapResolution,
    OverlapWork,
    ResolutionRead,
    WorkRef,
)
from app.models.plan import Plan, PlanItem, PlanItemSupervised
from app.policies.relations import among
from app.policies.visibility import VIEWS
from app.services import steps
from app.services.overlaps.others import LIVE, MOST, SYSTEM, found
from app.services.overlaps.questions import Question, concerns_caller, kin_of, require_planner
from app.services.reading import body_ref
from app.services.unit_of_work import UnitOfWork


async def search(uow: UnitOfWork, asked: OverlapQuery) -> OverlapReport:
    """Before anything is planned."""
    await require_planner(uow)
    work = Work(asked.from_, asked.to, fold(asked.topic or ""))
    question = Question(work, (asked.supervised_body_id,))
    return await _report(uow, question, subordinates=asked.include_subordinates)


async def of_campaign(uow: UnitOfWork, campaign_id: UUID) -> OverlapReport:
    """The report that is acknowledged when the campaign is planned; an asked counterpart reads it too."""
    it = await steps.find(uow, Campaign, campaign_id)
    full, asked, *_ = (condition for _, condition in VIEWS[Campaign](uow.who))
    involved = exists().where(col(Campaign.id) == it.id, full | asked)
    if not uow.who.acts or not (await uow.session.execute(select(involved).execution_options(scope=SYSTEM))).scalar():
        raise Forbidden
    return await _report(uow, await question_of_campaign(uow, it))


async def question_of_campaign(uow: UnitOfWork, it: Campaign) -> Question:
    if it.window_from is None or it.window_to is None:
        raise Conflict("no_window")
    symbols = select(col(SubjectDocument.normalised)).where(
        col(SubjectDocument.campaign_id) == it.id, col(SubjectDocument.normalised).is_not(None)
    )
    known = (await uow.session.execute(symbols.execution_options(scope=SYSTEM))).scalars()
    work = Work(
        it.window_from,
        it.window_to,
        fold(f"{it.title} {it.topic or ''}"),
        frozenset(symbol for symbol in known if symbol),
        frozenset(it.topic_codes),
    )
    return Question(work, await _supervised(uow, it.id), itself=it.id, stands_for=it.plan_item_id)


async def _supervised(uow: UnitOfWork, campaign_id: UUID) -> tuple[UUID, ...]:
    meant = select(col(CampaignSupervised.body_id)).where(col(CampaignSupervised.campaign_id) == campaign_id)
    engaged = select(col(Engagement.supervised_body_id)).where(
        col(Engagement.campaign_id) == campaign_id, col(Engagement.supervised_person).is_(None)
    )
    rows = await uow.session.execute(meant.union(engaged).execution_options(scope=SYSTEM))
    return tuple(rows.scalars())


async def of_item(uow: UnitOfWork, item_id: UUID) -> OverlapReport:
    """For the planning body and those whom it asks; everybody else reads the plan alone."""
    it = await steps.find(uow, PlanItem, item_id)
    full = exists().where(col(PlanItem.id) == it.id, VIEWS[PlanItem](uow.who)[0][1])
    if not uow.who.acts or not (await uow.session.execute(select(full).execution_options(scope=SYSTEM))).scalar():
        raise Forbidden
    return await _report(uow, await question_of_item(uow, it))


async def question_of_item(uow: UnitOfWork, it: PlanItem) -> Question:
    if it.time_from is None or it.time_to is None:
        raise Conflict("no_window")
    meant = select(col(PlanItemSupervised.body_id)).where(col(PlanItemSupervised.item_id) == it.id)
    bodies = (await uow.session.execute(meant.execution_options(scope=SYSTEM))).scalars()
    return Question(Work(it.time_from, it.time_to, fold(it.content)), tuple(bodies), itself=it.id)


async def _report(uow: UnitOfWork, question: Question, *, subordinates: bool = False) -> OverlapReport:
    reports, rows = await reports_of(uow, [question], subordinates=subordinates)
    return OverlapReport(items=reports[0], load=_load(rows))


async def reports_of(
    uow: UnitOfWork, questions: Sequence[Question], *, subordinates: bool = False
) -> tuple[list[list[Overlap]], list[Any]]:
    """The overlaps of each question, heaviest first, and the rows behind them."""
    if not questions:
        return [], []
    kin = await kin_of(uow, (it for one in questions for it in one.body_ids), subordinates=subordinates)
    party = {body for one in kin.values() for body, relation in one.items() if relation != Relation.SUBORDINATE}
    only_visible = await concerns_caller(uow, party)
    rows = await found(uow, questions, kin, only_visible=only_visible)
    settled = await _resolutions(uow, questions, rows)
    reports: list[list[Overlap]] = [[] for _ in questions]
    for row in rows:
        reports[row.n].append(_overlap(uow, row, questions[row.n], settled))
    for report in reports:
        report.sort(key=lambda it: -(it.score or 0))
    return reports, rows


def _overlap(uow: UnitOfWork, row: Any, question: Question, settled: dict[UUID, list[Any]]) -> Overlap:
    identifier = pair(question.itself, row.id) if question.itself else None
    common: dict[str, Any] = {
        "id": identifier,
        "quarters": quarters(row.window_from, row.window_to),
        "supervised_body": row.supervised_body,
        "lead_body": row.lead_body,
        "contact": {"body_id": row.lead_body_id, "name": row.lead_body["name"]},
        "resolutions": [_resolution(uow, it, seen=row.seen) for it in settled.get(identifier, [])]
        if identifier
        else None,
    }
    if not row.seen:
        return Overlap(view="hidden", **common)
    topic, codes = fold(f"{row.title} {row.topic or ''}"), frozenset(row.topic_codes or ())
    other = Work(row.window_from, row.window_to, topic, frozenset(row.symbols or ()), codes)
    weight = weigh(question.work, other, row.relation)
    work = OverlapWork(
        id=row.id,
        title=row.title,
        state=row.state,
        regime=row.regime,
        window=Window(starts_on=row.window_from, ends_on=row.window_to),
    )
    named: dict[str, Any] = {row.type: work}
    return Overlap(
        view="full", score=weight.score, reasons=weight.reasons, suggestion=weight.suggestion, **named, **common
    )


def _resolution(uow: UnitOfWork, row: Any, *, seen: bool) -> ResolutionRead:
    """What the other side wrote belongs to its text: who may not see that learns that it was settled, and how."""
    told = seen or row.OverlapResolution.body_id in uow.who.reads
    it = row.OverlapResolution
    return ResolutionRead(
        id=it.id,
        kind=it.kind,
        on=it.on_date,
        body=row.body,
        justification=it.justification if told else None,
        document_id=it.document_id if told else None,
    )


async def _resolutions(uow: UnitOfWork, questions: Sequence[Question], rows: list[Any]) -> dict[UUID, list[Any]]:
    named = {pair(one, row.id) for row in rows if (one := questions[row.n].itself)}
    if not named:
        return {}
    body = body_ref(col(OverlapResolution.body_id), col(OverlapResolution.on_date), uow.today).label("body")
    asked = select(OverlapResolution, body).where(among(OverlapResolution.overlap_id, named))
    asked = asked.order_by(col(OverlapResolution.id)).execution_options(scope=SYSTEM)
    settled: dict[UUID, list[Any]] = defaultdict(list)
    for row in await uow.session.execute(asked):
        settled[row.OverlapResolution.overlap_id].append(row)
    return settled


def _load(rows: list[Any]) -> list[Load]:
    """How many pieces of work each body has in each quarter, the asking one not counted."""
    counted: dict[tuple[UUID, str], set[UUID]] = defaultdict(set)
    for row in rows:
        for quarter in quarters(row.window_from, row.window_to):
            counted[row.body_id, quarter].add(row.id)
    ordered = sorted(counted.items(), key=lambda it: (str(it[0][0]), it[0][1]))
    return [Load(body_id=body, quarter=quarter, campaigns=len(ids)) for (body, quarter), ids in ordered]


async def conference(uow: UnitOfWork, asked: ConferenceQuery) -> Conference:
    """For the consultation conference (hội nghị hiệp thương): whatever the caller's body plans for the year."""
    await require_planner(uow)
    works = [*await _own_items(uow, asked.year), *await _own_campaigns(uow, asked.year)]
    reports, rows = await reports_of(uow, [question for _, question in works])
    items = [ConferenceItem(work=work, overlaps=overlaps) for (work, _), overlaps in zip(works, reports, strict=True)]
    items.sort(key=lambda it: -max((one.score or 1 for one in it.overlaps), default=0))
    return Conference(year=asked.year, items=items, load=_load(rows))


async def _own_items(uow: UnitOfWork, year: int) -> list[tuple[WorkRef, Question]]:
    bodies = select(func.array_agg(col(PlanItemSupervised.body_id))).where(
        col(PlanItemSupervised.item_id) == col(PlanItem.id)
    )
    carried = exists().where(col(Campaign.plan_item_id) == col(PlanItem.id), col(Campaign.state) != "cancelled")
    ours = (
        select(PlanItem, bodies.scalar_subquery().label("bodies"))
        .join(Plan, col(Plan.id) == col(PlanItem.plan_id))
        .where(among(Plan.body_id, uow.who.acts), col(Plan.year) == year, ~carried)
        .where(col(PlanItem.time_from).is_not(None), col(PlanItem.dropped_on).is_(None))
    )
    return [
        (
            WorkRef(type="plan_item", id=it.id, title=it.content, window=_window(it.time_from, it.time_to)),
            Question(Work(it.time_from, it.time_to, fold(it.content)), tuple(bodies or ()), itself=it.id),
        )
        for it, bodies in await _own(uow, ours, PlanItem)
    ]


async def _own_campaigns(uow: UnitOfWork, year: int) -> list[tuple[WorkRef, Question]]:
    bodies = select(func.array_agg(col(CampaignSupervised.body_id))).where(
        col(CampaignSupervised.campaign_id) == col(Campaign.id)
    )
    symbols = select(func.array_agg(col(SubjectDocument.normalised))).where(
        col(SubjectDocument.campaign_id) == col(Campaign.id), col(SubjectDocument.normalised).is_not(None)
    )
    ours = (
        select(Campaign, bodies.scalar_subquery().label("bodies"), symbols.scalar_subquery().label("symbols"))
        .where(among(Campaign.lead_body_id, uow.who.acts), col(Campaign.state).in_(LIVE))
        .where(col(Campaign.window_from) <= date(year, 12, 31), col(Campaign.window_to) >= date(year, 1, 1))
    )
    return [(_ref(it), _question(it, bodies, symbols)) for it, bodies, symbols in await _own(uow, ours, Campaign)]


async def _own(uow: UnitOfWork, ours: Any, model: Any) -> Sequence[Any]:
    newest = ours.order_by(col(model.id).desc()).limit(MOST).execution_options(scope=SYSTEM)
    return list((await uow.session.execute(newest)).all())


def _ref(it: Campaign) -> WorkRef:
    return WorkRef(type="campaign", id=it.id, title=it.title, window=_window(it.window_from, it.window_to))


def _question(it: Campaign, bodies: list[UUID] | None, symbols: list[str] | None) -> Question:
    assert it.window_from is not None
    assert it.window_to is not None
    topic = fold(f"{it.title} {it.topic or ''}")
    work = Work(it.window_from, it.window_to, topic, frozenset(symbols or ()), frozenset(it.topic_codes))
    return Question(work, tuple(bodies or ()), itself=it.id, stands_for=it.plan_item_id)


def _window(start: date | None, end: date | None) -> Window:
    assert start is not None
    assert end is not None
    return Window(starts_on=start, ends_on=end)
