"""What came of supervisions through boards: who records it, what it may say, how it is corrected, where it counts."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.core import clock
from app.domain.board import BoardKind
from app.domain.campaign import CampaignForm, CampaignState
from app.models.board import Board
from app.models.board_result import BoardResultSeen, ProjectCountRead
from app.models.body import Body
from app.models.campaign import Campaign, CampaignPartner
from app.models.history import Transition
from tests import makers
from tests import makers_boards as of
from tests.client import Api, created, ok
from tests.ground import standing
from tests.makers_boards import BOARD, COMMITTEE, FRONT, FRONT_OFFICER
from tests.queries import Queries
from tests.world import World

pytestmark = pytest.mark.thorough

PATH = "/v1/board-results"
FOUND = {"on": "2024-05-08", "violations": 3, "cases_recommended": 2, "money_recovered": 45_000_000}


@pytest.fixture(scope="module")
async def board(groundwork: AsyncSession, world: World) -> Board:
    return await of.a_board(groundwork, world)


@pytest.fixture(scope="module")
async def campaign(groundwork: AsyncSession, world: World, board: Board) -> Campaign:
    return await of.a_board_campaign(groundwork, world, board)


@pytest.fixture
async def connection(ground: AsyncConnection, campaign: Campaign, app: FastAPI) -> AsyncIterator[AsyncConnection]:
    async with standing(ground, app) as connection:
        yield connection


def said(campaign: Campaign, **fields: Any) -> dict[str, Any]:
    return {"campaign_id": str(campaign.id), **FOUND, **fields}


async def recorded(api: Api, campaign: Campaign, part: str = FRONT_OFFICER, **fields: Any) -> dict[str, Any]:
    return created(await api.post(PATH, said(campaign, **fields), as_=part))


@pytest.mark.parametrize("part", [FRONT, FRONT_OFFICER, BOARD])
async def test_the_board_or_its_front_records_it(api: Api, campaign: Campaign, board: Board, part: str) -> None:
    it = await recorded(api, campaign, part, land_recovered=1250.5)
    TypeAdapter(BoardResultSeen).validate_python(it)
    assert (it["board_id"], it["board_kind"], it["on"]) == (str(board.id), "ptib", "2024-05-08")
    assert (it["money_recovered"], it["land_recovered"], it["legal_shortcomings"]) == (45_000_000, 1250.5, 0)
    assert (it["state"], it["actions"], it["campaign_title"]) == ("recorded", ["correct", "withdraw"], campaign.title)
    (line,) = ok(await api.get(f"{PATH}/{it['id']}/transitions", as_=part))["items"]
    assert (line["action"], line["on"]) == ("create", "2024-05-08")


async def test_others_do_not(api: Api, session: AsyncSession, world: World, campaign: Campaign) -> None:
    assert (await api.post(PATH, said(campaign), as_="stranger")).status_code == 404
    made = await recorded(api, campaign)
    for part in ("stranger", COMMITTEE, "lead_officer"):
        assert (await api.get(f"{PATH}/{made['id']}", as_=part)).status_code == 404
    joined = await of.a_board_campaign(session, world, await of.a_board(session, world, BoardKind.CISB))
    await makers.keep(session, CampaignPartner(campaign_id=joined.id, body_id=world.body["lead"]))
    assert (await api.post(PATH, said(joined), as_="lead_officer")).status_code == 403
    read = ok(await api.get(f"{PATH}?campaign_id={campaign.id}&count=true", as_="lead_officer"))
    assert read["count"] == 0


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"violations": 0, "cases_recommended": 0, "money_recovered": 0}, "", "no_figures"),
        ({"money_recovered": -1}, "/money_recovered", "greater_than_equal"),
        ({"money_recovered": 10**16}, "/money_recovered", "less_than_equal"),
        ({"money_recovered": 0.5}, "/money_recovered", "int_from_float"),
        ({"land_recovered": 0.005}, "/land_recovered", "decimal_max_places"),
        ({"land_recovered": 10**13}, "/land_recovered", "decimal_whole_digits"),
        ({"settlement_reduced": 1}, "/settlement_reduced", "not_of_this_form"),
        ({"on": "2099-01-01"}, "/on", "in_the_future"),
        ({"on": "2024-05-05"}, "/on", "before_previous_step"),
        ({"persons": 1}, "/persons", "extra_forbidden"),
    ],
)
async def test_what_it_may_not_say(
    api: Api, session: AsyncSession, campaign: Campaign, fields: dict[str, Any], pointer: str, code: str
) -> None:
    begun = {"subject_type": "campaign", "action": "start", "from_state": "planned", "to_state": "underway"}
    await makers.keep(session, Transition(subject_id=campaign.id, on_date=date(2024, 5, 6), **begun))
    answer = await api.post(PATH, said(campaign, **fields), as_=FRONT)
    assert answer.status_code == 422, answer.text
    assert [(it["pointer"], it["code"]) for it in answer.json()["errors"]] == [(pointer, code)]


@pytest.mark.parametrize("measure", ["land_recovered", "land_otherwise_handled", "legal_shortcomings"])
async def test_an_investment_board_has_columns_of_its_own(
    api: Api, session: AsyncSession, world: World, measure: str
) -> None:
    campaign = await of.a_board_campaign(session, world, await of.a_board(session, world, BoardKind.CISB))
    assert (await recorded(api, campaign, settlement_reduced=7_000_000))["settlement_reduced"] == 7_000_000
    refused = await api.post(PATH, said(campaign, **{measure: 1}), as_=FRONT)
    assert [(it["pointer"], it["code"]) for it in refused.json()["errors"]] == [(f"/{measure}", "not_of_this_form")]


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (CampaignState.PLANNED, 409),
        (CampaignState.CANCELLED, 409),
        (CampaignState.REPORTED, 201),
        (CampaignState.CLOSED, 201),
    ],
)
async def test_money_may_come_back_after_the_end(
    api: Api, session: AsyncSession, world: World, board: Board, state: CampaignState, status: int
) -> None:
    campaign = await of.a_board_campaign(session, world, board, state=state)
    answer = await api.post(PATH, said(campaign), as_=FRONT)
    assert (answer.status_code, answer.json().get("code")) == (
        status,
        "supervision_not_begun" if status == 409 else None,
    )


async def test_only_of_supervisions_through_a_board(api: Api, session: AsyncSession, world: World) -> None:
    campaign = await makers.a_campaign(session, world, form=CampaignForm.DOCUMENT_STUDY, lead_body_id=world.body[FRONT])
    assert (await api.post(PATH, said(campaign), as_=FRONT)).json()["code"] == "other_form"


async def test_a_figure_is_corrected_with_its_reason(api: Api, campaign: Campaign) -> None:
    made = await recorded(api, campaign)
    path = f"{PATH}/{made['id']}"
    changes = {"money_recovered": 40_000_000, "on": "2024-05-09"}
    after = await api.move(path, "correct", as_=BOARD, reason="Kho bạc xác nhận lại", changes=changes)
    assert (after["money_recovered"], after["on"], after["violations"], after["version"]) == (
        *(40_000_000, "2024-05-09", 3),
        made["version"] + 1,
    )
    lines = ok(await api.get(f"{path}/transitions", as_=FRONT))["items"]
    assert [(it["action"], it.get("reason")) for it in lines] == [("correct", "Kho bạc xác nhận lại"), ("create", None)]
    nothing = await api.move(path, "correct", as_=BOARD, expect=422, reason="Không", changes={})
    assert [it["code"] for it in nothing["errors"]] == ["no_figures"]
    other = await api.move(path, "correct", as_=BOARD, expect=422, reason="Sai", changes={"settlement_reduced": 5})
    assert other["errors"][0]["pointer"] == "/changes/settlement_reduced"


async def test_what_is_withdrawn_stays_so(api: Api, campaign: Campaign) -> None:
    path = f"{PATH}/{(await recorded(api, campaign))['id']}"
    assert (await api.move(path, "withdraw", as_=FRONT, reason="Ghi nhầm cuộc giám sát"))["actions"] == []
    refused = await api.move(path, "correct", as_=FRONT, expect=409, reason="Lại", changes={"violations": 1})
    assert (refused["code"], refused["allowed"]) == ("move_not_allowed", [])


async def test_a_request_sent_twice_records_once(api: Api, campaign: Campaign) -> None:
    first = created(await api.post(PATH, said(campaign), as_=FRONT, key="k1"))
    again = await api.post(PATH, said(campaign), as_=FRONT, key="k1")
    assert (again.json()["id"], again.headers["Idempotency-Replayed"]) == (first["id"], "true")


async def test_a_paper_of_another_body_is_not_found(
    api: Api, session: AsyncSession, world: World, campaign: Campaign
) -> None:
    theirs = await makers.a_document(session, world, "stranger", symbol="9/QĐ-X", number=9)
    assert (await api.post(PATH, said(campaign, document_id=str(theirs.id)), as_=FRONT)).status_code == 404
    ours = await makers.a_document(session, world, FRONT, symbol="4/BC-BTTND", number=4)
    assert (await recorded(api, campaign, document_id=str(ours.id)))["document_id"] == str(ours.id)


async def test_the_superior_of_the_front_reads_the_figures_alone(
    api: Api, session: AsyncSession, world: World, campaign: Campaign
) -> None:
    front = await session.get_one(Body, world.body[FRONT])
    front.parent_id = world.body["stranger"]
    await makers.keep(session, front)
    it = ok(await api.get(f"{PATH}/{(await recorded(api, campaign))['id']}", as_="stranger"))
    TypeAdapter(BoardResultSeen).validate_python(it)
    assert (it["view"], it["money_recovered"], "note" in it, it["actions"]) == ("party", 45_000_000, False, [])


async def test_the_list_is_filtered_at_a_constant_cost(
    api: Api, campaign: Campaign, board: Board, world: World, queries: Queries
) -> None:
    first = await recorded(api, campaign)
    for query, number in (
        *((f"campaign_id={campaign.id}", 1), (f"board_id={board.id}", 1), ("board_kind=cisb", 0)),
        *(("measure=violations", 1), ("measure=land_recovered", 0), ("measure=land_recovered&measure=violations", 1)),
        *(("on_from=2024-05-08&on_to=2024-05-08", 1), ("on_from=2024-05-09", 0), ("state=withdrawn", 0)),
        *((f"board_body_id={world.body[FRONT]}", 1), (f"board_body_id={board.body_id}", 1)),
        *(("board_level=province", 1), ("board_place_code=46", 1), (f"board_body_id={world.body['lead']}", 0)),
    ):
        assert len(ok(await api.get(f"{PATH}?{query}", as_=FRONT))["items"]) == number, query
    queries.reset()
    ok(await api.get(PATH, as_=FRONT))
    assert queries.count == 2, "the caller and the page"
    assert ok(await api.get(f"{PATH}/{first['id']}", as_=FRONT))["actions"] == ["correct", "withdraw"]


async def test_a_correction_after_the_closing_counts_in_the_open_period(api: Api, campaign: Campaign) -> None:
    """The closed period keeps what it reported, with a note of the record, the figure and the step."""
    clock.set_today(date(2024, 7, 2))
    path = f"{PATH}/{(await recorded(api, campaign))['id']}"
    periods = "/v1/reporting-periods"
    first, second = [
        created(await api.post(periods, {"period": {"from": start, "to": end}}, as_=FRONT))
        for start, end in (("2024-01-01", "2024-06-30"), ("2024-07-01", "2024-12-31"))
    ]
    assert first["figures"]["boards"]["ptib"]["money_recovered"]["value"] == 45_000_000
    await api.move(f"{periods}/{first['id']}", "close", as_=FRONT)
    clock.set_today(date(2024, 7, 10))
    await api.move(path, "correct", as_=FRONT, reason="Trả lại 5 triệu", changes={"money_recovered": 40_000_000})
    after = ok(await api.get(f"{periods}/{first['id']}", as_=FRONT))
    assert after["figures"]["boards"]["ptib"]["money_recovered"] == {
        "value": 45_000_000,
        "list": None,
        "adds_up": "money_recovered",
    }
    (note,) = after["notes"]
    assert (note["figure"], note["from"], note["to"]) == ("boards.ptib.money_recovered", 45_000_000, 40_000_000)
    assert (note["record"]["type"], note["record"]["title"]) == ("board_result", campaign.title)
    assert note["step"]["action"] == "correct"
    running = ok(await api.get(f"{periods}/{second['id']}", as_=FRONT))
    assert running["corrections"] == [{"figure": "boards.ptib.money_recovered", "amount": -5_000_000}]


COUNTS = "/v1/project-counts"


async def test_a_front_counts_the_projects_of_its_area(api: Api, world: World) -> None:
    made = created(await api.post(COUNTS, {"counted_on": "2024-03-31", "projects": 12}, as_=FRONT_OFFICER))
    ProjectCountRead.model_validate(made)
    assert (made["front_body_id"], made["projects"]) == (str(world.body[FRONT]), 12)
    again = await api.post(COUNTS, {"counted_on": "2024-03-31", "projects": 13}, as_=FRONT)
    assert (again.status_code, again.json()["code"]) == (409, "already_counted")
    changed = await api.patch(f"{COUNTS}/{made['id']}", {"projects": 13}, as_=FRONT, if_match=made["version"])
    assert (ok(changed)["projects"], ok(changed)["version"]) == (13, 2)
    assert (await api.patch(f"{COUNTS}/{made['id']}", {"projects": 9}, as_=FRONT, if_match=1)).status_code == 412
    assert (await api.get(f"{COUNTS}/{made['id']}", as_="stranger")).status_code == 404


async def test_who_else_counts_none(api: Api, world: World) -> None:
    of_front = {"front_body_id": str(world.body[FRONT]), "projects": 1}
    assert (await api.post(COUNTS, of_front, as_="stranger")).status_code == 403
    answer = await api.post(COUNTS, {"projects": 1}, as_=BOARD)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "not_a_front")


async def test_a_count_holds_until_the_next(api: Api, session: AsyncSession, world: World) -> None:
    for day, projects in ((date(2024, 3, 31), 12), (date(2024, 6, 30), 14)):
        await of.a_project_count(session, world, counted_on=day, projects=projects)
    for day, found in (("2024-03-30", []), ("2024-05-01", [12]), ("2024-12-31", [14])):
        listed = ok(await api.get(f"{COUNTS}?holding_on={day}&front_level=province", as_=FRONT))["items"]
        assert [it["projects"] for it in listed] == found
