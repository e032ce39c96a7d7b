"""What every document axis does, whatever it speaks, and every way in which it can fail."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any, Final, Literal, Protocol

import httpx

from app.adapters.trust import roots
from app.core.clock import utcnow

TIMEOUT: Final = httpx.Timeout(30, connect=5)
PATIENCE = 120.0
"""Seconds for one call, however slowly its bytes come."""
LARGEST: Final = 200 * 1024 * 1024
LARGEST_ANSWER: Final = 16 * 1024 * 1024
"""Of a list or a receipt; messages are streamed."""
LONGEST_FETCH = 600.0
"""Seconds for the bytes of one message, however slowly they come."""
BROKEN_AFTER: Final = 5
"""After so many failures in a row an axis is left alone for a while."""
LEFT_ALONE: Final = timedelta(minutes=5)

Acknowledged = Literal["processing", "done", "fail"]
MessageType = Literal["edoc", "status"]

AUTH_CODES: Final = frozenset({"15", "19"})
UNKNOWN_RECEIVER: Final = "18"
LOCKED_RECEIVER: Final = "23"
FILE_ERROR: Final = "21"
BUSY_CODES: Final = frozenset({"20", FILE_ERROR})
EXISTS: Final = "existdoc"
"""How an axis says that it has the document already, whichever code stands beside it."""


class AxisError(Exception):
    """Something went wrong; `code` is that of the axis where it gave one."""

    def __init__(self, detail: str = "", code: str = "") -> None:
        self.detail, self.code = detail, code
        super().__init__(f"{code} {detail}".strip())


class AxisAuth(AxisError):
    """The axis does not know us: the account is stopped, nothing is retried."""


class AxisUnreachable(AxisError):
    """The receiver is not on this axis, or locked (LOCKED_RECEIVER), which passes."""


class AxisRefused(AxisError):
    """The message is not taken as it is: our own defect."""


class AxisExists(AxisError):
    """The axis has this document from us: the answer to a second try, and a success."""


class AxisBusy(AxisError):
    """Later it may work."""


class AxisUnknownOutcome(AxisError):
    """It may have been taken: ask first."""


@dataclass(frozen=True, slots=True)
class AxisItem:
    document_id: str
    message_type: str
    sender: str


class Axis(Protocol):
    """One account on an axis, called by one process at a time."""

    async def send(self, content: bytes, message_type: MessageType, *, sender: str, receivers: Sequence[str]) -> str:
        """The axis' id of the message; AxisExists when it has this document from us, AxisUnknownOutcome when nobody
        knows whether it was taken. An axis takes a message for all its receivers or for none."""

    async def find_sent(self, exchange_id: str) -> str | None:
        """The axis' id of a document that it has taken from us."""

    async def received(self, message_type: MessageType, since: date, until: date) -> list[AxisItem]:
        """What waits for us, each once; an axis repeats, and keeps no order."""

    def fetch(self, document_id: str) -> AsyncGenerator[bytes, None]:
        """The bytes of a message, as they come; whoever stops before the end closes it."""

    async def acknowledge(self, document_id: str, state: Acknowledged) -> None: ...

    async def directory(self) -> frozenset[str]:
        """The organ ids, of either generation, to which it delivers."""


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
class Line:
    """The way to one axis. Redirects and proxies are never followed, nothing is unpacked, no answer is endless.

    One call at a time: accounts on one axis share a `turn`. `transport` is for tests.
    """

    url: str
    transport: httpx.AsyncBaseTransport | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    breaker: Breaker = field(default_factory=Breaker)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[httpx.AsyncClient]:
        self.breaker.check()
        plain = {"Accept-Encoding": "identity"}
        async with (
            self.turn,
            httpx.AsyncClient(
                base_url=self.url,
                timeout=TIMEOUT,
                transport=self.transport,
                headers=plain,
                verify=roots(),
                trust_env=False,
            ) as client,
        ):
            try:
                yield client
            except AxisBusy:
                self.breaker.failed()
                raise
            self.breaker.worked()


async def ask(client: httpx.AsyncClient, request: httpx.Request, *, sending: bool = False) -> httpx.Response:
    """The whole answer. What fails on the way has failed, but for a sending that may have arrived."""
    lost = AxisUnknownOutcome if sending else AxisBusy
    try:
        async with asyncio.timeout(PATIENCE):
            answer = await client.send(request, stream=True)
            content = b"".join([chunk async for chunk in bounded(answer, LARGEST_ANSWER)])
            await answer.aclose()
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise AxisBusy(type(error).__name__) from error
    except (TimeoutError, httpx.HTTPError, AxisRefused) as error:
        raise lost(type(error).__name__) from error
    return httpx.Response(answer.status_code, content=content, request=request)


def judged(answer: httpx.Response) -> dict[str, Any]:
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
    if code == "0" and str(said.get("status", "OK")).upper() == "OK":
        return said
    raise _refusal(code, detail, str(said.get("DocId") or ""))


def _refusal(code: str, detail: str, document_id: str) -> AxisError:
    if EXISTS in f"{code} {detail}".lower().replace(" ", ""):
        return AxisExists(document_id, code)
    if code in AUTH_CODES:
        return AxisAuth(detail, code)
    if code in (UNKNOWN_RECEIVER, LOCKED_RECEIVER):
        return AxisUnreachable(detail, code)
    if code in BUSY_CODES or code in ("", "0"):
        return AxisBusy(detail, code)
    return AxisRefused(detail, code)


def items(listed: Any, message_type: MessageType) -> list[AxisItem]:
    """What an axis lists, each once; what has no id is nothing that could be fetched."""
    rows = [it for it in listed or [] if isinstance(it, dict) and it.get("docId")]
    return list(
        {str(it["docId"]): AxisItem(str(it["docId"]), message_type, str(it.get("from", ""))) for it in rows}.values()
    )


def organ_ids(listed: Any) -> frozenset[str]:
    """Of a directory; each body has one id or several."""
    rows = [it for it in listed or [] if isinstance(it, dict)]
    return frozenset(str(it[name]).upper() for it in rows for name in ("code", "code102", "oldCode") if it.get(name))


async def streamed(client: httpx.AsyncClient, request: httpx.Request) -> AsyncIterator[bytes]:
    """The bytes of a message; AxisBusy, or what the axis says instead, where none come."""
    try:
        answer = await client.send(request, stream=True)
        if answer.status_code == 200 and _is_message(answer):
            async for chunk in bounded(answer, LARGEST):
                yield chunk
            return
        content = b"".join([chunk async for chunk in bounded(answer, LARGEST_ANSWER)])
    except httpx.HTTPError as error:
        raise AxisBusy(type(error).__name__) from error
    judged(httpx.Response(answer.status_code, content=content, request=request))
    raise AxisBusy("no message where one was listed")


def _is_message(answer: httpx.Response) -> bool:
    kind = answer.headers.get("content-type", "").lower()
    return "xml" in kind or "octet-stream" in kind


async def bounded(answer: httpx.Response, limit: int) -> AsyncIterator[bytes]:
    """Raw bytes up to a limit of number and time, whatever the head of the answer announces."""
    size, until = 0, monotonic() + LONGEST_FETCH
    async for chunk in answer.aiter_raw():
        size += len(chunk)
        if size > limit:
            raise AxisRefused("larger than any message may be")
        if monotonic() > until:
            raise AxisBusy("too slow")
        yield chunk
