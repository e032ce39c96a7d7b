"""A year's plan: drafted, agreed, issued for everybody to read, revised while the edition in force stays."""

from datetime import date

import pytest

from app.core import clock
from tests.client import created, ok
from tests.makers import a_campaign, a_document
from tests.makers_plans import a_plan, a_plan_in_force, an_item, asked
from tests.queries import Queries

pytestmark = pytest.mark.thorough

PLANS, ITEMS = "/v1/plans", "/v1/plan-items"
FRONT = "partner"


def item_of(plan_id, **fields):
    return {
        "plan_id": str(plan_id),
        "content": "Giám sát việc cấp giấy chứng nhận quyền sử dụng đất",
        "form": "delegation",
        "time": {"from": "2024-04-01", "to": "2024-06-30"},
        "subject": "Ban Thường trực Ủy ban MTTQ tỉnh",
        "object": "Ủy ban nhân dân các huyện",
        **fields,
    }


@pytest.fixture
async def plan(api):
    clock.set_today(date(2023, 11, 20))
    return created(await api.post(PLANS, {"year": 2024}, as_=FRONT))


@pytest.fixture
async def consulting(api, world, plan):
    created(await api.post(ITEMS, item_of(plan["id"]), as_=FRONT))
    ids = [str(world.body["counterpart"])]
    await api.move(f"{PLANS}/{plan['id']}", "consult", as_=FRONT, counterpart_body_ids=ids, due_on="2023-12-10")
    return f"{PLANS}/{plan['id']}"


async def paper(session, world, owner):
    return str((await a_document(session, world, owner=owner)).id)


async def test_a_body_has_one_plan_a_year(api, world, plan):
    assert (plan["state"], plan["edition"], plan["view"]) == ("draft", 1, "full")
    assert plan["actions"] == ["consult"]
    assert plan["body"]["short_name"] == "MTTQ tỉnh"
    again = await api.post(PLANS, {"year": 2024}, as_=FRONT)
    assert (again.status_code, again.json()["code"]) == (409, "plan_exists")
    foreign = await api.post(PLANS, {"year": 2024, "body_id": str(world.body["partner"])}, as_="lead_officer")
    assert foreign.status_code == 403


async def test_it_is_due_in_the_fourth_quarter_before(api, plan):
    (due,) = ok(await api.get(f"{PLANS}/{plan['id']}/deadlines", as_=FRONT))["items"]
    assert (due["rule_code"], due["raw_due_on"], due["state"]) == ("D01", "2023-12-31", "upcoming")
    tasks = ok(await api.get("/v1/me/tasks", as_=FRONT))["items"]
    assert [(it["action"], it["rule"]) for it in tasks if it["record"]["type"] == "plan"] == [("consult", "D01")]


async def test_a_party_body_plans_by_its_own_rules(api, plan):
    made = created(await api.post(PLANS, {"year": 2024}, as_="lead_officer"))
    assert ok(await api.get(f"{PLANS}/{made['id']}/deadlines", as_="lead_officer"))["items"] == []
    item = created(await api.post(ITEMS, item_of(made["id"]), as_="lead_officer"))
    assert item["regime"] == "party"


@pytest.mark.parametrize("part", ["counterpart", "stranger", "superior", "partner_b", "supervised"])
async def test_a_draft_is_known_only_to_its_body(api, plan, part):
    assert (await api.get(f"{PLANS}/{plan['id']}", as_=part)).status_code == 404


async def test_an_item_says_what_form_when_who_and_whom(api, world, plan):
    supervised = [str(world.body["counterpart"])]
    item = created(await api.post(ITEMS, item_of(plan["id"], supervised_body_ids=supervised), as_=FRONT))
    assert (item["kind"], item["regime"], item["in_force"]) == ("supervision", "front", False)
    assert item["time"] == {"from": "2024-04-01", "to": "2024-06-30"}
    assert item["supervised_bodies"][0]["short_name"] == "UBND tỉnh"
    change = {"form": "written", "supervised_body_ids": []}
    changed = ok(await api.patch(f"{ITEMS}/{item['id']}", change, as_=FRONT, if_match=1))
    assert (changed["kind"], changed["supervised_bodies"]) == ("social_criticism", [])
    assert (await api.delete(f"{ITEMS}/{item['id']}", as_=FRONT, if_match=1)).status_code == 412
    assert (await api.delete(f"{ITEMS}/{item['id']}", as_=FRONT, if_match=2)).status_code == 204
    assert (await api.get(f"{ITEMS}/{item['id']}", as_=FRONT)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"time": {"from": "2025-01-01", "to": "2025-03-31"}}, "/time", "outside_year"),
        ({"form": "inspection"}, "/form", "enum"),
        ({"ground": "lawmaking_programme"}, "/ground", "contradiction"),
    ],
)
async def test_bad_items_name_the_field(api, plan, fields, pointer, code):
    answer = await api.post(ITEMS, item_of(plan["id"], **fields), as_=FRONT)
    assert answer.status_code == 422
    assert {(it["pointer"], it["code"]) for it in answer.json()["errors"]} == {(pointer, code)}


