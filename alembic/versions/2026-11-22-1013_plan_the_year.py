"""plan the year

Yearly plans with their items, the agreement of counterparts and the papers before them; campaigns carry out items.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_plan()
    _create_plan_approval()
    _create_plan_concurrence()
    _create_plan_item()
    _create_plan_item_partner()
    _create_plan_item_supervised()
    _name_the_item()


def _create_plan() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "consulting", "issued", name="plan_state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("issued_edition", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_plan_body_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_plan_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("body_id", "year", name=op.f("uq_plan_body_id_year")),
    )
    op.create_index(op.f("ix_plan_year"), "plan", ["year"])


def _create_plan_approval() -> None:
    op.create_table(
        "plan_approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "proposal",
                "party_approval",
                "notice",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("note", sa.String(2000), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_plan_approval_document_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_approval_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_approval")),
        sa.UniqueConstraint("plan_id", "edition", "step", name=op.f("uq_plan_approval_plan_id_edition_step")),
    )


def _create_plan_concurrence() -> None:
    op.create_table(
        "plan_concurrence",
        sa.Column(
            "outcome",
            sa.Enum("concurred", "refused", name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(5000), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer_text", sa.String(5000), nullable=True),
        sa.Column("answer_document_id", sa.Uuid(), nullable=True),
        sa.Column("answer_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_document_id"], ["document.id"], name=op.f("fk_plan_concurrence_answer_document_id")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_plan_concurrence_body_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_plan_concurrence_document_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_concurrence_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_concurrence")),
        sa.UniqueConstraint("plan_id", "edition", "body_id", name=op.f("uq_plan_concurrence_plan_id_edition_body_id")),
    )
    op.create_index(op.f("ix_plan_concurrence_body_id"), "plan_concurrence", ["body_id"])


def _create_plan_item() -> None:
    op.create_table(
        "plan_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "supervision", "social_criticism", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "regime",
            sa.Enum(
                "front",
                "party",
                "state",
                "grassroots",
                name="regime",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum(
                "document_study",
                "delegation",
                "grassroots_board",
                "state_participation",
                "conference",
                "written",
                "dialogue",
                name="form",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "ground",
            sa.Enum(
                "coordination_programme",
                "supervision_programme",
                "member_proposal",
                "complaints",
                "media",
                "criticism_programme",
                "lawmaking_programme",
                "criticism_proposal",
                "drafting_request",
                "programme",
                "assignment",
                "signs",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("content", sa.String(1000), nullable=False),
        sa.Column("time_from", sa.Date(), nullable=True),
        sa.Column("time_to", sa.Date(), nullable=True),
        sa.Column("subject", sa.String(1000), nullable=True),
        sa.Column("object", sa.String(1000), nullable=True),
        sa.Column("issued", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_item_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_item")),
    )
    op.create_index(
        "ix_plan_item_issued_search",
        "plan_item",
        [sa.literal_column("to_tsvector('simple'::regconfig, fold(coalesce(issued ->> 'content', '')))")],
        postgresql_using="gin",
    )
    op.create_index(op.f("ix_plan_item_plan_id"), "plan_item", ["plan_id"])
    op.create_index(
        "ix_plan_item_search",
        "plan_item",
        [sa.literal_column("to_tsvector('simple'::regconfig, fold(coalesce(content, '')))")],
        postgresql_using="gin",
    )


def _create_plan_item_partner() -> None:
    op.create_table(
        "plan_item_partner",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_plan_item_partner_body_id")),
        sa.ForeignKeyConstraint(["item_id"], ["plan_item.id"], name=op.f("fk_plan_item_partner_item_id")),
        sa.PrimaryKeyConstraint("item_id", "body_id", name=op.f("pk_plan_item_partner")),
    )
    op.create_index(op.f("ix_plan_item_partner_body_id"), "plan_item_partner", ["body_id"])


def _create_plan_item_supervised() -> None:
    op.create_table(
        "plan_item_supervised",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_plan_item_supervised_body_id")),
        sa.ForeignKeyConstraint(["item_id"], ["plan_item.id"], name=op.f("fk_plan_item_supervised_item_id")),
        sa.PrimaryKeyConstraint("item_id", "body_id", name=op.f("pk_plan_item_supervised")),
    )
    op.create_index(op.f("ix_plan_item_supervised_body_id"), "plan_item_supervised", ["body_id"])


def _name_the_item() -> None:
    op.add_column("campaign", sa.Column("plan_item_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_campaign_plan_item_id"), "campaign", ["plan_item_id"])
    op.create_foreign_key(op.f("fk_campaign_plan_item_id"), "campaign", "plan_item", ["plan_item_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_campaign_plan_item_id"), "campaign", type_="foreignkey")
    op.drop_index(op.f("ix_campaign_plan_item_id"), table_name="campaign")
    op.drop_column("campaign", "plan_item_id")
    tables = ("plan_item_supervised", "plan_item_partner", "plan_item", "plan_concurrence", "plan_approval", "plan")
    for table in tables:
        op.drop_table(table)
