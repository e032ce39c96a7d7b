"""Petitions: their way from body to body, what each body on it sees, who learns who sent them, and the figures."""

from datetime import date

import pytest
from pydantic import TypeAdapter
from sqlalchemy import select
from sqlmodel import col

from app.domain.petition import PetitionState
from app.models.base import Listing
from app.models.history import AuditEvent, OutboxMessage
from app.models.petition import PetitionSeen
from tests import makers
from tests import makers_petitions as of
from tests.client import created, ok

pytestmark = pytest.mark.thorough

PATH = "/v1/petitions"
REASON = {"reason": "Mời công dân đến đối thoại"}


@pytest.fixture
async def petition(session, world):
    return await of.a_petition(session, world)


@pytest.fixture
async def forwarded(session, world):
    it = await of.a_petition(session, world)
    await of.a_forward(session, world, it)
    return it


@pytest.fixture
async def letter(session, world):
    return await makers.a_document(session, world, owner="partner", kind="CV")


def sent_in(**fields):
    return {
        "title": "Chậm chi trả hỗ trợ",
        "content": f"Tôi là {of.SENDER}",
        "received_on": "2024-03-01",
        "petitioner": {"name": of.SENDER, "phone": "0912345678"},
        **fields,
    }


@pytest.mark.parametrize(
    ("part", "status"), [("partner", 201), ("lead_clerk", 201), ("administrator", 403), ("registrar", 403)]
)
async def test_whoever_opens_the_letters_registers_petitions(api, part, status):
    assert (await api.post(PATH, sent_in(), as_=part)).status_code == status


async def test_who_sent_it_is_in_no_answer_and_in_no_record_of_what_happened(api, session):
    answer = await api.post(PATH, sent_in(content=None), as_="partner")
    assert created(answer)["has_identity"] is True
    assert of.SENDER not in answer.text
    for kind in (AuditEvent, OutboxMessage):
        rows = (await session.execute(select(kind).execution_options(scope="what is kept of it"))).scalars()
        assert of.SENDER not in " ".join(str(row.model_dump()) for row in rows)


async def test_a_petition_cannot_come_from_the_future(api):
    answer = await api.post(PATH, sent_in(received_on="2999-01-01"), as_="partner")
    assert [(it["pointer"], it["code"]) for it in answer.json()["errors"]] == [("/received_on", "in_the_future")]


@pytest.mark.parametrize(
    ("part", "view"), [("partner", "full"), ("member_a", "full"), ("counterpart", "party"), ("lead_officer", None)]
)
async def test_the_path_sees_it_redacted_the_receiver_in_full(api, forwarded, part, view):
    answer = await api.get(f"{PATH}/{forwarded.id}", as_=part)
    if view is None:
        assert answer.status_code == 404
        return
    seen = ok(answer)
    assert seen["view"] == view
    assert (of.SENDER in answer.text) is (view == "full")
    assert ("content" in seen) is (view == "full")


async def test_with_identity_the_next_body_sees_all(api, session, world, petition):
    await of.a_forward(session, world, petition, with_identity=True, identity_reason="Đối thoại")
    assert ok(await api.get(f"{PATH}/{petition.id}", as_="counterpart"))["view"] == "full"
    disclosed = created(await api.post(f"{PATH}/{petition.id}/identity-disclosures", REASON, as_="counterpart"))
    assert disclosed["identity"]["name"] == of.SENDER


@pytest.mark.parametrize(
    ("part", "status"), [("partner", 201), ("member_a", 201), ("counterpart", 403), ("lead_leader", 404)]
)
async def test_only_the_body_that_received_it_learns_who_sent_it(api, forwarded, part, status):
    answer = await api.post(f"{PATH}/{forwarded.id}/identity-disclosures", REASON, as_=part)
    assert answer.status_code == status
    assert (of.SENDER in answer.text) is (status == 201)


async def test_every_reading_of_an_identity_leaves_a_line_a_repeated_one_too(api, session, petition):
    where = f"{PATH}/{petition.id}/identity-disclosures"
    assert (await api.post(where, {}, as_="partner")).status_code == 422
    first = await api.post(where, REASON, as_="partner", key="xem-1")
    again = await api.post(where, REASON, as_="partner", key="xem-1")
    assert created(again) == created(first)
    lines = select(AuditEvent).where(
        col(AuditEvent.action) == "petition.disclose_identity", col(AuditEvent.subject_id) == petition.id
    )
    assert len((await session.execute(lines.execution_options(scope="the audit"))).all()) == 2
    listed = ok(await api.get(where, as_="partner"))["items"]
    assert [(it["reason"], "identity" in it) for it in listed] == [(REASON["reason"], False)]


