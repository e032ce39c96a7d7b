"""Seed 2, Kon Tum: eight petitions forwarded and settled, an agreement reviewed, and succeeded by the next."""

import pytest

from app.demo.kon_tum import FORWARDED, STORY

pytestmark = pytest.mark.thorough


async def test_kon_tum(told):
    voices, ids = await told(STORY)
    first = await voices.read("kt_chair", f"/v1/agreements/{ids['first']}")
    assert (first["state"], first["successor_id"]) == ("succeeded", ids["second"])
    figures = {it["name"]: (it["value"], it["unit"]) for it in first["reviews"][0]["indicators"]}
    assert figures["Đơn do Mặt trận chuyển, đã giải quyết"] == (FORWARDED, "đơn")
    assert figures["Quỹ Vì người nghèo"] == (68_000_000_000, "đồng")
    assert figures["Huy động cho an sinh xã hội"] == (174_000_000_000, "đồng")

    second = await voices.read("kt_chair", f"/v1/agreements/{ids['second']}")
    assert (second["state"], second["predecessor_id"]) == ("in_force", ids["first"])
    assert second["term"] == {"from": "2016-01-01", "to": "2020-12-31"}
    assert second["focal_body"]["name"] == "Sở Nội vụ tỉnh Kon Tum"
    await _eight_petitions(voices, ids)


async def _eight_petitions(voices, ids):
    asked = {"from": "2011-01-01", "to": "2015-12-31", "body_id": ids["kt_front"]}
    (counted,) = (await voices.read("kt_deputy", "/v1/petitions/figures", **asked))["items"]
    assert (counted["received"], counted["forwarded"], counted["settled"]) == (FORWARDED,) * 3
    held = (await voices.read("kt_deputy", "/v1/petitions", holder_body_id=ids["kt_committee"]))["items"]
    assert len(held) == FORWARDED
    for it in held:
        assert (it["view"], it["state"]) == ("party", "informed")
        assert it["forwards"][0]["received_on"] is not None
