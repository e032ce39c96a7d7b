"""follow hosts

What the host of a joined supervision does step by step, and whose delegation it is; what a body proposes to the
council's programme stands among the papers on the way to its plan. Publications that wait for their moment are found.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

APPROVALS = ("proposal", "party_approval", "notice")
STEPS = (
    "delegation_decided",
    "outline_notified",
    "session_planned",
    "programme_notified",
    "supervision_ended",
    "report_received",
    "report_examined",
    "explanation_requested",
    "explained",
)


def upgrade() -> None:
    op.add_column("campaign_participation", sa.Column("organ", _words("organ", "standing_board", "board")))
    op.create_table(
        "campaign_host_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("step", _words("step", *STEPS), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("complex", sa.Boolean(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(2000), nullable=True),
        *(
            sa.ForeignKeyConstraint([f"{it}_id"], [f"{it}.id"], name=op.f(f"fk_campaign_host_step_{it}_id"))
            for it in ("campaign", "document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_host_step")),
    )
    op.create_index("ix_campaign_host_step_campaign_id_id", "campaign_host_step", ["campaign_id", "id"])
    _allow_approvals(*APPROVALS, "council_proposal")
    waiting = sa.text("publish_at IS NOT NULL")
    op.create_index("ix_report_publish_at", "report", ["publish_at"], postgresql_where=waiting)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _allow_approvals(*steps: str) -> None:
    named = ", ".join(f"'{it}'" for it in steps)
    op.drop_constraint(op.f("ck_plan_approval_step"), "plan_approval", type_="check")
    op.create_check_constraint(op.f("ck_plan_approval_step"), "plan_approval", f"step IN ({named})")


def downgrade() -> None:
    op.drop_index("ix_report_publish_at", "report")
    op.execute("DELETE FROM plan_approval WHERE step = 'council_proposal'")
    _allow_approvals(*APPROVALS)
    op.drop_table("campaign_host_step")
    op.drop_column("campaign_participation", "organ")
