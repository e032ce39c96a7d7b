"""The half-year notice (Luật MTTQ Đ30(1)) as a paper, and as a table with charts."""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from app.adapters import xlsx
from app.adapters.xlsx import Column
from app.core.words import label
from app.domain.paper import Block, Paper, PaperKind, Registered, day, drawn_up, table
from app.models.statistics import HalfYearQuery
from app.services import statistics
from app.services.papers.letterheads import letterhead
from app.services.unit_of_work import UnitOfWork

Notice = dict[str, Any]
SUMS = ("issued", "replied", "resolved")


async def paper(uow: UnitOfWork, asked: HalfYearQuery) -> Paper:
    notice: Notice = orjson.loads(await statistics.half_year(uow, asked))
    head = await letterhead(uow, UUID(notice["body_id"]), min(date.fromisoformat(notice["to"]), uow.today))
    return drawn_up(
        head,
        PaperKind.HALF_YEAR,
        Registered(),
        today=uow.today,
        abstract=f"kết quả giám sát {_half(asked.half)}",
        blocks=_text(notice),
        copies=["Hội đồng nhân dân, Ủy ban nhân dân cùng cấp"],
    )


def _half(half: str) -> str:
    return f"6 tháng {'đầu' if half.endswith('1') else 'cuối'} năm {half[:4]}"


def _text(notice: Notice) -> Iterator[Block]:
    yield Block("basis", "Căn cứ khoản 1 Điều 30 Luật Mặt trận Tổ quốc Việt Nam;")
    period = f"từ ngày {day(notice['from'])} đến ngày {day(notice['to'])}"
    yield Block(
        "text",
        f"{notice['body']['name']} thông báo kết quả giám sát {period}, số liệu đến ngày "
        f"{day(notice['as_of'])}, như sau:",
    )
    yield from _campaigns(notice)
    yield from _recommendations(notice)
    yield from _overdue(notice)


def _campaigns(notice: Notice) -> Iterator[Block]:
    yield Block("heading", "1. Các cuộc giám sát")
    if not notice["campaigns"]:
        yield Block("text", "Trong kỳ không có cuộc giám sát nào.")
        return
    rows = [(label("vi", "campaign_form", it["form"]), it["led"], it["joined"]) for it in notice["campaigns"]]
    total = ("Tổng số", sum(it[1] for it in rows), sum(it[2] for it in rows))
    yield table((("Hình thức", 6), ("Chủ trì", 2), ("Phối hợp", 2)), [*rows, total])


def _recommendations(notice: Notice) -> Iterator[Block]:
    """Each addressee by the name of the day of issue."""
    yield Block("heading", "2. Kiến nghị sau giám sát và kết quả thực hiện")
    if not notice["recommendations"]:
        yield Block("text", "Trong kỳ không ban hành kiến nghị nào.")
        return
    rows = [
        (number, it["addressee"]["name"], *(it[name] for name in SUMS))
        for number, it in enumerate(notice["recommendations"], 1)
    ]
    total = ("", "Tổng số", *(sum(it[name] for it in notice["recommendations"]) for name in SUMS))
    columns = (("TT", 1), ("Cơ quan được kiến nghị", 6), ("Đã ban hành", 2), ("Đã trả lời", 2), ("Đã giải quyết", 2))
    yield table(columns, [*rows, total])


def _overdue(notice: Notice) -> Iterator[Block]:
    yield Block("heading", "3. Kiến nghị quá hạn, đề nghị đôn đốc giải quyết")
    if not notice["overdue"]:
        yield Block("text", "Không có kiến nghị quá hạn.")
        return
    columns = (("Số", 2), ("Cơ quan", 8), ("Nội dung", 10), ("Hạn", 5), ("Quá hạn", 5))
    yield table(
        columns, ((it["number"], it["addressee"]["name"], it["action"], *_late(it)) for it in notice["overdue"])
    )


def _late(it: Notice) -> tuple[str, str]:
    due = it["due_on"] if it["overdue"] == "completion" else it["reply_due_on"]
    return day(due), label("vi", "overdue", it["overdue"])


async def workbook(uow: UnitOfWork, asked: HalfYearQuery) -> tuple[str, Notice]:
    """The name of the file, and what `written` puts into it."""
    notice: Notice = orjson.loads(await statistics.half_year(uow, asked))
    return f"Thông báo kết quả giám sát {_half(asked.half)}.xlsx", notice


def written(notice: Notice, language: str) -> bytes:
    """Three sheets: campaigns by form, recommendations by addressee, what is overdue."""
    made = io.BytesIO()
    book = xlsx.Book(made)
    _sheet_of_recommendations(book, notice)
    _sheet_of_campaigns(book, notice, language)
    _sheet_of_overdue(book, notice, language)
    book.close()
    return made.getvalue()


def _sheet_of_recommendations(book: xlsx.Book, notice: Notice) -> None:
    numbers = [Column(it, "number", 14) for it in ("Đã ban hành", "Đã trả lời", "Đã giải quyết")]
    sheet = book.sheet("Kiến nghị", [Column("Cơ quan được kiến nghị", width=50), *numbers])
    for it in notice["recommendations"]:
        sheet.add([it["addressee"]["name"], *(it[name] for name in SUMS)])
    sheet.finish()
    sheet.chart("column", "Kiến nghị và kết quả theo cơ quan", names=0, values=(1, 2, 3))


def _sheet_of_campaigns(book: xlsx.Book, notice: Notice, language: str) -> None:
    columns = [Column("Hình thức giám sát", width=40), Column("Chủ trì", "number"), Column("Phối hợp", "number")]
    sheet = book.sheet("Cuộc giám sát", columns)
    for it in notice["campaigns"]:
        sheet.add([label(language, "campaign_form", it["form"]), it["led"], it["joined"]])
    sheet.finish()
    sheet.chart("column", "Các cuộc giám sát theo hình thức", names=0, values=(1, 2))


def _sheet_of_overdue(book: xlsx.Book, notice: Notice, language: str) -> None:
    columns = [
        Column("Số", "number", 8),
        Column("Cơ quan", width=40),
        Column("Nội dung kiến nghị", width=60),
        Column("Hạn trả lời", "date", 14),
        Column("Hạn hoàn thành", "date", 14),
        Column("Quá hạn"),
    ]
    sheet = book.sheet("Quá hạn", columns)
    for it in notice["overdue"]:
        late = label(language, "overdue", it["overdue"])
        sheet.add([it["number"], it["addressee"]["name"], it["action"], it["reply_due_on"], it["due_on"], late])
    sheet.finish(late=5)
