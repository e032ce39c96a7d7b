"""The caller's dates, for calendar programs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from app.core.problems import problems
from app.models.calendar_feed import CalendarFeedIssued, CalendarQuery
from app.routers.deps import PRIVATE, AnonymousReading, Uow, UowWithoutRetry, bearer, caller
from app.services import calendar_feeds

router = APIRouter(prefix="/v1/me/calendar", tags=["me"])


@router.get(
    ".ics",
    operation_id="get_calendar",
    summary="Lịch của tôi · My calendar",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}, **problems(401, 422, 503)},
)
async def get_calendar(
    request: Request,
    uow: AnonymousReading,
    access: Annotated[str | None, Depends(bearer)],
    asked: Annotated[CalendarQuery, Query()],
) -> Response:
    """iCalendar (RFC 5545): what waits for the caller with a due date, working sessions held and planned. With an
    access token, or with the secret of `POST /v1/me/calendar-feed` for programs that send no header."""
    uow.who = await (calendar_feeds.reader(uow, asked.token) if asked.token else caller(request, access))
    body = await calendar_feeds.calendar(uow)
    return Response(body, headers=PRIVATE, media_type="text/calendar; charset=utf-8")


@router.post(
    "-feed",
    status_code=201,
    operation_id="create_calendar_feed",
    summary="Địa chỉ lịch bí mật mới · A new secret address of the calendar",
    responses=problems(400, 401, 404, 413, 415, 422, 503),
)
async def create_calendar_feed(request: Request, uow: UowWithoutRetry) -> CalendarFeedIssued:
    """For the person in this body; the address given before ends."""
    secret = await calendar_feeds.issue(uow)
    return CalendarFeedIssued(url=calendar_feeds.of_feed(secret, request.app.state.settings.public_url))


@router.delete(
    "-feed",
    status_code=204,
    operation_id="delete_calendar_feed",
    summary="Bỏ địa chỉ lịch bí mật · End the secret address",
    responses=problems(401, 403, 404, 422, 503),
)
async def delete_calendar_feed(uow: Uow) -> None:
    await calendar_feeds.end(uow)
