"""The life of a report, by kind: whose it is, when it freezes, who adopts and issues it. Source: api.md, section 5."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.lifecycle import Actor, Lifecycle, need, step


class ReportKind(StrEnum):
    SELF_REPORT = "self_report"
    RESULT_REPORT = "result_report"
    NOTICE = "notice"
    CONCLUSION = "conclusion"
    CRITICISM = "criticism"
    MINORITY_REPORT = "minority_report"


class ReportState(StrEnum):
    DRAFT = "draft"
    CIRCULATED = "circulated"
    SUPERSEDED = "superseded"
    ADOPTED = "adopted"
    ISSUED = "issued"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class SelfReportState(StrEnum):
    DRAFT = "draft"
    CIRCULATED = "circulated"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class ResultReportState(StrEnum):
    DRAFT = "draft"
    CIRCULATED = "circulated"
    SUPERSEDED = "superseded"
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"


class ConclusionState(StrEnum):
    DRAFT = "draft"
    ADOPTED = "adopted"
    ISSUED = "issued"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class MinorityReportState(StrEnum):
    DRAFT = "draft"
    CIRCULATED = "circulated"
    WITHDRAWN = "withdrawn"


class AnswerKind(StrEnum):
    """What becomes of a comment, an opinion or a recommendation (tiếp thu, tiếp thu một phần, giải trình)."""

    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    EXPLAINED = "explained"


@dataclass
class ReportFacts:
    it: Any
    payload: Any
    answers_revision_request: bool = False
    engagement_finalised: bool = True
    campaign_underway: bool = True
    signatures_missing: int = 0
    revisions_open: int = 0
    has_document: bool = False
    may_be_published: bool = True
    campaign_reported: bool = True
    host_was_asked: bool = False


@need()
def answers_revision_request(facts: ReportFacts) -> bool:
    """The first version travels with the engagement's submit_self_report; later ones answer a revision request."""
    return facts.answers_revision_request


@need()
def is_campaign_wide(facts: ReportFacts) -> bool:
    """An engagement's result report is circulated by the engagement's own step circulate_draft."""
    return facts.it.engagement_id is None


@need()
def engagement_finalised(facts: ReportFacts) -> bool:
    return facts.engagement_finalised


@need()
def report_campaign_underway(facts: ReportFacts) -> bool:
    return facts.campaign_underway


@need()
def partners_signed(facts: ReportFacts) -> bool:
    return facts.signatures_missing == 0


@need("/document_id")
def has_document(facts: ReportFacts) -> bool:
    """A conclusion goes out with its document, number and date."""
    return facts.has_document


@need()
def campaign_reported(facts: ReportFacts) -> bool:
    return facts.campaign_reported


@need()
def host_was_asked(facts: ReportFacts) -> bool:
    """Some opinion asked the host to recommend, before one's own leaders are told that it did not (NQLT 403 Đ13)."""
    return facts.host_was_asked


@need("/document_id")
def head_instruction_documented(facts: ReportFacts) -> bool:
    """Where the head has no account, the paper of their instruction stands for them."""
    return not facts.payload.for_the_head or facts.payload.document_id is not None


@need()
def document_unclassified(facts: ReportFacts) -> bool:
    """What was issued on a classified paper is not for everybody."""
    return facts.may_be_published


SELF_REPORT = Lifecycle(
    "self_report",
    SelfReportState,
    SelfReportState.DRAFT,
    (
        step(
            SelfReportState.DRAFT,
            "circulate",
            SelfReportState.CIRCULATED,
            by={Actor.AUTHOR_LEADER, Actor.SUPERVISED},
            needs=(answers_revision_request,),
        ),
        step(
            SelfReportState.DRAFT,
            "withdraw",
            SelfReportState.WITHDRAWN,
            by={Actor.AUTHOR_BODY, Actor.SUPERVISED},
        ),
    ),
    passive=frozenset({SelfReportState.SUPERSEDED}),
)

RESULT_REPORT = Lifecycle(
    "result_report",
    ResultReportState,
    ResultReportState.DRAFT,
    (
        step(
            ResultReportState.DRAFT,
            "circulate",
            ResultReportState.CIRCULATED,
            by={Actor.LEAD_LEADER},
            needs=(is_campaign_wide, report_campaign_underway),
        ),
        step(
            ResultReportState.CIRCULATED,
            "adopt",
            ResultReportState.ADOPTED,
            by={Actor.HEAD, Actor.LEAD_LEADER},
            needs=(engagement_finalised, report_campaign_underway, partners_signed, head_instruction_documented),
        ),
        step(
            ResultReportState.DRAFT,
            "withdraw",
            ResultReportState.WITHDRAWN,
            by={Actor.AUTHOR_BODY, Actor.SECRETARY_HEAD},
        ),
    ),
    passive=frozenset({ResultReportState.SUPERSEDED}),
)

CONCLUSION = Lifecycle(
    "conclusion",
    ConclusionState,
    ConclusionState.DRAFT,
    (
        step(ConclusionState.DRAFT, "adopt", ConclusionState.ADOPTED, by={Actor.LEAD_LEADER}),
        step(
            ConclusionState.ADOPTED,
            "issue",
            ConclusionState.ISSUED,
            by={Actor.LEAD_LEADER},
            needs=(has_document, campaign_reported),
        ),
        step(
            ConclusionState.ISSUED,
            "publish",
            ConclusionState.PUBLISHED,
            by={Actor.LEAD_LEADER},
            needs=(document_unclassified,),
        ),
        step(ConclusionState.PUBLISHED, "unpublish", ConclusionState.ISSUED, by={Actor.LEAD_LEADER}),
        step(ConclusionState.DRAFT, "withdraw", ConclusionState.WITHDRAWN, by={Actor.AUTHOR_BODY}),
    ),
)

MINORITY_REPORT = Lifecycle(
    "minority_report",
    MinorityReportState,
    MinorityReportState.DRAFT,
    (
        step(
            MinorityReportState.DRAFT,
            "circulate",
            MinorityReportState.CIRCULATED,
            by={Actor.AUTHOR_BODY},
            needs=(host_was_asked,),
        ),
        step(MinorityReportState.DRAFT, "withdraw", MinorityReportState.WITHDRAWN, by={Actor.AUTHOR_BODY}),
    ),
)
"""From those who took part in another body's supervision to their own leaders, and to nobody else."""

LIFECYCLES = {
    ReportKind.SELF_REPORT: SELF_REPORT,
    ReportKind.RESULT_REPORT: RESULT_REPORT,
    ReportKind.MINORITY_REPORT: MINORITY_REPORT,
}


def lifecycle_of(kind: str) -> Lifecycle:
    """A report's table depends on its kind; the tables share their names of states and actions."""
    return LIFECYCLES.get(ReportKind(kind), CONCLUSION)
