"""create tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


FOLD = r"""
CREATE FUNCTION fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN btrim(regexp_replace(
    casefold(translate(
        regexp_replace(
            normalize(value, NFKD),
            '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u00ad\u200b-\u200d\u2060\ufeff]',
            '', 'g'
        ),
        'đĐðÐɖƉ', 'dddddd'
    ) COLLATE "pg_unicode_fast"),
    '[ \t\n\v\f\r\u001c-\u001f\u0085\u1680\u2028\u2029]+', ' ', 'g'
))
"""
"""The search key of a text, equal to app.core.text.fold as of this migration."""

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""
LASTING = ("audit_event", "transition")
"""Written once: no UPDATE, no DELETE, no TRUNCATE, whoever asks."""

ACCESS_CHANGED = """
CREATE FUNCTION access_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('giamsat_access', '');
    RETURN NULL;
END $$;
"""
ACCESS = {
    "membership": "INSERT OR UPDATE OR DELETE",
    "membership_duty": "INSERT OR UPDATE OR DELETE",
    "acts_through": "INSERT OR UPDATE OR DELETE",
    "session_family": "UPDATE OF revoked_at OR DELETE",
    "body": "UPDATE OF valid_to OR DELETE",
}
"""Tables whose change makes a kept Principal stale, and the changes that do."""


def guard() -> None:
    op.execute(APPEND_ONLY)
    for table in LASTING:
        op.execute(
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'giamsat_app') THEN "  # noqa: S608
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM giamsat_app; END IF; END $$"
        )
    op.execute(ACCESS_CHANGED)
    for table, changes in ACCESS.items():
        op.execute(
            f"CREATE TRIGGER {table}_changes_access AFTER {changes} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION access_changed()"
        )


def upgrade() -> None:
    op.execute(FOLD)
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(120), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("password_hash", sa.String(300), nullable=True),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_table(
        "audit_event",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("lead_body_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject_type", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("was", sa.String(64), nullable=True),
        sa.Column("became", sa.String(64), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_body_id_seq", "audit_event", ["body_id", "seq"], unique=False)
    op.create_index("ix_audit_event_lead_body_id_seq", "audit_event", ["lead_body_id", "seq"], unique=False)
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name_vi", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("basis", sa.String(500), nullable=False),
        sa.Column("corrected", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "demo_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("today", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_clock")),
    )
    op.create_table(
        "idempotency_record",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("subject_type", sa.String(32), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_idempotency_record")),
    )
    op.create_index(op.f("ix_idempotency_record_created_at"), "idempotency_record", ["created_at"], unique=False)
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("subject_type", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
    )
    op.create_index(
        "ix_outbox_message_unsent", "outbox_message", ["id"], unique=False, postgresql_where=sa.text("sent_at IS NULL")
    )
    op.create_table(
        "place",
        sa.Column("code", sa.String(5), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("full_name", sa.String(250), nullable=False),
        sa.Column("parent_code", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["parent_code"], ["place.code"], name=op.f("fk_place_parent_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_place")),
    )
    op.create_index(op.f("ix_place_parent_code"), "place", ["parent_code"], unique=False)
    op.create_index(
        "ix_place_search",
        "place",
        [sa.literal_column("to_tsvector('simple'::regconfig, fold(coalesce(full_name, '')))")],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "body",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "front_committee",
                "spo",
                "mass_assoc",
                "mass_mob",
                "party_committee",
                "party_sc",
                "inspection_commission",
                "pc_council",
                "pc_committee",
                "department",
                "ptib",
                "cisb",
                "office",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "centre",
                "province",
                "district",
                "commune",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("place_code", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("is_registry", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["body.id"], name=op.f("fk_body_parent_id")),
        sa.ForeignKeyConstraint(["place_code"], ["place.code"], name=op.f("fk_body_place_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
    )
    op.create_index(op.f("ix_body_kind"), "body", ["kind"], unique=False)
    op.create_index(op.f("ix_body_parent_id"), "body", ["parent_id"], unique=False)
    op.create_index(op.f("ix_body_place_code"), "body", ["place_code"], unique=False)
    op.create_table(
        "password_reset",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_password_reset_account_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["account.id"], name=op.f("fk_password_reset_requested_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_password_reset_token_digest")),
    )
    op.create_index(op.f("ix_password_reset_account_id"), "password_reset", ["account_id"], unique=False)
    op.create_table(
        "acts_through",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organ_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["body.id"], name=op.f("fk_acts_through_office_id")),
        sa.ForeignKeyConstraint(["organ_id"], ["body.id"], name=op.f("fk_acts_through_organ_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts_through")),
    )
    op.create_index(op.f("ix_acts_through_office_id"), "acts_through", ["office_id"], unique=False)
    op.create_index(op.f("ix_acts_through_organ_id"), "acts_through", ["organ_id"], unique=False)
    op.create_table(
        "body_name",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("short_name", sa.String(150), nullable=False),
        sa.Column("symbol", sa.String(60), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_body_name_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_name")),
    )
    op.create_index("ix_body_name_body_id_valid_from", "body_name", ["body_id", "valid_from"], unique=False)
    op.create_index(
        "ix_body_name_search",
        "body_name",
        [
            sa.literal_column(
                "to_tsvector('simple'::regconfig, "
                "fold(coalesce(name, '') || ' ' || coalesce(short_name, '') || ' ' || coalesce(symbol, '')))"
            )
        ],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "supervision", "social_criticism", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "regime",
            sa.Enum(
                "front",
                "party",
                "state",
                "grassroots",
                name="regime",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum(
                "document_study",
                "delegation",
                "grassroots_board",
                "state_participation",
                "conference",
                "written",
                "dialogue",
                name="form",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "ground",
            sa.Enum(
                "coordination_programme",
                "supervision_programme",
                "member_proposal",
                "complaints",
                "media",
                "criticism_programme",
                "lawmaking_programme",
                "criticism_proposal",
                "drafting_request",
                "programme",
                "assignment",
                "signs",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("topic", sa.String(1000), nullable=True),
        sa.Column("topic_codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("scope", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("review_from", sa.Date(), nullable=True),
        sa.Column("review_to", sa.Date(), nullable=True),
        sa.Column("window_from", sa.Date(), nullable=True),
        sa.Column("window_to", sa.Date(), nullable=True),
        sa.Column("outline", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("lead_body_id", sa.Uuid(), nullable=False),
        sa.Column("deciding_body_id", sa.Uuid(), nullable=True),
        sa.Column("previous_campaign_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "consulting",
                "planned",
                "underway",
                "reported",
                "concluded",
                "closed",
                "suspended",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("suspended_from", sa.String(32), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("overlap_justification", sa.String(5000), nullable=True),
        sa.ForeignKeyConstraint(["deciding_body_id"], ["body.id"], name=op.f("fk_campaign_deciding_body_id")),
        sa.ForeignKeyConstraint(["lead_body_id"], ["body.id"], name=op.f("fk_campaign_lead_body_id")),
        sa.ForeignKeyConstraint(
            ["previous_campaign_id"], ["campaign.id"], name=op.f("fk_campaign_previous_campaign_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index(op.f("ix_campaign_deciding_body_id"), "campaign", ["deciding_body_id"], unique=False)
    op.create_index(op.f("ix_campaign_lead_body_id"), "campaign", ["lead_body_id"], unique=False)
    op.create_index(op.f("ix_campaign_previous_campaign_id"), "campaign", ["previous_campaign_id"], unique=False)
    op.create_index(
        "ix_campaign_search",
        "campaign",
        [
            sa.literal_column(
                "to_tsvector('simple'::regconfig, fold(coalesce(title, '') || ' ' || coalesce(topic, '')))"
            )
        ],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        "ix_campaign_window",
        "campaign",
        [sa.literal_column("daterange(window_from, window_to, '[]')")],
        unique=False,
        postgresql_using="gist",
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_body_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("symbol", sa.String(80), nullable=True),
        sa.Column("symbol_normalised", sa.String(80), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("issuer_body_id", sa.Uuid(), nullable=True),
        sa.Column("issuer_name", sa.String(300), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("abstract", sa.String(2000), nullable=False),
        sa.Column("signer", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "classification",
            sa.Enum(
                "normal",
                "confidential",
                "secret",
                "top_secret",
                name="classification",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "issuer_body_id IS NOT NULL OR issuer_name IS NOT NULL", name=op.f("ck_document_has_issuer")
        ),
        sa.ForeignKeyConstraint(["issuer_body_id"], ["body.id"], name=op.f("fk_document_issuer_body_id")),
        sa.ForeignKeyConstraint(["owner_body_id"], ["body.id"], name=op.f("fk_document_owner_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_issuer_body_id"), "document", ["issuer_body_id"], unique=False)
    op.create_index(op.f("ix_document_owner_body_id"), "document", ["owner_body_id"], unique=False)
    op.create_index(
        "ix_document_search",
        "document",
        [
            sa.literal_column(
                "to_tsvector('simple'::regconfig, fold(coalesce(symbol, '') || ' ' || coalesce(abstract, '')))"
            )
        ],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(op.f("ix_document_symbol_normalised"), "document", ["symbol_normalised"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=True),
        sa.Column("login", sa.String(120), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("duties", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_invitation_body_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["account.id"], name=op.f("fk_invitation_invited_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_invitation_token_digest")),
    )
    op.create_index(op.f("ix_invitation_body_id"), "invitation", ["body_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_membership_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_membership_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_body_id"), "membership", ["body_id"], unique=False)
    op.create_index(
        "uq_membership_account_id_body_id",
        "membership",
        ["account_id", "body_id"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("outbox_message_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("subject_type", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notification_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_notification_body_id")),
        sa.ForeignKeyConstraint(
            ["outbox_message_id"], ["outbox_message.id"], name=op.f("fk_notification_outbox_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint(
            "outbox_message_id", "account_id", name=op.f("uq_notification_outbox_message_id_account_id")
        ),
    )
    op.create_index(
        "ix_notification_account_id_body_id_id", "notification", ["account_id", "body_id", "id"], unique=False
    )
    op.create_table(
        "rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("regime", sa.String(16), nullable=False),
        sa.Column("trigger", sa.String(60), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("direction", sa.String(16), nullable=False),
        sa.Column("n", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("roll_forward", sa.Boolean(), nullable=False),
        sa.Column("recurring", sa.Boolean(), nullable=False),
        sa.Column("month_day", sa.String(5), nullable=True),
        sa.Column("extension_limit", sa.String(10), nullable=True),
        sa.Column("responsible", sa.String(300), nullable=False),
        sa.Column("what_vi", sa.String(1000), nullable=False),
        sa.Column("what_en", sa.String(1000), nullable=False),
        sa.Column("legal_basis", sa.String(1000), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_rule_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule")),
    )
    op.create_index(op.f("ix_rule_body_id"), "rule", ["body_id"], unique=False)
    op.create_index("ix_rule_code_valid_from", "rule", ["code", "valid_from"], unique=False)
    op.create_table(
        "session_family",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("user_agent", sa.String(300), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_session_family_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_session_family_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_family")),
    )
    op.create_index(op.f("ix_session_family_account_id"), "session_family", ["account_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_body_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("media_type", sa.String(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("caption", sa.String(500), nullable=True),
        sa.Column(
            "state",
            sa.Enum("pending", "stored", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_attachment_account_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_attachment_document_id")),
        sa.ForeignKeyConstraint(["owner_body_id"], ["body.id"], name=op.f("fk_attachment_owner_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_document_id"), "attachment", ["document_id"], unique=False)
    op.create_index(op.f("ix_attachment_owner_body_id"), "attachment", ["owner_body_id"], unique=False)
    op.create_table(
        "campaign_counterpart",
        sa.Column(
            "outcome",
            sa.Enum("concurred", "refused", name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(5000), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer_text", sa.String(5000), nullable=True),
        sa.Column("answer_document_id", sa.Uuid(), nullable=True),
        sa.Column("answer_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("obligatory", sa.Boolean(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_document_id"], ["document.id"], name=op.f("fk_campaign_counterpart_answer_document_id")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_campaign_counterpart_body_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_counterpart_campaign_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_campaign_counterpart_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_counterpart")),
        sa.UniqueConstraint("campaign_id", "body_id", name=op.f("uq_campaign_counterpart_campaign_id_body_id")),
    )
    op.create_index(op.f("ix_campaign_counterpart_body_id"), "campaign_counterpart", ["body_id"], unique=False)
    op.create_table(
        "campaign_partner",
        sa.Column(
            "outcome",
            sa.Enum("concurred", "refused", name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(5000), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer_text", sa.String(5000), nullable=True),
        sa.Column("answer_document_id", sa.Uuid(), nullable=True),
        sa.Column("answer_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_document_id"], ["document.id"], name=op.f("fk_campaign_partner_answer_document_id")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_campaign_partner_body_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_partner_campaign_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_campaign_partner_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_partner")),
        sa.UniqueConstraint("campaign_id", "body_id", name=op.f("uq_campaign_partner_campaign_id_body_id")),
    )
    op.create_index(op.f("ix_campaign_partner_body_id"), "campaign_partner", ["body_id"], unique=False)
    op.create_table(
        "campaign_supervised",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_campaign_supervised_body_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_supervised_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "body_id", name=op.f("pk_campaign_supervised")),
    )
    op.create_index(op.f("ix_campaign_supervised_body_id"), "campaign_supervised", ["body_id"], unique=False)
    op.create_table(
        "deadline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject_type", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=True),
        sa.Column("rule_code", sa.String(20), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("legal_basis", sa.String(1000), nullable=False),
        sa.Column("trigger", sa.String(60), nullable=False),
        sa.Column("trigger_on", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("direction", sa.String(16), nullable=False),
        sa.Column("raw_due_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("responsible", sa.String(300), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["rule_id"], ["rule.id"], name=op.f("fk_deadline_rule_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint(
            "subject_id", "rule_code", "trigger_on", name=op.f("uq_deadline_subject_id_rule_code_trigger_on")
        ),
    )
    op.create_index(op.f("ix_deadline_subject_id"), "deadline", ["subject_id"], unique=False)
    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("decision", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "forming", "decided", "dissolved", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_delegation_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index(op.f("ix_delegation_campaign_id"), "delegation", ["campaign_id"], unique=False)
    op.create_table(
        "lineage_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "merge",
                "consolidate",
                "divide",
                "split",
                "dissolve",
                "rename",
                "retype",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("decided_by_document_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(2000), nullable=True),
        sa.Column("organs_end", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_document_id"], ["document.id"], name=op.f("fk_lineage_event_decided_by_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineage_event")),
    )
    op.create_index(op.f("ix_lineage_event_effective_on"), "lineage_event", ["effective_on"], unique=False)
    op.create_table(
        "membership_duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum(
                "clerk",
                "officer",
                "leader",
                "auditor",
                "administrator",
                "registrar",
                name="duty",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_membership_duty_membership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_duty")),
    )
    op.create_index(op.f("ix_membership_duty_membership_id"), "membership_duty", ["membership_id"], unique=False)
    op.create_table(
        "refresh_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["family_id"], ["session_family.id"], name=op.f("fk_refresh_token_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_token")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_refresh_token_token_digest")),
    )
    op.create_index(op.f("ix_refresh_token_family_id"), "refresh_token", ["family_id"], unique=False)
    op.create_table(
        "subject_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("symbol", sa.String(80), nullable=False),
        sa.Column("parsed", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("normalised", sa.String(80), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issuer", sa.String(300), nullable=True),
        sa.Column("title", sa.String(1000), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_subject_document_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_document")),
    )
    op.create_index(op.f("ix_subject_document_campaign_id"), "subject_document", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_subject_document_normalised"), "subject_document", ["normalised"], unique=False)
    op.create_table(
        "transition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject_type", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("from_state", sa.String(32), nullable=True),
        sa.Column("to_state", sa.String(32), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("recorded_late", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("for_body_id", sa.Uuid(), nullable=True),
        sa.Column("on_behalf", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("reason", sa.String(5000), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_transition_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_transition_body_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_transition_document_id")),
        sa.ForeignKeyConstraint(["for_body_id"], ["body.id"], name=op.f("fk_transition_for_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transition")),
    )
    op.create_index("ix_transition_subject_id_id", "transition", ["subject_id", "id"], unique=False)
    op.create_table(
        "carriage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("attachment_id", sa.Uuid(), nullable=True),
        sa.Column("subject_type", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("view", sa.String(16), nullable=False),
        sa.CheckConstraint("(document_id IS NULL) <> (attachment_id IS NULL)", name=op.f("ck_carriage_one_thing")),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("fk_carriage_attachment_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_carriage_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carriage")),
    )
    op.create_index(op.f("ix_carriage_attachment_id"), "carriage", ["attachment_id"], unique=False)
    op.create_index(op.f("ix_carriage_document_id"), "carriage", ["document_id"], unique=False)
    op.create_index("ix_carriage_subject_id", "carriage", ["subject_id"], unique=False)
    op.create_table(
        "delegation_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delegation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.String(200), nullable=False),
        sa.Column("person_title", sa.String(300), nullable=True),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum(
                "head",
                "deputy_head",
                "secretary",
                "member",
                name="duty",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("team", sa.String(100), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(2000), nullable=True),
        sa.Column("recused", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_delegation_member_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_delegation_member_body_id")),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f("fk_delegation_member_delegation_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["delegation_member.id"], name=op.f("fk_delegation_member_replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation_member")),
    )
    op.create_index(
        "ix_delegation_member_account_id_delegation_id",
        "delegation_member",
        ["account_id", "delegation_id"],
        unique=False,
    )
    op.create_index(op.f("ix_delegation_member_body_id"), "delegation_member", ["body_id"], unique=False)
    op.create_index(op.f("ix_delegation_member_delegation_id"), "delegation_member", ["delegation_id"], unique=False)
    op.create_table(
        "engagement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("delegation_id", sa.Uuid(), nullable=False),
        sa.Column("supervised_body_id", sa.Uuid(), nullable=False),
        sa.Column("supervised_person", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "preparing",
                "notified",
                "self_reported",
                "session_held",
                "commenting",
                "finalised",
                "discontinued",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("document_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("session_planned_on", sa.Date(), nullable=True),
        sa.Column("notified_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("self_report_due_on", sa.Date(), nullable=True),
        sa.Column("self_reported_on", sa.Date(), nullable=True),
        sa.Column("comments_due_on", sa.Date(), nullable=True),
        sa.Column("finalised_on", sa.Date(), nullable=True),
        sa.Column("procedure_breaches", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "supervised_person IS NULL OR supervised_person ? 'name'", name=op.f("ck_engagement_person_named")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_engagement_campaign_id")),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name=op.f("fk_engagement_delegation_id")),
        sa.ForeignKeyConstraint(["supervised_body_id"], ["body.id"], name=op.f("fk_engagement_supervised_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
    )
    op.create_index(op.f("ix_engagement_campaign_id"), "engagement", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_engagement_delegation_id"), "engagement", ["delegation_id"], unique=False)
    op.create_index(op.f("ix_engagement_supervised_body_id"), "engagement", ["supervised_body_id"], unique=False)
    op.create_table(
        "lineage_link",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("successor", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_lineage_link_body_id")),
        sa.ForeignKeyConstraint(["event_id"], ["lineage_event.id"], name=op.f("fk_lineage_link_event_id")),
        sa.PrimaryKeyConstraint("event_id", "body_id", "successor", name=op.f("pk_lineage_link")),
    )
    op.create_index(op.f("ix_lineage_link_body_id"), "lineage_link", ["body_id"], unique=False)
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column(
            "origin",
            sa.Enum(
                "report",
                "session",
                "criticism",
                "petition",
                "briefing",
                "agreement",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("origin_id", sa.Uuid(), nullable=True),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("engagement_id", sa.Uuid(), nullable=True),
        sa.Column("issuer_body_id", sa.Uuid(), nullable=False),
        sa.Column("proposer_body_id", sa.Uuid(), nullable=True),
        sa.Column("addressee_id", sa.Uuid(), nullable=True),
        sa.Column("verifier_body_id", sa.Uuid(), nullable=False),
        sa.Column("copy_to", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("owner_name", sa.String(200), nullable=True),
        sa.Column("owner_title", sa.String(300), nullable=True),
        sa.Column("action", sa.String(5000), nullable=False),
        sa.Column("expected_result", sa.String(5000), nullable=True),
        sa.Column("measure", sa.String(2000), nullable=True),
        sa.Column("finding_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_assumed", sa.Boolean(), nullable=False),
        sa.Column("reply_from", sa.Date(), nullable=True),
        sa.Column("reply_due_on", sa.Date(), nullable=True),
        sa.Column("reply_due_basis", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_basis", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("due_sort", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "issued",
                "replied",
                "disputed",
                "verifying",
                "escalated",
                "resolved",
                "unresolved",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "reply_status",
            sa.Enum(
                "awaiting",
                "accepted",
                "partly_accepted",
                "explained",
                name="reply_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "implementation",
            sa.Enum(
                "not_started",
                "in_progress",
                "done",
                "partly_done",
                "not_done",
                "unsatisfactory",
                name="implementation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("escalation_level", sa.Integer(), nullable=False),
        sa.Column("escalated_to_id", sa.Uuid(), nullable=True),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("first_replied_on", sa.Date(), nullable=True),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("claimed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reply", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("verification", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("claimed_on", sa.Date(), nullable=True),
        sa.Column("claim_evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "state = 'draft' OR state = 'withdrawn' OR addressee_id IS NOT NULL",
            name=op.f("ck_recommendation_addressed"),
        ),
        sa.ForeignKeyConstraint(["addressee_id"], ["body.id"], name=op.f("fk_recommendation_addressee_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_recommendation_campaign_id")),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["account.id"], name=op.f("fk_recommendation_claimed_by_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_recommendation_document_id")),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_recommendation_engagement_id")),
        sa.ForeignKeyConstraint(["escalated_to_id"], ["body.id"], name=op.f("fk_recommendation_escalated_to_id")),
        sa.ForeignKeyConstraint(["issuer_body_id"], ["body.id"], name=op.f("fk_recommendation_issuer_body_id")),
        sa.ForeignKeyConstraint(["proposer_body_id"], ["body.id"], name=op.f("fk_recommendation_proposer_body_id")),
        sa.ForeignKeyConstraint(["verifier_body_id"], ["body.id"], name=op.f("fk_recommendation_verifier_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
    )
    op.create_index("ix_recommendation_addressee_id_id", "recommendation", ["addressee_id", "id"], unique=False)
    op.create_index("ix_recommendation_campaign_id_id", "recommendation", ["campaign_id", "id"], unique=False)
    op.create_index("ix_recommendation_due_sort_id", "recommendation", ["due_sort", "id"], unique=False)
    op.create_index(
        "ix_recommendation_escalated",
        "recommendation",
        ["addressee_id", "id"],
        unique=False,
        postgresql_where=sa.text("escalation_level > 0"),
    )
    op.create_index("ix_recommendation_engagement_id_id", "recommendation", ["engagement_id", "id"], unique=False)
    op.create_index(op.f("ix_recommendation_escalated_to_id"), "recommendation", ["escalated_to_id"], unique=False)
    op.create_index("ix_recommendation_issuer_body_id_id", "recommendation", ["issuer_body_id", "id"], unique=False)
    op.create_index("ix_recommendation_proposer_body_id_id", "recommendation", ["proposer_body_id", "id"], unique=False)
    op.create_index(
        "ix_recommendation_search",
        "recommendation",
        [
            sa.literal_column(
                "to_tsvector('simple'::regconfig, fold(coalesce(action, '') || ' ' || coalesce(expected_result, '')))"
            )
        ],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(op.f("ix_recommendation_series_id"), "recommendation", ["series_id"], unique=False)
    op.create_index(op.f("ix_recommendation_state"), "recommendation", ["state"], unique=False)
    op.create_index("ix_recommendation_verifier_body_id_id", "recommendation", ["verifier_body_id", "id"], unique=False)
    op.create_table(
        "working_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(500), nullable=True),
        sa.Column("chair", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("minute_taker", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("attendance", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("minutes_text", sa.String(), nullable=True),
        sa.Column("minutes_document_id", sa.Uuid(), nullable=True),
        sa.Column("promise_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("recorded_late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_working_session_campaign_id")),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_working_session_engagement_id")),
        sa.ForeignKeyConstraint(
            ["minutes_document_id"], ["document.id"], name=op.f("fk_working_session_minutes_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_session")),
    )
    op.create_index(op.f("ix_working_session_campaign_id"), "working_session", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_working_session_engagement_id"), "working_session", ["engagement_id"], unique=False)
    op.create_table(
        "finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("author_account_id", sa.Uuid(), nullable=False),
        sa.Column("author_body_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "strength",
                "limitation",
                "violation",
                "violation_sign",
                "cause_objective",
                "cause_subjective",
                "lesson",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content", sa.String(10000), nullable=False),
        sa.Column("clause", sa.String(100), nullable=True),
        sa.Column(
            "severity",
            sa.Enum(
                "minor", "moderate", "serious", name="severity", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("occurred_on", sa.Date(), nullable=True),
        sa.Column("context", sa.Boolean(), nullable=False),
        sa.Column("place_code", sa.String(), nullable=True),
        sa.Column("extent", sa.Integer(), nullable=True),
        sa.Column("criteria", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("repeat_of", sa.Uuid(), nullable=True),
        sa.Column("cause_of", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at_device", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "accepted",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("first_digest", sa.String(64), nullable=False),
        sa.Column("referral", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("not_pursued_reason", sa.String(5000), nullable=True),
        sa.Column("field_versions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["author_account_id"], ["account.id"], name=op.f("fk_finding_author_account_id")),
        sa.ForeignKeyConstraint(["author_body_id"], ["body.id"], name=op.f("fk_finding_author_body_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_finding_campaign_id")),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_finding_engagement_id")),
        sa.ForeignKeyConstraint(["place_code"], ["place.code"], name=op.f("fk_finding_place_code")),
        sa.ForeignKeyConstraint(["repeat_of"], ["finding.id"], name=op.f("fk_finding_repeat_of")),
        sa.ForeignKeyConstraint(["session_id"], ["working_session.id"], name=op.f("fk_finding_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index(op.f("ix_finding_author_account_id"), "finding", ["author_account_id"], unique=False)
    op.create_index("ix_finding_campaign_id_id", "finding", ["campaign_id", "id"], unique=False)
    op.create_index("ix_finding_engagement_id_id", "finding", ["engagement_id", "id"], unique=False)
    op.create_index(
        "ix_finding_search",
        "finding",
        [sa.literal_column("to_tsvector('simple'::regconfig, fold(coalesce(content, '')))")],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "progress",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(5000), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("on_behalf", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_progress_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_progress_body_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_progress_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress")),
    )
    op.create_index(op.f("ix_progress_recommendation_id"), "progress", ["recommendation_id"], unique=False)
    op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(5000), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reminder_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_reminder_body_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_reminder_document_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_reminder_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
    )
    op.create_index(op.f("ix_reminder_recommendation_id"), "reminder", ["recommendation_id"], unique=False)
    op.create_table(
        "revision_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(5000), nullable=False),
        sa.Column("sections", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_basis", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "answered", "waived", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("recommendation_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_revision_request_campaign_id")),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_revision_request_engagement_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_revision_request_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_request")),
    )
    op.create_index(op.f("ix_revision_request_campaign_id"), "revision_request", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_revision_request_engagement_id"), "revision_request", ["engagement_id"], unique=False)
    op.create_table(
        "pending_edit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("colliding", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "taken",
                "dropped",
                "combined",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_pending_edit_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_pending_edit_body_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_pending_edit_finding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_edit")),
    )
    op.create_index(op.f("ix_pending_edit_finding_id"), "pending_edit", ["finding_id"], unique=False)
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "self_report",
                "result_report",
                "notice",
                "conclusion",
                "criticism",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=True),
        sa.Column("author_body_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sections", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("hash", sa.String(64), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "circulated",
                "superseded",
                "adopted",
                "issued",
                "published",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("circulated_on", sa.Date(), nullable=True),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("answers_request_id", sa.Uuid(), nullable=True),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("on_behalf", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["answers_request_id"], ["revision_request.id"], name=op.f("fk_report_answers_request_id")
        ),
        sa.ForeignKeyConstraint(["author_body_id"], ["body.id"], name=op.f("fk_report_author_body_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_report_campaign_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_report_document_id")),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_report_engagement_id")),
        sa.ForeignKeyConstraint(["previous_id"], ["report.id"], name=op.f("fk_report_previous_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index(op.f("ix_report_answers_request_id"), "report", ["answers_request_id"], unique=False)
    op.create_index(op.f("ix_report_author_body_id"), "report", ["author_body_id"], unique=False)
    op.create_index("ix_report_campaign_id_id", "report", ["campaign_id", "id"], unique=False)
    op.create_index(op.f("ix_report_engagement_id"), "report", ["engagement_id"], unique=False)
    op.create_index(
        "ix_report_search",
        "report",
        [sa.literal_column("to_tsvector('simple'::regconfig, fold(coalesce(title, '')))")],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "report_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("section_key", sa.String(100), nullable=True),
        sa.Column("text", sa.String(10000), nullable=False),
        sa.Column("commented_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("on_behalf", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "answer_kind",
            sa.Enum(
                "accepted",
                "partly_accepted",
                "explained",
                name="answer_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answer_text", sa.String(10000), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_report_comment_account_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["account.id"], name=op.f("fk_report_comment_answered_by_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_report_comment_body_id")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_comment_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_comment")),
    )
    op.create_index(op.f("ix_report_comment_report_id"), "report_comment", ["report_id"], unique=False)
    op.create_table(
        "report_signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("opinion", sa.String(10000), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_report_signature_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_report_signature_body_id")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_signature_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_signature")),
        sa.UniqueConstraint("report_id", "body_id", name=op.f("uq_report_signature_report_id_body_id")),
    )
    op.create_index(op.f("ix_report_signature_body_id"), "report_signature", ["body_id"], unique=False)

    guard()


def downgrade() -> None:
    op.drop_index(op.f("ix_report_signature_body_id"), table_name="report_signature")
    op.drop_table("report_signature")
    op.drop_index(op.f("ix_report_comment_report_id"), table_name="report_comment")
    op.drop_table("report_comment")
    op.drop_index("ix_report_search", table_name="report", postgresql_using="gin")
    op.drop_index(op.f("ix_report_engagement_id"), table_name="report")
    op.drop_index("ix_report_campaign_id_id", table_name="report")
    op.drop_index(op.f("ix_report_author_body_id"), table_name="report")
    op.drop_index(op.f("ix_report_answers_request_id"), table_name="report")
    op.drop_table("report")
    op.drop_index(op.f("ix_pending_edit_finding_id"), table_name="pending_edit")
    op.drop_table("pending_edit")
    op.drop_index(op.f("ix_revision_request_engagement_id"), table_name="revision_request")
    op.drop_index(op.f("ix_revision_request_campaign_id"), table_name="revision_request")
    op.drop_table("revision_request")
    op.drop_index(op.f("ix_reminder_recommendation_id"), table_name="reminder")
    op.drop_table("reminder")
    op.drop_index(op.f("ix_progress_recommendation_id"), table_name="progress")
    op.drop_table("progress")
    op.drop_index("ix_finding_search", table_name="finding", postgresql_using="gin")
    op.drop_index("ix_finding_engagement_id_id", table_name="finding")
    op.drop_index("ix_finding_campaign_id_id", table_name="finding")
    op.drop_index(op.f("ix_finding_author_account_id"), table_name="finding")
    op.drop_table("finding")
    op.drop_index(op.f("ix_working_session_engagement_id"), table_name="working_session")
    op.drop_index(op.f("ix_working_session_campaign_id"), table_name="working_session")
    op.drop_table("working_session")
    op.drop_index("ix_recommendation_verifier_body_id_id", table_name="recommendation")
    op.drop_index(op.f("ix_recommendation_state"), table_name="recommendation")
    op.drop_index(op.f("ix_recommendation_series_id"), table_name="recommendation")
    op.drop_index("ix_recommendation_search", table_name="recommendation", postgresql_using="gin")
    op.drop_index("ix_recommendation_proposer_body_id_id", table_name="recommendation")
    op.drop_index("ix_recommendation_issuer_body_id_id", table_name="recommendation")
    op.drop_index(op.f("ix_recommendation_escalated_to_id"), table_name="recommendation")
    op.drop_index("ix_recommendation_engagement_id_id", table_name="recommendation")
    op.drop_index(
        "ix_recommendation_escalated", table_name="recommendation", postgresql_where=sa.text("escalation_level > 0")
    )
    op.drop_index("ix_recommendation_due_sort_id", table_name="recommendation")
    op.drop_index("ix_recommendation_campaign_id_id", table_name="recommendation")
    op.drop_index("ix_recommendation_addressee_id_id", table_name="recommendation")
    op.drop_table("recommendation")
    op.drop_index(op.f("ix_lineage_link_body_id"), table_name="lineage_link")
    op.drop_table("lineage_link")
    op.drop_index(op.f("ix_engagement_supervised_body_id"), table_name="engagement")
    op.drop_index(op.f("ix_engagement_delegation_id"), table_name="engagement")
    op.drop_index(op.f("ix_engagement_campaign_id"), table_name="engagement")
    op.drop_table("engagement")
    op.drop_index(op.f("ix_delegation_member_delegation_id"), table_name="delegation_member")
    op.drop_index(op.f("ix_delegation_member_body_id"), table_name="delegation_member")
    op.drop_index("ix_delegation_member_account_id_delegation_id", table_name="delegation_member")
    op.drop_table("delegation_member")
    op.drop_index("ix_carriage_subject_id", table_name="carriage")
    op.drop_index(op.f("ix_carriage_document_id"), table_name="carriage")
    op.drop_index(op.f("ix_carriage_attachment_id"), table_name="carriage")
    op.drop_table("carriage")
    op.drop_index("ix_transition_subject_id_id", table_name="transition")
    op.drop_table("transition")
    op.drop_index(op.f("ix_subject_document_normalised"), table_name="subject_document")
    op.drop_index(op.f("ix_subject_document_campaign_id"), table_name="subject_document")
    op.drop_table("subject_document")
    op.drop_index(op.f("ix_refresh_token_family_id"), table_name="refresh_token")
    op.drop_table("refresh_token")
    op.drop_index(op.f("ix_membership_duty_membership_id"), table_name="membership_duty")
    op.drop_table("membership_duty")
    op.drop_index(op.f("ix_lineage_event_effective_on"), table_name="lineage_event")
    op.drop_table("lineage_event")
    op.drop_index(op.f("ix_delegation_campaign_id"), table_name="delegation")
    op.drop_table("delegation")
    op.drop_index(op.f("ix_deadline_subject_id"), table_name="deadline")
    op.drop_table("deadline")
    op.drop_index(op.f("ix_campaign_supervised_body_id"), table_name="campaign_supervised")
    op.drop_table("campaign_supervised")
    op.drop_index(op.f("ix_campaign_partner_body_id"), table_name="campaign_partner")
    op.drop_table("campaign_partner")
    op.drop_index(op.f("ix_campaign_counterpart_body_id"), table_name="campaign_counterpart")
    op.drop_table("campaign_counterpart")
    op.drop_index(op.f("ix_attachment_owner_body_id"), table_name="attachment")
    op.drop_index(op.f("ix_attachment_document_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_index(op.f("ix_session_family_account_id"), table_name="session_family")
    op.drop_table("session_family")
    op.drop_index("ix_rule_code_valid_from", table_name="rule")
    op.drop_index(op.f("ix_rule_body_id"), table_name="rule")
    op.drop_table("rule")
    op.drop_index("ix_notification_account_id_body_id_id", table_name="notification")
    op.drop_table("notification")
    op.drop_index(
        "uq_membership_account_id_body_id", table_name="membership", postgresql_where=sa.text("ended_on IS NULL")
    )
    op.drop_index(op.f("ix_membership_body_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index(op.f("ix_invitation_body_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_index(op.f("ix_document_symbol_normalised"), table_name="document")
    op.drop_index("ix_document_search", table_name="document", postgresql_using="gin")
    op.drop_index(op.f("ix_document_owner_body_id"), table_name="document")
    op.drop_index(op.f("ix_document_issuer_body_id"), table_name="document")
    op.drop_table("document")
    op.drop_index("ix_campaign_window", table_name="campaign", postgresql_using="gist")
    op.drop_index("ix_campaign_search", table_name="campaign", postgresql_using="gin")
    op.drop_index(op.f("ix_campaign_previous_campaign_id"), table_name="campaign")
    op.drop_index(op.f("ix_campaign_lead_body_id"), table_name="campaign")
    op.drop_index(op.f("ix_campaign_deciding_body_id"), table_name="campaign")
    op.drop_table("campaign")
    op.drop_index("ix_body_name_search", table_name="body_name", postgresql_using="gin")
    op.drop_index("ix_body_name_body_id_valid_from", table_name="body_name")
    op.drop_table("body_name")
    op.drop_index(op.f("ix_acts_through_organ_id"), table_name="acts_through")
    op.drop_index(op.f("ix_acts_through_office_id"), table_name="acts_through")
    op.drop_table("acts_through")
    op.drop_index(op.f("ix_password_reset_account_id"), table_name="password_reset")
    op.drop_table("password_reset")
    op.drop_index(op.f("ix_body_place_code"), table_name="body")
    op.drop_index(op.f("ix_body_parent_id"), table_name="body")
    op.drop_index(op.f("ix_body_kind"), table_name="body")
    op.drop_table("body")
    op.drop_index("ix_place_search", table_name="place", postgresql_using="gin")
    op.drop_index(op.f("ix_place_parent_code"), table_name="place")
    op.drop_table("place")
    op.drop_index("ix_outbox_message_unsent", table_name="outbox_message", postgresql_where=sa.text("sent_at IS NULL"))
    op.drop_table("outbox_message")
    op.drop_index(op.f("ix_idempotency_record_created_at"), table_name="idempotency_record")
    op.drop_table("idempotency_record")
    op.drop_table("demo_clock")
    op.drop_table("calendar_day")
    op.drop_index("ix_audit_event_lead_body_id_seq", table_name="audit_event")
    op.drop_index("ix_audit_event_body_id_seq", table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_table("account")
    op.execute("DROP FUNCTION access_changed, refuse_change, fold")
