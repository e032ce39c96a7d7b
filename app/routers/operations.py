"""For those who run the installation: health, metrics, the audit, and the demo's clock."""

import hmac
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from pydantic import BaseModel
from starlette.responses import Response

from app.core.errors import NotVisible
from app.core.problems import READ, WRITE, problems
from app.models.base import Listing
from app.models.history import AuditFilter, AuditParty, AuditRead, DemoClockSet
from app.routers.deps import Reading, Uow, json
from app.services import audit, delivery, demo_clock, health, workers

router = APIRouter(tags=["operations"])

WAITING = Gauge("giamsat_outbox_waiting", "Messages not yet told")
SECONDS = Gauge("giamsat_outbox_oldest_seconds", "Age of the oldest message not yet told")
HELD = Gauge("giamsat_outbox_held", "Messages that failed too often and wait for a human")
ALIVE = Gauge("giamsat_workers_alive", "Worker processes that were heard in the last 30 seconds")


class Health(BaseModel):
    status: Literal["ok"] = "ok"


class WorkerLag(BaseModel):
    waiting: int
    seconds: float
    held: int
    alive: int


class Readiness(BaseModel):
    database: Literal["ok"]
    migration: str
    worker: WorkerLag


@router.get("/healthz", operation_id="get_health", summary="Tiến trình còn sống · The process is alive")
async def get_health() -> Health:
    return Health()


@router.get(
    "/readyz",
    operation_id="get_readiness",
    summary="Sẵn sàng phục vụ · Ready to serve",
    response_model=Readiness,
    responses=problems(503),
)
async def get_readiness(request: Request) -> dict[str, Any]:
    async with request.app.state.readings() as session:
        return await health.ready(session)


def may_measure(request: Request) -> None:
    """With the token where one is set, else from this machine and not through a proxy; to others it is not there."""
    token = request.app.state.settings.metrics_token
    if token is not None:
        expected = f"Bearer {token.get_secret_value()}"
        allowed = hmac.compare_digest(request.headers.get("authorization", "").encode(), expected.encode())
    else:
        direct = "forwarded" not in request.headers and "x-forwarded-for" not in request.headers
        allowed = direct and request.client is not None and request.client.host in {"127.0.0.1", "::1"}
    if not allowed:
        raise NotVisible


@router.get(
    "/metrics",
    operation_id="get_metrics",
    summary="Số đo cho Prometheus · Metrics for Prometheus",
    dependencies=[Depends(may_measure)],
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}, **problems(404, 503)},
)
async def get_metrics(request: Request) -> Response:
    async with request.app.state.readings() as session:
        behind = await delivery.lag(session)
        ALIVE.set(await workers.alive(session))
    WAITING.set(behind.waiting)
    SECONDS.set(behind.seconds)
    HELD.set(behind.held)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@router.get(
    "/v1/audit",
    operation_id="list_audit_events",
    summary="Nhật ký kiểm toán · Audit",
    response_model=Listing[AuditRead | AuditParty],
    responses=problems(*READ, 403),
)
async def list_audit_events(uow: Reading, asked: Annotated[AuditFilter, Query()]) -> Response:
    return json(await audit.page(uow, asked))


def in_the_demo(request: Request) -> None:
    if not request.app.state.settings.demo:
        raise NotVisible


@router.post(
    "/v1/demo/clock",
    operation_id="set_demo_clock",
    summary="Đặt ngày của bản trình diễn · Set the demo's day",
    dependencies=[Depends(in_the_demo)],
    responses=problems(*WRITE),
)
async def set_demo_clock(uow: Uow, payload: DemoClockSet) -> DemoClockSet:
    await demo_clock.set_today(uow, payload.today)
    return payload
