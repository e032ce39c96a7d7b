"""The register: bodies with dated names, places with official codes, and what became of whom."""

import unicodedata
from uuid import uuid4

import pytest

from app.models.base import Listing
from app.models.body import BodyNameRead, BodyRead, DelegateRead, LineageEventRead, PlaceRead
from tests.client import created, ok
from tests.makers import a_campaign, a_document

NEW_BODY = {
    "kind": "mass_mob",
    "level": "province",
    "place_code": "46",
    "valid_from": "2025-03-01",
    "name": "Ban Tuyên giáo và Dân vận Thành ủy Huế",
    "short_name": "BTGDV Thành ủy",
    "symbol": "BTGDVTU",
}


async def register(api, **fields):
    return created(await api.post("/v1/bodies", {**NEW_BODY, **fields}, as_="registrar"))


async def names_found(api, **query):
    listed = ok(await api.get("/v1/bodies", params=query, as_="stranger"))
    return {it["name"] for it in listed["items"]}


async def test_a_registrar_adds_a_body_that_everybody_can_read(api, world):
    body = await register(api, parent_id=str(world.body["superior"]))
    read = await api.get(f"/v1/bodies/{body['id']}", as_="administrator")
    seen = BodyRead.model_validate(ok(read))
    assert read.headers["etag"] == '"1"'
    assert (seen.symbol, seen.parent.short_name, seen.place.full_name) == (
        "BTGDVTU",
        "Tỉnh ủy TT-Huế",
        "Thành phố Huế",
    )


async def test_an_organ_tells_through_which_office_it_acts(api, world):
    organ = ok(await api.get(f"/v1/bodies/{world.body['supervised']}", as_="stranger"))
    office = organ["acts_through"][0]
    assert (office["body_id"], office["body"]["short_name"]) == (str(world.body["office"]), "VP Huyện ủy")
    assert (office["from"], office["to"]) == ("2015-01-01", None)


@pytest.mark.parametrize("part", ["lead_leader", "administrator", "auditor", "stranger"])
async def test_only_a_registrar_writes_the_register(api, world, part):
    path = f"/v1/bodies/{world.body['lead']}"
    event = {"kind": "dissolve", "effective_on": "2026-01-01", "predecessor_ids": [str(world.body["stranger"])]}
    name = {"name": "Tên khác", "short_name": "TK", "valid_from": "2026-01-01"}
    assert (await api.post("/v1/bodies", NEW_BODY, as_=part)).status_code == 403
    assert (await api.patch(path, {"level": "centre"}, as_=part, if_match=1)).status_code == 403
    assert (await api.post(f"{path}/names", name, as_=part)).status_code == 403
    assert (await api.post("/v1/lineage-events", event, as_=part)).status_code == 403


async def test_a_registrar_reads_structure_and_no_records(api, world, session):
    campaign = await a_campaign(session, world)
    assert (await api.get(f"/v1/bodies/{world.body['lead']}", as_="registrar")).status_code == 200
    assert (await api.get(f"/v1/campaigns/{campaign.id}", as_="registrar")).status_code == 404


@pytest.mark.parametrize(
    "words",
    ["dan van", "DÂN VẬN", unicodedata.normalize("NFD", "Dân vận Tỉnh ủy"), "BDV tinh uy", "dân vận thừa thiên"],
)
async def test_a_body_is_found_however_its_name_is_typed(api, words):
    assert "Ban Dân vận Tỉnh ủy Thừa Thiên Huế" in await names_found(api, q=words)


async def test_filters_narrow_and_repeated_keys_widen(api, world):
    both = await names_found(api, kind=["mass_mob", "office"], level="province")
    assert both == {"Ban Dân vận Tỉnh ủy Thừa Thiên Huế"}
    below = await names_found(api, parent_id=str(world.body["committee"]))
    assert below == {"Ban Thường vụ Huyện ủy Quảng Điền", "Văn phòng Huyện ủy Quảng Điền"}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"kind": "church"}, "kind/0"),
        ({"q": "a\x00"}, "q"),
        ({"colour": "red"}, "colour"),
        ({"on": "0000-01-01"}, "on"),
    ],
)
async def test_a_bad_filter_is_named(api, query, pointer):
    answer = await api.get("/v1/bodies", params=query, as_="stranger")
    assert answer.status_code == 422
    assert pointer in [it["pointer"] for it in answer.json()["errors"]]


