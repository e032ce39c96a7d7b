"""Papers that came in: registered by the clerk, a reply only once an officer has read them."""

from datetime import date

import pytest

from app.core.clock import set_today
from app.domain.recommendation import RecommendationState
from app.models.incoming_reply import IncomingReplyRead
from tests.client import created, ok
from tests.makers import a_campaign, a_document, a_recommendation, keep
from tests.makers_follow_up import an_incoming_reply

PATH = "/v1/recommendations"


@pytest.fixture(autouse=True)
def june() -> None:
    set_today(date(2024, 6, 18))


@pytest.fixture
async def parent(world, session):
    campaign = await a_campaign(session, world)
    return await a_recommendation(session, world, campaign, addressee_id=world.body["paper_addressee"])


async def test_a_clerk_registers_it_and_nothing_moves(api, world, session, parent):
    paper = await a_document(session, world)
    path = f"{PATH}/{parent.id}"
    sent = {"document_id": str(paper.id), "received_on": "2024-06-12"}
    made = created(await api.post(f"{path}/incoming-replies", sent, as_="lead_clerk"))
    IncomingReplyRead.model_validate(made)
    assert made["state"] == "received"
    assert ok(await api.get(path, as_="lead_officer"))["state"] == "issued"
    assert (await api.get(f"/v1/documents/{paper.id}", as_="partner")).status_code == 200, "carried to the partners"
    tasks = ok(await api.get("/v1/me/tasks", as_="lead_officer"))["items"]
    assert ("classify_reply", str(parent.id)) in {(it["action"], it["record"]["id"]) for it in tasks}


async def test_an_officer_classifies_it_and_that_is_the_reply_of_its_day(api, world, session, parent):
    it = await an_incoming_reply(session, world, parent)
    path = f"{PATH}/{parent.id}"
    made = await api.move(f"{path}/incoming-replies/{it.id}", "classify", as_="lead_officer", kind="accepted")
    assert (made["state"], made["kind"], made["decided_on"]) == ("classified", "accepted", "2024-06-18")
    seen = ok(await api.get(path, as_="lead_officer"))
    assert (seen["state"], seen["reply_status"], seen["first_replied_on"]) == ("replied", "accepted", "2024-06-12")
    line = ok(await api.get(f"{path}/transitions", as_="lead_officer"))["items"][0]
    assert (line["action"], line["on"], line["for_body_id"]) == (
        "reply",
        "2024-06-12",
        str(world.body["paper_addressee"]),
    )
    assert line["on_behalf"] == {"document_id": str(it.document_id), "received_on": "2024-06-12"}


async def test_the_reply_follows_what_was_done_while_the_paper_lay_there(api, world, session, parent):
    it = await an_incoming_reply(session, world, parent)
    path = f"{PATH}/{parent.id}"
    await api.move(path, "escalate", as_="lead_officer", on="2024-06-15", reason="Quá hạn")
    await api.move(f"{path}/incoming-replies/{it.id}", "classify", as_="lead_officer", kind="accepted")
    assert ok(await api.get(path, as_="lead_officer"))["first_replied_on"] == "2024-06-15"


async def test_an_explanation_is_needed_unless_it_accepts(api, world, session, parent):
    it = await an_incoming_reply(session, world, parent)
    mine = f"{PATH}/{parent.id}/incoming-replies/{it.id}"
    silent = await api.move(mine, "classify", as_="lead_officer", expect=409, kind="explained")
    assert silent["unmet"][0]["code"] == "has_explanation"
    assert ok(await api.get(mine, as_="lead_officer"))["state"] == "received", "both or neither"
    await api.move(mine, "classify", as_="lead_officer", kind="explained", explanation="Chưa có kinh phí")


async def test_what_is_no_reply_moves_nothing(api, world, session, parent):
    it = await an_incoming_reply(session, world, parent)
    mine = f"{PATH}/{parent.id}/incoming-replies/{it.id}"
    made = await api.move(mine, "not_a_reply", as_="lead_officer", reason="Là giấy mời họp")
    assert (made["state"], made["decision_reason"]) == ("not_a_reply", "Là giấy mời họp")
    assert ok(await api.get(f"{PATH}/{parent.id}", as_="lead_officer"))["state"] == "issued"


async def test_of_a_closed_recommendation_it_is_kept_and_a_person_decides(api, world, session, parent):
    parent.state = RecommendationState.UNRESOLVED
    await keep(session, parent)
    paper = await a_document(session, world)
    sent = {"document_id": str(paper.id), "received_on": "2024-06-12"}
    made = created(await api.post(f"{PATH}/{parent.id}/incoming-replies", sent, as_="lead_clerk"))
    mine = f"{PATH}/{parent.id}/incoming-replies/{made['id']}"
    refused = await api.move(mine, "classify", as_="lead_officer", expect=409, kind="accepted")
    assert (refused["code"], refused["allowed"]) == ("move_not_allowed", ["reopen"])
    assert ok(await api.get(mine, as_="lead_officer"))["state"] == "received"


@pytest.mark.parametrize(
    ("part", "status"), [("addressee_superior", 404), ("partner", 403), ("auditor", 404), ("stranger", 404)]
)
async def test_only_the_leads_people_register(api, world, session, parent, part, status):
    paper = await a_document(session, world, owner="stranger")
    sent = {"document_id": str(paper.id), "received_on": "2024-06-12"}
    assert (await api.post(f"{PATH}/{parent.id}/incoming-replies", sent, as_=part)).status_code == status


async def test_a_clerk_does_not_classify(api, world, session, parent):
    it = await an_incoming_reply(session, world, parent)
    mine = f"{PATH}/{parent.id}/incoming-replies/{it.id}"
    assert (await api.move(mine, "classify", as_="lead_clerk", expect=403, kind="accepted"))["code"] == "forbidden"


async def test_a_paper_of_somebody_else_or_of_tomorrow_is_refused(api, world, session, parent):
    foreign, own = await a_document(session, world, owner="stranger"), await a_document(session, world)
    path = f"{PATH}/{parent.id}/incoming-replies"
    hidden = await api.post(path, {"document_id": str(foreign.id), "received_on": "2024-06-12"}, as_="lead_clerk")
    assert hidden.status_code == 404
    early = await api.post(path, {"document_id": str(own.id), "received_on": "2024-06-19"}, as_="lead_clerk")
    assert (early.status_code, early.json()["errors"][0]["code"]) == (422, "in_the_future")
