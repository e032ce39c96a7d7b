"""The caller's own affairs, people, bodies, places and law."""

from tests.contracts.probes.probe import NOTHING, Probe, each, of_lead, on

ROUND = {"from": "2024-01-01", "to": "2024-12-31"}


OPERATIONS: list[Probe] = [
    *each(
        "get_health", "get_readiness", "get_metrics", "get_signing_keys", "get_authorization_server", "get_vocabulary"
    ),
    Probe("issue_token", form={"grant_type": "password", "username": "x", "password": "y"}),
    Probe("revoke_token", form={"token": "x"}),
    *each("get_me", "list_my_tasks", "list_my_sessions", "list_notifications", "read_all_notifications"),
    *each("list_accounts", "list_memberships", "list_audit_events", "list_places", "list_rules", "list_calendar_days"),
    *each("list_bodies", "list_lineage_events", "list_campaigns", "list_delegations", "list_engagements"),
    *each("list_findings", "list_reports", "list_recommendations", "list_documents", "list_public_conclusions"),
    Probe("set_demo_clock", body={"today": "2026-01-01"}),
    Probe("change_password", body={"current_password": "sai mật khẩu", "new_password": "mật khẩu mới dài"}),
    Probe("explain_deadline", query={"rule": "D02", "from": "2024-04-12"}),
    Probe("calculate_deadline", query={"rule": "D02", "from": "2024-04-12"}),
    Probe("list_overlaps", query=of_lead(supervised_body_id="@supervised", **ROUND)),
]

PEOPLE: list[Probe] = [
    Probe("get_account", more={"account_id": NOTHING}),
    Probe("create_password_reset", body={"account_id": NOTHING}),
    Probe("open_password_reset", more={"token": "x"}),
    Probe("use_password_reset", more={"token": "x"}, body={"password": "mật khẩu mới dài"}),
    Probe("open_invitation", more={"token": "x"}),
    Probe("accept_invitation", more={"token": "x"}, body={"password": "mật khẩu mới dài"}),
    *on(
        "create_invitation",
        "lead",
        body={"login": "moi@example.vn", "name": "Người mới", "duties": [{"duty": "clerk", "from": "2024-01-01"}]},
    ),
    *on("list_invitations", "lead"),
    *on("get_invitation", "lead", more={"invitation_id": NOTHING}),
    *on("withdraw_invitation", "lead", more={"invitation_id": NOTHING}),
    Probe("end_my_session", more={"session_id": NOTHING}),
    Probe("create_membership", body={"login": "moi@example.vn", "duties": [{"duty": "clerk", "from": "2024-01-01"}]}),
    Probe("get_membership", more={"membership_id": NOTHING}),
    Probe("change_membership", more={"membership_id": NOTHING}, body={"ended_on": "2024-01-01"}),
    Probe("accept_membership", more={"membership_id": NOTHING}),
    Probe("read_notification", more={"notification_id": NOTHING}),
]

REGISTRY: list[Probe] = [
    Probe(
        "create_body",
        body={
            "kind": "office",
            "level": "province",
            "valid_from": "2024-01-01",
            "name": "Văn phòng mới",
            "short_name": "VP",
        },
    ),
    *on("get_body", "lead"),
    *on("update_body", "lead", body={"level": "province"}),
    *on("list_body_names", "lead"),
    *on("add_body_name", "lead", body={"name": "Tên mới", "short_name": "TM", "valid_from": "2025-01-01"}),
    *on("list_delegates", "partner"),
    Probe(
        "create_lineage_event",
        body=of_lead(
            kind="rename", effective_on="2025-03-01", predecessor_ids=["@stranger"], successor_ids=["@stranger"]
        ),
    ),
    Probe("get_lineage_event", more={"event_id": NOTHING}),
    Probe("get_place", more={"code": "46"}),
    Probe("get_rule", more={"rule_id": NOTHING}),
    Probe(
        "create_rule",
        body={
            "code": "D06",
            "regime": "any",
            "trigger": "recommendation_received",
            "unit": "day",
            "n": {"any": 20},
            "responsible": "addressee",
            "what_vi": "Trả lời kiến nghị",
            "what_en": "Reply to a recommendation",
            "legal_basis": "Sổ tay địa phương",
            "valid_from": "2024-01-01",
        },
    ),
    Probe(
        "correct_calendar_day",
        more={"day": "2024-04-15"},
        body={"kind": "day_off", "name_vi": "Nghỉ bù", "name_en": "Day off", "basis": "Quyết định"},
    ),
    Probe("restore_calendar_day", more={"day": "2024-04-15"}),
]

PROBES = [*OPERATIONS, *PEOPLE, *REGISTRY]
