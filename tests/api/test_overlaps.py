"""Who supervises the same party at the same time: across bodies and regimes, without telling what is not theirs."""

from datetime import date

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from app.models.body import Body, BodyName, LineageEnd, LineageEvent, LineageLink
from app.models.campaign import CampaignPartner, CampaignSupervised, SubjectDocument
from tests.client import created, ok
from tests.makers import a_campaign, a_document, keep
from tests.makers_plans import a_plan, a_plan_in_force, an_item

pytestmark = pytest.mark.thorough

YEAR = {"from": "2024-01-01", "to": "2024-12-31"}


async def on(session, world, part, campaign):
    await keep(session, CampaignSupervised(campaign_id=campaign.id, body_id=world.body[part]))
    return campaign


@pytest.fixture
async def theirs(session, world):
    """MTTQ Nghệ An supervises UBND tỉnh in the same weeks, by itself."""
    title = "Giám sát việc cấp giấy chứng nhận quyền sử dụng đất"
    made = await a_campaign(session, world, lead_body_id=world.body["stranger"], regime="front", title=title)
    alone = delete(CampaignPartner).where(col(CampaignPartner.campaign_id) == made.id)
    await session.execute(alone)
    return await on(session, world, "counterpart", made)


@pytest.fixture
async def item(session, world, theirs):
    """MTTQ tỉnh plans the same, in a draft."""
    return await an_item(session, world, await a_plan(session, world))


async def report(api, item, part="partner"):
    return ok(await api.get(f"/v1/plan-items/{item.id}/overlaps", as_=part))


async def test_both_sides_learn_of_each_other_and_nothing_more(api, world, theirs, item):
    (ours,) = (await report(api, item))["items"]
    assert (ours["view"], ours["quarters"]) == ("hidden", ["2024Q1", "2024Q2"])
    assert ours["contact"]["body_id"] == str(world.body["stranger"])
    assert not {"score", "campaign", "reasons"} & ours.keys()
    (back,) = ok(await api.get(f"/v1/campaigns/{theirs.id}/overlaps", as_="stranger"))["items"]
    assert (back["view"], back["id"]) == ("hidden", ours["id"])
    assert back["contact"]["body_id"] == str(world.body["partner"])
    assert "quyền" not in str(back)


async def test_a_plan_in_force_is_known_and_weighed(api, world, session, theirs):
    await a_plan_in_force(session, world)
    (found,) = ok(await api.get(f"/v1/campaigns/{theirs.id}/overlaps", as_="stranger"))["items"]
    assert (found["view"], found["suggestion"]) == ("full", "join")
    assert found["reasons"] == ["same_body", "window", "topic"]
    assert found["plan_item"]["window"] == {"starts_on": "2024-04-01", "ends_on": "2024-06-30"}


async def test_what_is_cancelled_overlaps_nothing(api, session, theirs, item):
    theirs.state = "cancelled"
    await keep(session, theirs)
    assert (await report(api, item))["items"] == []


async def test_a_campaign_stands_for_the_item_that_it_carries_out(api, world, session, theirs):
    _, item = await a_plan_in_force(session, world)
    carrying = await a_campaign(session, world, lead_body_id=world.body["partner"], plan_item_id=item.id)
    await on(session, world, "counterpart", carrying)
    found = ok(await api.get(f"/v1/campaigns/{theirs.id}/overlaps", as_="stranger"))["items"]
    assert len(found) == 1
    own = ok(await api.get(f"/v1/campaigns/{carrying.id}/overlaps", as_="partner"))["items"]
    assert [it["contact"]["body_id"] for it in own] == [str(world.body["stranger"])]


@pytest.mark.parametrize(("part", "status"), [("partner", 200), ("counterpart", 403), ("lead_clerk", 403)])
async def test_only_those_who_may_lead_ask(api, world, theirs, part, status):
    asked = {"supervised_body_id": str(world.body["committee"]), **YEAR}
    assert (await api.get("/v1/overlaps", params=asked, as_=part)).status_code == status


