"""Petitions on their path, and the identity of who sent them."""

from tests.contracts.probes.probe import REASON, Probe, each, of_lead, on

PETITIONS = ("petition", "petition_forwarded", "petition_with_identity")
FORWARD = {"action": "forward", "to_body_id": "@addressee_superior", "document_id": "@document"}

PROBES: list[Probe] = [
    *each("list_petitions", "suggest_plan_items"),
    Probe("count_petitions", query={"from": "2024-01-01", "to": "2024-12-31"}),
    Probe("create_petition", body={"title": "Chậm chi trả hỗ trợ", "petitioner": {"name": "Trần Thị B"}}),
    *on("get_petition", *PETITIONS),
    *on("update_petition", "petition", body={"topic": "Đất ở"}),
    *on("list_petition_transitions", "petition_forwarded"),
    *on("advance_petition", "petition", body=of_lead(**FORWARD)),
    *on("advance_petition", "petition_forwarded", body={"action": "answer", "text": "Đã giải quyết"}),
    *on("advance_petition", "petition_with_identity", body={"action": "set_aside", **REASON}),
    *on("acknowledge_petition", "petition_forwarded", more={"forward_id": "forward"}, body={}),
    *on("list_identity_disclosures", "petition_forwarded"),
    *on("disclose_identity", *PETITIONS, body={"reason": "Mời công dân đến đối thoại"}),
]
