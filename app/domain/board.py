"""The life of a grassroots board: founded, submitted to the commune's Front, confirmed by it, dissolved.

A People's Inspection Board (Ban Thanh tra nhân dân) is elected for a term and recognised by the Front of the commune; a
Community Investment Supervision Board (Ban Giám sát đầu tư của cộng đồng) is founded for one programme or project and
dissolves itself when that is done. Sources: domain.md, section 3.7; Luật Thực hiện dân chủ ở cơ sở 10/2022/QH15
Đ36–45; NĐ 59/2023/NĐ-CP Đ12–19.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.domain.body import BodyKind
from app.domain.lifecycle import Actor, Lifecycle, need, step


class BoardKind(StrEnum):
    PTIB = BodyKind.PTIB.value
    CISB = BodyKind.CISB.value


class BoardState(StrEnum):
    FOUNDING = "founding"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    DISSOLVED = "dissolved"
    WITHDRAWN = "withdrawn"


class BoardDuty(StrEnum):
    HEAD = "head"
    DEPUTY_HEAD = "deputy_head"
    MEMBER = "member"


class StandsFor(StrEnum):
    """Whom a member stands for: a village that elected it, the Front, the inspection board, the residents."""

    VILLAGE = "village"
    FRONT = "front"
    PTIB = "ptib"
    RESIDENTS = "residents"


class BoardPaperKind(StrEnum):
    """What a board, or its Front for it, files: its plans, its reports, the notice to the owner of the project."""

    PLAN = "plan"
    REPORT = "report"
    OWNER_NOTICE = "owner_notice"


class BoardPeriod(StrEnum):
    """What a plan or report covers (NĐ 59/2023 Đ14(1), (3))."""

    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    TERM = "term"
    AD_HOC = "ad_hoc"


PLANS, REPORTS, OWNER_NOTICE, ACTIVITY_PLAN = "D10", "D13", "D14", "D11"
"""The rules that set a board's dates; the numbers are rows of the rule table."""

REPLY_RULE = {BoardKind.PTIB: "D12", BoardKind.CISB: "D15"}
"""By which the commune committee settles a board's recommendation (Luật 10/2022 Đ40(1)c, Đ45(2)c)."""

CLOCK_OF_PAPER = {
    BoardPaperKind.PLAN: PLANS,
    BoardPaperKind.REPORT: REPORTS,
    BoardPaperKind.OWNER_NOTICE: OWNER_NOTICE,
}


TERM_NOTICE = timedelta(days=60)
"""So long before the end of its term the next board should be in preparation; a convention, not of law."""

OVERDUE_NEWS = {
    PLANS: "board.plan_overdue",
    REPORTS: "board.report_overdue",
    OWNER_NOTICE: "board.owner_notice_overdue",
    ACTIVITY_PLAN: "campaign.board_plan_overdue",
}
"""What the board and its Front are told of a paper that did not come in time."""

MONTHS = {BoardPeriod.QUARTER: 3, BoardPeriod.HALF_YEAR: 6, BoardPeriod.YEAR: 12}


def is_period(covers: BoardPeriod, first: date, last: date) -> bool:
    """Whether the days are a whole quarter, half-year or year; terms, and what is not planned, have their own days."""
    months = MONTHS.get(covers)
    if months is None:
        return True
    end = first.month + months - 1
    whole = first.day == 1 and (first.month - 1) % months == 0
    return whole and last == date(first.year, end, monthrange(first.year, end)[1])


class Seat(StrEnum):
    """What of its composition the law counts."""

    MEMBERS = "members"
    DEPUTIES = "deputies"
    RESIDENTS = "residents"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """So many seats at least or at most, for boards of this kind that were founded while the law is in force."""

    code: str
    kind: BoardKind
    seat: Seat
    legal_basis: str
    valid_from: date
    at_least: int = 0
    at_most: int | None = None
    valid_to: date | None = None

    def holds(self, number: int) -> bool:
        return self.at_least <= number and (self.at_most is None or number <= self.at_most)


def quorums_of(quorums: Iterable[Quorum], kind: str, on: date) -> list[Quorum]:
    """Those that bind a board of this kind founded on that day; before the law there are none."""
    return [
        it for it in quorums if it.kind == kind and it.valid_from <= on and (it.valid_to is None or on <= it.valid_to)
    ]


@dataclass
class BoardFacts:
    """What the needs of a board's steps look at; `seats` are those held on the day of the step."""

    it: Any
    payload: Any
    heads: int = 0
    seats: dict[str, int] = field(default_factory=dict)
    stands_for: set[str] = field(default_factory=set)
    quorums: list[Quorum] = field(default_factory=list)

    def within(self, seat: Seat) -> bool:
        number = self.seats.get(seat, 0)
        return all(it.holds(number) for it in self.quorums if it.seat == seat)


@need("/founding")
def board_founded(facts: BoardFacts) -> bool:
    """By a meeting that elected it, or a decision that set it up, with its paper."""
    return facts.it.founded_on is not None and facts.it.founding_document_id is not None


@need("/term")
def board_has_term(facts: BoardFacts) -> bool:
    """An inspection board serves a term, that of the village heads; its end may be open."""
    return facts.it.kind != BoardKind.PTIB or facts.it.term_from is not None


@need("/project")
def board_has_project(facts: BoardFacts) -> bool:
    """An investment board is founded for one programme or project (Luật 10/2022 Đ41)."""
    return facts.it.kind != BoardKind.CISB or bool(facts.it.project_name)


@need("/members")
def board_has_head(facts: BoardFacts) -> bool:
    return facts.heads == 1


@need("/members")
def board_has_enough_members(facts: BoardFacts) -> bool:
    return facts.within(Seat.MEMBERS)


@need("/members")
def board_deputies_within_limit(facts: BoardFacts) -> bool:
    return facts.within(Seat.DEPUTIES)


@need("/members")
def board_residents_within_limit(facts: BoardFacts) -> bool:
    return facts.within(Seat.RESIDENTS)


@need("/members")
def board_composed_as_law_asks(facts: BoardFacts) -> bool:
    """An investment board joins the Front, the inspection board and residents."""
    asked = {StandsFor.FRONT, StandsFor.PTIB, StandsFor.RESIDENTS}
    return facts.it.kind != BoardKind.CISB or not facts.quorums or asked <= facts.stands_for


@need("/document_id")
def board_has_confirmation(facts: BoardFacts) -> bool:
    """The Front confirms by a paper of its own."""
    return facts.payload.document_id is not None


S = BoardState
BOTH = frozenset({Actor.BOARD, Actor.FRONT_LEADER})
COMPLETE = (
    board_founded,
    board_has_term,
    board_has_project,
    board_has_head,
    board_has_enough_members,
    board_deputies_within_limit,
    board_residents_within_limit,
    board_composed_as_law_asks,
)

BOARD = Lifecycle(
    "board",
    BoardState,
    S.FOUNDING,
    (
        step(S.FOUNDING, "submit", S.SUBMITTED, by={Actor.BOARD}, needs=COMPLETE),
        step(S.SUBMITTED, "return", S.FOUNDING, by={Actor.FRONT_LEADER}),
        step(
            S.SUBMITTED,
            "confirm",
            S.CONFIRMED,
            by={Actor.FRONT_LEADER},
            needs=(*COMPLETE, board_has_confirmation),
        ),
        step((S.FOUNDING, S.SUBMITTED), "withdraw", S.WITHDRAWN, by=BOTH),
        step(S.CONFIRMED, "dissolve", S.DISSOLVED, by=BOTH),
    ),
)
