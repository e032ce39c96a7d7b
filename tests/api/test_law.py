"""Deadlines over HTTP: every worked example of the domain dossier, section 8.2, and how the law is kept."""

import pytest

from app.models.base import Listing
from app.models.deadline import CalendarDayRead, ExplainRead, RuleRead
from tests.client import created, ok

EXPLAIN = "/v1/deadlines/explain"
LOCAL_RULE = {
    "code": "D06",
    "regime": "front",
    "trigger": "recommendation_received",
    "unit": "day",
    "n": 20,
    "responsible": "addressee",
    "what_vi": "Trả lời kiến nghị bằng văn bản",
    "what_en": "Answer recommendations in writing",
    "legal_basis": "Sổ tay của địa phương",
    "valid_from": "2024-01-01",
}


async def explain(api, **query):
    answer = ok(await api.get(EXPLAIN, params=query, as_="stranger"))
    ExplainRead.model_validate(answer)
    return answer


@pytest.mark.parametrize(
    ("query", "raw", "due"),
    [
        ({"rule": "D02", "from": "2024-04-12"}, "2024-03-28", "2024-03-28"),
        ({"rule": "D03", "from": "2024-04-12"}, "2024-04-05", "2024-04-05"),
        ({"rule": "D04", "from": "2024-04-12"}, "2024-04-27", "2024-05-02"),
        ({"rule": "D12", "from": "2024-04-15"}, "2024-04-30", "2024-05-02"),
        ({"rule": "D11", "from": "2024-05-06"}, "2024-04-25", "2024-04-25"),
        ({"rule": "D14", "from": "2024-06-03"}, "2024-04-19", "2024-04-19"),
        ({"rule": "D20", "from": "2024-04-05", "level": "province"}, "2024-05-22", "2024-05-22"),
        ({"rule": "D20", "from": "2024-04-05", "level": "province", "extended": "true"}, "2024-06-05", "2024-06-05"),
    ],
)
async def test_the_worked_examples(api, query, raw, due):
    answer = await explain(api, **query)
    assert (answer["raw_due_on"], answer["due_on"]) == (raw, due)
    assert answer["rolled"] == (raw != due)
    assert answer["legal_basis"]
    assert answer["rule_id"]
    assert answer["calendar_known"]


async def test_an_explanation_names_every_day_that_does_not_count(api):
    answer = await explain(api, rule="D11", **{"from": "2024-05-06"})
    reasons = {day["date"]: day.get("reason", {}).get("code") for day in answer["days"]}
    assert reasons["2024-05-06"] == "event_day"
    assert reasons["2024-05-05"] == "weekend"
    assert reasons["2024-05-04"] == "make_up"
    assert reasons["2024-04-30"] == "holiday"
    assert reasons["2024-04-29"] == "day_off"
    assert sum(day["counted"] for day in answer["days"]) == answer["n"] == 5


async def test_a_body_sets_its_own_period_where_the_law_sets_none(api, world):
    query = {"rule": "D06", "from": "2024-05-02", "body_id": str(world.body["partner"])}
    assert (await api.get(EXPLAIN, params=query, as_="partner")).json()["code"] == "no_rule"
    rule = created(await api.post("/v1/rules", {**LOCAL_RULE, "body_id": query["body_id"]}, as_="partner"))
    answer = await explain(api, **query)
    assert (answer["due_on"], answer["rule_id"]) == ("2024-05-22", rule["id"])
    del query["body_id"]
    refused = await api.get(EXPLAIN, params=query, as_="partner")
    assert (refused.status_code, refused.json()["code"]) == (404, "no_rule")


@pytest.mark.parametrize(
    ("query", "due"),
    [
        ({"unit": "workday", "n": 20, "from": "2024-04-12"}, "2024-05-15"),
        ({"unit": "day", "n": 7, "direction": "before", "from": "2024-04-12"}, "2024-04-05"),
    ],
)
async def test_the_plain_calculator_cites_how_it_counts(api, query, due):
    answer = await explain(api, **query)
    assert answer["due_on"] == due
    assert answer["rule"] is None
    assert "BLDS" in answer["legal_basis"]


