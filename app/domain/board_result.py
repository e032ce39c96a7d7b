"""What came of a supervision through a grassroots board, in the columns that the forms in use ask for.

A supervision has as many results as it has days on which something was found, recommended, recovered or settled: each
counts on its own day. Source: domain.md, section 6.4; Luật Thực hiện dân chủ ở cơ sở 10/2022/QH15 Đ36–45.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.board import BoardKind
from app.domain.campaign import CampaignState
from app.domain.lifecycle import Actor, Lifecycle, step


class BoardResultState(StrEnum):
    RECORDED = "recorded"
    WITHDRAWN = "withdrawn"


class BoardMeasure(StrEnum):
    """Cases are counted, money is in đồng, land in m²."""

    VIOLATIONS = "violations"
    CASES_RECOMMENDED = "cases_recommended"
    MONEY_RECOVERED = "money_recovered"
    SETTLEMENT_REDUCED = "settlement_reduced"
    MONEY_OTHERWISE_HANDLED = "money_otherwise_handled"
    LAND_RECOVERED = "land_recovered"
    LAND_OTHERWISE_HANDLED = "land_otherwise_handled"
    LEGAL_SHORTCOMINGS = "legal_shortcomings"


M = BoardMeasure
ASKED_OF: dict[BoardKind, tuple[BoardMeasure, ...]] = {
    BoardKind.PTIB: (
        M.VIOLATIONS,
        M.CASES_RECOMMENDED,
        M.MONEY_RECOVERED,
        M.MONEY_OTHERWISE_HANDLED,
        M.LAND_RECOVERED,
        M.LAND_OTHERWISE_HANDLED,
        M.LEGAL_SHORTCOMINGS,
    ),
    BoardKind.CISB: (
        M.VIOLATIONS,
        M.CASES_RECOMMENDED,
        M.MONEY_RECOVERED,
        M.SETTLEMENT_REDUCED,
        M.MONEY_OTHERWISE_HANDLED,
    ),
}
"""The columns of the form of each kind of board, in their order."""

HAS_RESULTS = frozenset({CampaignState.UNDERWAY, CampaignState.REPORTED, CampaignState.CONCLUDED, CampaignState.CLOSED})
"""Money and land come back long after a supervision has been reported, and after it was closed."""


@dataclass
class BoardResultFacts:
    """A result waits for nothing: whoever recorded it corrects it, and says why."""

    it: Any
    payload: Any


S = BoardResultState
EITHER = frozenset({Actor.BOARD, Actor.FRONT_LEADER})

BOARD_RESULT = Lifecycle(
    "board_result",
    BoardResultState,
    S.RECORDED,
    (
        step(S.RECORDED, "correct", S.RECORDED, by=EITHER),
        step(S.RECORDED, "withdraw", S.WITHDRAWN, by=EITHER),
    ),
)
