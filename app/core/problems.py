"""Problem answers (RFC 9457): one shape for everything that goes wrong, in the caller's language."""

import logging
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.core.errors import AppError, BadRequest, Conflict, Fault, GrantRefused, Invalid, NeedsUnmet, Unavailable
from app.core.faults import faults_of
from app.core.words import fault_words, negotiate, problem_words

log = logging.getLogger("giamsat.problems")

MEDIA_TYPE = "application/problem+json"


class FaultRead(BaseModel):
    pointer: str = Field(description="JSON pointer into the body, or the name of a query, path or header parameter")
    code: str
    detail: str


class Problem(BaseModel):
    """RFC 9457 problem; `code` is stable, the words follow Accept-Language."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:giamsat:problem:move_not_allowed"])
    title: str
    status: int
    detail: str
    instance: str
    code: str = Field(examples=["move_not_allowed"])
    errors: list[FaultRead] | None = None
    unmet: list[FaultRead] | None = None
    state: str | None = None
    allowed: list[str] | None = None


DESCRIPTIONS = {
    400: "Yêu cầu không đọc được · Malformed request",
    401: "Chưa xác thực · Not signed in",
    403: "Không có thẩm quyền · Not yours to do",
    404: "Không có, hoặc không thuộc phạm vi được xem · Absent or not for this caller",
    409: "Trạng thái hiện tại không cho phép · Not possible in the present state",
    410: "Không còn lưu · No longer kept",
    412: "Phiên bản đã cũ · If-Match names an older version",
    413: "Quá lớn · Too large",
    415: "Kiểu nội dung không được hỗ trợ · Unsupported media type",
    416: "Đoạn yêu cầu nằm ngoài tệp · The range lies outside the file",
    422: "Dữ liệu không hợp lệ · Invalid, with a pointer for each fault",
    428: "Thiếu If-Match · If-Match is missing",
    429: "Quá nhiều yêu cầu · Too many requests",
    503: "Tạm thời không phục vụ được · Try again later",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an operation: the problems it can answer."""
    schema = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": DESCRIPTIONS[status], "content": schema} for status in sorted(set(statuses))}


READ = (400, 401, 404, 422, 503)
WRITE = (400, 401, 403, 404, 409, 413, 415, 422, 503)
CHANGE = (*WRITE, 412, 428)


def problem(request: Request, error: AppError) -> Response:
    language = negotiate(request.headers.get("accept-language"))
    body = problem_body(language, request.url.path, error)
    headers = {"Content-Language": language, "Cache-Control": "no-store", **error.headers}
    return Response(orjson.dumps(body), error.status, headers, MEDIA_TYPE)


def problem_body(language: str, instance: str, error: AppError) -> dict[str, Any]:
    title, detail = problem_words(language, error.code, error.params)
    body: dict[str, Any] = {
        "type": f"urn:giamsat:problem:{error.code}",
        "title": title,
        "status": error.status,
        "detail": detail,
        "instance": instance,
        "code": error.code,
        **error.extra,
    }
    if isinstance(error, Invalid) and error.faults:
        body["errors"] = [_spoken(language, it) for it in error.faults]
    if isinstance(error, NeedsUnmet):
        body["unmet"] = [_spoken(language, it) for it in error.unmet]
    return body


def _spoken(language: str, it: Fault) -> dict[str, str]:
    params = dict(it.params)
    detail = fault_words(language, it.code, params, fallback=params.get("msg"))
    return {"pointer": it.pointer, "code": it.code, "detail": detail}


def grant_refusal(request: Request, error: GrantRefused) -> Response:
    """RFC 6749 allows `error_description` ASCII alone, hence English; `message` speaks the caller's language."""
    language = negotiate(request.headers.get("accept-language"))
    body = {
        "error": error.code,
        "error_description": problem_words("en", error.code, error.params)[1],
        "message": problem_words(language, error.code, error.params)[1],
        **error.extra,
    }
    headers = {"Content-Language": language, "Cache-Control": "no-store", **error.headers}
    return Response(orjson.dumps(body), error.status, headers, "application/json")


async def on_app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)
    if isinstance(error, GrantRefused):
        return grant_refusal(request, error)
    return problem(request, error)


async def on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [dict(it) for it in error.errors()]
    if any(it["type"] == "json_invalid" for it in errors):
        return problem(request, BadRequest("bad_json"))
    if isinstance(error.body, bytes) and error.body:
        return await on_http_error(request, HTTPException(415))  # not said to be JSON, so it was not read as such
    return problem(request, Invalid(*faults_of(errors, error.body)))


HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media"}


async def on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = HTTP_CODES.get(error.status_code, "bad_request")
    if error.status_code == 400 and "json" in request.headers.get("content-type", ""):
        code = "bad_json"  # not UTF-8, nested beyond reason, a number of thousands of digits
    known = AppError(code, headers=dict(error.headers or {}))
    known.status = error.status_code  # type: ignore[misc]
    return problem(request, known)


LOCKED, STATEMENT_CANCELLED = "55P03", "57014"
SERIALIZATION, DEADLOCK = "40001", "40P01"
OUT_OF_RANGE = {"22003", "22008", "22P05", "22021"}


async def on_database_error(request: Request, error: Exception) -> Response:
    """A lost race is a conflict, a busy server says when to come back; neither shows SQL text."""
    if isinstance(error, StaleDataError):
        return problem(request, Conflict("lost_race"))
    if isinstance(error, IntegrityError):
        log.warning("integrity", extra={"constraint": _diagnostic(error, "constraint_name")})
        return problem(request, Conflict("lost_race"))
    state = _diagnostic(error, "sqlstate") if isinstance(error, DBAPIError) else None
    if state == LOCKED and request.headers.get("idempotency-key"):
        return problem(request, Conflict("request_in_progress", headers={"Retry-After": "1"}))
    if state in OUT_OF_RANGE:
        return problem(request, Invalid(code="invalid"))
    if state in {LOCKED, STATEMENT_CANCELLED, SERIALIZATION, DEADLOCK}:
        return problem(request, Unavailable("busy"))
    if isinstance(error, (PoolTimeout, OperationalError)) or getattr(error, "connection_invalidated", False):
        return problem(request, Unavailable())
    return await on_unexpected(request, error)


def _diagnostic(error: DBAPIError, name: str) -> str | None:
    cause = error.orig
    while cause is not None:
        if value := getattr(cause, name, None):
            return str(value)
        cause = cause.__cause__  # type: ignore[assignment]
    return None


async def on_unexpected(request: Request, error: Exception) -> Response:
    """The caller learns a request id and nothing else."""
    log.error("unexpected", exc_info=error)
    failure = AppError(params={"request_id": getattr(request.state, "request_id", "–")})
    return problem(request, failure)


def install(app: FastAPI) -> None:
    app.add_exception_handler(AppError, on_app_error)
    app.add_exception_handler(RequestValidationError, on_validation_error)
    app.add_exception_handler(HTTPException, on_http_error)
    for kind in (DBAPIError, PoolTimeout, StaleDataError):
        app.add_exception_handler(kind, on_database_error)
    app.add_exception_handler(Exception, on_unexpected)
