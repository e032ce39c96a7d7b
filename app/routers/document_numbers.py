"""Numbers that were taken from a book: put to use, or voided with the reason."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body
from starlette.responses import Response

from app.core.problems import CHANGE, READ, problems
from app.domain.number_book import DOCUMENT_NUMBER
from app.models.number_book import DocumentNumber, DocumentNumberRead, NumberMove
from app.routers.deps import IfMatch, Reading, Uow, answer
from app.routers.histories import tell_history
from app.services import number_books

router = APIRouter(prefix="/v1/document-numbers", tags=["documents"])


@router.get(
    "/{document_number_id}",
    operation_id="get_document_number",
    summary="Một số đã lấy · One number",
    response_model=DocumentNumberRead,
    responses=problems(*READ),
)
async def get_document_number(uow: Reading, document_number_id: UUID) -> Response:
    return await answer(uow, number_books.NUMBER, document_number_id)


tell_history(router, DocumentNumber, "document_number", vi="một số văn bản", en="a number")


@router.post(
    "/{document_number_id}/transitions",
    operation_id="advance_document_number",
    summary="Dùng số đã giữ, hoặc hủy số · Use a reserved number, or void it",
    description=DOCUMENT_NUMBER.markdown(),
    response_model=DocumentNumberRead,
    responses=problems(*CHANGE),
)
async def advance_document_number(
    uow: Uow, document_number_id: UUID, move: Annotated[NumberMove, Body()], expected: IfMatch
) -> Response:
    await number_books.advance(uow, document_number_id, move, expected)
    return await answer(uow, number_books.NUMBER, document_number_id)
