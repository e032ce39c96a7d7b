"""Roles of ended bodies: proposed by events, confirmed by the sides, and what the successors then see.

The case is Quảng Điền's (domain.md, section 10): the district's Party committee ends with its standing committee, its
work passes to four communes; the supervising board had been merged four months before.
"""

from datetime import date
from uuid import UUID

import pytest

from app.core import clock
from app.domain.engagement import EngagementState
from app.models.base import Listing
from app.models.recommendation import RecommendationRead
from app.models.transfer import TransferRead
from tests.client import created, ok
from tests.makers import a_campaign, a_delegation, a_document, a_recommendation, an_engagement
from tests.makers_transfers import a_body, somebody

pytestmark = pytest.mark.thorough

BOARD = "Ban Tuyên giáo và Dân vận Thành ủy Huế"
COMMUNES = ("xã Đan Điền", "xã Quảng Điền", "phường Phong Quảng", "xã Quảng Thành")
MERGED, ENDED = "2025-03-01", "2025-07-01"


async def found(session, name, since, kind="party_committee", **fields):
    return str((await a_body(session, name, date.fromisoformat(since), kind=kind, **fields)).id)


async def ended(api, kind, effective_on, predecessors, successors, **more):
    event = {"kind": kind, "effective_on": effective_on, "predecessor_ids": [str(it) for it in predecessors], **more}
    answer = await api.post("/v1/lineage-events", {**event, "successor_ids": successors}, as_="registrar")
    return created(answer)


async def transfers(api, as_, **query):
    listed = ok(await api.get("/v1/transfers", params=query, as_=as_))
    Listing[TransferRead].model_validate(listed)
    return listed["items"]


async def paper_of(session, world, body_id=None):
    """The paper by which a body decides, or the registry."""
    its = UUID(str(body_id or world.body["registry"]))
    return str((await a_document(session, world, owner_body_id=its, issuer_body_id=its)).id)


def confirmation(to, document, **more):
    return {"to_body_ids": to, "decided_by_document_id": document, "clock": "keep", **more}


@pytest.fixture
async def asked(session, world):
    """The campaign concluded, a recommendation to the standing committee, on the day before the first event."""
    campaign = await a_campaign(session, world, state="concluded")
    clock.set_today(date(2025, 2, 20))
    return await a_recommendation(
        session, world, campaign, addressee_id=world.body["supervised"], due_on=date(2025, 1, 31)
    )


@pytest.fixture
async def board(api, app, session, world):
    """The body into which the lead was merged, with a leader: the lead's role is proposed to it."""
    body_id = await found(session, BOARD, MERGED, kind="mass_mob", level="province")
    clock.set_today(date(2025, 3, 1))
    await somebody(session, world, app, "heir", UUID(body_id))
    await ended(api, "merge", MERGED, [world.body["lead"]], [body_id])
    return body_id


async def led_by(api, session, world, board):
    """The merger confirmed by both."""
    [it] = await transfers(api, "heir", subject_type="campaign_lead")
    path = f"/v1/transfers/{it['id']}"
    await api.move(path, "confirm", as_="heir", **confirmation([board], await paper_of(session, world, board)))
    return await api.move(path, "confirm", as_="registrar", **confirmation([board], await paper_of(session, world)))


async def communes(api, session, world):
    """The district's committee ends with its standing committee and office; four communes follow it."""
    clock.set_today(date(2025, 7, 1))
    ids = [await found(session, f"Đảng ủy {name}", ENDED) for name in COMMUNES]
    await ended(api, "divide", ENDED, [world.body["committee"]], ids)
    return ids


async def test_a_merger_proposes_the_lead_and_two_sides_confirm_it(api, session, world, asked, board):
    [it] = await transfers(api, "heir", state="proposed")
    assert (it["subject_type"], it["subject_id"]) == ("campaign_lead", str(asked.campaign_id))
    assert (it["from_body"]["short_name"], it["missing"]) == ("BDV Tỉnh ủy", ["successor", "registrar"])
    path, document = f"/v1/transfers/{it['id']}", await paper_of(session, world, board)
    assert (await api.get(f"/v1/campaigns/{asked.campaign_id}", as_="heir")).status_code == 404
    half = await api.move(path, "confirm", as_="heir", **confirmation([board], document))
    assert (half["state"], half["missing"], half["actions"]) == (
        "half_confirmed",
        ["registrar"],
        ["confirm", "redirect", "reject"],
    )
    assert half["confirmed_by"][0]["body"]["name"] == BOARD
    assert (await api.get(f"/v1/campaigns/{asked.campaign_id}", as_="heir")).status_code == 404
    whole = await api.move(path, "confirm", as_="registrar", **confirmation([board], await paper_of(session, world)))
    assert (whole["state"], whole["missing"], whole["to_body_ids"]) == ("confirmed", [], [board])
    campaign = ok(await api.get(f"/v1/campaigns/{asked.campaign_id}", as_="heir"))
    assert (campaign["view"], campaign["lead_body_id"]) == ("full", board)
    seen = ok(await api.get(f"/v1/recommendations/{asked.id}", as_="heir"))
    assert (seen["issuer_body_id"], seen["verifier_body_id"]) == (board, board)
    story = ok(await api.get(f"/v1/campaigns/{asked.campaign_id}/transitions", as_="heir"))["items"]
    assert story[0]["action"] == "transfer"


