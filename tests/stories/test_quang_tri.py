"""Seed 1, Quảng Trị 2021: a report whose totals are those of the lists, a proposal noted, taken up, and carried out."""

import pytest

from app.demo.quang_tri import PERIOD, STORY

pytestmark = pytest.mark.thorough


async def test_quang_tri(told):
    voices, ids = await told(STORY)
    session = await voices.read("qt_front_chair", f"/v1/briefings/{ids['session']}")
    assert (session["kind"], session["held_on"], session["period"]) == ("working_session", "2021-08-26", PERIOD)
    assert session["state"] == "concluded"
    assert {it["body_id"] for it in session["participants"]} == {
        ids[name] for name in ("qt_front", "qt_mass_mob", "qt_personnel", "qt_propaganda")
    }
    await _totals_equal_the_lists(voices, ids, session)
    await _noted_then_followed_to_the_end(voices, ids)


async def _totals_equal_the_lists(voices, ids, session):
    received = {"received_from": PERIOD["from"], "received_to": PERIOD["to"], "limit": 200}
    listed = (await voices.read("qt_front_chair", "/v1/petitions", **received))["items"]
    asked = {**PERIOD, "body_id": ids["qt_front"]}
    (counted,) = (await voices.read("qt_front_chair", "/v1/petitions/figures", **asked))["items"]
    forwarded = [it for it in listed if it["forwards"]]
    settled = [it for it in forwarded if it["answered_on"]]
    figures = (counted["received"], counted["forwarded"], counted["settled"])
    assert figures == (len(listed), len(forwarded), len(settled)) == (3, 2, 1)
    report = await voices.read("qt_front_chair", f"/v1/documents/{session['report_document_id']}")
    assert report["abstract"].endswith("tiếp nhận 3 đơn, chuyển 2, được giải quyết 1")


async def _noted_then_followed_to_the_end(voices, ids):
    later = await voices.read("qt_front_chair", f"/v1/briefings/{ids['briefing']}")
    assert [it["id"] for it in later["carried_over"]] == [ids["proposal"]]
    history = await voices.read("qt_front_chair", f"/v1/proposals/{ids['proposal']}/transitions")
    assert [(it["action"], it["on"]) for it in history["items"]][:2] == [
        ("take_up", "2021-12-15"),
        ("note", "2021-08-26"),
    ]
    asked = await voices.read("qt_front_chair", f"/v1/recommendations/{ids['recommendation']}")
    assert (asked["view"], asked["proposer_body_id"]) == ("party", ids["qt_front"])
    assert (asked["state"], asked["implementation"], asked["resolved_on"]) == ("resolved", "done", "2022-04-05")
