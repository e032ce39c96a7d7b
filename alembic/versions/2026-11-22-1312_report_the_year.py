"""report the year

Reporting periods with the figures of their closing; the moment from which conclusions and matrices are public, and the
opinions left out of a matrix; that the parties of an agreement were told of its end.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_reporting_period()
    _create_reporting_line()
    for table in ("report", "draft"):
        op.add_column(table, sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_report_published", "report", ["id"], postgresql_where=sa.text("state = 'published'"))
    op.create_index("ix_draft_published", "draft", ["id"], postgresql_where=sa.text("published_on IS NOT NULL"))
    op.add_column("opinion", sa.Column("redacted", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("agreement", sa.Column("expiry_told_on", sa.Date(), nullable=True))


def _create_reporting_period() -> None:
    op.create_table(
        "reporting_period",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_reporting_period_reporting_period_state")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_reporting_period_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_period")),
    )
    op.create_index("ix_reporting_period_body_id_period_from", "reporting_period", ["body_id", "period_from"])


def _create_reporting_line() -> None:
    op.create_table(
        "reporting_line",
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("of_period_id", sa.Uuid(), nullable=False),
        sa.Column("figure", sa.String(64), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("record_type", sa.String(32), nullable=False),
        sa.Column("amount", sa.Numeric(20, 2), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["reporting_period.id"], name=op.f("fk_reporting_line_period_id")),
        sa.ForeignKeyConstraint(["of_period_id"], ["reporting_period.id"], name=op.f("fk_reporting_line_of_period_id")),
        sa.PrimaryKeyConstraint("period_id", "of_period_id", "figure", "record_id", name=op.f("pk_reporting_line")),
    )
    op.create_index("ix_reporting_line_of_period_id", "reporting_line", ["of_period_id"])
    op.execute(
        "CREATE TRIGGER reporting_line_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reporting_line "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_column("agreement", "expiry_told_on")
    op.drop_column("opinion", "redacted")
    op.drop_index("ix_draft_published", "draft")
    op.drop_index("ix_report_published", "report")
    for table in ("draft", "report"):
        op.drop_column(table, "publish_at")
    op.drop_table("reporting_line")
    op.drop_table("reporting_period")
