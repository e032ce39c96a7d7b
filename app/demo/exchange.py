"""The papers of Delegation 133 travel: to the document system of Quảng Điền by an axis, and a reply comes back.

The axis is a simulated one beside the API of the demo; organ ids are made up, like the number of the reply.
"""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import uvicorn
from sqlalchemy.ext.asyncio import async_sessionmaker

from app.adapters import edxml
from app.adapters.storage import Storage
from app.core.db import create_engine
from app.core.settings import Settings
from app.demo import axis_simulator
from app.demo.cast import BODIES, SINCE
from app.demo.chapters import Ids, on
from app.demo.document_system import SYSTEM, DocumentSystem, Letter
from app.demo.reorganisation import MERGED
from app.demo.voices import Unexpected, Voices
from app.domain.edxml import StatusCode
from app.services.attachments import Shelf
from app.services.dispatches import incoming, outgoing, reports

SECRET_NAME = "GIAMSAT_AXIS_DEMO"  # noqa: S105 - the name of a variable
OUR_SYSTEM = "BDV-TTH"
ORGANS = {
    "lead": "000.00.05.A57",
    "supervised": "000.00.31.A57",
    "addressee_superior": "000.00.31.H57",
    "addressee": "000.05.31.H57",
}
HEIR = "000.00.06.A57"
DISTRICT = ("supervised", "addressee_superior", "addressee")
SENT_ON, ARRIVED_ON, ANSWERED_ON, CLASSIFIED_ON = "2024-05-23", "2024-05-24", "2024-06-05", "2024-06-06"
PORTS_APART = 10_000
PATIENCE_SECONDS = 60.0


def choose_secret() -> None:
    """Of this run alone: the worker beside us inherits it."""
    os.environ.setdefault(SECRET_NAME, secrets.token_urlsafe(24))


