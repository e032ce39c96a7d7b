"""Papers on their way, and the accounts on the axes."""

from tests.contracts.probes.probe import REASON, Probe, each, of_lead, on

ACCOUNT = {
    "url": "https://truc.example.vn",
    "system_id": "H57.BDV",
    "secret_name": "GIAMSAT_AXIS_H57",
    "organ_ids": ["H57.05"],
}

PROBES: list[Probe] = [
    *each("list_dispatches", "list_axis_accounts"),
    Probe("send_document", body=of_lead(document_id="@document", recipients=["@addressee"])),
    *on("get_dispatch", "dispatch"),
    *on("download_dispatch", "dispatch"),
    *on("record_receipt", "dispatch", body={"received_on": "2024-04-15"}),
    *on("confirm_relay", "dispatch", body={"exchange_id": "000.00.05.A57,2024/04/12,46-CV/BDVTU"}),
    *on("recall_dispatch", "dispatch", body=REASON),
    *on("update_dispatch", "dispatch", body=REASON),
    *on("replace_dispatch", "dispatch", body=of_lead(reason="Thay thế", document_id="@document")),
    Probe("create_axis_account", body=ACCOUNT),
    *on("get_axis_account", "axis_account"),
    *on("update_axis_account", "axis_account", body={"state": "stopped"}),
]
