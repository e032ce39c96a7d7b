"""Campaigns without a delegation: what each form needs to start, to be reported on and to be concluded."""

from datetime import date
from io import BytesIO
from json import loads
from zipfile import ZipFile

import pytest
from pydantic import TypeAdapter

from app.domain.board import BoardKind, BoardState
from app.domain.campaign import CampaignForm, CampaignState, RecordKind
from app.domain.report import ReportKind, ReportState
from app.models.base import Listing
from app.models.campaign_form import NominationRead, RecordRead
from tests import makers
from tests import makers_boards as of
from tests.client import created, ok
from tests.makers import keep
from tests.makers_boards import BOARD, COMMITTEE, FRONT, FRONT_OFFICER

pytestmark = pytest.mark.thorough

CAMPAIGNS = "/v1/campaigns"
NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
async def board(session, world):
    return await of.a_board(session, world)


@pytest.fixture
async def paper(session, world):
    return str((await makers.a_document(session, world, FRONT, symbol="15/KH-MTTQ-BTT", number=15)).id)


async def planned(session, world, form, **fields):
    """A campaign of the Front that has not started, with nothing of what its form needs."""
    values = {"lead_body_id": world.body[FRONT], "form": form, "regime": "front", "ground": "complaints"}
    return await makers.a_campaign(session, world, state=CampaignState.PLANNED, **{**values, **fields})


def at(campaign):
    return f"{CAMPAIGNS}/{campaign.id}"


async def unmet(api, path, action, part=FRONT, **payload):
    refused = await api.move(path, action, as_=part, expect=409, **payload)
    return [(it["code"], it.get("pointer")) for it in refused["unmet"]]


@pytest.mark.parametrize(
    ("form", "lacks"),
    [
        (CampaignForm.DOCUMENT_STUDY, [("has_subject_documents", None)]),
        (CampaignForm.GRASSROOTS_BOARD, [("has_confirmed_board", "/board"), ("board_plan_sent", "/board/plan")]),
        (CampaignForm.STATE_PARTICIPATION, [("has_host_body", "/participation"), ("has_nomination", "/nominations")]),
        (CampaignForm.DELEGATION, [("has_decided_delegation", None), ("has_engagement", None)]),
    ],
)
async def test_each_form_starts_with_what_belongs_to_it(api, session, world, form, lacks):
    campaign = await planned(session, world, form)
    assert [(code, pointer or None) for code, pointer in await unmet(api, at(campaign), "start")] == lacks


async def test_the_study_of_documents_starts_with_its_documents(api, session, world):
    campaign = await planned(session, world, CampaignForm.DOCUMENT_STUDY)
    symbol = {"symbol": "06/2024/QĐ-UBND", "issued_on": "2024-01-10"}
    created(await api.post(f"{at(campaign)}/subject-documents", symbol, as_=FRONT, if_match=1))
    assert (await api.move(at(campaign), "start", as_=FRONT))["state"] == "underway"


async def put_board(api, campaign, board, part=FRONT, version=1, **fields):
    payload = {"board_id": str(board.id), **fields}
    return await api.put(f"{at(campaign)}/board", payload, as_=part, if_match=version)


def sent(world, document_id, on="2024-04-20"):
    return {"document_id": document_id, "sent_on": on, "to_body_ids": [str(world.body[COMMITTEE])]}


