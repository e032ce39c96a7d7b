"""keep petitions

Petitions and their forwards, who sent them in a table of its own, and who asked for that.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_petition()
    _create_identity_disclosure()
    _create_petition_forward()
    _create_petition_identity()


def _create_petition() -> None:
    op.create_table(
        "petition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lead_body_id", sa.Uuid(), nullable=False),
        sa.Column("holder_body_id", sa.Uuid(), nullable=False),
        sa.Column("about_body_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("content", sa.String(50000), nullable=True),
        sa.Column("topic", sa.String(200), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "paper",
                "in_person",
                "phone",
                "online",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "complaint",
                "denunciation",
                "reflection",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(20000), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("informed_on", sa.Date(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "classified",
                "forwarded",
                "answered",
                "informed",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["about_body_id"], ["body.id"], name=op.f("fk_petition_about_body_id")),
        sa.ForeignKeyConstraint(["holder_body_id"], ["body.id"], name=op.f("fk_petition_holder_body_id")),
        sa.ForeignKeyConstraint(["lead_body_id"], ["body.id"], name=op.f("fk_petition_lead_body_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["petition.id"], name=op.f("fk_petition_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition")),
    )
    op.create_index(op.f("ix_petition_about_body_id"), "petition", ["about_body_id"])
    op.create_index(op.f("ix_petition_holder_body_id"), "petition", ["holder_body_id"])
    op.create_index("ix_petition_lead_body_id_received_on", "petition", ["lead_body_id", "received_on"])
    op.create_index(op.f("ix_petition_merged_into_id"), "petition", ["merged_into_id"])
    op.create_index(
        "ix_petition_search",
        "petition",
        [sa.literal_column("to_tsvector('simple'::regconfig, fold(coalesce(title, '')))")],
        postgresql_using="gin",
    )
    op.create_index(op.f("ix_petition_state"), "petition", ["state"])


def _create_identity_disclosure() -> None:
    op.create_table(
        "identity_disclosure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_identity_disclosure_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_identity_disclosure_body_id")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_identity_disclosure_petition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_disclosure")),
    )
    op.create_index(op.f("ix_identity_disclosure_petition_id"), "identity_disclosure", ["petition_id"])


def _create_petition_forward() -> None:
    op.create_table(
        "petition_forward",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("from_body_id", sa.Uuid(), nullable=False),
        sa.Column("to_body_id", sa.Uuid(), nullable=False),
        sa.Column("forwarded_on", sa.Date(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("with_identity", sa.Boolean(), nullable=False),
        sa.Column("identity_reason", sa.String(2000), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("receipt_document_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_petition_forward_document_id")),
        sa.ForeignKeyConstraint(["from_body_id"], ["body.id"], name=op.f("fk_petition_forward_from_body_id")),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_petition_forward_petition_id")),
        sa.ForeignKeyConstraint(
            ["receipt_document_id"], ["document.id"], name=op.f("fk_petition_forward_receipt_document_id")
        ),
        sa.ForeignKeyConstraint(["to_body_id"], ["body.id"], name=op.f("fk_petition_forward_to_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_forward")),
    )
    op.create_index(
        "ix_petition_forward_from_body_id_forwarded_on", "petition_forward", ["from_body_id", "forwarded_on"]
    )
    op.create_index(op.f("ix_petition_forward_petition_id"), "petition_forward", ["petition_id"])
    op.create_index(op.f("ix_petition_forward_to_body_id"), "petition_forward", ["to_body_id"])


def _create_petition_identity() -> None:
    op.create_table(
        "petition_identity",
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("address", sa.String(500), nullable=True),
        sa.Column("phone", sa.String(50), nullable=True),
        sa.Column("email", sa.String(200), nullable=True),
        sa.Column("note", sa.String(2000), nullable=True),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name=op.f("fk_petition_identity_petition_id")),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_petition_identity")),
    )


def downgrade() -> None:
    op.drop_table("petition_identity")
    op.drop_table("petition_forward")
    op.drop_table("identity_disclosure")
    op.drop_table("petition")
