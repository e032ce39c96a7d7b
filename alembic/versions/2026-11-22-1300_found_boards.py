"""found boards

Grassroots boards with their members, papers and confirmations; what the forms of supervision without a delegation keep:
the board and its plan, the host and the nominated, minutes and opinions; the minority report.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

REPORTS = ("self_report", "result_report", "notice", "conclusion", "criticism")


def upgrade() -> None:
    _create_board()
    _create_board_member()
    _create_board_paper()
    _create_campaign_board()
    _create_campaign_participation()
    _create_nomination()
    _create_campaign_record()
    _create_board_confirmation()
    _allow_reports(*REPORTS, "minority_report")


def _create_board() -> None:
    op.create_table(
        "board",
        *_entity(),
        sa.Column("kind", _words("kind", "ptib", "cisb"), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("front_body_id", sa.Uuid(), nullable=False),
        sa.Column("place_code", sa.String(), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("founding_document_id", sa.Uuid(), nullable=True),
        sa.Column("term_from", sa.Date(), nullable=True),
        sa.Column("term_to", sa.Date(), nullable=True),
        sa.Column("project_name", sa.String(500), nullable=True),
        sa.Column("project_owner", sa.String(300), nullable=True),
        sa.Column("project_owner_body_id", sa.Uuid(), nullable=True),
        sa.Column("project_starts_on", sa.Date(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmation_document_id", sa.Uuid(), nullable=True),
        sa.Column("dissolved_on", sa.Date(), nullable=True),
        sa.Column(
            "state", _words("state", "founding", "submitted", "confirmed", "dissolved", "withdrawn"), nullable=False
        ),
        *_references(
            "board",
            body_id="body",
            front_body_id="body",
            founding_document_id="document",
            project_owner_body_id="body",
            confirmation_document_id="document",
        ),
        sa.ForeignKeyConstraint(["place_code"], ["place.code"], name=op.f("fk_board_place_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board")),
    )
    for name in ("body_id", "front_body_id", "place_code", "project_owner_body_id", "confirmed_on", "state"):
        op.create_index(op.f(f"ix_board_{name}"), "board", [name])
    op.create_index(
        "uq_board_body_id_in_office",
        "board",
        ["body_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('founding', 'submitted', 'confirmed')"),
    )


def _create_board_member() -> None:
    op.create_table(
        "board_member",
        *_row(),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("title", sa.String(300), nullable=True),
        sa.Column("duty", _words("duty", "head", "deputy_head", "member"), nullable=False),
        sa.Column("stands_for", _words("stands_for", "village", "front", "ptib", "residents"), nullable=False),
        sa.Column("residence", sa.String(300), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(2000), nullable=True),
        *_references("board_member", board_id="board"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_member")),
    )
    op.create_index(op.f("ix_board_member_board_id"), "board_member", ["board_id"])


def _create_board_paper() -> None:
    op.create_table(
        "board_paper",
        *_row(),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("kind", "plan", "report", "owner_notice"), nullable=False),
        sa.Column("period", _words("period", "quarter", "half_year", "year", "term", "ad_hoc"), nullable=True),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(5000), nullable=True),
        *_references("board_paper", board_id="board", document_id="document"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_paper")),
    )
    op.create_index("ix_board_paper_board_id_id", "board_paper", ["board_id", "id"])


def _create_campaign_board() -> None:
    op.create_table(
        "campaign_board",
        *_row(),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("plan_document_id", sa.Uuid(), nullable=True),
        sa.Column("plan_sent_on", sa.Date(), nullable=True),
        sa.Column("plan_sent_to", postgresql.ARRAY(sa.Uuid()), nullable=False),
        *_references("campaign_board", campaign_id="campaign", board_id="board", plan_document_id="document"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_board")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_campaign_board_campaign_id")),
    )
    op.create_index(op.f("ix_campaign_board_board_id"), "campaign_board", ["board_id"])


def _create_campaign_participation() -> None:
    op.create_table(
        "campaign_participation",
        *_row(),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("host_body_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.String(1000), nullable=True),
        sa.Column("invitation_document_id", sa.Uuid(), nullable=True),
        *_references(
            "campaign_participation", campaign_id="campaign", host_body_id="body", invitation_document_id="document"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_participation")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_campaign_participation_campaign_id")),
    )
    op.create_index(op.f("ix_campaign_participation_host_body_id"), "campaign_participation", ["host_body_id"])


def _create_nomination() -> None:
    op.create_table(
        "nomination",
        *_row(),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("nominated_on", sa.Date(), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        *_references(
            "nomination",
            campaign_id="campaign",
            body_id="body",
            document_id="document",
            replaces_id="nomination",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_nomination_replaces_id")),
    )
    op.create_index(op.f("ix_nomination_campaign_id"), "nomination", ["campaign_id"])


def _create_campaign_record() -> None:
    op.create_table(
        "campaign_record",
        *_row(),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _words("kind", "minutes", "opinion"), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(500), nullable=True),
        sa.Column("author_name", sa.String(200), nullable=False),
        sa.Column("author_title", sa.String(300), nullable=True),
        sa.Column("author_body_id", sa.Uuid(), nullable=True),
        sa.Column("nomination_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(20_000), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("asks", sa.String(5000), nullable=True),
        *_references(
            "campaign_record",
            campaign_id="campaign",
            author_body_id="body",
            nomination_id="nomination",
            document_id="document",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_record")),
    )
    op.create_index("ix_campaign_record_campaign_id_id", "campaign_record", ["campaign_id", "id"])
    op.create_index(op.f("ix_campaign_record_nomination_id"), "campaign_record", ["nomination_id"])


def _create_board_confirmation() -> None:
    op.create_table(
        "board_confirmation",
        *_row(),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("recommendation_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_version", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(5000), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        *_references(
            "board_confirmation",
            board_id="board",
            record_id="campaign_record",
            recommendation_id="recommendation",
            document_id="document",
            account_id="account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_confirmation")),
        sa.UniqueConstraint("record_id", name=op.f("uq_board_confirmation_record_id")),
        sa.UniqueConstraint(
            "recommendation_id",
            "confirmed_version",
            name=op.f("uq_board_confirmation_recommendation_id_confirmed_version"),
        ),
    )
    op.create_index(op.f("ix_board_confirmation_board_id"), "board_confirmation", ["board_id"])


def _row() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _entity() -> list[sa.Column]:
    return [*_row(), sa.Column("version", sa.Integer(), nullable=False)]


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _references(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in targets.items()
    ]


def _allow_reports(*kinds: str) -> None:
    named = ", ".join(f"'{it}'" for it in kinds)
    op.drop_constraint(op.f("ck_report_kind"), "report", type_="check")
    op.create_check_constraint(op.f("ck_report_kind"), "report", f"kind IN ({named})")


def downgrade() -> None:
    op.execute("DELETE FROM report WHERE kind = 'minority_report'")
    _allow_reports(*REPORTS)
    op.drop_table("board_confirmation")
    op.drop_table("campaign_record")
    op.drop_table("nomination")
    op.drop_table("campaign_participation")
    op.drop_table("campaign_board")
    op.drop_table("board_paper")
    op.drop_table("board_member")
    op.drop_table("board")
