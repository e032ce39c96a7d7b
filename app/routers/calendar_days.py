"""Holidays, swapped days and make-up Saturdays."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import READ, WRITE, problems
from app.models.base import Day, Listing
from app.models.deadline import CalendarDayFilter, CalendarDayPut, CalendarDayRead
from app.routers.deps import PRIVATE, Reading, Uow, answer, json
from app.services import calendar_days

router = APIRouter(prefix="/v1/calendar-days", tags=["law"])


@router.get(
    "",
    operation_id="list_calendar_days",
    summary="Ngày nghỉ, ngày làm bù trong năm · Days off and make-up days of a year",
    response_model=Listing[CalendarDayRead],
    responses=problems(*READ),
)
async def list_calendar_days(uow: Reading, query: Annotated[CalendarDayFilter, Query()]) -> Response:
    return json(await calendar_days.listing(uow, query))


@router.put(
    "/{day}",
    operation_id="correct_calendar_day",
    summary="Ghi nhận một ngày theo quyết định (quản trị danh bạ) · Enter a day as decided (registrar)",
    response_model=CalendarDayRead,
    responses=problems(*WRITE),
)
async def correct_calendar_day(uow: Uow, day: Day, payload: CalendarDayPut) -> Response:
    await calendar_days.correct(uow, day, payload)
    return await answer(uow, calendar_days.CALENDAR_DAY, day)


@router.delete(
    "/{day}",
    operation_id="restore_calendar_day",
    summary="Bỏ điều chỉnh của một ngày (quản trị danh bạ) · Undo the correction of a day (registrar)",
    status_code=204,
    responses=problems(*WRITE),
)
async def restore_calendar_day(uow: Uow, day: Day) -> Response:
    await calendar_days.restore(uow, day)
    return Response(status_code=204, headers=PRIVATE)
