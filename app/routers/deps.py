"""What every operation needs: the caller, one transaction, If-Match, retries, and the shape of answers."""

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends, Header, Request
from fastapi.security import OAuth2PasswordBearer
from starlette.responses import Response

from app.core.clock import today
from app.core.errors import Forbidden, Unauthenticated, invalid
from app.core.principal import Principal, nobody
from app.core.words import negotiate
from app.policies.scopes import reaches
from app.services.attachments import Shelf
from app.services.reading import Projection, read_one
from app.services.unit_of_work import Begin, Retry, UnitOfWork

bearer = OAuth2PasswordBearer("/v1/auth/token", auto_error=False, scheme_name="oauth2")

PRIVATE = {"Cache-Control": "private, no-store", "Vary": "Authorization, Accept-Language"}


async def caller(request: Request, token: Annotated[str | None, Depends(bearer)]) -> Principal:
    if not token:
        raise Unauthenticated
    state = request.app.state
    claims = state.tokens.read(token)
    who: Principal | None = state.principals.kept(claims)
    if who is None:
        async with state.readings() as session:
            who = await state.principals.load(session, claims)
    if who.is_client and not reaches(who, request.scope["route"].operation_id):
        raise Forbidden("insufficient_scope", headers={"WWW-Authenticate": 'Bearer error="insufficient_scope"'})
    return who


Caller = Annotated[Principal, Depends(caller)]


def _unit(request: Request, who: Principal, session: Any, retry: Retry | None = None) -> UnitOfWork:
    language = negotiate(request.headers.get("accept-language"))
    return UnitOfWork(session, who, request.app.state.cursors, retry=retry, language=language)


def _looking(request: Request, who: Principal, session: Any) -> UnitOfWork:
    uow = _unit(request, who, session)
    uow.statements = request.app.state.statements
    return uow


async def unit_of_work(
    request: Request,
    who: Caller,
    idempotency_key: Annotated[
        str | None, Header(description="Thử lại an toàn · Safe retry of a POST, kept 7 days", max_length=200)
    ] = None,
) -> AsyncIterator[UnitOfWork]:
    """Commits when the endpoint returns and before the first byte is sent; any error rolls back."""
    retry = None
    if idempotency_key and request.method == "POST":
        retry = Retry(idempotency_key, request.method, request.url.path, await _digest(request))
    async with request.app.state.sessions() as session, session.begin():
        uow = _unit(request, who, session, retry)
        try:
            yield uow
        except Forbidden as refused:
            if who.closed:
                raise Forbidden("body_ended") from refused
            raise
        await uow.complete()


async def _digest(request: Request) -> str:
    """Of the body as it came; an upload's is that of its parts, since its boundary differs at every try."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        form = await request.form()
        hashed = hashlib.sha256()
        for name, value in form.multi_items():
            hashed.update(name.encode())
            if isinstance(value, str):
                hashed.update(value.encode())
            else:
                hashed.update(await value.read())
                await value.seek(0)
        return hashed.hexdigest()
    return hashlib.sha256(await request.body()).hexdigest()


# scope="function" is what makes the commit precede the response. Do not remove.
Uow = Annotated[UnitOfWork, Depends(unit_of_work, scope="function")]


async def reading(request: Request, who: Caller) -> AsyncIterator[UnitOfWork]:
    """A GET: a READ ONLY transaction, begun by its first statement."""
    async with request.app.state.readings() as session:
        yield _looking(request, who, session)


Reading = Annotated[UnitOfWork, Depends(reading, scope="function")]


async def transactions(request: Request) -> Begin:
    """For nobody in particular, and as many as a deed needs."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[UnitOfWork]:
        async with request.app.state.sessions() as session, session.begin():
            uow = _unit(request, nobody(today()), session)
            yield uow
            await uow.complete()

    return begin


Transactions = Annotated[Begin, Depends(transactions)]


async def anonymous(begin: Transactions) -> AsyncIterator[UnitOfWork]:
    """A change by whoever holds a link."""
    async with begin() as uow:
        yield uow


async def anonymous_reading(request: Request) -> AsyncIterator[UnitOfWork]:
    async with request.app.state.readings() as session:
        yield _looking(request, nobody(today()), session)


def acting(begin: Begin, who: Principal) -> Begin:
    """The same, for this caller."""

    @asynccontextmanager
    async def begun() -> AsyncIterator[UnitOfWork]:
        async with begin() as uow:
            uow.who = who
            yield uow

    return begun


async def without_retry(who: Caller, begin: Transactions) -> AsyncIterator[UnitOfWork]:
    """A change below /v1/auth, where no Idempotency-Key is taken: no secret is shown twice."""
    async with acting(begin, who)() as uow:
        yield uow


AnonymousUow = Annotated[UnitOfWork, Depends(anonymous, scope="function")]
AnonymousReading = Annotated[UnitOfWork, Depends(anonymous_reading, scope="function")]
UowWithoutRetry = Annotated[UnitOfWork, Depends(without_retry, scope="function")]


def shelf_of(request: Request) -> Shelf:
    """Where files go, and who looks at them first."""
    return Shelf(request.app.state.storage, request.app.state.settings.clamd)


ETAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')


async def if_match(
    if_match: Annotated[
        str | None,
        Header(
            description='Phiên bản đang thấy · The ETag seen, e.g. "7"',
            examples=['"1"'],
            json_schema_extra={"pattern": f"^{ETAG.pattern}$"},
        ),
    ] = None,
) -> int | None:
    """None when absent: the service refuses it (428) after it has said 404 or 403.

    Async like every dependency here that waits for nothing: the framework runs others in a thread.
    """
    if if_match is None:
        return None
    matched = ETAG.fullmatch(if_match.strip())
    if matched is None:
        raise invalid("If-Match", "bad_etag")
    return int(matched[1])


IfMatch = Annotated[int | None, Depends(if_match)]


def json(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON that PostgreSQL built, for this caller alone."""
    return Response(body, status, {**PRIVATE, **(headers or {})}, "application/json")


async def answer(
    uow: UnitOfWork,
    projection: Projection,
    identifier: UUID | date | str,
    *,
    status: int = 200,
    location: str | None = None,
    listed_in: str | None = None,
    once: dict[str, Any] | None = None,
    parent_version: int | None = None,
) -> Response:
    """One resource as the caller now sees it, with its ETag; a retry repeats the first status and says so.

    `once` are members that are shown in this answer alone, because nothing keeps them (a link). A part of a record
    has no version of its own: its ETag is `parent_version`, which the next change of any part must name. What has no
    address of its own either is found in the list at `listed_in`.
    """
    body, version = await read_one(uow, projection, identifier)
    version = parent_version if version is None else version
    if once:
        body = body[:-1] + b"," + orjson.dumps(once)[1:]
    headers: dict[str, str] = {}
    if version is not None:
        headers["ETag"] = f'"{version}"'
    if uow.replay is not None:
        status = uow.replay.status
        headers["Idempotency-Replayed"] = "true"
    uow.status = status
    if location is not None and status in {201, 202}:
        headers["Location"] = f"{location}/{identifier}"
    if listed_in is not None:
        headers["Location"] = listed_in
    return json(body, status, headers)