async def test_the_front_plans_no_supervision_of_a_party_body(api, world, plan):
    fields = {"supervised_body_ids": [str(world.body["supervised"])]}
    answer = await api.post(ITEMS, item_of(plan["id"], **fields), as_=FRONT)
    assert (answer.status_code, answer.json()["code"]) == (422, "regime_mismatch")


async def test_consultation_needs_complete_items(api, world, plan):
    path = f"{PLANS}/{plan['id']}"
    ask = {"counterpart_body_ids": [str(world.body["counterpart"])], "due_on": "2023-12-10"}
    empty = await api.move(path, "consult", as_=FRONT, expect=409, **ask)
    assert [it["code"] for it in empty["unmet"]] == ["plan_has_items"]
    created(await api.post(ITEMS, item_of(plan["id"], time=None), as_=FRONT))
    vague = await api.move(path, "consult", as_=FRONT, expect=409, **ask)
    assert [it["code"] for it in vague["unmet"]] == ["plan_items_complete"]


async def test_what_counterparts_are_asked_about_does_not_change(api, plan, consulting):
    late = await api.post(ITEMS, item_of(plan["id"]), as_=FRONT)
    assert (late.status_code, late.json()["code"]) == (409, "not_editable")
    seen = ok(await api.get(consulting, as_="counterpart"))
    assert (seen["view"], seen["state"]) == ("full", "consulting")
    items = ok(await api.get(ITEMS, params={"plan_id": plan["id"]}, as_="counterpart"))["items"]
    assert [it["object"] for it in items] == ["Ủy ban nhân dân các huyện"]
    assert (await api.get(consulting, as_="stranger")).status_code == 404


async def test_silence_holds_the_issue_and_agreement_frees_it(api, world, session, consulting):
    document = await paper(session, world, "partner")
    held = await api.move(consulting, "issue", as_=FRONT, expect=409, document_id=document)
    assert [it["code"] for it in held["unmet"]] == ["plan_counterparts_answered"]
    tasks = ok(await api.get("/v1/me/tasks", as_="counterpart"))["items"]
    assert [(it["action"], it["due_on"]) for it in tasks] == [("concur", "2023-12-10")]
    theirs = {"outcome": "concurred", "document_id": await paper(session, world, "counterpart")}
    assert (await api.post(f"{consulting}/concurrences", theirs, as_="lead_leader")).status_code == 404
    assert (await api.post(f"{consulting}/concurrences", theirs, as_=FRONT)).status_code == 403
    answer = created(await api.post(f"{consulting}/concurrences", theirs, as_="counterpart"))
    assert (answer["outcome"], answer["edition"]) == ("concurred", 1)
    twice = await api.post(f"{consulting}/concurrences", theirs, as_="counterpart")
    assert twice.json()["code"] == "already_answered"
    unwritten = await api.move(consulting, "issue", as_=FRONT, expect=409)
    assert [it["code"] for it in unwritten["unmet"]] == ["plan_has_document"]
    issued = await api.move(consulting, "issue", as_=FRONT, document_id=document)
    assert (issued["state"], issued["issued_on"], issued["actions"]) == ("issued", "2023-11-20", ["revise"])
    (due,) = ok(await api.get(f"{consulting}/deadlines", as_=FRONT))["items"]
    assert due["state"] == "met"


async def test_a_refusal_is_answered_in_writing(api, world, session, consulting):
    refusal = {"outcome": "refused", "document_id": await paper(session, world, "counterpart")}
    where = f"{consulting}/concurrences"
    silent = await api.post(where, refusal, as_="counterpart")
    assert (silent.status_code, silent.json()["unmet"][0]["code"]) == (409, "has_reason")
    created(await api.post(where, {**refusal, "reason": "Trùng thanh tra"}, as_="counterpart"))
    ours = await paper(session, world, "partner")
    held = await api.move(consulting, "issue", as_=FRONT, expect=409, document_id=ours)
    assert [it["code"] for it in held["unmet"]] == ["plan_refusals_answered"]
    answer = {"text": "Đã lùi sang quý III", "document_id": ours}
    answered = created(await api.post(f"{where}/{world.body['counterpart']}/answers", answer, as_=FRONT))
    assert answered["answer"]["text"] == "Đã lùi sang quý III"
    assert (await api.move(consulting, "issue", as_=FRONT, document_id=ours))["state"] == "issued"


