"""Documents and files."""

from typing import Any

from tests.contracts.probes.probe import Probe, each, on
from tests.stage import Stage
from tests.world import World


def _document(stage: Stage, world: World) -> dict[str, Any]:
    return {
        "kind": "CV",
        "symbol": "15-CV/BDVTU",
        "issuer_body_id": str(world.body["lead"]),
        "issued_on": "2024-04-12",
        "abstract": "Công văn đôn đốc",
    }


PIECE = {"Content-Type": "application/offset+octet-stream"}

PAPER: list[Probe] = [
    Probe("create_document", body=_document),
    *on("get_document", "document", "document_foreign"),
    *on("update_document", "document", body={"abstract": "Trích yếu khác"}),
    Probe("create_attachment", files={"file": ("ghi-chu.txt", "Ghi chú".encode(), "text/plain")}),
    *each("get_upload_protocol"),
    *on("get_attachment", "attachment"),
    *on("get_upload_progress", "attachment"),
    *on("delete_attachment", "attachment"),
    Probe("continue_upload", "attachment", headers={"Upload-Offset": "0", **PIECE}),
    *on("get_attachment_content", "attachment"),
]

PROBES = [*PAPER]