@dataclass(frozen=True, slots=True)
class Exchange:
    """The axis at `url`, and the worker's turns, which the story takes itself where no worker is at hand."""

    url: str
    sessions: Any
    shelf: Shelf
    district: DocumentSystem

    async def until(self, reached: Callable[[], Awaitable[bool]]) -> None:
        """Until what is on its way has come so far; whoever else works at it helps."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await reached():
                await outgoing.send_due(self.sessions, self.shelf.storage)
                await incoming.poll(self.sessions, self.shelf)
                await reports.send_due(self.sessions, self.shelf.storage)
                await asyncio.sleep(0.05)

    async def exchange_papers(self, voices: Voices, ids: Ids) -> Ids:
        """Sent, arrived, accepted, answered; an officer classifies the answer."""
        await on(voices, SENT_ON)
        await self._set_up(voices, ids)
        sent = await _send(voices, ids)
        await self.until(lambda: _reached(voices, sent["dispatch"], {"sent", "arrived", "accepted"}))
        await on(voices, ARRIVED_ON)
        content = await self.district.collect() or await voices.fetch(
            "lead_clerk", f"/v1/dispatches/{sent['dispatch']}/edxml"
        )
        await self.district.report(content, StatusCode.ARRIVED, StatusCode.ACCEPTED)
        await self.until(lambda: _reached(voices, sent["dispatch"], {"accepted"}))
        reply = await self._answer(voices, ids, content)
        return {**sent, **reply}

    async def take_over_axis(self, voices: Voices, ids: Ids) -> Ids:
        """From the merger on the heir writes under an id and an account of its own."""
        await _alias(voices, HEIR, ids["board"], MERGED)
        await self._account(voices, HEIR)
        return {}

    async def _set_up(self, voices: Voices, ids: Ids) -> None:
        for key, organ_id in ORGANS.items():
            await _alias(voices, organ_id, ids[key], SINCE)
        await self._account(voices, ORGANS["lead"])

    async def _account(self, voices: Voices, organ_id: str) -> None:
        account = {"url": self.url, "system_id": OUR_SYSTEM, "secret_name": SECRET_NAME, "organ_ids": [organ_id]}
        await voices.make("administrator", "/v1/axis-accounts", account, key=f"axis-account-{organ_id}")

    async def _answer(self, voices: Voices, ids: Ids, content: bytes) -> Ids:
        await on(voices, ANSWERED_ON)
        committee = ORGANS["addressee_superior"]
        await self.district.report(content, StatusCode.ASSIGNED, StatusCode.IN_PROGRESS, by=[committee])
        await self.district.answer(content, LETTER)
        path = f"/v1/recommendations/{ids['recommendation:6']}/incoming-replies"
        await self.until(lambda: _waits(voices, path))
        [reply] = (await voices.read("lead_officer", path))["items"]
        [message] = (await voices.read("lead_clerk", "/v1/edxml/messages", direction="in", kind="edoc"))["items"]
        where = f"/v1/edxml/messages/{message['id']}/statuses"
        await voices.make("lead_clerk", where, {"status": "03"}, key="reply-accepted")
        await on(voices, CLASSIFIED_ON)
        await voices.move("lead_officer", f"{path}/{reply['id']}", "classify", kind="accepted", on=CLASSIFIED_ON)
        await self.district.report(content, StatusCode.FINISHED, by=[committee])
        await self.until(lambda: _everything_told(voices))
        return {"reply_message": message["id"], "incoming_reply": reply["id"]}


async def _alias(voices: Voices, organ_id: str, body_id: str, since: str) -> None:
    alias = {"organ_id": organ_id, "scheme": "qcvn102", "body_id": body_id, "valid_from": since}
    await voices.make("registrar", "/v1/organ-aliases", alias, key=f"alias-{organ_id}")


async def _send(voices: Voices, ids: Ids) -> Ids:
    """The notice with its text, and with it to each addressee what is asked of it; one of them is on no axis."""
    notice, asked = ids["notice"], {key: await _asked_of(voices, ids, key) for key in (*DISTRICT, "paper_addressee")}
    content = await voices.fetch("lead_officer", f"/v1/reports/{ids['conclusion']}/file", format="pdf")
    files = {"file": ("58-TB-BDVTU.pdf", content, "application/pdf")}
    upload = partial(voices.say, "lead_clerk", "POST", "/v1/attachments", files=files)
    attachment = await voices.once("notice-file", upload)
    path = f"/v1/documents/{notice}"
    if attachment["id"] not in (await voices.read("lead_clerk", path))["attachment_ids"]:
        headers = {"If-Match": await voices.etag("lead_clerk", path)}
        await voices.say("lead_clerk", "PATCH", path, {"attachment_ids": [attachment["id"]]}, headers=headers)
    to = [{"body_id": ids[key], "recommendation_ids": asked[key]} for key in DISTRICT]
    payload = {"document_id": notice, "recipients": to, "channel": "axis", "due_on": "2024-06-20"}
    sent = await voices.make("lead_clerk", "/v1/dispatches", payload, key="dispatch")
    by_hand = {"body_id": ids["paper_addressee"], "recommendation_ids": asked["paper_addressee"]}
    payload = {"document_id": notice, "recipients": [by_hand], "channel": "file"}
    carried = await voices.make("lead_clerk", "/v1/dispatches", payload, key="dispatch-by-hand")
    receipt = {"received_on": SENT_ON, "note": "Giao trực tiếp tại Văn phòng UBND xã"}
    await voices.make("lead_clerk", f"/v1/dispatches/{carried['id']}/receipts", receipt, key="receipt-by-hand")
    return {"dispatch": sent["id"], "dispatch_by_hand": carried["id"]}


async def _asked_of(voices: Voices, ids: Ids, key: str) -> list[str]:
    query = {"campaign_id": ids["campaign"], "addressee_id": ids[key], "origin": "report"}
    found = (await voices.read("lead_officer", "/v1/recommendations", **query))["items"]
    return sorted(it["id"] for it in found)


async def _reached(voices: Voices, dispatch_id: str, states: set[str]) -> bool:
    copies = (await voices.read("lead_clerk", f"/v1/dispatches/{dispatch_id}"))["copies"]
    return all(it["state"] in states for it in copies)


async def _waits(voices: Voices, path: str) -> bool:
    return bool((await voices.read("lead_officer", path))["items"])


async def _everything_told(voices: Voices) -> bool:
    """The district has finished, and what we reported to it has left."""
    listed = await voices.read("lead_clerk", "/v1/dispatches", state="finished")
    waiting = await voices.read("lead_clerk", "/v1/edxml/messages", direction="out", state="built")
    return bool(listed["items"]) and not waiting["items"]


def _organ(key: str) -> edxml.Organ:
    return edxml.Organ(organ_id=ORGANS[key], name=BODIES[key].name)


LETTER = Letter(
    organ=_organ("addressee_superior"),
    number="412",
    notation="UBND-NV",
    day=date(2024, 6, 5),
    subject="Tiếp thu kiến nghị của Đoàn giám sát 133, ký lại chương trình phối hợp với Mặt trận",
    text="Ủy ban nhân dân huyện tiếp thu kiến nghị và sẽ ký chương trình phối hợp 2024–2026 trong quý IV.",
)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Exchange]:
    """The axis of the demo, as long as it lasts."""
    assert settings.database_url is not None
    systems = {OUR_SYSTEM: {ORGANS["lead"], HEIR}, SYSTEM: {ORGANS[key] for key in DISTRICT}}
    store = axis_simulator.Store(systems, _secret())
    listening = _listening(settings.port)
    config = uvicorn.Config(axis_simulator.serve(store), log_config=None, access_log=False, lifespan="off")
    server = _Beside(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    engine = create_engine(settings.database_url.get_secret_value(), pool_size=2, application="giamsat-demo")
    shelf = Shelf(Storage(settings.files_dir, settings.files_url), settings.clamd)
    district = DocumentSystem(url, _secret(), [_organ(key) for key in DISTRICT])
    try:
        yield Exchange(url, async_sessionmaker(engine, expire_on_commit=False), shelf, district)
    finally:
        server.should_exit = True
        await serving
        await engine.dispose()


class _Beside(uvicorn.Server):
    """Signals are for the API's server, which ends us."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _secret() -> str:
    return os.environ[SECRET_NAME]


def _listening(port: int) -> socket.socket:
    """At the same place at every start, for the account remembers it; at another where that is taken."""
    wanted = port + PORTS_APART if port + PORTS_APART < 65536 else port - PORTS_APART
    for choice in (wanted, 0):
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", choice))
        except OSError:
            listening.close()
        else:
            return listening
    raise Unexpected("no port is free for the axis")
