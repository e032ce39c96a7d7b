"""Working sessions: who records them and when, who was there, and the promises that become recommendations."""

from datetime import date

import pytest

from app.core import clock
from app.domain.engagement import EngagementState
from app.models.base import Listing
from app.models.session import SessionRead
from tests import makers
from tests.client import created, ok

S = EngagementState
ABSENT = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
async def delegation(session, world):
    return await makers.a_delegation(session, world, await makers.a_campaign(session, world))


@pytest.fixture
async def engagement(session, world, delegation):
    return await makers.an_engagement(session, world, delegation)


def path(engagement):
    return f"/v1/engagements/{engagement.id}/sessions"


def payload(world, **fields):
    """The session of 12/04/2024 at which the draft was passed."""
    return {
        "held_on": "2024-04-12",
        "place": "Huyện ủy Quảng Điền",
        "chair": {
            "name": "Nguyễn Xuân Dương",
            "title": "Trưởng đoàn",
            "body_id": str(world.body["lead"]),
            "account_id": str(world.account["head"]),
        },
        "minute_taker": {"name": "Thư ký", "title": "Chuyên viên", "body_id": str(world.body["lead"])},
        "attendance": [{"name": "Trương Duy Hải", "title": "Phó Bí thư", "body_id": str(world.body["supervised"])}],
        "minutes": {"text": "Thông qua dự thảo báo cáo kết quả giám sát."},
        "promises": [],
        **fields,
    }


def promise(**fields):
    return {
        "text": "Bổ sung số liệu về công tác phát triển đoàn viên",
        "owner": {"name": "Trương Duy Hải", "title": "Phó Bí thư Thường trực"},
        "due_on": "2024-04-26",
        "due_basis": {"text": "Biên bản buổi làm việc ngày 12/04/2024"},
        **fields,
    }


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("secretary", 201),
        ("head", 201),
        ("lead_leader", 403),
        ("lead_clerk", 403),
        ("member_a", 403),
        ("partner", 403),
        ("supervised", 403),
        ("superior", 404),
        ("stranger", 404),
        (None, 401),
    ],
)
async def test_secretary_or_head_records_a_session(api, world, engagement, part, status):
    answer = await api.post(path(engagement), payload(world), as_=part)
    assert answer.status_code == status, answer.text


async def test_a_session_is_told_as_it_was_recorded(api, world, engagement):
    answer = await api.post(path(engagement), payload(world), as_="secretary")
    held = created(answer)
    SessionRead.model_validate(held)
    assert answer.headers["Location"] == f"{path(engagement)}/{held['id']}"
    assert held["minutes"] == {"text": "Thông qua dự thảo báo cáo kết quả giám sát.", "document_id": None}
    assert held["chair"]["account_id"] == str(world.account["head"])
    assert held["recorded_late"] is True
    assert ok(await api.get(f"{path(engagement)}/{held['id']}", as_="supervised")) == held
    parent = await api.get(f"/v1/engagements/{engagement.id}", as_="secretary")
    assert parent.headers["ETag"] == '"2"'
    assert parent.json()["state"] == "notified"


