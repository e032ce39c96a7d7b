"""The life of a campaign (cuộc giám sát), from proposal to the closing of its last recommendation.

Sources: api.md, section 5; NQLT 403/2017 Đ2–9; Luật MTTQ Đ25–28; Party regime by Quy định 296-QĐ/TW.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.lifecycle import PREVIOUS, Actor, Lifecycle, need, step


class CampaignKind(StrEnum):
    SUPERVISION = "supervision"
    SOCIAL_CRITICISM = "social_criticism"


class Regime(StrEnum):
    FRONT = "front"
    PARTY = "party"
    STATE = "state"
    GRASSROOTS = "grassroots"


class CampaignForm(StrEnum):
    """Four forms of supervision (Luật MTTQ Đ27) and three of social criticism (Đ34)."""

    DOCUMENT_STUDY = "document_study"
    DELEGATION = "delegation"
    GRASSROOTS_BOARD = "grassroots_board"
    STATE_PARTICIPATION = "state_participation"
    CONFERENCE = "conference"
    WRITTEN = "written"
    DIALOGUE = "dialogue"


CRITICISM_FORMS = frozenset({CampaignForm.CONFERENCE, CampaignForm.WRITTEN, CampaignForm.DIALOGUE})
WITHOUT_ENGAGEMENTS = frozenset(
    {CampaignForm.DOCUMENT_STUDY, CampaignForm.GRASSROOTS_BOARD, CampaignForm.STATE_PARTICIPATION}
)
"""Forms of supervision that are reported on their own minutes and opinions."""


class Ground(StrEnum):
    """Grounds of NQLT 403 Đ2(1) (five, supervision), Đ2(2) (four, criticism), and those of the Party regime."""

    COORDINATION_PROGRAMME = "coordination_programme"
    SUPERVISION_PROGRAMME = "supervision_programme"
    MEMBER_PROPOSAL = "member_proposal"
    COMPLAINTS = "complaints"
    MEDIA = "media"
    CRITICISM_PROGRAMME = "criticism_programme"
    LAWMAKING_PROGRAMME = "lawmaking_programme"
    CRITICISM_PROPOSAL = "criticism_proposal"
    DRAFTING_REQUEST = "drafting_request"
    PROGRAMME = "programme"
    ASSIGNMENT = "assignment"
    SIGNS = "signs"


PARTY_GROUNDS = frozenset({Ground.PROGRAMME, Ground.ASSIGNMENT, Ground.SIGNS})
CRITICISM_GROUNDS = frozenset(
    {Ground.CRITICISM_PROGRAMME, Ground.LAWMAKING_PROGRAMME, Ground.CRITICISM_PROPOSAL, Ground.DRAFTING_REQUEST}
)


def suits(kind: str, regime: str, form: str, ground: str | None, *, refuse: Callable[[str], None]) -> None:
    """Kind, form and ground must belong together; `refuse` gets the field that does not."""
    criticises = kind == CampaignKind.SOCIAL_CRITICISM
    if criticises != (form in CRITICISM_FORMS):
        refuse("form")
    if ground is None:
        return
    if (regime == Regime.PARTY) != (ground in PARTY_GROUNDS):
        refuse("ground")
    if regime != Regime.PARTY and criticises != (ground in CRITICISM_GROUNDS):
        refuse("ground")


class CampaignState(StrEnum):
    PROPOSED = "proposed"
    CONSULTING = "consulting"
    PLANNED = "planned"
    UNDERWAY = "underway"
    REPORTED = "reported"
    CONCLUDED = "concluded"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    CONCURRED = "concurred"
    REFUSED = "refused"


class RecordKind(StrEnum):
    """What a campaign without engagements keeps of its work (NQLT 403 Đ5, Đ11, Đ13)."""

    MINUTES = "minutes"
    OPINION = "opinion"


@dataclass
class CampaignFacts:
    """What the needs of a campaign's steps look at, loaded in a constant number of statements."""

    it: Any
    payload: Any
    outstanding: int = 0
    unanswered_refusals: int = 0
    front_concurrence_missing: bool = False
    decided_delegation: bool = False
    engagements: int = 0
    engagements_open: int = 0
    engagements_finalised: int = 0
    subject_documents: int = 0
    confirmed_board: bool = False
    board_plan_sent: bool = False
    host_body: bool = False
    nominations: int = 0
    records: int = 0
    minutes_unconfirmed: int = 0
    minority_report_sent: bool = False
    adopted_result_report: bool = False
    drafts: int = 0
    drafts_without_document: int = 0
    unsettled_violation_signs: int = 0
    issued_conclusion: bool = False
    recommendations_open: int = 0
    recommendations_issued_open: int = 0


def _by_delegation(facts: CampaignFacts) -> bool:
    return bool(facts.it.form == CampaignForm.DELEGATION)


@need("/ground")
def has_ground(facts: CampaignFacts) -> bool:
    return facts.it.ground is not None


@need("/topic")
def has_topic(facts: CampaignFacts) -> bool:
    return bool(facts.it.topic)


@need("/window")
def has_window(facts: CampaignFacts) -> bool:
    return facts.it.window_from is not None and facts.it.window_to is not None


@need()
def counterparts_answered(facts: CampaignFacts) -> bool:
    return facts.outstanding == 0


@need()
def refusals_answered(facts: CampaignFacts) -> bool:
    return facts.unanswered_refusals == 0


@need()
def front_concurred(facts: CampaignFacts) -> bool:
    """Where an organisation attached to the Front leads, nothing replaces its concurrence (Luật MTTQ Đ26(3))."""
    return not facts.front_concurrence_missing


@need("/overlap_acknowledged")
def overlap_acknowledged(facts: CampaignFacts) -> bool:
    return bool(facts.payload.overlap_acknowledged)


