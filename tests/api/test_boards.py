"""Grassroots boards: who founds and confirms them, what the law counts, what they file and what the Front confirms."""

from datetime import date

import pytest
from pydantic import TypeAdapter
from sqlalchemy import select
from sqlmodel import col

from app.domain.board import BoardKind, BoardState
from app.domain.recommendation import Origin, RecommendationState
from app.models.base import Listing
from app.models.board import BoardConfirmationRead, BoardMemberSeen, BoardPaperRead, BoardSeen
from app.models.deadline import Deadline
from tests import makers
from tests import makers_boards as of
from tests.client import created, ok
from tests.makers_boards import BOARD, COMMITTEE, FRONT, FRONT_OFFICER

pytestmark = pytest.mark.thorough

PATH = "/v1/boards"


@pytest.fixture
async def board(session, world):
    return await of.a_board(session, world)


@pytest.fixture
async def paper(session, world):
    return str((await makers.a_document(session, world, FRONT, symbol="15/QĐ-MTTQ-BTT", number=15)).id)


async def founded(session, world, paper, kind=BoardKind.PTIB, **fields):
    """What founds a complete board."""
    said = (
        {"term": {"from": "2024-01-15", "to": "2026-12-31"}}
        if kind == BoardKind.PTIB
        else {"project": {"name": "Đường liên thôn Quảng Thái", "owner": "UBND xã", "starts_on": "2024-06-03"}}
    )
    return {
        "body_id": str(await of.a_board_body(session, world, kind)),
        "founding": {"on": "2024-01-15", "document_id": paper},
        "members": [{**seat, "from": "2024-01-15"} for seat in of.seats(kind)],
        **said,
        **fields,
    }


async def codes(api, path, action, part=FRONT_OFFICER, **payload):
    refused = await api.move(path, action, as_=part, expect=409, **payload)
    return [it["code"] for it in refused["unmet"]]


@pytest.mark.parametrize("part", [FRONT, FRONT_OFFICER, BOARD])
async def test_the_board_or_its_front_founds_it(api, session, world, paper, part):
    payload = await founded(session, world, paper)
    payload.pop("founding")
    made = created(await api.post(PATH, payload, as_=part))
    assert (made["kind"], made["state"], made["front_body_id"]) == ("ptib", "founding", str(world.body[FRONT]))
    assert made["place"]["code"] == of.COMMUNE
    assert made["term"] == {"from": "2024-01-15", "to": "2026-12-31"}
    assert made["actions"] == ["submit", "withdraw"]
    assert len(ok(await api.get(f"{PATH}/{made['id']}/members", as_=part))["items"]) == 5


@pytest.mark.parametrize("part", ["lead_officer", "stranger", "counterpart"])
async def test_nobody_else_founds_it(api, session, world, paper, part):
    assert (await api.post(PATH, await founded(session, world, paper), as_=part)).status_code == 403


async def test_only_boards_below_a_front_are_founded(api, world):
    for body, code in (("partner_b", "not_a_board"), ("partner", "not_a_board")):
        answer = await api.post(PATH, {"body_id": str(world.body[body])}, as_=FRONT)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
    unknown = await api.post(PATH, {"body_id": "00000000-0000-7000-8000-000000000000"}, as_=FRONT)
    assert unknown.json()["errors"][0]["code"] == "not_visible"


async def test_a_board_below_no_front_cannot_be_confirmed_by_one(api, session, world):
    body_id = await of.a_board_body(session, world, parent="counterpart")
    answer = await api.post(PATH, {"body_id": str(body_id)}, as_=BOARD)
    assert answer.json()["errors"][0]["code"] == "board_without_front"


async def test_one_composition_is_in_office_at_a_time(api, session, world, board):
    again = {"body_id": str(board.body_id)}
    assert (await api.post(PATH, again, as_=FRONT)).json()["code"] == "board_in_office"
    await api.move(f"{PATH}/{board.id}", "dissolve", as_=FRONT, reason="Hết nhiệm kỳ")
    assert created(await api.post(PATH, again, as_=FRONT))["body_id"] == str(board.body_id)


