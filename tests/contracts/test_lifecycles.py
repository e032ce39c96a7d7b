"""The tables of states: no dead ends, nobody's silence holds a record up, payloads and documents follow the tables."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli import DOCS
from app.documents import lifecycle_documents, lifecycles
from app.domain.lifecycle import PREVIOUS, Actor, Lifecycle
from app.domain.recommendation import TERMINAL
from app.models.agreement import AgreementMove
from app.models.board import BoardMove
from app.models.board_result import BoardResultMove
from app.models.briefing import BriefingMove
from app.models.campaign import CampaignMove
from app.models.delegation import DelegationMove
from app.models.draft import DraftMove
from app.models.effectiveness_check import EffectivenessCheckMove
from app.models.engagement import EngagementMove
from app.models.extension import ExtensionMove
from app.models.finding import FindingMove, PendingEditMove
from app.models.import_ import ImportMove
from app.models.incoming_reply import IncomingReplyMove
from app.models.number_book import NumberMove
from app.models.pause import Resume
from app.models.petition import PetitionMove
from app.models.plan import PlanMove
from app.models.proposal import ProposalMove
from app.models.recommendation import RecommendationMove
from app.models.report import ReportMove
from app.models.reporting_period import CloseReportingPeriod
from app.models.revision_request import Waive
from app.models.transfer import TransferMove

TABLES = {it.name: it for it in lifecycles()}

SIDES: dict[str, set[Actor]] = {
    "lead": {Actor.LEAD, Actor.LEAD_LEADER},
    "delegation": {Actor.HEAD, Actor.FOR_THE_HEAD, Actor.SECRETARY_HEAD},
    "decider": {Actor.DECIDER_LEADER},
    "supervised": {Actor.SUPERVISED},
    "addressee": {Actor.ADDRESSEE},
    "verifier": {Actor.VERIFIER},
    "drafting_body": {Actor.DRAFTING_BODY},
    "successor": {Actor.SUCCESSOR_LEADER},
    "registrar": {Actor.REGISTRAR},
    "board": {Actor.BOARD},
    "front": {Actor.FRONT_LEADER},
    "author": {Actor.AUTHOR, Actor.AUTHOR_BODY, Actor.AUTHOR_LEADER},
}

ENDS: dict[str, set[str]] = {
    "recommendation": {str(it) for it in TERMINAL},
    "finding": {"accepted", "withdrawn"},
    "conclusion": {"issued", "published", "withdrawn"},
    "document_number": {"used", "voided"},
    "transfer": {"confirmed", "rejected"},
    "transfer_by_lead": {"confirmed", "rejected"},
    "plan": {"issued"},
}
"""Where a record may rest for ever, when that is more than the states without a way out."""

CARRIED: dict[tuple[str, str], set[str]] = {
    ("campaign", "lead"): {"proposed", "consulting", "planned", "underway", "reported", "concluded", "suspended"},
    ("delegation", "lead"): {"forming", "decided"},
    ("document_number", "author"): {"reserved"},
    ("draft", "lead"): {"draft_received", "opinions_open", "session_held", "document_issued", "replied", "promulgated"},
    ("finding", "author"): {"draft"},
    ("conclusion", "lead"): {"adopted"},
    ("effectiveness_check", "lead"): {"planned"},
    ("incoming_reply", "lead"): {"received"},
    ("minority_report", "author"): {"draft"},
    ("pause", "lead"): {"running"},
    ("recommendation", "lead"): {"draft", "disputed"},
    ("plan", "lead"): {"draft", "consulting"},
    ("agreement", "lead"): {"drafting", "signed", "in_force", "reviewed"},
    ("reporting_period", "lead"): {"open"},
    ("petition", "lead"): {"received"},
    ("briefing", "lead"): {"scheduled", "held", "concluded"},
    ("proposal", "lead"): {"open", "noted"},
}
"""What only the side that carries the procedure, or writes its own draft, can end: nobody waits for another there."""


ANSWERED: dict[tuple[str, str], Actor] = {
    ("revision_request", "open"): Actor.SUPERVISED,
    ("import", "queued"): Actor.CLOCK,
}
"""Ended by a step of another record, when the new version of the report arrives; or by the worker."""


def ends(table: Lifecycle) -> set[str]:
    return ENDS.get(table.name, set(table.final))


def stuck(table: Lifecycle, silent: set[Actor]) -> set[str]:
    """The states from which no end is reached when these actors do nothing."""
    answered = {state for (name, state), by in ANSWERED.items() if name == table.name and by not in silent}
    saved = ends(table) | set(table.passive) | answered
    while True:
        more = {it.source for it in table.steps if it.by - silent and it.target in saved} - saved
        if not more:
            return {str(it) for it in table.states} - saved
        saved |= more


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_state_reaches_an_end(table: Lifecycle) -> None:
    assert ends(table)
    assert stuck(table, set()) == set()


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_no_side_can_hold_a_record_up_by_silence(table: Lifecycle, side: str) -> None:
    assert stuck(table, SIDES[side]) == CARRIED.get((table.name, side), set())


def test_the_exceptions_name_real_tables_and_states() -> None:
    for name, _ in [*CARRIED, *((it, "") for it in ENDS)]:
        states = {str(it) for it in TABLES[name].states}
        assert {state for (table, _), held in CARRIED.items() if table == name for state in held} <= states
        assert ENDS.get(name, set()) <= states


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_final_is_final_and_every_row_has_somebody_who_may(table: Lifecycle) -> None:
    for state in table.final:
        assert table.allowed(state) == []
    assert [it for it in table.steps if not it.by] == []
    assert {it.target for it in table.steps} <= {*(str(state) for state in table.states), PREVIOUS}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_what_is_offered_is_allowed_and_what_is_allowed_exists(table: Lifecycle) -> None:
    for state in map(str, table.states):
        allowed = table.allowed(state)
        assert {it for it in table.actions if table.find(state, it) is not None} == set(allowed)
        assert table.offered(state, frozenset()) == []
        assert table.offered(state, frozenset(Actor)) == allowed
        for actor in Actor:
            assert set(table.offered(state, frozenset({actor}))) <= set(allowed)


@given(st.lists(st.integers(min_value=0, max_value=50), max_size=40))
def test_a_walk_by_any_permitted_steps_ends_only_where_the_table_ends(choices: list[int]) -> None:
    for table in TABLES.values():
        state, suspended_from = str(table.initial), str(table.initial)
        for choice in choices:
            allowed = table.allowed(state)
            if not allowed:
                assert state in table.final
                break
            step = table.find(state, allowed[choice % len(allowed)])
            assert step is not None
            suspended_from = state if step.action == "suspend" else suspended_from
            state = suspended_from if step.target == PREVIOUS else step.target


MOVES: list[tuple[Any, tuple[str, ...]]] = [
    (CampaignMove, ("campaign",)),
    (DelegationMove, ("delegation",)),
    (EffectivenessCheckMove, ("effectiveness_check",)),
    (ExtensionMove, ("extension",)),
    (ImportMove, ("import",)),
    (IncomingReplyMove, ("incoming_reply",)),
    (Resume, ("pause",)),
    (DraftMove, ("draft",)),
    (EngagementMove, ("engagement",)),
    (FindingMove, ("finding",)),
    (NumberMove, ("document_number",)),
    (PendingEditMove, ("pending_edit",)),
    (PlanMove, ("plan",)),
    (RecommendationMove, ("recommendation",)),
    (ReportMove, ("self_report", "result_report", "conclusion", "minority_report")),
    (CloseReportingPeriod, ("reporting_period",)),
    (TransferMove, ("transfer", "transfer_by_lead")),
    (Waive, ("revision_request",)),
    (AgreementMove, ("agreement",)),
    (BoardMove, ("board",)),
    (BoardResultMove, ("board_result",)),
    (PetitionMove, ("petition",)),
    (BriefingMove, ("briefing",)),
    (ProposalMove, ("proposal",)),
]


def tags(union: Any) -> set[str]:
    """The values of `action` in a payload or a union of payloads."""
    payloads = get_args(get_args(union)[0]) if get_args(union) else (union,)
    return {tag for it in payloads for tag in get_args(it.model_fields["action"].annotation)}


@pytest.mark.parametrize(("union", "names"), MOVES, ids=[names[0] for _, names in MOVES])
def test_payloads_are_those_of_the_table(union: Any, names: tuple[str, ...]) -> None:
    assert tags(union) == {action for name in names for action in TABLES[name].actions}


def test_every_table_has_its_payloads() -> None:
    assert {name for _, names in MOVES for name in names} == set(TABLES)


def test_the_documents_are_fresh() -> None:
    """`giamsat lifecycles` writes them."""
    kept = {it.name: it.read_text("utf-8") for it in (DOCS / "lifecycles").glob("*.md")}
    assert kept == lifecycle_documents()
