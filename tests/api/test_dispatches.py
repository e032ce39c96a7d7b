"""Papers go out: built as messages, carried as files or by document systems, recalled, and received."""

import io
from datetime import date

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.adapters import edxml
from app.core.clock import utcnow
from app.domain.body import LineageKind
from app.domain.transfer import TransferRole, TransferState
from app.models.dispatch import DispatchCopy, DispatchRead
from tests.client import created, ok
from tests.makers import a_campaign, a_document, a_recommendation
from tests.makers_dispatches import PDF, a_dispatch, a_paper, an_account
from tests.makers_edxml import an_alias
from tests.makers_transfers import a_transfer, an_end

pytestmark = pytest.mark.thorough

PATH = "/v1/dispatches"
OURS, THEIRS = "000.00.05.A57", "000.00.31.A57"


@pytest.fixture
async def paper(session, world, app):
    return await a_paper(session, world, app.state.storage)


@pytest.fixture
async def aliases(session, world):
    await an_alias(session, world, OURS, "lead")
    await an_alias(session, world, THEIRS, "addressee")


async def send(api, world, paper, *, to=("addressee",), as_="lead_clerk", **fields):
    recipients = [str(world.body[it]) for it in to]
    return await api.post(PATH, {"document_id": str(paper.id), "recipients": recipients, **fields}, as_=as_)


class TestSending:
    async def test_a_paper_becomes_a_message_that_anybody_can_read(self, api, world, paper, aliases):
        sent = DispatchRead.model_validate(created(await send(api, world, paper)))
        assert (sent.channel, sent.exchange_id) == ("file", f"{OURS},2024/02/20,45-CV/BDVTU")
        assert [(it.organ_id, it.state) for it in sent.copies] == [(THEIRS, "pending")]
        carried = await api.get(f"{PATH}/{sent.id}/edxml", as_="lead_clerk")
        with edxml.read(io.BytesIO(carried.content), now=utcnow()) as reading:
            assert (reading.broken, reading.warnings) == (set(), set())
            message = reading.content
            assert isinstance(message, edxml.Message)
            assert (message.symbol, message.kind.name, message.files[0].content.read()) == (
                "45-CV/BDVTU", "Công văn", PDF,
            )  # fmt: skip

    async def test_without_an_organ_id_it_is_carried_by_hand(self, api, world, paper):
        sent = created(await send(api, world, paper))
        assert (sent["channel"], sent["message_id"]) == ("file", None)
        assert (await api.get(f"{PATH}/{sent['id']}/edxml", as_="lead_clerk")).json()["code"] == "organ_id_missing"
        relayed = await send(api, world, paper, channel="relay")
        assert (relayed.status_code, relayed.json()["code"]) == (409, "organ_id_missing")

    async def test_with_an_account_it_goes_to_the_axis(self, api, world, session, paper, aliases):
        assert (await send(api, world, paper, channel="axis")).json()["code"] == "no_axis_account"
        await an_account(session, world, "lead", OURS)
        assert created(await send(api, world, paper))["channel"] == "axis"

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"classification": "secret"}, "secret_not_sent"),
            ({"symbol": None, "number": None}, "paper_without_number"),
        ],
    )
    async def test_what_cannot_be_sent(self, api, world, session, app, fields, code):
        paper = await a_paper(session, world, app.state.storage, **fields)
        answer = await send(api, world, paper)
        assert (answer.status_code, answer.json()["code"]) == (409, code)

    async def test_a_paper_without_its_file_is_not_sent(self, api, world, session):
        bare = await a_document(session, world)
        assert (await send(api, world, bare)).json()["code"] == "paper_without_file"

    async def test_each_recipient_once(self, api, world, paper):
        answer = await send(api, world, paper, to=("addressee", "addressee"))
        assert answer.json()["errors"][0]["code"] == "recipient_twice"

    @pytest.mark.parametrize(("part", "status"), [("lead_officer", 201), ("partner", 404), ("administrator", 404)])
    async def test_who_sends_papers(self, api, world, paper, part, status):
        assert (await send(api, world, paper, as_=part)).status_code == status

    async def test_a_recommendation_goes_to_its_addressee_alone(self, api, world, session, paper):
        asked = await a_recommendation(session, world, await a_campaign(session, world))
        carried = {"recommendation_ids": [str(asked.id)]}
        wrong = {"document_id": str(paper.id), "recipients": [{"body_id": str(world.body["verifier"]), **carried}]}
        answer = await api.post(PATH, wrong, as_="lead_clerk")
        assert answer.json()["errors"][0]["code"] == "other_addressee"
        right = {"document_id": str(paper.id), "recipients": [{"body_id": str(world.body["addressee"]), **carried}]}
        sent = created(await api.post(PATH, right, as_="lead_clerk"))
        assert sent["copies"][0]["recommendation_ids"] == [str(asked.id)]
        assert (await api.get(f"/v1/documents/{paper.id}", as_="addressee")).status_code == 200

    async def test_it_costs_the_same_for_one_addressee_and_for_many(self, api, world, session, app, queries):
        campaign = await a_campaign(session, world)
        parts = ("addressee", "verifier", "supervised", "partner", "counterpart")
        asked = {
            part: [await a_recommendation(session, world, campaign, addressee_id=world.body[part]) for _ in range(3)]
            for part in parts
        }
        costs = []
        for number, count in enumerate((1, len(parts)), start=60):
            paper = await a_paper(session, world, app.state.storage, symbol=f"{number}-CV/BDVTU", number=number)
            to = [
                {"body_id": str(world.body[part]), "recommendation_ids": [str(it.id) for it in asked[part][:count]]}
                for part in parts[:count]
            ]
            queries.reset()
            created(await api.post(PATH, {"document_id": str(paper.id), "recipients": to}, as_="lead_clerk"))
            costs.append(queries.count)
        assert costs[0] == costs[1]

    async def test_a_hidden_recommendation_is_no_recommendation(self, api, world, session, paper):
        strange = await a_campaign(session, world, lead_body_id=world.body["stranger"])
        of_strangers = dict.fromkeys(("issuer_body_id", "verifier_body_id"), world.body["stranger"])
        theirs = await a_recommendation(session, world, strange, **of_strangers)
        to = {"body_id": str(world.body["addressee"]), "recommendation_ids": [str(theirs.id)]}
        answer = await api.post(PATH, {"document_id": str(paper.id), "recipients": [to]}, as_="lead_clerk")
        assert answer.status_code == 404


