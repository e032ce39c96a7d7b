"""Agreements: who drafts, signs and sees them, what becomes of commitments, which end without a successor."""

from datetime import date, timedelta

import pytest
from pydantic import TypeAdapter

from app.core.clock import today
from app.domain.agreement import NOTICE, AgreementState
from app.models.agreement import AgreementRead
from app.models.base import Listing
from tests import makers
from tests import makers_agreements as of
from tests.client import created, ok

pytestmark = pytest.mark.thorough

PATH = "/v1/agreements"


@pytest.fixture
async def agreement(session, world):
    return await of.an_agreement(session, world)


def drafted(world, **fields):
    return {
        "title": "Quy chế phối hợp thống nhất hành động",
        "parties": [
            {"body_id": str(world.body["partner"]), "signer": {"name": "Võ Thị Minh Sinh", "title": "Chủ tịch"}},
            str(world.body["partner_b"]),
        ],
        "term": {"from": "2019-08-08", "to": "2024-08-08"},
        "content_groups": ["Đại đoàn kết", "Giám sát, phản biện xã hội"],
        "content_groups_stated": 5,
        "commitments": [{"body_id": str(world.body["partner_b"]), "text": "Tập hợp ý kiến hội viên hằng quý"}],
        **fields,
    }


async def test_a_draft_shows_what_it_was_made_of(api, world):
    made = created(await api.post(PATH, drafted(world), as_="partner"))
    assert (made["state"], made["lead_body_id"]) == ("drafting", str(world.body["partner"]))
    assert (len(made["content_groups"]), made["content_groups_stated"]) == (2, 5)
    assert [it["signer"] for it in made["parties"]] == [{"name": "Võ Thị Minh Sinh", "title": "Chủ tịch"}, None]
    assert [it["body_id"] for it in made["commitments"]] == [str(world.body["partner_b"])]
    assert (made["expiring"], made["predecessor_id"]) == (False, None)


async def test_who_drafts_is_a_party(api, world):
    made = created(await api.post(PATH, drafted(world, commitments=[]), as_="counterpart"))
    assert str(world.body["counterpart"]) in [it["body_id"] for it in made["parties"]]
    assert (await api.post(PATH, drafted(world), as_="lead_clerk")).status_code == 403


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"parties": ["00000000-0000-7000-8000-000000000000"]}, "/parties/0/body_id", "not_visible"),
        ({"commitments": [{"body_id": "@stranger", "text": "x"}]}, "/commitments/0/body_id", "not_party"),
        ({"term": {"from": "2024-01-01", "to": "2019-01-01"}}, "/term/to", "period_reversed"),
        ({"focal_body_id": "00000000-0000-7000-8000-000000000000"}, "/focal_body_id", "not_visible"),
    ],
)
async def test_what_contradicts_itself_is_refused_with_its_place(api, world, change, pointer, code):
    for commitment in change.get("commitments", []):
        commitment["body_id"] = str(world.body["stranger"])
    answer = await api.post(PATH, drafted(world, **change), as_="partner")
    assert answer.status_code == 422
    assert [(it["pointer"], it["code"]) for it in answer.json()["errors"]] == [(pointer, code)]


@pytest.mark.parametrize(
    ("part", "status"),
    [("lead_clerk", 200), ("partner", 200), ("partner_b", 200), ("verifier", 200), ("counterpart", 404)],
)
async def test_parties_and_the_focal_body_see_it(api, agreement, part, status):
    assert (await api.get(f"{PATH}/{agreement.id}", as_=part)).status_code == status
    assert (await api.get(f"{PATH}/{agreement.id}/transitions", as_=part)).status_code == status


async def test_from_its_draft_to_its_end(api, world):
    made = created(await api.post(PATH, drafted(world), as_="partner"))
    path = f"{PATH}/{made['id']}"
    signed = await api.move(path, "sign", as_="partner_b", on="2019-08-08")
    assert (signed["state"], signed["signed_on"]) == ("signed", "2019-08-08")
    assert (await api.move(path, "enter_into_force", as_="member_b", on="2019-08-08"))["state"] == "in_force"
    refused = await api.move(path, "review", as_="partner", expect=409)
    assert [it["code"] for it in refused["unmet"]] == ["has_review"]
    review = {"period": {"from": "2019-08-08", "to": "2024-08-08"}, "on": "2024-08-08"}
    created(await api.post(f"{path}/reviews", review, as_="partner"))
    assert (await api.move(path, "review", as_="partner"))["state"] == "reviewed"
    ended = await api.move(path, "end", as_="partner", reason="Hết hiệu lực")
    assert (ended["state"], ended["actions"]) == ("ended", [])


async def test_it_is_signed_by_a_leader_of_a_party_and_needs_two_of_them_and_a_term(api, session, world):
    draft = {"state": AgreementState.DRAFTING, "term_from": None, "term_to": None}
    alone = await of.an_agreement(session, world, "partner", **draft)
    path = f"{PATH}/{alone.id}"
    refused = await api.move(path, "sign", as_="partner", expect=409)
    assert [it["code"] for it in refused["unmet"]] == ["has_two_parties", "has_term"]
    for part in ("member_a", "verifier"):
        assert (await api.move(path, "sign", as_=part, expect=403))["code"] == "forbidden"


