"""count what boards achieve

The figures of supervisions through grassroots boards, each on its day, and the programmes and projects of areas.

Boards pass to the heir of their Front. The log of changes tells of boards; the nightly clock remembers whom it has told
of the end of a term, and of a paper that did not come in time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

CASES = ("violations", "cases_recommended", "legal_shortcomings")
MONEY = ("money_recovered", "settlement_reduced", "money_otherwise_handled")
LAND = ("land_recovered", "land_otherwise_handled")


ROLES = (
    *("campaign_lead", "issuer", "partner", "supervised", "addressee", "verifier"),
    *("petition_holder", "agreement_party"),
)

ACCESS = "front_body_id body_id confirmed_on place_code project_owner_body_id"
"""When one of these changes, everybody looks at the board again."""

PLACE_CHANGES_ACCESS = """
CREATE FUNCTION place_changes_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change (seq, kind, subject_type, subject_id, version, body_id)
    VALUES (change_seq(), 'reset', 'body', NEW.id, NEW.version, NEW.id);
    PERFORM pg_notify('giamsat_changes', '');
    RETURN NULL;
END $$;
"""
"""A committee knows the boards of its place: at another place it reads anew."""


def upgrade() -> None:
    _create_board_result()
    _create_project_count()
    op.add_column("board", sa.Column("term_told_on", sa.Date(), nullable=True))
    op.add_column("deadline", sa.Column("overdue_told_on", sa.Date(), nullable=True))
    untold = sa.text("met_on IS NULL AND overdue_told_on IS NULL")
    op.create_index("ix_deadline_untold", "deadline", ["rule_code", "due_on"], postgresql_where=untold)
    _tell_of_boards()
    _allow_roles(*ROLES, "board_front")


def _allow_roles(*roles: str) -> None:
    named = ", ".join(f"'{it}'" for it in roles)
    op.drop_constraint(op.f("ck_transfer_subject_type"), "transfer", type_="check")
    op.create_check_constraint(op.f("ck_transfer_subject_type"), "transfer", f"subject_type IN ({named})")


def _tell_of_boards() -> None:
    op.execute(
        "CREATE TRIGGER change_1_kept AFTER INSERT OR UPDATE OR DELETE ON board "
        "FOR EACH ROW EXECUTE FUNCTION keep_change()"
    )
    past, present = (", ".join(f"{side}.{it}" for it in ACCESS.split()) for side in ("OLD", "NEW"))
    op.execute(
        f"CREATE TRIGGER change_3_board AFTER UPDATE ON board FOR EACH ROW "
        f"WHEN (ROW({past}) IS DISTINCT FROM ROW({present})) EXECUTE FUNCTION look_again('board', 'id', '')"
    )
    op.execute(PLACE_CHANGES_ACCESS)
    op.execute(
        "CREATE TRIGGER change_3_place AFTER UPDATE ON body FOR EACH ROW "
        "WHEN (ROW(OLD.place_code, OLD.kind) IS DISTINCT FROM ROW(NEW.place_code, NEW.kind)) "
        "EXECUTE FUNCTION place_changes_access()"
    )
    op.execute(
        "INSERT INTO change (seq, kind, subject_type, subject_id, version) "
        "SELECT change_seq(), 'insert', 'board', id, version FROM board ORDER BY id"
    )


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
    ours = "transfer_id IN (SELECT id FROM transfer WHERE subject_type = 'board_front')"
    for table in ("transfer_confirmation", "transfer_candidate"):
        op.execute(f"DELETE FROM {table} WHERE {ours}")  # noqa: S608
    op.execute("DELETE FROM transfer WHERE subject_type = 'board_front'")
    _allow_roles(*ROLES)
    op.execute("DELETE FROM change WHERE subject_type = 'board'")
    op.execute("DROP FUNCTION place_changes_access() CASCADE")
    op.execute("DROP TRIGGER change_3_board ON board")
    op.execute("DROP TRIGGER change_1_kept ON board")
    op.drop_index("ix_deadline_untold", "deadline")
    op.drop_column("deadline", "overdue_told_on")
    op.drop_column("board", "term_told_on")
    op.drop_table("project_count")
    op.drop_table("board_result")
