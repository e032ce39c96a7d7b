"""Delegations and their members: who forms, decides and dissolves them; who may sit on one; what each side sees."""

from datetime import date

import pytest
from pydantic import TypeAdapter

from app.core.clock import utcnow
from app.core.principal import Duty
from app.domain.campaign import CampaignState
from app.domain.delegation import DelegationDuty, DelegationState
from app.domain.engagement import EngagementState
from app.models.account import Membership, MembershipDuty
from app.models.base import Listing
from app.models.body import Body
from app.models.delegation import DelegationMember, DelegationSeen, MemberSeen
from tests import makers
from tests.client import created, ok
from tests.ground import standing

PATH = "/v1/delegations"
SINCE = "2024-02-20"


@pytest.fixture(scope="module")
async def campaign(groundwork, world):
    return await makers.a_campaign(groundwork, world, state=CampaignState.PLANNED)


@pytest.fixture
async def connection(ground, campaign, app):
    async with standing(ground, app) as connection:
        yield connection


@pytest.fixture
async def forming(session, world, campaign):
    """Without any member yet."""
    return await makers.a_delegation(
        session, world, campaign, state=DelegationState.FORMING, decision=None, decided_on=None, seated=False
    )


@pytest.fixture
async def decided(session, world, campaign):
    return await makers.a_delegation(session, world, campaign)


def member(world, part, duty="member", **fields):
    return {
        "account_id": str(world.account[part]),
        "body_id": str(world.body_of(part)),
        "duty": duty,
        "from": SINCE,
        **fields,
    }


def named(world, body, duty="member", **fields):
    person = {"name": "Nguyễn Xuân Dương", "title": "Phó Trưởng ban"}
    return {"person": person, "body_id": str(world.body[body]), "duty": duty, "from": SINCE, **fields}


async def add(api, delegation, payload, *, as_="lead_officer", if_match=None, **rest):
    if if_match is None:
        if_match = int((await api.get(f"{PATH}/{delegation.id}", as_="lead_officer")).headers["ETag"].strip('"'))
    return await api.post(f"{PATH}/{delegation.id}/members", payload, as_=as_, if_match=if_match, **rest)


def decision(world, document, **fields):
    return {
        "symbol": "133-QĐ/BDVTU",
        "issued_on": SINCE,
        "issuer_body_id": str(world.body["lead"]),
        "document_id": str(document.id),
        **fields,
    }


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("lead_officer", 201),
        ("lead_leader", 201),
        ("lead_clerk", 403),
        ("partner", 403),
        ("superior", 403),
        ("administrator", 404),
        ("supervised", 404),
        ("stranger", 404),
        (None, 401),
    ],
)
async def test_the_lead_forms_a_delegation(api, campaign, part, status):
    answer = await api.post(PATH, {"campaign_id": str(campaign.id), "name": "Đoàn giám sát 133"}, as_=part)
    assert answer.status_code == status


async def test_a_new_delegation_is_forming_and_says_where_it_is(api, world, campaign):
    answer = await api.post(
        PATH, {"campaign_id": str(campaign.id), "name": "Đoàn giám sát 133"}, as_="lead_officer", key="form-133"
    )
    made = created(answer)
    assert made["state"] == "forming"
    assert made["view"] == "full"
    assert made["actions"] == []
    assert made["lead_body"]["name"] == "Ban Dân vận Tỉnh ủy Thừa Thiên Huế"
    assert answer.headers["Location"] == f"{PATH}/{made['id']}"
    again = await api.post(
        PATH, {"campaign_id": str(campaign.id), "name": "Đoàn giám sát 133"}, as_="lead_officer", key="form-133"
    )
    assert created(again)["id"] == made["id"]
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("state", [CampaignState.PROPOSED, CampaignState.CONSULTING, CampaignState.CLOSED])
async def test_a_campaign_that_is_not_at_work_gets_no_delegation(api, session, world, state):
    campaign = await makers.a_campaign(session, world, state=state)
    answer = await api.post(PATH, {"campaign_id": str(campaign.id), "name": "Đoàn"}, as_="lead_officer")
    assert answer.status_code == 409
    assert answer.json()["code"] == "campaign_not_at_work"


