"""take in tables

Files of rows to be taken in: the file, its rows as they were read, what is wrong with them; and by which key of its own
a body imported which record. Names of bodies are found by their folded spelling.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

KINDS = ("bodies", "accounts", "plan_items", "findings", "recommendations")
STATES = ("queued", "running", "checked", "faulty", "done", "failed", "cancelled")
NAMES = ("name", "short_name", "symbol")


def upgrade() -> None:
    _create_import()
    _create_rows()
    _create_faults()
    _create_keys()
    for it in NAMES:
        op.create_index(f"ix_body_name_{it}_search", "body_name", [sa.text(f"fold({it})")])


def _create_import() -> None:
    op.create_table(
        "import",
        *_row(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("kind", *KINDS), nullable=False),
        sa.Column("mode", _words("mode", "dry_run", "apply"), nullable=False),
        sa.Column("format", _words("format", "xlsx", "csv"), nullable=False),
        sa.Column("state", _words("state", *STATES), nullable=False),
        *(sa.Column(it, _json(), nullable=False) for it in ("mapping", "defaults")),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("columns", _json(), nullable=False),
        *(sa.Column(it, sa.Integer(), nullable=True) for it in ("header_row", "rows_total")),
        *(
            sa.Column(it, sa.Integer(), nullable=False)
            for it in ("rows_done", "created", "updated", "unchanged", "faulty", "errors_total")
        ),
        sa.Column("problem", sa.String(64), nullable=True),
        sa.Column("links_shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_import_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_import_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    op.create_index("ix_import_account_id_id", "import", ["account_id", "id"])
    op.create_index(op.f("ix_import_state"), "import", ["state"])
    op.create_index(op.f("ix_import_expires_on"), "import", ["expires_on"])


def _create_rows() -> None:
    op.create_table(
        "import_row",
        *_row(),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("cells", _json(), nullable=False),
        sa.Column("key", sa.String(100), nullable=True),
        sa.Column("outcome", _words("outcome", "created", "updated", "unchanged", "faulty"), nullable=True),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        _of_import("import_row"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("import_id", "row", name=op.f("uq_import_row_import_id_row")),
    )
    op.create_index("ix_import_row_import_id_id", "import_row", ["import_id", "id"])


def _create_faults() -> None:
    op.create_table(
        "import_fault",
        *_row(),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(300), nullable=True),
        sa.Column("field", sa.String(32), nullable=True),
        sa.Column("value", sa.String(200), nullable=True),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("vi", sa.String(), nullable=False),
        sa.Column("en", sa.String(), nullable=False),
        _of_import("import_fault"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_fault")),
    )
    op.create_index("ix_import_fault_import_id_id", "import_fault", ["import_id", "id"])


def _create_keys() -> None:
    op.create_table(
        "external_key",
        *_row(),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("kind", *KINDS), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_external_key_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_key")),
        sa.UniqueConstraint("body_id", "kind", "key", name=op.f("uq_external_key_body_id_kind_key")),
    )
    op.create_index(op.f("ix_external_key_record_id"), "external_key", ["record_id"])


def _row() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )


def _of_import(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f(f"fk_{table}_import_id"), ondelete="CASCADE")


def _json() -> postgresql.JSONB:
    return postgresql.JSONB(none_as_null=True, astext_type=sa.Text())


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def downgrade() -> None:
    for it in NAMES:
        op.drop_index(f"ix_body_name_{it}_search", "body_name")
    for table in ("external_key", "import_fault", "import_row", "import"):
        op.drop_table(table)