class TestArrival:
    async def test_the_first_news_of_a_receipt_takes_the_place_of_what_was_assumed(self, api, world, session, paper):
        assumed = {"received_on": date(2024, 5, 27), "received_assumed": True, "reply_from": date(2024, 5, 27)}
        asked = await a_recommendation(session, world, await a_campaign(session, world), **assumed)
        to = [{"body_id": str(world.body["addressee"]), "recommendation_ids": [str(asked.id)]}]
        sent = created(await api.post(PATH, {"document_id": str(paper.id), "recipients": to}, as_="lead_clerk"))
        for day in ("2024-05-22", "2024-05-24"):
            created(await api.post(f"{PATH}/{sent['id']}/receipts", {"received_on": day}, as_="lead_clerk"))
        now = ok(await api.get(f"/v1/recommendations/{asked.id}", as_="lead_officer"))
        assert (now["received_on"], now["received_assumed"]) == ("2024-05-22", False)

    async def test_a_receipt_starts_the_clocks_of_what_it_carries(self, api, world, session, paper):
        asked = await a_recommendation(session, world, await a_campaign(session, world), received_on=None)
        to = {"body_id": str(world.body["addressee"]), "recommendation_ids": [str(asked.id)]}
        sent = created(await api.post(PATH, {"document_id": str(paper.id), "recipients": [to]}, as_="lead_clerk"))
        said = {"received_on": "2024-05-06", "note": "Nhận tại văn phòng"}
        got = created(await api.post(f"{PATH}/{sent['id']}/receipts", said, as_="lead_clerk"))
        assert (got["copies"][0]["state"], got["copies"][0]["received_on"]) == ("arrived", "2024-05-06")
        now = ok(await api.get(f"/v1/recommendations/{asked.id}", as_="lead_officer"))
        assert now["received_on"] == "2024-05-06"

    async def test_of_several_copies_one_is_named(self, api, world, paper):
        sent = created(await send(api, world, paper, to=("addressee", "verifier")))
        path = f"{PATH}/{sent['id']}/receipts"
        unnamed = await api.post(path, {"received_on": "2024-05-06"}, as_="lead_clerk")
        assert unnamed.json()["errors"][0]["pointer"] == "/body_id"
        named = {"received_on": "2024-05-06", "body_id": str(world.body["verifier"])}
        got = created(await api.post(path, named, as_="lead_clerk"))
        assert [it["state"] for it in got["copies"]] == ["pending", "arrived"]

    async def test_not_tomorrow(self, api, world, paper):
        sent = created(await send(api, world, paper))
        answer = await api.post(f"{PATH}/{sent['id']}/receipts", {"received_on": "2999-01-01"}, as_="lead_clerk")
        assert answer.json()["errors"][0]["code"] == "in_the_future"

    async def test_a_document_system_confirms_what_it_relayed(self, api, world, paper, aliases):
        sent = created(await send(api, world, paper, channel="relay"))
        waiting = ok(await api.get(f"{PATH}?channel=relay&state=pending", as_="lead_clerk"))["items"]
        assert [it["id"] for it in waiting] == [sent["id"]]
        said = {"exchange_id": "H57.05,2024/02/20,45-CV/BDVTU"}
        told = ok(await api.post(f"{PATH}/{sent['id']}/confirmation", said, as_="lead_clerk"))
        assert (told["exchange_id"], told["copies"][0]["state"]) == (said["exchange_id"], "sent")

    async def test_a_recipient_sees_its_own_copy(self, api, world, session, paper):
        sent = await a_dispatch(session, world, paper, to="addressee")
        seen = ok(await api.get(f"{PATH}/{sent.id}", as_="addressee"))
        assert (seen["view"], len(seen["copies"])) == ("party", 1)
        assert (await api.get(f"{PATH}/{sent.id}", as_="verifier")).status_code == 404


