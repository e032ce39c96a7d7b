"""The queue behind both dialects, and the ways in which it can be told to fail."""

import asyncio
import io
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, Final

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from app.adapters import edxml
from app.core.clock import utcnow
from app.domain.edxml import BusinessType, MessageKind

FAULTS: Final = frozenset(
    {
        "send_refused",
        "send_lost_before",
        "send_lost_after",
        "bad_gateway",
        "html",
        "fail",
        "not_utf8",
        "gzipped",
        "list_twice",
        "list_reversed",
        "deliver_twice",
        "ack_lost",
        "token_expired",
        "vanished",
        "redirect",
        "nameless",
        "slow",
    }
)


class Refused(Exception):
    """The axis says no, with one of its codes."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(code, why)
        self.answer = failed(code, why)


@dataclass(slots=True)
class Entry:
    """A copy that waits for its receiver."""

    doc_id: str
    kind: str
    sender: str
    receiver: str
    exchange_id: str
    symbol: str
    content: bytes
    sent_at: datetime
    state: str = "initial"

    @property
    def waits(self) -> bool:
        return self.state not in ("done", "fail")


@dataclass(slots=True)
class Store:
    """`systems` are the organ ids behind each system id; every secret is `secret`, nobody writes to who is `locked`."""

    systems: dict[str, set[str]]
    secret: str
    locked: set[str] = field(default_factory=set)
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

    async def misbehaves(self) -> Response | None:
        """What comes instead of an answer, where a fault was asked for; in this life nothing where it is slow."""
        if self.goes_wrong("slow"):
            await asyncio.sleep(3600)
        answers: dict[str, Response] = {
            "bad_gateway": HTMLResponse("<html>502 Bad Gateway</html>", 502),
            "html": HTMLResponse("<html>maintenance</html>"),
            "fail": failed("20", "system error"),
            "not_utf8": Response(b'{"ErrorCode": "0", "x": "\xff"}', media_type="application/json"),
            "gzipped": Response(b"\x1f\x8b", headers={"Content-Encoding": "gzip"}, media_type="application/json"),
            "redirect": RedirectResponse("http://elsewhere.invalid/"),
        }
        return next((answer for fault, answer in answers.items() if self.goes_wrong(fault)), None)

    async def take(self, content: bytes, kind: str, ours: set[str]) -> str:
        """The id of the copy for the last receiver; Refused, or no answer in this life."""
        if self.goes_wrong("send_lost_before"):
            await asyncio.sleep(3600)
        with edxml.read(io.BytesIO(content), now=utcnow()) as reading:
            self._check(reading, ours)
            doc_id = self._put(reading, content, kind)
        if self.goes_wrong("send_lost_after"):
            await asyncio.sleep(3600)
        return doc_id

    def _check(self, reading: edxml.Reading, ours: set[str]) -> None:
        seen, everybody = reading.glimpse, set().union(*self.systems.values())
        receivers = _receivers(reading)
        if seen.from_organ not in ours:
            raise Refused("19", "sender not registered")
        if self.goes_wrong("send_refused") or not receivers:
            raise Refused("22", "edXML format")
        if missing := [it for it in receivers if it not in everybody]:
            raise Refused("18", self._about(missing[0], "receiver does not exist"))
        if locked := sorted(self.locked.intersection(receivers)):
            raise Refused("23", self._about(locked[0], "receiver is locked"))
        if _is_new(reading) and self.sent(seen.document_id, ours):
            raise Refused("9999", "ExistDoc")

    def _about(self, receiver: str, why: str) -> str:
        return why if self.goes_wrong("nameless") else f"{why}: {receiver}"

    def directory(self) -> Response:
        return done(data=[{"code": it, "name": it} for it in sorted(set().union(*self.systems.values()))])

    def _put(self, reading: edxml.Reading, content: bytes, kind: str) -> str:
        seen = reading.glimpse
        symbol = reading.content.symbol if isinstance(reading.content, edxml.Message) else ""
        copies = 2 if self.goes_wrong("deliver_twice") else 1
        doc_id = ""
        for receiver in _receivers(reading) * copies:
            doc_id = f"axis-{next(self.numbers)}"
            told = (seen.from_organ, receiver, seen.document_id, symbol)
            self.entries.append(Entry(doc_id, kind, *told, content, utcnow()))
        return doc_id

    def sent(self, exchange_id: str, ours: set[str]) -> list[Entry]:
        return [it for it in self.all_sent(ours) if it.exchange_id == exchange_id]

    def all_sent(self, ours: set[str]) -> list[Entry]:
        return [it for it in self.entries if it.sender in ours and it.kind == "edoc"]

    def listed(self, kind: str, ours: set[str]) -> list[dict[str, str]]:
        waiting = [it for it in self.entries if it.kind == kind and it.receiver in ours and it.waits]
        rows = [{"docId": it.doc_id, "messageType": it.kind, "from": it.sender, "to": it.receiver} for it in waiting]
        if self.goes_wrong("list_twice"):
            rows += rows
        if self.goes_wrong("list_reversed"):
            rows.reverse()
        return rows

    def fetched(self, doc_id: str, ours: set[str]) -> Response:
        found = self._entry(doc_id, ours)
        if found is None or self.goes_wrong("vanished"):
            return failed("21", "no such document")
        return Response(found.content, media_type="application/xml")

    def acknowledged(self, doc_id: str, state: str, ours: set[str]) -> Response:
        found = self._entry(doc_id, ours)
        if found is not None and not self.goes_wrong("ack_lost"):
            found.state = state
        return done()

    def _entry(self, doc_id: str, ours: set[str]) -> Entry | None:
        return next((it for it in self.entries if it.doc_id == doc_id and it.receiver in ours), None)


def _receivers(reading: edxml.Reading) -> list[str]:
    """A status goes to whoever issued what it speaks of."""
    if isinstance(reading.content, edxml.Status):
        return [it for it in (reading.content.about.organ_id,) if it]
    return list(reading.glimpse.to_organs)


def _is_new(reading: edxml.Reading) -> bool:
    content = reading.content
    new = isinstance(content, edxml.Message) and content.business.type is BusinessType.NEW
    return new and reading.glimpse.kind is MessageKind.EDOC


def done(**more: Any) -> Response:
    return JSONResponse({"status": "OK", "ErrorCode": "0", **more})


def failed(code: str, why: str) -> Response:
    return JSONResponse({"status": "FAIL", "ErrorCode": code, "ErrorDesc": why})
