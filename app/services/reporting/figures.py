"""Which records count in which figure: the one place that decides it, for the year, for closing and for corrections.

A figure has a name (`supervisions.led.delegation`); a record counts in it once, or with an amount.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    Text,
    Uuid,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import array
from sqlmodel import col

from app.core.principal import Principal
from app.domain.board import BoardKind
from app.domain.body import GOVERNMENT_KINDS, PARTY_KINDS
from app.domain.campaign import CampaignKind, CampaignState
from app.models.board import Board
from app.models.body import Body
from app.models.campaign import Campaign, CampaignPartner
from app.models.recommendation import Recommendation
from app.models.year import YearQuery
from app.policies.relations import Condition, among
from app.policies.visibility import visible
from app.services.boards.reading import in_office
from app.services.campaigns.reading import told
from app.services.grassroots import through_boards
from app.services.places import bodies_at
from app.services.statistics import outcomes

R = Recommendation
Holds = Callable[[Any], Condition]
PARTS = {CampaignKind.SUPERVISION: "supervisions", CampaignKind.SOCIAL_CRITICISM: "criticisms"}
NOT_RUN = {CampaignState.PROPOSED, CampaignState.CONSULTING, CampaignState.CANCELLED}
RAN = [it for it in CampaignState if it not in NOT_RUN]


@dataclass(frozen=True)
class Subject:
    """Whose work is counted."""

    body_ids: Sequence[UUID]
    levels: Sequence[str] = ()
    codes: Sequence[str] = ()

    @classmethod
    def of(cls, who: Principal, asked: YearQuery) -> "Subject":
        if asked.body_id or asked.level or asked.place_code:
            return cls(asked.body_id, asked.level, asked.place_code)
        return cls(who.bodies)

    def holds(self, column: Any) -> Condition:
        """This body is one of them."""
        found: list[Condition] = [among(column, self.body_ids)] if self.body_ids else []
        if self.levels or self.codes:
            found.append(col(column).in_(bodies_at(self.levels, self.codes)))
        return and_(*found)


@dataclass(frozen=True)
class Reach:
    """Which days of whose work: one span, or the rows of a table of periods that `only` chooses."""

    start: Any
    end: Any
    as_of: Any
    of: Holds
    period_id: Any
    only: tuple[Condition, ...] = ()

    @classmethod
    def days(cls, start: date, end: date, as_of: date, of: Holds, period_id: UUID | None = None) -> "Reach":
        first, last, today = (literal(it, Date) for it in (start, end, as_of))
        return cls(first, last, today, of, literal(period_id, Uuid) if period_id else cast(null(), Uuid))


def counted(who: Principal, reach: Reach) -> CompoundSelect[Any]:
    """A row for each record and figure: (period_id, figure, record_type, record_id, amount)."""
    return union_all(_campaigns(who, reach), _recommendations(who, reach), _boards(who, reach))


def _rows(reach: Reach, model: Any, figures: Sequence[ColumnElement[Any]]) -> Select[Any]:
    named = func.unnest(func.array_remove(array(figures), None)).label("figure")
    kind = literal(str(model.__tablename__), Text).label("record_type")
    one = literal(1).label("amount")
    return select(reach.period_id.label("period_id"), named, kind, col(model.id).label("record_id"), one)


def _campaigns(who: Principal, reach: Reach) -> Select[Any]:
    """Whoever reads only a conclusion is not told the form, and so does not count it."""
    led = reach.of(Campaign.lead_body_id)
    partner = select(col(CampaignPartner.campaign_id)).where(reach.of(CampaignPartner.body_id))
    joined = col(Campaign.id).in_(partner.correlate_except(CampaignPartner))
    part = case({str(kind): name for kind, name in PARTS.items()}, value=cast(col(Campaign.kind), Text))
    figures: list[ColumnElement[Any]] = [
        case((condition, func.concat_ws(".", part, side, cast(col(Campaign.form), Text))))
        for side, condition in (("led", led), ("joined", joined))
    ]
    figures += _through_boards(who, Campaign.id, "supervisions", led)
    ran = col(Campaign.state).in_(RAN)
    within = and_(col(Campaign.window_from) <= reach.end, col(Campaign.window_to) >= reach.start)
    return _rows(reach, Campaign, figures).where(*reach.only, told(who), or_(led, joined), ran, within)


def _through_boards(who: Principal, campaign_id: Any, name: str, *more: Condition) -> Iterator[ColumnElement[Any]]:
    for kind in BoardKind:
        through = and_(col(campaign_id).in_(through_boards(who, [kind])), *more)
        yield case((through, literal(f"boards.{kind}.{name}", Text)))


def _recommendations(who: Principal, reach: Reach) -> Select[Any]:
    figures: list[ColumnElement[Any]] = [
        case((condition, literal(f"recommendations.{name}", Text))) for name, condition in _of_recommendation(reach)
    ]
    figures += _through_boards(who, R.campaign_id, "recommendations")
    within = col(R.issued_on).between(reach.start, reach.end)
    rows = _rows(reach, Recommendation, figures).outerjoin_from(R, Body, col(Body.id) == col(R.addressee_id))
    return rows.where(*reach.only, visible(R, who), reach.of(R.issuer_body_id), within)


def _boards(who: Principal, reach: Reach) -> Select[Any]:
    """In office on the last of the days, or on the day of counting where that is earlier."""
    figure = func.concat("boards.", cast(col(Board.kind), Text), ".in_office")
    then = in_office(func.least(reach.end, reach.as_of))
    rows = _rows(reach, Board, [figure])
    return rows.where(*reach.only, visible(Board, who), reach.of(Board.front_body_id), then)


def _of_recommendation(reach: Reach) -> Iterator[tuple[str, Condition]]:
    party, government = (col(Body.kind).in_(sorted(it)) for it in (PARTY_KINDS, GOVERNMENT_KINDS))
    yield "issued", literal(True)
    yield from {"to_party": party, "to_government": government, "to_others": ~or_(party, government)}.items()
    yield from outcomes(reach.as_of).items()
