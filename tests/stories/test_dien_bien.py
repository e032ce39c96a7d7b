"""Seed 3, Điện Biên 2017: what the organisations proposed at the briefing, one of it at the next."""

import pytest

from app.demo.dien_bien import PROPOSALS, STORY

pytestmark = pytest.mark.thorough


async def test_dien_bien(told):
    voices, ids = await told(STORY)
    briefing = await voices.read("db_labour_chair", f"/v1/briefings/{ids['briefing']}")
    assert (briefing["kind"], briefing["held_on"]) == ("periodic_briefing", "2017-12-20")
    proposals = {it["id"]: it for it in briefing["proposals"]}
    assert set(proposals) == {ids[name] for name in PROPOSALS}
    assert {proposals[ids[name]]["proposer_body_id"] for name in ("arrears", "congress")} == {ids["db_labour"]}
    assert {proposals[ids[name]]["proposer_body_id"] for name in ("post", "over_age")} == {ids["db_youth"]}
    assert [it["state"] for it in proposals.values()] == ["taken_up"] * 4
    assert briefing["conclusions"][0]["recommendation_id"] is not None

    later = await voices.read("db_youth_secretary", f"/v1/briefings/{ids['next']}")
    assert [it["id"] for it in later["carried_over"]] == [ids["over_age"]]
    assert (later["carried_over"][0]["noted_on"], later["carried_over"][0]["closed_on"]) == ("2017-12-20", "2018-03-28")
    board = await voices.read("db_deputy", "/v1/recommendations", origin="briefing", limit=200)
    assert len(board["items"]) == len(PROPOSALS) + 1
    assert all(it["due_on"] and it["owner"] and it["state"] == "issued" for it in board["items"])
    seen = await voices.read("db_labour_chair", "/v1/recommendations", origin="briefing")
    assert {it["view"] for it in seen["items"]} == {"party"}
    assert len(seen["items"]) == 2