async def test_a_body_without_an_account_answers_by_paper(api, world, session, plan):
    created(await api.post(ITEMS, item_of(plan["id"]), as_=FRONT))
    path = f"{PLANS}/{plan['id']}"
    ids = [str(world.body["paper_addressee"]), str(world.body["counterpart"])]
    await api.move(path, "consult", as_=FRONT, counterpart_body_ids=ids, due_on="2023-12-10")
    document = await paper(session, world, "partner")
    by_paper = {
        "outcome": "concurred",
        "document_id": document,
        "on_behalf": {"document_id": document, "received_on": "2023-11-20"},
    }
    written = created(await api.post(f"{path}/concurrences", {**by_paper, "body_id": ids[0]}, as_=FRONT))
    assert written["body_id"] == ids[0]
    own = await api.post(f"{path}/concurrences", {**by_paper, "body_id": ids[1]}, as_=FRONT)
    assert (own.status_code, own.json()["code"]) == (409, "has_own_account")


async def test_the_papers_on_the_way_are_kept_once_each(api, world, session, plan):
    path = f"{PLANS}/{plan['id']}/approvals"
    proposal = {"step": "proposal", "document_id": await paper(session, world, "partner"), "on": "2023-11-01"}
    approval = {"step": "party_approval", "document_id": await paper(session, world, "partner"), "on": "2023-11-15"}
    created(await api.post(path, proposal, as_=FRONT))
    shown = created(await api.post(path, approval, as_=FRONT))
    assert [(it["step"], it["on"]) for it in shown["approvals"]] == [
        ("proposal", "2023-11-01"),
        ("party_approval", "2023-11-15"),
    ]
    assert (await api.post(path, proposal, as_=FRONT)).json()["code"] == "approval_recorded"
    foreign = {"step": "notice", "document_id": await paper(session, world, "stranger")}
    assert (await api.post(path, foreign, as_=FRONT)).status_code == 404


async def test_every_body_reads_a_plan_in_force_and_its_paper(api, world, session):
    document = await a_document(session, world, owner="partner")
    plan = await a_plan(session, world, state="consulting")
    await an_item(session, world, plan)
    path = f"{PLANS}/{plan.id}"
    await api.move(path, "issue", as_=FRONT, document_id=str(document.id))
    seen = ok(await api.get(path, as_="stranger"))
    assert (seen["view"], seen["state"], seen["edition"]) == ("public", "issued", 1)
    assert "approvals" not in seen
    assert (await api.get(f"/v1/documents/{document.id}", as_="stranger")).status_code == 200
    assert (await api.get(path, as_="administrator")).status_code == 404


async def test_a_revision_is_not_read_before_it_is_issued(api, world, session):
    plan, item = await a_plan_in_force(session, world)
    path, where = f"{PLANS}/{plan.id}", f"{ITEMS}/{item.id}"
    revised = await api.move(path, "revise", as_=FRONT, reason="Bão lũ đột xuất")
    assert (revised["state"], revised["edition"], revised["issued_edition"]) == ("draft", 2, 1)
    change = {"content": "Giám sát hỗ trợ khắc phục bão lũ", "form": "document_study"}
    ok(await api.patch(where, change, as_=FRONT, if_match=item.version))
    added = created(await api.post(ITEMS, item_of(plan.id), as_=FRONT))
    assert ok(await api.get(path, as_="stranger"))["state"] == "issued"
    theirs = ok(await api.get(where, as_="stranger"))
    assert (theirs["content"], theirs["form"]) == ("Giám sát việc cấp giấy chứng nhận quyền sử dụng đất", "delegation")
    assert (await api.get(f"{ITEMS}/{added['id']}", as_="stranger")).status_code == 404
    for query, count in (("bao lu", 0), ("quyền sử dụng đất", 1)):
        found = ok(await api.get(ITEMS, params={"q": query, "plan_id": str(plan.id)}, as_="stranger"))
        assert len(found["items"]) == count
    assert len(ok(await api.get(ITEMS, params={"form": "document_study"}, as_="stranger"))["items"]) == 0
    assert len(ok(await api.get(ITEMS, params={"form": "document_study"}, as_=FRONT))["items"]) == 1


