"""What can be exported: which rows, by which filters, and which columns are written of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.adapters.xlsx import Column
from app.core.principal import Principal
from app.core.words import heading, label
from app.models.base import ListQuery
from app.models.campaign import CampaignFilter
from app.models.export import ExportKind
from app.models.finding import FindingFilter
from app.models.recommendation import RecommendationFilter
from app.models.report import ReportFilter
from app.policies.relations import Condition
from app.services.campaigns import reading as campaigns
from app.services.findings import reading as findings
from app.services.reading import Projection
from app.services.recommendations import reading as recommendations
from app.services.reports import reading as reports


@dataclass(frozen=True, slots=True)
class Written:
    """A column: where its value stands in the record, and the vocabulary whose words replace codes."""

    path: str
    kind: Literal["text", "date", "number", "instant"] = "text"
    vocabulary: str | None = None
    width: int = 18

    def value(self, record: dict[str, Any], language: str) -> Any:
        found: Any = record
        for part in self.path.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if found is None or (self.vocabulary == "overdue" and found == "none"):
            return None
        return label(language, self.vocabulary, found) if self.vocabulary else found


@dataclass(frozen=True)
class Offer:
    """`counted` is the column by whose words the figures are counted; `late` says which rows are late."""

    projection: Projection
    filter: type[ListQuery]
    where: Callable[[Any, Principal], Sequence[Condition]]
    columns: tuple[Written, ...]
    counted: str
    late: str | None = None

    def headings(self, kind: ExportKind, language: str) -> list[Column]:
        return [Column(heading(language, kind, it.path), it.kind, it.width) for it in self.columns]

    def place(self, path: str | None) -> int | None:
        return next((place for place, it in enumerate(self.columns) if it.path == path), None)


OFFERS: dict[ExportKind, Offer] = {
    ExportKind.RECOMMENDATIONS: Offer(
        recommendations.RECOMMENDATIONS,
        RecommendationFilter,
        recommendations.conditions,
        (
            Written("number", "number", width=8),
            Written("issuer_body.name", width=35),
            Written("addressee.name", width=35),
            Written("owner.name", width=24),
            Written("owner.title", width=24),
            Written("action", width=60),
            Written("expected_result", width=40),
            Written("measure", width=30),
            Written("issued_on", "date", width=13),
            Written("reply_due_on", "date", width=13),
            Written("due_on", "date", width=13),
            Written("state", vocabulary="recommendation_state"),
            Written("reply_status", vocabulary="reply_status"),
            Written("implementation", vocabulary="implementation"),
            Written("overdue", vocabulary="overdue"),
            Written("escalation_level", "number", width=10),
            Written("first_replied_on", "date", width=13),
            Written("resolved_on", "date", width=13),
            Written("id", width=38),
        ),
        counted="state",
        late="overdue",
    ),
    ExportKind.FINDINGS: Offer(
        findings.FINDINGS,
        FindingFilter,
        lambda asked, who: findings.conditions(asked),
        (
            Written("kind", vocabulary="finding_kind"),
            Written("clause", width=10),
            Written("content", width=80),
            Written("severity", vocabulary="severity"),
            Written("extent", "number", width=10),
            Written("occurred_on", "date", width=13),
            Written("place.name", width=20),
            Written("supervised_body.name", width=35),
            Written("author.name", width=24),
            Written("state", vocabulary="finding_state"),
            Written("id", width=38),
        ),
        counted="kind",
    ),
    ExportKind.CAMPAIGNS: Offer(
        campaigns.CAMPAIGNS,
        CampaignFilter,
        lambda asked, who: campaigns.conditions(who, asked),
        (
            Written("title", width=60),
            Written("kind", vocabulary="campaign_kind"),
            Written("regime", vocabulary="regime"),
            Written("form", vocabulary="campaign_form", width=24),
            Written("lead_body.name", width=35),
            Written("window.starts_on", "date", width=13),
            Written("window.ends_on", "date", width=13),
            Written("planned_on", "date", width=13),
            Written("state", vocabulary="campaign_state"),
            Written("id", width=38),
        ),
        counted="state",
    ),
    ExportKind.REPORTS: Offer(
        reports.LISTED,
        ReportFilter,
        lambda asked, who: reports.conditions(who, asked),
        (
            Written("kind", vocabulary="report_kind", width=24),
            Written("title", width=60),
            Written("version", "number", width=10),
            Written("author_body.name", width=35),
            Written("state", vocabulary="report_state"),
            Written("circulated_on", "date", width=13),
            Written("adopted_on", "date", width=13),
            Written("issued_on", "date", width=13),
            Written("hash", width=66),
            Written("id", width=38),
        ),
        counted="kind",
    ),
}