async def test_a_list_takes_two_statements_however_long_and_pages_through(api, queries):
    queries.reset()
    page = ok(await api.get("/v1/bodies", params={"limit": 3, "count": "true"}, as_="stranger"))
    assert queries.count <= 3
    Listing[BodyRead].model_validate(page)
    following = ok(await api.get("/v1/bodies", params={"limit": 3, "cursor": page["next_cursor"]}, as_="stranger"))
    assert page["count"] >= 14
    assert not {it["id"] for it in page["items"]} & {it["id"] for it in following["items"]}
    other = await api.get("/v1/bodies", params={"limit": 3, "q": "ban", "cursor": page["next_cursor"]}, as_="stranger")
    assert (other.status_code, other.json()["code"]) == (400, "bad_cursor")


async def test_a_new_name_closes_the_open_one_and_the_day_decides(api, world):
    path = f"/v1/bodies/{world.body['partner']}"
    name = {"name": "Ủy ban MTTQ Việt Nam thành phố Huế", "short_name": "MTTQ TP Huế", "valid_from": "2025-01-01"}
    added = created(await api.post(f"{path}/names", name, as_="registrar"))
    BodyNameRead.model_validate(added)
    names = ok(await api.get(f"{path}/names", as_="stranger"))["items"]
    assert [it["valid_to"] for it in names] == [None, "2024-12-31"]
    assert ok(await api.get(path, as_="stranger"))["name"] == name["name"]
    assert ok(await api.get(path, as_="stranger"))["version"] == 2
    assert "Ủy ban MTTQ Việt Nam tỉnh Thừa Thiên Huế" in await names_found(api, q="MTTQ", on="2024-12-31")
    assert name["name"] not in await names_found(api, q="thành phố Huế", on="2024-12-31")
    assert name["name"] in await names_found(api, q="tỉnh Thừa Thiên Huế", kind="front_committee")
    child = ok(await api.get(f"/v1/bodies/{world.body['partner_b']}", as_="stranger"))
    assert child["parent"] == {"id": str(world.body["partner"]), "name": name["name"], "short_name": "MTTQ TP Huế"}


@pytest.mark.parametrize(
    "period",
    [
        {"valid_from": "2014-01-01"},
        {"valid_from": "2015-01-01"},
        {"valid_from": "2014-01-01", "valid_to": "2015-01-01"},
    ],
)
async def test_a_body_bears_one_name_a_day(api, world, period):
    name = {"name": "Tên khác", "short_name": "TK", **period}
    answer = await api.post(f"/v1/bodies/{world.body['lead']}/names", name, as_="registrar")
    assert (answer.status_code, answer.json()["code"]) == (409, "names_overlap")


async def test_an_earlier_name_fits_before_the_first(api, world):
    name = {"name": "Tên trước kia", "short_name": "TTK", "valid_from": "2010-01-01", "valid_to": "2014-12-31"}
    created(await api.post(f"/v1/bodies/{world.body['lead']}/names", name, as_="registrar"))
    assert "Tên trước kia" not in await names_found(api, kind="mass_mob")


