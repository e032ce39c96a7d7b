"""Figures over recommendations as a workbook: the whole, the groups asked for, how late they are, and the quarters."""

import io
from typing import Any, Final

import orjson

from app.adapters import xlsx
from app.adapters.xlsx import Column
from app.core.words import heading, label
from app.models.statistics import GroupBy, RecommendationStatisticsQuery
from app.services import statistics
from app.services.unit_of_work import UnitOfWork

Answer = dict[str, Any]
COUNTS: Final = ("issued", "due", "replied", "replied_in_time", "resolved", "overdue", "withdrawn")
MEDIANS: Final = ("median_days_to_reply", "median_days_to_resolve")
AGES: Final = ("not_due", "days_1_30", "days_31_90", "days_91_180", "days_over_180")
PARTS: Final = ("resolved", "overdue", "withdrawn", "other")
"""What became of the recommendations of a quarter: every one is in one part."""

SHOWN: Final = 20
"""Groups in a chart; the table has all."""


async def workbook(uow: UnitOfWork, asked: RecommendationStatisticsQuery) -> tuple[str, Answer]:
    """The name of the file, and what `written` puts into it."""
    answer: Answer = orjson.loads(await statistics.of_recommendations(uow, asked))
    by_quarter = asked.model_copy(update={"group_by": GroupBy.QUARTER, "limit": 1000})
    quarters: Answer = orjson.loads(await statistics.of_recommendations(uow, by_quarter))
    answer["quarters"] = sorted(quarters["items"], key=lambda it: it["key"])
    answer["group_by"] = asked.group_by
    return f"{label(uow.language, 'group_by', asked.group_by)} {uow.today.isoformat()}.xlsx", answer


def written(answer: Answer, language: str) -> bytes:
    made = io.BytesIO()
    book = xlsx.Book(made)
    _groups(book, answer, language)
    _ages(book, answer, language)
    _quarters(book, answer["quarters"], language)
    _whole(book, answer, language)
    book.close()
    return made.getvalue()


def _sheet(book: xlsx.Book, name: str, columns: list[Column], language: str) -> xlsx.Sheet:
    return book.sheet(heading(language, "figures_sheet", name), columns)


def _numbers(language: str, *names: str) -> list[Column]:
    return [Column(heading(language, "figures", it), "number", 13) for it in names]


def _grouped(answer: Answer, language: str) -> Column:
    return Column(label(language, "group_by", answer["group_by"]), width=45)


def _named(it: Answer, answer: Answer, language: str) -> str:
    """The group as people call it."""
    if it["body"] or it["place"]:
        return str(it["body"]["name"] if it["body"] else it["place"]["full_name"])
    if it["key"] is None:
        return heading(language, "figures", "unknown")
    return label(language, "origin", it["key"]) if answer["group_by"] == GroupBy.ORIGIN else str(it["key"])


def _groups(book: xlsx.Book, answer: Answer, language: str) -> None:
    days = [Column(heading(language, "figures", it), "decimal", 13) for it in MEDIANS]
    ratio = Column(heading(language, "figures", "due_resolved"), "ratio", 13)
    columns = [_grouped(answer, language), *_numbers(language, *COUNTS), *days, ratio]
    sheet = _sheet(book, "groups", columns, language)
    for it in answer["items"]:
        figures = [it[name] for name in (*COUNTS, *MEDIANS)]
        sheet.add([_named(it, answer, language), *figures, it["due_resolved"]["ratio"]])
    sheet.finish(late=1 + COUNTS.index("overdue"))
    shown = [1 + COUNTS.index(it) for it in ("issued", "replied", "resolved", "overdue")]
    sheet.chart("column", heading(language, "figures_sheet", "groups"), names=0, values=shown, most=SHOWN)


def _ages(book: xlsx.Book, answer: Answer, language: str) -> None:
    sheet = _sheet(book, "ageing", [_grouped(answer, language), *_numbers(language, *AGES)], language)
    for it in answer["items"]:
        sheet.add([_named(it, answer, language), *(it["ageing"][name] for name in AGES)])
    sheet.finish(late=len(AGES))
    values = range(1, len(AGES) + 1)
    title = heading(language, "figures_sheet", "ageing")
    sheet.chart("bar", title, names=0, values=values, stacked=True, most=SHOWN)


def _quarters(book: xlsx.Book, quarters: list[Answer], language: str) -> None:
    columns = [Column(label(language, "group_by", GroupBy.QUARTER), width=14), *_numbers(language, "issued", *PARTS)]
    sheet = _sheet(book, "quarters", columns, language)
    for it in quarters:
        other = it["issued"] - it["resolved"] - it["overdue"] - it["withdrawn"]
        sheet.add([it["key"], it["issued"], it["resolved"], it["overdue"], it["withdrawn"], other])
    sheet.finish(late=3)
    values = range(2, 2 + len(PARTS))
    sheet.chart("column", heading(language, "figures_sheet", "quarters"), names=0, values=values, stacked=True)


def _whole(book: xlsx.Book, answer: Answer, language: str) -> None:
    """All of it, also where only the largest groups are listed."""
    columns = [Column(heading(language, "figures", "figure"), width=45), Column("Σ", "decimal", 13)]
    sheet = _sheet(book, "whole", columns, language)
    total = answer["total"]
    for name in (*COUNTS, *MEDIANS):
        sheet.add([heading(language, "figures", name), total[name]])
    for name in AGES:
        sheet.add([heading(language, "figures", name), total["ageing"][name]])
    sheet.add([heading(language, "figures", "as_of").format(day=answer["as_of"]), None])
    sheet.finish()
