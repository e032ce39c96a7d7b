"""Electronic documents: pushed by document systems or uploaded by a clerk, and the desk of those that wait."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Query, Request
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect
from starlette.responses import Response, StreamingResponse

from app.adapters.storage import CHUNK
from app.core.errors import BadRequest, Invalid, UnsupportedMedia, invalid
from app.core.problems import CHANGE, READ, WRITE, problem, problem_body, problems
from app.domain.edxml import MessageOutcome
from app.models.base import Listing
from app.models.edxml import (
    BulkReplay,
    MessageDiscard,
    MessageFilter,
    MessageLink,
    MessagePurge,
    MessageRead,
    MessageReplay,
    PurgeDecision,
    ReceiptAnswer,
    ReplayResults,
    RuleList,
    StatusReport,
)
from app.routers.deps import PRIVATE, IfMatch, Reading, Uow, UowWithoutRetry, answer, json, shelf_of
from app.routers.files import BYTES, disposition
from app.services.dispatches import reports
from app.services.edxml import desk, intake, purging, replaying
from app.services.unit_of_work import Retry, UnitOfWork

router = APIRouter(prefix="/v1/edxml", tags=["exchange"])

XML = frozenset({"application/xml", "text/xml", "application/octet-stream", "application/edxml+xml"})
FIELDS = ("edocFile", "file")
FORM = {
    "schema": {"type": "object", "properties": {"edocFile": BYTES["schema"]}, "required": ["edocFile"]},
}
STATUS = {MessageOutcome.DUPLICATE: 200, MessageOutcome.REJECTED: 422}

PUSH = """\
The raw bytes are kept first. Answers by outcome: `accepted`, `quarantined` (a person decides) and `ignored` 202,
`duplicate` 200 with the first result, `rejected` 422 as a problem. `code` is a rule of `GET /v1/edxml/rules`.

