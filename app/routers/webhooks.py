"""Webhooks of the caller's body, kept by its administrator."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from app.adapters.webhook_http import Guard
from app.core.problems import CHANGE, READ, WRITE, problems
from app.models.base import Listing, ListQuery
from app.models.webhook import (
    Replayed,
    SecretRotation,
    WebhookCreate,
    WebhookDeliveryFilter,
    WebhookDeliveryRead,
    WebhookRead,
    WebhookReplay,
    WebhookSecretShown,
    WebhookUpdate,
)
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.services.webhooks import keeping

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])


def guard(request: Request) -> Guard:
    return Guard.of(request.app.state.settings)


Guarded = Annotated[Guard, Depends(guard)]


@router.get(
    "",
    operation_id="list_webhooks",
    summary="Webhook của cơ quan · Webhooks of the body",
    response_model=Listing[WebhookRead],
    responses=problems(*READ),
)
async def list_webhooks(uow: Reading, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await keeping.listing(uow, query))


@router.post(
    "",
    status_code=201,
    operation_id="create_webhook",
    summary="Thêm webhook · Add a webhook",
    response_model=WebhookSecretShown,
    responses=problems(*WRITE),
)
async def create_webhook(uow: Uow, payload: WebhookCreate, allowed: Guarded) -> Response:
    """By the body's administrator. Messages are signed by the Standard Webhooks specification (headers `webhook-id`,
    `webhook-timestamp`, `webhook-signature`) and are CloudEvents 1.0 in JSON: which record of those that the body sees
    did what, never its content. Answer 2xx within ten seconds; anything else, a redirect too, is tried again for three
    days. One message may come twice under one `webhook-id`. `secret` is shown in this answer alone.
    """
    made, secret = await keeping.create(uow, payload, allowed)
    once = {"secret": secret} if secret else None
    return await answer(uow, keeping.WEBHOOK, made, status=201, location="/v1/webhooks", once=once)


@router.get(
    "/{webhook_id}",
    operation_id="get_webhook",
    summary="Một webhook · One webhook",
    response_model=WebhookRead,
    responses=problems(*READ),
)
async def get_webhook(uow: Reading, webhook_id: UUID) -> Response:
    return await answer(uow, keeping.WEBHOOK, webhook_id)


@router.patch(
    "/{webhook_id}",
    operation_id="update_webhook",
    summary="Sửa, tạm dừng, bật lại webhook · Change, pause or restart a webhook",
    response_model=WebhookRead,
    responses=problems(*CHANGE),
)
async def update_webhook(
    uow: Uow, webhook_id: UUID, payload: WebhookUpdate, expected: IfMatch, allowed: Guarded
) -> Response:
    await keeping.change(uow, webhook_id, payload, expected, allowed)
    return await answer(uow, keeping.WEBHOOK, webhook_id)


@router.delete(
    "/{webhook_id}",
    status_code=204,
    operation_id="delete_webhook",
    summary="Xóa webhook · Delete a webhook",
    responses=problems(*CHANGE),
)
async def delete_webhook(uow: Uow, webhook_id: UUID, expected: IfMatch) -> None:
    await keeping.remove(uow, webhook_id, expected)


@router.post(
    "/{webhook_id}/secret-rotations",
    operation_id="rotate_webhook_secret",
    summary="Đổi khóa ký · Rotate the secret",
    response_model=WebhookSecretShown,
    responses=problems(*WRITE),
)
async def rotate_webhook_secret(uow: Uow, webhook_id: UUID, payload: SecretRotation) -> Response:
    """For `overlap_hours` every message carries both signatures. The new secret is shown in this answer alone."""
    secret = await keeping.rotate(uow, webhook_id, payload)
    return await answer(uow, keeping.WEBHOOK, webhook_id, once={"secret": secret} if secret else None)


@router.post(
    "/{webhook_id}/pings",
    status_code=202,
    operation_id="ping_webhook",
    summary="Gửi thử · Send a test message",
    response_model=WebhookDeliveryRead,
    responses=problems(*WRITE),
)
async def ping_webhook(uow: Uow, webhook_id: UUID) -> Response:
    made = await keeping.ping(uow, webhook_id)
    return await answer(uow, keeping.DELIVERY, made, status=202)


@router.get(
    "/{webhook_id}/deliveries",
    operation_id="list_webhook_deliveries",
    summary="Nhật ký gửi · The log of deliveries",
    response_model=Listing[WebhookDeliveryRead],
    responses=problems(*READ),
)
async def list_webhook_deliveries(
    uow: Reading, webhook_id: UUID, query: Annotated[WebhookDeliveryFilter, Query()]
) -> Response:
    """Kept for 90 days."""
    return json(await keeping.deliveries(uow, webhook_id, query))


@router.post(
    "/{webhook_id}/replay",
    status_code=202,
    operation_id="replay_webhook",
    summary="Gửi lại · Send again",
    responses=problems(*WRITE),
)
async def replay_webhook(uow: Uow, webhook_id: UUID, payload: WebhookReplay) -> Replayed:
    """One delivery, or the first thousand of a period, under the same `webhook-id` as before."""
    return Replayed(count=await keeping.replay(uow, webhook_id, payload))
