"""The dialect of the national axis (VXP, SDK 2.0): POST alone, every parameter a signed `XroadVnpt-` header.

The signature is an HMAC over the JSON text of the headers as it is sent, so its order is ours; there is no nonce.
Answers carry no DocumentId of the protocol: what was sent is found again by sender, number and day.
"""

import hashlib
import hmac
import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import httpx

from app.adapters.axis.port import (
    Acknowledged,
    AxisItem,
    Line,
    MessageType,
    ask,
    items,
    judged,
    organ_ids,
    streamed,
)
from app.core.clock import CIVIL_ZONE, utcnow
from app.domain.dispatch import HashFileStyle
from app.domain.edxml import match_key

PREFIX: Final = "XroadVnpt-"
AGENT: Final = "JAVASDKAgent/1.0.0 XRoad/VPCP"
VERSION: Final = "3.0.201608"
_DAY: Final = slice(0, 10)


def hash_file(content: bytes, style: HashFileStyle) -> str:
    """SHA-256 in hex. The SDK writes each byte without its leading zero, and so must whoever is checked like it."""
    digest = hashlib.sha256(content)
    return "".join(f"{it:x}" for it in digest.digest()) if style is HashFileStyle.SDK else digest.hexdigest()


def timestamp(at: datetime) -> str:
    """What follows the plus sign are milliseconds in four digits, not a zone."""
    local = at.astimezone(CIVIL_ZONE)
    return f"{local:%d%m%YT%H%M%S}+{local.microsecond // 1000:04}"


def signed(parameters: dict[str, str], secret: str) -> dict[str, str]:
    """The headers of one call."""
    headers = {PREFIX + name: value for name, value in parameters.items()}
    text = json.dumps(headers, separators=(",", ":"))
    return headers | {
        f"{PREFIX}sign-header-key": ";".join(parameters),
        f"{PREFIX}sign-header": text,
        f"{PREFIX}hash-header": hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest(),
        f"{PREFIX}version": VERSION,
        "User-Agent": AGENT,
    }


@dataclass(slots=True)
class VxpAxis:
    """One account; nothing is remembered between calls."""

    line: Line
    system_id: str
    secret: str
    hash_file_style: HashFileStyle = HashFileStyle.SDK

    async def send(self, content: bytes, message_type: MessageType, *, sender: str, receivers: Sequence[str]) -> str:
        told = {
            "messagetype": message_type,
            "from": sender,
            "to": json.dumps(list(receivers)),
            "hash-file": hash_file(content, self.hash_file_style),
        }
        files = {"file_doc": ("message.edxml", content, "application/xml")}
        said = await self._call("sendEdoc", "multipart/form-data", told, files=files)
        return str(said.get("DocId") or "")

    async def find_sent(self, exchange_id: str) -> str | None:
        """The list tells sender, number and time alone; numbers begin anew, so what is older is another paper."""
        organ_id, _, rest = exchange_id.partition(",")
        written, _, symbol = rest.partition(",")
        said = await self._call("getSentEdocList", "application/json", {"messagetype": "edoc"})
        for it in said.get("data") or []:
            known = match_key(str(it.get("notation") or "")) == match_key(symbol) and it.get("fromCode") == organ_id
            if known and symbol and _day(it.get("sentTime")) >= written:
                return str(it.get("senderDocId") or "")
        return None

    async def received(self, message_type: MessageType, since: date, until: date) -> list[AxisItem]:
        """Whatever waits: this axis takes no days."""
        said = await self._call("getReceivedEdocList", "application/json", {"messagetype": message_type})
        return items(said.get("data"), message_type)

    async def fetch(self, document_id: str) -> AsyncGenerator[bytes, None]:
        async with self.line.open() as client:
            request = self._request(client, "getEdoc", "application/json", {"docId": document_id})
            async for chunk in streamed(client, request):
                yield chunk

    async def acknowledge(self, document_id: str, state: Acknowledged) -> None:
        await self._call("updateStatus", "application/json", {"docId": document_id, "status": state})

    async def directory(self) -> frozenset[str]:
        return organ_ids((await self._call("getAgenciesList", "application/json", {})).get("data"))

    async def _call(self, name: str, content_type: str, told: dict[str, str], **rest: Any) -> dict[str, Any]:
        async with self.line.open() as client:
            request = self._request(client, name, content_type, told, **rest)
            return judged(await ask(client, request, sending="files" in rest))

    def _request(
        self, client: httpx.AsyncClient, name: str, content_type: str, told: dict[str, str], **rest: Any
    ) -> httpx.Request:
        parameters = {
            "systemid": self.system_id,
            "timestamp": timestamp(utcnow()),
            "servicetype": "eDoc",
            **told,
            "Content-Type": content_type,
        }
        headers = signed(parameters, self.secret)
        if not rest:
            headers["Content-Type"] = content_type
        return client.build_request("POST", f"{self.line.url.rstrip('/')}/{name}", headers=headers, **rest)


def _day(written: Any) -> str:
    """Of a time that begins with the year, as yyyy/MM/dd; any other is taken to be late enough."""
    day = str(written or "")[_DAY].replace("-", "/")
    return day if day[:4].isdigit() else "9999"
