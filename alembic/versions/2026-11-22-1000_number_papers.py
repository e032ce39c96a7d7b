"""number papers

Books of numbers, and the numbers taken from them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "number_book",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.String(32), nullable=False),
        sa.Column("style", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=True),
        sa.Column("series", sa.String(50), nullable=False),
        sa.Column("organ", sa.String(60), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("direction IN ('outgoing', 'incoming')", name=op.f("ck_number_book_direction")),
        sa.CheckConstraint("style IN ('state', 'party')", name=op.f("ck_number_book_style")),
        sa.CheckConstraint("period_from <= period_to", name=op.f("ck_number_book_period")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_number_book_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_book")),
        sa.UniqueConstraint(
            "body_id",
            "direction",
            "kind",
            "series",
            "period_from",
            name="uq_number_book_count",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "document_number",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number_book_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("registered_late", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=True),
        sa.CheckConstraint("state IN ('reserved', 'used', 'voided')", name=op.f("ck_document_number_state")),
        sa.ForeignKeyConstraint(["number_book_id"], ["number_book.id"], name=op.f("fk_document_number_number_book_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_number_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_number")),
        sa.UniqueConstraint("number_book_id", "number", name=op.f("uq_document_number_number_book_id_number")),
    )
    op.create_index(
        "uq_document_number_document_id",
        "document_number",
        ["document_id"],
        unique=True,
        postgresql_where=sa.text("document_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("document_number")
    op.drop_table("number_book")