@pytest.mark.parametrize(
    ("part", "view"),
    [
        ("lead_clerk", "full"),
        ("partner", "full"),
        ("member_a", "full"),
        ("superior", "party"),
        ("supervised", None),
        ("addressee", None),
        ("stranger", None),
    ],
)
async def test_each_side_sees_its_share(api, session, world, decided, part, view):
    answer = await api.get(f"{PATH}/{decided.id}", as_=part)
    listed = ok(await api.get(PATH, as_=part))["items"]
    people = await api.get(f"{PATH}/{decided.id}/members", as_=part)
    if view is None:
        assert (answer.status_code, people.status_code, listed) == (404, 404, [])
        return
    TypeAdapter(DelegationSeen).validate_python(ok(answer))
    assert ok(answer)["view"] == listed[0]["view"] == view
    assert {it["view"] for it in ok(people)["items"]} == {view}


async def test_the_supervised_party_learns_of_the_delegation_when_it_is_notified(api, session, world, decided):
    preparing = await makers.an_engagement(
        session, world, decided, state=EngagementState.PREPARING, notified_on=None, received_on=None
    )
    assert (await api.get(f"{PATH}/{decided.id}", as_="supervised")).status_code == 404
    preparing.state, preparing.notified_on = EngagementState.NOTIFIED, date(2024, 3, 18)
    await makers.keep(session, preparing)
    seen = ok(await api.get(f"{PATH}/{decided.id}", as_="supervised"))
    assert seen["view"] == "party"
    assert "created_at" not in seen
    people = ok(await api.get(f"{PATH}/{decided.id}/members", as_="supervised"))["items"]
    assert {it["duty"] for it in people} == {"head", "secretary", "member"}
    assert "account_id" not in people[0]


async def test_lists_match_the_contract_in_a_constant_number_of_statements(api, session, world, campaign, queries):
    for _ in range(3):
        await makers.a_delegation(session, world, campaign)
    queries.reset()
    page = ok(await api.get(f"{PATH}?limit=2&count=true&campaign_id={campaign.id}", as_="lead_officer"))
    first = queries.count
    Listing[DelegationSeen].model_validate(page)
    assert page["count"] == 3
    following = ok(
        await api.get(f"{PATH}?limit=2&campaign_id={campaign.id}&cursor={page['next_cursor']}", as_="lead_officer")
    )
    assert len(following["items"]) == 1
    queries.reset()
    await api.get(f"{PATH}?limit=1&count=true&campaign_id={campaign.id}", as_="lead_officer")
    assert queries.count == first
    people = await api.get(f"{PATH}/{page['items'][0]['id']}/members", as_="lead_officer")
    Listing[MemberSeen].model_validate(ok(people))
    assert ok(await api.get(f"{PATH}?state=dissolved", as_="lead_officer"))["items"] == []
    assert (await api.get(f"{PATH}?lead=x", as_="lead_officer")).status_code == 422


@pytest.mark.parametrize(
    ("part", "status"),
    [("lead_officer", 201), ("lead_clerk", 403), ("partner", 403), ("member_a", 403), ("stranger", 404)],
)
async def test_the_lead_appoints_members(api, world, decided, part, status):
    answer = await add(api, decided, named(world, "partner"), as_=part)
    assert answer.status_code == status


async def test_a_member_raises_the_version_of_the_delegation(api, world, forming):
    refused = await api.post(f"{PATH}/{forming.id}/members", member(world, "head", "head"), as_="lead_officer")
    assert refused.status_code == 428
    assert (await add(api, forming, member(world, "head", "head"), if_match=9)).status_code == 412
    answer = await add(api, forming, member(world, "head", "head"), if_match=1, key="seat-1")
    seated = created(answer)
    assert answer.headers["ETag"] == '"2"'
    assert (await api.get(f"{PATH}/{forming.id}", as_="lead_officer")).headers["ETag"] == '"2"'
    assert seated["name"] == "head"
    assert seated["from"] == SINCE
    replayed = await add(api, forming, member(world, "head", "head"), if_match=1, key="seat-1")
    assert created(replayed)["id"] == seated["id"]
    assert len(ok(await api.get(f"{PATH}/{forming.id}/members", as_="lead_officer"))["items"]) == 1


