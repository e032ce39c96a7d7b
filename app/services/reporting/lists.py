"""Where the list of a figure is: an address whose count is the figure, for the same caller on the same day."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from app.domain.board import BoardKind
from app.domain.board_result import ASKED_OF, BoardMeasure, BoardResultState
from app.domain.body import GOVERNMENT_KINDS, PARTY_KINDS, BodyKind
from app.domain.campaign import CRITICISM_FORMS, CampaignForm, CampaignKind, Regime
from app.domain.recommendation import Overdue, RecommendationState, ReplyStatus
from app.services.reporting.figures import OF_PEOPLE, PARTS, RAN, Subject

Amounts = Mapping[str, float]
Addresses = Callable[[str], str | None]
Query = dict[str, Any]

REPLIED = [it for it in ReplyStatus if it != ReplyStatus.AWAITING]
STANDING = [it for it in RecommendationState if it not in {RecommendationState.DRAFT, RecommendationState.WITHDRAWN}]
LATE = [Overdue.REPLY, Overdue.COMPLETION]
OTHER_KINDS = [it for it in BodyKind if it not in PARTY_KINDS | GOVERNMENT_KINDS]

OF_RECOMMENDATIONS: dict[str, Query] = {
    "issued": {},
    "to_party": {"addressee_kind": sorted(PARTY_KINDS)},
    "to_government": {"addressee_kind": sorted(GOVERNMENT_KINDS)},
    "to_others": {"addressee_kind": OTHER_KINDS},
    "replied": {"state": STANDING, "reply_status": REPLIED},
    "resolved": {"state": [RecommendationState.RESOLVED]},
    "overdue": {"overdue": LATE},
    "withdrawn": {"state": [RecommendationState.WITHDRAWN]},
}
OTHERS = "others"
BY_PEOPLE = ("supervisions", *OF_PEOPLE.values())
MEASURES = frozenset(BoardMeasure)
SUMS = {
    BoardKind.PTIB: ASKED_OF[BoardKind.PTIB],
    BoardKind.CISB: ("projects", *ASKED_OF[BoardKind.CISB]),
}
"""Columns of the forms that add something up."""

FORMS = {
    "supervisions": [it for it in CampaignForm if it not in CRITICISM_FORMS],
    "criticisms": [it for it in CampaignForm if it in CRITICISM_FORMS],
}
KINDS = {name: kind for kind, name in PARTS.items()}


def nowhere(figure: str) -> None:
    """Frozen figures are no list."""


def addresses(subject: Subject, start: date, end: date, today: date) -> Addresses:
    def of(figure: str) -> str:
        part, *rest = figure.split(".")
        if part == "boards":
            return _of_board(subject, start, end, today, *rest)
        if part == "recommendations":
            days = {"issued_from": start, "issued_to": end}
            return _address("recommendations", _whose(subject, "issuer") | days | OF_RECOMMENDATIONS[rest[0]])
        side, *form = rest
        whose = _whose(subject, "lead" if side == "led" else "partner")
        days = {"window_from": start, "window_to": end}
        return _address("campaigns", {"kind": KINDS[part], "form": form, "state": RAN, **days, **whose})

    return of


def _of_board(subject: Subject, start: date, end: date, today: date, kind: str, name: str) -> str:
    """Of boards by who answers for them; what the people supervise without one, by its lead."""
    theirs = _whose(subject, "board")
    if name == "in_office":
        return _address("boards", {"kind": kind, "in_office_on": min(end, today), **theirs})
    if name == "projects":
        return _address("project-counts", {"holding_on": min(end, today), **_whose(subject, "front")})
    if name in MEASURES:
        asked = {"board_kind": kind, "measure": name, "state": BoardResultState.RECORDED}
        return _address("board-results", {**asked, "on_from": start, "on_to": end, **theirs})
    if name == "supervisions":
        days = {"state": RAN, "window_from": start, "window_to": end}
        others = {"kind": CampaignKind.SUPERVISION, **_without_board(""), **_whose(subject, "lead")}
        return _address("campaigns", days | (others if kind == OTHERS else {"board_kind": kind, **theirs}))
    days = {"issued_from": start, "issued_to": end}
    others = {**_without_board("campaign_"), **_whose(subject, "issuer")}
    to_whom = OF_RECOMMENDATIONS.get(name, {})
    return _address("recommendations", days | to_whom | (others if kind == OTHERS else {"board_kind": kind, **theirs}))


def _without_board(prefix: str) -> Query:
    forms = [it for it in FORMS["supervisions"] if it != CampaignForm.GRASSROOTS_BOARD]
    return {f"{prefix}regime": Regime.GRASSROOTS, f"{prefix}form": forms}


def _whose(subject: Subject, side: str) -> Query:
    return {f"{side}_body_id": subject.body_ids, f"{side}_level": subject.levels, f"{side}_place_code": subject.codes}


def _address(name: str, query: Query) -> str:
    return f"/v1/{name}?{urlencode(query, doseq=True)}"


def told(amounts: Amounts, of: Addresses) -> dict[str, Any]:
    """The figures as the contract shows them (models.year.YearFigures); what was not counted is 0."""

    def figure(name: str) -> dict[str, Any]:
        return {"value": amounts.get(name, 0), "list": of(name)}

    def sides(part: str, *form: str) -> dict[str, Any]:
        return {side: figure(".".join((part, side, *form))) for side in ("led", "joined")}

    def counts(part: str, names: Iterable[str]) -> dict[str, Any]:
        return {name: figure(f"{part}.{name}") for name in names}

    def board(kind: BoardKind) -> dict[str, Any]:
        sums = {str(it): {**figure(f"boards.{kind}.{it}"), "adds_up": str(it)} for it in SUMS[kind]}
        return {**counts(f"boards.{kind}", ("in_office", *BY_PEOPLE)), **sums}

    amounts = {**_totals(amounts), **amounts}
    return {
        **{
            part: {"total": sides(part), "by_form": [{"form": it, **sides(part, it)} for it in forms]}
            for part, forms in FORMS.items()
        },
        "recommendations": {name: figure(f"recommendations.{name}") for name in OF_RECOMMENDATIONS},
        "boards": {**{str(kind): board(kind) for kind in BoardKind}, OTHERS: counts(f"boards.{OTHERS}", BY_PEOPLE)},
    }


def _totals(amounts: Amounts) -> Amounts:
    return dict(_summed(amounts))


def _summed(amounts: Amounts) -> Iterator[tuple[str, float]]:
    for part, forms in FORMS.items():
        for side in ("led", "joined"):
            yield f"{part}.{side}", sum(amounts.get(f"{part}.{side}.{form}", 0) for form in forms)
