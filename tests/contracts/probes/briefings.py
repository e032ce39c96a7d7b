"""Briefings, and the proposals put before them."""

from tests.contracts.probes.probe import REASON, Probe, each, of_lead, on

BRIEFINGS = ("briefing", "briefing_scheduled")
PROPOSALS = ("proposal", "proposal_noted")
CHARGED = {"text": "Rà soát, báo cáo trong quý II", "to_body_id": "@partner"}

PROBES: list[Probe] = [
    *each("list_briefings", "list_proposals"),
    Probe(
        "create_briefing",
        body=of_lead(kind="working_session", chair_body_id="@lead", participants=["@partner"]),
    ),
    *on("get_briefing", *BRIEFINGS),
    *on("update_briefing", "briefing_scheduled", body={"place": "Trụ sở Tỉnh ủy"}),
    *on("list_briefing_transitions", "briefing"),
    *on("advance_briefing", "briefing_scheduled", body={"action": "hold"}),
    *on("put_proposal", *BRIEFINGS, body={"text": "Kiện toàn chức danh chủ tịch hội"}),
    *on("list_briefing_conclusions", "briefing"),
    *on("add_briefing_conclusion", "briefing", body=of_lead(**CHARGED)),
    *on("follow_up_conclusion", "briefing", more={"conclusion_id": "conclusion_of_briefing"}, body={}),
    *on("get_proposal", *PROPOSALS),
    *on("list_proposal_transitions", "proposal"),
    *on("advance_proposal", *PROPOSALS, body={"action": "decline", **REASON}),
]