async def test_a_login_names_an_account_of_that_body_only(api, world, forming):
    by_login = {**member(world, "member_a"), "login": "member_a@example.vn"}
    del by_login["account_id"]
    assert created(await add(api, forming, by_login))["account_id"] == str(world.account["member_a"])
    for wrong in ({"login": "nobody@example.vn"}, {"body_id": str(world.body["lead"])}):
        answer = await add(api, forming, {**by_login, **wrong})
        assert answer.status_code == 422
        assert answer.json()["errors"][0] == {
            "pointer": "/login",
            "code": "not_visible",
            "detail": answer.json()["errors"][0]["detail"],
        }


@pytest.mark.parametrize("part", ["stranger", "addressee"])
async def test_people_of_bodies_that_do_not_take_part_stay_unknown(api, world, forming, part):
    assert (await add(api, forming, member(world, part))).status_code == 404
    unknown = {**member(world, part), "login": f"{part}@example.vn"}
    del unknown["account_id"]
    assert (await add(api, forming, unknown)).status_code == 422
    assert (await add(api, forming, named(world, part))).status_code == 201


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"login": "x"}, "one_person"),
        ({"account_id": None}, "one_person"),
        ({"to": "2024-01-01"}, "period_reversed"),
        ({"duty": "chief"}, "enum"),
        ({"rank": 1}, "extra_forbidden"),
        ({"body_id": "00000000-0000-7000-8000-000000000000"}, "not_visible"),
    ],
)
async def test_an_impossible_member_is_refused(api, world, forming, change, code):
    answer = await add(api, forming, {**member(world, "head"), **change})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == code


async def test_a_body_must_exist_on_the_day_of_the_decision(api, session, world, decided):
    body = await session.get(Body, world.body["stranger"])
    body.valid_to = date(2024, 2, 19)
    await makers.keep(session, body)
    answer = await add(api, decided, named(world, "stranger"))
    assert answer.json()["errors"][0]["code"] == "body_not_in_being"
    body.valid_to = date(2024, 2, 20)
    await makers.keep(session, body)
    assert (await add(api, decided, named(world, "stranger"))).status_code == 201


async def test_there_is_one_head_at_a_time(api, session, world, decided):
    answer = await add(api, decided, member(world, "lead_leader", "head"))
    assert answer.json()["code"] == "second_head"
    people = ok(await api.get(f"{PATH}/{decided.id}/members", as_="lead_officer"))["items"]
    head = next(it for it in people if it["duty"] == "head")
    path = f"{PATH}/{decided.id}/members/{head['id']}"
    ended = await api.patch(path, {"to": "2024-03-01", "reason": "Chuyển công tác"}, as_="lead_officer", if_match=1)
    assert ok(ended)["to"] == "2024-03-01"
    assert ended.headers["ETag"] == '"2"'
    successor = member(world, "lead_leader", "head", replaces_id=head["id"], reason="Thay thế") | {"from": "2024-03-02"}
    assert created(await add(api, decided, successor))["replaces_id"] == head["id"]


async def test_access_ends_with_the_period(api, session, world, campaign):
    delegation = await makers.a_delegation(session, world, campaign)
    outsider = DelegationMember(
        delegation_id=delegation.id,
        account_id=world.account["stranger"],
        person_name="stranger",
        body_id=world.body["stranger"],
        duty=DelegationDuty.MEMBER,
        valid_from=date(2024, 2, 20),
    )
    await makers.keep(session, outsider)
    assert (await api.get(f"{PATH}/{delegation.id}", as_="stranger")).status_code == 200
    path = f"{PATH}/{delegation.id}/members/{outsider.id}"
    assert (await api.patch(path, {"to": "2024-02-01"}, as_="lead_officer", if_match=1)).status_code == 422
    ok(await api.patch(path, {"to": "2024-03-31"}, as_="lead_officer", if_match=1))
    assert (await api.get(f"{PATH}/{delegation.id}", as_="stranger")).status_code == 404


