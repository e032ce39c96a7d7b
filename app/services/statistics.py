"""Figures over the recommendations that the caller sees, each statement one pass over them."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    CTE,
    ColumnElement,
    RowMapping,
    Select,
    Subquery,
    Text,
    Uuid,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
)
from sqlmodel import col

from app.core.errors import NotVisible
from app.core.principal import Principal
from app.domain.campaign import CampaignState
from app.domain.recommendation import TERMINAL, Overdue, RecommendationState, ReplyStatus
from app.domain.transfer import TransferRole
from app.models.body import Body, BodyName, Place
from app.models.campaign import Campaign, CampaignPartner
from app.models.recommendation import Recommendation
from app.models.statistics import GroupBy, HalfYearQuery, RecommendationStatisticsQuery
from app.models.transfer import Transfer
from app.policies.relations import Condition
from app.policies.visibility import visible
from app.policies.visibility.supervision import told
from app.services import lineage
from app.services.reading import body_ref, json_list
from app.services.recommendations.reading import overdue_column
from app.services.unit_of_work import UnitOfWork

R = Recommendation
YEAR: ColumnElement[Any] = literal_column("interval '1 year'")
ISSUER, ADDRESSEE = col(R.issuer_body_id), col(R.addressee_id)
ISSUER_THEN: ColumnElement[Any] = func.coalesce(col(R.first_issuer_id), ISSUER)
ADDRESSEE_THEN: ColumnElement[Any] = func.coalesce(col(R.first_addressee_id), ADDRESSEE)
"""Who issued it, and to whom, before any transfer."""

OF_BODIES = (GroupBy.ADDRESSEE, GroupBy.LEAD)
AGES = {"days_1_30": (30, 1), "days_31_90": (90, 31), "days_91_180": (180, 91)}


async def of_recommendations(uow: UnitOfWork, asked: RecommendationStatisticsQuery) -> bytes:
    seen = _seen(uow.who, asked)
    rows = (await uow.session.execute(_grouped(uow.who, asked, seen))).mappings().all()
    total, *groups = rows
    items = [{"key": row["key"], "body": row["body"], "place": row["place"], **_figures(row)} for row in groups]
    answer = {"as_of": uow.today, "groups": total["groups"] - 1, "items": items, "total": _figures(total)}
    return orjson.dumps(answer, default=str)


def _seen(who: Principal, asked: RecommendationStatisticsQuery) -> CTE:
    """The rows that count, with what is said of each as a boolean."""
    then, now = (ISSUER_THEN, ISSUER) if asked.group_by == GroupBy.LEAD else (ADDRESSEE_THEN, ADDRESSEE)
    side = then if asked.bodies == "then" else now
    word = cast(R.origin, Text) if asked.group_by == GroupBy.ORIGIN else func.to_char(R.issued_on, 'YYYY"Q"Q')
    facts = [condition.label(name) for name, condition in _facts(who)]
    days_to_reply = (col(R.first_replied_on) - func.coalesce(R.received_on, R.issued_on)).label("days_to_reply")
    days_to_resolve = (col(R.resolved_on) - col(R.issued_on)).label("days_to_resolve")
    rows = select(side.label("body_id"), word.label("word"), days_to_reply, days_to_resolve, *facts)
    return rows.where(visible(R, who), *_period(asked)).cte("seen")


def _period(asked: RecommendationStatisticsQuery) -> Iterator[Condition]:
    yield col(R.issued_on).is_not(None)
    if asked.from_ is not None:
        yield col(R.issued_on) >= asked.from_
    if asked.to is not None:
        yield col(R.issued_on) <= asked.to


def outcomes(on: date | ColumnElement[date]) -> dict[str, Condition]:
    """What has become of a recommendation; what is overdue is so on that day."""
    withdrawn = col(R.state) == RecommendationState.WITHDRAWN
    replied = func.coalesce(col(R.reply_status) != ReplyStatus.AWAITING, literal(False))
    return {
        "replied": and_(replied, ~withdrawn),
        "resolved": col(R.state) == RecommendationState.RESOLVED,
        "overdue": overdue_column(on) != str(Overdue.NONE),
        "withdrawn": withdrawn,
    }


def _facts(who: Principal) -> Iterator[tuple[str, Condition]]:
    known = outcomes(who.today)
    resolved, withdrawn = known["resolved"], known["withdrawn"]
    due = and_(col(R.due_sort) < who.today, ~withdrawn)
    long = col(R.due_sort) > col(R.issued_on) + YEAR
    yield from {**known, "due": due, "multi_year": and_(due, long)}.items()
    yield "replied_in_time", and_(known["replied"], col(R.first_replied_on) <= col(R.reply_due_on))
    yield "counted", and_(due, ~long)
    yield "counted_resolved", and_(due, ~long, resolved)
    yield from _ages(who)


def _ages(who: Principal) -> Iterator[tuple[str, Condition]]:
    running, oldest = col(R.state).not_in(TERMINAL), max(first for first, _ in AGES.values())
    yield "not_due", and_(running, col(R.due_sort) >= who.today)
    for name, (first, last) in AGES.items():
        since, until = (who.today - timedelta(days=it) for it in (first, last))
        yield name, and_(running, col(R.due_sort).between(since, until))
    yield "days_over_180", and_(running, col(R.due_sort) < who.today - timedelta(days=oldest))


def _grouped(who: Principal, asked: RecommendationStatisticsQuery, seen: CTE) -> Select[Any]:
    """The total first, then the largest groups."""
    body, rows = _folded(who, asked, seen)
    places = select(col(Body.place_code)).where(col(Body.id) == body).correlate_except(Body).scalar_subquery()
    key = body if asked.group_by in OF_BODIES else places if asked.group_by == GroupBy.PLACE else seen.c.word
    keyed = select(key.label("key"), seen).select_from(rows).cte("keyed")
    figures = [func.count().filter(keyed.c[name]).label(name) for name, _ in _facts(who)]
    medians = [
        func.percentile_cont(0.5).within_group(keyed.c[it]).label(it) for it in ("days_to_reply", "days_to_resolve")
    ]
    whole = func.grouping(keyed.c.key).label("whole")
    grouped = (
        select(
            keyed.c.key, whole, func.count().label("issued"), func.count().over().label("groups"), *figures, *medians
        )
        .group_by(func.rollup(keyed.c.key))
        .order_by(whole.desc(), literal_column("issued").desc(), keyed.c.key)
        .limit(asked.limit + 1)
        .subquery("grouped")
    )
    return _named(who, asked, grouped)


def _folded(who: Principal, asked: RecommendationStatisticsQuery, seen: CTE) -> tuple[ColumnElement[Any], Any]:
    """The body of a row, and what to select from; `now`: its heir of today where it has exactly one."""
    if asked.bodies == "then":
        return seen.c.body_id, seen
    heirs = lineage.sole_heirs(select(seen.c.body_id).where(seen.c.body_id.is_not(None)).distinct(), who.today)
    folded = seen.outerjoin(heirs, heirs.c.body_id == seen.c.body_id)
    return func.coalesce(heirs.c.heir_id, seen.c.body_id), folded


def _named(who: Principal, asked: RecommendationStatisticsQuery, grouped: Subquery) -> Select[Any]:
    body: ColumnElement[Any] = null()
    place: ColumnElement[Any] = null()
    if asked.group_by in OF_BODIES:
        day = who.today if asked.bodies == "now" or asked.to is None else min(asked.to, who.today)
        body = body_ref(grouped.c.key, day, who.today)
    if asked.group_by == GroupBy.PLACE:
        named = func.json_build_object("code", col(Place.code), "full_name", col(Place.full_name))
        place = select(named).where(col(Place.code) == grouped.c.key).correlate_except(Place).scalar_subquery()
    order = (grouped.c.whole.desc(), grouped.c.issued.desc(), grouped.c.key)
    return select(grouped, body.label("body"), place.label("place")).order_by(*order).execution_options(scope="scoped")


PLAIN = ("issued", "due", "replied", "replied_in_time", "resolved", "overdue", "withdrawn")


def _figures(row: RowMapping) -> dict[str, Any]:
    counted, done = row["counted"], row["counted_resolved"]
    return {
        **{name: row[name] for name in PLAIN},
        "median_days_to_reply": row["days_to_reply"],
        "median_days_to_resolve": row["days_to_resolve"],
        "due_resolved": {
            "counted": counted,
            "resolved": done,
            "multi_year": row["multi_year"],
            "ratio": round(done / counted, 4) if counted else None,
        },
        "ageing": {name: row[name] for name in ("not_due", *AGES, "days_over_180")},
    }


async def half_year(uow: UnitOfWork, asked: HalfYearQuery) -> bytes:
    """Names are those of the day of issue; what is overdue is so today."""
    who, (since, until) = uow.who, asked.days
    body = body_ref(literal(asked.body_id, Uuid), min(until, who.today), who.today)
    parts = {
        "body": body,
        "campaigns": json_list(_campaigns(who, asked)),
        "recommendations": json_list(_by_addressee(who, asked)),
        "overdue": json_list(_overdue(who, asked)),
    }
    made = select(*(it.label(name) for name, it in parts.items())).execution_options(scope="scoped")
    row = (await uow.session.execute(made)).mappings().one()
    if row["body"] is None:
        raise NotVisible
    head = {"body_id": asked.body_id, "from": since, "to": until, "as_of": who.today}
    return orjson.dumps({**head, **row}, default=str)


def _campaigns(who: Principal, asked: HalfYearQuery) -> Select[Any]:
    """Those that ran in the half-year, by form; who reads only a conclusion is not told the form."""
    since, until = asked.days
    led = _lead_on(until) == asked.body_id
    partner = visible(CampaignPartner, who), col(CampaignPartner.body_id) == asked.body_id
    joined = col(Campaign.id).in_(select(col(CampaignPartner.campaign_id)).where(*partner))
    ran = and_(col(Campaign.window_from) <= until, col(Campaign.window_to) >= since)
    stands = and_(col(Campaign.planned_on).is_not(None), col(Campaign.state) != CampaignState.CANCELLED)
    columns: list[ColumnElement[Any]] = [func.count().filter(it).label(name) for name, it in _sides(led, joined)]
    counted = select(col(Campaign.form), *columns).where(told(who), or_(led, joined), ran, stands)
    return counted.group_by(col(Campaign.form)).order_by(col(Campaign.form))


def _lead_on(day: date) -> ColumnElement[Any]:
    """Who led the campaign then: what a later transfer took the lead from, else the present lead."""
    former = (
        select(col(Transfer.from_body_id))
        .where(
            col(Transfer.subject_id) == col(Campaign.id),
            col(Transfer.subject_type) == TransferRole.CAMPAIGN_LEAD,
            col(Transfer.confirmed_on) > day,
        )
        .order_by(col(Transfer.confirmed_on), col(Transfer.id))
        .limit(1)
    )
    return func.coalesce(former.correlate(Campaign).scalar_subquery(), col(Campaign.lead_body_id))


def _sides(led: Condition, joined: Condition) -> Iterator[tuple[str, Condition]]:
    yield "led", led
    yield "joined", and_(joined, ~led)


OUTCOMES = ("replied", "resolved")


def _was_issued_by(body_id: UUID) -> Condition:
    issuer: ColumnElement[Any] = ISSUER_THEN
    return issuer == body_id


def _by_addressee(who: Principal, asked: HalfYearQuery) -> Select[Any]:
    """Issued in the half-year; an addressee renamed within it has a line for each name."""
    name = select(col(BodyName.id)).where(
        col(BodyName.body_id) == ADDRESSEE_THEN, col(BodyName.valid_from) <= col(R.issued_on)
    )
    bearing = name.order_by(col(BodyName.valid_from).desc()).limit(1).correlate(R).scalar_subquery()
    facts = dict(_facts(who))
    rows = (
        select(
            ADDRESSEE_THEN.label("addressee_id"),
            col(R.issued_on),
            bearing.label("name_id"),
            *(facts[it].label(it) for it in OUTCOMES),
        )
        .where(visible(R, who), _was_issued_by(asked.body_id), col(R.issued_on).between(*asked.days))
        .cte("of_half")
    )
    return _lines(who, rows)


def _lines(who: Principal, rows: CTE) -> Select[Any]:
    first = func.min(rows.c.issued_on).label("first_on")
    outcomes = [func.count().filter(rows.c[it]).label(it) for it in OUTCOMES]
    lines = (
        select(rows.c.addressee_id, first, func.count().label("issued"), *outcomes)
        .group_by(rows.c.addressee_id, rows.c.name_id)
        .subquery("lines")
    )
    named = body_ref(lines.c.addressee_id, lines.c.first_on, who.today).label("addressee")
    shown = select(lines.c.addressee_id, named, lines.c.issued, *(lines.c[it] for it in OUTCOMES))
    return shown.order_by(lines.c.issued.desc(), lines.c.addressee_id, lines.c.first_on)


def _overdue(who: Principal, asked: HalfYearQuery) -> Select[Any]:
    """Each under the name that its paper bears; who answers for it now is said where that is another body."""
    late, (_, until) = overdue_column(who.today), asked.days
    plain: tuple[Any, ...] = (R.id, R.number, R.action, R.due_on, R.reply_due_on)
    passed_to = case((col(R.first_addressee_id).is_not(None), ADDRESSEE))
    columns: list[Any] = [
        *(col(it) for it in plain),
        ADDRESSEE_THEN.label("addressee_id"),
        body_ref(ADDRESSEE_THEN, col(R.issued_on), who.today).label("addressee"),
        body_ref(passed_to, who.today, who.today).label("passed_to"),
        late.label("overdue"),
    ]
    return (
        select(*columns)
        .where(visible(R, who), col(R.issuer_body_id) == asked.body_id, col(R.issued_on) <= until)
        .where(late != str(Overdue.NONE))
        .order_by(col(R.due_sort), col(R.id))
    )