async def test_nobody_confirms_twice_nor_for_others(api, session, world, asked, board):
    [it] = await transfers(api, "heir")
    path, document = f"/v1/transfers/{it['id']}", await paper_of(session, world, board)
    assert (await api.get(path, as_="stranger")).status_code == 404
    await api.move(path, "confirm", as_="heir", **confirmation([board], document))
    again = await api.move(path, "confirm", as_="heir", expect=409, **confirmation([board], document))
    assert again["code"] == "already_confirmed"


async def test_the_sides_must_mean_the_same_successor(api, session, world, asked, board):
    [it] = await transfers(api, "registrar", subject_type="campaign_lead")
    path, other = f"/v1/transfers/{it['id']}", str(world.body["superior"])
    await api.move(path, "redirect", as_="registrar", to_body_ids=[board, other], reason="Hai nơi cùng nhận")
    document = await paper_of(session, world)
    await api.move(path, "confirm", as_="registrar", **confirmation([other], document))
    answer = await api.move(
        path, "confirm", as_="heir", expect=409, **confirmation([board], await paper_of(session, world, board))
    )
    assert answer["code"] == "targets_differ"
    back = await api.move(
        path, "redirect", as_="registrar", to_body_ids=[board], reason="Chỉ Ban Tuyên giáo và Dân vận"
    )
    assert (back["state"], back["confirmed_by"], back["candidate_ids"]) == ("proposed", [], [board])


async def test_quang_dien_is_divided_among_four_communes(api, session, world, asked, board):
    await led_by(api, session, world, board)
    heirs = await communes(api, session, world)
    orphans = ok(await api.get("/v1/recommendations", params={"orphaned": True}, as_="heir"))["items"]
    assert [it["id"] for it in orphans] == [str(asked.id)]
    [it] = await transfers(api, "heir", subject_type="addressee", state="proposed")
    assert (it["from_body_id"], it["candidate_ids"]) == (str(world.body["supervised"]), sorted(heirs))
    assert it["lead_body_id"] == board
    document = await paper_of(session, world, board)
    path = f"/v1/transfers/{it['id']}"
    await api.move(path, "confirm", as_="heir", **confirmation(heirs, document, clock="restart", due_on="2025-12-31"))
    parent = ok(await api.get(f"/v1/recommendations/{asked.id}", as_="heir"))
    RecommendationRead.model_validate(parent)
    assert (parent["state"], parent["because"]) == ("withdrawn", "divided")
    assert parent["addressee"]["name"] == "Ban Thường vụ Huyện ủy Quảng Điền"
    series = ok(
        await api.get("/v1/recommendations", params={"series_id": parent["series_id"], "state": "issued"}, as_="heir")
    )
    assert {it["addressee_id"] for it in series["items"]} == set(heirs)
    assert {it["due_on"] for it in series["items"]} == {"2025-12-31"}
    assert {it["divided_from_id"] for it in series["items"]} == {str(asked.id)}
    assert ok(await api.get("/v1/recommendations", params={"orphaned": True}, as_="heir"))["items"] == []


async def test_one_heir_sees_what_passed_to_it_with_its_past_and_nothing_else(api, app, session, world, asked, board):
    campaign = await a_campaign(session, world, state="concluded", lead_body_id=world.body["partner"])
    other = await a_recommendation(
        session, world, campaign, addressee_id=world.body["supervised"], issuer_body_id=world.body["partner"]
    )
    await led_by(api, session, world, board)
    dan_dien, *_ = await communes(api, session, world)
    await somebody(session, world, app, "commune", UUID(dan_dien))
    path = f"/v1/recommendations/{asked.id}"
    assert (await api.get(path, as_="commune")).status_code == 404
    [it] = await transfers(api, "heir", subject_type="addressee", from_body_id=str(world.body["supervised"]))
    assert len(await transfers(api, "commune", subject_type="addressee")) == 2
    document = await paper_of(session, world, board)
    await api.move(f"/v1/transfers/{it['id']}", "confirm", as_="heir", **confirmation([dan_dien], document))
    seen = ok(await api.get(path, as_="commune"))
    assert (seen["addressee"]["id"], seen["due_on"], seen["state"]) == (dan_dien, "2025-01-31", "issued")
    assert seen["overdue"] == "completion"
    assert seen["actions"] == ["reply", "object", "claim_done"]
    history = ok(await api.get(f"{path}/transitions", as_="heir"))["items"]
    assert history[0]["action"] == "transfer"
    assert (await api.get(f"/v1/recommendations/{other.id}", as_="commune")).status_code == 404
    assert ok(await api.get("/v1/recommendations", as_="commune"))["items"][0]["id"] == str(asked.id)
    assert [seen["id"] for seen in ok(await api.get("/v1/recommendations", as_="supervised"))["items"]] == [
        str(other.id),
        str(asked.id),
    ]


