"""Health, metrics, the audit and the demo's clock."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.settings import Settings
from app.models.history import AuditEvent
from tests.client import Api, ok
from tests.world import World


@pytest.fixture
def configured(app: FastAPI, settings: Settings) -> Iterator[Any]:
    """Change settings of the running application for one test."""

    def change(**fields: Any) -> None:
        app.state.settings = settings.model_copy(update=fields)

    yield change
    app.state.settings = settings


async def test_a_living_process_says_so_without_a_token(api: Api) -> None:
    assert ok(await api.get("/healthz")) == {"status": "ok"}


async def test_ready_names_the_migration_and_the_worker_s_lag(api: Api) -> None:
    body = ok(await api.get("/readyz"))
    assert body["database"] == "ok"
    assert body["worker"] == {"waiting": 0, "seconds": 0.0, "held": 0, "alive": 0}


async def test_a_database_at_another_version_is_not_ready(api: Api, session: AsyncSession) -> None:
    await session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    await session.commit()
    answer = await api.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["code"] == "schema_behind"
    assert int(answer.headers["retry-after"]) > 0


async def test_metrics_count_requests_and_show_the_outbox(api: Api) -> None:
    await api.get("/healthz")
    answer = await api.get("/metrics")
    assert answer.status_code == 200
    assert 'route="/healthz"' in answer.text
    assert "giamsat_outbox_waiting 0.0" in answer.text


async def test_metrics_are_for_this_machine_alone_unless_there_is_a_token(api: Api, configured: Any) -> None:
    assert (await api.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"})).status_code == 404
    configured(metrics_token=SecretStr("a long random token"))
    assert (await api.get("/metrics")).status_code == 404
    assert (await api.get("/metrics", headers={"Authorization": "Bearer another"})).status_code == 404
    assert (await api.get("/metrics", headers={"Authorization": "Bearer a long random token"})).status_code == 200


@pytest.fixture
async def audited(session: AsyncSession, world: World) -> None:
    """The lead planned a campaign; a partner signed in it; a stranger did something of its own."""
    about = {"subject_type": "campaign", "subject_id": world.body["lead"]}
    lead = world.body["lead"]
    session.add_all(
        [
            AuditEvent(
                **about,
                action="campaign.plan",
                account_id=world.account["lead_leader"],
                body_id=lead,
                lead_body_id=lead,
            ),
            AuditEvent(
                **about,
                action="campaign.concur",
                account_id=world.account["partner"],
                body_id=world.body["partner"],
                lead_body_id=lead,
            ),
            AuditEvent(
                **about,
                action="campaign.create",
                account_id=world.account["stranger"],
                body_id=world.body["stranger"],
                lead_body_id=world.body["stranger"],
            ),
        ]
    )
    await session.commit()


@pytest.mark.usefixtures("audited")
async def test_an_auditor_sees_persons_of_its_body_and_bodies_of_others(api: Api) -> None:
    items = ok(await api.get("/v1/audit", as_="auditor"))["items"]
    theirs, ours = items[0], items[1]
    assert (theirs["action"], theirs["view"]) == ("campaign.concur", "party")
    assert not {"account", "details", "request_id"} & theirs.keys()
    assert (ours["action"], ours["view"], ours["account"]["name"]) == ("campaign.plan", "full", "lead_leader")
    assert "campaign.create" not in {it["action"] for it in items}


@pytest.mark.usefixtures("audited")
async def test_the_audit_is_paged_and_filtered(api: Api) -> None:
    first = ok(await api.get("/v1/audit?limit=1", as_="auditor"))
    second = ok(await api.get(f"/v1/audit?limit=1&cursor={first['next_cursor']}", as_="auditor"))
    assert [it["items"][0]["action"] for it in (first, second)] == ["campaign.concur", "campaign.plan"]
    chosen = ok(await api.get("/v1/audit?action=campaign.plan&count=true", as_="auditor"))
    assert (len(chosen["items"]), chosen["count"]) == (1, 1)
    assert ok(await api.get("/v1/audit?at_from=2100-01-01", as_="auditor"))["items"] == []


@pytest.mark.parametrize("part", ["lead_leader", "administrator", "registrar", "stranger"])
async def test_the_audit_is_for_auditors(api: Api, part: str) -> None:
    assert (await api.get("/v1/audit", as_=part)).status_code == 403


async def test_a_registrar_moves_the_day_of_the_demo(api: Api) -> None:
    assert ok(await api.post("/v1/demo/clock", {"today": "2024-04-12"}, as_="registrar")) == {"today": "2024-04-12"}
    assert clock.today().isoformat() == "2024-04-12"


async def test_nobody_else_moves_it_and_outside_the_demo_it_is_not_there(api: Api, configured: Any) -> None:
    body = {"today": "2024-04-12"}
    assert (await api.post("/v1/demo/clock", body, as_="lead_leader")).status_code == 403
    assert (await api.post("/v1/demo/clock", {"today": "9999-12-31"}, as_="registrar")).status_code == 422
    configured(demo=False)
    assert (await api.post("/v1/demo/clock", body, as_="registrar")).status_code == 404
    assert clock.today().year > 2024
