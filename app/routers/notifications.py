"""What the caller was told."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import READ, WRITE, problems
from app.models.base import Listing
from app.models.history import NotificationFilter, NotificationRead
from app.routers.deps import Reading, Uow, json
from app.services import notifications

router = APIRouter(prefix="/v1/notifications", tags=["notifications"])


@router.get(
    "",
    operation_id="list_notifications",
    summary="Thông báo của tôi · My notifications",
    response_model=Listing[NotificationRead],
    responses=problems(*READ),
)
async def list_notifications(uow: Reading, asked: Annotated[NotificationFilter, Query()]) -> Response:
    return json(await notifications.page(uow, asked))


@router.post(
    "/read-all",
    status_code=204,
    operation_id="read_all_notifications",
    summary="Đánh dấu đã đọc tất cả · Mark everything read",
    responses=problems(*WRITE),
)
async def read_all_notifications(uow: Uow) -> None:
    await notifications.read_all(uow)


@router.post(
    "/{notification_id}/read",
    status_code=204,
    operation_id="read_notification",
    summary="Đánh dấu đã đọc · Mark as read",
    responses=problems(*WRITE),
)
async def read_notification(uow: Uow, notification_id: UUID) -> None:
    await notifications.read(uow, notification_id)
