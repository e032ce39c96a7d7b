"""Campaigns (cuộc giám sát) with partners, counterparts, subject documents, overlaps and timeline."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request
from starlette.responses import Response, StreamingResponse

from app.core.problems import CHANGE, READ, WRITE, problems
from app.domain.campaign import CAMPAIGN
from app.models.base import Listing, ListQuery
from app.models.campaign import (
    Campaign,
    CampaignCounterpart,
    CampaignCreate,
    CampaignFilter,
    CampaignMove,
    CampaignPartner,
    CampaignSeen,
    CampaignUpdate,
    Concurrence,
    CounterpartCreate,
    CounterpartRead,
    PartnerCreate,
    PartnerRead,
    RefusalAnswer,
    SubjectDocumentCreate,
    SubjectDocumentRead,
)
from app.models.history import TimelineEntry
from app.models.overlap import OverlapReport, Resolution, ResolutionRead
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.routers.files import ARCHIVE, send_archive
from app.routers.histories import tell_history
from app.services import dossiers, timeline
from app.services.campaigns import moves, participants, reading, subject_documents, writing
from app.services.overlaps import reports as overlaps
from app.services.overlaps import resolutions
from app.services.overlaps.reading import RESOLUTIONS
from app.services.reading import Page

PATH = "/v1/campaigns"
router = APIRouter(prefix=PATH, tags=["campaigns"])


@router.get(
    "",
    operation_id="list_campaigns",
    summary="Các cuộc giám sát, phản biện · Campaigns",
    response_model=Listing[CampaignSeen],
    responses=problems(*READ),
)
async def list_campaigns(uow: Reading, asked: Annotated[CampaignFilter, Query()]) -> Response:
    return json(await reading.page(uow, asked))


@router.post(
    "",
    status_code=201,
    operation_id="create_campaign",
    summary="Đề xuất một cuộc giám sát · Propose a campaign",
    response_model=CampaignSeen,
    responses=problems(*WRITE),
)
async def create_campaign(uow: Uow, payload: CampaignCreate) -> Response:
    identifier = await writing.create(uow, payload)
    return await answer(uow, reading.CAMPAIGNS, identifier, status=201, location=PATH)


@router.get(
    "/{campaign_id}",
    operation_id="get_campaign",
    summary="Một cuộc giám sát · One campaign",
    response_model=CampaignSeen,
    responses=problems(*READ),
)
async def get_campaign(uow: Reading, campaign_id: UUID) -> Response:
    return await answer(uow, reading.CAMPAIGNS, campaign_id)


@router.patch(
    "/{campaign_id}",
    operation_id="update_campaign",
    summary="Sửa một cuộc giám sát · Change a campaign",
    response_model=CampaignSeen,
    responses=problems(*CHANGE),
)
async def update_campaign(uow: Uow, campaign_id: UUID, payload: CampaignUpdate, expected: IfMatch) -> Response:
    await writing.update(uow, campaign_id, payload, expected)
    return await answer(uow, reading.CAMPAIGNS, campaign_id)


tell_history(router, Campaign, "campaign", vi="cuộc giám sát", en="a campaign")


@router.post(
    "/{campaign_id}/transitions",
    operation_id="advance_campaign",
    summary="Chuyển bước một cuộc giám sát · Take a step of a campaign",
    description=CAMPAIGN.markdown(),
    response_model=CampaignSeen,
    responses=problems(*CHANGE),
)
async def advance_campaign(
    uow: Uow, campaign_id: UUID, move: Annotated[CampaignMove, Body()], expected: IfMatch
) -> Response:
    await moves.advance(uow, campaign_id, move, expected)
    return await answer(uow, reading.CAMPAIGNS, campaign_id)


@router.get(
    "/{campaign_id}/timeline",
    operation_id="get_campaign_timeline",
    summary="Diễn biến của cả cuộc giám sát · Timeline of the whole campaign",
    response_model=Listing[TimelineEntry],
    responses=problems(*READ),
)
async def get_campaign_timeline(uow: Reading, campaign_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await timeline.of(uow, campaign_id, query))


@router.get(
    "/{campaign_id}/dossier",
    operation_id="download_dossier",
    summary="Hồ sơ cuộc giám sát trong một tệp ZIP · The campaign's file in one ZIP",
    description=(
        "Mọi bản ghi mà người gọi được xem và các tệp của chúng; `index.json` có SHA-256 của từng tệp. · "
        "Every record that the caller sees, and their files; `index.json` gives each file's SHA-256."
    ),
    response_class=StreamingResponse,
    responses={**ARCHIVE, **problems(*READ)},
)
async def download_dossier(request: Request, uow: Reading, campaign_id: UUID) -> Response:
    return send_archive(request, await dossiers.of(uow, campaign_id))


@router.get(
    "/{campaign_id}/overlaps",
    operation_id="list_campaign_overlaps",
    summary="Báo cáo rà soát chồng chéo · Overlap report",
    response_model=OverlapReport,
    response_model_exclude_none=True,
    responses=problems(*READ, 403, 409),
)
async def list_campaign_overlaps(uow: Reading, campaign_id: UUID) -> OverlapReport:
    return await overlaps.of_campaign(uow, campaign_id)


@router.post(
    "/{campaign_id}/overlaps/{overlap_id}/resolutions",
    status_code=201,
    operation_id="resolve_campaign_overlap",
    summary="Xử lý chồng chéo của một cuộc giám sát · Resolve an overlap of a campaign",
    description=(
        "`join`: mời cơ quan kia cùng làm; `shift`: lùi thời gian của mình; `justify`: nêu lý do bằng văn bản. · "
        "`join` asks the other lead to take part, `shift` moves one's own time, `justify` says why both are needed."
    ),
    response_model=ResolutionRead,
    responses=problems(*WRITE),
)
async def resolve_campaign_overlap(
    uow: Uow, campaign_id: UUID, overlap_id: UUID, how: Annotated[Resolution, Body()]
) -> Response:
    identifier = await resolutions.of_campaign(uow, campaign_id, overlap_id, how)
    return await answer(uow, RESOLUTIONS, identifier, status=201)


@router.get(
    "/{campaign_id}/partners",
    operation_id="list_campaign_partners",
    summary="Các cơ quan phối hợp · Partners",
    response_model=Listing[PartnerRead],
    responses=problems(*READ),
)
async def list_campaign_partners(uow: Reading, campaign_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await participants.page(uow, participants.PARTNERS, campaign_id, Page.of(query)))


@router.post(
    "/{campaign_id}/partners",
    status_code=201,
    operation_id="add_campaign_partner",
    summary="Thêm cơ quan phối hợp · Add a partner",
    response_model=CampaignSeen,
    responses=problems(*CHANGE),
)
async def add_campaign_partner(uow: Uow, campaign_id: UUID, payload: PartnerCreate, expected: IfMatch) -> Response:
    await participants.add_partner(uow, campaign_id, payload, expected)
    return await answer(uow, reading.CAMPAIGNS, campaign_id, status=201, location=PATH)


@router.delete(
    "/{campaign_id}/partners/{body_id}",
    status_code=204,
    operation_id="remove_campaign_partner",
    summary="Bỏ cơ quan phối hợp trước khi tiến hành · Remove a partner before the start",
    responses=problems(*CHANGE),
)
async def remove_campaign_partner(uow: Uow, campaign_id: UUID, body_id: UUID, expected: IfMatch) -> None:
    await participants.remove(uow, CampaignPartner, campaign_id, body_id, expected)


@router.post(
    "/{campaign_id}/partners/{body_id}/concurrence",
    status_code=201,
    operation_id="concur_as_partner",
    summary="Cơ quan phối hợp thống nhất hoặc không · A partner agrees or refuses",
    response_model=PartnerRead,
    responses=problems(*WRITE),
)
async def concur_as_partner(uow: Uow, campaign_id: UUID, body_id: UUID, payload: Concurrence) -> Response:
    row = await participants.concur(uow, CampaignPartner, campaign_id, body_id, payload)
    return await answer(uow, participants.PARTNERS, row.id, status=201)


@router.post(
    "/{campaign_id}/partners/{body_id}/concurrence/answers",
    status_code=201,
    operation_id="answer_partner_refusal",
    summary="Trả lời cơ quan phối hợp không thống nhất · Answer a partner's refusal",
    response_model=PartnerRead,
    responses=problems(*WRITE),
)
async def answer_partner_refusal(uow: Uow, campaign_id: UUID, body_id: UUID, payload: RefusalAnswer) -> Response:
    row = await participants.answer_refusal(uow, CampaignPartner, campaign_id, body_id, payload)
    return await answer(uow, participants.PARTNERS, row.id, status=201)


@router.get(
    "/{campaign_id}/counterparts",
    operation_id="list_campaign_counterparts",
    summary="Các cơ quan được hỏi ý kiến thống nhất · Asked counterparts",
    response_model=Listing[CounterpartRead],
    responses=problems(*READ),
)
async def list_campaign_counterparts(uow: Reading, campaign_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await participants.page(uow, participants.COUNTERPARTS, campaign_id, Page.of(query)))


@router.post(
    "/{campaign_id}/counterparts",
    status_code=201,
    operation_id="add_campaign_counterpart",
    summary="Thêm cơ quan cần hỏi ý kiến · Add a counterpart",
    response_model=CampaignSeen,
    responses=problems(*CHANGE),
)
async def add_campaign_counterpart(
    uow: Uow, campaign_id: UUID, payload: CounterpartCreate, expected: IfMatch
) -> Response:
    await participants.add_counterpart(uow, campaign_id, payload, expected)
    return await answer(uow, reading.CAMPAIGNS, campaign_id, status=201, location=PATH)


@router.delete(
    "/{campaign_id}/counterparts/{body_id}",
    status_code=204,
    operation_id="remove_campaign_counterpart",
    summary="Bỏ cơ quan được hỏi ý kiến · Remove a counterpart",
    responses=problems(*CHANGE),
)
async def remove_campaign_counterpart(uow: Uow, campaign_id: UUID, body_id: UUID, expected: IfMatch) -> None:
    await participants.remove(uow, CampaignCounterpart, campaign_id, body_id, expected)


@router.post(
    "/{campaign_id}/counterparts/{body_id}/concurrence",
    status_code=201,
    operation_id="concur_as_counterpart",
    summary="Cơ quan được hỏi thống nhất hoặc không · A counterpart agrees or refuses",
    response_model=CounterpartRead,
    responses=problems(*WRITE),
)
async def concur_as_counterpart(uow: Uow, campaign_id: UUID, body_id: UUID, payload: Concurrence) -> Response:
    row = await participants.concur(uow, CampaignCounterpart, campaign_id, body_id, payload)
    return await answer(uow, participants.COUNTERPARTS, row.id, status=201)


@router.post(
    "/{campaign_id}/counterparts/{body_id}/concurrence/answers",
    status_code=201,
    operation_id="answer_counterpart_refusal",
    summary="Trả lời cơ quan không thống nhất · Answer a counterpart's refusal",
    response_model=CounterpartRead,
    responses=problems(*WRITE),
)
async def answer_counterpart_refusal(uow: Uow, campaign_id: UUID, body_id: UUID, payload: RefusalAnswer) -> Response:
    row = await participants.answer_refusal(uow, CampaignCounterpart, campaign_id, body_id, payload)
    return await answer(uow, participants.COUNTERPARTS, row.id, status=201)


@router.get(
    "/{campaign_id}/subject-documents",
    operation_id="list_subject_documents",
    summary="Các văn bản được giám sát việc thực hiện · Subject documents",
    response_model=Listing[SubjectDocumentRead],
    responses=problems(*READ),
)
async def list_subject_documents(uow: Reading, campaign_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await subject_documents.page(uow, campaign_id, Page.of(query)))


@router.post(
    "/{campaign_id}/subject-documents",
    status_code=201,
    operation_id="add_subject_document",
    summary="Thêm văn bản được giám sát việc thực hiện · Add a subject document",
    response_model=SubjectDocumentRead,
    responses=problems(*CHANGE),
)
async def add_subject_document(
    uow: Uow, campaign_id: UUID, payload: SubjectDocumentCreate, expected: IfMatch
) -> Response:
    identifier = await subject_documents.add(uow, campaign_id, payload, expected)
    return await answer(uow, subject_documents.SUBJECT_DOCUMENTS, identifier, status=201)


@router.delete(
    "/{campaign_id}/subject-documents/{document_id}",
    status_code=204,
    operation_id="remove_subject_document",
    summary="Bỏ văn bản được giám sát việc thực hiện · Remove a subject document",
    responses=problems(*CHANGE),
)
async def remove_subject_document(uow: Uow, campaign_id: UUID, document_id: UUID, expected: IfMatch) -> None:
    await subject_documents.remove(uow, campaign_id, document_id, expected)
