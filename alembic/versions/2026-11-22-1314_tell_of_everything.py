"""tell of everything, and seal the audit

The log of changes covers plans, agreements, briefings, petitions, criticism, what is attached to a recommendation,
papers and their dispatch. What opens a record to somebody, or closes it, opens or closes its parts and the papers it
carries: a line that asks to look again at the one spreads to the others.

Each line of the audit bears the number of its transaction. Lines of transactions that came before every running one
are final, in this order; the worker seals them batch by batch, each seal over the one before it.

The clock reminds of reports of progress, too.
"""

from typing import NamedTuple

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

VERSIONED = (
    "plan",
    "plan_item",
    "agreement",
    "briefing",
    "proposal",
    "petition",
    "draft",
    "draft_assignment",
    "opinion",
    "extension",
    "pause",
    "effectiveness_check",
    "incoming_reply",
    "document",
    "dispatch",
    "dispatch_copy",
)
UNVERSIONED = (
    "plan_concurrence",
    "commitment",
    "agreement_review",
    "briefing_conclusion",
    "petition_forward",
    "draft_version",
    "draft_round",
    "draft_session",
    "draft_reminder",
    "due_change",
    "progress_due",
)
RELATIONS = ("agreement_party", "briefing_participant", "carriage")
"""What decides who sees records, without being one that clients keep."""


class Gate(NamedTuple):
    """When one of these columns of a row changes, the record named by `key` is looked at again.

    By everybody, or by the body that `concerns` names. A row that `relates` does so when it comes or goes, too.
    """

    table: str
    columns: str
    opens: str
    key: str = "id"
    concerns: str = ""
    relates: bool = False

    @property
    def name(self) -> str:
        return f"change_3_{self.opens}"


GATES = (
    Gate("plan", "body_id issued_on edition", "plan"),
    Gate("plan_concurrence", "plan_id body_id edition", "plan", "plan_id", "body_id", relates=True),
    Gate("agreement", "focal_body_id", "agreement"),
    Gate("agreement_party", "agreement_id body_id", "agreement", "agreement_id", "body_id", relates=True),
    Gate("briefing", "chair_body_id scheduled_on", "briefing"),
    Gate("briefing_participant", "briefing_id body_id", "briefing", "briefing_id", "body_id", relates=True),
    Gate("proposal", "briefing_id to_body_id", "briefing", "briefing_id", "to_body_id", relates=True),
    Gate("proposal", "briefing_id to_body_id chair_body_id noted_on closed_on", "proposal"),
    Gate("petition", "lead_body_id holder_body_id", "petition"),
    Gate("petition_forward", "to_body_id with_identity", "petition", "petition_id", "to_body_id", relates=True),
    Gate("draft", "campaign_id drafting_body_id state", "draft"),
    Gate("draft_assignment", "body_id account_id person recused_on", "draft", "draft_id", "body_id", relates=True),
    Gate("finding", "state kind campaign_id engagement_id author_account_id author_body_id", "finding"),
    Gate("report", "state circulated_on issued_on campaign_id engagement_id author_body_id", "report"),
    Gate(
        "recommendation",
        "issued_on issuer_body_id campaign_id addressee_id verifier_body_id engagement_id proposer_body_id "
        "escalated_to_id escalation_level",
        "recommendation",
    ),
    Gate("transfer", "told state lead_body_id from_body_id", "transfer"),
    Gate("transfer_candidate", "transfer_id body_id", "transfer", "transfer_id", "body_id", relates=True),
    Gate("dispatch_copy", "body_id state", "dispatch", "dispatch_id", "body_id", relates=True),
    Gate("carriage", "document_id subject_id view", "document", "document_id", relates=True),
)
SUCCESSION = Gate(
    "recommendation", "divided_from_id addressee_id", "recommendation", "divided_from_id", "addressee_id", relates=True
)
"""Whoever answers for a part of what was divided reads the whole of it."""

