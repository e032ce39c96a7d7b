"""Xã Tân Hòa 2025: two boards from their founding to what came of their recommendations, and the forms they report."""

import pytest

from app.demo.tan_hoa import STORY

pytestmark = pytest.mark.thorough


async def test_tan_hoa(told):
    voices, ids = await told(STORY)
    for kind in ("ptib", "cisb"):
        board = await voices.read("th_chair", f"/v1/boards/{ids[f'{kind}_board']}")
        assert (board["kind"], board["state"], board["front_body_id"]) == (kind, "confirmed", ids["th_front"])
        asked = await voices.read("th_committee_chair", f"/v1/recommendations/{ids[f'{kind}_asked']}")
        assert (asked["state"], asked["implementation"]) == ("resolved", "done")
        at_work = await voices.read("th_chair", f"/v1/campaigns/{ids[f'{kind}_campaign']}/board")
        assert at_work["procedure_breach"] is False
    await _nothing_was_late(voices, ids)
    await _the_forms_of_the_year(voices, ids)


async def _nothing_was_late(voices, ids):
    plans = (await voices.read("th_inspector", f"/v1/boards/{ids['ptib_board']}/deadlines"))["items"]
    assert ("D10", "met") in {(it["rule_code"], it["state"]) for it in plans}
    (notice,) = (await voices.read("th_chair", f"/v1/boards/{ids['cisb_board']}/deadlines"))["items"]
    assert (notice["rule_code"], notice["due_on"], notice["state"]) == ("D14", "2025-03-21", "met")
    bases = {}
    for kind in ("ptib", "cisb"):
        asked = await voices.read("th_chair", f"/v1/recommendations/{ids[f'{kind}_asked']}")
        bases[kind] = asked["reply_due_basis"]["code"]
    assert bases == {"ptib": "D12", "cisb": "D15"}


async def _the_forms_of_the_year(voices, ids):
    """What the inspection board led is counted for its Front, too."""
    year = await voices.read("th_chair", "/v1/statistics/year", year=2025)
    said = {
        kind: {name: it["value"] for name, it in part.items() if it["value"]} for kind, part in year["boards"].items()
    }
    assert said == {
        "ptib": {
            "in_office": 1,
            "supervisions": 1,
            "recommendations": 1,
            "to_government": 1,
            "violations": 2,
            "cases_recommended": 1,
            "legal_shortcomings": 1,
            "money_recovered": 45_000_000,
            "land_recovered": 1250.5,
        },
        "cisb": {
            "in_office": 1,
            "supervisions": 1,
            "recommendations": 1,
            "to_government": 1,
            "projects": 4,
            "violations": 1,
            "cases_recommended": 1,
            "settlement_reduced": 32_000_000,
        },
        "others": {},
    }
    money = year["boards"]["ptib"]["money_recovered"]
    listed = (await voices.say("th_inspector", "GET", money["list"]))["items"]
    assert [(it["on"], it["money_recovered"]) for it in listed] == [("2025-08-15", 45_000_000)]
    quarter = await voices.read("th_inspector", "/v1/statistics/year", period_from="2025-04-01", period_to="2025-06-30")
    assert quarter["boards"]["ptib"]["violations"]["value"] == 2
    assert quarter["boards"]["ptib"]["money_recovered"]["value"] == 0
