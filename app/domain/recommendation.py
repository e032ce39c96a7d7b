"""The life of a recommendation (kiến nghị): four axes, and nothing closes without evidence seen by somebody else.

Sources: Luật MTTQ Đ28–29; domain.md, section 5.1; api.md, section 6.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.domain.lifecycle import Actor, Lifecycle, need, step


class Origin(StrEnum):
    REPORT = "report"
    SESSION = "session"
    CRITICISM = "criticism"
    PETITION = "petition"
    BRIEFING = "briefing"
    AGREEMENT = "agreement"


class RecommendationState(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    REPLIED = "replied"
    DISPUTED = "disputed"
    VERIFYING = "verifying"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"
    WITHDRAWN = "withdrawn"


class ReplyStatus(StrEnum):
    AWAITING = "awaiting"
    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    EXPLAINED = "explained"


class Implementation(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    PARTLY_DONE = "partly_done"
    NOT_DONE = "not_done"
    UNSATISFACTORY = "unsatisfactory"


class Overdue(StrEnum):
    NONE = "none"
    REPLY = "reply"
    COMPLETION = "completion"


class FollowUpClock(StrEnum):
    """The two dates a recommendation runs against."""

    REPLY = "reply"
    COMPLETION = "completion"


class ReminderClock(StrEnum):
    """What the nightly clock reminds of: the two dates, and a report of progress that is overdue."""

    REPLY = "reply"
    COMPLETION = "completion"
    PROGRESS = "progress"


TERMINAL = frozenset({RecommendationState.RESOLVED, RecommendationState.UNRESOLVED, RecommendationState.WITHDRAWN})
REPLY_CLOCK_RUNS = frozenset({RecommendationState.ISSUED, RecommendationState.ESCALATED})


def overdue(
    state: str,
    reply_status: str,
    reply_due_on: date | None,
    due_on: date | None,
    today: date,
    paused_since: date | None = None,
) -> Overdue:
    """Completion before reply; replied, verifying and disputed stop the reply clock; terminal states are none.

    While the clocks stand still, it is as late as it was on the first day of the pause.
    """
    if paused_since is not None:
        today = min(today, paused_since)
    if state in TERMINAL or state == RecommendationState.DRAFT:
        return Overdue.NONE
    if due_on is not None and due_on < today:
        return Overdue.COMPLETION
    waits = state in REPLY_CLOCK_RUNS and reply_status == ReplyStatus.AWAITING
    if waits and reply_due_on is not None and reply_due_on < today:
        return Overdue.REPLY
    return Overdue.NONE


@dataclass
class RecommendationFacts:
    it: Any
    payload: Any
    campaign_state: str | None = None
    engagement_state: str | None = None
    written_reminders: int = 0
    addressee_exists: bool = True
    issued_on: date | None = None
    front_silent: bool = False


@need("/addressee_id")
def has_addressee(facts: RecommendationFacts) -> bool:
    return facts.it.addressee_id is not None


@need("/addressee_id")
def addressee_exists(facts: RecommendationFacts) -> bool:
    """On the day of issue; a paper cannot be sent to a body that has ended."""
    return facts.addressee_exists


@need("/owner")
def has_owner(facts: RecommendationFacts) -> bool:
    return bool(facts.it.owner_name)


@need("/action")
def has_action(facts: RecommendationFacts) -> bool:
    return bool(facts.it.action)


@need("/expected_result")
def has_expected_result(facts: RecommendationFacts) -> bool:
    return bool(facts.it.expected_result)


@need("/due_on")
def has_due_date(facts: RecommendationFacts) -> bool:
    return facts.it.due_on is not None


@need("/due_on")
def due_after_issue(facts: RecommendationFacts) -> bool:
    """A due date may lie in the past, but not before the day on which the recommendation was issued."""
    return None in (facts.it.due_on, facts.issued_on) or facts.it.due_on >= facts.issued_on


@need("/due_basis")
def has_due_basis(facts: RecommendationFacts) -> bool:
    return bool(facts.it.due_basis)


@need()
def campaign_far_enough(facts: RecommendationFacts) -> bool:
    """Issued from `reported` (origin report), from the engagement's `notified` (origin session); others at once."""
    if facts.it.origin == Origin.SESSION:
        return facts.engagement_state not in (None, "preparing", "discontinued")
    if facts.it.origin == Origin.REPORT:
        return facts.campaign_state in {"reported", "concluded"}
    return True