@pytest.mark.parametrize("year", ["1990", "2099"])
async def test_a_year_without_entered_holidays_is_reckoned_and_said_so(api, year):
    answer = await explain(api, unit="workday", n=5, **{"from": f"{year}-03-01"})
    assert not answer["calendar_known"]


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({"rule": "D20"}, "from", "missing"),
        ({"from": "2024-04-05"}, "", "rule_or_unit"),
        ({"from": "2024-04-05", "rule": "D20", "n": "3"}, "", "rule_or_unit"),
        ({"from": "2024-04-05", "rule": "D20"}, "level", "level_needed"),
        ({"from": "2024-04-05", "rule": "D04", "extended": "true"}, "extended", "not_extendable"),
        ({"from": "9999-12-30", "unit": "workday", "n": "5"}, "from", "beyond_calendar"),
        ({"from": "0001-01-02", "unit": "day", "n": "5", "direction": "before"}, "from", "beyond_calendar"),
        ({"from": "2024-04-05", "unit": "day", "n": "3661"}, "n", "less_than_equal"),
        ({"from": "2024-04-05", "unit": "day", "n": "9" * 400}, "n", "less_than_equal"),
        ({"from": "2024-04-05", "rule": "D\x000"}, "rule", "nul_character"),
        ({"from": "2024-04-05", "unit": "period", "n": "3"}, "unit", "literal_error"),
        ({"from": "2024-04-05", "rule": "D20", "level": "province", "why": "x"}, "why", "extra_forbidden"),
    ],
)
async def test_what_cannot_be_reckoned_says_why(api, query, pointer, code):
    answer = await api.get(EXPLAIN, params=query, as_="stranger")
    assert answer.status_code == 422
    assert (pointer, code) in [(it["pointer"], it["code"]) for it in answer.json()["errors"]]


@pytest.mark.parametrize("rule", ["D99", "D20"])
async def test_a_rule_that_does_not_bind_is_not_found(api, rule):
    """One is none of ours; the other was not yet in force in 2015."""
    answer = await api.get(EXPLAIN, params={"rule": rule, "from": "2015-04-05", "level": "province"}, as_="stranger")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_rule")


async def test_rules_are_listed_with_their_basis_and_by_day(api, queries):
    query = {"code": ["D20", "D02"], "on": "2024-04-05"}
    queries.reset()
    listed = ok(await api.get("/v1/rules", params=query, as_="administrator"))
    assert queries.count <= 2
    Listing[RuleRead].model_validate(listed)
    assert [(it["code"], it["rule_version"]) for it in listed["items"]] == [("D02", 1), ("D20", 1)]
    assert all(it["legal_basis"] for it in listed["items"])


async def test_a_page_of_rules_goes_on_where_the_last_one_ended(api):
    seen, cursor = [], None
    while True:
        query = {"limit": 10, **({"cursor": cursor} if cursor else {})}
        listed = ok(await api.get("/v1/rules", params=query, as_="stranger"))
        seen += [it["id"] for it in listed["items"]]
        if (cursor := listed["next_cursor"]) is None:
            break
    assert len(seen) == len(set(seen)) > 25


async def test_the_next_version_of_a_rule_ends_the_one_before(api):
    mine = {**LOCAL_RULE, "code": "D04", "n": {"any": 10}, "valid_from": "2027-01-01"}
    second = created(await api.post("/v1/rules", mine, as_="registrar"))
    assert second["rule_version"] == 2
    first = ok(await api.get("/v1/rules", params={"code": "D04", "on": "2026-12-31"}, as_="registrar"))["items"][0]
    assert (first["rule_version"], first["valid_to"]) == (1, "2026-12-31")
    clash = await api.post("/v1/rules", {**mine, "valid_from": "2026-06-01"}, as_="registrar")
    assert (clash.status_code, clash.json()["code"]) == (409, "rules_overlap")


async def test_a_yearly_date_and_an_extension_are_rules_too(api):
    """What Law 121/2025 sets in the place of D16 and D20 can be entered when it is known."""
    day = {**LOCAL_RULE, "code": "D16", "unit": "date", "n": None, "month_day": "03-15", "valid_from": "2026-03-01"}
    made = created(await api.post("/v1/rules", {**day, "direction": "before"}, as_="registrar"))
    assert (made["rule_version"], made["n"], made["month_day"]) == (2, {}, "03-15")
    assert (await explain(api, rule="D16", **{"from": "2028-01-01"}))["due_on"] == "2027-03-15"
    longer = {**LOCAL_RULE, "code": "D78", "n": 15, "extension_limit": "1/3", "valid_from": "2026-03-01"}
    created(await api.post("/v1/rules", longer, as_="registrar"))
    assert (await explain(api, rule="D78", extended=True, **{"from": "2026-06-01"}))["n"] == 20


