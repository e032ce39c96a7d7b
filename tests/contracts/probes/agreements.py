"""Coordination agreements, what was undertaken in them, and their reviews."""

from tests.contracts.probes.probe import Probe, each, of_lead, on

AGREEMENTS = ("agreement", "agreement_draft")
REVIEW = {"period": {"from": "2024-01-01", "to": "2024-06-30"}, "summary": "Sơ kết 6 tháng"}

PROBES: list[Probe] = [
    *each("list_agreements"),
    Probe("create_agreement", body=of_lead(title="Quy chế phối hợp", parties=["@partner", "@lead"])),
    *on("get_agreement", *AGREEMENTS),
    *on("update_agreement", "agreement_draft", body={"content_groups_stated": 5}),
    *on("list_agreement_transitions", "agreement"),
    *on("advance_agreement", "agreement_draft", body={"action": "sign"}),
    *on("advance_agreement", "agreement", body={"action": "review"}),
    *on("list_commitments", "agreement"),
    *on("add_commitment", "agreement", body=of_lead(body_id="@lead", text="Trao đổi thông tin hằng quý")),
    *on("follow_up_commitment", "agreement", more={"commitment_id": "commitment"}, body={}),
    *on("list_agreement_reviews", "agreement"),
    *on("add_agreement_review", "agreement", body=REVIEW),
]