async def test_a_campaign_works_through_a_confirmed_board_with_its_plan(api, session, world, board, paper):
    campaign = await planned(session, world, CampaignForm.GRASSROOTS_BOARD, window_from=date(2024, 5, 6))
    named = await put_board(api, campaign, board)
    assert (ok(named)["starts_on"], ok(named)["plan"], named.headers["ETag"]) == ("2024-05-06", None, '"2"')
    due = ok(named)["plan_due"]
    assert (due["rule"], due["due_on"], due["state"]) == ("D11", "2024-04-25", "overdue")
    assert [it["code"] for it in (await api.move(at(campaign), "start", as_=FRONT, expect=409))["unmet"]] == [
        "board_plan_sent"
    ]
    told = ok(await put_board(api, campaign, board, version=2, plan=sent(world, paper)))
    assert (told["plan_due"]["state"], told["procedure_breach"]) == ("met", False)
    assert "Điều 14" in told["plan_due"]["legal_basis"]
    assert told["board_body"]["name"] == of.NAMES[BoardKind.PTIB]
    assert ok(await api.get(f"{at(campaign)}/board", as_=FRONT)) == told
    assert (await api.move(at(campaign), "start", as_=FRONT))["state"] == "underway"
    assert (await put_board(api, campaign, board, version=4)).json()["code"] == "not_editable"


async def test_a_plan_sent_later_than_the_law_allows_is_a_breach(api, session, world, board, paper):
    campaign = await planned(session, world, CampaignForm.GRASSROOTS_BOARD)
    late = sent(world, paper, on="2024-04-26")
    told = ok(await put_board(api, campaign, board, starts_on="2024-05-06", plan=late))
    assert (told["plan_due"]["state"], told["procedure_breach"]) == ("late", True)


async def test_an_investment_board_has_no_such_day(api, session, world, paper):
    """D11 is of inspection boards; the owner of a project is told by D14."""
    board = await of.a_board(session, world, BoardKind.CISB)
    campaign = await planned(session, world, CampaignForm.GRASSROOTS_BOARD)
    told = ok(await put_board(api, campaign, board, starts_on="2024-05-06", plan=sent(world, paper, on="2024-05-05")))
    assert (told["plan_due"], told["procedure_breach"]) == (None, False)


@pytest.mark.parametrize("state", [BoardState.SUBMITTED, BoardState.DISSOLVED])
async def test_a_board_that_is_not_confirmed_starts_nothing(api, session, world, paper, state):
    board = await of.a_board(session, world, state=state)
    campaign = await planned(session, world, CampaignForm.GRASSROOTS_BOARD)
    ok(await put_board(api, campaign, board, plan=sent(world, paper)))
    assert await unmet(api, at(campaign), "start") == [("has_confirmed_board", "/board")]


async def test_the_board_and_its_front_take_part_whichever_leads(api, session, world, board):
    for lead, part, other in (
        (world.body[FRONT], FRONT, board.body_id),
        (board.body_id, BOARD, world.body[FRONT]),
    ):
        campaign = await planned(session, world, CampaignForm.GRASSROOTS_BOARD, lead_body_id=lead)
        ok(await put_board(api, campaign, board, part=part))
        seen = ok(await api.get(at(campaign), as_=part))
        assert str(other) in [it["id"] for it in seen["partner_bodies"]]
        for reader in (FRONT, BOARD):
            assert (await api.get(f"{at(campaign)}/board", as_=reader)).status_code == 200


async def test_whose_board_it_is_and_who_may_name_it(api, session, world, board):
    theirs = await planned(session, world, CampaignForm.GRASSROOTS_BOARD, lead_body_id=world.body["lead"])
    assert (await put_board(api, theirs, board, part="lead_officer")).status_code == 404
    campaign = await planned(session, world, CampaignForm.GRASSROOTS_BOARD)
    other = await of.a_board(session, world, front_body_id=world.body["counterpart"])
    answer = await put_board(api, campaign, other)
    assert answer.status_code == 404
    assert (await put_board(api, campaign, board, part=BOARD)).status_code == 403
    assert (await put_board(api, campaign, board, version=None)).status_code == 428
    assert (await put_board(api, campaign, board, version=7)).status_code == 412
    other_form = await planned(session, world, CampaignForm.DOCUMENT_STUDY)
    assert (await put_board(api, other_form, board)).json()["code"] == "other_form"
    assert (await api.get(f"{at(campaign)}/board", as_=FRONT)).status_code == 404


