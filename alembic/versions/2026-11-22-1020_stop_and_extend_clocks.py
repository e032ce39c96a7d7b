"""stop and extend clocks

More time for a recommendation, days that do not count, papers that came in for it, and the history of its dates.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_due_change()
    _create_extension()
    _create_incoming_reply()
    _create_pause()
    op.add_column("deadline", sa.Column("paused_since", sa.Date(), nullable=True))
    op.add_column("recommendation", sa.Column("paused_since", sa.Date(), nullable=True))


def _create_due_change() -> None:
    op.create_table(
        "due_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "clock",
            sa.Enum(
                "reply", "completion", name="follow_up_clock", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("was_due_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "because",
            sa.Enum(
                "extension",
                "pause",
                "calendar",
                "amendment",
                "return",
                "dispute",
                "reopening",
                "transfer",
                name="because",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_due_change_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_change")),
    )
    op.create_index("ix_due_change_recommendation_id_id", "due_change", ["recommendation_id", "id"])


def _create_extension() -> None:
    op.create_table(
        "extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "clock",
            sa.Enum(
                "reply", "completion", name="follow_up_clock", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("was_due_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(5000), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("on_behalf", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "granted",
                "refused",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("granted_until", sa.Date(), nullable=True),
        sa.Column("decision_reason", sa.String(5000), nullable=True),
        sa.Column("decision_document_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_extension_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_extension_body_id")),
        sa.ForeignKeyConstraint(
            ["decision_document_id"], ["document.id"], name=op.f("fk_extension_decision_document_id")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_extension_document_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_extension_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_index("ix_extension_recommendation_id_id", "extension", ["recommendation_id", "id"])
    op.create_index(
        "ix_extension_requested", "extension", ["recommendation_id"], postgresql_where=sa.text("state = 'requested'")
    )


def _create_incoming_reply() -> None:
    op.create_table(
        "incoming_reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(5000), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "classified",
                "not_a_reply",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "accepted",
                "partly_accepted",
                "explained",
                name="answer_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("explanation", sa.String(10000), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision_reason", sa.String(5000), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_incoming_reply_account_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_incoming_reply_document_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_incoming_reply_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_reply")),
    )
    op.create_index(
        "ix_incoming_reply_received",
        "incoming_reply",
        ["recommendation_id"],
        postgresql_where=sa.text("state = 'received'"),
    )
    op.create_index("ix_incoming_reply_recommendation_id_id", "incoming_reply", ["recommendation_id", "id"])


def _create_pause() -> None:
    op.create_table(
        "pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "force_majeure",
                "objective_obstacle",
                "awaiting_superior",
                "awaiting_regulation",
                "proceedings",
                "reorganisation",
                "campaign_suspended",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(5000), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("running", "ended", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_pause_account_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_pause_campaign_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_pause_document_id")),
        sa.ForeignKeyConstraint(["recommendation_id"], ["recommendation.id"], name=op.f("fk_pause_recommendation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    op.create_index(
        "ix_pause_campaign_id", "pause", ["campaign_id"], postgresql_where=sa.text("campaign_id IS NOT NULL")
    )
    op.create_index("ix_pause_recommendation_id_id", "pause", ["recommendation_id", "id"])


def downgrade() -> None:
    op.drop_column("recommendation", "paused_since")
    op.drop_column("deadline", "paused_since")
    op.drop_table("pause")
    op.drop_table("incoming_reply")
    op.drop_table("extension")
    op.drop_table("due_change")
