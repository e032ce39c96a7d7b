"""remember before transfers

Which bodies an event ended, organs included; to whom and by whom a recommendation was issued before it passed on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FIRST = ("first_addressee_id", "first_issuer_id")


def upgrade() -> None:
    op.create_table(
        "lineage_end",
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_lineage_end_body_id")),
        sa.ForeignKeyConstraint(["event_id"], ["lineage_event.id"], name=op.f("fk_lineage_end_event_id")),
        sa.PrimaryKeyConstraint("body_id", name=op.f("pk_lineage_end")),
    )
    op.create_index(op.f("ix_lineage_end_event_id"), "lineage_end", ["event_id"], unique=False)
    for column in FIRST:
        op.add_column("recommendation", sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f"fk_recommendation_{column}"), "recommendation", "body", [column], ["id"])
    op.create_index("ix_transfer_state_id", "transfer", ["state", "id"], unique=False)
    op.execute(PREDECESSORS)


PREDECESSORS = """
    INSERT INTO lineage_end (body_id, event_id)
    SELECT DISTINCT ON (link.body_id) link.body_id, link.event_id
    FROM lineage_link link
    JOIN lineage_event event ON event.id = link.event_id
    JOIN body ON body.id = link.body_id AND body.valid_to = event.effective_on - 1
    WHERE NOT link.successor
    ORDER BY link.body_id, link.event_id
"""


def downgrade() -> None:
    op.drop_index("ix_transfer_state_id", table_name="transfer")
    for column in FIRST:
        op.drop_constraint(op.f(f"fk_recommendation_{column}"), "recommendation", type_="foreignkey")
        op.drop_column("recommendation", column)
    op.drop_index(op.f("ix_lineage_end_event_id"), table_name="lineage_end")
    op.drop_table("lineage_end")
