"""A provincial document axis over HTTP (LGSP dialect: login, sendEdoc, syncReceivedEdocList, getEdoc, updateStatus).

Store and forward: what is sent lies there until its receiver has fetched and acknowledged it. The answer of a call
that timed out is unknown; `find_sent` asks before anything is sent again. One call at a time for each axis.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

import httpx

from app.core.clock import utcnow

TIMEOUT: Final = httpx.Timeout(30, connect=5)
PATIENCE = 120.0
"""Seconds for one call, however slowly its bytes come."""
LARGEST: Final = 200 * 1024 * 1024
BROKEN_AFTER: Final = 5
"""After so many failures in a row an axis is left alone for a while."""
LEFT_ALONE: Final = timedelta(minutes=5)

Acknowledged = Literal["processing", "done", "fail"]
MessageType = Literal["edoc", "status"]

AUTH_CODES: Final = frozenset({"15", "19"})
UNREACHABLE_CODES: Final = frozenset({"18", "23"})
BUSY_CODES: Final = frozenset({"20", "21"})


class AxisError(Exception):
    """Something went wrong; `code` is that of the axis where it gave one."""

    def __init__(self, detail: str = "", code: str = "") -> None:
        self.detail, self.code = detail, code
        super().__init__(f"{code} {detail}".strip())


class AxisAuth(AxisError):
    """The axis does not know us: the account is stopped, nothing is retried."""


class AxisUnreachable(AxisError):
    """The receiver is not on this axis, or locked."""


class AxisRefused(AxisError):
    """The message is not taken as it is: our own defect."""


class AxisBusy(AxisError):
    """Later it may work."""


class AxisUnknownOutcome(AxisError):
    """It may have been taken: ask first."""


@dataclass(frozen=True, slots=True)
class AxisItem:
    document_id: str
    message_type: str
    sender: str


@dataclass(slots=True)
class Breaker:
    """Counts failures in a row; open, it refuses without calling."""

    failures: int = 0
    until: datetime | None = None

    def check(self) -> None:
        if self.until is not None and utcnow() < self.until:
            raise AxisBusy("left alone for a while after repeated failures")

    def failed(self) -> None:
        self.failures += 1
        if self.failures >= BROKEN_AFTER:
            self.until, self.failures = utcnow() + LEFT_ALONE, 0

    def worked(self) -> None:
        self.failures, self.until = 0, None


@dataclass(slots=True)
class Axis:
    """One account. `transport` is for tests; redirects are never followed, nothing is unpacked beyond a limit."""

    url: str
    system_id: str
    secret: str
    transport: httpx.AsyncBaseTransport | None = None
    breaker: Breaker = field(default_factory=Breaker)
    _token: str | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[httpx.AsyncClient]:
        self.breaker.check()
        async with (
            self._turn,
            httpx.AsyncClient(
                base_url=self.url, timeout=TIMEOUT, transport=self.transport, headers={"Accept-Encoding": "identity"}
            ) as client,
        ):
            try:
                yield client
            except AxisBusy:
                self.breaker.failed()
                raise
            self.breaker.worked()

    async def send(self, content: bytes, message_type: MessageType) -> str:
        """The axis' id of the message; AxisUnknownOutcome when nobody knows whether it was taken."""
        files = {"edocFile": ("message.edxml", content, "application/xml")}
        async with self._client() as client:
            try:
                answer = await self._call(
                    client, "POST", "/v1/sendEdoc", files=files, data={"messageType": message_type}
                )
            except (httpx.ReadTimeout, httpx.WriteTimeout, httpx.RemoteProtocolError, httpx.ReadError) as error:
                raise AxisUnknownOutcome(type(error).__name__) from error
            return str(_judged(answer).get("DocId") or "")

    async def find_sent(self, exchange_id: str) -> str | None:
        """The axis' id of a document that it has taken from us."""
        async with self._client() as client:
            answer = await self._call(client, "GET", "/v1/getSentEdocList", params={"documentId": exchange_id})
            listed = _judged(answer).get("data") or []
            return next((str(it["docId"]) for it in listed if it.get("documentId") == exchange_id), None)

    async def received(self, message_type: MessageType, since: date, until: date) -> list[AxisItem]:
        """What waits for us; the axis lists by day, repeats, and keeps no order."""
        days = {"fromDate": f"{since:%Y/%m/%d}", "toDate": f"{until:%Y/%m/%d}"}
        async with self._client() as client:
            answer = await self._call(
                client, "GET", "/v1/syncReceivedEdocList", params={"messageType": message_type, **days}
            )
            listed = _judged(answer).get("data") or []
        found = {str(it["docId"]): AxisItem(str(it["docId"]), message_type, str(it.get("from", ""))) for it in listed}
        return list(found.values())

    async def fetch(self, document_id: str) -> AsyncIterator[bytes]:
        """The bytes of a message, as they come."""
        async with self._client() as client:
            token = await self._signed_in(client)
            request = client.build_request(
                "GET", "/v1/getEdoc", params={"docId": document_id}, headers=self._headers(token)
            )
            try:
                answer = await client.send(request, stream=True)
                if answer.status_code != 200 or "xml" not in answer.headers.get("content-type", ""):
                    await answer.aread()
                    _judged(answer)
                    raise AxisBusy("no message where one was listed")
                size = 0
                async for chunk in answer.aiter_raw():
                    size += len(chunk)
                    if size > LARGEST:
                        raise AxisRefused("larger than any message may be")
                    yield chunk
            except httpx.HTTPError as error:
                raise AxisBusy(type(error).__name__) from error

    async def acknowledge(self, document_id: str, state: Acknowledged) -> None:
        async with self._client() as client:
            answer = await self._call(client, "POST", "/v1/updateStatus", json={"docId": document_id, "status": state})
            _judged(answer)

    async def _call(self, client: httpx.AsyncClient, method: str, path: str, **rest: Any) -> httpx.Response:
        """Signed in, and once more when the token has just run out; sending is never repeated blindly."""
        for attempt in (1, 2):
            token = await self._signed_in(client)
            try:
                async with asyncio.timeout(PATIENCE):
                    answer = await client.request(method, path, headers=self._headers(token), **rest)
            except TimeoutError as error:
                if path == "/v1/sendEdoc":
                    raise AxisUnknownOutcome("no answer in time") from error
                raise AxisBusy("no answer in time") from error
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
                raise AxisBusy(type(error).__name__) from error
            except httpx.HTTPError as error:
                if path == "/v1/sendEdoc":
                    raise
                raise AxisBusy(type(error).__name__) from error
            if answer.status_code != 401 or attempt == 2:
                return answer
            self._token = None
        raise AssertionError

    async def _signed_in(self, client: httpx.AsyncClient) -> str:
        if self._token is None:
            try:
                answer = await client.post("/v1/auth/login", headers=self._headers(None))
            except httpx.HTTPError as error:
                raise AxisBusy(type(error).__name__) from error
            self._token = str(_judged(answer).get("token") or "")
        return self._token

    def _headers(self, token: str | None) -> dict[str, str]:
        known = {"X-SystemId": self.system_id, "X-SecretKey": self.secret}
        return {**known, "Authorization": f"Bearer {token}"} if token else known


def _judged(answer: httpx.Response) -> dict[str, Any]:
    """The members of an answer that says success; every other is one of our errors."""
    if answer.status_code in (401, 403):
        raise AxisAuth(f"HTTP {answer.status_code}")
    if answer.status_code != 200:
        raise AxisBusy(f"HTTP {answer.status_code}")
    try:
        said = answer.json()
    except ValueError as error:
        raise AxisBusy("no JSON") from error
    if not isinstance(said, dict):
        raise AxisBusy("no JSON object")
    code, detail = str(said.get("ErrorCode", "")), str(said.get("ErrorDesc", ""))
    if code == "0":
        return said
    if code in AUTH_CODES:
        raise AxisAuth(detail, code)
    if code in UNREACHABLE_CODES:
        raise AxisUnreachable(detail, code)
    if code in BUSY_CODES or not code:
        raise AxisBusy(detail, code)
    raise AxisRefused(detail, code)
