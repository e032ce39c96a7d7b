"""How the authorisation matrix calls each operation of the API: on which record, with which well-formed body."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.stage import Stage
from tests.world import World

Content = dict[str, Any] | Callable[[Stage, World], dict[str, Any]] | None


@dataclass(frozen=True)
class Probe:
    """`record` is the name on the stage (or a body of the cast) whose id fills the path; `more` fills the rest."""

    operation: str
    record: str = ""
    body: Content = None
    more: dict[str, str] = field(default_factory=dict)
    query: Content = None
    form: dict[str, str] | None = None
    files: dict[str, Any] | None = None

    def request(self, path: str, stage: Stage, world: World) -> tuple[str, dict[str, Any]]:
        for part in [it for it in path.split("/") if it.startswith("{")]:
            path = path.replace(part, self.value(part.strip("{}"), stage, world), 1)
        rest: dict[str, Any] = {}
        if self.body is not None:
            rest["json"] = self._content(self.body, stage, world)
        if self.query is not None:
            rest["params"] = self._content(self.query, stage, world)
        if self.form is not None:
            rest["data"] = self.form
        if self.files is not None:
            rest["files"] = self.files
        return path, rest

    def value(self, name: str, stage: Stage, world: World) -> str:
        chosen = self.more.get(name, self.record)
        if chosen in stage.ids:
            return stage[chosen]
        if chosen in world.body:
            return str(world.body[chosen])
        return chosen

    @staticmethod
    def _content(content: Content, stage: Stage, world: World) -> dict[str, Any]:
        assert content is not None
        return content(stage, world) if callable(content) else content


def on(operation: str, *records: str, body: Content = None, more: dict[str, str] | None = None) -> list[Probe]:
    """The same call on several records."""
    return [Probe(operation, record, body, more or {}) for record in records]


def each(*operations: str) -> list[Probe]:
    """Calls that name no record."""
    return [Probe(it) for it in operations]


NOTHING = "00000000-0000-7000-8000-000000000000"
BASIS = {"text": "Thông báo kết luận"}
REASON = {"reason": "Theo chỉ đạo"}


def _proposal(stage: Stage, world: World) -> dict[str, Any]:
    words = {"kind": "supervision", "regime": "party", "form": "delegation", "title": "Giám sát một chuyên đề"}
    return {**words, "lead_body_id": str(world.body["lead"])}


def _document(stage: Stage, world: World) -> dict[str, Any]:
    return {
        "kind": "CV",
        "symbol": "15-CV/BDVTU",
        "issuer_body_id": str(world.body["lead"]),
        "issued_on": "2024-04-12",
        "abstract": "Công văn đôn đốc",
    }


def _of_lead(**fields: Any) -> Callable[[Stage, World], dict[str, Any]]:
    """Values that start with @ are ids: of the stage, or of a body."""

    def content(stage: Stage, world: World) -> dict[str, Any]:
        return {name: _resolve(value, stage, world) for name, value in fields.items()}

    return content


def _resolve(value: Any, stage: Stage, world: World) -> Any:
    if isinstance(value, dict):
        return {name: _resolve(it, stage, world) for name, it in value.items()}
    if isinstance(value, list):
        return [_resolve(it, stage, world) for it in value]
    if isinstance(value, str) and value.startswith("@"):
        name = value[1:]
        return stage[name] if name in stage.ids else str(world.body[name])
    return value


ROUND = {"from": "2024-01-01", "to": "2024-12-31"}
CONCURRENCE = _of_lead(outcome="concurred", document_id="@document")
ANSWER = _of_lead(text="Đã điều chỉnh", document_id="@document")
CAMPAIGNS = ("campaign", "campaign_proposed", "campaign_consulting")
REPORTS = (
    "report_draft",
    "report_whole_draft",
    "report",
    "self_report_draft",
    "self_report",
    "conclusion_draft",
    "conclusion",
    "conclusion_published",
)
FINDINGS = ("finding", "finding_draft", "finding_sign")
RECOMMENDATIONS = (
    "recommendation",
    "recommendation_draft",
    "recommendation_of_engagement",
    "recommendation_escalated",
    "recommendation_verifying",
)

OPERATIONS: list[Probe] = [
    *each(
        "get_health", "get_readiness", "get_metrics", "get_signing_keys", "get_authorization_server", "get_vocabulary"
    ),
    Probe("issue_token", form={"grant_type": "password", "username": "x", "password": "y"}),
    Probe("revoke_token", form={"token": "x"}),
    *each("get_me", "list_my_tasks", "list_my_sessions", "list_notifications", "read_all_notifications"),
    *each("list_accounts", "list_memberships", "list_audit_events", "list_places", "list_rules", "list_calendar_days"),
    *each("list_bodies", "list_lineage_events", "list_campaigns", "list_delegations", "list_engagements"),
    *each("list_findings", "list_reports", "list_recommendations", "list_documents", "list_public_conclusions"),
    Probe("set_demo_clock", body={"today": "2026-01-01"}),
    Probe("change_password", body={"current_password": "sai mật khẩu", "new_password": "mật khẩu mới dài"}),
    Probe("explain_deadline", query={"rule": "D02", "from": "2024-04-12"}),
    Probe("list_overlaps", query=_of_lead(supervised_body_id="@supervised", **ROUND)),
]

PEOPLE: list[Probe] = [
    Probe("get_account", more={"account_id": NOTHING}),
    Probe("create_password_reset", body={"account_id": NOTHING}),
    Probe("open_password_reset", more={"token": "x"}),
    Probe("use_password_reset", more={"token": "x"}, body={"password": "mật khẩu mới dài"}),
    Probe("open_invitation", more={"token": "x"}),
    Probe("accept_invitation", more={"token": "x"}, body={"password": "mật khẩu mới dài"}),
    *on(
        "create_invitation",
        "lead",
        body={"login": "moi@example.vn", "name": "Người mới", "duties": [{"duty": "clerk", "from": "2024-01-01"}]},
    ),
    *on("list_invitations", "lead"),
    *on("get_invitation", "lead", more={"invitation_id": NOTHING}),
    *on("withdraw_invitation", "lead", more={"invitation_id": NOTHING}),
    Probe("end_my_session", more={"session_id": NOTHING}),
    Probe("create_membership", body={"login": "moi@example.vn", "duties": [{"duty": "clerk", "from": "2024-01-01"}]}),
    Probe("get_membership", more={"membership_id": NOTHING}),
    Probe("change_membership", more={"membership_id": NOTHING}, body={"ended_on": "2024-01-01"}),
    Probe("accept_membership", more={"membership_id": NOTHING}),
    Probe("read_notification", more={"notification_id": NOTHING}),
]

REGISTRY: list[Probe] = [
    Probe(
        "create_body",
        body={
            "kind": "office",
            "level": "province",
            "valid_from": "2024-01-01",
            "name": "Văn phòng mới",
            "short_name": "VP",
        },
    ),
    *on("get_body", "lead"),
    *on("update_body", "lead", body={"level": "province"}),
    *on("list_body_names", "lead"),
    *on("add_body_name", "lead", body={"name": "Tên mới", "short_name": "TM", "valid_from": "2025-01-01"}),
    *on("list_delegates", "partner"),
    Probe(
        "create_lineage_event",
        body=_of_lead(
            kind="rename", effective_on="2025-03-01", predecessor_ids=["@stranger"], successor_ids=["@stranger"]
        ),
    ),
    Probe("get_lineage_event", more={"event_id": NOTHING}),
    Probe("get_place", more={"code": "46"}),
    Probe("get_rule", more={"rule_id": NOTHING}),
    Probe(
        "create_rule",
        body={
            "code": "D06",
            "regime": "any",
            "trigger": "recommendation_received",
            "unit": "day",
            "n": {"any": 20},
            "responsible": "addressee",
            "what_vi": "Trả lời kiến nghị",
            "what_en": "Reply to a recommendation",
            "legal_basis": "Sổ tay địa phương",
            "valid_from": "2024-01-01",
        },
    ),
    Probe(
        "correct_calendar_day",
        more={"day": "2024-04-15"},
        body={"kind": "day_off", "name_vi": "Nghỉ bù", "name_en": "Day off", "basis": "Quyết định"},
    ),
    Probe("restore_calendar_day", more={"day": "2024-04-15"}),
]

CAMPAIGN: list[Probe] = [
    Probe("create_campaign", body=_proposal),
    *on("get_campaign", *CAMPAIGNS),
    *on("update_campaign", "campaign_proposed", body={"title": "Tên khác của cuộc"}),
    *on("list_campaign_transitions", *CAMPAIGNS),
    *on("advance_campaign", "campaign", body={"action": "report"}),
    *on("advance_campaign", "campaign_consulting", body={"action": "plan", "overlap_acknowledged": True}),
    *on("get_campaign_timeline", "campaign"),
    *on("download_dossier", *CAMPAIGNS),
    *on("list_campaign_overlaps", "campaign"),
    *on("list_campaign_partners", "campaign"),
    *on("add_campaign_partner", "campaign", body=_of_lead(body_id="@verifier")),
    *on("remove_campaign_partner", "campaign", more={"body_id": "partner"}),
    *on("concur_as_partner", "campaign", more={"body_id": "partner"}, body=CONCURRENCE),
    *on("answer_partner_refusal", "campaign", more={"body_id": "partner"}, body=ANSWER),
    *on("list_campaign_counterparts", "campaign_consulting"),
    *on("add_campaign_counterpart", "campaign_consulting", body=_of_lead(body_id="@verifier")),
    *on("remove_campaign_counterpart", "campaign_consulting", more={"body_id": "counterpart"}),
    *on("concur_as_counterpart", "campaign_consulting", more={"body_id": "counterpart"}, body=CONCURRENCE),
    *on("answer_counterpart_refusal", "campaign_consulting", more={"body_id": "counterpart"}, body=ANSWER),
    *on("list_subject_documents", "campaign"),
    *on("add_subject_document", "campaign", body={"symbol": "62-KL/TW"}),
    *on("remove_subject_document", "campaign", more={"document_id": "subject_document"}),
    *on("draft_campaign_report", "campaign", body={}),
]

DELEGATION: list[Probe] = [
    Probe("create_delegation", body=_of_lead(campaign_id="@campaign", name="Đoàn giám sát số 2")),
    *on("get_delegation", "delegation", "delegation_forming"),
    *on("update_delegation", "delegation", body={"name": "Đoàn giám sát 133 (mới)"}),
    *on("list_delegation_transitions", "delegation"),
    *on(
        "advance_delegation",
        "delegation_forming",
        body=_of_lead(
            action="decide",
            decision={"symbol": "133-QĐ/BDVTU", "issued_on": "2024-02-20", "issuer_body_id": "@lead"},
        ),
    ),
    *on("list_delegation_members", "delegation"),
    *on(
        "add_delegation_member",
        "delegation_forming",
        body=_of_lead(person={"name": "Phan Văn Lộc", "title": "Chuyên viên"}, body_id="@lead", duty="member"),
    ),
    *on("get_delegation_member", "delegation_forming", more={"member_id": "member"}),
    *on(
        "update_delegation_member",
        "delegation_forming",
        more={"member_id": "member"},
        body={"to": "2024-05-01", "reason": "Chuyển công tác"},
    ),
    *on("remove_delegation_member", "delegation_forming", more={"member_id": "member"}),
]

ENGAGEMENT: list[Probe] = [
    Probe("create_engagement", body=_of_lead(delegation_id="@delegation", supervised={"body_id": "@addressee"})),
    *on("get_engagement", "engagement", "engagement_unnotified"),
    *on("update_engagement", "engagement_unnotified", body={"session_planned_on": "2024-05-01"}),
    *on("list_engagement_transitions", "engagement"),
    *on("advance_engagement", "engagement", body={"action": "finalise"}),
    *on("list_engagement_sessions", "engagement"),
    *on(
        "record_session",
        "engagement",
        body=_of_lead(
            held_on="2024-04-12",
            place="Quảng Điền",
            chair={"name": "A", "title": "Trưởng đoàn", "body_id": "@lead"},
            minute_taker={"name": "B", "title": "Thư ký", "body_id": "@lead"},
            attendance=[],
            minutes={"text": "Nội dung"},
            promises=[],
        ),
    ),
    *on("get_session", "engagement", more={"session_id": "session"}),
    *on("list_engagement_revision_requests", "engagement"),
    *on(
        "request_revision",
        "engagement",
        body={"reason": "Rà soát số liệu", "due_on": "2099-01-01", "due_basis": BASIS},
    ),
    *each("list_revision_requests"),
    *on("get_revision_request", "revision_request"),
    *on("list_revision_request_transitions", "revision_request"),
    *on("advance_revision_request", "revision_request", body={"action": "waive", **REASON}),
    *on("list_engagement_deadlines", "engagement"),
    *on("get_field_pack", "engagement"),
    *on("download_package", "engagement"),
    *on("draft_engagement_report", "engagement", body={}),
]

FINDING: list[Probe] = [
    Probe("create_finding", body=_of_lead(engagement_id="@engagement", kind="lesson", content="Bài học kinh nghiệm")),
    Probe(
        "file_findings",
        body=_of_lead(
            items=[{"op": "submit", "id": "@finding_draft"}],
        ),
    ),
    *on("get_finding", *FINDINGS),
    *on("update_finding", "finding_draft", "finding", body={"content": "Nội dung đã sửa lại"}),
    *on("list_finding_transitions", "finding"),
    *on("advance_finding", "finding_draft", body={"action": "submit"}),
    *on("advance_finding", "finding", body={"action": "accept"}),
    *on("list_pending_edits", "finding"),
    *on("get_pending_edit", "finding", more={"edit_id": "pending_edit"}),
    *on("settle_pending_edit", "finding", more={"edit_id": "pending_edit"}, body={"action": "drop"}),
    *on("list_pending_edit_transitions", "finding", more={"edit_id": "pending_edit"}),
    *on("refer_finding", "finding_sign", body=_of_lead(to_body_id="@verifier", document_id="@document")),
]

REPORT: list[Probe] = [
    Probe(
        "create_report", body=_of_lead(kind="notice", campaign_id="@campaign", title="Thông báo kết quả", sections=[])
    ),
    *on("get_report", *REPORTS),
    *on("update_report", "report_draft", "conclusion_draft", body={"title": "Tên khác của báo cáo"}),
    *on(
        "put_report_section",
        "report_draft",
        more={"key": "I"},
        body={"title": "Kết quả", "content": "Nội dung", "finding_ids": []},
    ),
    *on("list_report_transitions", "report"),
    *on("advance_report", "conclusion_draft", body={"action": "adopt"}),
    *on("advance_report", "report", body={"action": "adopt"}),
    *on("list_report_comments", "report"),
    *on("comment_report", "report", body={"text": "Góp ý về số liệu"}),
    *on("get_report_comment", "report", more={"comment_id": "comment"}),
    *on("answer_report_comment", "report", more={"comment_id": "comment"}, body={"kind": "accepted"}),
    *on("list_report_signatures", "report"),
    *on("sign_report", "report", body={"hash": "1" * 64}),
    *on("get_report_signature", "report", more={"signature_id": NOTHING}),
    Probe("compare_reports", "report", query=_of_lead(against="@self_report")),
    *on("get_public_conclusion", "conclusion", "conclusion_published"),
]

RECOMMENDATION: list[Probe] = [
    Probe(
        "create_recommendation",
        body=_of_lead(
            origin="report",
            campaign_id="@campaign",
            addressee_id="@addressee",
            owner={"name": "Cao Thị Vân", "title": "Trưởng phòng"},
            action="Tham mưu kế hoạch cụ thể hóa",
            expected_result="Kế hoạch được ban hành",
            due_on="2024-12-31",
            due_basis=BASIS,
        ),
    ),
    *on("get_recommendation", *RECOMMENDATIONS),
    *on("update_recommendation", "recommendation_draft", body={"measure": "11/11 xã"}),
    *on("list_recommendation_transitions", "recommendation"),
    *on("advance_recommendation", "recommendation_draft", body={"action": "issue"}),
    *on(
        "advance_recommendation",
        "recommendation",
        body=_of_lead(action="reply", kind="accepted", document_id="@document"),
    ),
    *on(
        "advance_recommendation",
        "recommendation_verifying",
        body={"action": "verify", "implementation": "done", "note": "Đã kiểm tra"},
    ),
    *on("list_recommendation_deadlines", "recommendation"),
    *on("list_recommendation_progress", "recommendation"),
    *on("report_recommendation_progress", "recommendation", body={"percent": 30, "note": "Đang làm"}),
    *on("list_recommendation_reminders", "recommendation"),
    *on("list_recommendation_escalations", "recommendation"),
    *on("remind_of_recommendation", "recommendation", body={"note": "Đã quá hạn"}),
    Probe("count_recommendations", query={"group_by": "addressee"}),
    Probe("get_half_year_notice", query=_of_lead(body_id="@lead", half="2024H1")),
]

PAPER: list[Probe] = [
    Probe("create_document", body=_document),
    *on("get_document", "document", "document_foreign"),
    *on("update_document", "document", body={"abstract": "Trích yếu khác"}),
    Probe("create_attachment", files={"file": ("ghi-chu.txt", "Ghi chú".encode(), "text/plain")}),
    *on("get_attachment", "attachment"),
    *on("get_attachment_content", "attachment"),
]

PROBES: list[Probe] = [
    *OPERATIONS,
    *PEOPLE,
    *REGISTRY,
    *CAMPAIGN,
    *DELEGATION,
    *ENGAGEMENT,
    *FINDING,
    *REPORT,
    *RECOMMENDATION,
    *PAPER,
]