async def test_a_mistake_is_taken_back_only_while_forming(api, session, world, forming, decided):
    seated = created(await add(api, forming, member(world, "member_b")))
    path = f"{PATH}/{forming.id}/members/{seated['id']}"
    assert (await api.delete(path, as_="lead_officer", if_match=1)).status_code == 412
    assert (await api.delete(path, as_="lead_officer", if_match=2)).status_code == 204
    assert (await api.get(path, as_="lead_officer")).status_code == 404
    people = ok(await api.get(f"{PATH}/{decided.id}/members", as_="lead_officer"))["items"]
    elsewhere = f"{PATH}/{forming.id}/members/{people[0]['id']}"
    assert (await api.get(elsewhere, as_="lead_officer")).status_code == 404
    path = f"{PATH}/{decided.id}/members/{people[0]['id']}"
    answer = await api.delete(path, as_="lead_officer", if_match=1)
    assert answer.json()["code"] == "not_editable"


@pytest.mark.parametrize("body", ["supervised", "office"])
async def test_nobody_supervises_their_own_body_unless_recused(api, session, world, decided, body):
    await makers.an_engagement(session, world, decided)
    answer = await add(api, decided, named(world, body))
    assert answer.status_code == 409
    assert answer.json()["code"] == "conflict_of_interest"
    recused = created(await add(api, decided, named(world, body, recused=True, reason="Công tác tại địa phương")))
    path = f"{PATH}/{decided.id}/members/{recused['id']}"
    version = int((await api.get(path, as_="lead_officer")).headers["ETag"].strip('"'))
    answer = await api.patch(path, {"recused": False}, as_="lead_officer", if_match=version)
    assert answer.json()["code"] == "conflict_of_interest"


async def test_an_administrator_has_no_seat(api, session, world, forming):
    membership = Membership(account_id=world.account["addressee"], body_id=world.body["partner"], accepted_at=utcnow())
    await makers.keep(session, membership)
    await makers.keep(
        session,
        MembershipDuty(membership_id=membership.id, duty=Duty.ADMINISTRATOR, valid_from=date(2024, 1, 1)),
    )
    payload = {**member(world, "addressee"), "body_id": str(world.body["partner"])}
    answer = await add(api, forming, payload)
    assert answer.status_code == 409
    assert answer.json()["code"] == "administrator_on_delegation"


@pytest.mark.parametrize(
    ("part", "status"),
    [("lead_leader", 200), ("lead_officer", 403), ("partner", 403), ("superior", 403), ("stranger", 404)],
)
async def test_a_leader_of_the_lead_decides(api, session, world, forming, part, status):
    await add(api, forming, member(world, "head", "head"))
    document = await makers.a_document(session, world, kind="QĐ")
    answer = await api.post(
        f"{PATH}/{forming.id}/transitions",
        {"action": "decide", "decision": decision(world, document)},
        as_=part,
        if_match=2,
    )
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json()["state"] == "decided"
        assert answer.json()["decided_on"] == SINCE
        assert answer.json()["decision_body"]["short_name"] == "BDV Tỉnh ủy"
        assert answer.headers["ETag"] == '"3"'


async def test_the_deciding_body_sees_the_delegation_form_and_decides_it(api, session, world):
    campaign = await makers.a_campaign(session, world, deciding_body_id=world.body["verifier"])
    delegation = await makers.a_delegation(
        session, world, campaign, state=DelegationState.FORMING, decision=None, decided_on=None
    )
    seen = ok(await api.get(f"{PATH}/{delegation.id}", as_="verifier"))
    assert seen["view"] == "party"
    assert seen["actions"] == ["decide"]
    document = await makers.a_document(session, world, owner="verifier", kind="QĐ")
    made = await api.move(
        f"{PATH}/{delegation.id}",
        "decide",
        as_="verifier",
        decision=decision(world, document, issuer_body_id=str(world.body["verifier"])),
    )
    assert made["state"] == "decided"
    lines = ok(await api.get(f"{PATH}/{delegation.id}/transitions", as_="verifier"))["items"]
    assert [it["action"] for it in lines] == ["decide"]
    assert lines[0]["on"] == SINCE
    assert lines[0]["recorded_late"] is True