LOOK_AGAIN = """
CREATE FUNCTION look_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO change (seq, kind, subject_type, subject_id, version, body_id)
         SELECT change_seq(), ''access'', %1$L, it.id, coalesce((to_jsonb(it) ->> ''version'')::integer, 1),
                (side.beheld ->> %3$L)::uuid
           FROM (SELECT $1 UNION SELECT $2) AS side(beheld) JOIN %1$I AS it ON it.id = (side.beheld ->> %2$L)::uuid',
        TG_ARGV[0], TG_ARGV[1], TG_ARGV[2]
    ) USING to_jsonb(OLD), to_jsonb(NEW);
    RETURN NULL;
END $$;
"""

PARTS = (
    ("plan", "plan_item", "plan_id"),
    ("plan", "plan_concurrence", "plan_id"),
    ("agreement", "commitment", "agreement_id"),
    ("agreement", "agreement_review", "agreement_id"),
    ("briefing", "briefing_conclusion", "briefing_id"),
    ("petition", "petition_forward", "petition_id"),
    ("campaign", "draft", "campaign_id"),
    ("draft", "draft_version", "draft_id"),
    ("draft", "draft_round", "draft_id"),
    ("draft", "draft_session", "draft_id"),
    ("draft", "draft_reminder", "draft_id"),
    ("draft", "draft_assignment", "draft_id"),
    ("draft", "opinion", "draft_id"),
    ("recommendation", "extension", "recommendation_id"),
    ("recommendation", "pause", "recommendation_id"),
    ("recommendation", "due_change", "recommendation_id"),
    ("recommendation", "effectiveness_check", "recommendation_id"),
    ("recommendation", "progress_due", "recommendation_id"),
    ("recommendation", "incoming_reply", "recommendation_id"),
)
ALREADY_ASKED = ("progress", "reminder", "escalation")
"""Parts of a recommendation that an earlier trigger looks at again, unless what opens it is a part of a division."""

AGENDA = """
            SELECT 'proposal' AS type, p.id, p.version FROM proposal p JOIN briefing b ON b.id = NEW.subject_id
             WHERE p.briefing_id = b.id OR (p.chair_body_id = b.chair_body_id AND p.noted_on IS NOT NULL)
"""


def _spread() -> str:
    """One branch for each kind of record that has parts, and the papers for all."""
    parents = dict.fromkeys(parent for parent, _, _ in PARTS)
    branches = "".join(f"        WHEN '{it}' THEN {_told_again(_parts_of(it))}\n" for it in parents)
    papers = "SELECT 'document' AS type, d.id, d.version FROM carriage c JOIN document d ON d.id = c.document_id "
    return (
        "CREATE FUNCTION access_spreads() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
        f"    CASE NEW.subject_type\n{branches}        ELSE NULL;\n    END CASE;\n"
        f"    {_told_again(papers + 'WHERE c.subject_id = NEW.subject_id')}\n"
        "    RETURN NULL;\nEND $$;\n"
    )


def _parts_of(parent: str) -> str:
    selected = [_rows(table, f"{column} = NEW.subject_id") for it, table, column in PARTS if it == parent]
    if parent == "briefing":
        selected.append(AGENDA)
    if parent == "recommendation":
        of_body = "recommendation_id = NEW.subject_id AND NEW.body_id IS NOT NULL"
        selected += [_rows(table, of_body) for table in ALREADY_ASKED]
    return " UNION ALL ".join(selected)


def _rows(table: str, condition: str) -> str:
    version = "version" if table in VERSIONED else "1 AS version"
    return f"SELECT '{table}' AS type, id, {version} FROM {table} WHERE {condition}"  # noqa: S608


def _told_again(rows: str) -> str:
    return (
        "INSERT INTO change (seq, kind, subject_type, subject_id, version, body_id, account_id) "  # noqa: S608
        f"SELECT change_seq(), 'access', it.type, it.id, it.version, NEW.body_id, NEW.account_id FROM ({rows}) AS it;"
    )


