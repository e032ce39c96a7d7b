"""Invitations, memberships and resets: who lets whom in, with which duties, and what nobody may do."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.core.clock import today, utcnow
from app.core.principal import Duty
from app.domain.body import BodyKind, Level
from app.domain.delegation import DelegationDuty
from app.models.account import (
    AccountRead,
    Invitation,
    InvitationIssued,
    InvitationRead,
    Membership,
    MembershipDuty,
    MembershipRead,
)
from app.models.base import Listing
from app.models.body import Body, BodyName
from app.models.delegation import DelegationMember
from app.models.history import AuditEvent
from tests import makers
from tests.api.passwords import bearer, give_password, password_grant, sign_in
from tests.client import created, ok

CHOSEN = "mật khẩu tự chọn"


def duty(name, since="2024-01-01", **rest):
    return {"duty": name, "from": since, **rest}


def invitation(login="nguyen.van.moi@example.vn", **rest):
    return {"login": login, "name": "Nguyễn Văn Mới", "duties": [duty("officer")], **rest}


async def invite(api, world, body="lead", as_="administrator", **rest):
    return await api.post(f"/v1/bodies/{world.body[body]}/invitations", invitation(**rest), as_=as_)


def token_of(link):
    return link.rsplit("/", 1)[1]


def faults(answer):
    assert answer.status_code == 422, answer.text
    return [(it["pointer"], it["code"]) for it in answer.json()["errors"]]


async def membership_of(session, world, part):
    mine = select(Membership).where(col(Membership.account_id) == world.account[part])
    return (await session.execute(mine.execution_options(scope="test"))).scalar_one()


async def make_body(session, **rest):
    body = Body(kind=BodyKind.SPO, level=Level.COMMUNE, valid_from=date(2020, 1, 1), **rest)
    session.add(body)
    await session.flush()
    session.add(BodyName(body_id=body.id, name="Hội Nông dân xã", short_name="HND xã", valid_from=date(2020, 1, 1)))
    await session.commit()
    return body.id


async def test_an_invited_person_chooses_a_password_and_signs_in(api, world):
    answer = await invite(api, world, duties=[duty("officer"), duty("clerk", to="2030-12-31")])
    made = created(answer)
    InvitationIssued.model_validate(made)
    assert answer.headers["location"] == f"/v1/bodies/{world.body['lead']}/invitations/{made['id']}"
    path = f"/v1/auth/invitations/{token_of(made['link'])}"
    shown = ok(await api.get(path))
    assert shown["body"]["short_name"] == "BDV Tỉnh ủy"
    assert shown["duties"] == [duty("officer", to=None), duty("clerk", to="2030-12-31")]
    joined = created(await api.post(path, {"password": CHOSEN}))
    assert joined.keys() == {"account_id", "login", "body"}
    granted = await sign_in(api, "nguyen.van.moi", password=CHOSEN)
    assert granted["scope"] == "clerk officer"
    told = ok(await api.get("/v1/me", headers=bearer(granted["access_token"])))
    assert (told["name"], told["duties"]) == ("Nguyễn Văn Mới", ["clerk", "officer"])


async def test_a_link_is_good_once_and_for_72_hours(api, session, world):
    made = created(await invite(api, world))
    expires = timedelta(hours=72)
    stored = await session.get(Invitation, made["id"])
    assert abs(stored.expires_at - utcnow() - expires) < timedelta(minutes=1)
    path = f"/v1/auth/invitations/{token_of(made['link'])}"
    assert faults(await api.post(path, {"password": "quá ngắn"})) == [("/password", "string_too_short")]
    created(await api.post(path, {"password": CHOSEN}))
    unknown = await api.get("/v1/auth/invitations/unknown")
    for answer in (await api.get(path), await api.post(path, {"password": CHOSEN}), unknown):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_an_expired_link_is_unknown(api, session, world):
    path = f"/v1/auth/invitations/{token_of(created(await invite(api, world))['link'])}"
    await session.execute(update(Invitation).values(expires_at=utcnow()))
    await session.commit()
    assert (await api.get(path)).status_code == 404
    assert (await api.post(path, {"password": CHOSEN})).status_code == 404


async def test_the_link_is_shown_once_and_never_stored(api, session, world):
    first = await invite(api, world)
    made = created(first)
    seen = ok(await api.get(first.headers["location"], as_="administrator"))
    InvitationRead.model_validate(seen)
    assert "link" not in seen
    stored = await session.get(Invitation, made["id"])
    assert token_of(made["link"]) not in (stored.token_digest, stored.login, stored.name)


async def test_a_retry_makes_no_second_invitation_and_shows_no_second_link(api, world):
    path = f"/v1/bodies/{world.body['lead']}/invitations"
    first = created(await api.post(path, invitation(), as_="administrator", key="k1"))
    again = await api.post(path, invitation(), as_="administrator", key="k1")
    assert again.headers["idempotency-replayed"] == "true"
    assert created(again) == {name: value for name, value in first.items() if name != "link"}


async def test_a_new_invitation_to_the_same_person_ends_the_earlier_link(api, world):
    earlier = created(await invite(api, world))
    later = created(await invite(api, world))
    assert (await api.get(f"/v1/auth/invitations/{token_of(earlier['link'])}")).status_code == 404
    ok(await api.get(f"/v1/auth/invitations/{token_of(later['link'])}"))
    listed = ok(await api.get(f"/v1/bodies/{world.body['lead']}/invitations", as_="administrator"))
    Listing[InvitationRead].model_validate(listed)
    assert [it["state"] for it in listed["items"]] == ["open", "expired"]


async def test_a_withdrawn_link_is_dead(api, world):
    answer = await invite(api, world)
    path = answer.headers["location"]
    assert (await api.delete(path, as_="head")).status_code == 404
    assert (await api.delete(path, as_="administrator")).status_code == 204
    assert (await api.get(f"/v1/auth/invitations/{token_of(created(answer)['link'])}")).status_code == 404


async def test_a_used_invitation_is_not_withdrawn(api, world):
    answer = await invite(api, world)
    created(await api.post(f"/v1/auth/invitations/{token_of(created(answer)['link'])}", {"password": CHOSEN}))
    refused = await api.delete(answer.headers["location"], as_="administrator")
    assert (refused.status_code, refused.json()["code"]) == (409, "invitation_used")


@pytest.mark.parametrize(
    ("as_", "body", "status"),
    [
        ("administrator", "partner", 403),
        ("head", "lead", 403),
        ("lead_leader", "lead", 403),
        ("stranger", "lead", 403),
        ("superior", "lead", 403),
        (None, "lead", 401),
    ],
)
async def test_only_the_administrator_of_that_very_body_invites(api, world, as_, body, status):
    answer = await invite(api, world, body=body, as_=as_)
    assert answer.status_code == status
    listed = await api.get(f"/v1/bodies/{world.body[body]}/invitations", as_=as_)
    assert listed.status_code == status


async def test_an_unknown_body_is_404(api, world):
    answer = await api.post(f"/v1/bodies/{uuid4()}/invitations", invitation(), as_="administrator")
    assert answer.status_code == 404


async def test_the_registrar_invites_the_first_administrator_and_nobody_else(api, session, world):
    administrators = [duty("administrator")]
    refused = await invite(api, world, body="lead", as_="registrar", duties=administrators)
    assert (refused.status_code, refused.json()["code"]) == (409, "has_administrator")
    world.body["new"] = await make_body(session)
    other = await invite(api, world, body="new", as_="registrar", duties=[*administrators, duty("officer")])
    assert faults(other) == [("/duties/1/duty", "first_administrator_only")]
    made = created(await invite(api, world, body="new", as_="registrar", duties=administrators))
    created(await api.post(f"/v1/auth/invitations/{token_of(made['link'])}", {"password": CHOSEN}))
    second = await invite(api, world, body="new", as_="registrar", duties=administrators, login="hai@example.vn")
    assert second.status_code == 409
    granted = await sign_in(api, "nguyen.van.moi", password=CHOSEN)
    headers = bearer(granted["access_token"])
    theirs = await api.post(
        f"/v1/bodies/{world.body['new']}/invitations", invitation(login="ba@example.vn"), headers=headers
    )
    created(theirs)


async def test_only_the_registry_has_registrars_and_only_its_administrator_makes_them(api, session, world):
    refused = await invite(api, world, duties=[duty("registrar")])
    assert faults(refused) == [("/duties/0/duty", "registry_only")]
    by_registrar = await invite(api, world, body="registry", as_="registrar", duties=[duty("registrar")])
    assert faults(by_registrar) == [("/duties/0/duty", "first_administrator_only")]
    registrar = await membership_of(session, world, "registrar")
    session.add(MembershipDuty(membership_id=registrar.id, duty=Duty.ADMINISTRATOR, valid_from=today()))
    await session.commit()
    created(await invite(api, world, body="registry", as_="registrar", duties=[duty("registrar")]))


async def test_nobody_joins_a_body_that_has_ended(api, session, world):
    world.body["gone"] = await make_body(session, valid_to=today() - timedelta(days=1))
    refused = await invite(api, world, body="gone", as_="registrar", duties=[duty("administrator")])
    assert (refused.status_code, refused.json()["code"]) == (409, "body_ended")


@pytest.mark.parametrize(
    ("duties", "expected"),
    [
        ([], [("/duties", "too_short")]),
        ([duty("king")], [("/duties/0/duty", "enum")]),
        ([duty("officer", "2024-02-30")], [("/duties/0/from", "date_from_datetime_parsing")]),
        ([duty("officer", to="2023-12-31")], [("/duties/0/to", "period_reversed")]),
        ([duty("officer"), duty("officer", "2025-01-01")], [("/duties/1", "duties_overlap")]),
        ([duty("leader"), duty("administrator", "2026-01-01")], [("/duties/1", "incompatible_duties")]),
        ([duty("officer"), duty("clerk"), duty("leader", "0001-01-01", to="9999-12-31")], []),
        ([duty("leader", to="2024-12-31"), duty("administrator", "2025-01-01")], []),
        ([duty("officer", to="2024-12-31"), duty("officer", "2025-01-01")], []),
    ],
)
async def test_duties_stand_beside_each_other_only_as_the_rules_allow(api, world, duties, expected):
    answer = await invite(api, world, duties=duties)
    if not expected:
        created(answer)
    else:
        assert faults(answer) == expected


@pytest.mark.parametrize("login", ["ab", "có dấu@example.vn", "hai tên@example.vn", "a\0b@example.vn", "x" * 121])
async def test_a_login_is_plain_letters(api, world, login):
    answer = await invite(api, world, login=login)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/login"


async def test_a_known_login_is_not_invited_but_asked_to_join(api, world):
    refused = await invite(api, world, login="STRANGER@example.vn")
    assert (refused.status_code, refused.json()["code"]) == (409, "login_exists")


async def test_a_person_whose_last_body_is_gone_is_invited_again_and_keeps_the_account(api, session, world):
    await give_password(session, "stranger")
    body = col(Body.id) == world.body["stranger"]
    await session.execute(update(Body).where(body).values(valid_to=today() - timedelta(days=1)))
    await session.commit()
    made = created(await invite(api, world, login="stranger@example.vn"))
    joined = created(await api.post(f"/v1/auth/invitations/{token_of(made['link'])}", {"password": CHOSEN}))
    assert joined["account_id"] == str(world.account["stranger"])
    granted = await sign_in(api, "stranger", password=CHOSEN)
    assert granted["scope"] == "officer"


async def test_a_body_is_added_once_the_person_accepts_whichever_body_they_speak_for(api, session, world):
    await give_password(session, "stranger")
    asked = {"login": "stranger@example.vn", "duties": [duty("officer", "2026-01-01")]}
    answer = await api.post("/v1/memberships", asked, as_="administrator")
    made = created(answer)
    MembershipRead.model_validate(made)
    path = answer.headers["location"]
    assert (made["state"], made["login"], made["account"]) == ("pending", "stranger@example.vn", None)
    assert made["body_id"] == str(world.body["lead"])
    account = f"/v1/accounts/{world.account['stranger']}"
    assert (await api.get(account, as_="administrator")).status_code == 404, "not yet one of ours"
    ok(await password_grant(api, "stranger"))
    assert [it["state"] for it in ok(await api.get("/v1/me", as_="stranger"))["memberships"]] == ["active", "pending"]
    assert (await api.post(f"{path}/acceptance", as_="administrator")).status_code == 403
    assert (await api.post(f"{path}/acceptance", as_="partner")).status_code == 404
    accepted = ok(await api.post(f"{path}/acceptance", as_="stranger"))
    assert accepted["state"] == "active"
    assert (await password_grant(api, "stranger")).json()["error"] == "body_required"
    granted = await sign_in(api, "stranger", body_id=str(world.body["lead"]))
    assert granted["scope"] == "officer"
    seen = ok(await api.get(account, as_="administrator"))
    assert [it["body_id"] for it in seen["memberships"]] == [str(world.body["lead"])], "other bodies stay hidden"
    again = await api.post(f"{path}/acceptance", as_="stranger")
    assert (again.status_code, again.json()["code"]) == (409, "already_accepted")


async def test_a_membership_is_asked_for_once_and_by_a_known_login(api, world):
    asked = {"login": "stranger@example.vn", "duties": [duty("clerk")]}
    created(await api.post("/v1/memberships", asked, as_="administrator"))
    twice = await api.post("/v1/memberships", asked, as_="administrator")
    assert (twice.status_code, twice.json()["code"]) == (409, "already_member")
    unknown = await api.post("/v1/memberships", {**asked, "login": "nobody@example.vn"}, as_="administrator")
    assert unknown.status_code == 404


@pytest.mark.parametrize(("as_", "status"), [("head", 403), ("stranger", 403), ("auditor", 403), (None, 401)])
async def test_only_an_administrator_adds_people(api, as_, status):
    asked = {"login": "partner@example.vn", "duties": [duty("clerk")]}
    assert (await api.post("/v1/memberships", asked, as_=as_)).status_code == status


async def test_an_administrator_adds_people_to_its_own_body_alone(api, world):
    asked = {"login": "stranger@example.vn", "duties": [duty("clerk")], "body_id": str(world.body["partner"])}
    assert (await api.post("/v1/memberships", asked, as_="administrator")).status_code == 403
    assert (
        await api.post("/v1/memberships", asked | {"body_id": str(uuid4())}, as_="administrator")
    ).status_code == 404


async def test_the_registrar_asks_a_known_person_to_be_the_first_administrator(api, session, world):
    new = await make_body(session)
    asked = {"login": "stranger@example.vn", "duties": [duty("administrator")], "body_id": str(new)}
    made = created(await api.post("/v1/memberships", asked, as_="registrar"))
    ok(await api.post(f"/v1/memberships/{made['id']}/acceptance", as_="stranger"))
    seen = ok(await api.get("/v1/memberships?duty=administrator", as_="registrar"))
    assert {it["body_id"] for it in seen["items"]} == {str(new), str(world.body["lead"])}
    changed = {"duties": [duty("clerk")]}
    assert (await api.patch(f"/v1/memberships/{made['id']}", changed, as_="registrar", if_match=1)).status_code == 403


async def test_an_administrator_changes_the_duties_of_others(api, session, world):
    path = f"/v1/memberships/{(await membership_of(session, world, 'lead_clerk')).id}"
    changed = {"duties": [duty("clerk", to="2026-06-30"), duty("officer", "2026-07-01")]}
    assert (await api.patch(path, changed, as_="administrator")).status_code == 428
    answer = await api.patch(path, changed, as_="administrator", if_match=1)
    assert ok(answer)["duties"] == [duty("clerk", to="2026-06-30"), duty("officer", "2026-07-01", to=None)]
    assert answer.headers["etag"] == '"2"'
    assert (await api.patch(path, changed, as_="administrator", if_match=1)).status_code == 412
    assert ok(await api.get("/v1/me", as_="lead_clerk"))["duties"] == ["officer"]
    line = select(AuditEvent).order_by(col(AuditEvent.seq).desc()).limit(1).execution_options(scope="test")
    audited = (await session.execute(line)).scalar_one()
    assert audited.action == "membership.change"
    assert [it["duty"] for it in audited.details["before"]] == ["clerk"]
    assert [it["duty"] for it in audited.details["after"]] == ["clerk", "officer"]


async def test_the_first_and_the_last_day_of_the_calendar_stay_days(api, session, world):
    path = f"/v1/memberships/{(await membership_of(session, world, 'lead_clerk')).id}"
    always = duty("clerk", "0001-01-01", to="9999-12-31")
    assert ok(await api.patch(path, {"duties": [always]}, as_="administrator", if_match=1))["duties"] == [always]
    assert ok(await api.get("/v1/me", as_="lead_clerk"))["duties"] == ["clerk"]


async def test_nobody_changes_their_own_duties(api, session, world):
    path = f"/v1/memberships/{(await membership_of(session, world, 'administrator')).id}"
    answer = await api.patch(path, {"duties": [duty("officer")]}, as_="administrator", if_match=1)
    assert (answer.status_code, answer.json()["code"]) == (403, "own_duties")
    mine = f"/v1/memberships/{(await membership_of(session, world, 'head')).id}"
    assert (await api.patch(mine, {"ended_on": None}, as_="head", if_match=1)).json()["code"] == "own_duties"


async def test_memberships_of_other_bodies_do_not_exist_for_an_administrator(api, session, world):
    path = f"/v1/memberships/{(await membership_of(session, world, 'partner')).id}"
    assert (await api.get(path, as_="administrator")).status_code == 404
    assert (await api.patch(path, {"ended_on": None}, as_="administrator", if_match=1)).status_code == 404
    assert (await api.get(path, as_="head")).status_code == 404


async def test_whoever_leaves_is_signed_out_at_once_and_for_good(api, session, world):
    path = f"/v1/memberships/{(await membership_of(session, world, 'lead_clerk')).id}"
    ok(await api.get("/v1/me", as_="lead_clerk"))
    ended = ok(await api.patch(path, {"ended_on": str(today())}, as_="administrator", if_match=1))
    assert ended["state"] == "ended"
    assert (await api.get("/v1/me", as_="lead_clerk")).status_code == 401
    again = await api.patch(path, {"ended_on": None}, as_="administrator", if_match=2)
    assert (again.status_code, again.json()["code"]) == (409, "membership_ended")


async def test_an_end_in_the_future_can_be_taken_back(api, session, world):
    path = f"/v1/memberships/{(await membership_of(session, world, 'lead_clerk')).id}"
    later = str(today() + timedelta(days=30))
    assert ok(await api.patch(path, {"ended_on": later}, as_="administrator", if_match=1))["state"] == "active"
    ok(await api.get("/v1/me", as_="lead_clerk"))
    assert ok(await api.patch(path, {"ended_on": None}, as_="administrator", if_match=2))["ended_on"] is None


async def test_an_administrator_holds_no_seat_on_a_delegation(api, session, world):
    delegation = await makers.a_delegation(session, world, await makers.a_campaign(session, world))
    session.add(
        DelegationMember(
            delegation_id=delegation.id,
            account_id=world.account["lead_clerk"],
            person_name="lead_clerk",
            body_id=world.body["lead"],
            duty=DelegationDuty.MEMBER,
            valid_from=date(2024, 1, 1),
            valid_to=date(2024, 12, 31),
        )
    )
    await session.commit()
    path = f"/v1/memberships/{(await membership_of(session, world, 'lead_clerk')).id}"
    during = {"duties": [duty("administrator", "2024-12-31")]}
    refused = await api.patch(path, during, as_="administrator", if_match=1)
    assert (refused.status_code, refused.json()["code"]) == (409, "sits_on_delegation")
    ok(await api.patch(path, {"duties": [duty("administrator", "2025-01-01")]}, as_="administrator", if_match=1))


async def test_an_administrator_sees_its_own_people_and_others_only_themselves(api, world):
    listed = ok(await api.get("/v1/accounts?limit=200", as_="administrator"))
    Listing[AccountRead].model_validate(listed)
    ours = {"lead_leader", "lead_officer", "lead_clerk", "head", "secretary", "administrator", "auditor"}
    assert {it["name"] for it in listed["items"]} == ours
    assert [it["name"] for it in ok(await api.get("/v1/accounts", as_="head"))["items"]] == ["head"]
    assert (await api.get(f"/v1/accounts/{world.account['partner']}", as_="administrator")).status_code == 404
    assert (await api.get(f"/v1/accounts/{world.account['lead_officer']}", as_="head")).status_code == 404
    ok(await api.get(f"/v1/accounts/{world.account['head']}", as_="head"))
    assert "password" not in (await api.get(f"/v1/accounts/{world.account['head']}", as_="head")).text


async def test_people_are_found_by_name_and_by_duty(api):
    found = ok(await api.get("/v1/accounts?q=LEAD_C", as_="administrator"))
    assert [it["name"] for it in found["items"]] == ["lead_clerk"]
    found = ok(await api.get("/v1/accounts?duty=clerk&duty=auditor", as_="administrator"))
    assert {it["name"] for it in found["items"]} == {"lead_clerk", "auditor"}
    assert faults(await api.get("/v1/accounts?q=%20", as_="administrator")) != []
    assert faults(await api.get("/v1/accounts?colour=red", as_="administrator")) == [("colour", "extra_forbidden")]


async def test_memberships_are_filtered(api, world):
    asked = {"login": "stranger@example.vn", "duties": [duty("clerk")]}
    created(await api.post("/v1/memberships", asked, as_="administrator"))
    pending = ok(await api.get("/v1/memberships?state=pending&count=true", as_="administrator"))
    Listing[MembershipRead].model_validate(pending)
    assert (pending["count"], pending["items"][0]["login"]) == (1, "stranger@example.vn")
    one = ok(await api.get(f"/v1/memberships?account_id={world.account['head']}", as_="administrator"))
    assert [it["account"]["name"] for it in one["items"]] == ["head"]
    assert ok(await api.get("/v1/memberships?duty=leader&state=ended", as_="administrator"))["items"] == []


@pytest.mark.parametrize("path", ["/v1/accounts", "/v1/memberships", "/v1/bodies/{lead}/invitations"])
async def test_lists_of_people_cost_the_same_however_long(api, world, queries, path):
    path = path.format(lead=world.body["lead"])
    await api.get(f"{path}?limit=1", as_="administrator")
    one = queries.count
    for n in range(3):
        created(await invite(api, world, login=f"person{n}@example.vn"))
    queries.reset()
    ok(await api.get(path, as_="administrator"))
    assert queries.count == one


async def reset(api, world, part, as_="administrator", **rest):
    asked = rest or {"account_id": str(world.account[part])}
    return await api.post("/v1/auth/password-resets", asked, as_=as_)


async def test_an_administrator_resets_the_password_of_its_own_person(api, session, world):
    await give_password(session, "lead_clerk")
    made = created(await reset(api, world, "lead_clerk"))
    path = f"/v1/auth/password-resets/{token_of(made['link'])}"
    assert ok(await api.get(path)).keys() == {"login", "expires_at"}
    assert (await api.post(path, {"password": CHOSEN})).status_code == 204
    assert (await api.get("/v1/me", as_="lead_clerk")).status_code == 401, "every session ended"
    ok(await password_grant(api, "lead_clerk", CHOSEN))
    assert (await password_grant(api, "lead_clerk")).status_code == 400
    assert (await api.get(path)).status_code == 404
    assert (await api.post(path, {"password": CHOSEN})).status_code == 404


async def test_a_second_reset_ends_the_first_link(api, world):
    first = created(await reset(api, world, "lead_clerk"))
    second = created(await reset(api, world, "lead_clerk", login="LEAD_CLERK@example.vn"))
    assert (await api.get(f"/v1/auth/password-resets/{token_of(first['link'])}")).status_code == 404
    ok(await api.get(f"/v1/auth/password-resets/{token_of(second['link'])}"))


async def test_who_belongs_elsewhere_too_is_not_reset(api, session, world):
    membership = Membership(account_id=world.account["lead_clerk"], body_id=world.body["partner"])
    session.add(membership)
    await session.commit()
    refused = await reset(api, world, "lead_clerk")
    assert (refused.status_code, refused.json()["code"]) == (409, "has_other_membership")


@pytest.mark.parametrize(("as_", "status"), [("head", 404), ("lead_clerk", 403), ("registrar", 404), (None, 401)])
async def test_nobody_else_resets(api, world, as_, status):
    assert (await reset(api, world, "lead_clerk", as_=as_)).status_code == status


async def test_people_of_other_bodies_are_not_reset(api, world):
    assert (await reset(api, world, "partner")).status_code == 404
    both = {"account_id": str(world.account["head"]), "login": "head@example.vn"}
    assert faults(await reset(api, world, "head", **both)) == [("", "one_account")]