async def test_the_supervised_learn_nothing_about_themselves(api, world, session):
    await on(session, world, "supervised", await a_campaign(session, world, lead_body_id=world.body["stranger"]))
    asked = {"supervised_body_id": str(world.body["supervised"]), **YEAR}
    assert ok(await api.get("/v1/overlaps", params=asked, as_="supervised")) == {"items": [], "load": []}
    assert len(ok(await api.get("/v1/overlaps", params=asked, as_="partner"))["items"]) == 1


async def test_ad_hoc_supervision_is_told_to_the_superior_alone(api, world, session):
    hidden = await a_campaign(session, world, hidden_from_overlap=True)
    await on(session, world, "counterpart", hidden)
    asked = {"supervised_body_id": str(world.body["counterpart"]), **YEAR}
    seen = {
        part: len(ok(await api.get("/v1/overlaps", params=asked, as_=part))["items"])
        for part in ("lead_officer", "superior", "stranger")
    }
    assert seen == {"lead_officer": 1, "superior": 1, "stranger": 0}
    change = {"hidden_from_overlap": False}
    assert (await api.patch(f"/v1/campaigns/{hidden.id}", change, as_="stranger", if_match=1)).status_code == 404


async def test_only_a_leader_hides_ad_hoc_supervision(api, world):
    proposal = {
        "kind": "supervision",
        "regime": "party",
        "form": "delegation",
        "title": "Giám sát đột xuất",
        "hidden_from_overlap": True,
    }
    assert (await api.post("/v1/campaigns", proposal, as_="lead_officer")).status_code == 403
    assert created(await api.post("/v1/campaigns", proposal, as_="lead_leader"))["hidden_from_overlap"] is True


async def heir_of(session, world, part, *, kind="merge"):
    heir = Body(kind="pc_committee", level="province", valid_from=date(2024, 2, 1))
    event = LineageEvent(kind=kind, effective_on=date(2024, 2, 1))
    await keep(session, heir, event)
    named = BodyName(body_id=heir.id, name="Ủy ban nhân dân thành phố", short_name="UBND", valid_from=date(2024, 2, 1))
    links = [(world.body[part], False), (heir.id, True)]
    await keep(session, named, *(LineageLink(event_id=event.id, body_id=it, successor=after) for it, after in links))
    return heir


async def test_predecessors_and_successors_are_one_party_and_siblings_are_not(api, world, session, theirs):
    heir, sibling = await heir_of(session, world, "counterpart"), await heir_of(session, world, "counterpart")
    found = {}
    for name, body in (("heir", heir), ("sibling", sibling)):
        made = await a_campaign(session, world, lead_body_id=world.body["stranger"], title=f"Giám sát {name}")
        await keep(session, CampaignSupervised(campaign_id=made.id, body_id=body.id))
        asked = {"supervised_body_id": str(body.id), **YEAR}
        found[name] = ok(await api.get("/v1/overlaps", params=asked, as_="stranger"))["items"]
    assert {tuple(it["reasons"]) for it in found["heir"]} == {("same_body", "window"), ("predecessor", "window")}
    assert len(found["sibling"]) == 2


async def test_an_organ_that_ended_with_its_parent_came_to_what_its_parent_came_to(api, world, session):
    """Ban Thường vụ Huyện ủy: no event names it, the one that dissolved the district ended it."""
    heir, sibling = await heir_of(session, world, "counterpart"), await heir_of(session, world, "counterpart")
    (event_id,) = await session.scalars(select(LineageLink.event_id).where(LineageLink.body_id == heir.id))
    await keep(session, LineageEnd(body_id=world.body["addressee"], event_id=event_id))
    await on(session, world, "addressee", await a_campaign(session, world))
    found = {}
    for body in (heir, sibling):
        asked = {"supervised_body_id": str(body.id), **YEAR}
        found[body.id] = ok(await api.get("/v1/overlaps", params=asked, as_="lead_officer"))["items"]
    assert [it["reasons"][0] for it in found[heir.id]] == ["predecessor"]
    assert found[sibling.id] == []


async def test_subordinates_count_where_they_are_asked_for(api, world, session):
    await on(session, world, "addressee", await a_campaign(session, world))
    asked = {"supervised_body_id": str(world.body["addressee_superior"]), **YEAR}
    assert ok(await api.get("/v1/overlaps", params=asked, as_="lead_officer"))["items"] == []
    asked["include_subordinates"] = True
    (found,) = ok(await api.get("/v1/overlaps", params=asked, as_="lead_officer"))["items"]
    assert found["reasons"][0] == "subordinate"