async def test_only_the_present_lead_decides_about_an_addressee(api, app, session, world, asked, board):
    dan_dien, *_ = await communes(api, session, world)
    await somebody(session, world, app, "commune", UUID(dan_dien))
    [it] = await transfers(api, "registrar", subject_type="addressee")
    path, document = f"/v1/transfers/{it['id']}", await paper_of(session, world)
    for part in ("commune", "registrar"):
        await api.move(path, "confirm", as_=part, expect=403, **confirmation([dan_dien], document))
    assert (await api.get(path, as_="heir")).status_code == 404
    await led_by(api, session, world, board)
    assert (await api.get(path, as_="heir")).json()["actions"] == ["confirm", "redirect", "reject"]
    unknown = await api.move(path, "confirm", as_="heir", expect=422, **confirmation([board], document))
    assert unknown["errors"][0]["code"] == "not_a_candidate"


async def test_an_ended_body_reads_for_ninety_days_and_changes_nothing(api, session, world, asked, board):
    path, reminder = f"/v1/recommendations/{asked.id}", {"note": "Đôn đốc"}
    assert (await api.get(path, as_="lead_officer")).status_code == 200
    refused = await api.post(f"{path}/reminders", reminder, as_="lead_officer")
    assert (refused.status_code, refused.json()["code"]) == (403, "body_ended")
    moved = await api.post(f"{path}/transitions", {"action": "withdraw", "reason": "Rút"}, as_="lead_leader")
    assert (moved.status_code, moved.json()["code"]) == (403, "body_ended")
    assert ok(await api.get(path, as_="lead_leader"))["actions"] == []
    await led_by(api, session, world, board)
    assert (await api.get(path, as_="lead_officer")).status_code == 200
    clock.set_today(date(2025, 5, 30))
    assert (await api.get(path, as_="lead_officer")).status_code == 200
    clock.set_today(date(2025, 5, 31))
    assert (await api.get(path, as_="lead_officer")).status_code == 401


async def test_ninety_days_count_from_the_recording_when_that_came_later(api, world):
    clock.set_today(date(2025, 6, 1))
    await ended(api, "dissolve", MERGED, [world.body["lead"]], [])
    clock.set_today(date(2025, 8, 30))
    assert (await api.get("/v1/recommendations", as_="lead_officer")).status_code == 200
    clock.set_today(date(2025, 8, 31))
    assert (await api.get("/v1/recommendations", as_="lead_officer")).status_code == 401


async def test_a_chain_reaches_the_last_heir_confirmed_or_not(api, app, session, world, asked, board):
    """A → B → C: what was not yet confirmed to B is offered to C."""
    third = await found(session, "Ban Tuyên giáo, Dân vận và Truyền thông", "2025-06-01", kind="mass_mob")
    clock.set_today(date(2025, 6, 1))
    await ended(api, "merge", "2025-06-01", [board], [third])
    [it] = await transfers(api, "registrar", subject_type="campaign_lead")
    assert it["candidate_ids"] == [third]
    await somebody(session, world, app, "third", UUID(third))
    path = f"/v1/transfers/{it['id']}"
    await api.move(path, "confirm", as_="third", **confirmation([third], await paper_of(session, world, third)))
    await api.move(path, "confirm", as_="registrar", **confirmation([third], await paper_of(session, world)))
    assert ok(await api.get(f"/v1/recommendations/{asked.id}", as_="third"))["issuer_body_id"] == third


async def test_a_confirmed_heir_that_ends_passes_the_role_on(api, session, world, asked, board):
    await led_by(api, session, world, board)
    third = await found(session, "Ban Tuyên giáo, Dân vận và Truyền thông", "2025-06-01", kind="mass_mob")
    clock.set_today(date(2025, 6, 1))
    await ended(api, "merge", "2025-06-01", [board], [third])
    [it] = await transfers(api, "registrar", subject_type="campaign_lead", state="proposed")
    assert (it["from_body_id"], it["candidate_ids"]) == (board, [third])


