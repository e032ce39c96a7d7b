"""The dialect of provincial LGSPs: login, sendEdoc, syncReceivedEdocList, getEdoc, updateStatus.

Store and forward: what is sent lies there until its receiver has fetched and acknowledged it.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

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

SEND = "/v1/sendEdoc"


@dataclass(slots=True)
class LgspAxis:
    """One account; the token of the last login is kept until the axis no longer takes it."""

    line: Line
    system_id: str
    secret: str
    _token: str | None = field(default=None, repr=False)

    async def send(self, content: bytes, message_type: MessageType, *, sender: str, receivers: Sequence[str]) -> str:
        """Sender and receivers are read from the message."""
        files = {"edocFile": ("message.edxml", content, "application/xml")}
        said = await self._call("POST", SEND, files=files, data={"messageType": message_type})
        return str(said.get("DocId") or "")

    async def find_sent(self, exchange_id: str) -> str | None:
        said = await self._call("GET", "/v1/getSentEdocList", params={"documentId": exchange_id})
        listed = said.get("data") or []
        return next((str(it["docId"]) for it in listed if it.get("documentId") == exchange_id), None)

    async def received(self, message_type: MessageType, since: date, until: date) -> list[AxisItem]:
        """By day: this axis lists what came on these."""
        asked = {"messageType": message_type, "fromDate": f"{since:%Y/%m/%d}", "toDate": f"{until:%Y/%m/%d}"}
        said = await self._call("GET", "/v1/syncReceivedEdocList", params=asked)
        return items(said.get("data"), message_type)

    async def fetch(self, document_id: str) -> AsyncGenerator[bytes, None]:
        async with self.line.open() as client:
            headers = self._headers(await self._signed_in(client))
            request = client.build_request("GET", "/v1/getEdoc", params={"docId": document_id}, headers=headers)
            async for chunk in streamed(client, request):
                yield chunk

    async def acknowledge(self, document_id: str, state: Acknowledged) -> None:
        await self._call("POST", "/v1/updateStatus", json={"docId": document_id, "status": state})

    async def directory(self) -> frozenset[str]:
        return organ_ids((await self._call("GET", "/v1/getAgenciesList")).get("data"))

    async def _call(self, method: str, path: str, **rest: Any) -> dict[str, Any]:
        """Signed in, and once more when the token has just run out: what was refused then was not taken."""
        async with self.line.open() as client:
            for _ in range(2):
                headers = self._headers(await self._signed_in(client))
                request = client.build_request(method, path, headers=headers, **rest)
                answer = await ask(client, request, sending=path == SEND)
                if answer.status_code != 401:
                    break
                self._token = None
            return judged(answer)

    async def _signed_in(self, client: httpx.AsyncClient) -> str:
        if self._token is None:
            login = client.build_request("POST", "/v1/auth/login", headers=self._headers(None))
            self._token = str(judged(await ask(client, login)).get("token") or "")
        return self._token

    def _headers(self, token: str | None) -> dict[str, str]:
        known = {"X-SystemId": self.system_id, "X-SecretKey": self.secret}
        return {**known, "Authorization": f"Bearer {token}"} if token else known