async def test_a_lead_that_is_neither_the_board_nor_its_front_names_no_board(api, session, world):
    """The superior sees a board of the Front below it, and cannot take it for its own."""
    board = await of.a_board(session, world, front_body_id=world.body["addressee"])
    campaign = await planned(session, world, CampaignForm.GRASSROOTS_BOARD, lead_body_id=world.body[COMMITTEE])
    answer = await put_board(api, campaign, board, part=COMMITTEE)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "board_of_another")


@pytest.mark.parametrize(
    ("plan", "pointer", "code"),
    [
        ({"sent_on": "2999-01-01"}, "/plan/sent_on", "in_the_future"),
        ({"to_body_ids": [NOBODY]}, "/plan/to_body_ids/0", "not_visible"),
        ({"to_body_ids": []}, "/plan/to_body_ids", "too_short"),
    ],
)
async def test_what_is_wrong_with_a_plan_has_its_place(api, session, world, board, paper, plan, pointer, code):
    campaign = await planned(session, world, CampaignForm.GRASSROOTS_BOARD)
    answer = await put_board(api, campaign, board, plan={**sent(world, paper), **plan})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"], answer.json()["errors"][0]["code"]) == (
        422,
        pointer,
        code,
    )


async def test_a_plan_that_is_due_is_a_task_of_the_lead(api, session, world, board):
    campaign = await planned(session, world, CampaignForm.GRASSROOTS_BOARD)
    ok(await put_board(api, campaign, board, starts_on="2024-05-06"))
    tasks = ok(await api.get("/v1/me/tasks", as_=FRONT_OFFICER))["items"]
    asked = [it for it in tasks if it["record"]["id"] == str(campaign.id) and it["action"] == "send_board_plan"]
    assert [(it["due_on"], it["rule"]) for it in asked] == [("2024-04-25", "D11")]


async def test_the_front_joins_a_host_by_whom_it_nominates(api, session, world, paper):
    campaign = await planned(session, world, CampaignForm.STATE_PARTICIPATION)
    host = {"host_body_id": str(world.body["counterpart"]), "invitation_document_id": paper}
    put = await api.put(f"{at(campaign)}/participation", host, as_=FRONT, if_match=1)
    assert (ok(put)["host_body"]["short_name"], put.headers["ETag"]) == ("UBND tỉnh", '"2"')
    assert await unmet(api, at(campaign), "start") == [("has_nomination", "/nominations")]
    person = {"name": "Lê Thị Hạnh", "title": "Phó Chủ tịch", "body_id": str(world.body[FRONT])}
    answer = await api.post(f"{at(campaign)}/nominations", {"person": person, "document_id": paper}, as_=FRONT_OFFICER)
    first = created(answer)
    assert (first["person"], first["replaced_by_id"]) == (person, None)
    assert (await api.move(at(campaign), "start", as_=FRONT))["state"] == "underway"
    another = {"person": {**person, "name": "Trần Văn Bình"}, "document_id": paper, "replaces_id": first["id"]}
    second = created(await api.post(f"{at(campaign)}/nominations", another, as_=FRONT))
    listed = await api.get(f"{at(campaign)}/nominations", as_=FRONT)
    items = TypeAdapter(Listing[NominationRead]).validate_json(listed.content).items
    assert [str(it.replaced_by_id) for it in items] == ["None", second["id"]]
    again = await api.post(f"{at(campaign)}/nominations", another, as_=FRONT)
    assert again.json()["code"] == "already_replaced"
    assert (await api.put(f"{at(campaign)}/participation", host, as_=FRONT, if_match=9)).status_code == 412


