"""Social criticism on paper: the criticism document, and the table of what was absorbed and what was explained."""

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlmodel import col

from app.adapters import xlsx
from app.adapters.xlsx import Column
from app.core.errors import NotVisible
from app.core.words import label
from app.domain.campaign import CampaignForm
from app.domain.draft import ISSUED, Criterion
from app.domain.paper import Block, Letterhead, Paper, PaperKind, Registered, day, drawn_up, prose, table
from app.models.campaign import Campaign
from app.services.criticism import opinions
from app.services.criticism.reading import DRAFTS
from app.services.papers.letterheads import letterhead, registered, shown
from app.services.unit_of_work import UnitOfWork

Record = dict[str, Any]
WHOLE = "toàn văn"
MATRIX = (("Điều, khoản", 2), ("Ý kiến phản biện", 5), ("Đề nghị", 4), ("Tiếp thu", 2), ("Giải trình", 5))


async def document(uow: UnitOfWork, draft_id: UUID) -> Paper:
    """By the five points of Luật MTTQ Đ33(2), then place by place; for the lead, and the drafting body once issued."""
    draft = await shown(uow, DRAFTS, draft_id)
    if draft["view"] != "full" and not _has_received(uow, draft):
        raise NotVisible
    said = await _matrix(uow, draft_id)
    form, head = await _headed(uow, draft)
    return drawn_up(
        head,
        PaperKind.CRITICISM,
        await _registered(uow, draft),
        today=uow.today,
        abstract=f"đối với {_named(draft)}",
        blocks=[*_opening(draft, form), *_by_criterion(said), *_by_place(said), *_asked(draft)],
        to=_to(draft, form),
        copies=["Như trên"],
    )


def _has_received(uow: UnitOfWork, draft: Record) -> bool:
    """Opinions are told to the drafting body in the issued document alone (api.md, section 2)."""
    return draft["state"] in ISSUED and UUID(draft["drafting_body_id"]) in uow.who.reads


async def matrix(uow: UnitOfWork, draft_id: UUID) -> Paper:
    """What is refused must be explained (Luật MTTQ Đ36(3)); of the opinions that the caller reads."""
    draft = await shown(uow, DRAFTS, draft_id)
    said = await _matrix(uow, draft_id)
    _, head = await _headed(uow, draft)
    return drawn_up(
        head,
        PaperKind.MATRIX,
        Registered(),
        today=uow.today,
        abstract=f"ý kiến phản biện xã hội đối với {_named(draft)}",
        blocks=[table(MATRIX, ((_unbroken(place), *rest) for place, *rest in _lines(said)))],
    )


async def workbook(uow: UnitOfWork, draft_id: UUID) -> tuple[str, Record]:
    """The name of the file, and what `written` puts into it."""
    said = await _matrix(uow, draft_id)
    return f"Bảng tiếp thu, giải trình {said['title']}.xlsx", said


def written(said: Record) -> bytes:
    made = io.BytesIO()
    book = xlsx.Book(made)
    sheet = book.sheet("Tiếp thu, giải trình", [Column(title, width=8 * share) for title, share in MATRIX])
    for line in _lines(said):
        sheet.add(line)
    sheet.finish()
    book.close()
    return made.getvalue()


async def _matrix(uow: UnitOfWork, draft_id: UUID) -> Record:
    found: Record = orjson.loads(await opinions.matrix(uow, draft_id))
    return found


async def _headed(uow: UnitOfWork, draft: Record) -> tuple[str, Letterhead]:
    """The form of the criticism, and whose paper it is."""
    led = select(col(Campaign.form), col(Campaign.lead_body_id)).where(col(Campaign.id) == UUID(draft["campaign_id"]))
    form, lead = (await uow.session.execute(led.execution_options(scope="the head of a paper"))).one()
    issued = draft["document_issued_on"]
    return form, await letterhead(uow, lead, date.fromisoformat(issued) if issued else uow.today)


async def _registered(uow: UnitOfWork, draft: Record) -> Registered:
    known = await registered(uow, draft["criticism_document_id"])
    issued = draft["document_issued_on"]
    return Registered(known.symbol, date.fromisoformat(issued) if issued else None, known.signer)


