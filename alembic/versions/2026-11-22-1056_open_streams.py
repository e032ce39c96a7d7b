"""open streams

Tickets for the stream of events.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_event_ticket_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_event_ticket_body_id")),
        sa.ForeignKeyConstraint(["family_id"], ["session_family.id"], name=op.f("fk_event_ticket_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_ticket")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_event_ticket_token_digest")),
    )
    op.create_index(op.f("ix_event_ticket_expires_at"), "event_ticket", ["expires_at"])


def downgrade() -> None:
    op.drop_table("event_ticket")