async def test_an_anonymous_petition_has_nobody_to_disclose(api):
    made = created(await api.post(PATH, sent_in(petitioner=None), as_="partner"))
    answer = await api.post(f"{PATH}/{made['id']}/identity-disclosures", REASON, as_="partner")
    assert (answer.status_code, answer.json()["code"]) == (409, "anonymous_petition")


async def test_hop_by_hop_to_the_answer_and_back_to_the_citizen(api, world, letter):
    made = created(await api.post(PATH, sent_in(), as_="partner"))
    path = f"{PATH}/{made['id']}"
    await api.move(path, "classify", as_="partner", kind="reflection", topic="Chính sách", on="2024-03-02")
    first = {"to_body_id": str(world.body["counterpart"]), "document_id": str(letter.id)}
    sent = await api.move(path, "forward", as_="partner", on="2024-03-04", **first)
    assert (sent["state"], sent["holder_body_id"]) == ("forwarded", first["to_body_id"])
    assert (await api.get(f"/v1/documents/{letter.id}", as_="counterpart")).status_code == 200
    receipt = f"{path}/forwards/{sent['forwards'][0]['id']}/receipt"
    created(await api.post(receipt, {"received_on": "2024-03-06"}, as_="counterpart"))
    assert (await api.post(receipt, {}, as_="counterpart")).json()["code"] == "already_acknowledged"
    await api.move(
        path,
        "forward",
        as_="counterpart",
        on="2024-03-08",
        to_body_id=str(world.body["addressee_superior"]),
        document_id=str(letter.id),
    )
    answered = await api.move(path, "answer", as_="addressee_superior", text="Đã chi trả đủ", on="2024-03-20")
    assert [it["received_on"] for it in answered["forwards"]] == ["2024-03-06", None]
    assert (await api.move(path, "inform", as_="partner", on="2024-03-22"))["informed_on"] == "2024-03-22"
    assert (await api.move(path, "close", as_="partner"))["state"] == "closed"


async def test_a_body_on_the_path_passes_it_on_without_the_identity(api, session, world, forwarded, letter):
    path, to = f"{PATH}/{forwarded.id}", {"to_body_id": str(world.body["addressee"])}
    bare = {"with_identity": True, "document_id": str(letter.id), **to}
    refused = await api.move(path, "forward", as_="partner", expect=409, **bare)
    assert [it["code"] for it in refused["unmet"]] == ["identity_reasoned"]
    own = await makers.a_document(session, world, owner="counterpart")
    reasoned = {**bare, "document_id": str(own.id), "identity_reason": "Để tiện giải quyết"}
    refused = await api.move(path, "forward", as_="counterpart", expect=422, **reasoned)
    assert refused["errors"][0]["code"] == "identity_is_the_receiver_s"


async def test_an_answer_on_paper_is_recorded_for_a_body_without_accounts(api, session, world, petition, letter):
    await of.a_forward(session, world, petition, to_body_id=world.body["paper_addressee"])
    behalf = {"on_behalf": {"document_id": str(letter.id), "received_on": "2024-03-20"}}
    answered = await api.move(f"{PATH}/{petition.id}", "answer", as_="partner", text="Đã giải quyết", **behalf)
    assert answered["state"] == "answered"


async def test_for_a_body_with_an_account_nobody_else_answers(api, forwarded, letter):
    behalf = {"on_behalf": {"document_id": str(letter.id), "received_on": "2024-03-20"}}
    refused = await api.move(
        f"{PATH}/{forwarded.id}", "answer", as_="partner", text="Đã giải quyết", expect=409, **behalf
    )
    assert refused["code"] == "has_own_account"


async def test_a_silent_holder_does_not_hold_it_up(api, forwarded):
    ended = await api.move(f"{PATH}/{forwarded.id}", "set_aside", as_="partner", reason="Quá lâu không trả lời")
    assert (ended["state"], ended["actions"]) == ("closed", [])


async def test_duplicates_are_merged_into_one_that_stands_for_itself(api, session, world, petition):
    twin = await of.a_petition(session, world)
    merged = await api.move(f"{PATH}/{twin.id}", "merge", as_="partner", into_id=str(petition.id))
    assert (merged["state"], merged["merged_into_id"]) == ("closed", str(petition.id))
    for target in (twin, petition):
        refused = await api.move(f"{PATH}/{petition.id}", "merge", as_="partner", into_id=str(target.id), expect=409)
        assert [it["code"] for it in refused["unmet"]] == ["target_stands_for_itself"]
    hidden = await of.a_petition(session, world, lead_body_id=world.body["lead"], holder_body_id=world.body["lead"])
    await api.move(f"{PATH}/{petition.id}", "merge", as_="partner", into_id=str(hidden.id), expect=404)


