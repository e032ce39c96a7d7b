"""hand over roles

Transfers of what ended bodies held, with their candidates and the word of each side; until when such a body reads; why
a recommendation ended and from which one it was divided.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_transfer()
    _create_candidate()
    _create_confirmation()
    op.add_column("body", sa.Column("readable_until", sa.Date(), nullable=True))
    op.add_column(
        "recommendation",
        sa.Column(
            "because",
            sa.Enum("divided", name="because", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
    )
    op.add_column("recommendation", sa.Column("divided_from_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_recommendation_divided",
        "recommendation",
        ["addressee_id"],
        unique=False,
        postgresql_where=sa.text("divided_from_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_recommendation_divided_from_id"), "recommendation", "recommendation", ["divided_from_id"], ["id"]
    )


def _create_transfer() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "subject_type",
            sa.Enum(
                "campaign_lead",
                "issuer",
                "partner",
                "supervised",
                "addressee",
                "verifier",
                "petition_holder",
                "agreement_party",
                name="subject_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("from_body_id", sa.Uuid(), nullable=False),
        sa.Column("lead_body_id", sa.Uuid(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("two_sided", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "half_confirmed",
                "confirmed",
                "rejected",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["lineage_event.id"], name=op.f("fk_transfer_event_id")),
        sa.ForeignKeyConstraint(["from_body_id"], ["body.id"], name=op.f("fk_transfer_from_body_id")),
        sa.ForeignKeyConstraint(["lead_body_id"], ["body.id"], name=op.f("fk_transfer_lead_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint(
            "event_id",
            "subject_type",
            "subject_id",
            "from_body_id",
            name=op.f("uq_transfer_event_id_subject_type_subject_id_from_body_id"),
        ),
    )
    op.create_index("ix_transfer_from_body_id_state", "transfer", ["from_body_id", "state"], unique=False)
    op.create_index("ix_transfer_lead_body_id_id", "transfer", ["lead_body_id", "id"], unique=False)
    op.create_index("ix_transfer_subject_id", "transfer", ["subject_id"], unique=False)


def _create_candidate() -> None:
    op.create_table(
        "transfer_candidate",
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_transfer_candidate_body_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_candidate_transfer_id")),
        sa.PrimaryKeyConstraint("transfer_id", "body_id", name=op.f("pk_transfer_candidate")),
    )
    op.create_index(op.f("ix_transfer_candidate_body_id"), "transfer_candidate", ["body_id"], unique=False)


def _create_confirmation() -> None:
    op.create_table(
        "transfer_confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "lead", "successor", "registrar", name="side", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("to_body_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("decided_by_document_id", sa.Uuid(), nullable=False),
        sa.Column(
            "clock",
            sa.Enum("keep", "restart", name="clock", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_transfer_confirmation_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_transfer_confirmation_body_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_document_id"], ["document.id"], name=op.f("fk_transfer_confirmation_decided_by_document_id")
        ),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_confirmation_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_confirmation")),
        sa.UniqueConstraint("transfer_id", "side", name=op.f("uq_transfer_confirmation_transfer_id_side")),
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_recommendation_divided_from_id"), "recommendation", type_="foreignkey")
    op.drop_index(
        "ix_recommendation_divided",
        table_name="recommendation",
        postgresql_where=sa.text("divided_from_id IS NOT NULL"),
    )
    op.drop_column("recommendation", "divided_from_id")
    op.drop_column("recommendation", "because")
    op.drop_column("body", "readable_until")
    op.drop_table("transfer_confirmation")
    op.drop_index(op.f("ix_transfer_candidate_body_id"), table_name="transfer_candidate")
    op.drop_table("transfer_candidate")
    op.drop_index("ix_transfer_subject_id", table_name="transfer")
    op.drop_index("ix_transfer_lead_body_id_id", table_name="transfer")
    op.drop_index("ix_transfer_from_body_id_state", table_name="transfer")
    op.drop_table("transfer")