@need()
def has_decided_delegation(facts: CampaignFacts) -> bool:
    return facts.decided_delegation or not _by_delegation(facts)


@need()
def has_engagement(facts: CampaignFacts) -> bool:
    return facts.engagements > 0 or not _by_delegation(facts)


@need()
def has_subject_documents(facts: CampaignFacts) -> bool:
    return facts.subject_documents > 0 or facts.it.form != CampaignForm.DOCUMENT_STUDY


@need("/board")
def has_confirmed_board(facts: CampaignFacts) -> bool:
    """Form 3 works through a board that the Front has confirmed (NQLT 403 Đ10)."""
    return facts.confirmed_board or facts.it.form != CampaignForm.GRASSROOTS_BOARD


@need("/board/plan")
def board_plan_sent(facts: CampaignFacts) -> bool:
    return facts.board_plan_sent or facts.it.form != CampaignForm.GRASSROOTS_BOARD


@need("/participation")
def has_host_body(facts: CampaignFacts) -> bool:
    """Form 4 joins the supervision of a competent body (Luật MTTQ Đ27; NQLT 403 Đ12)."""
    return facts.host_body or facts.it.form != CampaignForm.STATE_PARTICIPATION


@need("/nominations")
def has_nomination(facts: CampaignFacts) -> bool:
    return facts.nominations > 0 or facts.it.form != CampaignForm.STATE_PARTICIPATION


@need("/records")
def has_minutes_or_opinions(facts: CampaignFacts) -> bool:
    """Forms without engagements report on their own; the paper of the step itself counts, and so does an engagement."""
    if facts.it.form not in WITHOUT_ENGAGEMENTS:
        return True
    return facts.records > 0 or facts.engagements_finalised > 0 or facts.payload.document_id is not None


@need("/records")
def board_minutes_confirmed(facts: CampaignFacts) -> bool:
    """The Front confirms the minutes of its board (Luật 10/2022 Đ40(2)d)."""
    return facts.minutes_unconfirmed == 0 or facts.it.form != CampaignForm.GRASSROOTS_BOARD


@need()
def engagements_ended(facts: CampaignFacts) -> bool:
    return facts.engagements_open == 0


@need()
def one_engagement_finalised(facts: CampaignFacts) -> bool:
    return facts.engagements_finalised > 0 or not _by_delegation(facts)


@need()
def has_adopted_result_report(facts: CampaignFacts) -> bool:
    return facts.adopted_result_report or facts.it.kind == CampaignKind.SOCIAL_CRITICISM


@need()
def criticism_documents_issued(facts: CampaignFacts) -> bool:
    """A criticism is reported by the criticism document of each of its drafts (Luật MTTQ Đ33, Đ35)."""
    if facts.it.kind != CampaignKind.SOCIAL_CRITICISM:
        return True
    return facts.drafts > 0 and facts.drafts_without_document == 0


@need()
def violation_signs_settled(facts: CampaignFacts) -> bool:
    """A sign of violation is referred or a leader decides not to pursue it; it is never closed silently (Đ28(5))."""
    return facts.unsettled_violation_signs == 0


@need("/report_id")
def conclusion_issued(facts: CampaignFacts) -> bool:
    """Where the host did not recommend what the Front asked, a report to one's own leaders ends it (NQLT 403 Đ13)."""
    to_own_leaders = facts.it.form == CampaignForm.STATE_PARTICIPATION and facts.minority_report_sent
    return facts.issued_conclusion or to_own_leaders


@need()
def recommendations_ended(facts: CampaignFacts) -> bool:
    return facts.recommendations_open == 0


@need()
def issued_recommendations_settled(facts: CampaignFacts) -> bool:
    return facts.recommendations_issued_open == 0


S = CampaignState
CANCELLABLE = (S.PROPOSED, S.CONSULTING, S.PLANNED, S.UNDERWAY, S.REPORTED, S.SUSPENDED)

CAMPAIGN = Lifecycle(
    "campaign",
    CampaignState,
    S.PROPOSED,
    (
        step(S.PROPOSED, "consult", S.CONSULTING, by={Actor.LEAD}, needs=(has_ground, has_topic, has_window)),
        step(S.CONSULTING, "return", S.PROPOSED, by={Actor.LEAD}),
        step(
            S.CONSULTING,
            "plan",
            S.PLANNED,
            by={Actor.LEAD},
            needs=(counterparts_answered, refusals_answered, front_concurred, overlap_acknowledged),
        ),
        step(
            S.PLANNED,
            "start",
            S.UNDERWAY,
            by={Actor.LEAD},
            needs=(
                has_decided_delegation,
                has_engagement,
                has_subject_documents,
                has_confirmed_board,
                board_plan_sent,
                has_host_body,
                has_nomination,
            ),
        ),
        step(
            S.UNDERWAY,
            "report",
            S.REPORTED,
            by={Actor.LEAD},
            needs=(
                engagements_ended,
                one_engagement_finalised,
                has_minutes_or_opinions,
                board_minutes_confirmed,
                has_adopted_result_report,
                criticism_documents_issued,
                violation_signs_settled,
            ),
        ),
        step(S.REPORTED, "conclude", S.CONCLUDED, by={Actor.LEAD_LEADER}, needs=(conclusion_issued,)),
        step(S.CONCLUDED, "close", S.CLOSED, by={Actor.LEAD}, needs=(recommendations_ended,)),
        step((S.PLANNED, S.UNDERWAY), "suspend", S.SUSPENDED, by={Actor.LEAD}),
        step(S.SUSPENDED, "resume", PREVIOUS, by={Actor.LEAD}),
        step(CANCELLABLE, "cancel", S.CANCELLED, by={Actor.LEAD_LEADER}, needs=(issued_recommendations_settled,)),
    ),
)