@pytest.mark.parametrize("kind", ["rename", "retype"])
async def test_a_body_that_stays_itself_transfers_nothing(api, world, asked, kind):
    await ended(api, kind, MERGED, [world.body["lead"]], [str(world.body["lead"])])
    assert await transfers(api, "registrar") == []


async def test_partner_supervised_and_verifier_pass_too(api, session, world, asked, board):
    await led_by(api, session, world, board)
    campaign = await a_campaign(session, world, state="underway", lead_body_id=UUID(board))
    delegation = await a_delegation(session, world, campaign, seated=False)
    known = await an_engagement(session, world, delegation)
    hidden = await an_engagement(session, world, delegation, state=EngagementState.PREPARING, notified_on=None)
    verified = await a_recommendation(
        session, world, campaign, issuer_body_id=UUID(board), verifier_body_id=world.body["verifier"]
    )
    clock.set_today(date(2025, 7, 1))
    heir = await found(session, "Ủy ban kiểm tra Thành ủy Huế", ENDED, kind="inspection_commission")
    front = await found(session, "Ủy ban MTTQ Việt Nam thành phố Huế", ENDED, kind="front_committee")
    [dan_dien, *_] = await communes(api, session, world)
    await ended(api, "merge", ENDED, [world.body["verifier"]], [heir])
    await ended(api, "merge", ENDED, [world.body["partner"]], [front])
    document = await paper_of(session, world, board)
    offers = {it["subject_id"]: it for it in await transfers(api, "heir", state="proposed")}
    assert str(hidden.id) in offers
    assert str(hidden.id) not in {it["subject_id"] for it in await transfers(api, "supervised")}
    for subject_id, target in ((known.id, dan_dien), (verified.id, heir), (campaign.id, front)):
        path = f"/v1/transfers/{offers[str(subject_id)]['id']}"
        await api.move(path, "confirm", as_="heir", **confirmation([target], document))
    assert ok(await api.get(f"/v1/engagements/{known.id}", as_="heir"))["supervised_body_id"] == dan_dien
    assert ok(await api.get(f"/v1/recommendations/{verified.id}", as_="heir"))["verifier_body_id"] == heir
    partners = ok(await api.get(f"/v1/campaigns/{campaign.id}", as_="heir"))["partner_bodies"]
    assert front in {it["id"] for it in partners}


async def test_a_rejected_transfer_leaves_an_orphan_that_a_redirection_saves(api, session, world, asked, board):
    await led_by(api, session, world, board)
    dan_dien, quang_dien, *_ = await communes(api, session, world)
    [it] = await transfers(api, "heir", subject_type="addressee")
    path = f"/v1/transfers/{it['id']}"
    rejected = await api.move(path, "reject", as_="heir", reason="Chưa rõ nơi nhận")
    assert (rejected["state"], rejected["missing"]) == ("rejected", [])
    assert len(ok(await api.get("/v1/recommendations", params={"orphaned": True}, as_="heir"))["items"]) == 1
    await api.move(path, "redirect", as_="heir", to_body_ids=[quang_dien], reason="Đã rõ")
    document = await paper_of(session, world, board)
    await api.move(path, "confirm", as_="heir", expect=422, **confirmation([dan_dien], document))
    await api.move(path, "confirm", as_="heir", **confirmation([quang_dien], document))
    assert ok(await api.get("/v1/recommendations", params={"orphaned": True}, as_="heir"))["items"] == []


async def test_each_side_is_asked_until_it_has_spoken(api, session, world, asked, board):
    async def tasks(part):
        return [it["record"]["type"] for it in ok(await api.get("/v1/me/tasks", as_=part))["items"]]

    assert "transfer" in await tasks("heir")
    assert "transfer" not in await tasks("lead_leader")
    [it] = await transfers(api, "heir")
    document = await paper_of(session, world, board)
    await api.move(f"/v1/transfers/{it['id']}", "confirm", as_="heir", **confirmation([board], document))
    assert "transfer" not in await tasks("heir")


@pytest.mark.parametrize(
    ("change", "code"),
    [({"due_on": "2025-12-31"}, "due_on_kept"), ({"to_body_ids": []}, "too_short"), ({"clock": "stop"}, "enum")],
)
async def test_a_bad_confirmation_is_named(api, world, asked, board, change, code):
    [it] = await transfers(api, "heir")
    body = {"action": "confirm", **confirmation([board], str(asked.id)), **change}
    answer = await api.post(f"/v1/transfers/{it['id']}/transitions", body, as_="heir", if_match=1)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


async def test_a_list_takes_one_statement_however_long(api, world, asked, board, queries):
    await transfers(api, "heir")
    queries.reset()
    await transfers(api, "heir", state="proposed", limit=200)
    assert queries.count <= 3