async def test_a_paper_of_another_body_is_not_found(api, session, world, paper):
    theirs = await makers.a_document(session, world, "stranger", symbol="9/QĐ-X", number=9)
    payload = await founded(session, world, str(theirs.id))
    assert (await api.post(PATH, payload, as_=FRONT)).status_code == 404


async def test_a_request_sent_twice_founds_one_board(api, session, world, paper):
    payload = await founded(session, world, paper)
    first = created(await api.post(PATH, payload, as_=FRONT, key="k1"))
    again = await api.post(PATH, payload, as_=FRONT, key="k1")
    assert (again.status_code, again.json()["id"], again.headers["Idempotency-Replayed"]) == (201, first["id"], "true")


async def test_from_its_founding_to_its_end(api, session, world, paper):
    path = f"{PATH}/{created(await api.post(PATH, await founded(session, world, paper), as_=FRONT))['id']}"
    await api.move(path, "submit", as_=BOARD, on="2024-01-16")
    returned = await api.move(path, "return", as_=FRONT, on="2024-01-17", reason="Bổ sung biên bản")
    assert (returned["state"], returned["submitted_on"]) == ("founding", None)
    await api.move(path, "submit", as_=FRONT_OFFICER, on="2024-01-18")
    confirmed = await api.move(path, "confirm", as_=FRONT, on="2024-01-25", document_id=paper)
    assert (confirmed["confirmed_on"], confirmed["confirmation_document_id"]) == ("2024-01-25", paper)
    ended = await api.move(path, "dissolve", as_=BOARD, on="2024-12-31", reason="Hết nhiệm kỳ")
    assert (ended["state"], ended["dissolved_on"], ended["actions"]) == ("dissolved", "2024-12-31", [])
    lines = ok(await api.get(f"{path}/transitions", as_=BOARD))["items"]
    assert [it["action"] for it in lines] == ["dissolve", "confirm", "submit", "return", "submit", "create"]


async def test_the_front_confirms_by_its_leader_with_a_paper(api, session, world, paper):
    board = await of.a_board(session, world, state=BoardState.SUBMITTED, confirmed_on=None)
    path = f"{PATH}/{board.id}"
    for part in (FRONT_OFFICER, BOARD):
        assert (await api.move(path, "confirm", as_=part, expect=403, document_id=paper))["code"] == "forbidden"
    assert await codes(api, path, "confirm", part=FRONT) == ["board_has_confirmation"]
    theirs = await makers.a_document(session, world, "stranger", symbol="9/QĐ-X", number=9)
    assert (await api.move(path, "confirm", as_=FRONT, expect=404, document_id=str(theirs.id)))["code"] == "not_found"


async def test_an_empty_board_is_told_what_it_lacks(api, session, world):
    empty = {"state": BoardState.FOUNDING, "confirmed_on": None, "founded_on": None, "founding_document_id": None}
    board = await of.a_board(session, world, seated=False, term_from=None, term_to=None, **empty)
    lacks = ["board_founded", "board_has_term", "board_has_head", "board_has_enough_members"]
    assert await codes(api, f"{PATH}/{board.id}", "submit") == lacks
    watching = await of.a_board(session, world, BoardKind.CISB, seated=False, project_name=None, **empty)
    lacks = ["board_founded", "board_has_project", "board_has_head", "board_has_enough_members"]
    assert await codes(api, f"{PATH}/{watching.id}", "submit") == [*lacks, "board_composed_as_law_asks"]


@pytest.mark.parametrize(
    ("kind", "extra", "allowed", "code"),
    [
        (BoardKind.PTIB, {"duty": "deputy_head", "stands_for": "village"}, 1, "board_deputies_within_limit"),
        (BoardKind.CISB, {"stands_for": "residents"}, 2, "board_residents_within_limit"),
    ],
)
async def test_the_law_limits_its_seats(api, session, world, paper, kind, extra, allowed, code):
    payload = await founded(session, world, paper, kind)
    payload["members"] += [{"name": f"Thêm {i}", "from": "2024-01-15", **extra} for i in range(allowed)]
    path = f"{PATH}/{created(await api.post(PATH, payload, as_=FRONT))['id']}"
    await api.move(path, "submit", as_=FRONT)
    await api.move(path, "return", as_=FRONT, reason="Thêm một người")
    version = ok(await api.get(path, as_=FRONT))["version"]
    created(
        await api.post(f"{path}/members", {"name": "Nữa", "from": "2024-01-15", **extra}, as_=FRONT, if_match=version)
    )
    assert await codes(api, path, "submit") == [code]