@need()
def confirmed_by_front(facts: RecommendationFacts) -> bool:
    """What a grassroots board recommends, its Front has confirmed as it now stands (Luật 10/2022 Đ40(2)d)."""
    return not facts.front_silent


@need("/explanation")
def has_explanation(facts: RecommendationFacts) -> bool:
    return facts.payload.kind == ReplyStatus.ACCEPTED or bool(facts.payload.explanation)


@need()
def has_written_reminder(facts: RecommendationFacts) -> bool:
    return facts.written_reminders > 0


@need()
def was_escalated(facts: RecommendationFacts) -> bool:
    return bool(facts.it.escalation_level > 0)


def next_step(state: str, reply_status: str | None) -> tuple[str, Actor]:
    """What an open recommendation waits for, and from whom."""
    if state == RecommendationState.DRAFT:
        return "issue", Actor.LEAD_LEADER
    if state == RecommendationState.DISPUTED:
        return "uphold", Actor.LEAD
    if state == RecommendationState.VERIFYING:
        return "verify", Actor.VERIFIER
    if state in REPLY_CLOCK_RUNS and reply_status == ReplyStatus.AWAITING:
        return "reply", Actor.ADDRESSEE
    if reply_status == ReplyStatus.EXPLAINED:
        return "return", Actor.LEAD
    return "claim_done", Actor.ADDRESSEE


S = RecommendationState
OPEN = (S.ISSUED, S.REPLIED, S.ESCALATED)
COMPLETE = (
    has_addressee,
    addressee_exists,
    has_owner,
    has_action,
    has_expected_result,
    has_due_date,
    due_after_issue,
    has_due_basis,
    campaign_far_enough,
    confirmed_by_front,
)

RECOMMENDATION = Lifecycle(
    "recommendation",
    RecommendationState,
    S.DRAFT,
    (
        step(S.DRAFT, "issue", S.ISSUED, by={Actor.LEAD_LEADER}, needs=COMPLETE),
        step((S.ISSUED, S.ESCALATED), "reply", S.REPLIED, by={Actor.ADDRESSEE}, needs=(has_explanation,)),
        step(S.REPLIED, "return", S.ISSUED, by={Actor.LEAD}),
        step(OPEN, "object", S.DISPUTED, by={Actor.ADDRESSEE}),
        step(S.DISPUTED, "uphold", S.ISSUED, by={Actor.LEAD}),
        step(S.DISPUTED, "amend", S.ISSUED, by={Actor.LEAD}),
        step(OPEN, "claim_done", S.VERIFYING, by={Actor.ADDRESSEE}),
        step(S.VERIFYING, "verify", S.RESOLVED, by={Actor.VERIFIER}),
        step(S.VERIFYING, "reject", S.ISSUED, by={Actor.VERIFIER}),
        step(S.VERIFYING, "return_to_work", S.ISSUED, by={Actor.LEAD}),
        step(OPEN, "escalate", S.ESCALATED, by={Actor.LEAD, Actor.CLOCK}),
        step(
            OPEN,
            "settle_unresolved",
            S.UNRESOLVED,
            by={Actor.LEAD_LEADER},
            needs=(has_written_reminder, was_escalated),
        ),
        step(
            (S.DRAFT, S.ISSUED, S.REPLIED, S.ESCALATED, S.DISPUTED),
            "withdraw",
            S.WITHDRAWN,
            by={Actor.LEAD_LEADER},
        ),
        step((S.RESOLVED, S.UNRESOLVED), "reopen", S.ISSUED, by={Actor.LEAD_LEADER}),
    ),
)
