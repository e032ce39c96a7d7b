"""Changes as they happen, as server-sent events."""

from collections.abc import AsyncIterator
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import format_sse_event
from starlette.responses import StreamingResponse

from app.core.errors import Unauthenticated
from app.core.problems import problems
from app.core.tokens import Claims
from app.models.event import EventQuery, EventTicketRead
from app.routers.deps import PRIVATE, Transactions, UowWithoutRetry, bearer
from app.services import events
from app.services.events import Event

router = APIRouter(prefix="/v1/events", tags=["changes"])

Bearer = Annotated[str | None, Depends(bearer)]
RETRY_MS = 3000


@router.post(
    "/tickets",
    status_code=201,
    operation_id="create_event_ticket",
    summary="Vé mở luồng sự kiện · A ticket for the stream of events",
    responses=problems(400, 401, 404, 413, 415, 422, 503),
)
async def create_event_ticket(request: Request, uow: UowWithoutRetry, token: Bearer) -> EventTicketRead:
    """For a browser's EventSource, which sends no header: good once and for a minute."""
    assert token is not None
    return await events.give_ticket(uow, request.app.state.tokens.read(token))


@router.get(
    "",
    operation_id="open_events",
    summary="Luồng sự kiện · The stream of events",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "text/event-stream"},
        **problems(400, 401, 410, 422, 429, 503),
    },
)
async def open_events(
    request: Request,
    begin: Transactions,
    token: Bearer,
    asked: Annotated[EventQuery, Query()],
    last_event_id: Annotated[str | None, Header(max_length=1000)] = None,
) -> StreamingResponse:
    """`event: change` carries an item of `GET /v1/changes`; its `id` is a cursor, good for `Last-Event-ID` and for
    `since` alike, so that nothing is lost or told twice when the stream is opened again. Without one the stream begins
    now. `event: reset` asks to forget everything held and is followed by all that is visible. A comment is sent every
    15 seconds. `event: end` closes it: the token has `expired` or was `revoked`, or the server makes a `restart`;
    EventSource must then be opened anew, with a new ticket and `last_event_id`.
    """
    if asked.ticket is not None:
        async with begin() as uow:
            claims: Claims = await events.take_ticket(uow, asked.ticket)
    elif token is not None:
        claims = request.app.state.tokens.read(token)
    else:
        raise Unauthenticated
    stream = await request.app.state.streams.open(claims, last_event_id or asked.last_event_id)
    headers = {**PRIVATE, "X-Accel-Buffering": "no"}
    return StreamingResponse(_written(stream), headers=headers, media_type="text/event-stream")


async def _written(stream: AsyncIterator[Event]) -> AsyncIterator[bytes]:
    yield format_sse_event(retry=RETRY_MS)
    async for it in stream:
        data = None if it.data is None else orjson.dumps(it.data).decode()
        comment = "ok" if it.name is None else None
        yield format_sse_event(data_str=data, event=it.name, id=it.id, comment=comment)
