"""keep earlier minutes

Minutes may come after the session was recorded, or in a better version: what stood before stays with the session.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "working_session",
        sa.Column(
            "earlier_minutes",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=False,
            server_default=sa.text("'[]'"),
        ),
    )
    op.alter_column("working_session", "earlier_minutes", server_default=None)


def downgrade() -> None:
    op.drop_column("working_session", "earlier_minutes")
