"""The limit: bare Starlette and asyncpg, hand-written SQL, the same answers. No token, no visibility, no checks.

What the rules would have found out (which rows, through which column) is simply known here.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from uuid import UUID

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.core.clock import today, utcnow
from app.core.db import dumps, plain_dsn
from app.core.ids import new_id
from benchmarks.cases import ADDRESSEE, LEAD, STRANGER, key

SIDES = {
    "lead": ("issuer_body_id", LEAD),
    "addressee": ("addressee_id", ADDRESSEE),
    "stranger": ("addressee_id", STRANGER),
}


def body(column: str, day: str, today: str) -> str:
    """A body by the name of the record's day, and `now` where it has been renamed since."""
    return f"""(
        SELECT CASE WHEN t.valid_to IS NULL
               THEN json_build_object('id', t.body_id, 'name', t.name, 'short_name', t.short_name)
               ELSE json_build_object('id', t.body_id, 'name', t.name, 'short_name', t.short_name, 'now', (
                   SELECT json_build_object('name', n.name, 'short_name', n.short_name) FROM body_name n
                    WHERE n.body_id = t.body_id AND n.valid_from <= {today} ORDER BY n.valid_from DESC LIMIT 1)) END
          FROM body_name t
         WHERE t.body_id = {column} AND t.valid_from <= {day} ORDER BY t.valid_from DESC LIMIT 1)"""


def bodies(ids: str, day: str, today: str) -> str:
    return f"""CASE WHEN jsonb_array_length({ids}::jsonb) = 0 THEN '[]'::json ELSE (
        SELECT json_agg({body("c.id::uuid", day, today)} ORDER BY c.place)
          FROM jsonb_array_elements_text({ids}::jsonb) WITH ORDINALITY AS c (id, place)) END"""


def recommendation(today: str) -> str:
    """The row `r` as JSON."""
    day = f"coalesce(r.issued_on, {today})"
    return f"""(SELECT row_to_json(shown) FROM (SELECT
        r.id, 'full' AS view, r.version, r.created_at, r.number, r.origin, r.origin_id, r.campaign_id, r.engagement_id,
        r.series_id, r.issuer_body_id, {body("r.issuer_body_id", day, today)} AS issuer_body,
        r.proposer_body_id, {body("r.proposer_body_id", day, today)} AS proposer_body,
        r.addressee_id, {body("r.addressee_id", day, today)} AS addressee,
        r.verifier_body_id, {body("r.verifier_body_id", day, today)} AS verifier_body, r.copy_to,
        {bodies("r.copy_to", day, today)} AS copy_to_bodies,
        CASE WHEN r.owner_name IS NOT NULL
             THEN json_build_object('name', r.owner_name, 'title', r.owner_title) END AS owner,
        r.action, r.expected_result, r.measure, r.finding_ids, r.issued_on, r.document_id, r.received_on,
        r.received_assumed, r.reply_from, r.reply_due_on, r.reply_due_basis, r.due_on, r.due_basis, r.state,
        r.reply_status, r.implementation,
        CASE WHEN r.state IN ('draft', 'resolved', 'unresolved', 'withdrawn') THEN 'none'
             WHEN r.due_on < {today} THEN 'completion'
             WHEN r.state IN ('issued', 'escalated') AND r.reply_status = 'awaiting' AND r.reply_due_on < {today}
             THEN 'reply' ELSE 'none' END AS overdue,
        r.escalation_level, r.escalated_to_id, {body("r.escalated_to_id", day, today)} AS escalated_to,
        r.because, r.divided_from_id, r.paused_since,
        CASE WHEN r.first_addressee_id IS NOT NULL
             THEN {body("r.first_addressee_id", day, today)} END AS first_addressee,
        r.first_replied_on, r.reply, r.verification, r.claimed_on, r.claim_evidence, r.resolved_on) shown)::text"""


LISTS = {
    side: f"SELECT r.id, {recommendation('$2')} FROM recommendation r WHERE r.{column} = $1 ORDER BY r.id DESC LIMIT $3"
    for side, (column, _) in SIDES.items()
}
ONE = f"SELECT {recommendation('$2')} FROM recommendation r WHERE r.id = $1"

