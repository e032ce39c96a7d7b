"""Number books."""

from tests.contracts.probes.probe import Probe, each, of_lead, on

BOOK = {
    "style": "party",
    "kind": "BC",
    "organ": "BDVTU",
    "period": {"from": "2020-10-01", "to": "2025-09-30"},
}

PROBES: list[Probe] = [
    *each("list_number_books"),
    Probe("open_number_book", body=of_lead(**BOOK, body_id="@lead")),
    *on("get_number_book", "number_book"),
    *on("list_document_numbers", "number_book"),
    *on("take_document_number", "number_book", body={"reason": "Dành cho kế hoạch", "on": "2024-04-12"}),
    *on("get_document_number", "document_number"),
    *on("list_document_number_transitions", "document_number"),
    *on("advance_document_number", "document_number", body={"action": "void", "reason": "Không dùng"}),
]
