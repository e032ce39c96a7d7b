"""Engagements: supervised parties, working sessions, requests to revise their reports, and the dates that bind."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Header, Query, Request
from starlette.responses import Response, StreamingResponse

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.engagement import ENGAGEMENT
from app.models.base import Listing, ListQuery
from app.models.engagement import (
    Engagement,
    EngagementCreate,
    EngagementDeadline,
    EngagementFilter,
    EngagementMove,
    EngagementSeen,
    EngagementUpdate,
)
from app.models.field_pack import FieldPack
from app.models.revision_request import RevisionRequestCreate, RevisionRequestRead
from app.models.session import SessionCreate, SessionRead, SessionUpdate
from app.routers.deps import PRIVATE, IfMatch, Reading, Uow, answer, json
from app.routers.files import ARCHIVE, send_archive
from app.routers.histories import tell_history
from app.services.engagements import (
    dates,
    field_packs,
    moves,
    packages,
    reading,
    revision_requests,
    sessions,
    writing,
)
from app.services.reading import Page

PATH = "/v1/engagements"
router = APIRouter(prefix=PATH, tags=["engagements"])


@router.get(
    "",
    operation_id="list_engagements",
    summary="Làm việc với các đối tượng được giám sát · Engagements",
    response_model=Listing[EngagementSeen],
    responses=problems(*READ),
)
async def list_engagements(uow: Reading, asked: Annotated[EngagementFilter, Query()]) -> Response:
    return json(await reading.page(uow, asked))


@router.post(
    "",
    status_code=201,
    operation_id="create_engagement",
    summary="Thêm đối tượng được giám sát · Name a supervised party",
    response_model=EngagementSeen,
    responses=problems(*WRITE),
)
async def create_engagement(uow: Uow, payload: EngagementCreate) -> Response:
    identifier = await writing.create(uow, payload)
    return await answer(uow, reading.ENGAGEMENTS, identifier, status=201, location=PATH)


@router.get(
    "/{engagement_id}",
    operation_id="get_engagement",
    summary="Làm việc với một đối tượng · One engagement",
    response_model=EngagementSeen,
    responses=problems(*READ),
)
async def get_engagement(uow: Reading, engagement_id: UUID) -> Response:
    return await answer(uow, reading.ENGAGEMENTS, engagement_id)


@router.patch(
    "/{engagement_id}",
    operation_id="update_engagement",
    summary="Sửa đối tượng và các mốc ngày · Change the party or its dates",
    response_model=EngagementSeen,
    responses=problems(*CHANGE),
)
async def update_engagement(uow: Uow, engagement_id: UUID, payload: EngagementUpdate, expected: IfMatch) -> Response:
    await writing.update(uow, engagement_id, payload, expected)
    return await answer(uow, reading.ENGAGEMENTS, engagement_id)


tell_history(router, Engagement, "engagement", vi="việc giám sát một đối tượng", en="an engagement")


@router.post(
    "/{engagement_id}/transitions",
    operation_id="advance_engagement",
    summary="Chuyển bước làm việc với đối tượng · Take a step of an engagement",
    description=ENGAGEMENT.markdown(),
    response_model=EngagementSeen,
    responses=problems(*CHANGE),
)
async def advance_engagement(
    uow: Uow, engagement_id: UUID, move: Annotated[EngagementMove, Body()], expected: IfMatch
) -> Response:
    await moves.advance(uow, engagement_id, move, expected)
    return await answer(uow, reading.ENGAGEMENTS, engagement_id)


@router.get(
    "/{engagement_id}/deadlines",
    operation_id="list_engagement_deadlines",
    summary="Các thời hạn và căn cứ · Deadlines with their legal basis",
    response_model=Listing[EngagementDeadline],
    responses=problems(*READ),
)
async def list_engagement_deadlines(uow: Reading, engagement_id: UUID) -> Response:
    return json(await dates.of(uow, engagement_id))


@router.get(
    "/{engagement_id}/sessions",
    operation_id="list_engagement_sessions",
    summary="Các buổi làm việc · Working sessions",
    response_model=Listing[SessionRead],
    responses=problems(*READ),
)
async def list_sessions(uow: Reading, engagement_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await sessions.page(uow, engagement_id, Page.of(query)))


@router.post(
    "/{engagement_id}/sessions",
    status_code=201,
    operation_id="record_session",
    summary="Ghi nhận một buổi làm việc · Record a working session",
    description="Mỗi lời hứa thành một kiến nghị đã ban hành. · Each promise becomes an issued recommendation.",
    response_model=SessionRead,
    responses=problems(*WRITE),
)
async def record_session(uow: Uow, engagement_id: UUID, payload: SessionCreate) -> Response:
    session_id = await sessions.record(uow, engagement_id, payload)
    location = f"{PATH}/{engagement_id}/sessions"
    return await answer(uow, sessions.SESSIONS, session_id, status=201, location=location)


@router.get(
    "/{engagement_id}/sessions/{session_id}",
    operation_id="get_session",
    summary="Một buổi làm việc · One working session",
    response_model=SessionRead,
    responses=problems(*READ),
)
async def get_session(uow: Reading, engagement_id: UUID, session_id: UUID) -> Response:
    await sessions.require_of(uow, engagement_id, session_id)
    return await answer(uow, sessions.SESSIONS, session_id)


@router.patch(
    "/{engagement_id}/sessions/{session_id}",
    operation_id="minute_session",
    summary="Bổ sung, thay biên bản · Add the minutes, or replace them",
    description="`If-Match` của đối tượng giám sát; biên bản cũ vẫn đọc được. · "
    "`If-Match` of the engagement; earlier minutes stay readable.",
    response_model=SessionRead,
    responses=problems(*CHANGE),
)
async def minute_session(
    uow: Uow, engagement_id: UUID, session_id: UUID, payload: SessionUpdate, expected: IfMatch
) -> Response:
    await sessions.minute(uow, engagement_id, session_id, payload, expected)
    return await answer(uow, sessions.SESSIONS, session_id)


@router.get(
    "/{engagement_id}/revision-requests",
    operation_id="list_engagement_revision_requests",
    summary="Các yêu cầu bổ sung báo cáo · Requests to revise the self-report",
    response_model=Listing[RevisionRequestRead],
    responses=problems(*READ),
)
async def list_engagement_revision_requests(
    uow: Reading, engagement_id: UUID, query: Annotated[ListQuery, Query()]
) -> Response:
    return json(await revision_requests.page_of(uow, engagement_id, Page.of(query)))


@router.post(
    "/{engagement_id}/revision-requests",
    status_code=201,
    operation_id="request_revision",
    summary="Yêu cầu bổ sung, gửi lại báo cáo · Ask for a new version of the self-report",
    response_model=RevisionRequestRead,
    responses=problems(*WRITE),
)
async def request_revision(uow: Uow, engagement_id: UUID, payload: RevisionRequestCreate) -> Response:
    identifier = await revision_requests.ask(uow, engagement_id, payload)
    location = "/v1/revision-requests"
    return await answer(uow, revision_requests.REVISION_REQUESTS, identifier, status=201, location=location)


@router.get(
    "/{engagement_id}/field-pack",
    operation_id="get_field_pack",
    summary="Mọi thứ cần khi đi cơ sở không có mạng · All that a phone needs where there is no network",
    description="Một `ETag` cho tất cả; `If-None-Match` trả 304. · One `ETag` for all; `If-None-Match` answers 304.",
    response_model=FieldPack,
    responses={304: {"description": "Không đổi · Not modified"}, **problems(*READ, 403)},
)
async def get_field_pack(
    uow: Reading, engagement_id: UUID, known: Annotated[str | None, Header(alias="If-None-Match")] = None
) -> Response:
    body, digest = await field_packs.of(uow, engagement_id)
    headers = {"ETag": f'"{digest}"', "Cache-Control": "private, no-cache"}
    if known is not None and digest in known:
        return Response(status_code=304, headers={**PRIVATE, **headers})
    return json(body, headers=headers)


@router.get(
    "/{engagement_id}/package",
    operation_id="download_package",
    summary="Kế hoạch, quyết định, đề cương trong một tệp ZIP · Plan, decision and outline in one ZIP",
    description="Kèm `index.json` có SHA-256 của từng tệp. · With `index.json`, which gives each file's SHA-256.",
    response_class=StreamingResponse,
    responses={**ARCHIVE, **problems(*READ, 409)},
)
async def download_package(request: Request, uow: Reading, engagement_id: UUID) -> Response:
    return send_archive(request, await packages.of(uow, engagement_id))