async def test_before_the_law_there_was_no_number(api, session, world):
    old = {"state": BoardState.FOUNDING, "confirmed_on": None, "founded_on": date(2020, 5, 1)}
    board = await of.a_board(session, world, seated=False, **old)
    version = ok(await api.get(f"{PATH}/{board.id}", as_=FRONT))["version"]
    head = {"name": "Lê Văn Thành", "duty": "head", "stands_for": "village", "from": "2020-05-01"}
    created(await api.post(f"{PATH}/{board.id}/members", head, as_=FRONT, if_match=version))
    assert (await api.move(f"{PATH}/{board.id}", "submit", as_=FRONT, on="2020-05-02"))["state"] == "submitted"


@pytest.mark.parametrize(
    ("part", "status", "view"),
    [
        (BOARD, 200, "full"),
        (FRONT, 200, "full"),
        (FRONT_OFFICER, 200, "full"),
        (COMMITTEE, 200, "party"),
        ("lead_officer", 404, None),
        ("counterpart", 404, None),
        ("stranger", 404, None),
    ],
)
async def test_who_sees_a_confirmed_board(api, session, world, board, part, status, view):
    await of.a_commune(session, world)
    answer = await api.get(f"{PATH}/{board.id}", as_=part)
    assert answer.status_code == status
    if view == "party":
        assert {"founding", "confirmation_document_id"}.isdisjoint(answer.json())
        members = ok(await api.get(f"{PATH}/{board.id}/members", as_=part))["items"]
        assert {"residence", "reason"}.isdisjoint(members[0])
        for parts in ("papers", "confirmations", "deadlines"):
            assert ok(await api.get(f"{PATH}/{board.id}/{parts}", as_=part))["items"] == []


async def test_before_its_confirmation_only_the_board_and_its_front_know_of_it(api, session, world):
    await of.a_commune(session, world)
    board = await of.a_board(session, world, state=BoardState.SUBMITTED, confirmed_on=None)
    assert (await api.get(f"{PATH}/{board.id}", as_=COMMITTEE)).status_code == 404
    assert (await api.get(f"{PATH}/{board.id}", as_=FRONT)).status_code == 200


async def test_the_owner_of_the_project_knows_who_watches_it(api, session, world):
    board = await of.a_board(session, world, BoardKind.CISB, project_owner_body_id=world.body["counterpart"])
    seen = ok(await api.get(f"{PATH}/{board.id}", as_="counterpart"))
    assert (seen["view"], seen["project"]["owner_body"]["id"]) == ("party", str(world.body["counterpart"]))


async def test_what_is_confirmed_changes_only_in_term_and_project(api, session, world, board, paper):
    path = f"{PATH}/{board.id}"
    answer = await api.patch(path, {"founding": {"on": "2024-01-01", "document_id": paper}}, as_=FRONT, if_match=1)
    assert answer.json()["code"] == "not_editable"
    shorter = {"term": {"from": "2024-01-15", "to": "2025-06-30"}}
    assert ok(await api.patch(path, shorter, as_=FRONT, if_match=1))["term"]["to"] == "2025-06-30"
    road = {"project": {"name": "Đường"}}
    assert (await api.patch(path, road, as_=FRONT, if_match=2)).json()["errors"][0]["code"] == "contradiction"
    assert (await api.patch(path, shorter, as_=FRONT)).status_code == 428
    assert (await api.patch(path, shorter, as_=FRONT, if_match=1)).status_code == 412


