"""Imports: each kind for those who may make its records, each import for whoever brought it."""

from tests.contracts.probes.probe import Probe, each, on

TABLE = {"file": ("bảng.csv", b"key\r\n1\r\n", "text/csv")}
# One line of the matrix for each, in this order.
KINDS = ("bodies", "accounts", "plan_items", "findings", "recommendations")

PROBES: list[Probe] = [
    *each("list_imports"),
    *(Probe("create_import", form={"kind": kind}, files=TABLE) for kind in KINDS),
    Probe("get_import_template", more={"kind": "bodies"}, query={"format": "csv"}),
    *on("get_import", "import"),
    *on("list_import_rows", "import"),
    *on("list_import_errors", "import"),
    *on("hand_out_import_links", "import"),
    *on("advance_import", "import", body={"action": "cancel"}),
    *on("list_import_transitions", "import"),
]
