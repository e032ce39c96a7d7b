"""Letters of follow-up: the recommendation itself, a reminder of it, and its escalation to a superior."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from app.core.errors import NotVisible
from app.core.words import label
from app.domain.escalation import body_of
from app.domain.paper import Block, Paper, PaperKind, Registered, day, drawn_up, prose
from app.domain.transfer import TransferRole
from app.services.papers.letterheads import holder, letterhead, names, registered, shown
from app.services.reading import Projection
from app.services.recommendations.reading import ESCALATIONS, RECOMMENDATIONS, REMINDERS
from app.services.unit_of_work import UnitOfWork

Record = dict[str, Any]


async def letter(uow: UnitOfWork, recommendation_id: UUID) -> Paper:
    it = await shown(uow, RECOMMENDATIONS, recommendation_id)
    known = await registered(uow, it["document_id"])
    on = it["issued_on"]
    it = await _then(uow, it, date.fromisoformat(on) if on else uow.today)
    return await _letter(
        uow,
        it,
        PaperKind.RECOMMENDATION,
        Registered(known.symbol, date.fromisoformat(on) if on else None, known.signer),
        abstract="V/v thực hiện kiến nghị sau giám sát",
        blocks=_asked(it),
        to=_addressee(it),
    )


async def reminder(uow: UnitOfWork, recommendation_id: UUID, reminder_id: UUID) -> Paper:
    it = await shown(uow, RECOMMENDATIONS, recommendation_id)
    reminded = await _of(uow, REMINDERS, recommendation_id, reminder_id)
    known = await registered(uow, reminded["document_id"])
    it = await _then(uow, it, date.fromisoformat(reminded["reminded_on"]))
    return await _letter(
        uow,
        it,
        PaperKind.REMINDER,
        Registered(known.symbol, date.fromisoformat(reminded["reminded_on"]), known.signer),
        abstract="V/v đôn đốc thực hiện kiến nghị sau giám sát",
        blocks=_reminded(it, reminded),
        to=_addressee(it),
    )


async def escalation(uow: UnitOfWork, recommendation_id: UUID, escalation_id: UUID) -> Paper:
    it = await shown(uow, RECOMMENDATIONS, recommendation_id)
    climbed = await _of(uow, ESCALATIONS, recommendation_id, escalation_id)
    it = await _then(uow, it, date.fromisoformat(climbed["escalated_on"]))
    return await _letter(
        uow,
        it,
        PaperKind.ESCALATION,
        Registered(day=date.fromisoformat(climbed["escalated_on"])),
        abstract=climbed["letter_subject"],
        blocks=prose(body_of(climbed["letter_text"])),
        to=[climbed["to_body"]["name"]],
        copy_to=[*([it["addressee"]["id"]] if it["addressee"] else []), *climbed["copy_to"]],
    )


async def _then(uow: UnitOfWork, it: Record, on: date) -> Record:
    """With the bodies that issued it and were asked on the day of the letter; their heirs have it since."""
    campaign_id, own = it.get("campaign_id"), UUID(it["id"])
    role, subject_id = (TransferRole.CAMPAIGN_LEAD, UUID(campaign_id)) if campaign_id else (TransferRole.ISSUER, own)
    issuer = await holder(uow, role, subject_id, UUID(it["issuer_body_id"]), on)
    bodies = {"issuer_body_id": str(issuer), "issuer_body": await _named(uow, issuer, on)}
    if it["addressee"]:
        addressee = await holder(uow, TransferRole.ADDRESSEE, own, UUID(it["addressee"]["id"]), on)
        bodies["addressee"] = await _named(uow, addressee, on)
    return it | bodies


async def _named(uow: UnitOfWork, body_id: UUID, on: date) -> Record:
    return {"id": str(body_id), "name": (await names(uow, [body_id], on))[0]}


async def _of(uow: UnitOfWork, projection: Projection, recommendation_id: UUID, identifier: UUID) -> Record:
    found = await shown(uow, projection, identifier)
    if found["recommendation_id"] != str(recommendation_id):
        raise NotVisible
    return found


async def _letter(
    uow: UnitOfWork, it: Record, kind: PaperKind, known: Registered, *, copy_to: list[str] | None = None, **said: Any
) -> Paper:
    on = known.day or uow.today
    copies = await names(uow, [UUID(one) for one in (it["copy_to"] if copy_to is None else copy_to)], on)
    head = await letterhead(uow, UUID(it["issuer_body_id"]), on)
    return drawn_up(head, kind, known, today=uow.today, copies=["Như trên", *copies], **said)


def _addressee(it: Record) -> list[str]:
    return [it["addressee"]["name"]] if it["addressee"] else []


def _asked(it: Record) -> Iterator[Block]:
    yield Block("text", f"{it['issuer_body']['name']} kiến nghị:")
    yield from prose(it["action"])
    for name, value in _terms(it):
        yield Block("item", f"{name}: {value}")
    yield Block("text", "Đề nghị trả lời bằng văn bản và báo cáo kết quả thực hiện đúng thời hạn.")


def _terms(it: Record) -> Iterator[tuple[str, str]]:
    """Owner, result, measure and both dates with what they rest on."""
    owner = it["owner"] or {}
    if owner:
        yield "Người chịu trách nhiệm", f"{owner['name']}, {owner['title']}"
    if it["expected_result"]:
        yield "Kết quả cần đạt", it["expected_result"]
    if it["measure"]:
        yield "Thước đo", it["measure"]
    for name, due, basis in (
        ("Hạn trả lời", "reply_due_on", "reply_due_basis"),
        ("Hạn hoàn thành", "due_on", "due_basis"),
    ):
        if it[due]:
            yield name, day(it[due]) + _basis(it[basis])


def _basis(basis: Record | None) -> str:
    """Of what the product writes itself in both languages, the Vietnamese alone."""
    text = (basis or {}).get("text") or (basis or {}).get("legal_basis") or ""
    told = text.partition(" · ")[0]
    return f" (căn cứ: {told})" if told else ""


def _reminded(it: Record, reminder: Record) -> Iterator[Block]:
    numbered = f" số {it['number']}" if it["number"] else ""
    issued = f" ngày {day(it['issued_on'])}" if it["issued_on"] else ""
    yield Block("text", f"Đề nghị {it['addressee']['name']} thực hiện kiến nghị{numbered}{issued}:")
    yield from prose(it["action"])
    for name, value in _terms(it):
        yield Block("item", f"{name}: {value}")
    if reminder["clock"] and reminder["due_on"]:
        clock = label("vi", "follow_up_clock", reminder["clock"])
        yield Block("text", f"Thời hạn đang theo dõi ({clock.lower()}): {day(reminder['due_on'])}.")
    yield from prose(reminder["note"])