INSERTS = (
    "INSERT INTO finding (id, created_at, version, campaign_id, engagement_id, author_account_id, author_body_id, kind,"
    " content, severity, occurred_on, context, extent, criteria, cause_of, evidence, state, first_digest,"
    " field_versions)"
    " VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '[]', $14, 'draft', $15, '{}')",
    "INSERT INTO transition (id, created_at, subject_type, subject_id, action, to_state, on_date, recorded_late,"
    " account_id, body_id, details) VALUES ($1, $2, 'finding', $3, 'create', 'draft', $4, false, $5, $6, '{}')",
    "INSERT INTO audit_event (at, account_id, body_id, lead_body_id, action, subject_type, subject_id, became, details)"
    " VALUES ($1, $2, $3, $3, 'finding.create', 'finding', $4, 'draft', '{}')",
    "INSERT INTO outbox_message (id, created_at, account_id, type, subject_type, subject_id, payload, attempts)"
    " VALUES ($1, $2, $3, 'finding.create', 'finding', $4, $5, 0)",
)
FINDING = f"""SELECT row_to_json(shown)::text FROM (SELECT
    f.id, f.version, 'full' AS view, f.state, f.campaign_id, f.engagement_id,
    e.supervised_body_id, {body("e.supervised_body_id", "$2", "$2")} AS supervised_body,
    (SELECT json_build_object('id', a.id, 'name', a.name) FROM account a WHERE a.id = f.author_account_id) AS author,
    f.author_body_id, {body("f.author_body_id", "$2", "$2")} AS author_body, f.kind, f.content, f.clause, f.severity,
    f.occurred_on, f.context, f.place_code, NULL AS place, f.extent, f.criteria, f.repeat_of, f.cause_of, f.evidence,
    f.session_id, f.referral, f.not_pursued_reason, 0 AS pending_edits, f.recorded_at_device, f.created_at
    FROM finding f JOIN engagement e ON e.id = f.engagement_id WHERE f.id = $1) shown"""


def application(url: str, pool_size: int) -> Starlette:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        settings = {"timezone": "UTC", "jit": "off"}
        dsn = plain_dsn(url)
        async with asyncpg.create_pool(dsn, min_size=pool_size, max_size=pool_size, server_settings=settings) as pool:
            app.state.pool = pool
            yield

    routes = [
        Route("/v1/recommendations", listed),
        Route("/v1/recommendations/{id:uuid}", one),
        Route("/v1/findings", filed, methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


async def listed(request: Request) -> Response:
    side = request.headers["x-side"]
    limit = int(request.query_params.get("limit", 50))
    rows = await request.app.state.pool.fetch(LISTS[side], key("body", SIDES[side][1]), today(), limit + 1)
    following = str(rows[limit - 1][0]) if len(rows) > limit else None
    items = ",".join(row[1] for row in rows[:limit])
    return _json(f'{{"items":[{items}],"next_cursor":{orjson.dumps(following).decode()}}}')


async def one(request: Request) -> Response:
    found: str = await request.app.state.pool.fetchval(ONE, request.path_params["id"], today())
    return _json(found)


async def filed(request: Request) -> Response:
    sent = orjson.loads(await request.body())
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        made: str = await _file(connection, sent)
    return _json(made, 201)


async def _file(connection: asyncpg.Connection, sent: dict[str, object]) -> str:
    """The rows that the product writes, and nothing that it checks."""
    finding_id, now, account, body_id = new_id(), utcnow(), key("account", LEAD), key("body", LEAD)
    finding = (
        *(finding_id, now, key("campaign", 100), UUID(str(sent["engagement_id"])), account, body_id, sent["kind"]),
        *(sent["content"], sent["severity"], date.fromisoformat(str(sent["occurred_on"])), sent["context"]),
        *(sent["extent"], dumps(sent["criteria"]), dumps(sent["evidence"]), "0" * 64),
    )
    rows = (
        finding,
        (new_id(), now, finding_id, now.date(), account, body_id),
        (now, account, body_id, finding_id),
        (new_id(), now, account, finding_id, dumps({"was": None, "became": "draft", "by_body_id": body_id})),
    )
    for statement, values in zip(INSERTS, rows, strict=True):
        await connection.execute(statement, *values)
    shown: str = await connection.fetchval(FINDING, finding_id, now.date())
    return shown


def _json(body: str, status: int = 200) -> Response:
    return Response(body, status, media_type="application/json")
