"""The person who is signed in: what they are told about themselves, their password, their sessions."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.core.clock import utcnow
from app.models.account import MeRead, SessionFamily, SessionRead
from app.models.base import Listing
from tests.api.passwords import PASSWORD, bearer, give_password, password_grant, sign_in
from tests.client import ok

NEW = "một mật khẩu khác"


async def change(api, part, current, new, **rest):
    return await api.put("/v1/me/password", {"current_password": current, "new_password": new}, as_=part, **rest)


async def test_me_tells_for_which_body_i_speak_and_where_i_belong(api, world):
    answer = await api.get("/v1/me", as_="supervised")
    told = ok(answer)
    MeRead.model_validate(told)
    assert told["account_id"] == str(world.account["supervised"])
    assert told["body"] == {
        "id": str(world.body["office"]),
        "name": "Văn phòng Huyện ủy Quảng Điền",
        "short_name": "VP Huyện ủy",
    }
    assert told["duties"] == ["leader"]
    assert [it["short_name"] for it in told["acts_for"]] == ["BTV Huyện ủy"]
    [membership] = told["memberships"]
    assert membership["duties"] == [{"duty": "leader", "from": "2015-01-01", "to": None}]
    assert membership["state"] == "active"
    assert answer.headers["cache-control"] == "private, no-store"


async def test_me_costs_who_is_calling_and_the_answer(api, queries):
    await api.get("/v1/me", as_="head")
    assert queries.count == 2


async def test_a_new_password_ends_every_other_session(api, session, world):
    await give_password(session, "lead_officer")
    other = await sign_in(api, "lead_officer")
    answer = await change(api, "lead_officer", PASSWORD, NEW)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await api.get("/v1/me", headers=bearer(other["access_token"]))).status_code == 401
    assert (await api.get("/v1/me", as_="lead_officer")).status_code == 200
    assert (await password_grant(api, "lead_officer")).status_code == 400
    ok(await password_grant(api, "lead_officer", NEW))


async def test_guessing_the_present_password_is_no_way_around_the_limit(api, session):
    await give_password(session, "lead_officer")
    for _ in range(5):
        wrong = await change(api, "lead_officer", "a wild guess", NEW)
        assert wrong.status_code == 422
        assert wrong.json()["errors"][0] == {
            "pointer": "/current_password",
            "code": "wrong_password",
            "detail": "Mật khẩu hiện tại không đúng.",
        }
    resting = await change(api, "lead_officer", PASSWORD, NEW)
    assert resting.status_code == 429
    assert 0 < int(resting.headers["retry-after"]) <= 30
    assert (await password_grant(api, "lead_officer")).status_code == 400


@pytest.mark.parametrize(
    ("new", "code"),
    [("quá ngắn", "string_too_short"), ("x" * 201, "string_too_long"), ("x" * 12 + "\0", "nul_character")],
)
async def test_a_new_password_has_a_length(api, new, code):
    answer = await change(api, "lead_officer", PASSWORD, new)
    assert answer.status_code == 422
    assert (answer.json()["errors"][0]["pointer"], answer.json()["errors"][0]["code"]) == ("/new_password", code)


async def test_spaces_around_a_password_belong_to_it(api, session):
    await give_password(session, "lead_officer")
    spaced = f"  {NEW}  "
    assert (await change(api, "lead_officer", PASSWORD, spaced)).status_code == 204
    assert (await password_grant(api, "lead_officer", NEW)).status_code == 400
    ok(await password_grant(api, "lead_officer", spaced))


async def test_sessions_are_listed_and_ended_one_by_one(api, session, world):
    await give_password(session, "lead_officer")
    other = await sign_in(api, "lead_officer")
    listed = ok(await api.get("/v1/me/sessions?count=true", as_="lead_officer"))
    Listing[SessionRead].model_validate(listed)
    assert listed["count"] == 2
    assert [it["current"] for it in listed["items"]] == [False, True]
    elsewhere = listed["items"][0]["id"]
    ended = await api.delete(f"/v1/me/sessions/{elsewhere}", as_="lead_officer")
    assert ended.status_code == 204
    assert (await api.get("/v1/me", headers=bearer(other["access_token"]))).status_code == 401
    assert (await api.delete(f"/v1/me/sessions/{elsewhere}", as_="lead_officer")).status_code == 404
    assert [it["current"] for it in ok(await api.get("/v1/me/sessions", as_="lead_officer"))["items"]] == [True]


async def test_nobody_sees_or_ends_the_sessions_of_others(api, world):
    theirs = world.family["head"]
    assert (await api.delete(f"/v1/me/sessions/{theirs}", as_="administrator")).status_code == 404
    assert (await api.delete(f"/v1/me/sessions/{uuid4()}", as_="administrator")).status_code == 404
    assert (await api.delete(f"/v1/me/sessions/{theirs}")).status_code == 401
    listed = ok(await api.get("/v1/me/sessions", as_="administrator"))
    assert str(theirs) not in {it["id"] for it in listed["items"]}


async def test_a_session_past_its_day_is_over(api, session, world):
    yesterday = utcnow() - timedelta(days=1)
    mine = col(SessionFamily.id) == world.family["head"]
    await session.execute(update(SessionFamily).where(mine).values(expires_at=yesterday))
    await session.commit()
    assert ok(await api.get("/v1/me/sessions", as_="head"))["items"] == []


async def test_listing_sessions_costs_the_same_however_many_there_are(api, session, queries):
    await give_password(session, "lead_officer")
    queries.reset()
    await api.get("/v1/me/sessions", as_="lead_officer")
    one = queries.count
    for _ in range(3):
        await sign_in(api, "lead_officer")
    queries.reset()
    assert len(ok(await api.get("/v1/me/sessions", as_="lead_officer"))["items"]) == 4
    assert queries.count == one
