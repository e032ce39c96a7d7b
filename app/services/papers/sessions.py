"""The minutes of a working session, signed by whoever took them and by the chair."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.paper import Block, Paper, PaperKind, Registered, Signature, day, drawn_up, prose, table
from app.services.engagements import sessions
from app.services.engagements.reading import ENGAGEMENTS
from app.services.papers.letterheads import names, registered, shown, sides
from app.services.unit_of_work import UnitOfWork

Record = dict[str, Any]


async def minutes(uow: UnitOfWork, engagement_id: UUID, session_id: UUID) -> Paper:
    await sessions.require_of(uow, engagement_id, session_id)
    held, engagement = await shown(uow, sessions.SESSIONS, session_id), await shown(uow, ENGAGEMENTS, engagement_id)
    on = date.fromisoformat(held["held_on"])
    known = await registered(uow, held["minutes"]["document_id"])
    bodies = [UUID(it["body_id"]) for it in held["attendance"]]
    named = dict(zip(bodies, await _names(uow, bodies, on), strict=True))
    head, supervised = await sides(uow, engagement, on)
    made = drawn_up(
        head,
        PaperKind.MINUTES,
        Registered(known.symbol, known.day or on),
        today=uow.today,
        abstract=f"buổi làm việc giữa {engagement['delegation_name']} và {supervised}",
        blocks=_text(held, named),
    )
    return replace(made, signatures=tuple(_signatures(held)))


async def _names(uow: UnitOfWork, bodies: list[UUID], on: date) -> list[str]:
    ids = list(dict.fromkeys(bodies))
    found = dict(zip(ids, await names(uow, ids, on), strict=True))
    return [found[it] for it in bodies]


def _text(it: Record, bodies: dict[UUID, str]) -> Iterator[Block]:
    yield Block("text", f"Thời gian: ngày {day(it['held_on'])}.")
    yield Block("text", f"Địa điểm: {it['place'] or '…'}.")
    yield Block("heading", "I. THÀNH PHẦN")
    yield Block("text", f"Chủ trì: {_person(it['chair'])}.")
    if it["minute_taker"]:
        yield Block("text", f"Thư ký: {_person(it['minute_taker'])}.")
    for one in it["attendance"]:
        yield Block("item", f"{_person(one)}, {bodies[UUID(one['body_id'])]}")
    yield Block("heading", "II. NỘI DUNG")
    yield from prose(it["minutes"]["text"])
    if it["promises"]:
        yield Block("heading", "III. CAM KẾT")
        columns = (("TT", 1), ("Nội dung", 6), ("Người chịu trách nhiệm", 4), ("Hạn", 2))
        yield table(columns, _promises(it["promises"]))


def _promises(promises: list[Record]) -> Iterator[tuple[Any, ...]]:
    for number, one in enumerate(promises, 1):
        owner = ", ".join(part for part in (one["owner"]["name"], one["owner"]["title"]) if part)
        yield number, one["text"], owner, day(one["due_on"])


def _person(it: Record) -> str:
    return ", ".join(part for part in (it["name"], it.get("title")) if part)


def _signatures(held: Record) -> Iterator[Signature]:
    taker = held["minute_taker"] or {}
    yield Signature(["THƯ KÝ"], taker.get("name", ""))
    yield Signature(["CHỦ TRÌ"], held["chair"]["name"])
