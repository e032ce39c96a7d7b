"""settle overlaps

What bodies do about overlaps, and ad-hoc supervision that overlap reports do not tell of.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "overlap_resolution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overlap_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("justification", sa.String(5000), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.CheckConstraint("kind IN ('join', 'shift', 'justify')", name=op.f("ck_overlap_resolution_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_overlap_resolution_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_overlap_resolution_body_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_overlap_resolution_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overlap_resolution")),
    )
    op.create_index(op.f("ix_overlap_resolution_overlap_id"), "overlap_resolution", ["overlap_id"])
    hidden = sa.Column("hidden_from_overlap", sa.Boolean(), server_default="false", nullable=False)
    op.add_column("campaign", hidden)


def downgrade() -> None:
    op.drop_column("campaign", "hidden_from_overlap")
    op.drop_table("overlap_resolution")