@pytest.mark.parametrize(
    ("prepare", "change", "status", "code"),
    [
        ("headless", {}, 409, "has_head"),
        ("head", {"document_id": None}, 409, "has_decision_document"),
        ("head", {"issued_on": "2099-01-01"}, 422, "in_the_future"),
        ("head", {"document_id": "00000000-0000-7000-8000-000000000000"}, 404, "not_found"),
        ("head", {"issuer_body_id": "00000000-0000-7000-8000-000000000000"}, 422, "not_visible"),
        ("ended", {}, 409, "member_bodies_in_being"),
    ],
)
async def test_what_a_decision_needs(api, session, world, forming, prepare, change, status, code):
    if prepare != "headless":
        await add(api, forming, member(world, "head", "head"))
    if prepare == "ended":
        await add(api, forming, named(world, "stranger"))
        body = await session.get(Body, world.body["stranger"])
        body.valid_to = date(2024, 1, 31)
        await makers.keep(session, body)
    document = await makers.a_document(session, world, kind="QĐ")
    payload = {"action": "decide", "decision": {**decision(world, document), **change}}
    version = int((await api.get(f"{PATH}/{forming.id}", as_="lead_officer")).headers["ETag"].strip('"'))
    answer = await api.post(f"{PATH}/{forming.id}/transitions", payload, as_="lead_leader", if_match=version)
    assert answer.status_code == status, answer.text
    problem = answer.json()
    assert code in [problem["code"], *(it["code"] for it in problem.get("unmet") or problem.get("errors") or [])]


async def test_a_decision_may_not_be_later_than_its_day(api, session, world, forming):
    await add(api, forming, member(world, "head", "head"))
    document = await makers.a_document(session, world, kind="QĐ")
    payload = {"action": "decide", "on": "2024-02-19", "decision": decision(world, document)}
    answer = await api.post(f"{PATH}/{forming.id}/transitions", payload, as_="lead_leader", if_match=2)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/decision/issued_on"


async def test_a_delegation_with_open_work_is_not_dissolved(api, session, world, decided):
    engagement = await makers.an_engagement(session, world, decided)
    path = f"{PATH}/{decided.id}"
    refused = await api.move(path, "dissolve", as_="lead_leader", expect=409, reason="Hoàn thành nhiệm vụ")
    assert refused["unmet"][0]["code"] == "delegation_work_ended"
    await api.move(path, "decide", as_="lead_leader", expect=422)
    engagement.state = EngagementState.FINALISED
    await makers.keep(session, engagement)
    made = await api.move(path, "dissolve", as_="lead_leader", on="2024-06-30", reason="Hoàn thành nhiệm vụ")
    assert (made["state"], made["actions"]) == ("dissolved", [])
    assert (await add(api, decided, named(world, "partner"))).json()["code"] == "not_editable"
    again = await api.move(path, "dissolve", as_="lead_leader", expect=409, reason="Lần nữa")
    assert (again["code"], again["state"], again["allowed"]) == ("move_not_allowed", "dissolved", [])


async def test_the_name_changes_only_until_the_decision(api, session, world, forming, decided):
    renamed = await api.patch(f"{PATH}/{forming.id}", {"name": "Đoàn 134"}, as_="lead_officer", if_match=1)
    assert ok(renamed)["name"] == "Đoàn 134"
    answer = await api.patch(f"{PATH}/{decided.id}", {"name": "Đoàn 134"}, as_="lead_officer", if_match=1)
    assert answer.json()["code"] == "not_editable"
    assert (await api.patch(f"{PATH}/{forming.id}", {"name": "X"}, as_="partner", if_match=2)).status_code == 403
    assert (await api.patch(f"{PATH}/{forming.id}", {"state": "decided"}, as_="lead_officer")).status_code == 422