def upgrade() -> None:
    _tell()
    _seal()
    op.drop_constraint(op.f("ck_reminder_follow_up_clock"), "reminder", type_="check")
    of_three = "clock IN ('reply', 'completion', 'progress')"
    op.create_check_constraint(op.f("ck_reminder_reminder_clock"), "reminder", of_three)


def _seal() -> None:
    """What was written before has no number: 0, sealed first."""
    number = sa.Column("transaction_number", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    op.add_column("audit_event", number)
    running = sa.text("(pg_current_xact_id()::text)::bigint")
    op.alter_column("audit_event", "transaction_number", server_default=running)
    op.create_index("ix_audit_event_transaction_number_seq", "audit_event", ["transaction_number", "seq"])
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_transaction", sa.BigInteger(), nullable=False),
        sa.Column("until_seq", sa.BigInteger(), nullable=False),
        sa.Column("seqs", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
    )
    op.execute(
        "CREATE TRIGGER audit_seal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'giamsat_app') THEN "
        "REVOKE UPDATE, DELETE, TRUNCATE ON audit_seal FROM giamsat_app; END IF; END $$"
    )


def _tell() -> None:
    op.execute(LOOK_AGAIN)
    op.execute(_spread())
    op.execute(
        "CREATE TRIGGER access_spreads AFTER INSERT ON change FOR EACH ROW WHEN (NEW.kind = 'access') "
        "EXECUTE FUNCTION access_spreads()"
    )
    for table in (*VERSIONED, *UNVERSIONED, *RELATIONS):
        op.execute(
            f"CREATE TRIGGER change_1_kept AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION keep_change()"
        )
    for gate in GATES:
        _hang(gate, gate.name)
    _hang(SUCCESSION, "change_3_divided")
    for table in (*VERSIONED, *UNVERSIONED):
        version = "version" if table in VERSIONED else "1"
        op.execute(
            "INSERT INTO change (seq, kind, subject_type, subject_id, version) "  # noqa: S608
            f"SELECT change_seq(), 'insert', '{table}', id, {version} FROM {table} ORDER BY id"
        )


def _hang(gate: Gate, name: str) -> None:
    """Two triggers where rows come and go: only one of updates can compare them before anything runs."""
    past, present = (", ".join(f"{side}.{it}" for it in gate.columns.split()) for side in ("OLD", "NEW"))
    called = f"EXECUTE FUNCTION look_again('{gate.opens}', '{gate.key}', '{gate.concerns}')"
    op.execute(
        f"CREATE TRIGGER {name} AFTER UPDATE ON {gate.table} "
        f"FOR EACH ROW WHEN (ROW({past}) IS DISTINCT FROM ROW({present})) {called}"
    )
    if gate.relates:
        op.execute(f"CREATE TRIGGER {name}_comes AFTER INSERT OR DELETE ON {gate.table} FOR EACH ROW {called}")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_reminder_reminder_clock"), "reminder", type_="check")
    op.execute("DELETE FROM reminder WHERE clock = 'progress'")
    op.create_check_constraint(op.f("ck_reminder_follow_up_clock"), "reminder", "clock IN ('reply', 'completion')")
    op.drop_table("audit_seal")
    op.drop_index("ix_audit_event_transaction_number_seq", "audit_event")
    op.drop_column("audit_event", "transaction_number")
    told = ", ".join(f"'{it}'" for it in (*VERSIONED, *UNVERSIONED, *RELATIONS))
    op.execute(f"DELETE FROM change WHERE subject_type IN ({told})")  # noqa: S608
    op.execute("DROP TRIGGER access_spreads ON change")
    for table in (*VERSIONED, *UNVERSIONED, *RELATIONS):
        op.execute(f"DROP TRIGGER change_1_kept ON {table}")
    op.execute("DROP FUNCTION look_again() CASCADE")
    op.execute("DROP FUNCTION access_spreads()")
