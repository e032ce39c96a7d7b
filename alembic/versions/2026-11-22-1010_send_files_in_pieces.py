"""send files in pieces

Files may be quarantined, say what was found in them, and keep where a photo was taken.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attachment", sa.Column("keep_location", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("attachment", "keep_location", server_default=None)
    op.add_column("attachment", sa.Column("threat", sa.String(200), nullable=True))
    _allow("'pending', 'stored', 'quarantined'")
    op.create_index("ix_attachment_unscanned", "attachment", ["id"], postgresql_where=sa.text("state = 'quarantined'"))


def downgrade() -> None:
    op.drop_index("ix_attachment_unscanned", "attachment")
    op.execute("UPDATE attachment SET state = 'stored' WHERE state = 'quarantined'")
    _allow("'pending', 'stored'")
    op.drop_column("attachment", "threat")
    op.drop_column("attachment", "keep_location")


def _allow(states: str) -> None:
    op.drop_constraint(op.f("ck_attachment_state"), "attachment", type_="check")
    op.create_check_constraint(op.f("ck_attachment_state"), "attachment", f"state IN ({states})")