async def test_a_change_needs_the_version_seen(api, world):
    body = await register(api)
    path, change = f"/v1/bodies/{body['id']}", {"parent_id": str(world.body["superior"])}
    assert (await api.patch(path, change, as_="registrar")).status_code == 428
    assert (await api.patch(path, change, as_="registrar", if_match=9)).status_code == 412
    changed = await api.patch(path, change, as_="registrar", if_match=1)
    assert (ok(changed)["parent_id"], changed.headers["etag"]) == (change["parent_id"], '"2"')
    office = {"acts_through": [{"body_id": str(world.body["office"]), "from": "2025-03-01"}]}
    assert ok(await api.patch(path, office, as_="registrar", if_match=2))["acts_through"][0]["to"] is None
    assert ok(await api.patch(path, {"acts_through": []}, as_="registrar", if_match=3))["acts_through"] == []


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"place_code": "99999"}, "/place_code", "unknown_place"),
        ({"place_code": "Huế"}, "/place_code", "string_pattern_mismatch"),
        ({"valid_to": "2025-01-01"}, "/valid_to", "extra_forbidden"),
        ({"level": None}, "/level", "enum"),
    ],
)
async def test_a_bad_change_is_named(api, world, change, pointer, code):
    answer = await api.patch(f"/v1/bodies/{world.body['lead']}", change, as_="registrar", if_match=1)
    assert answer.status_code == 422
    assert [(pointer, code)] == [(it["pointer"], it["code"]) for it in answer.json()["errors"]]


async def test_a_body_is_never_below_itself(api, world):
    path = f"/v1/bodies/{world.body['superior']}"
    below = {"parent_id": str(world.body["office"])}
    answer = await api.patch(path, below, as_="registrar", if_match=1)
    assert [it["code"] for it in answer.json()["errors"]] == ["own_ancestor"]


async def test_an_unknown_body_in_a_reference_is_not_found(api, world):
    absent = str(uuid4())
    assert (await api.post("/v1/bodies", {**NEW_BODY, "parent_id": absent}, as_="registrar")).status_code == 404
    through = {"acts_through": [{"body_id": absent, "from": "2025-03-01"}]}
    assert (await api.post("/v1/bodies", {**NEW_BODY, **through}, as_="registrar")).status_code == 404
    event = {"kind": "merge", "effective_on": "2025-03-01", "predecessor_ids": [absent], "successor_ids": [absent]}
    assert (await api.post("/v1/lineage-events", event, as_="registrar")).status_code == 404


async def test_a_retried_creation_makes_one_body(api):
    first = await api.post("/v1/bodies", NEW_BODY, as_="registrar", key="k-1")
    again = await api.post("/v1/bodies", NEW_BODY, as_="registrar", key="k-1")
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert again.headers["idempotency-replayed"] == "true"


async def test_a_merged_body_ends_the_day_before_and_keeps_its_name(api, world):
    heir = await register(api)
    event = {
        "kind": "merge",
        "effective_on": "2025-03-01",
        "predecessor_ids": [str(world.body["verifier"])],
        "successor_ids": [heir["id"]],
    }
    recorded = LineageEventRead.model_validate(created(await api.post("/v1/lineage-events", event, as_="registrar")))
    assert recorded.predecessors[0].short_name == "UBKT Tỉnh ủy"
    ended = ok(await api.get(f"/v1/bodies/{world.body['verifier']}", as_="stranger"))
    assert (ended["valid_to"], ended["name"]) == ("2025-02-28", "Ủy ban Kiểm tra Tỉnh ủy Thừa Thiên Huế")
    assert ended["name"] not in await names_found(api, kind="inspection_commission", on="2025-03-01")
    again = await api.post("/v1/lineage-events", event, as_="registrar")
    assert (again.status_code, again.json()["code"]) == (409, "body_ended")
    found = ok(await api.get("/v1/lineage-events", params={"body_id": heir["id"]}, as_="stranger"))
    assert [it["id"] for it in found["items"]] == [str(recorded.id)]


@pytest.mark.parametrize(("organs_end", "last_day"), [(True, "2025-06-30"), (False, None)])
async def test_an_ended_body_ends_its_organs_and_not_what_stands_below(api, world, organs_end, last_day):
    event = {
        "kind": "divide",
        "effective_on": "2025-07-01",
        "predecessor_ids": [str(world.body["committee"]), str(world.body["addressee_superior"])],
        "successor_ids": [str(world.body["paper_addressee"])],
        "organs_end": organs_end,
    }
    created(await api.post("/v1/lineage-events", event, as_="registrar"))
    for part in ("supervised", "office", "addressee"):
        assert ok(await api.get(f"/v1/bodies/{world.body[part]}", as_="stranger"))["valid_to"] == last_day
    commune = ok(await api.get(f"/v1/bodies/{world.body['paper_addressee']}", as_="stranger"))
    assert commune["valid_to"] is None