async def test_a_seat_ends_with_its_last_day_and_another_takes_it(api, board):
    path = f"{PATH}/{board.id}"
    items = ok(await api.get(f"{path}/members", as_=FRONT))["items"]
    head = next(it for it in items if it["duty"] == "head")
    successor = {"name": "Trần Thị Mai", "duty": "head", "stands_for": "village", "from": "2024-07-01"}
    assert (await api.post(f"{path}/members", successor, as_=FRONT, if_match=1)).json()["code"] == "board_has_a_head"
    change = {"to": "2024-06-30", "reason": "Chuyển công tác"}
    ended = await api.patch(f"{path}/members/{head['id']}", change, as_=FRONT, if_match=1)
    assert (ok(ended)["to"], ended.headers["ETag"]) == ("2024-06-30", '"2"')
    added = await api.post(f"{path}/members", successor, as_=BOARD, if_match=2)
    assert created(added)["from"] == "2024-07-01"
    assert added.headers["ETag"] == '"3"'
    early = await api.patch(f"{path}/members/{head['id']}", {"to": "2020-01-01"}, as_=FRONT, if_match=3)
    assert early.json()["errors"][0]["code"] == "period_reversed"
    assert (await api.delete(f"{path}/members/{head['id']}", as_=FRONT, if_match=3)).json()["code"] == "not_editable"


async def test_a_mistake_is_taken_back_while_it_is_founded(api, session, world):
    board = await of.a_board(session, world, state=BoardState.FOUNDING, confirmed_on=None)
    other = await of.a_board(session, world, BoardKind.CISB)
    path = f"{PATH}/{board.id}/members"
    one = ok(await api.get(path, as_=FRONT))["items"][0]["id"]
    assert (await api.delete(f"{PATH}/{other.id}/members/{one}", as_=FRONT, if_match=1)).status_code == 404
    assert (await api.delete(f"{path}/{one}", as_=FRONT, if_match=1)).status_code == 204
    assert len(ok(await api.get(path, as_=FRONT))["items"]) == 4


async def clocks(api, path, part=FRONT):
    items = ok(await api.get(f"{path}/deadlines", as_=part))["items"]
    return [(it["rule_code"], it["due_on"], it["met_on"]) for it in items]


async def confirmed_on(api, session, world, paper, kind, on):
    path = f"{PATH}/{created(await api.post(PATH, await founded(session, world, paper, kind), as_=FRONT))['id']}"
    await api.move(path, "submit", as_=FRONT, on=on)
    await api.move(path, "confirm", as_=FRONT, on=on, document_id=paper)
    return path


def quarter(kind, document_id, first="2024-01-01", last="2024-03-31", **fields):
    return {
        "kind": kind,
        "covers": "quarter",
        "period": {"from": first, "to": last},
        "document_id": document_id,
    } | fields


async def test_a_plan_and_a_report_are_due_each_quarter(api, session, world, paper):
    """31/03/2024 was a Sunday; the days are those of D10 and D13."""
    path = await confirmed_on(api, session, world, paper, BoardKind.PTIB, "2024-01-25")
    assert await clocks(api, path) == [("D10", "2024-04-01", None), ("D13", "2024-04-01", None)]
    ahead = quarter("plan", paper, "2024-04-01", "2024-06-30", on="2024-01-30")
    created(await api.post(f"{path}/papers", ahead, as_=BOARD))
    assert (await clocks(api, path))[0] == ("D10", "2024-04-01", None)
    filed = created(await api.post(f"{path}/papers", quarter("plan", paper, on="2024-02-01"), as_=BOARD))
    assert (filed["covers"], filed["period"]) == ("quarter", {"from": "2024-01-01", "to": "2024-03-31"})
    assert await clocks(api, path) == [
        ("D10", "2024-04-01", "2024-02-01"),
        ("D13", "2024-04-01", None),
        ("D10", "2024-09-30", None),
    ]
    year = {"kind": "plan", "covers": "year", "period": {"from": "2024-01-01", "to": "2024-12-31"}}
    created(await api.post(f"{path}/papers", {**year, "document_id": paper}, as_=BOARD))
    assert (await clocks(api, path))[2] == ("D10", "2024-09-30", None)


