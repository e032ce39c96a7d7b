"""replace templates

A body's own DOCX template for each kind of its papers, each version from a day on.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KINDS = (
    "plan",
    "decision",
    "outline",
    "notification",
    "minutes",
    "self_report",
    "result_report",
    "notice",
    "conclusion",
    "criticism",
    "matrix",
    "recommendation",
    "reminder",
    "escalation",
    "half_year",
)


def upgrade() -> None:
    kind = sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "paper_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=True),
        sa.Column("uses", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name=op.f("fk_paper_template_attachment_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_paper_template_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_template")),
    )
    op.create_index("ix_paper_template_in_force", "paper_template", ["body_id", "kind", "valid_from", "id"])
    op.create_index(op.f("ix_paper_template_attachment_id"), "paper_template", ["attachment_id"])


def downgrade() -> None:
    op.drop_table("paper_template")
