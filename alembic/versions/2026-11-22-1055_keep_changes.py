"""keep changes

The log of what changed, for clients that were offline and for streams. Triggers write it, so that nothing that changes
a row goes around it: neither a batch of the nightly clock nor a correction by hand.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

RECORDS = (
    "campaign",
    "delegation",
    "engagement",
    "working_session",
    "revision_request",
    "finding",
    "pending_edit",
    "report",
    "report_comment",
    "report_signature",
    "recommendation",
    "progress",
    "reminder",
    "escalation",
    "transfer",
)
RELATIONS = ("campaign_partner", "campaign_counterpart", "subject_document", "delegation_member")
"""What decides who sees records, without being one that clients keep."""

SEQUENCE = """
CREATE FUNCTION change_seq() RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT (pg_current_xact_id()::text::bigint << 20) | (nextval('change_number') & 1048575)
$$;
"""

CODES = """
CREATE FUNCTION codes_of(it jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT coalesce(jsonb_object_agg(key, CASE jsonb_typeof(value)
               WHEN 'object' THEN '{}' WHEN 'array' THEN '[]' ELSE value END), '{}')
      FROM jsonb_each(it)
     WHERE key NOT IN ('version', 'created_at')
       AND (jsonb_typeof(value) IN ('object', 'array', 'number', 'boolean')
            OR (jsonb_typeof(value) = 'string' AND value #>> '{}' ~ '^[a-z0-9_:.TZ+-]{1,40}$'))
$$;
"""

KEEP = """
CREATE FUNCTION keep_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    past jsonb := codes_of(to_jsonb(OLD));
    present jsonb := to_jsonb(NEW);
    version integer := coalesce(present ->> 'version', to_jsonb(OLD) ->> 'version', '1');
BEGIN
    IF TG_OP = 'UPDATE' AND past = codes_of(present) THEN
        past := NULL;
    END IF;
    INSERT INTO change (seq, kind, subject_type, subject_id, version, was)
    VALUES (change_seq(), lower(TG_OP), TG_TABLE_NAME, coalesce(NEW.id, OLD.id), version, past);
    PERFORM pg_notify('giamsat_changes', '');
    RETURN NULL;
END $$;
"""

LOOK_AGAIN_AT_CAMPAIGN = """
CREATE FUNCTION look_again_at_campaign(campaign uuid, body uuid, account uuid, types text[]) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO change (seq, kind, subject_type, subject_id, version, body_id, account_id)
    SELECT change_seq(), 'access', it.type, it.id, it.version, body, account FROM (
        SELECT 'campaign' AS type, id, version FROM campaign WHERE id = $1
        UNION ALL SELECT 'delegation', id, version FROM delegation WHERE campaign_id = $1
        UNION ALL SELECT 'engagement', id, version FROM engagement WHERE campaign_id = $1
        UNION ALL SELECT 'working_session', id, 1 FROM working_session WHERE campaign_id = $1
        UNION ALL SELECT 'revision_request', id, version FROM revision_request WHERE campaign_id = $1
        UNION ALL SELECT 'finding', id, version FROM finding WHERE campaign_id = $1
        UNION ALL SELECT 'pending_edit', p.id, p.version FROM pending_edit p JOIN finding f ON f.id = p.finding_id
                   WHERE f.campaign_id = $1
        UNION ALL SELECT 'report', id, version FROM report WHERE campaign_id = $1
        UNION ALL SELECT 'report_comment', c.id, 1 FROM report_comment c JOIN report r ON r.id = c.report_id
                   WHERE r.campaign_id = $1
        UNION ALL SELECT 'report_signature', s.id, 1 FROM report_signature s JOIN report r ON r.id = s.report_id
                   WHERE r.campaign_id = $1
        UNION ALL SELECT 'recommendation', id, version FROM recommendation WHERE campaign_id = $1
        UNION ALL SELECT 'progress', p.id, 1 FROM progress p JOIN recommendation r ON r.id = p.recommendation_id
                   WHERE r.campaign_id = $1
        UNION ALL SELECT 'reminder', p.id, 1 FROM reminder p JOIN recommendation r ON r.id = p.recommendation_id
                   WHERE r.campaign_id = $1
        UNION ALL SELECT 'escalation', p.id, 1 FROM escalation p JOIN recommendation r ON r.id = p.recommendation_id
                   WHERE r.campaign_id = $1
    ) AS it WHERE types IS NULL OR it.type = ANY(types)
$$;
"""

SEATED = """
CREATE FUNCTION seat_changes_access() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seat delegation_member := coalesce(NEW, OLD);
BEGIN
    IF seat.account_id IS NOT NULL THEN
        PERFORM look_again_at_campaign(campaign_id, NULL, seat.account_id, NULL)
           FROM delegation WHERE id = seat.delegation_id;
    END IF;
    RETURN NULL;
END $$;
"""

JOINED = """
CREATE FUNCTION side_changes_access() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    past jsonb := to_jsonb(OLD);
    present jsonb := to_jsonb(NEW);
BEGIN
    IF ROW(past -> 'body_id', past -> 'asked_on') IS DISTINCT FROM ROW(present -> 'body_id', present -> 'asked_on') THEN
        PERFORM look_again_at_campaign((it ->> 'campaign_id')::uuid, (it ->> 'body_id')::uuid, NULL, NULL)
           FROM (SELECT past UNION SELECT present) AS side(it) WHERE it IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
"""

CAMPAIGN = """
CREATE FUNCTION campaign_changes_access() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    beheld uuid;
BEGIN
    IF ROW(OLD.lead_body_id, OLD.deciding_body_id, OLD.planned_on)
       IS DISTINCT FROM ROW(NEW.lead_body_id, NEW.deciding_body_id, NEW.planned_on) THEN
        FOR beheld IN
            WITH side AS (SELECT unnest(ARRAY[OLD.lead_body_id, NEW.lead_body_id,
                                              OLD.deciding_body_id, NEW.deciding_body_id]) AS id)
            SELECT id FROM side WHERE id IS NOT NULL
            UNION SELECT parent_id FROM body JOIN side USING (id) WHERE parent_id IS NOT NULL
        LOOP
            PERFORM look_again_at_campaign(NEW.id, beheld, NULL, NULL);
        END LOOP;
    END IF;
    RETURN NULL;
END $$;
"""

ENGAGEMENT = """
CREATE FUNCTION engagement_changes_access() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    past engagement := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE OLD END;
BEGIN
    IF ROW(past.supervised_body_id, past.notified_on) IS DISTINCT FROM ROW(NEW.supervised_body_id, NEW.notified_on)
       AND coalesce(past.notified_on, NEW.notified_on) IS NOT NULL THEN
        PERFORM look_again_at_campaign(NEW.campaign_id, beheld, NULL, NULL)
           FROM (SELECT past.supervised_body_id UNION SELECT NEW.supervised_body_id) AS side(beheld)
          WHERE beheld IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
"""

REPORT = """
CREATE FUNCTION report_changes_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(OLD.circulated_on, OLD.issued_on, OLD.state = 'published')
       IS DISTINCT FROM ROW(NEW.circulated_on, NEW.issued_on, NEW.state = 'published') THEN
        INSERT INTO change (seq, kind, subject_type, subject_id, version)
        SELECT change_seq(), 'access', it.type, it.id, 1 FROM (
            SELECT 'report_comment' AS type, id FROM report_comment WHERE report_id = NEW.id
            UNION ALL SELECT 'report_signature', id FROM report_signature WHERE report_id = NEW.id
        ) AS it;
    END IF;
    RETURN NULL;
END $$;
"""

RECOMMENDATION = """
CREATE FUNCTION recommendation_changes_access() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    past recommendation := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE OLD END;
BEGIN
    IF ROW(past.issued_on, past.addressee_id) IS DISTINCT FROM ROW(NEW.issued_on, NEW.addressee_id)
       AND coalesce(past.issued_on, NEW.issued_on) IS NOT NULL THEN
        PERFORM look_again_at_campaign(NEW.campaign_id, beheld, NULL, ARRAY['campaign', 'report', 'report_signature'])
           FROM (SELECT past.addressee_id UNION SELECT NEW.addressee_id) AS side(beheld)
          WHERE beheld IS NOT NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND ROW(OLD.issued_on, OLD.issuer_body_id, OLD.addressee_id, OLD.verifier_body_id,
                                OLD.proposer_body_id, OLD.escalated_to_id, OLD.engagement_id, OLD.campaign_id)
       IS DISTINCT FROM ROW(NEW.issued_on, NEW.issuer_body_id, NEW.addressee_id, NEW.verifier_body_id,
                            NEW.proposer_body_id, NEW.escalated_to_id, NEW.engagement_id, NEW.campaign_id) THEN
        INSERT INTO change (seq, kind, subject_type, subject_id, version)
        SELECT change_seq(), 'access', it.type, it.id, 1 FROM (
            SELECT 'progress' AS type, id FROM progress WHERE recommendation_id = NEW.id
            UNION ALL SELECT 'reminder', id FROM reminder WHERE recommendation_id = NEW.id
            UNION ALL SELECT 'escalation', id FROM escalation WHERE recommendation_id = NEW.id
        ) AS it;
    END IF;
    RETURN NULL;
END $$;
"""

BODY = """
CREATE FUNCTION body_changes_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.parent_id IS DISTINCT FROM NEW.parent_id THEN
        INSERT INTO change (seq, kind, subject_type, subject_id, version, body_id)
        SELECT change_seq(), 'reset', 'body', NEW.id, NEW.version, superior
          FROM (SELECT OLD.parent_id UNION SELECT NEW.parent_id) AS side(superior) WHERE superior IS NOT NULL;
        PERFORM pg_notify('giamsat_changes', '');
    END IF;
    RETURN NULL;
END $$;
"""

FUNCTIONS = {
    "change_seq()": SEQUENCE,
    "codes_of(jsonb)": CODES,
    "keep_change()": KEEP,
    "look_again_at_campaign(uuid, uuid, uuid, text[])": LOOK_AGAIN_AT_CAMPAIGN,
    "seat_changes_access()": SEATED,
    "side_changes_access()": JOINED,
    "campaign_changes_access()": CAMPAIGN,
    "engagement_changes_access()": ENGAGEMENT,
    "report_changes_access()": REPORT,
    "recommendation_changes_access()": RECOMMENDATION,
    "body_changes_access()": BODY,
}
ACCESS = {
    "delegation_member": ("seat_changes_access", "INSERT OR UPDATE OR DELETE"),
    "campaign_partner": ("side_changes_access", "INSERT OR UPDATE OR DELETE"),
    "campaign_counterpart": ("side_changes_access", "INSERT OR UPDATE OR DELETE"),
    "campaign": ("campaign_changes_access", "UPDATE"),
    "engagement": ("engagement_changes_access", "INSERT OR UPDATE"),
    "report": ("report_changes_access", "UPDATE"),
    "recommendation": ("recommendation_changes_access", "INSERT OR UPDATE"),
    "body": ("body_changes_access", "UPDATE"),
}
"""Triggers of one event fire in the order of their names: a change is kept before what it opens is looked at again."""


def upgrade() -> None:
    _create_change()
    for source in FUNCTIONS.values():
        op.execute(source)
    for table in (*RECORDS, *RELATIONS):
        op.execute(
            f"CREATE TRIGGER change_1_kept AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION keep_change()"
        )
    for table, (function, events) in ACCESS.items():
        op.execute(
            f"CREATE TRIGGER change_2_access AFTER {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
    for table in RECORDS:
        version = "coalesce((to_jsonb(it) ->> 'version')::integer, 1)"
        op.execute(
            "INSERT INTO change (seq, kind, subject_type, subject_id, version) "  # noqa: S608
            f"SELECT change_seq(), 'insert', '{table}', id, {version} FROM {table} AS it ORDER BY id"
        )


def _create_change() -> None:
    op.execute("CREATE SEQUENCE change_number")
    op.create_table(
        "change",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("subject_type", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("was", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('insert', 'update', 'delete', 'access', 'reset')", name=op.f("ck_change_kind")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
    )
    op.create_index("ix_change_subject_id_seq", "change", ["subject_id", "seq"])
    op.create_index("ix_change_at", "change", ["at"])
    op.create_index(
        "ix_change_past",
        "change",
        ["subject_type", "seq"],
        postgresql_where=sa.text("was IS NOT NULL OR kind = 'insert'"),
    )


def downgrade() -> None:
    for table in ACCESS:
        op.execute(f"DROP TRIGGER change_2_access ON {table}")
    for table in (*RECORDS, *RELATIONS):
        op.execute(f"DROP TRIGGER change_1_kept ON {table}")
    op.execute("DROP FUNCTION " + ", ".join(FUNCTIONS))
    op.drop_table("change")
    op.execute("DROP SEQUENCE change_number")
