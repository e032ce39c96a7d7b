"""Number books: two clerks at once never get one number, and a number that was taken never comes back."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible, invalid
from app.core.principal import Principal
from app.domain import deadlines, symbols
from app.domain.number_book import DOCUMENT_NUMBER, BookDirection, NumberFacts, NumberingStyle, NumberState, compose
from app.models.document import Classification, Document
from app.models.number_book import (
    DocumentNumber,
    DocumentNumberRead,
    NumberBook,
    NumberBookCreate,
    NumberBookFilter,
    NumberBookRead,
    NumberFilter,
    NumberMove,
    NumberTake,
)
from app.policies.actions import papers
from app.services import bodies, calendars, steps
from app.services.reading import Page, Projection, body_ref, read_page
from app.services.unit_of_work import UnitOfWork

REGISTRATION = "D22"


def _book_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    taken = (
        select(func.count())
        .select_from(DocumentNumber)
        .where(col(DocumentNumber.number_book_id) == col(NumberBook.id))
        .correlate(NumberBook)
    )
    return {
        "body": body_ref(col(NumberBook.body_id), col(NumberBook.period_from), who.today),
        "period": func.json_build_object("from", col(NumberBook.period_from), "to", col(NumberBook.period_to)),
        "next_number": col(NumberBook.last_number) + 1,
        "taken": taken.scalar_subquery(),
    }


def _number_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    paper = select(col(Document.symbol)).where(col(Document.id) == col(DocumentNumber.document_id))
    return {"symbol": paper.correlate(DocumentNumber).scalar_subquery()}


BOOK = Projection(model=NumberBook, reads={"full": NumberBookRead}, columns=_book_columns)
NUMBER = Projection(
    model=DocumentNumber,
    reads={"full": DocumentNumberRead},
    columns=_number_columns,
    lifecycle=lambda kind: DOCUMENT_NUMBER,
)


async def listing(uow: UnitOfWork, query: NumberBookFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    for name in ("direction", "kind", "body_id"):
        if (value := getattr(query, name)) is not None:
            where.append(col(getattr(NumberBook, name)) == value)
    if query.on is not None:
        where += [col(NumberBook.period_from) <= query.on, col(NumberBook.period_to) >= query.on]
    return await read_page(uow, BOOK, Page.of(query), where=where, filters=query.filters())


async def numbers_of(uow: UnitOfWork, book_id: UUID, query: NumberFilter) -> bytes:
    await steps.find(uow, NumberBook, book_id)
    where: list[ColumnElement[bool]] = [col(DocumentNumber.number_book_id) == book_id]
    if query.state:
        where.append(col(DocumentNumber.state).in_(query.state))
    if query.registered_late is not None:
        where.append(col(DocumentNumber.registered_late).is_(query.registered_late))
    return await read_page(uow, NUMBER, Page.of(query), where=where, filters={"of": book_id, **query.filters()})


async def open_book(uow: UnitOfWork, payload: NumberBookCreate) -> UUID:
    body_id = payload.body_id or uow.who.body_id
    if not papers(uow.who):
        raise Forbidden
    await bodies.check_known(uow, [body_id])
    if body_id not in papers(uow.who):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    await uow.serialise("number_book", body_id)
    if await _overlapping(uow, body_id, payload):
        raise Conflict("number_book_exists")
    it = NumberBook(
        body_id=body_id,
        period_from=payload.period.from_,
        period_to=payload.period.to,
        last_number=payload.first_number - 1,
        **payload.model_dump(exclude={"body_id", "period"}),
    )
    uow.add(it)
    await uow.session.flush()
    uow.record("number_book.create", it)
    return it.id


async def _overlapping(uow: UnitOfWork, body_id: UUID, payload: NumberBookCreate) -> bool:
    same = exists().where(
        col(NumberBook.body_id) == body_id,
        col(NumberBook.direction) == payload.direction,
        col(NumberBook.kind).is_not_distinct_from(payload.kind),
        col(NumberBook.series) == payload.series,
        col(NumberBook.period_from) <= payload.period.to,
        col(NumberBook.period_to) >= payload.period.from_,
    )
    return bool((await uow.session.execute(select(same).execution_options(scope="own books"))).scalar_one())


async def take(uow: UnitOfWork, book_id: UUID, payload: NumberTake) -> UUID:
    """The next number, for a paper or reserved; whoever comes at the same time waits for this one."""
    book = await steps.find(uow, NumberBook, book_id, lock=True)
    paper = None if payload.document_id is None else await steps.find(uow, Document, payload.document_id, lock=True)
    if (made := await uow.claim()) is not None:
        return made
    return (await _take(uow, book, paper, payload.on, payload.reason)).id


async def number(uow: UnitOfWork, book_id: UUID, paper: Document) -> None:
    """The next number for a paper that is being registered."""
    await _take(uow, await steps.find(uow, NumberBook, book_id, lock=True), paper, None, None)


async def _take(
    uow: UnitOfWork, book: NumberBook, paper: Document | None, on: date | None, reason: str | None
) -> DocumentNumber:
    day = on or min(uow.today, book.period_to)
    _check_day(uow, book, day)
    it = await _taken(uow, book, day, reason)
    if paper is not None:
        if not await _is_free(uow, paper):
            raise Conflict("paper_is_numbered")
        await _give(uow, book, it, paper, day)
    return it


async def _taken(uow: UnitOfWork, book: NumberBook, on: date, reason: str | None) -> DocumentNumber:
    book.last_number += 1
    it = DocumentNumber(number_book_id=book.id, number=book.last_number, taken_on=on, reason=reason)
    uow.add(it)
    await uow.session.flush()
    uow.record("document_number.create", it, became=it.state, lead_body_id=book.body_id)
    await steps.write_transition(uow, it, "create", was=None, became=it.state, on=on, move=None, case=None)
    return it


def _check_day(uow: UnitOfWork, book: NumberBook, on: date) -> None:
    steps.not_in_the_future(uow, on)
    if not book.period_from <= on <= book.period_to:
        bounds = {"first": book.period_from.isoformat(), "last": book.period_to.isoformat()}
        raise invalid("/on", "outside_the_book", **bounds)


async def _give(uow: UnitOfWork, book: NumberBook, it: DocumentNumber, paper: Document, on: date) -> None:
    """A paper of ours is named by its number; one that came in keeps its own name."""
    _check_paper(book, paper)
    it.document_id = paper.id
    it.state = NumberState.USED
    begun = paper.issued_on if book.direction == BookDirection.OUTGOING else on
    it.registered_late = await _is_late(uow, begun, on)
    if book.direction == BookDirection.OUTGOING:
        _name(book, it.number, paper)
        steps.touch(paper)
        uow.record("document.update", paper, fields=["number", "symbol"], lead_body_id=book.body_id)


def _check_paper(book: NumberBook, paper: Document) -> None:
    if paper.owner_body_id != book.body_id:
        raise NotVisible
    if book.direction == BookDirection.OUTGOING and paper.issuer_body_id != book.body_id:
        raise invalid("/document_id", "other_issuer")
    if book.kind is not None and paper.kind != book.kind:
        raise invalid("/document_id", "other_kind", kind=book.kind)
    if paper.classification != Classification.NORMAL and not book.series:
        raise invalid("/document_id", "secret_needs_series")


def _name(book: NumberBook, number: int, paper: Document) -> None:
    symbol = compose(NumberingStyle(book.style), number, paper.kind, book.organ)
    read = symbols.parse(symbol)
    written = symbols.parse(paper.symbol) if paper.symbol else None
    if paper.symbol is not None and (written is None or read is None or written.normalised != read.normalised):
        raise invalid("/document_id", "other_symbol", symbol=symbol)
    paper.symbol = paper.symbol or symbol
    paper.symbol_normalised = read.normalised if read else symbol
    paper.number = number


async def _is_late(uow: UnitOfWork, begun: date, on: date) -> bool:
    """After the next working day (NĐ 30/2020/NĐ-CP Đ4, Đ15, Đ18)."""
    rule = await calendars.rule(uow, REGISTRATION, begun)
    return rule is not None and on > deadlines.compute(rule, begun, await calendars.calendar(uow)).due_on


async def _is_free(uow: UnitOfWork, paper: Document) -> bool:
    numbered = exists().where(col(DocumentNumber.document_id) == paper.id)
    return not (await uow.session.execute(select(numbered).execution_options(scope="own paper"))).scalar_one()


async def advance(uow: UnitOfWork, number_id: UUID, move: NumberMove, expected: int | None) -> None:
    it = await steps.find(uow, DocumentNumber, number_id, lock=True)
    book = await steps.find(uow, NumberBook, it.number_book_id)
    paper = None if move.document_id is None else await steps.find(uow, Document, move.document_id, lock=True)

    async def facts(uow: UnitOfWork, it: Any, move: Any) -> NumberFacts:
        return NumberFacts(paper_is_free=paper is None or await _is_free(uow, paper))

    async def use(uow: UnitOfWork, it: Any, move: Any, on: date) -> None:
        assert paper is not None
        await _give(uow, book, it, paper, on)

    async def void(uow: UnitOfWork, it: Any, move: Any, on: date) -> None:
        it.reason = move.reason

    case = steps.Case(
        it=it, lifecycle=DOCUMENT_NUMBER, lead_body_id=book.body_id, facts=facts, effects={"use": use, "void": void}
    )
    await steps.advance(uow, case, move, expected)
