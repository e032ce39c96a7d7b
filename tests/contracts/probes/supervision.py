"""Campaigns, delegations, engagements, findings and reports."""

from typing import Any

from tests.contracts.probes.probe import BASIS, NOTHING, REASON, Probe, each, of_lead, on
from tests.stage import Stage
from tests.world import World


def _proposal(stage: Stage, world: World) -> dict[str, Any]:
    words = {"kind": "supervision", "regime": "party", "form": "delegation", "title": "Giám sát một chuyên đề"}
    return {**words, "lead_body_id": str(world.body["lead"])}


CONCURRENCE = of_lead(outcome="concurred", document_id="@document")
ANSWER = of_lead(text="Đã điều chỉnh", document_id="@document")
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
    *on("add_campaign_partner", "campaign", body=of_lead(body_id="@verifier")),
    *on("remove_campaign_partner", "campaign", more={"body_id": "partner"}),
    *on("concur_as_partner", "campaign", more={"body_id": "partner"}, body=CONCURRENCE),
    *on("answer_partner_refusal", "campaign", more={"body_id": "partner"}, body=ANSWER),
    *on("list_campaign_counterparts", "campaign_consulting"),
    *on("add_campaign_counterpart", "campaign_consulting", body=of_lead(body_id="@verifier")),
    *on("remove_campaign_counterpart", "campaign_consulting", more={"body_id": "counterpart"}),
    *on("concur_as_counterpart", "campaign_consulting", more={"body_id": "counterpart"}, body=CONCURRENCE),
    *on("answer_counterpart_refusal", "campaign_consulting", more={"body_id": "counterpart"}, body=ANSWER),
    *on("list_subject_documents", "campaign"),
    *on("add_subject_document", "campaign", body={"symbol": "62-KL/TW"}),
    *on("remove_subject_document", "campaign", more={"document_id": "subject_document"}),
    *on("draft_campaign_report", "campaign", body={}),
]

DELEGATION: list[Probe] = [
    Probe("create_delegation", body=of_lead(campaign_id="@campaign", name="Đoàn giám sát số 2")),
    *on("get_delegation", "delegation", "delegation_forming"),
    *on("update_delegation", "delegation", body={"name": "Đoàn giám sát 133 (mới)"}),
    *on("list_delegation_transitions", "delegation"),
    *on(
        "advance_delegation",
        "delegation_forming",
        body=of_lead(
            action="decide",
            decision={"symbol": "133-QĐ/BDVTU", "issued_on": "2024-02-20", "issuer_body_id": "@lead"},
        ),
    ),
    *on("list_delegation_members", "delegation"),
    *on(
        "add_delegation_member",
        "delegation_forming",
        body=of_lead(person={"name": "Phan Văn Lộc", "title": "Chuyên viên"}, body_id="@lead", duty="member"),
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
    Probe("create_engagement", body=of_lead(delegation_id="@delegation", supervised={"body_id": "@addressee"})),
    *on("get_engagement", "engagement", "engagement_unnotified"),
    *on("update_engagement", "engagement_unnotified", body={"session_planned_on": "2024-05-01"}),
    *on("list_engagement_transitions", "engagement"),
    *on("advance_engagement", "engagement", body={"action": "finalise"}),
    *on("list_engagement_sessions", "engagement"),
    *on(
        "record_session",
        "engagement",
        body=of_lead(
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
    *on("minute_session", "engagement", body={"minutes": {"text": "Nội dung đã sửa"}}, more={"session_id": "session"}),
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
    Probe("create_finding", body=of_lead(engagement_id="@engagement", kind="lesson", content="Bài học kinh nghiệm")),
    Probe(
        "file_findings",
        body=of_lead(
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
    *on("refer_finding", "finding_sign", body=of_lead(to_body_id="@verifier", document_id="@document")),
]

REPORT: list[Probe] = [
    Probe(
        "create_report", body=of_lead(kind="notice", campaign_id="@campaign", title="Thông báo kết quả", sections=[])
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
    Probe("compare_reports", "report", query=of_lead(against="@self_report")),
    *on("get_public_conclusion", "conclusion", "conclusion_published"),
]

PROBES = [*CAMPAIGN, *DELEGATION, *ENGAGEMENT, *FINDING, *REPORT]
