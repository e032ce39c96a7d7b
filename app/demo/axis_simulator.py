"""A document axis to try things on: stores and forwards, byte for byte, one queue entry for each receiver.

It judges as little as a real one does, and can be told to misbehave (`POST /_sim/faults {fault: how often}`): lose an
acknowledgement, take a message and never say so, list twice, deliver twice, answer with a proxy's error page.
"""

import asyncio
import io
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from app.adapters import edxml
from app.domain.edxml import MessageKind

FAULTS: Final = frozenset(
    {
        "send_refused",
        "send_lost_before",
        "send_lost_after",
        "bad_gateway",
        "html",
        "fail",
        "not_utf8",
        "list_twice",
        "list_reversed",
        "deliver_twice",
        "ack_lost",
        "token_expired",
        "vanished",
        "redirect",
    }
)


@dataclass(slots=True)
class Entry:
    """A copy that waits for its receiver."""

    doc_id: str
    kind: str
    sender: str
    receiver: str
    exchange_id: str
    content: bytes
    state: str = "initial"


@dataclass(slots=True)
class Axis:
    """`systems` are the organ ids behind each system id; every secret is `secret`."""

    systems: dict[str, set[str]]
    secret: str
    entries: list[Entry] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    log: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    numbers: Any = field(default_factory=lambda: count(1))

    def goes_wrong(self, fault: str) -> bool:
        if self.faults[fault] <= 0:
            return False
        self.faults[fault] -= 1
        return True

    def app(self) -> Starlette:
        routes = [
            Route("/v1/auth/login", self.login, methods=["POST"]),
            Route("/v1/sendEdoc", self.send, methods=["POST"]),
            Route("/v1/syncReceivedEdocList", self.listed),
            Route("/v1/getSentEdocList", self.sent),
            Route("/v1/getEdoc", self.fetch),
            Route("/v1/updateStatus", self.acknowledge, methods=["POST"]),
            Route("/_sim/faults", self.misbehave, methods=["POST"]),
            Route("/_sim/log", self.told),
        ]
        return Starlette(routes=routes)

    async def misbehave(self, request: Request) -> Response:
        asked: dict[str, int] = await request.json()
        if unknown := asked.keys() - FAULTS:
            return JSONResponse({"unknown": sorted(unknown)}, 422)
        self.faults = Counter(asked)
        return JSONResponse({"faults": asked})

    async def told(self, request: Request) -> Response:
        return JSONResponse({"calls": self.log, "waiting": [it.doc_id for it in self.entries if it.state != "done"]})

    async def login(self, request: Request) -> Response:
        system = request.headers.get("x-systemid", "")
        if system not in self.systems or request.headers.get("x-secretkey") != self.secret:
            return _failed("15", "wrong SystemId or SecretKey")
        token = f"{system}:{next(self.numbers)}"
        self.tokens.add(token)
        return JSONResponse({"ErrorCode": "0", "token": token})

    def _stopped(self, request: Request) -> Response | None:
        """What comes before an answer: the caller is not signed in, or a fault was asked for."""
        self.log.append((request.method, request.url.path))
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.goes_wrong("token_expired"):
            self.tokens.discard(token)
        if token not in self.tokens:
            return Response(status_code=401)
        answers: dict[str, Response] = {
            "bad_gateway": HTMLResponse("<html>502 Bad Gateway</html>", 502),
            "html": HTMLResponse("<html>maintenance</html>"),
            "fail": _failed("20", "system error"),
            "not_utf8": Response(b'{"ErrorCode": "0", "x": "\xff"}', media_type="application/json"),
            "redirect": RedirectResponse("http://elsewhere.invalid/"),
        }
        return next((answer for fault, answer in answers.items() if self.goes_wrong(fault)), None)

    def _ours(self, request: Request) -> set[str]:
        return self.systems[request.headers["x-systemid"]]

    async def send(self, request: Request) -> Response:
        if (stopped := self._stopped(request)) is not None:
            return stopped
        async with request.form() as form:
            file, kind = form["edocFile"], str(form["messageType"])
            assert isinstance(file, UploadFile)
            content = await file.read()
        if self.goes_wrong("send_lost_before"):
            await asyncio.sleep(3600)
        with edxml.read(io.BytesIO(content), now=datetime.now(UTC)) as reading:
            refusal, doc_id = self._taken(reading, content, kind, self._ours(request))
        if refusal is not None:
            return refusal
        if self.goes_wrong("send_lost_after"):
            await asyncio.sleep(3600)
        return JSONResponse({"ErrorCode": "0", "DocId": doc_id})

    def _taken(self, reading: edxml.Reading, content: bytes, kind: str, ours: set[str]) -> tuple[Response | None, str]:
        seen = reading.glimpse
        receivers = list(seen.to_organs) or [_issuer(reading)]
        everybody = set().union(*self.systems.values())
        if seen.from_organ not in ours:
            return _failed("19", "sender not registered"), ""
        if self.goes_wrong("send_refused") or (seen.kind is MessageKind.EDOC and not receivers):
            return _failed("22", "edXML format"), ""
        if missing := [it for it in receivers if it not in everybody]:
            return _failed("18", f"receiver does not exist: {missing[0]}"), ""
        copies = 2 if self.goes_wrong("deliver_twice") else 1
        for receiver in receivers * copies:
            doc_id = f"axis-{next(self.numbers)}"
            entry = Entry(doc_id, kind, seen.from_organ, receiver, seen.document_id, content)
            self.entries.append(entry)
        return None, doc_id

    async def listed(self, request: Request) -> Response:
        if (stopped := self._stopped(request)) is not None:
            return stopped
        kind, ours = request.query_params["messageType"], self._ours(request)
        waiting = [it for it in self.entries if it.kind == kind and it.receiver in ours and it.state != "done"]
        rows = [{"docId": it.doc_id, "messageType": it.kind, "from": it.sender, "to": it.receiver} for it in waiting]
        if self.goes_wrong("list_twice"):
            rows += rows
        if self.goes_wrong("list_reversed"):
            rows.reverse()
        return JSONResponse({"ErrorCode": "0", "data": rows})

    async def sent(self, request: Request) -> Response:
        if (stopped := self._stopped(request)) is not None:
            return stopped
        asked, ours = request.query_params["documentId"], self._ours(request)
        found = [it for it in self.entries if it.sender in ours and it.exchange_id == asked and it.kind == "edoc"]
        return JSONResponse(
            {"ErrorCode": "0", "data": [{"docId": it.doc_id, "documentId": it.exchange_id} for it in found]}
        )

    async def fetch(self, request: Request) -> Response:
        if (stopped := self._stopped(request)) is not None:
            return stopped
        found = self._entry(request.query_params["docId"], self._ours(request))
        if found is None or self.goes_wrong("vanished"):
            return _failed("21", "no such document")
        return Response(found.content, media_type="application/xml")

    async def acknowledge(self, request: Request) -> Response:
        if (stopped := self._stopped(request)) is not None:
            return stopped
        said = await request.json()
        found = self._entry(said["docId"], self._ours(request))
        if found is not None and not self.goes_wrong("ack_lost"):
            found.state = said["status"]
        return JSONResponse({"ErrorCode": "0"})

    def _entry(self, doc_id: str, ours: set[str]) -> Entry | None:
        return next((it for it in self.entries if it.doc_id == doc_id and it.receiver in ours), None)


def _issuer(reading: edxml.Reading) -> str:
    """A status goes to whoever issued what it speaks of."""
    return reading.content.about.organ_id if isinstance(reading.content, edxml.Status) else ""


def _failed(code: str, why: str) -> Response:
    return JSONResponse({"ErrorCode": code, "ErrorDesc": why, "status": "FAIL"})
