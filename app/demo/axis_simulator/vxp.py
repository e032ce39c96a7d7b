"""The axis as the national one speaks: POST alone, every parameter a signed header, the file's digest checked."""

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.adapters import edxml
from app.core.clock import utcnow
from app.demo.axis_simulator.store import Refused, Store, done, failed

PATH: Final = "/XrdAdapter/adapter"
PREFIX: Final = "xroadvnpt-"
CLOCKS_DIFFER: Final = timedelta(minutes=10)

Answer = Callable[[Request, set[str]], Awaitable[Response]]


def routes(store: Store) -> list[Route]:
    it = Vxp(store)
    answers = {
        "sendEdoc": it.send,
        "getReceivedEdocList": it.listed,
        "getSentEdocList": it.sent,
        "getEdoc": it.fetch,
        "updateStatus": it.acknowledge,
        "getAgenciesList": it.directory,
    }
    return [Route(f"/{name}", it.guarded(answer), methods=["POST"]) for name, answer in answers.items()]


class Vxp:
    def __init__(self, store: Store) -> None:
        self.store = store

    def guarded(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        """By whoever signs as one of our systems, and no fault asked for."""

        async def answered(request: Request) -> Response:
            self.store.log.append((request.method, request.url.path))
            system = _told(request, "systemid")
            if system not in self.store.systems or not verified(dict(request.headers), self.store.secret):
                return failed("15", "wrong SystemId or SecretKey")
            if not _is_of_now(_told(request, "timestamp")):
                return failed("15", "timestamp too far away")
            if (wrong := await self.store.misbehaves()) is not None:
                return wrong
            return await answer(request, self.store.systems[system])

        return answered

    async def send(self, request: Request, ours: set[str]) -> Response:
        async with request.form() as form:
            file = form["file_doc"]
            assert isinstance(file, UploadFile)
            content = await file.read()
        if _told(request, "hash-file") not in digests(content):
            return failed("10", "hash-file differs")
        if _told(request, "from") not in ours or not isinstance(json.loads(_told(request, "to")), list):
            return failed("19", "sender not registered")
        try:
            return done(DocId=await self.store.take(content, _told(request, "messagetype"), ours))
        except Refused as refused:
            return refused.answer

    async def listed(self, request: Request, ours: set[str]) -> Response:
        return done(data=self.store.listed(_told(request, "messagetype"), ours))

    async def sent(self, request: Request, ours: set[str]) -> Response:
        """Without the DocumentId of the protocol, as the vendor's list."""
        rows = [
            {
                "senderDocId": it.doc_id,
                "fromCode": it.sender,
                "toCode": it.receiver,
                "notation": it.symbol,
                "sentTime": f"{it.sent_at.astimezone(edxml.VIET_NAM):%Y/%m/%d %H:%M:%S}",
            }
            for it in self.store.all_sent(ours)
        ]
        return done(data=rows)

    async def directory(self, request: Request, ours: set[str]) -> Response:
        return self.store.directory()

    async def fetch(self, request: Request, ours: set[str]) -> Response:
        return self.store.fetched(_told(request, "docid"), ours)

    async def acknowledge(self, request: Request, ours: set[str]) -> Response:
        return self.store.acknowledged(_told(request, "docid"), _told(request, "status"), ours)


def _told(request: Request, name: str) -> str:
    return request.headers.get(PREFIX + name, "")


def verified(headers: dict[str, str], secret: str) -> bool:
    """The signature over the text as it came; then every member of it is the real header, and none is missing.

    Names of headers in lower case.
    """
    text = headers.get(f"{PREFIX}sign-header", "")
    expected = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, headers.get(f"{PREFIX}hash-header", "").lower()):
        return False
    signed: dict[str, str] = json.loads(text)
    same = all(headers.get(name.lower()) == value for name, value in signed.items())
    listed = {PREFIX + it.lower() for it in headers.get(f"{PREFIX}sign-header-key", "").split(";")}
    return same and listed == {name.lower() for name in signed}


def digests(content: bytes) -> set[str]:
    """As it should be, and as the SDK writes it."""
    digest = hashlib.sha256(content).digest()
    return {digest.hex(), "".join(f"{it:x}" for it in digest)}


def _is_of_now(stamp: str) -> bool:
    try:
        at = datetime.strptime(stamp.partition("+")[0], "%d%m%YT%H%M%S").replace(tzinfo=edxml.VIET_NAM)
    except ValueError:
        return False
    return abs(at - utcnow()) < CLOCKS_DIFFER
