"""Roles of ended bodies on their way to the successors."""

from tests.contracts.probes.probe import REASON, Probe, each, of_lead, on

TRANSFER: list[Probe] = [
    *each("list_transfers"),
    *on("get_transfer", "transfer"),
    *on("list_transfer_transitions", "transfer"),
    *on(
        "advance_transfer",
        "transfer",
        body=of_lead(action="confirm", to_body_ids=["@addressee"], decided_by_document_id="@document", clock="keep"),
    ),
    *on("advance_transfer", "transfer", body={"action": "reject", **REASON}),
]

PROBES = [*TRANSFER]