async def test_what_a_quarter_asks_for_is_a_task_of_the_board_and_its_front(api, session, world, paper):
    path = await confirmed_on(api, session, world, paper, BoardKind.PTIB, "2024-01-25")
    for part in (FRONT_OFFICER, BOARD):
        tasks = ok(await api.get("/v1/me/tasks", as_=part))["items"]
        asked = {it["action"]: it for it in tasks if it["record"]["id"] == path.split("/")[-1]}
        assert asked["file_plan"]["rule"] == "D10"
        assert (asked["file_report"]["rule"], asked["file_report"]["due_on"]) == ("D13", "2024-04-01")
        assert asked["file_plan"]["record"]["title"] == of.NAMES[BoardKind.PTIB]
    assert ok(await api.get("/v1/me/tasks", as_="stranger"))["items"] == []


async def test_the_owner_is_told_forty_five_days_before_the_project(api, session, world, paper):
    path = await confirmed_on(api, session, world, paper, BoardKind.CISB, "2024-01-25")
    assert await clocks(api, path) == [("D14", "2024-04-19", None)]
    version = ok(await api.get(path, as_=FRONT))["version"]
    later = {"project": {"name": "Đường liên thôn", "starts_on": "2024-07-01"}}
    ok(await api.patch(path, later, as_=FRONT, if_match=version))
    ((rule, due_on, _),) = await clocks(api, path)
    assert (rule, due_on) == ("D14", "2024-05-17")
    notice = {"kind": "owner_notice", "document_id": paper, "on": "2024-05-20"}
    created(await api.post(f"{path}/papers", notice, as_=FRONT_OFFICER))
    (line,) = ok(await api.get(f"{path}/deadlines", as_=FRONT))["items"]
    assert (line["met_on"], line["state"], "Điều 45" in line["legal_basis"]) == ("2024-05-20", "late", True)


async def test_nobody_waits_for_the_papers_of_a_board_that_has_ended(api, session, world, paper):
    path = await confirmed_on(api, session, world, paper, BoardKind.PTIB, "2024-01-25")
    await api.move(path, "dissolve", as_=FRONT, reason="Hết nhiệm kỳ")
    assert await clocks(api, path) == []
    answer = await api.post(f"{path}/papers", quarter("plan", paper), as_=FRONT)
    assert answer.json()["code"] == "board_not_confirmed"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"period": {"from": "2024-01-02", "to": "2024-03-31"}}, "not_the_period"),
        ({"period": {"from": "2024-01-01", "to": "2024-06-30"}}, "not_the_period"),
        ({"covers": None}, "covers_period"),
        ({"period": None}, "covers_period"),
        ({"kind": "owner_notice"}, "covers_period"),
    ],
)
async def test_a_paper_says_what_it_covers(api, board, paper, change, code):
    answer = await api.post(f"{PATH}/{board.id}/papers", quarter("plan", paper) | change, as_=FRONT)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


async def test_an_inspection_board_has_no_owner_to_tell(api, board, paper):
    answer = await api.post(f"{PATH}/{board.id}/papers", {"kind": "owner_notice", "document_id": paper}, as_=FRONT)
    assert answer.json()["errors"][0]["code"] == "contradiction"


async def test_a_term_that_is_over_asks_for_the_end_of_the_board(api, session, world):
    over = await of.a_board(session, world, term_to=date(2026, 1, 31))
    tasks = ok(await api.get("/v1/me/tasks", as_=FRONT_OFFICER))["items"]
    assert [(it["action"], it["due_on"]) for it in tasks if it["record"]["id"] == str(over.id)] == [
        ("dissolve", "2026-01-31")
    ]


async def test_a_submitted_board_is_a_task_of_the_front_s_leader(api, session, world):
    board = await of.a_board(session, world, state=BoardState.SUBMITTED, confirmed_on=None)
    for part, asked in ((FRONT, ["confirm"]), (FRONT_OFFICER, []), (BOARD, [])):
        tasks = ok(await api.get("/v1/me/tasks", as_=part))["items"]
        assert [it["action"] for it in tasks if it["record"]["id"] == str(board.id)] == asked


