"""Grassroots boards, and what campaigns of the forms without a delegation keep."""

from tests.contracts.probes.probe import Probe, each, of_lead, on

BOARDS = ("board", "board_founding", "board_submitted")
QUARTER = {"kind": "report", "covers": "quarter", "period": {"from": "2024-01-01", "to": "2024-03-31"}}
MEMBER = {"name": "Trần Thị Mai", "stands_for": "village", "from": "2024-02-01"}
MINUTES = {"kind": "minutes", "held_on": "2024-05-08", "author": {"name": "Lê Văn Thành"}, "text": "Kiểm tra tại chỗ"}
NOMINEE = {"name": "Lê Thị Hạnh", "title": "Phó Chủ tịch", "body_id": "@partner"}

PROBES: list[Probe] = [
    *each("list_boards"),
    Probe("create_board", body=of_lead(body_id="@board_body")),
    *on("get_board", *BOARDS),
    *on("update_board", "board_founding", body={"project": {"name": "Đường liên thôn"}}),
    *on("list_board_transitions", "board"),
    *on("advance_board", "board_founding", body={"action": "submit"}),
    *on("advance_board", "board_submitted", body={"action": "return", "reason": "Bổ sung biên bản"}),
    *on("advance_board", "board", body={"action": "dissolve", "reason": "Hết nhiệm kỳ"}),
    *on("list_board_members", "board", "board_founding"),
    *on("add_board_member", "board", body=MEMBER),
    *on("update_board_member", "board", more={"member_id": "board_member"}, body={"to": "2024-12-31"}),
    *on("remove_board_member", "board_founding", more={"member_id": "board_member_founding"}),
    *on("list_board_papers", "board"),
    *on("file_board_paper", "board", body=of_lead(**QUARTER, document_id="@board_document")),
    *on("list_board_confirmations", "board"),
    *on("confirm_for_board", "board", body=of_lead(record_id="@campaign_record")),
    *on("list_board_deadlines", "board"),
    *each("list_board_results", "list_project_counts"),
    Probe("record_board_result", body=of_lead(campaign_id="@board_campaign", on="2024-05-08", violations=1)),
    *on("get_board_result", "board_result"),
    *on("list_board_result_transitions", "board_result"),
    *on("advance_board_result", "board_result", body={"action": "withdraw", "reason": "Ghi nhầm cuộc giám sát"}),
    Probe("count_projects", body=of_lead(front_body_id="@partner", counted_on="2024-06-30", projects=14)),
    *on("get_project_count", "project_count"),
    *on("update_project_count", "project_count", body={"projects": 13}),
    *on("get_campaign_board", "board_campaign"),
    *on("put_campaign_board", "board_campaign_planned", body=of_lead(board_id="@board")),
    *on("get_participation", "joined_campaign"),
    *on("put_participation", "joined_campaign_planned", body=of_lead(host_body_id="@counterpart")),
    *on("list_nominations", "joined_campaign"),
    *on("nominate_participant", "joined_campaign", body=of_lead(person=NOMINEE, document_id="@board_document")),
    *on("list_host_steps", "joined_campaign"),
    *on("record_host_step", "joined_campaign", body={"step": "supervision_ended", "on": "2024-06-20"}),
    *on("list_campaign_deadlines", "joined_campaign"),
    *on("list_campaign_records", "board_campaign"),
    *on("add_campaign_record", "board_campaign", body=MINUTES),
]