@pytest.mark.parametrize("kind", ["split", "rename", "retype"])
async def test_some_events_end_nobody(api, world, kind):
    lead = str(world.body["lead"])
    event = {"kind": kind, "effective_on": "2025-03-01", "predecessor_ids": [lead], "successor_ids": [lead]}
    created(await api.post("/v1/lineage-events", event, as_="registrar"))
    assert ok(await api.get(f"/v1/bodies/{lead}", as_="stranger"))["valid_to"] is None


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"successor_ids": []}, "", "successor_needed"),
        ({"predecessor_ids": []}, "/predecessor_ids", "too_short"),
        ({"effective_on": "2015-01-01"}, "/effective_on", "before_body_began"),
        ({"effective_on": "0001-01-01"}, "/effective_on", "before_body_began"),
        ({"kind": "vanish"}, "/kind", "enum"),
    ],
)
async def test_a_senseless_event_is_refused(api, world, change, pointer, code):
    event = {
        "kind": "merge",
        "effective_on": "2025-03-01",
        "predecessor_ids": [str(world.body["lead"])],
        "successor_ids": [str(world.body["superior"])],
    }
    answer = await api.post("/v1/lineage-events", {**event, **change}, as_="registrar")
    assert answer.status_code == 422
    assert (pointer, code) in [(it["pointer"], it["code"]) for it in answer.json()["errors"]]


async def test_an_event_cites_a_paper_of_the_registry_and_no_other(api, world, session):
    event = {"kind": "dissolve", "effective_on": "2026-01-01", "predecessor_ids": [str(world.body["stranger"])]}
    foreign = await a_document(session, world, "lead")
    hidden = await api.post("/v1/lineage-events", {**event, "decided_by_document_id": str(foreign.id)}, as_="registrar")
    assert hidden.status_code == 404
    own = await a_document(session, world, "registry")
    created(await api.post("/v1/lineage-events", {**event, "decided_by_document_id": str(own.id)}, as_="registrar"))


async def test_places_have_official_codes_and_are_found_without_marks(api, queries):
    provinces = ok(await api.get("/v1/places", params={"kind": ["province", "city"]}, as_="stranger"))
    assert len(provinces["items"]) == 34
    queries.reset()
    found = ok(await api.get("/v1/places", params={"q": "quang dien", "parent_code": "46"}, as_="stranger"))
    assert queries.count <= 2
    Listing[PlaceRead].model_validate(found)
    assert [it["code"] for it in found["items"]] == ["19867"]
    assert ok(await api.get("/v1/places/19867", as_="stranger"))["parent_code"] == "46"
    assert (await api.get("/v1/places/00000", as_="stranger")).status_code == 404
    assert (await api.get("/v1/places/abc", as_="stranger")).status_code == 422


async def test_every_commune_is_reached_page_by_page(api):
    total = ok(await api.get("/v1/places", params={"count": "true", "limit": 1}, as_="stranger"))["count"]
    assert total == 34 + 3321


async def test_the_lead_sees_the_people_of_its_partners(api, world, session):
    path = f"/v1/bodies/{world.body['partner']}/delegates"
    assert (await api.get(path, as_="lead_officer")).status_code == 403
    await a_campaign(session, world)
    listed = ok(await api.get(path, as_="lead_officer"))
    Listing[DelegateRead].model_validate(listed)
    assert {(it["name"], *it["duties"]) for it in listed["items"]} == {("partner", "leader"), ("member_a", "officer")}
    assert str(world.account["partner"]) in {it["account_id"] for it in listed["items"]}
    for part in ("stranger", "partner_b", "lead_clerk", "administrator", "registrar"):
        assert (await api.get(path, as_=part)).status_code == 403
    assert (await api.get(f"/v1/bodies/{uuid4()}/delegates", as_="lead_officer")).status_code == 404
