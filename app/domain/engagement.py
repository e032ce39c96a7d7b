"""The life of an engagement: the work of a delegation with one supervised party.

Sources: NQLT 403 Đ7–9 (Front regime), HD 02-HD/UBKTTW (Party regime); api.md, section 5.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.campaign import Regime
from app.domain.lifecycle import Actor, Lifecycle, need, step
from app.domain.report import head_instruction_documented


class EngagementState(StrEnum):
    PREPARING = "preparing"
    NOTIFIED = "notified"
    SELF_REPORTED = "self_reported"
    SESSION_HELD = "session_held"
    COMMENTING = "commenting"
    FINALISED = "finalised"
    DISCONTINUED = "discontinued"


class RevisionRequestState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    WAIVED = "waived"


@dataclass
class EngagementFacts:
    it: Any
    payload: Any
    regime: str = ""
    campaign_underway: bool = False
    delegation_decided: bool = False
    package_complete: bool = False
    self_report_ready: bool = False
    session_recorded: bool = False
    session_has_minutes: bool = False
    draft_report_ready: bool = False
    findings_without_evidence: int = 0
    sessions: int = 0
    comments_unanswered: int = 0


@need("/document_ids")
def package_complete(facts: EngagementFacts) -> bool:
    """Plan, decision and outline go out in one package (NQLT 403 Đ7(3))."""
    return facts.package_complete


@need()
def campaign_underway(facts: EngagementFacts) -> bool:
    return facts.campaign_underway


@need()
def delegation_decided(facts: EngagementFacts) -> bool:
    return facts.delegation_decided


@need("/report_id")
def self_report_ready(facts: EngagementFacts) -> bool:
    return facts.self_report_ready


@need("/session_id")
def session_recorded(facts: EngagementFacts) -> bool:
    return facts.session_recorded


@need("/session_id")
def session_has_minutes(facts: EngagementFacts) -> bool:
    return facts.session_has_minutes


@need("/report_id")
def draft_report_ready(facts: EngagementFacts) -> bool:
    return facts.draft_report_ready


@need()
def findings_have_evidence(facts: EngagementFacts) -> bool:
    return facts.findings_without_evidence == 0


@need()
def regime_is_party(facts: EngagementFacts) -> bool:
    """Only the Party regime passes the draft in a session of the supervised collective."""
    return facts.regime == Regime.PARTY


@need()
def session_was_held(facts: EngagementFacts) -> bool:
    return facts.sessions > 0


@need()
def comments_answered(facts: EngagementFacts) -> bool:
    return facts.comments_unanswered == 0


S = EngagementState
OPEN = (S.PREPARING, S.NOTIFIED, S.SELF_REPORTED, S.SESSION_HELD, S.COMMENTING)
SECRETARIAT = frozenset({Actor.SECRETARY_HEAD})

ENGAGEMENT = Lifecycle(
    "engagement",
    EngagementState,
    S.PREPARING,
    (
        step(
            S.PREPARING,
            "notify",
            S.NOTIFIED,
            by=SECRETARIAT,
            needs=(campaign_underway, delegation_decided, package_complete),
        ),
        step(S.NOTIFIED, "submit_self_report", S.SELF_REPORTED, by={Actor.SUPERVISED}, needs=(self_report_ready,)),
        step(S.SELF_REPORTED, "return_self_report", S.NOTIFIED, by=SECRETARIAT),
        step(
            (S.NOTIFIED, S.SELF_REPORTED),
            "hold_session",
            S.SESSION_HELD,
            by=SECRETARIAT,
            needs=(session_recorded, session_has_minutes),
        ),
        step(
            (S.SELF_REPORTED, S.SESSION_HELD),
            "circulate_draft",
            S.COMMENTING,
            by=SECRETARIAT,
            needs=(draft_report_ready, findings_have_evidence),
        ),
        step(
            S.COMMENTING,
            "hold_session",
            S.COMMENTING,
            by=SECRETARIAT,
            needs=(regime_is_party, session_recorded, session_has_minutes),
        ),
        step(S.COMMENTING, "revise", S.SESSION_HELD, by=SECRETARIAT),
        step(
            S.COMMENTING,
            "finalise",
            S.FINALISED,
            by={Actor.HEAD},
            needs=(session_was_held, comments_answered, head_instruction_documented),
        ),
        step(OPEN, "discontinue", S.DISCONTINUED, by={Actor.LEAD_LEADER}),
    ),
)

REVISION_REQUEST = Lifecycle(
    "revision_request",
    RevisionRequestState,
    RevisionRequestState.OPEN,
    (
        step(
            RevisionRequestState.OPEN,
            "waive",
            RevisionRequestState.WAIVED,
            by={Actor.HEAD},
            needs=(head_instruction_documented,),
        ),
    ),
    passive=frozenset({RevisionRequestState.ANSWERED}),
)
