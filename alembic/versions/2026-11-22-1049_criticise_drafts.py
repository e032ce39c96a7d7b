"""criticise drafts

Drafts under social criticism with versions, rounds, sessions, assignments and reminders; opinions on their clauses.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_draft()
    _create_draft_assignment()
    _create_draft_reminder()
    _create_draft_session()
    _create_draft_version()
    _create_draft_round()
    _create_opinion()


def _create_draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(1000), nullable=False),
        sa.Column("drafting_body_id", sa.Uuid(), nullable=False),
        sa.Column("issuing_body_id", sa.Uuid(), nullable=True),
        sa.Column("issuing_authority", sa.String(300), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("submission_on", sa.Date(), nullable=True),
        sa.Column("send_due_on", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("document_issued_on", sa.Date(), nullable=True),
        sa.Column("criticism_document_id", sa.Uuid(), nullable=True),
        sa.Column("reply_document_id", sa.Uuid(), nullable=True),
        sa.Column("final_document_id", sa.Uuid(), nullable=True),
        sa.Column("promulgated_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "issuing_body_id IS NOT NULL OR issuing_authority IS NOT NULL", name=op.f("ck_draft_has_issuer")
        ),
        sa.CheckConstraint(
            "state IN ('draft_received', 'opinions_open', 'session_held', 'document_issued', 'replied', 'promulgated', "
            "'closed', 'abandoned')",
            name=op.f("ck_draft_state"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_draft_campaign_id")),
        sa.ForeignKeyConstraint(
            ["criticism_document_id"], ["document.id"], name=op.f("fk_draft_criticism_document_id")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_draft_document_id")),
        sa.ForeignKeyConstraint(["drafting_body_id"], ["body.id"], name=op.f("fk_draft_drafting_body_id")),
        sa.ForeignKeyConstraint(["final_document_id"], ["document.id"], name=op.f("fk_draft_final_document_id")),
        sa.ForeignKeyConstraint(["issuing_body_id"], ["body.id"], name=op.f("fk_draft_issuing_body_id")),
        sa.ForeignKeyConstraint(["reply_document_id"], ["document.id"], name=op.f("fk_draft_reply_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_campaign_id"), "draft", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_draft_drafting_body_id"), "draft", ["drafting_body_id"], unique=False)
    op.create_index(
        "ix_draft_search",
        "draft",
        [sa.literal_column("to_tsvector('simple'::regconfig, fold(coalesce(title, '')))")],
        unique=False,
        postgresql_using="gin",
    )


def _create_draft_assignment() -> None:
    op.create_table(
        "draft_assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("person", postgresql.JSONB(), nullable=True),
        sa.Column("task", sa.String(2000), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("recused_on", sa.Date(), nullable=True),
        sa.Column("recusal_reason", sa.String(2000), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_assignment_account_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_draft_assignment_body_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_assignment_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_assignment")),
    )
    op.create_index(op.f("ix_draft_assignment_account_id"), "draft_assignment", ["account_id"], unique=False)
    op.create_index(op.f("ix_draft_assignment_body_id"), "draft_assignment", ["body_id"], unique=False)
    op.create_index(op.f("ix_draft_assignment_draft_id"), "draft_assignment", ["draft_id"], unique=False)


def _create_draft_reminder() -> None:
    op.create_table(
        "draft_reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(2000), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_draft_reminder_document_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_reminder_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_reminder")),
    )
    op.create_index(op.f("ix_draft_reminder_draft_id"), "draft_reminder", ["draft_id"], unique=False)


def _create_draft_session() -> None:
    op.create_table(
        "draft_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(500), nullable=True),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column("attendance", postgresql.JSONB(), nullable=False),
        sa.Column("minutes", sa.String(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_draft_session_document_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_session_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_session")),
    )
    op.create_index(op.f("ix_draft_session_draft_id"), "draft_session", ["draft_id"], unique=False)


def _create_draft_version() -> None:
    op.create_table(
        "draft_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("articles", postgresql.JSONB(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_version_account_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_draft_version_document_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_version_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_version")),
        sa.UniqueConstraint("draft_id", "number", name=op.f("uq_draft_version_draft_id_number")),
    )


def _create_draft_round() -> None:
    op.create_table(
        "draft_round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_round_draft_id")),
        sa.ForeignKeyConstraint(["version_id"], ["draft_version.id"], name=op.f("fk_draft_round_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_round")),
        sa.UniqueConstraint("draft_id", "number", name=op.f("uq_draft_round_draft_id_number")),
    )


def _create_opinion() -> None:
    op.create_table(
        "opinion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("round_number", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("author_body_id", sa.Uuid(), nullable=False),
        sa.Column("author_person", postgresql.JSONB(), nullable=True),
        sa.Column("article", sa.String(6), nullable=True),
        sa.Column("clause", sa.String(5), nullable=True),
        sa.Column("point", sa.String(5), nullable=True),
        sa.Column("written_at", sa.String(60), nullable=False),
        sa.Column("anchor_state", sa.String(32), nullable=False),
        sa.Column("criterion", sa.String(32), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("proposal", sa.String(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("late_accepted_by", postgresql.JSONB(), nullable=True),
        sa.Column("answer_kind", sa.String(32), nullable=True),
        sa.Column("answer_text", sa.String(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by_body_id", sa.Uuid(), nullable=True),
        sa.Column("answer_on_behalf", postgresql.JSONB(), nullable=True),
        sa.Column("taken_in", sa.Boolean(), nullable=True),
        sa.Column("final_clause", sa.String(300), nullable=True),
        sa.CheckConstraint("anchor_state IN ('anchored', 'carried', 'orphaned')", name=op.f("ck_opinion_anchor_state")),
        sa.CheckConstraint(
            "criterion IN ('necessity', 'conformity', 'feasibility', 'impact', 'balance_of_interests')",
            name=op.f("ck_opinion_criterion"),
        ),
        sa.CheckConstraint(
            "answer_kind IN ('accepted', 'partly_accepted', 'explained')", name=op.f("ck_opinion_answer_kind")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_opinion_account_id")),
        sa.ForeignKeyConstraint(["answered_by_body_id"], ["body.id"], name=op.f("fk_opinion_answered_by_body_id")),
        sa.ForeignKeyConstraint(["assignment_id"], ["draft_assignment.id"], name=op.f("fk_opinion_assignment_id")),
        sa.ForeignKeyConstraint(["author_body_id"], ["body.id"], name=op.f("fk_opinion_author_body_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_opinion_campaign_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_opinion_draft_id")),
        sa.ForeignKeyConstraint(["version_id"], ["draft_version.id"], name=op.f("fk_opinion_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
    )
    op.create_index("ix_opinion_assignment_id", "opinion", ["assignment_id"], unique=False)
    op.create_index(op.f("ix_opinion_campaign_id"), "opinion", ["campaign_id"], unique=False)
    op.create_index("ix_opinion_draft_id_id", "opinion", ["draft_id", "id"], unique=False)


def downgrade() -> None:
    for table in (
        "opinion",
        "draft_round",
        "draft_version",
        "draft_session",
        "draft_reminder",
        "draft_assignment",
        "draft",
    ):
        op.drop_table(table)
