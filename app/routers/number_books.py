"""Number books: every paper gets the next number, once."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import READ, WRITE, problems
from app.models.base import Listing
from app.models.number_book import (
    DocumentNumberRead,
    NumberBookCreate,
    NumberBookFilter,
    NumberBookRead,
    NumberFilter,
    NumberTake,
)
from app.routers.deps import Reading, Uow, answer, json
from app.services import number_books

router = APIRouter(prefix="/v1/number-books", tags=["documents"])


@router.get(
    "",
    operation_id="list_number_books",
    summary="Các sổ cấp số · Number books",
    response_model=Listing[NumberBookRead],
    responses=problems(*READ),
)
async def list_number_books(uow: Reading, query: Annotated[NumberBookFilter, Query()]) -> Response:
    return json(await number_books.listing(uow, query))


@router.post(
    "",
    operation_id="open_number_book",
    summary="Mở sổ cấp số · Open a number book",
    description=(
        "Nhà nước, Mặt trận: một sổ mỗi cơ quan mỗi năm (NĐ 30/2020/NĐ-CP Đ15); Đảng: mỗi loại văn bản mỗi nhiệm kỳ. · "
        "State and Front: one per issuer and year; the Party: one per type of paper and term."
    ),
    response_model=NumberBookRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def open_number_book(uow: Uow, payload: NumberBookCreate) -> Response:
    made = await number_books.open_book(uow, payload)
    return await answer(uow, number_books.BOOK, made, status=201, location="/v1/number-books")


@router.get(
    "/{number_book_id}",
    operation_id="get_number_book",
    summary="Một sổ cấp số · One number book",
    response_model=NumberBookRead,
    responses=problems(*READ),
)
async def get_number_book(uow: Reading, number_book_id: UUID) -> Response:
    return await answer(uow, number_books.BOOK, number_book_id)


@router.get(
    "/{number_book_id}/numbers",
    operation_id="list_document_numbers",
    summary="Các số đã cấp, đã giữ, đã hủy · Numbers used, reserved and voided",
    response_model=Listing[DocumentNumberRead],
    responses=problems(*READ),
)
async def list_document_numbers(
    uow: Reading, number_book_id: UUID, query: Annotated[NumberFilter, Query()]
) -> Response:
    return json(await number_books.numbers_of(uow, number_book_id, query))


@router.post(
    "/{number_book_id}/numbers",
    operation_id="take_document_number",
    summary="Lấy số kế tiếp cho một văn bản, hoặc giữ số · Take the next number for a paper, or reserve it",
    description=(
        "Hai văn thư cùng lúc không bao giờ nhận một số. Đăng ký sau ngày làm việc kế tiếp thì `registered_late`. · "
        "Two clerks at once never get one number. After the next working day it is `registered_late`."
    ),
    response_model=DocumentNumberRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def take_document_number(uow: Uow, number_book_id: UUID, payload: NumberTake) -> Response:
    made = await number_books.take(uow, number_book_id, payload)
    return await answer(uow, number_books.NUMBER, made, status=201, location="/v1/document-numbers")