async def test_a_session_recorded_in_time_is_not_late(api, world, engagement):
    clock.set_today(date(2024, 4, 16))
    held = created(await api.post(path(engagement), payload(world), as_="secretary"))
    assert held["recorded_late"] is False


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        (S.PREPARING, 409, "engagement_not_notified"),
        (S.NOTIFIED, 201, None),
        (S.SELF_REPORTED, 201, None),
        (S.SESSION_HELD, 201, None),
        (S.COMMENTING, 201, None),
        (S.FINALISED, 409, "engagement_final"),
        (S.DISCONTINUED, 409, "engagement_final"),
    ],
)
async def test_a_session_lies_between_the_notice_and_the_end(api, session, world, delegation, state, status, code):
    engagement = await makers.an_engagement(session, world, delegation, state=state)
    answer = await api.post(path(engagement), payload(world), as_="secretary")
    assert (answer.status_code, answer.json().get("code")) == (status, code)


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"held_on": "2099-01-01"}, "/held_on", "in_the_future"),
        ({"held_on": "2024-03-17"}, "/held_on", "before_previous_step"),
        ({"chair": None}, "/chair", "model_attributes_type"),
        ({"chair": {"name": "A", "title": "B", "body_id": ABSENT}}, "/chair/body_id", "not_visible"),
        ({"attendance": [{"name": "A", "title": "B", "body_id": ABSENT}]}, "/attendance/0/body_id", "not_visible"),
        ({"promises": [promise(due_on="2024-04-11")]}, "/promises/0/due_on", "earlier_than_on"),
        ({"promises": [promise(due_basis={})]}, "/promises/0/due_basis", "one_basis"),
        ({"minutes": {"text": "x\u0000"}}, "/minutes/text", "nul_character"),
        ({"mood": "good"}, "/mood", "extra_forbidden"),
    ],
)
async def test_an_impossible_session_is_refused(api, world, engagement, change, pointer, code):
    answer = await api.post(path(engagement), payload(world, **change), as_="secretary")
    assert answer.status_code == 422, answer.text
    assert (pointer, code) in [(it["pointer"], it["code"]) for it in answer.json()["errors"]]


@pytest.mark.parametrize("part", ["stranger", "addressee"])
async def test_nobody_sits_for_a_body_to_which_they_never_belonged(api, world, engagement, part):
    chair = {"name": "A", "title": "B", "body_id": str(world.body["lead"]), "account_id": str(world.account[part])}
    assert (await api.post(path(engagement), payload(world, chair=chair), as_="secretary")).status_code == 404


async def test_the_minutes_may_be_a_paper_which_both_sides_open(api, session, world, engagement):
    paper = await makers.a_document(session, world, kind="BB")
    assert (await api.get(f"/v1/documents/{paper.id}", as_="supervised")).status_code == 404
    minutes = {"document_id": str(paper.id)}
    held = created(await api.post(path(engagement), payload(world, minutes=minutes), as_="secretary"))
    assert held["minutes"]["document_id"] == str(paper.id)
    assert (await api.get(f"/v1/documents/{paper.id}", as_="supervised")).status_code == 200
    foreign = await makers.a_document(session, world, owner="stranger", kind="BB")
    minutes = {"document_id": str(foreign.id)}
    assert (await api.post(path(engagement), payload(world, minutes=minutes), as_="secretary")).status_code == 404


async def test_a_promise_is_an_issued_recommendation(api, world, engagement):
    sent = payload(world, promises=[promise(), promise(text="Ban hành kế hoạch khắc phục")])
    held = created(await api.post(path(engagement), sent, as_="secretary", key="session-1"))
    first, second = held["promises"]
    assert (first["text"], first["due_on"], first["state"]) == (promise()["text"], "2024-04-26", "issued")
    assert second["text"] == "Ban hành kế hoạch khắc phục"
    seen = ok(await api.get(f"/v1/recommendations/{first['recommendation_id']}", as_="supervised"))
    assert (seen["origin"], seen["addressee_id"]) == ("session", str(world.body["supervised"]))
    assert (seen["verifier_body_id"], seen["issued_on"]) == (str(world.body["lead"]), "2024-04-12")
    again = await api.post(path(engagement), sent, as_="secretary", key="session-1")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert created(again)["id"] == held["id"]
    listed = ok(await api.get(f"/v1/recommendations?engagement_id={engagement.id}&count=true", as_="secretary"))
    assert listed["count"] == 2


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("lead_clerk", 200),
        ("partner_b", 200),
        ("member_a", 200),
        ("supervised", 200),
        ("superior", 404),
        ("addressee", 404),
        ("stranger", 404),
        ("auditor", 404),
    ],
)
async def test_both_sides_read_the_sessions(api, session, world, engagement, part, status):
    held = await makers.a_session(session, world, engagement)
    assert (await api.get(path(engagement), as_=part)).status_code == status
    assert (await api.get(f"{path(engagement)}/{held.id}", as_=part)).status_code == status


