"""The document system of Quảng Điền, on the other side of the axis: what its clerks send back for what has come."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import typst

from app.adapters import edxml
from app.adapters.axis import Axis, MessageType, open_axis
from app.core.clock import today, utcnow
from app.domain.edxml import StatusCode

SYSTEM = "QUANG-DIEN"


@dataclass(frozen=True, slots=True)
class Letter:
    """A paper that answers, by an organ of the district."""

    organ: edxml.Organ
    number: str
    notation: str
    day: date
    subject: str
    text: str

    def printed(self) -> bytes:
        """Equal bytes at every printing, so that a letter sent twice is known again."""
        printed_at = datetime.combine(self.day, time(), UTC)
        return bytes(typst.compile(self.text.encode(), timestamp=printed_at, ignore_system_fonts=True))


class DocumentSystem:
    """One account for several organs of the district."""

    def __init__(self, url: str, secret: str, organs: Sequence[edxml.Organ]) -> None:
        self.axis: Axis = open_axis(url, SYSTEM, secret)
        self.organs = {it.organ_id: it for it in organs}

    async def collect(self) -> bytes | None:
        """The last document that lies there for us, taken off the queue with all copies of it."""
        content = None
        for item in await self.axis.received("edoc", today(), today()):
            content = b"".join([chunk async for chunk in self.axis.fetch(item.document_id)])
            await self.axis.acknowledge(item.document_id, "done")
        return content

    async def report(self, content: bytes, *codes: StatusCode, by: Sequence[str] | None = None) -> None:
        """What became of a document at each of our organs, or at some."""
        with edxml.read(io.BytesIO(content), now=utcnow()) as reading:
            assert isinstance(reading.content, edxml.Message)
            message = reading.content
        for organ_id in by if by is not None else [it.organ_id for it in message.recipients]:
            for code in codes:
                await self._send(_status(self.organs[organ_id], message, code), "status", [message.sender.organ_id])

    async def answer(self, content: bytes, letter: Letter) -> None:
        with edxml.read(io.BytesIO(content), now=utcnow()) as reading:
            assert isinstance(reading.content, edxml.Message)
            message = reading.content
        await self._send(_reply(message, letter), "edoc", [message.sender.organ_id])

    async def _send(self, it: edxml.Message | edxml.Status, kind: MessageType, receivers: list[str]) -> None:
        target = io.BytesIO()
        edxml.build(it, target)
        await self.axis.send(target.getvalue(), kind, sender=it.sender.organ_id, receivers=receivers)


def _status(organ: edxml.Organ, about: edxml.Message, code: StatusCode) -> edxml.Status:
    at = utcnow().astimezone(edxml.VIET_NAM).replace(tzinfo=None, microsecond=0)
    return edxml.Status(sender=organ, about=_reference(about), code=code, at=at)


def _reference(about: edxml.Message) -> edxml.Reference:
    return edxml.Reference(
        organ_id=about.sender.organ_id,
        code=about.symbol,
        document_id=about.document_id,
        promulgated=about.promulgated,
    )


def _reply(about: edxml.Message, letter: Letter) -> edxml.Message:
    """The same at every telling, so that a second one is known again."""
    document_id = f"{letter.organ.organ_id},{letter.day:%Y/%m/%d},{letter.number}/{letter.notation}"
    at = utcnow().astimezone(edxml.VIET_NAM).replace(tzinfo=None, microsecond=0)
    file = edxml.file_of(io.BytesIO(letter.printed()), cid="1", name="cong-van.pdf", media_type="application/pdf")
    return edxml.Message(
        sender=letter.organ,
        recipients=(about.sender,),
        document_id=document_id,
        number=letter.number,
        notation=letter.notation,
        promulgated=letter.day,
        kind=edxml.Kind(name="Công văn", detail=18),
        subject=letter.subject,
        answers=(_reference(about),),
        traces=(edxml.Trace(organ_id=letter.organ.organ_id, at=at),),
        business=edxml.Business(document_id=document_id),
        files=(file,),
    )
