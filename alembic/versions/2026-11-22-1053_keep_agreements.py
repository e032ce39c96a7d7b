"""keep agreements

Coordination agreements with their parties, commitments and reviews; campaigns name the one under which they run.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_agreement()
    _create_agreement_party()
    _create_agreement_review()
    _create_commitment()
    op.add_column("campaign", sa.Column("agreement_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_campaign_agreement_id"), "campaign", ["agreement_id"])
    op.create_foreign_key(op.f("fk_campaign_agreement_id"), "campaign", "agreement", ["agreement_id"], ["id"])


def _create_agreement() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("lead_body_id", sa.Uuid(), nullable=False),
        sa.Column("focal_body_id", sa.Uuid(), nullable=True),
        sa.Column("term_from", sa.Date(), nullable=True),
        sa.Column("term_to", sa.Date(), nullable=True),
        sa.Column("content_groups", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("content_groups_stated", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "drafting",
                "signed",
                "in_force",
                "reviewed",
                "ended",
                "succeeded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_agreement_document_id")),
        sa.ForeignKeyConstraint(["focal_body_id"], ["body.id"], name=op.f("fk_agreement_focal_body_id")),
        sa.ForeignKeyConstraint(["lead_body_id"], ["body.id"], name=op.f("fk_agreement_lead_body_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["agreement.id"], name=op.f("fk_agreement_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    op.create_index(op.f("ix_agreement_focal_body_id"), "agreement", ["focal_body_id"])
    op.create_index(op.f("ix_agreement_lead_body_id"), "agreement", ["lead_body_id"])
    op.create_index(
        "ix_agreement_search",
        "agreement",
        [sa.literal_column("to_tsvector('simple'::regconfig, fold(coalesce(title, '')))")],
        postgresql_using="gin",
    )
    op.create_index(op.f("ix_agreement_state"), "agreement", ["state"])
    op.create_index(op.f("ix_agreement_successor_id"), "agreement", ["successor_id"])
    op.create_index("ix_agreement_term_to", "agreement", ["term_to"], postgresql_where=sa.text("successor_id IS NULL"))


def _create_agreement_party() -> None:
    op.create_table(
        "agreement_party",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("signer_name", sa.String(200), nullable=True),
        sa.Column("signer_title", sa.String(300), nullable=True),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_party_agreement_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_agreement_party_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_party")),
        sa.UniqueConstraint("agreement_id", "body_id", name=op.f("uq_agreement_party_agreement_id_body_id")),
    )
    op.create_index(op.f("ix_agreement_party_body_id"), "agreement_party", ["body_id"])


def _create_agreement_review() -> None:
    op.create_table(
        "agreement_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("indicators", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("summary", sa.String(10000), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_review_agreement_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_agreement_review_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_review")),
    )
    op.create_index(op.f("ix_agreement_review_agreement_id"), "agreement_review", ["agreement_id"])


def _create_commitment() -> None:
    op.create_table(
        "commitment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(5000), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("recommendation_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_commitment_agreement_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_commitment_body_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_commitment_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    op.create_index(op.f("ix_commitment_agreement_id"), "commitment", ["agreement_id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_campaign_agreement_id"), "campaign", type_="foreignkey")
    op.drop_index(op.f("ix_campaign_agreement_id"), table_name="campaign")
    op.drop_column("campaign", "agreement_id")
    op.drop_table("commitment")
    op.drop_table("agreement_review")
    op.drop_table("agreement_party")
    op.drop_table("agreement")