@pytest.mark.parametrize(("part", "status"), [("partner", 200), ("counterpart", 403), ("lead_officer", 404)])
async def test_the_receiver_corrects_it(api, forwarded, part, status):
    answer = await api.patch(f"{PATH}/{forwarded.id}", {"topic": "Đất ở"}, as_=part, if_match=forwarded.version)
    assert answer.status_code == status


async def test_a_recommendation_may_come_of_a_petition(api, petition, forwarded):
    draft = {"origin": "petition", "origin_id": str(forwarded.id), "action": "Rà soát hồ sơ tồn đọng"}
    assert created(await api.post("/v1/recommendations", draft, as_="partner"))["origin"] == "petition"
    assert (await api.post("/v1/recommendations", draft, as_="lead_officer")).status_code == 404


ROUND = {"from": "2024-01-01", "to": "2024-12-31"}


async def several(session, world, number, **fields):
    made = []
    for _ in range(number):
        it = await of.a_petition(session, world, **fields)
        await of.a_forward(session, world, it)
        made.append(it)
    return made


async def figures(api, part, **params):
    items = ok(await api.get(f"{PATH}/figures", as_=part, params={**ROUND, **params}))["items"]
    return {it["body_id"]: (it["received"], it["forwarded"], it["settled"]) for it in items}


async def test_a_petition_forwarded_twice_counts_once_and_a_merged_one_not_at_all(api, session, world):
    answered = {"state": PetitionState.ANSWERED, "answered_on": date(2024, 4, 1)}
    made = await several(session, world, 6, **answered)
    await of.a_forward(session, world, made[0])
    await of.a_petition(session, world, merged_into_id=made[0].id, state=PetitionState.CLOSED)
    front = str(world.body["partner"])
    assert await figures(api, "partner") == {front: (6, 6, 6)}
    assert await figures(api, "partner", to="2024-03-31") == {front: (6, 6, 0)}
    assert await figures(api, "partner", body_id=str(world.body["lead"])) == {}


async def test_figures_under_five_are_for_the_path(api, session, world):
    await several(session, world, 5)
    made = await several(session, world, 4, received_on=date(2023, 5, 1))
    front = str(world.body["partner"])
    for it in made:
        it.state, it.answered_on = PetitionState.ANSWERED, date(2024, 4, 1)
    await makers.keep(session, *made)
    assert await figures(api, "stranger") == {front: (5, 9, None)}
    assert await figures(api, "counterpart") == {front: (5, 9, 4)}
    assert await figures(api, "stranger", **{"from": "2023-01-01", "to": "2023-12-31"}) == {}


async def test_a_period_has_its_beginning_before_its_end(api):
    params = {"from": "2024-12-31", "to": "2024-01-01"}
    assert (await api.get(f"{PATH}/figures", as_="partner", params=params)).status_code == 422


async def test_open_petitions_suggest_what_to_supervise(api, session, world):
    await several(session, world, 2)
    await of.a_petition(session, world, topic="Môi trường")
    await of.a_petition(session, world, state=PetitionState.CLOSED)
    items = ok(await api.get(f"{PATH}/suggestions", as_="partner"))["items"]
    assert [(it["topic"], it["petitions"]) for it in items] == [("Đất đai", 2), ("Môi trường", 1)]
    assert items[0]["about_body"]["id"] == str(world.body["addressee_superior"])
    assert ok(await api.get(f"{PATH}/suggestions", as_="lead_officer"))["items"] == []


async def test_each_side_is_asked_for_its_step(api, session, world, forwarded):
    await of.a_petition(session, world, state=PetitionState.RECEIVED)
    for part, action in (("partner", "classify"), ("counterpart", "answer")):
        asked = ok(await api.get("/v1/me/tasks", as_=part, params={"limit": 200}))["items"]
        assert [it["action"] for it in asked if it["record"]["type"] == "petition"] == [action]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": "forwarded"}, 1),
        ({"state": "closed"}, 0),
        ({"topic": "Đất đai"}, 1),
        ({"holder_body_id": "@counterpart"}, 1),
        ({"received_from": "2024-03-02"}, 0),
        ({"q": "giay chung nhan"}, 1),
        ({"q": "Minh Chứng"}, 0),
    ],
)
async def test_filters(api, world, forwarded, asked, found):
    params = {name: str(world.body[it[1:]]) if it.startswith("@") else it for name, it in asked.items()}
    assert len(ok(await api.get(PATH, as_="counterpart", params=params))["items"]) == found


async def test_a_page_is_one_statement_and_as_its_model_says(api, session, world, queries):
    await several(session, world, 3)
    queries.reset()
    answer = await api.get(PATH, as_="partner")
    assert queries.count <= 2
    TypeAdapter(Listing[PetitionSeen]).validate_json(answer.content)
