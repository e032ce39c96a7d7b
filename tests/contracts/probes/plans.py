"""Yearly plans of the provincial Front committee, which is a partner of the running campaign."""

from tests.contracts.probes.probe import NOTHING, Probe, each, of_lead, on

PLANS = ("plan_draft", "plan_consulting", "plan_issued")
ITEMS = ("item_draft", "item_consulting", "item_issued")

JUSTIFY = {"kind": "justify", "justification": "Khác địa bàn"}

PROBES: list[Probe] = [
    *each("list_plans", "list_plan_items"),
    Probe("create_plan", body={"year": 2030}),
    *on("get_plan", *PLANS),
    *on("update_plan", "plan_draft", body={"title": "Kế hoạch năm 2026"}),
    *on("list_plan_transitions", *PLANS),
    *on(
        "advance_plan",
        "plan_draft",
        body=of_lead(action="consult", counterpart_body_ids=["@counterpart"], due_on="2025-12-10"),
    ),
    *on("advance_plan", "plan_issued", body={"action": "revise", "reason": "Việc đột xuất"}),
    *on("record_plan_approval", "plan_draft", body=of_lead(step="proposal", document_id="@document")),
    *on("list_plan_concurrences", *PLANS),
    *on("concur_with_plan", "plan_consulting", body=of_lead(outcome="concurred", document_id="@document")),
    *on(
        "answer_plan_refusal",
        "plan_consulting",
        more={"body_id": "counterpart"},
        body=of_lead(text="Đã điều chỉnh thời gian", document_id="@document"),
    ),
    *on("list_plan_deadlines", "plan_draft"),
    Probe(
        "create_plan_item",
        body=of_lead(plan_id="@plan_draft", content="Giám sát việc thu các khoản đóng góp", form="delegation"),
    ),
    *on("get_plan_item", *ITEMS),
    *on("update_plan_item", "item_draft", body={"object": "Sở Tài chính"}),
    *on("drop_plan_item", "item_draft"),
    *on("propose_planned_campaign", "item_issued", body={}),
    *on("list_plan_item_overlaps", *ITEMS),
    *on("resolve_plan_item_overlap", "item_draft", more={"overlap_id": NOTHING}, body=JUSTIFY),
    *on("resolve_campaign_overlap", "campaign", more={"overlap_id": NOTHING}, body=JUSTIFY),
    Probe("prepare_conference", query={"year": 2024}),
]
