"""Drafts under criticism, and the opinions on them."""

from tests.contracts.probes.probe import REASON, Probe, each, of_lead, on

DRAFTS = ("draft", "draft_issued")
OPINIONS = ("opinion", "opinion_of_assigned", "opinion_issued")

PROBES: list[Probe] = [
    *each("list_drafts", "list_opinions"),
    Probe(
        "create_draft",
        body=of_lead(
            campaign_id="@criticism",
            title="Quyết định về phụ cấp",
            drafting_body_id="@addressee",
            issuing_authority={"name": "UBND tỉnh"},
        ),
    ),
    *on("get_draft", *DRAFTS),
    *on("update_draft", "draft", body={"title": "Tên khác của dự thảo"}),
    *on("list_draft_transitions", "draft"),
    *on("advance_draft", "draft", body=of_lead(action="issue_document", document_id="@document")),
    *on("advance_draft", "draft_issued", body=of_lead(action="reply", document_id="@document")),
    *on("list_draft_versions", "draft"),
    *on("add_draft_version", "draft", body={"text": "Điều 1. Phạm vi\nNội dung", "on": "2024-04-20"}),
    *on("get_draft_version", "draft", more={"version_id": "draft_version"}),
    *on("open_draft_round", "draft", body={"closes_on": "2099-01-01"}),
    *on("list_draft_assignments", "draft"),
    *on("assign_draft", "draft", body=of_lead(body_id="@partner")),
    *on("get_draft_assignment", "draft_assignment"),
    *on("recuse_from_draft", "draft_assignment", body=REASON),
    *on("list_draft_reminders", "draft_issued"),
    *on("remind_of_draft", "draft_issued", body={"note": "Đề nghị trả lời"}),
    *on("get_draft_matrix", *DRAFTS),
    *on("publish_draft_matrix", "draft_issued", body={"on": "2024-05-10"}),
    *on("unpublish_draft_matrix", "draft_issued"),
    *on("get_draft_file", *DRAFTS),
    *on("get_draft_matrix_file", *DRAFTS),
    *each("list_public_matrices"),
    *on("get_public_matrix", "draft_issued", "matrix_published"),
    Probe(
        "give_opinion",
        body=of_lead(
            draft_id="@draft",
            anchor={"article": "1"},
            criterion="impact",
            opinion="Chưa có đánh giá tác động",
            on="2024-04-20",
        ),
    ),
    *on("get_opinion", *OPINIONS),
    *on("revise_opinion", "opinion_of_assigned", body={"proposal": "Bổ sung đánh giá"}),
    *on("answer_opinion", "opinion_issued", body={"kind": "accepted"}),
]