async def a_draft_of_the_board(session, world, board, **fields):
    """Drafted in a campaign that the board leads."""
    campaign = await of.a_board_campaign(
        session, world, board, lead_body_id=board.body_id, deciding_body_id=board.body_id, state="reported"
    )
    values = {
        "issuer_body_id": board.body_id,
        "verifier_body_id": board.body_id,
        "addressee_id": world.body["paper_addressee"],
        "origin": Origin.REPORT,
        "state": RecommendationState.DRAFT,
        "issued_on": None,
        "number": None,
        "received_on": None,
        "reply_due_on": None,
    }
    return await makers.a_recommendation(session, world, campaign, **{**values, **fields})


async def test_what_a_board_recommends_its_front_confirms_as_it_stands(api, session, world, board):
    draft = await a_draft_of_the_board(session, world, board)
    path, confirmations = f"/v1/recommendations/{draft.id}", f"{PATH}/{board.id}/confirmations"
    assert await codes(api, path, "issue", part=BOARD, on="2024-06-10") == ["confirmed_by_front"]
    asked = {"recommendation_id": str(draft.id), "on": "2024-06-08"}
    assert (await api.post(confirmations, asked, as_=BOARD)).status_code == 403
    said = created(await api.post(confirmations, asked, as_=FRONT))
    assert (said["confirmed_version"], said["by"]["name"]) == (1, FRONT)
    assert (await api.post(confirmations, asked, as_=FRONT)).json()["code"] == "already_confirmed_by_front"
    ok(await api.patch(path, {"action": "Đấu giá lại ba thửa đất công ích"}, as_=BOARD, if_match=1))
    assert await codes(api, path, "issue", part=BOARD, on="2024-06-10") == ["confirmed_by_front"]
    assert created(await api.post(confirmations, asked, as_=FRONT))["confirmed_version"] == 2
    assert (await api.move(path, "issue", as_=BOARD, on="2024-06-10"))["state"] == "issued"
    assert (await api.post(confirmations, asked, as_=FRONT)).json()["code"] == "not_editable"


@pytest.mark.parametrize(("kind", "rule"), [(BoardKind.PTIB, "D12"), (BoardKind.CISB, "D15")])
async def test_the_commune_s_committee_settles_it_within_fifteen_days(api, session, world, kind, rule):
    """Received 15/04/2024: 30/04 and 01/05 are holidays (domain.md, section 8.2)."""
    board = await of.a_board(session, world, kind)
    draft = await a_draft_of_the_board(session, world, board, received_on=date(2024, 4, 15))
    created(await api.post(f"{PATH}/{board.id}/confirmations", {"recommendation_id": str(draft.id)}, as_=FRONT))
    issued = await api.move(f"/v1/recommendations/{draft.id}", "issue", as_=BOARD, on="2024-04-12")
    assert (issued["reply_due_on"], issued["reply_due_basis"]["code"]) == ("2024-05-02", rule)
    assert "10/2022/QH15" in issued["reply_due_basis"]["legal_basis"]


async def test_nobody_else_is_bound_by_that_rule(api, session, world, board):
    draft = await a_draft_of_the_board(session, world, board, addressee_id=world.body["addressee"])
    created(await api.post(f"{PATH}/{board.id}/confirmations", {"recommendation_id": str(draft.id)}, as_=FRONT))
    issued = await api.move(f"/v1/recommendations/{draft.id}", "issue", as_=BOARD, on="2024-04-12")
    assert issued["reply_due_on"] is None


async def test_a_draft_that_waits_for_it_is_a_task_of_the_front_s_leader(api, session, world, board):
    draft = await a_draft_of_the_board(session, world, board)
    for part, asked in ((FRONT, 1), (FRONT_OFFICER, 0), (BOARD, 0)):
        tasks = ok(await api.get("/v1/me/tasks", as_=part))["items"]
        mine = [it for it in tasks if it["record"]["id"] == str(draft.id) and it["action"] == "confirm_recommendation"]
        assert len(mine) == asked


