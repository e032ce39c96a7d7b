"""Findings: filed singly or in batches by members, edited with merging, moved by author, secretariat and lead."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Body, Query, Request
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problem_body, problems
from app.domain.finding import FINDING, PENDING_EDIT
from app.models.base import Listing, ListQuery
from app.models.finding import (
    BatchResults,
    Finding,
    FindingBatch,
    FindingCreate,
    FindingFilter,
    FindingMerged,
    FindingMove,
    FindingRead,
    FindingUpdate,
    PendingEdit,
    PendingEditMade,
    PendingEditMove,
    PendingEditRead,
    ReferralCreate,
)
from app.models.history import TransitionRead
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.histories import tell_history
from app.services import history
from app.services.findings import batch, editing, filing, moves, reading, repeats
from app.services.findings.batch import Outcome
from app.services.findings.reading import FINDINGS, PENDING_EDITS

PATH = "/v1/findings"

router = APIRouter(prefix=PATH, tags=["findings"])


@router.get(
    "",
    operation_id="list_findings",
    summary="Danh sách kết quả giám sát · List findings",
    response_model=Listing[FindingRead],
    responses=problems(*READ),
)
async def list_findings(uow: Reading, query: Annotated[FindingFilter, Query()]) -> Response:
    return json(await reading.page(uow, query))


@router.post(
    "",
    operation_id="create_finding",
    summary="Ghi một kết quả giám sát · File a finding",
    description=(
        "Bởi thành viên của đoàn đã có quyết định, đến khi hoàn tất. Gửi lại cùng `id` và nội dung: 200, không ghi hai "
        "lần. · By a member of a decided delegation until the engagement is final. The same `id` with the same "
        "content answers 200 and records nothing twice; other content is 409 `id_reused`."
    ),
    status_code=201,
    response_model=FindingRead,
    responses={200: {"description": "Đã ghi từ trước · Was recorded before", "model": FindingRead}, **problems(*WRITE)},
)
async def create_finding(uow: Uow, payload: FindingCreate) -> Response:
    filed = await filing.create(uow, payload)
    return await answer(uow, FINDINGS, filed.id, status=200 if filed.resent else 201, location=PATH)


@router.post(
    "/batch",
    operation_id="file_findings",
    summary="Ghi nhiều kết quả một lần · File many findings at once",
    description=(
        "1–200 mục `create`, `edit`, `submit`, theo thứ tự; mục sai không làm hỏng mục khác và gửi lại không ghi hai "
        "lần. · 1–200 items in order; one that is wrong spoils no other, and sending again records nothing twice."
    ),
    response_model=BatchResults,
    responses=problems(400, 401, 409, 413, 415, 422, 503),
)
async def file_findings(request: Request, uow: Uow, payload: FindingBatch) -> Response:
    outcomes = await batch.run(uow, payload.items)
    results = [_result(request, uow.language, place, it) for place, it in enumerate(outcomes)]
    return json(orjson.dumps({"results": results}, default=str))


def _result(request: Request, language: str, place: int, outcome: Outcome) -> dict[str, Any]:
    result: dict[str, Any] = {"id": outcome.id, "op": outcome.op, "status": outcome.status}
    told = ("version", "merged_from", "pending_edit_id")
    result |= {name: value for name in told if (value := getattr(outcome, name)) is not None}
    if (refusal := outcome.refusal) is not None:
        instance = f"{request.url.path}#/items/{place}"
        result |= {"code": refusal.code, "problem": problem_body(language, instance, refusal)}
    return result


@router.get(
    "/{finding_id}",
    operation_id="get_finding",
    summary="Một kết quả giám sát · One finding",
    response_model=FindingRead,
    responses=problems(*READ),
)
async def get_finding(uow: Reading, finding_id: UUID) -> Response:
    return await answer(uow, FINDINGS, finding_id)


@router.patch(
    "/{finding_id}",
    operation_id="update_finding",
    summary="Sửa kết quả giám sát · Edit a finding",
    description=(
        "`If-Match` cũ được chấp nhận: trường không đụng nhau thì gộp (200, `merged_from`), đụng nhau thì chờ người xử "
        "lý (202). Sửa kết quả đã được chấp nhận luôn phải chờ. · An older `If-Match` is welcome: disjoint fields are "
        "merged (200, `merged_from`), colliding ones wait for a person (202). Edits of an accepted finding always wait."
    ),
    response_model=FindingMerged,
    responses={
        202: {"description": "Chờ xử lý, chưa áp dụng · Waits, nothing is applied", "model": PendingEditMade},
        **problems(*CHANGE),
    },
)
async def update_finding(uow: Uow, finding_id: UUID, payload: FindingUpdate, expected: IfMatch) -> Response:
    edited = await editing.update(uow, finding_id, payload, expected)
    if edited.pending_edit_id is not None:
        location = f"{PATH}/{finding_id}/pending-edits/{edited.pending_edit_id}"
        return json(orjson.dumps({"pending_edit_id": str(edited.pending_edit_id)}), 202, {"Location": location})
    once = {} if edited.merged_from is None else {"merged_from": edited.merged_from}
    return await answer(uow, FINDINGS, finding_id, once=once)


@router.post(
    "/{finding_id}/transitions",
    operation_id="advance_finding",
    summary="Chuyển bước của kết quả giám sát · Move a finding",
    description=FINDING.markdown(),
    response_model=FindingRead,
    responses=problems(*CHANGE),
)
async def advance_finding(
    uow: Uow, finding_id: UUID, move: Annotated[FindingMove, Body()], expected: IfMatch
) -> Response:
    return await answer(uow, FINDINGS, await moves.advance(uow, finding_id, move, expected))


tell_history(router, Finding, "finding", vi="kết quả giám sát", en="a finding")


@router.post(
    "/{finding_id}/referrals",
    operation_id="refer_finding",
    summary="Chuyển dấu hiệu vi phạm đến nơi có thẩm quyền · Refer a sign of violation",
    status_code=201,
    response_model=FindingRead,
    responses=problems(*WRITE),
)
async def refer_finding(uow: Uow, finding_id: UUID, payload: ReferralCreate) -> Response:
    return await answer(uow, FINDINGS, await moves.refer(uow, finding_id, payload), status=201, location=PATH)


@router.get(
    "/{finding_id}/repeats",
    operation_id="list_finding_repeats",
    summary="Những lần lặp lại của cùng một hạn chế · The same limitation at other times",
    response_model=Listing[FindingRead],
    responses=problems(*READ),
)
async def list_finding_repeats(uow: Reading, finding_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await repeats.page(uow, finding_id, query))


@router.get(
    "/{finding_id}/pending-edits",
    operation_id="list_pending_edits",
    summary="Sửa đổi đang chờ và đã xử lý · Edits that wait or were settled",
    response_model=Listing[PendingEditRead],
    responses=problems(*READ),
)
async def list_pending_edits(uow: Reading, finding_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await reading.page_of_edits(uow, finding_id, query))


@router.get(
    "/{finding_id}/pending-edits/{edit_id}",
    operation_id="get_pending_edit",
    summary="Một sửa đổi đang chờ · One waiting edit",
    response_model=PendingEditRead,
    responses=problems(*READ),
)
async def get_pending_edit(uow: Reading, finding_id: UUID, edit_id: UUID) -> Response:
    await editing.find_edit(uow, finding_id, edit_id)
    return await answer(uow, PENDING_EDITS, edit_id)


@router.post(
    "/{finding_id}/pending-edits/{edit_id}/transitions",
    operation_id="settle_pending_edit",
    summary="Xử lý sửa đổi đang chờ · Settle a waiting edit",
    description=PENDING_EDIT.markdown(),
    response_model=PendingEditRead,
    responses=problems(*CHANGE),
)
async def settle_pending_edit(
    uow: Uow, finding_id: UUID, edit_id: UUID, move: Annotated[PendingEditMove, Body()], expected: IfMatch
) -> Response:
    return await answer(uow, PENDING_EDITS, await editing.settle(uow, finding_id, edit_id, move, expected))


@router.get(
    "/{finding_id}/pending-edits/{edit_id}/transitions",
    operation_id="list_pending_edit_transitions",
    summary="Diễn biến của sửa đổi · History of a waiting edit",
    response_model=Listing[TransitionRead],
    responses=problems(*READ),
)
async def list_pending_edit_transitions(
    uow: Reading, finding_id: UUID, edit_id: UUID, query: Annotated[ListQuery, Query()]
) -> Response:
    await editing.find_edit(uow, finding_id, edit_id)
    return json(await history.of(uow, PendingEdit, edit_id, query))
