"""What a person wants to be told by e-mail."""

from fastapi import APIRouter

from app.core.problems import READ, problems
from app.models.mail import PreferencesRead, PreferencesSet
from app.routers.deps import Reading, Uow
from app.services import preferences

router = APIRouter(prefix="/v1/me/notification-preferences", tags=["me"])


@router.get(
    "",
    operation_id="get_notification_preferences",
    summary="Tôi muốn được báo qua thư thế nào · What I want by e-mail",
    responses=problems(*READ),
)
async def get_notification_preferences(uow: Reading) -> PreferencesRead:
    return await preferences.read(uow)


@router.put(
    "",
    operation_id="set_notification_preferences",
    summary="Đặt địa chỉ thư và loại thông báo · Set the address and what to send to it",
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 503),
)
async def set_notification_preferences(uow: Uow, payload: PreferencesSet) -> PreferencesRead:
    """For the person, in all of their bodies. Without `email` nothing is sent. Every notification is in
    `GET /v1/notifications` as well."""
    return await preferences.replace(uow, payload)
