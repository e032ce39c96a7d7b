"""Recommendations and what becomes of them."""

from tests.contracts.probes.probe import BASIS, REASON, Probe, of_lead, on

RECOMMENDATIONS = (
    "recommendation",
    "recommendation_draft",
    "recommendation_of_engagement",
    "recommendation_escalated",
    "recommendation_verifying",
)


RECOMMENDATION: list[Probe] = [
    Probe(
        "create_recommendation",
        body=of_lead(
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
        body=of_lead(action="reply", kind="accepted", document_id="@document"),
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
    Probe("get_half_year_notice", query=of_lead(body_id="@lead", half="2024H1")),
]

EXTENSION = {"extension_id": "extension"}
PAUSE = {"pause_id": "pause"}
INCOMING = {"incoming_reply_id": "incoming_reply"}

PARTS: list[Probe] = [
    *on("list_extensions", "recommendation"),
    *on("ask_extension", "recommendation_verifying", body={"until": "2099-01-01", **REASON}),
    *on("get_extension", "recommendation", more=EXTENSION),
    *on("list_extension_transitions", "recommendation", more=EXTENSION),
    *on("advance_extension", "recommendation", more=EXTENSION, body={"action": "grant"}),
    *on("list_pauses", "recommendation_of_engagement"),
    *on("pause_recommendation", "recommendation", body=of_lead(reason="force_majeure", document_id="@document")),
    *on("get_pause", "recommendation_of_engagement", more=PAUSE),
    *on("list_pause_transitions", "recommendation_of_engagement", more=PAUSE),
    *on("advance_pause", "recommendation_of_engagement", more=PAUSE, body={"action": "resume"}),
    *on("list_incoming_replies", "recommendation"),
    *on(
        "register_incoming_reply",
        "recommendation",
        body=of_lead(document_id="@document", received_on="2024-06-12"),
    ),
    *on("get_incoming_reply", "recommendation", more=INCOMING),
    *on("list_incoming_reply_transitions", "recommendation", more=INCOMING),
    *on(
        "advance_incoming_reply",
        "recommendation",
        more=INCOMING,
        body={"action": "classify", "kind": "accepted"},
    ),
]

CHECK = {"effectiveness_check_id": "effectiveness_check"}

LATER: list[Probe] = [
    *on("get_progress_schedule", "recommendation"),
    *on("put_progress_schedule", "recommendation", body={"dates": ["2099-01-01"]}),
    *on("list_effectiveness_checks", "recommendation"),
    *on("plan_effectiveness_check", "recommendation", body={"due_on": "2099-01-01"}),
    *on("get_effectiveness_check", "recommendation", more=CHECK),
    *on("list_effectiveness_check_transitions", "recommendation", more=CHECK),
    *on("advance_effectiveness_check", "recommendation", more=CHECK, body={"action": "cancel", **REASON}),
    *on("list_finding_repeats", "finding"),
]

SERIES: list[Probe] = [
    Probe(
        "create_series",
        body=of_lead(
            campaign_id="@campaign",
            action="Ban hành kế hoạch",
            addressees=[
                {"body_id": "@addressee", "owner": {"name": "Cao Thị Vân", "title": "Trưởng phòng"}},
                {"body_id": "@paper_addressee", "owner": {"name": "Lê Văn Minh", "title": "Chủ tịch"}},
            ],
        ),
    ),
    Probe("get_series", more={"series_id": "series"}),
    Probe("issue_series", more={"series_id": "series"}, body={"action": "issue"}),
]

PROBES = [*RECOMMENDATION, *PARTS, *SERIES, *LATER]
