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
    Numeric,
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
from app.domain.board_result import BoardMeasure, BoardResultState
from app.domain.body import GOVERNMENT_KINDS, PARTY_KINDS
from app.domain.campaign import CampaignKind, CampaignState
from app.models.board import Board
from app.models.board_result import BoardResult, ProjectCount
from app.models.body import Body
from app.models.campaign import Campaign, CampaignPartner
from app.models.campaign_form import CampaignBoard
from app.models.recommendation import Recommendation
from app.models.year import YearQuery
from app.policies.relations import Condition
from app.policies.visibility import visible
from app.policies.visibility.supervision import told
from app.services.boards.projects import holding
from app.services.boards.reading import in_office
from app.services.grassroots import answered_for, otherwise_by_people, seen_at_work
from app.services.places import is_one_of
from app.services.statistics import outcomes

R = Recommendation
Holds = Callable[[Any], Condition]
PARTS = {CampaignKind.SUPERVISION: "supervisions", CampaignKind.SOCIAL_CRITICISM: "criticisms"}
NOT_RUN = {CampaignState.PROPOSED, CampaignState.CONSULTING, CampaignState.CANCELLED}
OF_PEOPLE = {
    "issued": "recommendations",
    **{name: name for name in ("to_party", "to_government", "to_others")},
}
"""What the forms on supervision by the people ask of recommendations, by the names of their figures."""

PROJECTS = "boards.cisb.projects"
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
        return is_one_of(column, self.body_ids, self.levels, self.codes)


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
    by_boards = (_supervised_by_boards, _recommended_by_boards, _boards, _results, _projects)
    return union_all(*(of(who, reach) for of in (_campaigns, _recommendations, *by_boards)))


def _rows(reach: Reach, model: Any, figures: Sequence[ColumnElement[Any]]) -> Select[Any]:
    return _amounts(reach, model, func.unnest(func.array_remove(array(figures), None)), literal(1))


def _amounts(reach: Reach, model: Any, figure: ColumnElement[Any], amount: Any) -> Select[Any]:
    return select(
        reach.period_id.label("period_id"),
        figure.label("figure"),
        literal(str(model.__tablename__), Text).label("record_type"),
        col(model.id).label("record_id"),
        amount.label("amount"),
    )


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
    figures.append(_named("boards.others.supervisions", led, otherwise_by_people()))
    return _rows(reach, Campaign, figures).where(*reach.only, told(who), or_(led, joined), *_ran(reach))


def _ran(reach: Reach) -> tuple[Condition, ...]:
    within = (col(Campaign.window_from) <= reach.end, col(Campaign.window_to) >= reach.start)
    return col(Campaign.state).in_(RAN), *within


def _recommendations(who: Principal, reach: Reach) -> Select[Any]:
    by_people = col(R.campaign_id).in_(select(col(Campaign.id)).where(told(who), otherwise_by_people()))
    asked = dict(_to_whom())
    figures = [_named(f"recommendations.{name}", it) for name, it in {**asked, **outcomes(reach.as_of)}.items()]
    figures += [_named(f"boards.others.{OF_PEOPLE[name]}", by_people, it) for name, it in asked.items()]
    rows = _rows(reach, R, figures).outerjoin_from(R, Body, col(Body.id) == col(R.addressee_id))
    return rows.where(*reach.only, visible(R, who), reach.of(R.issuer_body_id), _issued(reach))


def _issued(reach: Reach) -> Condition:
    return col(R.issued_on).between(reach.start, reach.end)


def _supervised_by_boards(who: Principal, reach: Reach) -> Select[Any]:
    rows = _rows(reach, Campaign, [_of_board("supervisions")]).select_from(Campaign)
    return _by_boards(rows, who, reach, Campaign.id).where(told(who), *_ran(reach))


def _recommended_by_boards(who: Principal, reach: Reach) -> Select[Any]:
    figures = [case((it, _of_board(OF_PEOPLE[name]))) for name, it in _to_whom()]
    rows = _rows(reach, R, figures).outerjoin_from(R, Body, col(Body.id) == col(R.addressee_id))
    return _by_boards(rows, who, reach, R.campaign_id).where(visible(R, who), _issued(reach))


def _by_boards(rows: Select[Any], who: Principal, reach: Reach, campaign_id: Any) -> Select[Any]:
    """Of campaigns through boards that are these bodies, or theirs."""
    at_work = rows.join(CampaignBoard, col(CampaignBoard.campaign_id) == col(campaign_id))
    boards = at_work.join(Board, col(Board.id) == col(CampaignBoard.board_id))
    return boards.where(*reach.only, seen_at_work(who), answered_for(reach.of))


def _of_board(name: Any) -> ColumnElement[Any]:
    return func.concat("boards.", cast(col(Board.kind), Text), ".", name)


def _named(figure: str, *conditions: Condition) -> ColumnElement[Any]:
    return case((and_(*conditions), literal(figure, Text)))


def _to_whom() -> Iterator[tuple[str, Condition]]:
    party, government = (col(Body.kind).in_(sorted(it)) for it in (PARTY_KINDS, GOVERNMENT_KINDS))
    yield "issued", literal(True)
    yield from {"to_party": party, "to_government": government, "to_others": ~or_(party, government)}.items()


def _boards(who: Principal, reach: Reach) -> Select[Any]:
    """In office on the last of the days, or on the day of counting where that is earlier."""
    then = in_office(func.least(reach.end, reach.as_of))
    rows = _rows(reach, Board, [_of_board("in_office")])
    return rows.where(*reach.only, visible(Board, who), answered_for(reach.of), then)


def _results(who: Principal, reach: Reach) -> Select[Any]:
    """What came of supervisions through boards, in the columns of the forms."""
    names = array([literal(str(it), Text) for it in BoardMeasure])
    numbers = array([cast(col(getattr(BoardResult, it)), Numeric) for it in BoardMeasure])
    said = func.unnest(names, numbers).table_valued("measure", "amount").render_derived(name="said")
    rows = _amounts(reach, BoardResult, _of_board(said.c.measure), said.c.amount).select_from(BoardResult)
    stands = col(BoardResult.state) == BoardResultState.RECORDED
    within = col(BoardResult.occurred_on).between(reach.start, reach.end)
    ours = (visible(BoardResult, who), answered_for(reach.of), stands, within, said.c.amount > 0)
    of_board = rows.join(Board, col(Board.id) == col(BoardResult.board_id)).join(said, literal(True))
    return of_board.where(*reach.only, *ours)


def _projects(who: Principal, reach: Reach) -> Select[Any]:
    """Of the areas of these Fronts, as they were last counted."""
    rows = _amounts(reach, ProjectCount, literal(PROJECTS, Text), col(ProjectCount.projects))
    then = holding(func.least(reach.end, reach.as_of))
    return rows.where(*reach.only, visible(ProjectCount, who), reach.of(ProjectCount.front_body_id), then)