async def test_the_next_edition_is_agreed_anew_and_replaces_the_last(api, world, session):
    plan, item = await a_plan_in_force(session, world)
    await asked(session, world, plan)
    path = f"{PLANS}/{plan.id}"
    await api.move(path, "revise", as_=FRONT, reason="Bão lũ đột xuất")
    assert ok(await api.get(path, as_="counterpart"))["view"] == "public"
    created(await api.post(ITEMS, item_of(plan.id, content="Giám sát hỗ trợ khắc phục bão lũ"), as_=FRONT))
    answer = await api.delete(f"{ITEMS}/{item.id}", as_=FRONT, if_match=item.version)
    assert answer.status_code == 204
    assert ok(await api.get(f"{ITEMS}/{item.id}", as_="stranger"))["view"] == "public"
    ids = [str(world.body["counterpart"])]
    await api.move(path, "consult", as_=FRONT, counterpart_body_ids=ids, due_on="2026-12-10")
    concurred = {"outcome": "concurred", "document_id": await paper(session, world, "counterpart")}
    assert created(await api.post(f"{path}/concurrences", concurred, as_="counterpart"))["edition"] == 2
    await api.move(path, "issue", as_=FRONT, document_id=await paper(session, world, "partner"))
    items = ok(await api.get(ITEMS, params={"plan_id": str(plan.id)}, as_="stranger"))["items"]
    assert [it["content"] for it in items] == ["Giám sát hỗ trợ khắc phục bão lũ"]
    history = ok(await api.get(f"{path}/transitions", as_=FRONT))["items"]
    assert [it["action"] for it in history] == ["issue", "consult", "revise"]
    told = ok(await api.get(f"{path}/transitions", as_="stranger"))["items"]
    assert [it["action"] for it in told] == ["issue"]


async def test_a_campaign_carries_out_an_item_of_its_leads_plan(api, world, session):
    plan, item = await a_plan_in_force(session, world)
    where = f"{ITEMS}/{item.id}/campaigns"
    assert (await api.post(where, {}, as_="stranger")).status_code == 403
    campaign = created(await api.post(where, {"topic": "Đất đai"}, as_=FRONT))
    assert (campaign["plan_item_id"], campaign["form"], campaign["topic"]) == (str(item.id), "delegation", "Đất đai")
    assert campaign["window"] == {"starts_on": "2024-04-01", "ends_on": "2024-06-30"}
    assert campaign["supervised_body_ids"] == [str(world.body["counterpart"])]
    assert ok(await api.get(f"{ITEMS}/{item.id}", as_=FRONT))["campaign_ids"] == [campaign["id"]]
    await api.move(f"{PLANS}/{plan.id}", "revise", as_=FRONT, reason="Điều chỉnh")
    kept = await api.delete(f"{ITEMS}/{item.id}", as_=FRONT, if_match=item.version)
    assert (kept.status_code, kept.json()["code"]) == (409, "item_carried_out")


async def test_a_campaign_names_no_item_of_anothers_plan(api, world, session):
    _, item = await a_plan_in_force(session, world)
    ours = await a_campaign(session, world, state="proposed", planned_on=None)
    named = await api.patch(f"/v1/campaigns/{ours.id}", {"plan_item_id": str(item.id)}, as_="lead_officer", if_match=1)
    assert (named.status_code, named.json()["errors"][0]["code"]) == (422, "other_plan")
    draft = await an_item(session, world, await a_plan(session, world, year=2026))
    hidden = await api.patch(
        f"/v1/campaigns/{ours.id}", {"plan_item_id": str(draft.id)}, as_="lead_officer", if_match=1
    )
    assert hidden.status_code == 404


async def test_lists_cost_one_statement(api, world, session, queries: Queries):
    for year in (2024, 2025, 2026):
        plan = await a_plan(session, world, year=year)
        await an_item(session, world, plan)
    for path in (PLANS, ITEMS):
        queries.reset()
        found = ok(await api.get(path, params={"limit": 2}, as_=FRONT))
        assert queries.count == 2, "the caller and the page"
        assert (len(found["items"]), found["next_cursor"] is None) == (2, False)
    of_year = ok(await api.get(ITEMS, params={"year": 2025}, as_=FRONT))["items"]
    assert [it["year"] for it in of_year] == [2025]
