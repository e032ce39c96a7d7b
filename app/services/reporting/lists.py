"""Where the list of a figure is: an address whose count is the figure, for the same caller on the same day."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from app.domain.board import BoardKind
from app.domain.body import GOVERNMENT_KINDS, PARTY_KINDS, BodyKind
from app.domain.campaign import CRITICISM_FORMS, CampaignForm
from app.domain.recommendation import Overdue, RecommendationState, ReplyStatus
from app.services.reporting.figures import PARTS, RAN, Subject

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
OF_BOARD = ("in_office", "supervisions", "recommendations")
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
    if name == "in_office":
        return _address("boards", {"kind": kind, "in_office_on": min(end, today), **_whose(subject, "front")})
    if name == "recommendations":
        days = {"issued_from": start, "issued_to": end}
        return _address("recommendations", {"board_kind": kind, **days, **_whose(subject, "issuer")})
    days = {"window_from": start, "window_to": end}
    return _address("campaigns", {"board_kind": kind, "state": RAN, **days, **_whose(subject, "lead")})


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

    amounts = {**_totals(amounts), **amounts}
    return {
        **{
            part: {"total": sides(part), "by_form": [{"form": it, **sides(part, it)} for it in forms]}
            for part, forms in FORMS.items()
        },
        "recommendations": {name: figure(f"recommendations.{name}") for name in OF_RECOMMENDATIONS},
        "boards": {str(kind): {name: figure(f"boards.{kind}.{name}") for name in OF_BOARD} for kind in BoardKind},
    }


def _totals(amounts: Amounts) -> Amounts:
    return dict(_summed(amounts))


def _summed(amounts: Amounts) -> Iterator[tuple[str, float]]:
    for part, forms in FORMS.items():
        for side in ("led", "joined"):
            yield f"{part}.{side}", sum(amounts.get(f"{part}.{side}.{form}", 0) for form in forms)
