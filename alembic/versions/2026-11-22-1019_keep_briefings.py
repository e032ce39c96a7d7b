"""keep briefings

Briefings with who took part and what was concluded, and the proposals put before them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_briefing()
    _create_briefing_participant()
    _create_briefing_conclusion()
    _create_proposal()


def _create_briefing() -> None:
    op.create_table(
        "briefing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "periodic_briefing",
                "working_session",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(500), nullable=True),
        sa.Column("chair_body_id", sa.Uuid(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("scheduled_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(500), nullable=True),
        sa.Column("report_document_id", sa.Uuid(), nullable=True),
        sa.Column("agenda", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled",
                "held",
                "concluded",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["chair_body_id"], ["body.id"], name=op.f("fk_briefing_chair_body_id")),
        sa.ForeignKeyConstraint(["report_document_id"], ["document.id"], name=op.f("fk_briefing_report_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing")),
    )
    op.create_index("ix_briefing_chair_body_id_scheduled_on", "briefing", ["chair_body_id", "scheduled_on"])
    op.create_index(
        "ix_briefing_search",
        "briefing",
        [sa.literal_column("to_tsvector('simple'::regconfig, fold(coalesce(title, '')))")],
        postgresql_using="gin",
    )
    op.create_index(op.f("ix_briefing_state"), "briefing", ["state"])


def _create_briefing_participant() -> None:
    op.create_table(
        "briefing_participant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("briefing_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=True),
        sa.Column("title", sa.String(300), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_briefing_participant_body_id")),
        sa.ForeignKeyConstraint(["briefing_id"], ["briefing.id"], name=op.f("fk_briefing_participant_briefing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing_participant")),
    )
    op.create_index(op.f("ix_briefing_participant_body_id"), "briefing_participant", ["body_id"])
    op.create_index(op.f("ix_briefing_participant_briefing_id"), "briefing_participant", ["briefing_id"])


def _create_briefing_conclusion() -> None:
    op.create_table(
        "briefing_conclusion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("briefing_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(5000), nullable=False),
        sa.Column("to_body_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("recommendation_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["briefing_id"], ["briefing.id"], name=op.f("fk_briefing_conclusion_briefing_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_briefing_conclusion_recommendation_id")
        ),
        sa.ForeignKeyConstraint(["to_body_id"], ["body.id"], name=op.f("fk_briefing_conclusion_to_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing_conclusion")),
    )
    op.create_index(op.f("ix_briefing_conclusion_briefing_id"), "briefing_conclusion", ["briefing_id"])


def _create_proposal() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("briefing_id", sa.Uuid(), nullable=False),
        sa.Column("chair_body_id", sa.Uuid(), nullable=False),
        sa.Column("proposer_body_id", sa.Uuid(), nullable=False),
        sa.Column("to_body_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(5000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "noted",
                "taken_up",
                "declined",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(5000), nullable=True),
        sa.Column("noted_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("recommendation_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["briefing_id"], ["briefing.id"], name=op.f("fk_proposal_briefing_id")),
        sa.ForeignKeyConstraint(["chair_body_id"], ["body.id"], name=op.f("fk_proposal_chair_body_id")),
        sa.ForeignKeyConstraint(["proposer_body_id"], ["body.id"], name=op.f("fk_proposal_proposer_body_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_proposal_recommendation_id")
        ),
        sa.ForeignKeyConstraint(["to_body_id"], ["body.id"], name=op.f("fk_proposal_to_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_briefing_id"), "proposal", ["briefing_id"])
    op.create_index(op.f("ix_proposal_chair_body_id"), "proposal", ["chair_body_id"])
    op.create_index(
        "ix_proposal_noted", "proposal", ["chair_body_id", "noted_on"], postgresql_where=sa.text("noted_on IS NOT NULL")
    )
    op.create_index(op.f("ix_proposal_proposer_body_id"), "proposal", ["proposer_body_id"])
    op.create_index(op.f("ix_proposal_to_body_id"), "proposal", ["to_body_id"])


def downgrade() -> None:
    op.drop_table("proposal")
    op.drop_table("briefing_conclusion")
    op.drop_table("briefing_participant")
    op.drop_table("briefing")
