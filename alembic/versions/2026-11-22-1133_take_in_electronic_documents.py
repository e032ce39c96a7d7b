"""take in electronic documents

Messages in and out with their receivers, receipts and statuses; organ ids of the axes; machine clients.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


ACCESS_CHANGED = """
CREATE TRIGGER machine_client_changes_access AFTER UPDATE OR DELETE ON machine_client
FOR EACH STATEMENT EXECUTE FUNCTION access_changed()
"""


def upgrade() -> None:
    op.create_table(
        "client_assertion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_assertion")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_client_assertion_token_digest")),
    )
    op.create_index(op.f("ix_client_assertion_expires_at"), "client_assertion", ["expires_at"], unique=False)
    op.create_table(
        "machine_client",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("keys", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.String(length=32)), nullable=False),
        sa.Column("organ_ids", sa.ARRAY(sa.String(length=35)), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_machine_client_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_machine_client_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_client")),
        sa.UniqueConstraint("account_id", name=op.f("uq_machine_client_account_id")),
    )
    op.create_index("ix_machine_client_body_id_id", "machine_client", ["body_id", "id"], unique=False)
    op.create_table(
        "organ_alias",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organ_id", sa.String(35), nullable=False),
        sa.Column("scheme", sa.String(32), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("name_on_axis", sa.String(300), nullable=True),
        sa.Column("source", sa.String(300), nullable=True),
        sa.CheckConstraint("scheme IN ('qcvn102', 'qd20', 'system')", name=op.f("ck_organ_alias_scheme")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_organ_alias_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organ_alias")),
    )
    op.create_index(op.f("ix_organ_alias_body_id"), "organ_alias", ["body_id"], unique=False)
    op.create_index("ix_organ_alias_organ_id_valid_from", "organ_alias", ["organ_id", "valid_from"], unique=False)
    op.create_table(
        "edxml_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("warnings", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("brought_by_body_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("for_anybody", sa.Boolean(), nullable=False),
        sa.Column("from_organ", sa.String(64), nullable=True),
        sa.Column("from_name", sa.String(300), nullable=True),
        sa.Column("exchange_id", sa.String(300), nullable=True),
        sa.Column("business_type", sa.Integer(), nullable=True),
        sa.Column("trace_stamp", sa.String(32), nullable=True),
        sa.Column("symbol", sa.String(120), nullable=True),
        sa.Column("symbol_key", sa.String(120), nullable=True),
        sa.Column("promulgated", sa.Date(), nullable=True),
        sa.Column("subject", sa.String(4000), nullable=True),
        sa.Column("fingerprint", sa.String(64), nullable=True),
        sa.Column("header", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("answers_message_id", sa.Uuid(), nullable=True),
        sa.Column("answers_document_id", sa.Uuid(), nullable=True),
        sa.Column("answers_how", sa.String(32), nullable=True),
        sa.Column(
            "linked_recommendation_ids", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.Column("changes_message_id", sa.Uuid(), nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("needs_person", sa.Boolean(), nullable=False),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("ck_edxml_message_direction")),
        sa.CheckConstraint("kind IN ('edoc', 'status', 'unknown')", name=op.f("ck_edxml_message_kind")),
        sa.CheckConstraint(
            "state IN ('accepted', 'quarantined', 'ignored', 'rejected', 'discarded', 'built', 'sent', 'failed')",
            name=op.f("ck_edxml_message_state"),
        ),
        sa.CheckConstraint(
            "answers_how IN ('document_id', 'number_date', 'person')", name=op.f("ck_edxml_message_answers_how")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_edxml_message_account_id")),
        sa.ForeignKeyConstraint(
            ["answers_document_id"], ["document.id"], name=op.f("fk_edxml_message_answers_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["answers_message_id"], ["edxml_message.id"], name=op.f("fk_edxml_message_answers_message_id")
        ),
        sa.ForeignKeyConstraint(["brought_by_body_id"], ["body.id"], name=op.f("fk_edxml_message_brought_by_body_id")),
        sa.ForeignKeyConstraint(
            ["changes_message_id"], ["edxml_message.id"], name=op.f("fk_edxml_message_changes_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edxml_message")),
    )
    op.create_index(
        op.f("ix_edxml_message_answers_document_id"), "edxml_message", ["answers_document_id"], unique=False
    )
    op.create_index(op.f("ix_edxml_message_answers_message_id"), "edxml_message", ["answers_message_id"], unique=False)
    op.create_index(
        "ix_edxml_message_brought_by_body_id_id", "edxml_message", ["brought_by_body_id", "id"], unique=False
    )
    op.create_index(op.f("ix_edxml_message_changes_message_id"), "edxml_message", ["changes_message_id"], unique=False)
    op.create_index("ix_edxml_message_exchange_id", "edxml_message", ["exchange_id"], unique=False)
    op.create_index("ix_edxml_message_sha256", "edxml_message", ["sha256"], unique=False)
    op.create_index(
        "ix_edxml_message_symbol_key_promulgated", "edxml_message", ["symbol_key", "promulgated"], unique=False
    )
    op.create_index(
        "uq_edxml_message_key",
        "edxml_message",
        ["direction", "from_organ", "exchange_id", "business_type", "trace_stamp"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("kind = 'edoc' AND state IN ('accepted', 'sent')"),
    )
    op.create_table(
        "edxml_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("organ_id", sa.String(64), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("recall_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_edxml_delivery_body_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_edxml_delivery_document_id")),
        sa.ForeignKeyConstraint(["message_id"], ["edxml_message.id"], name=op.f("fk_edxml_delivery_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edxml_delivery")),
        sa.UniqueConstraint("message_id", "body_id", name=op.f("uq_edxml_delivery_message_id_body_id")),
    )
    op.create_index("ix_edxml_delivery_body_id_message_id", "edxml_delivery", ["body_id", "message_id"], unique=False)
    op.create_index(op.f("ix_edxml_delivery_document_id"), "edxml_delivery", ["document_id"], unique=False)
    op.create_table(
        "edxml_receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("overrides", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("reason", sa.String(2000), nullable=True),
        sa.CheckConstraint("kind IN ('delivery', 'replay')", name=op.f("ck_edxml_receipt_kind")),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'quarantined', 'duplicate', 'ignored', 'rejected')",
            name=op.f("ck_edxml_receipt_outcome"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_edxml_receipt_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_edxml_receipt_body_id")),
        sa.ForeignKeyConstraint(["message_id"], ["edxml_message.id"], name=op.f("fk_edxml_receipt_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edxml_receipt")),
    )
    op.create_index(op.f("ix_edxml_receipt_message_id"), "edxml_receipt", ["message_id"], unique=False)
    op.create_table(
        "edxml_status",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("about_message_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("organ_id", sa.String(64), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(4000), nullable=False),
        sa.Column("staff", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "status IN ('01', '02', '03', '04', '05', '06', '13', '15', '16')", name=op.f("ck_edxml_status_status")
        ),
        sa.ForeignKeyConstraint(
            ["about_message_id"], ["edxml_message.id"], name=op.f("fk_edxml_status_about_message_id")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["edxml_message.id"], name=op.f("fk_edxml_status_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edxml_status")),
        sa.UniqueConstraint(
            "about_message_id",
            "organ_id",
            "status",
            "reported_at",
            name=op.f("uq_edxml_status_about_message_id_organ_id_status_reported_at"),
        ),
    )
    op.create_index(op.f("ix_edxml_status_message_id"), "edxml_status", ["message_id"], unique=False)
    op.execute(ACCESS_CHANGED)


def downgrade() -> None:
    op.drop_table("edxml_status")
    op.drop_table("edxml_receipt")
    op.drop_table("edxml_delivery")
    op.drop_table("edxml_message")
    op.drop_table("organ_alias")
    op.drop_table("machine_client")
    op.drop_table("client_assertion")
