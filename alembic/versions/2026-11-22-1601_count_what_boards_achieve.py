"""count what boards achieve

The figures of supervisions through grassroots boards, each on its day, and the programmes and projects of areas.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

CASES = ("violations", "cases_recommended", "legal_shortcomings")
MONEY = ("money_recovered", "settlement_reduced", "money_otherwise_handled")
LAND = ("land_recovered", "land_otherwise_handled")


def upgrade() -> None:
    _create_board_result()
    _create_project_count()


def _create_board_result() -> None:
    op.create_table(
        "board_result",
        *_entity(),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in CASES),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in MONEY),
        *(sa.Column(name, sa.Numeric(14, 2), nullable=False) for name in LAND),
        sa.Column("note", sa.String(5000), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("recorded", "withdrawn", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_board_result_{name}_id"))
            for name in ("campaign", "board", "document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_result")),
    )
    op.create_index(op.f("ix_board_result_campaign_id"), "board_result", ["campaign_id"])
    op.create_index("ix_board_result_board_id_occurred_on", "board_result", ["board_id", "occurred_on"])


def _create_project_count() -> None:
    op.create_table(
        "project_count",
        *_entity(),
        sa.Column("front_body_id", sa.Uuid(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("projects", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(5000), nullable=True),
        sa.ForeignKeyConstraint(["front_body_id"], ["body.id"], name=op.f("fk_project_count_front_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_count")),
        sa.UniqueConstraint("front_body_id", "counted_on", name=op.f("uq_project_count_front_body_id_counted_on")),
    )


def _entity() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def downgrade() -> None:
    op.drop_table("project_count")
    op.drop_table("board_result")
