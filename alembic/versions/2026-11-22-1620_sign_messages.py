"""sign messages

The certificates with which bodies sign under an organ id, and what was found of the signature of each message. To whose
desk a message passed when its receiver had ended. Who has asked for its bytes to be destroyed.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

ASKED = {"purge_asked_by_id": "account", "purge_asked_body_id": "body"}

SIGNATURE = sa.Enum(
    "absent",
    "unverified",
    "valid",
    "invalid",
    name="signature",
    native_enum=False,
    create_constraint=True,
    length=32,
)


def upgrade() -> None:
    _add("organ_alias", sa.Column("certificates", postgresql.JSONB(), nullable=False), "[]")
    _add("organ_alias", sa.Column("signature_required", sa.Boolean(), nullable=False), "false")
    _add("edxml_message", sa.Column("signature", SIGNATURE, nullable=False), "absent")
    op.add_column("edxml_message", sa.Column("desk_body_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_edxml_message_desk_body_id_body"), "edxml_message", "body", ["desk_body_id"], ["id"])
    op.add_column("edxml_message", sa.Column("purge_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("edxml_message", sa.Column("purge_reason", sa.String(length=2000), nullable=True))
    for column, table in ASKED.items():
        op.add_column("edxml_message", sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f"fk_edxml_message_{column}_{table}"), "edxml_message", table, [column], ["id"])
    op.create_index("ix_edxml_message_desk_body_id_id", "edxml_message", ["desk_body_id", "id"])
    op.create_index(
        "ix_edxml_message_quarantined", "edxml_message", ["id"], postgresql_where=sa.text("state = 'quarantined'")
    )


def _add(table: str, column: "sa.Column[object]", value: str) -> None:
    """For the rows that are there already."""
    column.server_default = sa.DefaultClause(value)
    op.add_column(table, column)
    op.alter_column(table, column.name, server_default=None)


def downgrade() -> None:
    op.drop_index("ix_edxml_message_quarantined", "edxml_message")
    for column in (*ASKED, "purge_reason", "purge_asked_at", "desk_body_id"):
        op.drop_column("edxml_message", column)
    op.drop_column("edxml_message", "signature")
    op.drop_column("organ_alias", "signature_required")
    op.drop_column("organ_alias", "certificates")