async def test_a_host_is_another_body_of_the_register(api, session, world):
    campaign = await planned(session, world, CampaignForm.STATE_PARTICIPATION)
    for body_id, code in ((str(world.body[FRONT]), "host_is_lead"), (NOBODY, "not_visible")):
        host = {"host_body_id": body_id}
        answer = await api.put(f"{at(campaign)}/participation", host, as_=FRONT, if_match=1)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
    study = await planned(session, world, CampaignForm.DOCUMENT_STUDY)
    host = {"host_body_id": str(world.body["counterpart"])}
    assert (await api.put(f"{at(study)}/participation", host, as_=FRONT, if_match=1)).json()["code"] == "other_form"
    assert (await api.get(f"{at(study)}/participation", as_=FRONT)).status_code == 404


async def test_a_nomination_of_another_campaign_is_not_found(api, session, world, paper):
    mine, other = await of.a_joined_campaign(session, world), await of.a_joined_campaign(session, world)
    (theirs,) = ok(await api.get(f"{at(other)}/nominations", as_=FRONT))["items"]
    person = {"name": "A", "title": "B", "body_id": str(world.body[FRONT])}
    asked = {"person": person, "document_id": paper, "replaces_id": theirs["id"]}
    assert (await api.post(f"{at(mine)}/nominations", asked, as_=FRONT)).status_code == 404
    said = {"kind": "opinion", "held_on": "2024-05-10", "text": "x", "nomination_id": theirs["id"]}
    assert (await api.post(f"{at(mine)}/records", said, as_=FRONT)).status_code == 404


MINUTES = {"kind": "minutes", "held_on": "2024-05-08", "author": {"name": "Lê Văn Thành"}, "text": "Kiểm tra tại chỗ"}


@pytest.mark.parametrize("part", [FRONT, FRONT_OFFICER, BOARD])
async def test_minutes_are_taken_by_the_front_or_its_board(api, session, world, board, part):
    campaign = await of.a_board_campaign(session, world, board)
    made = created(await api.post(f"{at(campaign)}/records", MINUTES, as_=part))
    assert (made["author"], made["confirmed_on"]) == ({"name": "Lê Văn Thành", "title": None, "body_id": None}, None)
    listed = await api.get(f"{at(campaign)}/records", params={"kind": "minutes"}, as_=part)
    assert len(TypeAdapter(Listing[RecordRead]).validate_json(listed.content).items) == 1
    assert ok(await api.get(f"{at(campaign)}/records", params={"kind": "opinion"}, as_=part))["items"] == []


async def test_others_neither_read_nor_write_them(api, session, world, board):
    campaign = await of.a_board_campaign(session, world, board)
    for part in ("lead_officer", "stranger", COMMITTEE):
        assert (await api.post(f"{at(campaign)}/records", MINUTES, as_=part)).status_code == 404
        assert (await api.get(f"{at(campaign)}/records", as_=part)).status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"author": None}, "one_author"),
        ({"nomination_id": NOBODY}, "one_author"),
        ({"text": None}, "text_or_document"),
        ({"asks": "Thu hồi"}, "asks_in_opinion"),
        ({"held_on": "2999-01-01"}, "in_the_future"),
        ({"author": {"name": "A", "body_id": NOBODY}}, "not_visible"),
    ],
)
async def test_a_record_says_who_when_and_what(api, session, world, board, change, code):
    campaign = await of.a_board_campaign(session, world, board)
    answer = await api.post(f"{at(campaign)}/records", {**MINUTES, **change}, as_=FRONT)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


async def test_records_are_of_a_campaign_underway_without_engagements(api, session, world, board):
    early = await of.a_board_campaign(session, world, board, state=CampaignState.PLANNED)
    assert (await api.post(f"{at(early)}/records", MINUTES, as_=FRONT)).json()["code"] == "campaign_not_underway"
    delegated = await makers.a_campaign(session, world)
    assert (await api.post(f"{at(delegated)}/records", MINUTES, as_="lead_officer")).json()["code"] == "other_form"


async def adopted(session, world, campaign):
    values = {"author_body_id": campaign.lead_body_id, "hash": "0" * 64, "adopted_on": date(2024, 6, 20)}
    return await makers.a_report(session, world, campaign, state=ReportState.ADOPTED, **values)


