"""keep the clock

What the nightly clock does and tells: its runs and digests, which reminders it has sent, the rungs it climbed.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_sweep_run()
    _create_digest()
    _create_escalation()
    op.add_column("recommendation", sa.Column("due_set_on", sa.Date(), nullable=True))
    op.add_column("reminder", sa.Column("clock", sa.String(32), nullable=True))
    op.add_column("reminder", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("reminder", sa.Column("offset_days", sa.Integer(), nullable=True))
    op.add_column("reminder", sa.Column("digested_in_id", sa.Uuid(), nullable=True))
    op.create_check_constraint(op.f("ck_reminder_follow_up_clock"), "reminder", "clock IN ('reply', 'completion')")
    op.create_foreign_key(op.f("fk_reminder_digested_in_id"), "reminder", "sweep_run", ["digested_in_id"], ["id"])
    op.create_unique_constraint(
        op.f("uq_reminder_recommendation_id_clock_due_on_offset_days"),
        "reminder",
        ["recommendation_id", "clock", "due_on", "offset_days"],
    )
    op.create_index(
        "ix_reminder_undigested",
        "reminder",
        ["id"],
        postgresql_where=sa.text("clock IS NOT NULL AND digested_in_id IS NULL"),
    )


def _create_sweep_run() -> None:
    op.create_table(
        "sweep_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("swept_on", sa.Date(), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("escalated", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweep_run")),
    )
    op.create_index(op.f("ix_sweep_run_swept_on"), "sweep_run", ["swept_on"])


def _create_digest() -> None:
    op.create_table(
        "digest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("upcoming", sa.Integer(), nullable=False),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column("escalated", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["sweep_run.id"], name=op.f("fk_digest_run_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_digest_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("run_id", "body_id", name=op.f("uq_digest_run_id_body_id")),
    )
    op.create_index(op.f("ix_digest_body_id"), "digest", ["body_id"])


def _create_escalation() -> None:
    op.create_table(
        "escalation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("rung", sa.String(32), nullable=False),
        sa.Column("by_clock", sa.Boolean(), nullable=False),
        sa.Column("escalated_on", sa.Date(), nullable=False),
        sa.Column("to_body_id", sa.Uuid(), nullable=False),
        sa.Column("copy_to", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.String(5000), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_basis", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("letter_subject", sa.String(500), nullable=False),
        sa.Column("letter_text", sa.String(), nullable=False),
        sa.Column("digested_in_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "rung IN ('urging', 'superior', 'explanation', 'resupervision')", name=op.f("ck_escalation_rung")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_escalation_recommendation_id")
        ),
        sa.ForeignKeyConstraint(["to_body_id"], ["body.id"], name=op.f("fk_escalation_to_body_id")),
        sa.ForeignKeyConstraint(["rule_id"], ["rule.id"], name=op.f("fk_escalation_rule_id")),
        sa.ForeignKeyConstraint(["digested_in_id"], ["sweep_run.id"], name=op.f("fk_escalation_digested_in_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("recommendation_id", "level", name=op.f("uq_escalation_recommendation_id_level")),
    )
    op.create_index(
        "ix_escalation_undigested",
        "escalation",
        ["id"],
        postgresql_where=sa.text("by_clock AND digested_in_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_reminder_undigested", table_name="reminder")
    op.drop_constraint(op.f("uq_reminder_recommendation_id_clock_due_on_offset_days"), "reminder", type_="unique")
    op.drop_constraint(op.f("fk_reminder_digested_in_id"), "reminder", type_="foreignkey")
    op.drop_constraint(op.f("ck_reminder_follow_up_clock"), "reminder", type_="check")
    for column in ("digested_in_id", "offset_days", "due_on", "clock"):
        op.drop_column("reminder", column)
    op.drop_column("recommendation", "due_set_on")
    op.drop_table("escalation")
    op.drop_table("digest")
    op.drop_table("sweep_run")
