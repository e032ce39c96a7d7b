"""send papers

Dispatches with a copy for each addressee, accounts on the axes and what was fetched from them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

DELIVERY = (
    "'pending', 'sent', 'arrived', 'accepted', 'assigned', 'in_progress', 'finished', 'refused', 'unreachable', "
    "'recall_asked', 'recalled'"
)


def upgrade() -> None:
    _create_axis_account()
    _create_axis_item()
    _create_dispatch()
    _create_dispatch_copy()


def _create_axis_account() -> None:
    op.create_table(
        "axis_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("system_id", sa.String(100), nullable=False),
        sa.Column("secret_name", sa.String(100), nullable=False),
        sa.Column("organ_ids", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("stopped_reason", sa.String(1000), nullable=True),
        sa.Column("polled_until", sa.Date(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'stopped')", name=op.f("ck_axis_account_state")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_axis_account_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_axis_account_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_axis_account")),
        sa.UniqueConstraint("body_id", name=op.f("uq_axis_account_body_id")),
    )


def _create_axis_item() -> None:
    op.create_table(
        "axis_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("axis_account_id", sa.Uuid(), nullable=False),
        sa.Column("axis_document_id", sa.String(200), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["axis_account_id"], ["axis_account.id"], name=op.f("fk_axis_item_axis_account_id")),
        sa.ForeignKeyConstraint(["message_id"], ["edxml_message.id"], name=op.f("fk_axis_item_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_axis_item")),
        sa.UniqueConstraint(
            "axis_account_id", "axis_document_id", name=op.f("uq_axis_item_axis_account_id_axis_document_id")
        ),
    )


def _create_dispatch() -> None:
    op.create_table(
        "dispatch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sender_body_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("changes_dispatch_id", sa.Uuid(), nullable=True),
        sa.Column("business_type", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("channel IN ('axis', 'relay', 'file')", name=op.f("ck_dispatch_channel")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_dispatch_account_id")),
        sa.ForeignKeyConstraint(["changes_dispatch_id"], ["dispatch.id"], name=op.f("fk_dispatch_changes_dispatch_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_dispatch_document_id")),
        sa.ForeignKeyConstraint(["message_id"], ["edxml_message.id"], name=op.f("fk_dispatch_message_id")),
        sa.ForeignKeyConstraint(["sender_body_id"], ["body.id"], name=op.f("fk_dispatch_sender_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch")),
    )
    op.create_index(op.f("ix_dispatch_document_id"), "dispatch", ["document_id"], unique=False)
    op.create_index(op.f("ix_dispatch_message_id"), "dispatch", ["message_id"], unique=False)
    op.create_index("ix_dispatch_sender_body_id_id", "dispatch", ["sender_body_id", "id"], unique=False)


def _create_dispatch_copy() -> None:
    op.create_table(
        "dispatch_copy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("organ_id", sa.String(64), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("before_recall", sa.String(32), nullable=True),
        sa.Column("recommendation_ids", postgresql.JSONB(), nullable=False),
        sa.Column("axis_document_id", sa.String(200), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(4000), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            f"state IN ({DELIVERY})",
            name=op.f("ck_dispatch_copy_state"),
        ),
        sa.CheckConstraint(
            f"before_recall IN ({DELIVERY})",
            name=op.f("ck_dispatch_copy_before_recall"),
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_dispatch_copy_body_id")),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatch.id"], name=op.f("fk_dispatch_copy_dispatch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch_copy")),
        sa.UniqueConstraint("dispatch_id", "body_id", name=op.f("uq_dispatch_copy_dispatch_id_body_id")),
    )
    op.create_index("ix_dispatch_copy_body_id_id", "dispatch_copy", ["body_id", "id"], unique=False)
    op.create_index(
        "ix_dispatch_copy_waiting",
        "dispatch_copy",
        ["try_at"],
        unique=False,
        postgresql_where=sa.text("try_at IS NOT NULL"),
    )


def downgrade() -> None:
    for table in ("dispatch_copy", "dispatch", "axis_item", "axis_account"):
        op.drop_table(table)