@pytest.mark.parametrize(
    ("part", "body", "status"),
    [
        ("registrar", None, 201),
        ("lead_officer", "lead", 201),
        ("lead_leader", "lead", 201),
        ("lead_clerk", "lead", 403),
        ("lead_leader", None, 403),
        ("lead_leader", "partner", 403),
        ("registrar", "lead", 403),
        ("administrator", "lead", 403),
    ],
)
async def test_who_may_set_a_rule(api, world, part, body, status):
    payload = {**LOCAL_RULE, "code": "D77", "body_id": str(world.body[body]) if body else None}
    assert (await api.post("/v1/rules", payload, as_=part)).status_code == status


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"valid_to": "2023-01-01"}, "/valid_to", "period_reversed"),
        ({"n": {}}, "/n", "too_short"),
        ({"n": None}, "", "date_or_number"),
        ({"month_day": "03-01"}, "", "date_or_number"),
        ({"unit": "date", "n": None, "month_day": "02-29"}, "/month_day", "no_such_day"),
        ({"extension_limit": "0"}, "/extension_limit", "string_pattern_mismatch"),
        ({"n": -1}, "/n/any", "greater_than_equal"),
        ({"n": True}, "/n", "dict_type"),
        ({"what_vi": "a\x00"}, "/what_vi", "nul_character"),
        ({"legal_basis": ""}, "/legal_basis", "string_too_short"),
        ({"code": "Điều 6"}, "/code", "string_pattern_mismatch"),
    ],
)
async def test_a_rule_is_refused_with_a_pointer(api, change, pointer, code):
    answer = await api.post("/v1/rules", {**LOCAL_RULE, **change}, as_="registrar")
    assert answer.status_code == 422
    assert (pointer, code) in [(it["pointer"], it["code"]) for it in answer.json()["errors"]]


NEW_DAY_OFF = {
    "kind": "day_off",
    "name_vi": "Nghỉ bù theo quyết định",
    "name_en": "Day off as decided",
    "basis": "Quyết định của Thủ tướng",
}


async def test_a_corrected_day_moves_what_is_reckoned_and_can_be_restored(api):
    query = {"unit": "workday", "n": 1, "from": "2026-11-26"}
    assert (await explain(api, **query))["due_on"] == "2026-11-27"
    day = ok(await api.put("/v1/calendar-days/2026-11-27", NEW_DAY_OFF, as_="registrar"))
    assert CalendarDayRead.model_validate(day).corrected
    assert (await explain(api, **query))["due_on"] == "2026-11-30"
    assert (await api.delete("/v1/calendar-days/2026-11-27", as_="registrar")).status_code == 204
    assert (await explain(api, **query))["due_on"] == "2026-11-27"
    assert (await api.delete("/v1/calendar-days/2026-11-27", as_="registrar")).status_code == 404


async def test_restoring_a_seeded_holiday_brings_back_its_own_words(api):
    path = "/v1/calendar-days/2026-09-02"
    ok(await api.put(path, {**NEW_DAY_OFF, "kind": "make_up"}, as_="registrar"))
    assert (await api.delete(path, as_="registrar")).status_code == 204
    year = ok(await api.get("/v1/calendar-days", params={"year": 2026}, as_="stranger"))
    Listing[CalendarDayRead].model_validate(year)
    day = next(it for it in year["items"] if it["day"] == "2026-09-02")
    assert (day["kind"], day["corrected"]) == ("holiday", False)
    assert [it["day"] for it in year["items"]] == sorted(it["day"] for it in year["items"])


@pytest.mark.parametrize("part", ["lead_leader", "administrator", "stranger"])
async def test_only_a_registrar_corrects_the_calendar(api, part):
    assert (await api.put("/v1/calendar-days/2026-11-27", NEW_DAY_OFF, as_=part)).status_code == 403
    assert (await api.delete("/v1/calendar-days/2026-09-02", as_=part)).status_code == 403


async def test_anybody_may_reckon_a_period_without_signing_in(api):
    query = {"rule": "D04", "from": "2024-04-12"}
    public = ok(await api.get("/v1/public/deadlines/explain", params=query))
    assert public == ok(await api.get("/v1/deadlines/explain", params=query, as_="stranger"))
    assert public["due_on"] == "2024-05-02"
    assert (
        await api.get("/v1/public/deadlines/explain", params={"rule": "D06", "from": "2024-04-12"})
    ).status_code == 404