async def test_a_board_s_campaign_is_reported_on_confirmed_minutes(api, session, world, board):
    campaign = await of.a_board_campaign(session, world, board)
    await adopted(session, world, campaign)
    assert await unmet(api, at(campaign), "report") == [("has_minutes_or_opinions", "/records")]
    made = created(await api.post(f"{at(campaign)}/records", MINUTES, as_=BOARD))
    assert await unmet(api, at(campaign), "report") == [("board_minutes_confirmed", "/records")]
    for part, asked in ((FRONT, 1), (BOARD, 0)):
        tasks = ok(await api.get("/v1/me/tasks", as_=part))["items"]
        assert len([it for it in tasks if it["action"] == "confirm_minutes"]) == asked
    path = f"/v1/boards/{board.id}/confirmations"
    said = {"record_id": made["id"], "on": "2024-05-10"}
    created(await api.post(path, said, as_=FRONT))
    assert (await api.post(path, said, as_=FRONT)).json()["code"] == "already_confirmed_by_front"
    (record,) = ok(await api.get(f"{at(campaign)}/records", as_=BOARD))["items"]
    assert record["confirmed_on"] == "2024-05-10"
    assert (await api.move(at(campaign), "report", as_=FRONT))["state"] == "reported"


async def a_study(session, world):
    values = {"lead_body_id": world.body[FRONT], "regime": "front", "ground": "complaints"}
    return await makers.a_campaign(session, world, form=CampaignForm.DOCUMENT_STUDY, **values)


@pytest.mark.parametrize("by_paper", [True, False])
async def test_a_study_of_documents_is_reported_on_opinions_or_the_paper_of_the_step(
    api, session, world, paper, by_paper
):
    campaign = await a_study(session, world)
    await adopted(session, world, campaign)
    assert await unmet(api, at(campaign), "report") == [("has_minutes_or_opinions", "/records")]
    if by_paper:
        assert (await api.move(at(campaign), "report", as_=FRONT, document_id=paper))["state"] == "reported"
        return
    expert = {"name": "PGS. Nguyễn An", "title": "Chuyên gia đất đai"}
    said = {"kind": "opinion", "held_on": "2024-05-10", "author": expert, "text": "Điều 5 trái luật"}
    created(await api.post(f"{at(campaign)}/records", said, as_=FRONT))
    assert (await api.move(at(campaign), "report", as_=FRONT))["state"] == "reported"


async def test_a_paper_that_is_not_ours_reports_nothing(api, session, world):
    campaign = await a_study(session, world)
    await adopted(session, world, campaign)
    theirs = await makers.a_document(session, world, "stranger", symbol="9/BB-X", number=9)
    answer = await api.move(at(campaign), "report", as_=FRONT, expect=404, document_id=str(theirs.id))
    assert answer["code"] == "not_found"


async def an_opinion(session, campaign, **fields):
    values = {"kind": RecordKind.OPINION, "author_name": "Lê Thị Hạnh", "asks": "Thu hồi ba thửa đất công ích"}
    return await of.a_record(session, campaign, **{**values, **fields})


def minority(campaign):
    return {"kind": "minority_report", "campaign_id": str(campaign.id), "sections": []}


async def test_a_minority_report_takes_the_place_of_a_conclusion(api, session, world):
    campaign = await of.a_joined_campaign(session, world, state=CampaignState.REPORTED)
    await an_opinion(session, campaign)
    draft = created(await api.post("/v1/reports", minority(campaign), as_=FRONT_OFFICER))
    assert (draft["kind"], draft["actions"]) == ("minority_report", ["circulate", "withdraw"])
    refused = await api.move(at(campaign), "conclude", as_=FRONT, expect=409, report_id=draft["id"])
    assert [it["code"] for it in refused["unmet"]] == ["conclusion_issued"]
    sent_up = await api.move(f"/v1/reports/{draft['id']}", "circulate", as_=FRONT_OFFICER)
    assert (sent_up["state"], len(sent_up["hash"]), sent_up["actions"]) == ("circulated", 64, [])
    tasks = ok(await api.get("/v1/me/tasks", as_=FRONT))["items"]
    assert "conclude" in [it["action"] for it in tasks if it["record"]["id"] == str(campaign.id)]
    concluded = await api.move(at(campaign), "conclude", as_=FRONT, report_id=draft["id"])
    assert concluded["state"] == "concluded"


