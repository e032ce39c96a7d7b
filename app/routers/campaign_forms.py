"""What campaigns keep whose form has no delegation: board and plan, host and nominations, minutes and opinions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core.problems import CHANGE, READ, WRITE, problems
from app.models.base import Listing, ListQuery
from app.models.campaign_form import (
    BoardAtWork,
    CampaignBoardRead,
    Host,
    HostStepCreate,
    HostStepFilter,
    HostStepRead,
    NominationCreate,
    NominationRead,
    ParticipationRead,
    RecordCreate,
    RecordFilter,
    RecordRead,
)
from app.models.deadline import DeadlineRead
from app.routers.deps import IfMatch, Reading, Uow, answer, json
from app.services.campaigns import boards, host_steps, participation, records
from app.services.reading import Page

PATH = "/v1/campaigns"
router = APIRouter(prefix=PATH, tags=["campaigns"])


@router.get(
    "/{campaign_id}/board",
    operation_id="get_campaign_board",
    summary="Ban thực hiện giám sát và kế hoạch của Ban · The board at work, and its plan",
    response_model=CampaignBoardRead,
    responses=problems(*READ),
)
async def get_campaign_board(uow: Reading, campaign_id: UUID) -> Response:
    identifier, version = await boards.of_campaign(uow, campaign_id)
    return await answer(uow, boards.CAMPAIGN_BOARD, identifier, parent_version=version)


@router.put(
    "/{campaign_id}/board",
    operation_id="put_campaign_board",
    summary="Chọn Ban, ghi kế hoạch đã gửi · Name the board, record its plan as sent",
    description=(
        "Hình thức `grassroots_board`, do Ban hoặc Ủy ban MTTQ cấp xã chủ trì; bên kia trở thành cơ quan phối hợp. "
        "`ETag` là của cuộc giám sát. · Form `grassroots_board`, led by the board or its Front; the other becomes a "
        "partner. The `ETag` is the campaign's."
    ),
    response_model=CampaignBoardRead,
    responses=problems(*CHANGE),
)
async def put_campaign_board(uow: Uow, campaign_id: UUID, payload: BoardAtWork, expected: IfMatch) -> Response:
    identifier, version = await boards.put(uow, campaign_id, payload, expected)
    return await answer(uow, boards.CAMPAIGN_BOARD, identifier, parent_version=version)


@router.get(
    "/{campaign_id}/participation",
    operation_id="get_participation",
    summary="Cơ quan chủ trì mà Mặt trận tham gia giám sát cùng · The host whose supervision is joined",
    response_model=ParticipationRead,
    responses=problems(*READ),
)
async def get_participation(uow: Reading, campaign_id: UUID) -> Response:
    identifier, version = await participation.of_campaign(uow, campaign_id)
    return await answer(uow, participation.PARTICIPATION, identifier, parent_version=version)


@router.put(
    "/{campaign_id}/participation",
    operation_id="put_participation",
    summary="Ghi cơ quan chủ trì và giấy mời · Name the host and its invitation",
    description=(
        "Hình thức `state_participation`; `ETag` là của cuộc giám sát. · "
        "Form `state_participation`; the `ETag` is the campaign's."
    ),
    response_model=ParticipationRead,
    responses=problems(*CHANGE),
)
async def put_participation(uow: Uow, campaign_id: UUID, payload: Host, expected: IfMatch) -> Response:
    identifier, version = await participation.put(uow, campaign_id, payload, expected)
    return await answer(uow, participation.PARTICIPATION, identifier, parent_version=version)


@router.get(
    "/{campaign_id}/host-steps",
    operation_id="list_host_steps",
    summary="Các bước của cơ quan chủ trì · What the host has done, step by step",
    response_model=Listing[HostStepRead],
    responses=problems(*READ),
)
async def list_host_steps(uow: Reading, campaign_id: UUID, asked: Annotated[HostStepFilter, Query()]) -> Response:
    return json(await host_steps.page(uow, campaign_id, asked))


@router.post(
    "/{campaign_id}/host-steps",
    status_code=201,
    operation_id="record_host_step",
    summary="Ghi một bước của cơ quan chủ trì · Record a step of the host",
    description=(
        "Hình thức `state_participation`. Khi cơ quan chủ trì là HĐND, các bước bắt đầu và kết thúc các thời hạn D17, "
        "D18, D19, D21 của luật tại ngày đó; `GET …/deadlines` cho thấy từng hạn. · Form `state_participation`. Where "
        "the host is a People's Council, steps start and end the periods D17, D18, D19, D21 of the law of that day."
    ),
    response_model=HostStepRead,
    responses=problems(*WRITE),
)
async def record_host_step(uow: Uow, campaign_id: UUID, payload: HostStepCreate) -> Response:
    identifier = await host_steps.record(uow, campaign_id, payload)
    return await answer(
        uow, host_steps.HOST_STEPS, identifier, status=201, listed_in=f"{PATH}/{campaign_id}/host-steps"
    )


@router.get(
    "/{campaign_id}/deadlines",
    operation_id="list_campaign_deadlines",
    summary="Thời hạn theo luật của cuộc giám sát · Dates that the law sets for a campaign, with their legal basis",
    response_model=Listing[DeadlineRead],
    responses=problems(*READ),
)
async def list_campaign_deadlines(uow: Reading, campaign_id: UUID) -> Response:
    return json(await host_steps.clocks_of(uow, campaign_id))


@router.get(
    "/{campaign_id}/nominations",
    operation_id="list_nominations",
    summary="Người được cử tham gia · Who was nominated",
    response_model=Listing[NominationRead],
    responses=problems(*READ),
)
async def list_nominations(uow: Reading, campaign_id: UUID, query: Annotated[ListQuery, Query()]) -> Response:
    return json(await participation.nominations_page(uow, campaign_id, Page.of(query)))


@router.post(
    "/{campaign_id}/nominations",
    status_code=201,
    operation_id="nominate_participant",
    summary="Cử người tham gia, thay người đã cử · Nominate somebody, or another in their place",
    response_model=NominationRead,
    responses=problems(*WRITE),
)
async def nominate(uow: Uow, campaign_id: UUID, payload: NominationCreate) -> Response:
    identifier = await participation.nominate(uow, campaign_id, payload)
    return await answer(
        uow, participation.NOMINATIONS, identifier, status=201, listed_in=f"{PATH}/{campaign_id}/nominations"
    )


@router.get(
    "/{campaign_id}/records",
    operation_id="list_campaign_records",
    summary="Biên bản, ý kiến của cuộc giám sát · Minutes and opinions of a campaign",
    response_model=Listing[RecordRead],
    responses=problems(*READ),
)
async def list_campaign_records(uow: Reading, campaign_id: UUID, asked: Annotated[RecordFilter, Query()]) -> Response:
    return json(await records.page(uow, campaign_id, asked))


@router.post(
    "/{campaign_id}/records",
    status_code=201,
    operation_id="add_campaign_record",
    summary="Ghi biên bản, ý kiến · Record minutes or an opinion",
    description=(
        "Cho các hình thức không lập đoàn (`document_study`, `grassroots_board`, `state_participation`), khi đang tiến "
        "hành; do cơ quan chủ trì hoặc phối hợp. · For the forms without a delegation, while underway; by the lead or "
        "a partner."
    ),
    response_model=RecordRead,
    responses=problems(*WRITE),
)
async def add_campaign_record(uow: Uow, campaign_id: UUID, payload: RecordCreate) -> Response:
    identifier = await records.add(uow, campaign_id, payload)
    return await answer(uow, records.RECORDS, identifier, status=201, listed_in=f"{PATH}/{campaign_id}/records")
