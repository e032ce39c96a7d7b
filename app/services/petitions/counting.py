"""Petitions in figures, by forwarding body and period, and what open ones suggest to supervise.

Figures count across bodies, so small ones are hidden from whoever is not on the path: a cell under five could be
somebody. A petition counts once for a body, however often it forwarded it; one merged into another not at all.
"""

from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlmodel import col

from app.core.errors import invalid
from app.core.principal import Principal
from app.domain.petition import PETITION, SMALLEST_CELL
from app.models.petition import FiguresQuery, Petition, PetitionForward
from app.policies.relations import among
from app.policies.visibility import visible
from app.services.reading import body_ref
from app.services.unit_of_work import UnitOfWork

P, F = Petition, PetitionForward
MEASURES = ("received", "forwarded", "settled")
MOST_SUGGESTIONS = 100


async def figures(uow: UnitOfWork, asked: FiguresQuery) -> bytes:
    """Settled: forwarded in the period, and answered by its end."""
    if asked.to < asked.from_:
        raise invalid("to", "period_reversed")
    counted = _counted(uow.who, asked).subquery("counted")
    cells = [_cell(counted, measure, uow.who).label(measure) for measure in MEASURES]
    rows = select(counted.c.body_id, *cells).group_by(counted.c.body_id).subquery("cells")
    shown = or_(*(rows.c[measure].is_not(None) for measure in MEASURES))
    line = func.json_build_object(
        "body_id",
        rows.c.body_id,
        "body",
        body_ref(rows.c.body_id, asked.to, uow.who.today),
        *(part for measure in MEASURES for part in (measure, rows.c[measure])),
    )
    listed = select(line).where(shown).order_by(rows.c.body_id).execution_options(scope="figures; small ones hidden")
    items = list((await uow.session.execute(listed)).scalars())
    return orjson.dumps({"from": asked.from_, "to": asked.to, "items": items})


def _counted(who: Principal, asked: FiguresQuery) -> Any:
    """One row for each body, petition and measure; `seen` says that the caller sees the petition anyhow."""
    seen = cast(case((visible(P, who), 1), else_=0), Integer).label("seen")
    received: Any = select(col(P.lead_body_id).label("body_id"), col(P.id), literal("received").label("measure"), seen)
    received = received.where(col(P.merged_into_id).is_(None), col(P.received_on).between(asked.from_, asked.to))
    sent, settled = (
        select(col(F.from_body_id), col(P.id), literal(measure), seen)
        .select_from(P)
        .join(F, col(F.petition_id) == col(P.id))
        .where(col(P.merged_into_id).is_(None), col(F.forwarded_on).between(asked.from_, asked.to))
        .distinct()
        for measure in ("forwarded", "settled")
    )
    settled = settled.where(col(P.answered_on) <= asked.to)
    if asked.body_id:
        received = received.where(among(P.lead_body_id, asked.body_id))
        sent, settled = (it.where(among(F.from_body_id, asked.body_id)) for it in (sent, settled))
    return union_all(received, sent, settled)


def _cell(counted: Any, measure: str, who: Principal) -> ColumnElement[Any]:
    """The figure, or null when it is small and somebody else's."""
    of_measure = counted.c.measure == measure
    number = func.count().filter(of_measure)
    seen = func.coalesce(func.sum(counted.c.seen).filter(of_measure), 0)
    ours = counted.c.body_id.in_(who.reads)
    open_to_caller = or_(number >= SMALLEST_CELL, ours, and_(number > 0, seen == number))
    return case((open_to_caller, number))


async def suggestions(uow: UnitOfWork) -> bytes:
    """Open petitions that the caller sees, by the body they are about and their topic, the most frequent first."""
    open_ = and_(visible(P, uow.who), col(P.state).not_in(list(PETITION.final)), col(P.about_body_id).is_not(None))
    number = func.count().label("petitions")
    grouped: Select[Any] = (
        select(
            col(P.about_body_id),
            col(P.topic),
            number,
            func.min(col(P.received_on)).label("oldest_received_on"),
            func.json_agg(col(P.id)).label("petition_ids"),
        )
        .where(open_)
        .group_by(col(P.about_body_id), col(P.topic))
        .order_by(number.desc(), func.min(col(P.received_on)), col(P.about_body_id))
        .limit(MOST_SUGGESTIONS)
    )
    groups = grouped.subquery("groups")
    named = select(groups, body_ref(groups.c.about_body_id, uow.today, uow.today).label("about_body")).subquery("named")
    lines = select(func.row_to_json(literal_column("named"))).select_from(named)
    rows = await uow.session.execute(lines.execution_options(scope="scoped"))
    return orjson.dumps({"items": list(rows.scalars())})
