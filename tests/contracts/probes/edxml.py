"""Electronic messages, organ ids, machine clients."""

from tests.contracts.probes.probe import Probe, each, of_lead, on
from tests.makers_edxml import PUBLIC_KEY

CLIENT = {"name": "Hệ thống quản lý văn bản", "jwks": {"keys": [PUBLIC_KEY]}, "scopes": ["edxml:push"]}
SENT = {"edocFile": ("a.edxml", b"<edXML/>", "application/xml")}

PROBES: list[Probe] = [
    Probe("push_edxml", files=SENT),
    *each("list_edxml_rules", "list_edxml_messages", "list_organ_aliases", "list_machine_clients"),
    *on("get_edxml_message", "edxml_message", "edxml_message_secret", "edxml_message_passed"),
    *on("get_edxml_message_raw", "edxml_message_secret"),
    *on("replay_edxml_message", "edxml_message", body={"reason": "Đã bổ sung mã"}),
    *on(
        "link_edxml_message",
        "edxml_message",
        body=of_lead(recommendation_ids=["@recommendation"], reason="Trả lời kiến nghị"),
    ),
    Probe("replay_edxml_messages", body=of_lead(reason="Đã bổ sung mã", ids=["@edxml_message_received"])),
    *on("report_edxml_message", "edxml_message_received", body={"status": "03"}),
    *on("confirm_edxml_message", "edxml_message_received"),
    *on("discard_edxml_message", "edxml_message", "edxml_message_passed", body={"reason": "Gửi nhầm"}),
    *on("ask_edxml_message_purge", "edxml_message", "edxml_message_secret", body={"reason": "Gửi nhầm"}),
    *on("decide_edxml_message_purge", "edxml_message", body={"outcome": "refused"}),
    *on("decide_edxml_message_purge", "edxml_message_secret", body={"outcome": "confirmed"}),
    Probe("create_organ_alias", body=of_lead(organ_id="H57.12", body_id="@lead", scheme="qd20")),
    *on("get_organ_alias", "organ_alias"),
    *on("update_organ_alias", "organ_alias", body={"valid_to": "2025-06-30"}),
    Probe("create_machine_client", body=CLIENT),
    *on("get_machine_client", "machine_client"),
    *on("update_machine_client", "machine_client", body={"name": "Tên khác"}),
    *on("revoke_machine_client", "machine_client"),
]