async def test_what_was_signed_changes_only_in_focal_body_and_successor(api, agreement, world):
    path = f"{PATH}/{agreement.id}"
    answer = await api.patch(path, {"title": "Khác"}, as_="partner", if_match=1)
    assert answer.json()["code"] == "not_editable"
    focal = {"focal_body_id": str(world.body["partner_b"])}
    assert ok(await api.patch(path, focal, as_="partner", if_match=1))["focal_body"]["id"] == focal["focal_body_id"]
    assert (await api.patch(path, focal, as_="lead_clerk", if_match=2)).status_code == 403


async def test_the_keeper_stays_a_party(api, session, world):
    draft = await of.an_agreement(session, world, "partner", "counterpart", state=AgreementState.DRAFTING)
    others = {"parties": [str(world.body["counterpart"]), str(world.body["lead"])]}
    answer = await api.patch(f"{PATH}/{draft.id}", others, as_="partner", if_match=1)
    assert answer.json()["errors"][0]["code"] == "keeper_is_party"
    wider = {"parties": [str(world.body[it]) for it in ("partner", "counterpart", "lead")]}
    assert len(ok(await api.patch(f"{PATH}/{draft.id}", wider, as_="counterpart", if_match=1))["parties"]) == 3


async def test_figures_of_a_review_are_kept_as_they_are_given(api, agreement):
    figures = [{"name": "Quỹ Vì người nghèo", "value": 68_000_000_000, "unit": "đồng", "scope": "2010 – 6/2015"}]
    review = {"period": {"from": "2011-01-01", "to": "2015-12-31"}, "indicators": figures}
    made = created(await api.post(f"{PATH}/{agreement.id}/reviews", review, as_="verifier"))
    assert made["indicators"] == figures
    assert ok(await api.get(f"{PATH}/{agreement.id}", as_="partner"))["reviews"][0]["indicators"] == figures
    listed = ok(await api.get(f"{PATH}/{agreement.id}/reviews", as_="partner"))["items"]
    assert [it["id"] for it in listed] == [made["id"]]


@pytest.mark.parametrize("value", ["NaN", "Infinity", None, "nhiều"])
async def test_a_figure_is_a_number(api, agreement, value):
    figures = [{"name": "Quỹ", "value": value, "unit": "đồng"}]
    review = {"period": {"from": "2011-01-01", "to": "2015-12-31"}, "indicators": figures}
    assert (await api.post(f"{PATH}/{agreement.id}/reviews", review, as_="partner")).status_code == 422


async def test_a_commitment_is_followed_up_by_another_party_once(api, session, world, agreement):
    commitment = await of.a_commitment(session, world, agreement)
    where = f"{PATH}/{agreement.id}/commitments/{commitment.id}/recommendation"
    assert (await api.post(where, {}, as_="partner")).json()["code"] == "own_commitment"
    made = created(await api.post(where, {"expected_result": "Một cuộc mỗi năm"}, as_="lead_officer"))
    assert (made["origin"], made["origin_id"], made["state"]) == ("agreement", str(agreement.id), "draft")
    sides = (made["issuer_body_id"], made["addressee_id"], made["due_on"])
    assert sides == (str(world.body["lead"]), str(world.body["partner"]), "2024-12-31")
    assert (await api.post(where, {}, as_="lead_officer")).json()["code"] == "already_followed_up"
    listed = ok(await api.get(f"{PATH}/{agreement.id}/commitments", as_="partner_b"))["items"]
    assert [it["recommendation_id"] for it in listed] == [made["id"]]


async def test_a_draft_binds_nobody_yet(api, session, world):
    draft = await of.an_agreement(session, world, state=AgreementState.DRAFTING)
    commitment = await of.a_commitment(session, world, draft)
    where = f"{PATH}/{draft.id}/commitments/{commitment.id}/recommendation"
    assert (await api.post(where, {}, as_="lead_officer")).json()["code"] == "agreement_not_running"


async def test_commitments_are_added_while_it_runs(api, session, world, agreement):
    more = {"body_id": str(world.body["lead"]), "text": "Chia sẻ kế hoạch giám sát năm"}
    assert created(await api.post(f"{PATH}/{agreement.id}/commitments", more, as_="partner"))["text"] == more["text"]
    over = await of.an_agreement(session, world, state=AgreementState.ENDED)
    answer = await api.post(f"{PATH}/{over.id}/commitments", more, as_="partner")
    assert answer.json()["code"] == "not_editable"


@pytest.mark.parametrize(
    ("days", "state", "listed"),
    [
        (NOTICE.days, AgreementState.IN_FORCE, True),
        (NOTICE.days + 1, AgreementState.IN_FORCE, False),
        (-1, AgreementState.REVIEWED, True),
        (10, AgreementState.ENDED, False),
        (10, AgreementState.DRAFTING, False),
    ],
)
async def test_one_that_ends_within_180_days_without_a_successor_is_listed(api, session, world, days, state, listed):
    ending = await of.an_agreement(session, world, state=state, term_to=today() + timedelta(days=days))
    found = ok(await api.get(PATH, as_="partner", params={"expiring": True}))["items"]
    assert ([it["id"] for it in found] == [str(ending.id)]) is listed
    assert ok(await api.get(f"{PATH}/{ending.id}", as_="partner"))["expiring"] is listed
    asked = ok(await api.get("/v1/me/tasks", as_="partner", params={"limit": 200}))["items"]
    assert ("draft_successor" in [it["action"] for it in asked]) is listed


