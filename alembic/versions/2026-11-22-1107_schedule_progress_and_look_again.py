"""schedule progress and look again

When progress is to be reported, later checks of what was closed, and the way from a finding to what repeats it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_effectiveness_check()
    _create_progress_due()
    op.create_index("ix_finding_repeat_of", "finding", ["repeat_of"], postgresql_where=sa.text("repeat_of IS NOT NULL"))


def _create_effectiveness_check() -> None:
    op.create_table(
        "effectiveness_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("question", sa.String(5000), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "done", "cancelled", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "lasting",
                "partly_lasting",
                "relapsed",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(5000), nullable=True),
        sa.Column("evidence", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_effectiveness_check_account_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_effectiveness_check_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effectiveness_check")),
    )
    op.create_index(
        "ix_effectiveness_check_planned",
        "effectiveness_check",
        ["recommendation_id"],
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_index("ix_effectiveness_check_recommendation_id_id", "effectiveness_check", ["recommendation_id", "id"])


def _create_progress_due() -> None:
    op.create_table(
        "progress_due",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("progress_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["progress_id"], ["progress.id"], name=op.f("fk_progress_due_progress_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_progress_due_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_due")),
        sa.UniqueConstraint("recommendation_id", "due_on", name=op.f("uq_progress_due_recommendation_id_due_on")),
    )
    op.create_index(
        "ix_progress_due_unanswered",
        "progress_due",
        ["recommendation_id", "due_on"],
        postgresql_where=sa.text("progress_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_finding_repeat_of", table_name="finding", postgresql_where=sa.text("repeat_of IS NOT NULL"))
    op.drop_table("progress_due")
    op.drop_table("effectiveness_check")
