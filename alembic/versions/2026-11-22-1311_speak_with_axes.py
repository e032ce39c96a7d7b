"""speak with axes

Which dialect an axis speaks; statuses that wait to be sent; raw messages whose time is over; receipts that move a date.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

CAUSES = ("extension", "pause", "calendar", "amendment", "return", "dispute", "reopening", "transfer")


def upgrade() -> None:
    _add("axis_account", _words("dialect", "lgsp_rest", "vxp"), "lgsp_rest")
    _add("axis_account", _words("hash_file_style", "sdk", "padded"), "sdk")
    _add("edxml_message", sa.Column("tries", sa.Integer(), nullable=False), "0")
    op.add_column("edxml_message", sa.Column("try_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("edxml_message", sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_edxml_message_waiting", "edxml_message", ["try_at"], postgresql_where=sa.text("try_at IS NOT NULL")
    )
    op.create_index(
        "ix_edxml_message_unpurged",
        "edxml_message",
        ["created_at"],
        postgresql_where=sa.text("purged_at IS NULL AND (state = 'rejected' OR restricted)"),
    )
    op.create_index(
        "ix_dispatch_copy_recommendation_ids", "dispatch_copy", ["recommendation_ids"], postgresql_using="gin"
    )
    _allow(*CAUSES, "receipt")


def _words(name: str, *values: str) -> "sa.Column[str]":
    return sa.Column(
        name, sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32), nullable=False
    )


def _add(table: str, column: "sa.Column[object]", value: str) -> None:
    """For the rows that are there already."""
    column.server_default = sa.DefaultClause(value)
    op.add_column(table, column)
    op.alter_column(table, column.name, server_default=None)


def _allow(*causes: str) -> None:
    op.drop_constraint(op.f("ck_due_change_because"), "due_change", type_="check")
    listed = ", ".join(f"'{it}'" for it in causes)
    op.create_check_constraint(op.f("ck_due_change_because"), "due_change", f"because IN ({listed})")


def downgrade() -> None:
    op.execute("UPDATE due_change SET because = 'amendment' WHERE because = 'receipt'")
    _allow(*CAUSES)
    op.drop_index("ix_dispatch_copy_recommendation_ids", "dispatch_copy")
    op.drop_index("ix_edxml_message_unpurged", "edxml_message")
    op.drop_index("ix_edxml_message_waiting", "edxml_message")
    for column in ("purged_at", "try_at", "tries"):
        op.drop_column("edxml_message", column)
    op.drop_column("axis_account", "hash_file_style")
    op.drop_column("axis_account", "dialect")