async def test_a_session_is_found_under_its_own_engagement_alone(api, session, world, delegation, engagement):
    held = await makers.a_session(session, world, engagement)
    other = await makers.an_engagement(session, world, delegation)
    assert (await api.get(f"{path(other)}/{held.id}", as_="secretary")).status_code == 404


async def test_the_list_matches_the_contract_in_a_constant_number_of_statements(
    api, session, world, engagement, queries
):
    for _ in range(3):
        await makers.a_session(session, world, engagement)
    queries.reset()
    page = ok(await api.get(f"{path(engagement)}?limit=2&count=true", as_="supervised"))
    first = queries.count
    Listing[SessionRead].model_validate(page)
    assert (len(page["items"]), page["count"]) == (2, 3)
    rest = ok(await api.get(f"{path(engagement)}?limit=2&cursor={page['next_cursor']}", as_="supervised"))
    assert len(rest["items"]) == 1
    queries.reset()
    await api.get(f"{path(engagement)}?limit=1&count=true", as_="supervised")
    assert queries.count == first


async def minute(api, engagement, held, version, as_="secretary", **fields):
    return await api.patch(f"{path(engagement)}/{held.id}", fields, as_=as_, if_match=version)


async def test_minutes_may_come_after_the_session_and_earlier_ones_stay(api, session, world, engagement):
    held = await makers.a_session(session, world, engagement, minutes_text=None)
    first = ok(await minute(api, engagement, held, 1, minutes={"text": "Bản ghi nhanh"}))
    assert (first["minutes"]["text"], first["earlier_minutes"]) == ("Bản ghi nhanh", [])
    paper = await makers.a_document(session, world)
    fields = {"minutes": {"document_id": str(paper.id)}, "reason": "Đã ký biên bản"}
    second = ok(await minute(api, engagement, held, 2, **fields))
    assert second["minutes"] == {"text": None, "document_id": str(paper.id)}
    [earlier] = second["earlier_minutes"]
    assert (earlier["text"], earlier["reason"]) == ("Bản ghi nhanh", "Đã ký biên bản")
    assert earlier["replaced_by"] == {
        "account_id": str(world.account["secretary"]),
        "body_id": str(world.body["lead"]),
    }
    assert ok(await api.get(f"/v1/documents/{paper.id}", as_="supervised"))["symbol"] == paper.symbol


@pytest.mark.parametrize(
    ("part", "version", "minutes", "status"),
    [
        ("supervised", 1, {"text": "Sửa"}, 403),
        ("stranger", 1, {"text": "Sửa"}, 404),
        ("secretary", None, {"text": "Sửa"}, 428),
        ("secretary", 7, {"text": "Sửa"}, 412),
        ("secretary", 1, {}, 422),
        ("secretary", 1, {"document_id": ABSENT}, 404),
    ],
)
async def test_who_minutes_a_session_and_how(api, session, world, engagement, part, version, minutes, status):
    held = await makers.a_session(session, world, engagement)
    answer = await minute(api, engagement, held, version, as_=part, minutes=minutes)
    assert answer.status_code == status, answer.text


async def test_minutes_stand_still_once_the_engagement_has_ended(api, session, world, delegation):
    ended = await makers.an_engagement(session, world, delegation, state=S.FINALISED)
    held = await makers.a_session(session, world, ended)
    answer = await minute(api, ended, held, 1, minutes={"text": "Muộn"})
    assert (answer.status_code, answer.json()["code"]) == (409, "engagement_final")
    other = await makers.an_engagement(session, world, delegation)
    assert (await minute(api, other, held, 1, minutes={"text": "Nhầm"})).status_code == 404
