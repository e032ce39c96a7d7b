"""The others' work in SQL: found by the supervised body's index, whatever the number of campaigns in the country.

Which bodies each question is about is known before (questions.kin_of), so that no plan has to guess how many there are.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    Date,
    Integer,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.principal import Principal
from app.domain.campaign import CampaignState
from app.domain.plan import PlanState
from app.models.campaign import Campaign, CampaignSupervised, SubjectDocument
from app.models.engagement import Engagement
from app.models.plan import Plan, PlanItem, PlanItemSupervised
from app.policies import relations as r
from app.policies.relations import Condition
from app.policies.visibility import VIEWS
from app.services.overlaps.questions import Kin, Question
from app.services.reading import body_ref
from app.services.unit_of_work import UnitOfWork

MOST = 200
SYSTEM = "overlap across tenants; what is hidden from the caller is reduced to quarter and lead"
LIVE = [it for it in CampaignState if it not in (CampaignState.CANCELLED, CampaignState.CLOSED)]


async def found(uow: UnitOfWork, questions: Sequence[Question], kin: Kin, *, only_visible: bool) -> list[Any]:
    """One row for each question, each other work and each supervised body, newest work first."""
    asked = _asked(questions, kin)
    rows: list[Any] = []
    for made in (campaigns, items):
        statement = made(uow.who, asked, only_visible=only_visible)
        limited = statement.limit(MOST * len(questions)).execution_options(scope=SYSTEM)
        rows += (await uow.session.execute(limited)).all()
    return [row for row in rows if not _same(questions[row.n], row)]


def _same(question: Question, row: Any) -> bool:
    """A campaign and the item that it carries out are one work."""
    own = {question.itself, question.stands_for} - {None}
    return row.id in own or row.carries_out in own


def _asked(questions: Sequence[Question], kin: Kin) -> Any:
    """The questions as rows (n, body_id, relation, starts_on, ends_on)."""
    rows = [
        (n, body_id, str(relation), question.work.start, question.work.end)
        for n, question in enumerate(questions)
        for asked in question.body_ids
        for body_id, relation in kin[asked].items()
    ]
    types = (("n", Integer), ("body_id", Uuid), ("relation", String), ("starts_on", Date), ("ends_on", Date))
    arrays: list[Any] = [
        bindparam(None, [row[place] for row in rows], type_=ARRAY(kind), unique=True)
        for place, (_, kind) in enumerate(types)
    ]
    named = func.unnest(*arrays).table_valued(*(column(name, kind) for name, kind in types), name="asked")
    return select(named.render_derived()).subquery("asked")


def campaigns(who: Principal, asked: Any, *, only_visible: bool) -> Select[Any]:
    works, seen = _works(asked), _seen(Campaign, who, ("full", "counterpart", "party"))
    symbols = select(func.array_agg(col(SubjectDocument.normalised))).where(
        col(SubjectDocument.campaign_id) == col(Campaign.id)
    )
    window = func.daterange(col(Campaign.window_from), col(Campaign.window_to), "[]")
    columns = {
        "id": col(Campaign.id),
        "type": literal("campaign", String),
        "carries_out": col(Campaign.plan_item_id),
        "title": col(Campaign.title),
        "topic": col(Campaign.topic),
        "topic_codes": col(Campaign.topic_codes),
        "symbols": symbols.correlate(Campaign).scalar_subquery(),
        "state": cast(col(Campaign.state), String),
        "regime": col(Campaign.regime),
        "window_from": col(Campaign.window_from),
        "window_to": col(Campaign.window_to),
        "lead_body_id": col(Campaign.lead_body_id),
    }
    statement = (
        _rows(columns, works, seen, who)
        .join_from(works, Campaign, col(Campaign.id) == works.c.work_id)
        .where(window.op("&&")(func.daterange(works.c.starts_on, works.c.ends_on, "[]")))
        .where(col(Campaign.state).in_(LIVE), _told(who))
        .order_by(col(Campaign.id).desc())
    )
    return statement.where(seen) if only_visible else statement


def _rows(columns: dict[str, Any], works: Any, seen: Condition, who: Principal) -> Select[Any]:
    day, lead = columns["window_from"], columns["lead_body_id"]
    refs = {"lead_body": body_ref(lead, day, who.today), "supervised_body": body_ref(works.c.body_id, day, who.today)}
    named = [it.label(name) for name, it in {**columns, **refs}.items()]
    return select(works.c.n, works.c.relation, works.c.body_id, seen.label("seen"), *named)


def _seen(model: Any, who: Principal, names: tuple[str, ...]) -> Condition:
    return or_(false(), *(condition for name, condition in VIEWS[model](who) if name in names))


def _told(who: Principal) -> Condition:
    """Ad-hoc supervision that its leader hides is told to those who do it, and to the lead's superior."""
    hidden = col(Campaign.hidden_from_overlap)
    return or_(~hidden, _seen(Campaign, who, ("full",)), r.below(Campaign.lead_body_id, who.reads))


def _works(asked: Any) -> Any:
    """Which campaign supervises or means to supervise a body that is asked about; a person is no body."""
    meant = select(asked, col(CampaignSupervised.campaign_id).label("work_id")).join(
        CampaignSupervised, col(CampaignSupervised.body_id) == asked.c.body_id
    )
    engaged = (
        select(asked, col(Engagement.campaign_id).label("work_id"))
        .join(Engagement, col(Engagement.supervised_body_id) == asked.c.body_id)
        .where(col(Engagement.state) != "discontinued", col(Engagement.supervised_person).is_(None))
    )
    return union(meant, engaged).subquery("works")


def items(who: Principal, asked: Any, *, only_visible: bool) -> Select[Any]:
    """Items of plans that no living campaign carries out; in force or in the making."""
    works = (
        select(asked, col(PlanItemSupervised.item_id).label("work_id"))
        .join(PlanItemSupervised, col(PlanItemSupervised.body_id) == asked.c.body_id)
        .subquery("works")
    )
    made = _seen(PlanItem, who, ("full",))
    seen = or_(made, and_(_seen(PlanItem, who, ("public",)), col(Plan.state) == PlanState.ISSUED))
    carrying = aliased(Campaign)
    carried = exists().where(col(carrying.plan_item_id) == col(PlanItem.id), col(carrying.state) != "cancelled")
    columns: dict[str, Any] = {
        "id": col(PlanItem.id),
        "type": literal("plan_item", String),
        "carries_out": cast(null(), Uuid),
        "title": col(PlanItem.content),
        "topic": cast(null(), String),
        "topic_codes": cast(literal("[]", String), JSONB),
        "symbols": cast(null(), ARRAY(String)),
        "state": case((col(PlanItem.issued).is_not(None), "issued"), else_=cast(col(Plan.state), String)),
        "regime": cast(col(PlanItem.regime), String),
        "window_from": col(PlanItem.time_from),
        "window_to": col(PlanItem.time_to),
        "lead_body_id": col(Plan.body_id),
    }
    window = func.daterange(col(PlanItem.time_from), col(PlanItem.time_to), "[]")
    statement = (
        _rows(columns, works, seen, who)
        .join_from(works, PlanItem, col(PlanItem.id) == works.c.work_id)
        .join(Plan, col(Plan.id) == col(PlanItem.plan_id))
        .where(window.op("&&")(func.daterange(works.c.starts_on, works.c.ends_on, "[]")))
        .where(col(PlanItem.time_from).is_not(None), col(PlanItem.dropped_on).is_(None), ~carried)
        .order_by(col(PlanItem.id).desc())
    )
    return statement.where(made) if only_visible else statement
