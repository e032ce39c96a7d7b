"""What an engagement asks of the supervised party, and of the head and the secretary of the delegation."""

from collections.abc import Iterator

from sqlalchemy import and_, exists, or_, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.engagement import EngagementState, RevisionRequestState
from app.domain.finding import FindingState, PendingEditState
from app.domain.lifecycle import Actor
from app.domain.report import ReportKind, ReportState
from app.models.deadline import Deadline
from app.models.engagement import Engagement, RevisionRequest, WorkingSession
from app.models.finding import Finding, PendingEdit
from app.models.report import Report, ReportComment
from app.policies.relations import ACTORS, Condition, among
from app.services.tasks.asks import Ask, clock_of, name_of

E, F = Engagement, Finding
SUPERVISED = "supervised"


def asks(who: Principal) -> Iterator[Ask]:
    yield from _of_the_supervised(who)
    yield from _of_the_secretariat(who)
    yield from _of_findings(who)


def _of_the_supervised(who: Principal) -> Iterator[Ask]:
    ours = ACTORS[Engagement](who)[Actor.SUPERVISED]
    theirs = col(Deadline.responsible) == SUPERVISED
    yield Ask(
        "submit_self_report",
        E,
        name_of(col(E.supervised_body_id)),
        (ours, col(E.state) == EngagementState.NOTIFIED),
        col(E.self_report_due_on),
        clock_of(Deadline.rule_code, col(E.id), theirs, col(Deadline.due_on) == col(E.self_report_due_on)),
    )
    yield Ask(
        "comment",
        E,
        name_of(col(E.supervised_body_id)),
        (ours, col(E.state) == EngagementState.COMMENTING, ~_commented(answered=None)),
        col(E.comments_due_on),
    )
    asked = select(col(E.id)).where(among(E.supervised_body_id, who.acts))
    open_request = col(RevisionRequest.state) == RevisionRequestState.OPEN
    yield Ask(
        "send_new_version",
        RevisionRequest,
        col(RevisionRequest.reason),
        (open_request, col(RevisionRequest.engagement_id).in_(asked)),
        col(RevisionRequest.due_on),
        col(RevisionRequest.due_basis)["code"].astext,
    )


def _of_the_secretariat(who: Principal) -> Iterator[Ask]:
    sides = ACTORS[Engagement](who)
    commenting = col(E.state) == EngagementState.COMMENTING
    title = name_of(col(E.supervised_body_id))
    yield Ask("answer_comments", E, title, (sides[Actor.SECRETARY_HEAD], commenting, _commented(answered=False)))
    head = or_(sides[Actor.HEAD], sides[Actor.FOR_THE_HEAD])
    ours = col(Deadline.responsible) != SUPERVISED
    yield Ask(
        "finalise",
        E,
        title,
        (head, commenting, _ready_to_end()),
        clock_of(Deadline.due_on, col(E.id), ours),
        clock_of(Deadline.rule_code, col(E.id), ours),
    )


def _commented(*, answered: bool | None) -> Condition:
    """On the draft that circulates now; `answered` None: answered or not."""
    draft = select(col(Report.id)).where(
        col(Report.engagement_id) == col(E.id),
        col(Report.kind) == ReportKind.RESULT_REPORT,
        col(Report.state) == ReportState.CIRCULATED,
    )
    made: list[Condition] = [col(ReportComment.report_id).in_(draft.correlate(Engagement))]
    if answered is not None:
        made.append(col(ReportComment.answer_kind).is_not(None) == answered)
    return exists().where(*made)


def _ready_to_end() -> Condition:
    """A session was held, every comment is answered, and nothing is to be sent again (api.md, section 5)."""
    held = exists().where(col(WorkingSession.engagement_id) == col(E.id))
    asked = exists().where(
        col(RevisionRequest.engagement_id) == col(E.id), col(RevisionRequest.state) == RevisionRequestState.OPEN
    )
    return and_(held, ~asked, ~_commented(answered=False))


def _of_findings(who: Principal) -> Iterator[Ask]:
    """Where an edit waits, it is settled before the finding is accepted."""
    sides = ACTORS[Finding](who)
    edited = exists().where(
        col(PendingEdit.finding_id) == col(F.id), col(PendingEdit.state) == PendingEditState.PENDING
    )
    submitted = col(F.state) == FindingState.SUBMITTED
    yield Ask("accept", F, col(F.content), (sides[Actor.SECRETARY_HEAD], submitted, ~edited))
    author = and_(sides[Actor.AUTHOR], col(F.state) == FindingState.DRAFT)
    yield Ask("settle_pending_edits", F, col(F.content), (or_(sides[Actor.SECRETARY_HEAD], author), edited))