def _opening(draft: Record, form: str) -> Iterator[Block]:
    yield Block("text", "Căn cứ các Điều 32 đến 36 Luật Mặt trận Tổ quốc Việt Nam;")
    yield Block("text", f"Căn cứ Nghị quyết liên tịch số 403/2017/NQLT-UBTVQH14-CP-ĐCTUBTWMTTQVN, {ARTICLES[form]};")
    received = f"do {draft['drafting_body']['name']} gửi ngày {day(draft['received_on'])}"
    yield Block(
        "text",
        f"Sau khi phản biện xã hội {_way(draft, form)} đối với {_named(draft)} {received}, có ý kiến như sau:",
    )


ARTICLES: dict[str, str] = {
    CampaignForm.CONFERENCE: "Điều 14 và Điều 15",
    CampaignForm.WRITTEN: "Điều 16 và Điều 17",
    CampaignForm.DIALOGUE: "Điều 18 và Điều 19",
}


def _named(draft: Record) -> str:
    title: str = draft["title"]
    return title[0].lower() + title[1:] if title.casefold().startswith("dự thảo") else f"dự thảo {title}"


def _way(draft: Record, form: str) -> str:
    """By which form, and on which days its sessions were held."""
    held = ", ".join(day(it["held_on"]) for it in draft.get("sessions", []))
    return f"bằng hình thức {label('vi', 'campaign_form', form).lower()}" + (f" ngày {held}" if held else "")


def _by_criterion(said: Record) -> Iterator[Block]:
    """What concerns the text as a whole in words; of single places how many there are, and where."""
    for number, criterion in enumerate(Criterion, 1):
        yield Block("heading", f"{number}. {label('vi', 'criterion', criterion)}")
        ours = [(row, it) for row, it in _each(said) if it["criterion"] == criterion]
        for _, it in (one for one in ours if one[0]["label"] == WHOLE):
            yield from _spoken(it)
        places = list(dict.fromkeys(row["label"] for row, _ in ours if row["label"] != WHOLE))
        if places:
            yield Block("text", f"Ý kiến cụ thể đối với: {'; '.join(places)} (xem mục 6).")
        if not ours:
            yield Block("text", "Không có ý kiến khác với dự thảo.")


def _spoken(it: Record) -> Iterator[Block]:
    yield from prose(it["opinion"])
    if it["proposal"]:
        yield Block("text", f"Đề nghị: {it['proposal']}")


def _by_place(said: Record) -> Iterator[Block]:
    columns = (("Điều, khoản", 2), ("Ý kiến", 5), ("Đề nghị", 5))
    rows = [
        (_unbroken(row["label"]), it["opinion"], it["proposal"]) for row, it in _each(said) if row["label"] != WHOLE
    ]
    yield Block("heading", "6. Ý kiến đối với từng điều, khoản")
    yield table(columns, rows) if rows else Block("text", "Không có.")


def _asked(draft: Record) -> Iterator[Block]:
    """Luật MTTQ Đ35(5), Đ36(3)."""
    authority = (draft["issuing_body"] or draft["issuing_authority"])["name"]
    yield Block("heading", "7. Kiến nghị")
    yield Block(
        "text",
        f"Đề nghị {draft['drafting_body']['name']} nghiên cứu, tiếp thu; trả lời bằng văn bản, giải trình những ý "
        f"kiến không tiếp thu và báo cáo ý kiến phản biện với {authority} theo khoản 3 Điều 36 Luật Mặt trận Tổ quốc "
        "Việt Nam.",
    )


def _to(draft: Record, form: str) -> list[str]:
    """After a dialogue the issuing authority gets it too (NQLT 403 Đ19)."""
    authority = (draft["issuing_body"] or draft["issuing_authority"])["name"]
    names = [draft["drafting_body"]["name"], *([authority] if form == CampaignForm.DIALOGUE else [])]
    return list(dict.fromkeys(names))


def _each(said: Record) -> Iterator[tuple[Record, Record]]:
    """Every opinion in the order of the text, those that have lost their place at the end."""
    for row in (*said["rows"], *said["orphaned"]):
        for it in row["opinions"]:
            yield row, it


def _unbroken(place: str) -> str:
    """A number stays on the line of its word: khoản 1, Điều 2."""
    return re.sub(r"(?<=điểm|hoản|Điều) ", "\u00a0", place)


def _lines(said: Record) -> Iterator[tuple[str, str, str, str, str]]:
    for row, it in _each(said):
        answer = it["answer"] or {}
        kind = label("vi", "answer_kind", answer["kind"]) if answer else ""
        yield row["label"], it["opinion"], it["proposal"] or "", kind, answer.get("text") or ""