async def test_it_is_for_those_who_asked_the_host_in_vain(api, session, world):
    campaign = await of.a_joined_campaign(session, world, state=CampaignState.REPORTED)
    await an_opinion(session, campaign, asks=None)
    draft = created(await api.post("/v1/reports", minority(campaign), as_=FRONT))
    assert await unmet(api, f"/v1/reports/{draft['id']}", "circulate") == [("host_was_asked", "")]


async def test_it_is_of_campaigns_that_joined_a_host(api, session, world, board):
    campaign = await of.a_board_campaign(session, world, board)
    assert (await api.post("/v1/reports", minority(campaign), as_=FRONT)).json()["code"] == "other_form"
    whole = {**minority(campaign), "engagement_id": NOBODY}
    answer = await api.post("/v1/reports", whole, as_=FRONT)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "contradiction")


async def test_a_minority_report_is_seen_by_its_own_leaders_alone(api, session, world):
    """Not by a partner of the campaign, though every other circulated report is."""
    campaign = await of.a_joined_campaign(session, world, state=CampaignState.REPORTED)
    await keep(session, of.CampaignPartner(campaign_id=campaign.id, body_id=world.body[BOARD]))
    values = {"author_body_id": world.body[FRONT], "circulated_on": date(2024, 6, 20), "hash": "0" * 64}
    report = await makers.a_report(
        session, world, campaign, kind=ReportKind.MINORITY_REPORT, state=ReportState.CIRCULATED, **values
    )
    for part, status in ((FRONT, 200), (FRONT_OFFICER, 200), (BOARD, 404), ("counterpart", 404)):
        assert (await api.get(f"/v1/reports/{report.id}", as_=part)).status_code == status, part
    printed = await api.get(f"/v1/reports/{report.id}/file", params={"format": "docx"}, as_=FRONT)
    assert printed.status_code == 200


async def test_other_forms_are_concluded_by_a_conclusion(api, session, world, board):
    campaign = await of.a_board_campaign(session, world, board, state=CampaignState.REPORTED)
    values = {"kind": ReportKind.MINORITY_REPORT, "author_body_id": world.body[FRONT]}
    report = await makers.a_report(session, world, campaign, state=ReportState.CIRCULATED, **values)
    refused = await api.move(at(campaign), "conclude", as_=FRONT, expect=409, report_id=str(report.id))
    assert [it["code"] for it in refused["unmet"]] == ["conclusion_issued"]


async def test_campaigns_are_found_by_board_and_by_host(api, session, world, board):
    through, joined = await of.a_board_campaign(session, world, board), await of.a_joined_campaign(session, world)
    for asked, found in (
        ({"board_id": str(board.id)}, through),
        ({"host_body_id": str(world.body["counterpart"])}, joined),
    ):
        assert [it["id"] for it in ok(await api.get(CAMPAIGNS, params=asked, as_=FRONT))["items"]] == [str(found.id)]
        assert ok(await api.get(CAMPAIGNS, params=asked, as_="counterpart"))["items"] == []


async def test_the_dossier_holds_what_the_form_asks_for(api, session, world, board):
    campaign = await of.a_board_campaign(session, world, board)
    await of.a_record(session, campaign)
    answer = await api.get(f"{at(campaign)}/dossier", as_=FRONT)
    with ZipFile(BytesIO(answer.content)) as archive:
        index = loads(archive.read("index.json"))
    assert (len(index["board"]), len(index["records"]), index["nominations"]) == (1, 1, [])