A machine client with `organ_ids` delivers for these senders alone (403 `E-FROM-FORBIDDEN`), to whoever is addressed;
without, and a clerk's upload, delivers to the own body. One message delivered again, by whatever way, is one document
for each receiving body, with one more receipt.
"""


@router.post(
    "/inbound",
    operation_id="push_edxml",
    summary="Nhận một gói tin edXML · Take in an edXML message",
    description=PUSH,
    status_code=202,
    response_model=ReceiptAnswer,
    responses={
        200: {"model": ReceiptAnswer, "description": "Đã nhận từ trước · Received before"},
        **problems(*WRITE),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/xml": BYTES, "application/octet-stream": BYTES, "multipart/form-data": FORM},
        }
    },
)
async def push_edxml(
    request: Request,
    uow: UowWithoutRetry,
    idempotency_key: Annotated[
        str | None, Header(description="Thử lại an toàn · Safe retry of a POST, kept 7 days", max_length=200)
    ] = None,
) -> Response:
    intake.check_may_bring(uow)
    shelf = shelf_of(request)
    arrival = await intake.arrive(shelf, _content(request), uow.now)
    with arrival.reading:
        if idempotency_key:
            uow.retry = Retry(idempotency_key, request.method, request.url.path, arrival.stored.sha256)
        taken = await intake.take_in(uow, shelf, arrival)
    return await _receipt(request, uow, taken)


def _content(request: Request) -> AsyncIterator[bytes]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in XML:
        return _streamed(request)
    if kind != "multipart/form-data":
        raise UnsupportedMedia
    return _uploaded(request)


async def _streamed(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect:
        raise BadRequest from None


async def _uploaded(request: Request) -> AsyncIterator[bytes]:
    async with request.form(max_files=1, max_fields=5) as form:
        files = [it for name in FIELDS if isinstance(it := form.get(name), UploadFile)]
        if not files:
            raise invalid("/edocFile", "missing")
        while chunk := await files[0].read(CHUNK):
            yield chunk


async def _receipt(request: Request, uow: UnitOfWork, taken: intake.Taken) -> Response:
    told = await desk.receipt_answer(uow, taken)
    status = uow.status = STATUS.get(told.outcome, 202)
    headers = {"Idempotency-Replayed": "true"} if uow.replay is not None else {}
    if told.outcome is MessageOutcome.REJECTED:
        return _rejected(request, told)
    return json(told.model_dump_json().encode(), status, headers)


def _rejected(request: Request, told: ReceiptAnswer) -> Response:
    """Answered, not raised: what was rejected is kept, and so is its receipt."""
    refused = Invalid(code="message_rejected")
    refused.params = {"rule": told.detail}
    refused.extra = told.model_dump(mode="json", exclude={"detail"})
    return problem(request, refused)


@router.get(
    "/rules",
    operation_id="list_edxml_rules",
    summary="Các quy tắc tiếp nhận, với mã ổn định · The rules of taking in, by stable code",
    response_model=RuleList,
)
async def list_edxml_rules() -> RuleList:
    return desk.rules()


@router.get(
    "/messages",
    operation_id="list_edxml_messages",
    summary="Gói tin đến, đi và chờ xem xét · Messages in, out and waiting",
    response_model=Listing[MessageRead],
    responses=problems(*READ),
)
async def list_edxml_messages(uow: Reading, query: Annotated[MessageFilter, Query()]) -> Response:
    return json(await desk.listing(uow, query))


@router.post(
    "/messages/replay",
    operation_id="replay_edxml_messages",
    summary="Đọc lại nhiều gói tin đang chờ · Read many waiting messages again",
    description=(
        "Sau khi bổ sung mã định danh: theo `ids`, hoặc theo `filter` (cũ nhất trước, mỗi lần tối đa 100; `remaining` "
        "là số còn lại). Mỗi gói tin có kết quả riêng. · After the directory was completed: by `ids` or by `filter`, "
        "the oldest first, at most 100 at once; each with a result of its own, `remaining` for the next call."
    ),
    response_model=ReplayResults,
    responses=problems(*WRITE),
)
async def replay_edxml_messages(request: Request, uow: Uow, payload: BulkReplay) -> Response:
    outcomes, remaining = await replaying.run(uow, shelf_of(request), payload)
    results = [_replayed(request, uow.language, it) for it in outcomes]
    return json(orjson.dumps({"results": results, "remaining": remaining}, default=str))


def _replayed(request: Request, language: str, it: replaying.Outcome) -> dict[str, Any]:
    """What does not apply is absent."""
    told = {"id": it.id, "status": it.status, "outcome": it.outcome, "rule": it.rule, "message_id": it.message_id}
    if it.refusal is not None:
        instance = f"{request.url.path}#/{it.id}"
        told |= {"code": it.refusal.code, "problem": problem_body(language, instance, it.refusal)}
    return {name: value for name, value in told.items() if value is not None}


@router.get(
    "/messages/{message_id}",
    operation_id="get_edxml_message",
    summary="Một gói tin · One message",
    response_model=MessageRead,
    responses=problems(*READ),
)
async def get_edxml_message(uow: Reading, message_id: UUID) -> Response:
    return await answer(uow, desk.MESSAGE, message_id)


@router.get(
    "/messages/{message_id}/raw",
    operation_id="get_edxml_message_raw",
    summary="Nguyên bản gói tin · The bytes as they came",
    description="Văn bản mật: không cấp cho ai · Those of a secret document are handed out to nobody (403).",
    response_class=Response,
    responses={200: {"content": {"application/xml": BYTES}}, **problems(*READ, 403, 410)},
)
async def get_edxml_message_raw(request: Request, uow: Reading, message_id: UUID) -> Response:
    it, content = await desk.raw(uow, shelf_of(request), message_id)
    headers = {
        **PRIVATE,
        "Content-Length": str(it.size),
        "Content-Disposition": disposition(f"{it.id}.edxml"),
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(content, 200, headers, "application/xml")


@router.post(
    "/messages/{message_id}/replay",
    operation_id="replay_edxml_message",
    summary="Đọc lại gói tin đang chờ · Read a waiting message again by today's rules",
    description=(
        "`overrides` puts texts of the header right, by path below MessageHeader "
        "(`PromulgationInfo/PromulgationDate`); the bytes never change. · Dùng sau khi bổ sung mã định danh."
    ),
    response_model=MessageRead,
    responses=problems(*CHANGE, 410),
)
async def replay_edxml_message(
    request: Request, uow: Uow, message_id: UUID, payload: MessageReplay, expected: IfMatch
) -> Response:
    made = await desk.replay(uow, shelf_of(request), message_id, payload, expected)
    return await answer(uow, desk.MESSAGE, made)


@router.post(
    "/messages/{message_id}/link",
    operation_id="link_edxml_message",
    summary="Gắn văn bản đến với kiến nghị · Say which recommendations a received paper answers",
    response_model=MessageRead,
    responses=problems(*CHANGE),
)
async def link_edxml_message(uow: Uow, message_id: UUID, payload: MessageLink, expected: IfMatch) -> Response:
    made = await desk.link(uow, message_id, payload, expected)
    return await answer(uow, desk.MESSAGE, made)


@router.post(
    "/messages/{message_id}/discard",
    operation_id="discard_edxml_message",
    summary="Bỏ gói tin đang chờ · Decide that nothing follows from a waiting message",
    response_model=MessageRead,
    responses=problems(*CHANGE),
)
async def discard_edxml_message(uow: Uow, message_id: UUID, payload: MessageDiscard, expected: IfMatch) -> Response:
    made = await desk.discard(uow, message_id, payload, expected)
    return await answer(uow, desk.MESSAGE, made)


@router.post(
    "/messages/{message_id}/purge",
    operation_id="ask_edxml_message_purge",
    summary="Đề nghị hủy nguyên bản gói tin · Ask for the bytes of a message to be destroyed",
    description=(
        "Gói tin bị từ chối, đã bỏ, không làm thay đổi gì, hoặc văn bản mật đang chờ. Người khác của cùng cơ quan xác "
        "nhận (`purge/decision`). · Of what was rejected, discarded or ignored, and of a secret document that waits. "
        "Another person of the same body confirms."
    ),
    response_model=MessageRead,
    responses=problems(*CHANGE, 410),
)
async def ask_edxml_message_purge(uow: Uow, message_id: UUID, payload: MessagePurge, expected: IfMatch) -> Response:
    made = await purging.ask(uow, message_id, payload, expected)
    return await answer(uow, desk.MESSAGE, made)


@router.post(
    "/messages/{message_id}/purge/decision",
    operation_id="decide_edxml_message_purge",
    summary="Xác nhận hoặc không đồng ý hủy · Confirm that the bytes are destroyed, or refuse it",
    description=(
        "Người đề nghị không tự xác nhận (403 `two_persons`), nhưng được rút lại (`refused`). · Nobody confirms what "
        "they asked for themselves, but may take it back. What the message was, and who destroyed its bytes, stays."
    ),
    response_model=MessageRead,
    responses=problems(*CHANGE, 410),
)
async def decide_edxml_message_purge(uow: Uow, message_id: UUID, payload: PurgeDecision, expected: IfMatch) -> Response:
    made = await purging.decide(uow, message_id, payload, expected)
    return await answer(uow, desk.MESSAGE, made)


@router.post(
    "/messages/{message_id}/statuses",
    operation_id="report_edxml_message",
    summary="Báo nơi gửi: tiếp nhận, từ chối, phân công, đang xử lý, xong · Tell the sender what became of it",
    description=(
        "02 từ chối, 03 tiếp nhận, 04 phân công, 05 đang xử lý, 06 hoàn thành; khi có đề nghị thu hồi: 15 đồng ý, 16 "
        "từ chối. 01 được báo tự động. Bước có thể bỏ qua, không lùi lại (409 `status_out_of_order` với `allowed`), "
        "trừ 03 sau 02. 02 và 16 cần lý do. Không có tài khoản trục: gói tin chờ phần mềm văn thư hoặc chuyển bằng "
        "tệp. · In this order, steps may be skipped and none taken back, but 03 after 02; 02 and 16 say why. "
        "Without an axis the report waits to be relayed or carried: `?direction=out&kind=status&state=built`."
    ),
    response_model=MessageRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def report_edxml_message(request: Request, uow: Uow, message_id: UUID, payload: StatusReport) -> Response:
    made = await reports.report(uow, request.app.state.storage, message_id, payload)
    return await answer(uow, desk.MESSAGE, made, status=201)


@router.post(
    "/messages/{message_id}/confirmation",
    operation_id="confirm_edxml_message",
    summary="Đã chuyển báo cáo trạng thái · A report was handed over",
    description="Bởi phần mềm văn thư hoặc người chuyển tệp. · By the relaying system, or whoever carries the file.",
    response_model=MessageRead,
    responses=problems(*WRITE),
)
async def confirm_edxml_message(uow: Uow, message_id: UUID) -> Response:
    await reports.confirm(uow, message_id)
    return await answer(uow, desk.MESSAGE, message_id)