async def test_a_successor_in_draft_ends_the_warning_and_succeeds_when_it_is_signed(api, session, world):
    old = await of.an_agreement(session, world, term_to=today() + timedelta(days=30))
    new = await of.an_agreement(session, world, state=AgreementState.DRAFTING, signed_on=None)
    path = f"{PATH}/{old.id}"
    named = ok(await api.patch(path, {"successor_id": str(new.id)}, as_="partner", if_match=1))
    assert (named["successor_id"], named["expiring"]) == (str(new.id), False)
    assert ok(await api.get(f"{PATH}/{new.id}", as_="partner"))["predecessor_id"] == str(old.id)
    refused = await api.move(path, "succeed", as_="partner", expect=409)
    assert [it["code"] for it in refused["unmet"]] == ["successor_signed"]
    await api.move(f"{PATH}/{new.id}", "sign", as_="partner")
    assert (await api.move(path, "succeed", as_="partner"))["state"] == "succeeded"


async def test_the_chain_of_successors_neither_circles_nor_forks(api, session, world, agreement):
    second = await of.an_agreement(session, world)
    third = await of.an_agreement(session, world)
    name = {"successor_id": str(second.id)}
    ok(await api.patch(f"{PATH}/{agreement.id}", name, as_="partner", if_match=1))
    for it, other in ((second, agreement), (third, second), (second, second)):
        answer = await api.patch(f"{PATH}/{it.id}", {"successor_id": str(other.id)}, as_="partner", if_match=1)
        assert answer.json()["errors"][0]["code"] == "not_a_successor"
    hidden = await of.an_agreement(session, world, "stranger", focal_body_id=None)
    answer = await api.patch(f"{PATH}/{third.id}", {"successor_id": str(hidden.id)}, as_="partner", if_match=1)
    assert answer.status_code == 404


def proposed(world, agreement):
    return {
        "kind": "supervision",
        "regime": "front",
        "form": "delegation",
        "title": "Giám sát việc giải quyết kiến nghị sau giám sát",
        "lead_body_id": str(world.body["partner"]),
        "agreement_id": str(agreement.id),
    }


async def test_a_campaign_names_the_agreement_under_which_its_lead_is_bound(api, session, world, agreement):
    made = created(await api.post("/v1/campaigns", proposed(world, agreement), as_="partner"))
    assert made["agreement_id"] == str(agreement.id)
    await makers.a_campaign(session, world)
    found = ok(await api.get("/v1/campaigns", as_="partner", params={"agreement_id": str(agreement.id)}))["items"]
    assert [it["id"] for it in found] == [made["id"]]
    hidden = await of.an_agreement(session, world, "stranger", focal_body_id=None)
    assert (await api.post("/v1/campaigns", proposed(world, hidden), as_="partner")).status_code == 404
    focal = await of.an_agreement(session, world, "lead", "partner_b", focal_body_id=world.body["partner"])
    answer = await api.post("/v1/campaigns", proposed(world, focal), as_="partner")
    assert [(it["pointer"], it["code"]) for it in answer.json()["errors"]] == [("/agreement_id", "not_party")]


async def test_papers_of_an_agreement_are_open_to_its_parties(api, session, world):
    paper = await makers.a_document(session, world, owner="partner")
    created(await api.post(PATH, drafted(world, document_id=str(paper.id)), as_="partner"))
    assert (await api.get(f"/v1/documents/{paper.id}", as_="partner_b")).status_code == 200
    assert (await api.get(f"/v1/documents/{paper.id}", as_="counterpart")).status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": "in_force"}, 1),
        ({"state": "ended"}, 0),
        ({"party_body_id": "@partner_b"}, 1),
        ({"party_body_id": "@counterpart"}, 0),
        ({"focal_body_id": "@verifier"}, 1),
        ({"expiring": False}, 1),
        ({"q": "quy che phoi hop"}, 1),
    ],
)
async def test_filters(api, world, agreement, asked, found):
    params = {
        name: str(world.body[it[1:]]) if isinstance(it, str) and it.startswith("@") else it
        for name, it in asked.items()
    }
    assert len(ok(await api.get(PATH, as_="partner", params=params))["items"]) == found


async def test_a_page_is_one_statement_and_as_its_model_says(api, session, world, queries):
    for _ in range(3):
        agreement = await of.an_agreement(session, world)
        await of.a_commitment(session, world, agreement)
        await of.a_review(session, world, agreement, reviewed_on=date(2024, 12, 31))
    queries.reset()
    answer = await api.get(PATH, as_="partner")
    assert queries.count <= 2
    TypeAdapter(Listing[AgreementRead]).validate_json(answer.content)