async def test_only_minutes_and_drafts_of_its_own_campaigns_are_confirmed(api, session, world, board):
    other = await of.a_board(session, world, BoardKind.CISB)
    draft = await a_draft_of_the_board(session, world, board)
    path = f"{PATH}/{other.id}/confirmations"
    assert (await api.post(path, {"recommendation_id": str(draft.id)}, as_=FRONT)).status_code == 404
    both = {"recommendation_id": str(draft.id), "record_id": str(draft.id)}
    assert (await api.post(path, both, as_=FRONT)).json()["errors"][0]["code"] == "one_subject"


async def test_lists_have_the_shape_they_promise_and_their_filters(api, session, world, board, paper):
    other = await of.a_board(session, world, BoardKind.CISB, state=BoardState.DISSOLVED, dissolved_on=date(2024, 8, 1))
    created(await api.post(f"{PATH}/{board.id}/papers", quarter("plan", paper), as_=FRONT))
    listed = await api.get(PATH, params={"count": "true"}, as_=FRONT)
    assert TypeAdapter(Listing[BoardSeen]).validate_json(listed.content).count == 2
    for asked, found in (
        ({"kind": "cisb"}, other),
        ({"state": "confirmed"}, board),
        ({"body_id": str(other.body_id)}, other),
        ({"in_office_on": "2024-09-01"}, board),
    ):
        assert [it["id"] for it in ok(await api.get(PATH, params=asked, as_=FRONT))["items"]] == [str(found.id)], asked
    assert ok(await api.get(PATH, params={"front_body_id": str(world.body["lead"])}, as_=FRONT))["items"] == []
    papers = await api.get(f"{PATH}/{board.id}/papers", params={"kind": "plan"}, as_=FRONT)
    assert len(TypeAdapter(Listing[BoardPaperRead]).validate_json(papers.content).items) == 1
    members = await api.get(f"{PATH}/{board.id}/members", as_=FRONT)
    assert len(TypeAdapter(Listing[BoardMemberSeen]).validate_json(members.content).items) == 5
    confirmed = await api.get(f"{PATH}/{board.id}/confirmations", as_=FRONT)
    assert TypeAdapter(Listing[BoardConfirmationRead]).validate_json(confirmed.content).items == []


async def test_a_list_costs_one_statement(api, session, world, board, queries):
    for number in range(2):
        ok(await api.get(PATH, as_=FRONT))
        queries.reset()
        assert len(ok(await api.get(PATH, as_=FRONT))["items"]) == 1 + number
        assert queries.count == 2, "the caller and the page"
        await of.a_board(session, world)


async def test_clocks_name_the_version_of_the_rule(session, api, world, paper):
    path = await confirmed_on(api, session, world, paper, BoardKind.PTIB, "2024-01-25")
    rows = select(Deadline).where(col(Deadline.subject_id) == path.split("/")[-1])
    for clock in (await session.execute(rows)).scalars():
        assert (clock.subject_type, clock.rule_version) == ("board", 1)
        assert clock.rule_id is not None


async def test_what_came_before_its_confirmation_stays_between_the_board_and_its_front(api, session, world, paper):
    await of.a_commune(session, world)
    path = f"{PATH}/{created(await api.post(PATH, await founded(session, world, paper), as_=FRONT))['id']}"
    await api.move(path, "submit", as_=FRONT, on="2024-01-18")
    await api.move(path, "confirm", as_=FRONT, on="2024-01-25", document_id=paper)
    for part, told in ((BOARD, ["confirm", "submit", "create"]), (COMMITTEE, ["confirm"])):
        assert [it["action"] for it in ok(await api.get(f"{path}/transitions", as_=part))["items"]] == told


async def test_nothing_is_founded_tomorrow(api, session, world, paper):
    payload = await founded(session, world, paper, founding={"on": "2999-01-01", "document_id": paper})
    answer = await api.post(PATH, payload, as_=FRONT)
    assert [(it["pointer"], it["code"]) for it in answer.json()["errors"]] == [("/founding/on", "in_the_future")]