async def test_an_heir_sees_what_went_out_with_its_recommendations(api, world, session, paper):
    heir, lead = world.body["partner_b"], world.body["lead"]
    campaign = await a_campaign(session, world, lead_body_id=heir)
    asked = await a_recommendation(session, world, campaign, issuer_body_id=heir)
    sent, other = [await a_dispatch(session, world, paper, to="addressee") for _ in range(2)]
    carrying = update(DispatchCopy).where(col(DispatchCopy.dispatch_id) == sent.id)
    await session.execute(carrying.values(recommendation_ids=[str(asked.id)]))
    assert (await api.get(f"{PATH}/{sent.id}", as_="partner_b")).status_code == 404
    event = await an_end(session, [], [heir], kind=LineageKind.MERGE)
    handed = {"from_": lead, "lead": heir, "to": [heir], "state": TransferState.CONFIRMED}
    await a_transfer(session, event, TransferRole.CAMPAIGN_LEAD, campaign.id, **handed)
    seen = ok(await api.get(f"{PATH}/{sent.id}", as_="partner_b"))
    assert (seen["view"], len(seen["copies"])) == ("full", 1)
    assert [it["id"] for it in ok(await api.get(PATH, as_="partner_b"))["items"]] == [str(sent.id)]
    assert (await api.get(f"{PATH}/{other.id}", as_="partner_b")).status_code == 404
    assert (await api.post(f"{PATH}/{sent.id}/recall", {"reason": "x"}, as_="partner_b", if_match=1)).status_code == 403


class TestRecalling:
    async def test_a_recall_is_asked_and_only_the_addressee_agrees(self, api, world, paper, aliases):
        sent = created(await send(api, world, paper))
        path = f"{PATH}/{sent['id']}"
        early = await api.post(f"{path}/recall", {"reason": "Nhầm"}, as_="lead_clerk", if_match=sent["version"])
        assert early.json()["code"] == "nothing_sent"
        got = created(await api.post(f"{path}/receipts", {"received_on": "2024-05-06"}, as_="lead_clerk"))
        said = {"reason": "Ban hành nhầm phụ lục"}
        recall = created(await api.post(f"{path}/recall", said, as_="lead_clerk", if_match=got["version"]))
        assert (recall["business_type"], recall["changes_dispatch_id"]) == (1, sent["id"])
        assert ok(await api.get(path, as_="lead_clerk"))["copies"][0]["state"] == "recall_asked"
        carried = await api.get(f"{PATH}/{recall['id']}/edxml", as_="lead_clerk")
        with edxml.read(io.BytesIO(carried.content), now=utcnow()) as reading:
            assert isinstance(reading.content, edxml.Message)
            assert (reading.content.business.type, reading.content.business.reason) == (1, said["reason"])

    async def test_another_paper_takes_its_place(self, api, world, session, app, paper, aliases):
        sent = await a_dispatch(session, world, paper, to="addressee")
        other = await a_paper(session, world, app.state.storage, symbol="47-CV/BDVTU", number=47)
        said = {"reason": "Thay thế phụ lục", "document_id": str(other.id)}
        made = created(await api.post(f"{PATH}/{sent.id}/replace", said, as_="lead_clerk", if_match=1))
        assert (made["business_type"], made["symbol"]) == (3, "47-CV/BDVTU")


async def test_a_status_that_is_pushed_moves_the_copy(api, world, session, paper, aliases):
    """The addressee's document system reports to the lead's, file by file."""
    sent = created(await send(api, world, paper, channel="relay"))
    ok(await api.post(f"{PATH}/{sent['id']}/confirmation", {}, as_="lead_clerk"))
    for code, minute, state in (("03", 30, "accepted"), ("01", 10, "accepted"), ("06", 59, "finished")):
        target = io.BytesIO()
        about = edxml.Reference(
            organ_id=OURS, code="45-CV/BDVTU", document_id=sent["exchange_id"], promulgated=date(2024, 2, 20)
        )
        at = utcnow().astimezone(edxml.VIET_NAM).replace(tzinfo=None, microsecond=0, hour=0, minute=minute, second=0)
        at = at.replace(day=1, month=1)
        edxml.build(
            edxml.Status(sender=edxml.Organ(organ_id=THEIRS, name="Huyện ủy"), about=about, code=code, at=at), target
        )
        headers = {"Content-Type": "application/xml"}
        pushed = await api.call(
            "POST", "/v1/edxml/inbound", as_="lead_clerk", content=target.getvalue(), headers=headers
        )
        assert pushed.status_code == 202, pushed.text
        now = ok(await api.get(f"{PATH}/{sent['id']}", as_="lead_clerk"))
        assert now["copies"][0]["state"] == state
    assert now["copies"][0]["received_on"] == date(at.year, 1, 1).isoformat()