async def test_the_conference_sees_the_whole_year_in_one_answer(api, world, session, theirs, item, queries):
    alone = await an_item(session, world, await a_plan(session, world, year=2025), supervised="addressee")
    for year, expected in ((2024, [(str(item.id), 1)]), (2025, [])):
        asked = ok(await api.get("/v1/overlaps/conference", params={"year": year}, as_="partner"))
        works = [(it["work"]["id"], len(it["overlaps"])) for it in asked["items"] if it["overlaps"]]
        assert works == expected
    await an_item(session, world, await session.get(type(await a_plan(session, world, year=2026)), item.plan_id))
    queries.reset()
    asked = ok(await api.get("/v1/overlaps/conference", params={"year": 2024}, as_="partner"))
    cost = queries.count
    assert len([it for it in asked["items"] if it["overlaps"]]) == 2
    assert {it["quarter"] for it in asked["load"]} >= {"2024Q2"}
    assert cost <= 11
    assert alone.id not in {it["work"]["id"] for it in asked["items"]}


async def test_the_conference_weighs_subject_documents_too(api, world, session):
    for _ in range(2):
        it = await a_campaign(session, world, lead_body_id=world.body["partner"])
        await on(session, world, "counterpart", it)
        await keep(session, SubjectDocument(campaign_id=it.id, symbol="62-KL/TW", normalised="62-KL/TW"))
    asked = ok(await api.get("/v1/overlaps/conference", params={"year": 2024}, as_="partner"))
    assert ["subject_document" in found["reasons"] for it in asked["items"] for found in it["overlaps"]] == [True, True]


async def test_joining_asks_the_other_lead_to_take_part(api, world, session, theirs, item):
    (found,) = (await report(api, item))["items"]
    path = f"/v1/plan-items/{item.id}/overlaps/{found['id']}/resolutions"
    assert (await api.post(path, {"kind": "join"}, as_="stranger")).status_code == 404
    done = created(await api.post(path, {"kind": "join", "role": "co_lead"}, as_="partner"))
    assert (done["kind"], done["body"]["short_name"]) == ("join", "MTTQ tỉnh")
    shown = ok(await api.get(f"/v1/plan-items/{item.id}", as_="partner"))
    assert shown["partner_body_ids"] == [str(world.body["stranger"])]
    assert (await api.post(path, {"kind": "join"}, as_="partner")).json()["code"] == "already_participant"
    (back,) = ok(await api.get(f"/v1/campaigns/{theirs.id}/overlaps", as_="stranger"))["items"]
    assert [it["kind"] for it in back["resolutions"]] == ["join"]


async def test_shifting_moves_ones_own_time_and_ends_the_overlap(api, theirs, item):
    (found,) = (await report(api, item))["items"]
    path = f"/v1/plan-items/{item.id}/overlaps/{found['id']}/resolutions"
    shift = {"kind": "shift", "window": {"starts_on": "2024-09-01", "ends_on": "2024-11-30"}}
    created(await api.post(path, shift, as_="partner"))
    assert (await report(api, item))["items"] == []
    assert (await api.post(path, shift, as_="partner")).status_code == 404


async def test_a_justification_is_read_by_its_own_side(api, world, session, theirs, item):
    path = f"/v1/campaigns/{theirs.id}"
    (found,) = ok(await api.get(f"{path}/overlaps", as_="stranger"))["items"]
    paper = await a_document(session, world, owner="stranger")
    why = {"kind": "justify", "justification": "Khác địa bàn", "document_id": str(paper.id)}
    created(await api.post(f"{path}/overlaps/{found['id']}/resolutions", why, as_="stranger"))
    (own,) = ok(await api.get(f"{path}/overlaps", as_="stranger"))["items"]
    assert own["resolutions"][0]["justification"] == "Khác địa bàn"
    (other,) = (await report(api, item))["items"]
    assert [it["kind"] for it in other["resolutions"]] == ["justify"]
    assert "Khác địa bàn" not in str(other)
