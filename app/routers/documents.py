"""Papers: plans, decisions, minutes, replies, as the register knows them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.models.base import Listing
from app.models.document import DocumentCreate, DocumentFilter, DocumentRead, DocumentUpdate
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.services import documents

router = APIRouter(prefix="/v1/documents", tags=["documents"])


@router.get(
    "",
    operation_id="list_documents",
    summary="Tìm văn bản · Find papers",
    response_model=Listing[DocumentRead],
    responses=problems(*READ),
)
async def list_documents(uow: Reading, query: Annotated[DocumentFilter, Query()]) -> Response:
    return json(await documents.listing(uow, query))


@router.post(
    "",
    operation_id="create_document",
    summary="Đăng ký văn bản đi hoặc đến · Register a paper sent or received",
    response_model=DocumentRead,
    status_code=201,
    responses=problems(*WRITE),
)
async def create_document(uow: Uow, payload: DocumentCreate) -> Response:
    made = await documents.create(uow, payload)
    return await answer(uow, documents.DOCUMENT, made, status=201, location="/v1/documents")


@router.get(
    "/{document_id}",
    operation_id="get_document",
    summary="Xem một văn bản · One paper",
    response_model=DocumentRead,
    responses=problems(*READ),
)
async def read_document(uow: Reading, document_id: UUID) -> Response:
    return await answer(uow, documents.DOCUMENT, document_id)


@router.patch(
    "/{document_id}",
    operation_id="update_document",
    summary="Sửa thông tin văn bản · Correct what is known of a paper",
    response_model=DocumentRead,
    responses=problems(*CHANGE),
)
async def update_document(uow: Uow, document_id: UUID, payload: DocumentUpdate, expected: IfMatch) -> Response:
    await documents.change(uow, document_id, payload, expected)
    return await answer(uow, documents.DOCUMENT, document_id)
