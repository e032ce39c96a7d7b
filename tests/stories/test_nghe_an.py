"""Seed 0, Nghệ An 2019: an agreement on acting together, a joint campaign under it, a commitment on the board."""

import pytest

from app.demo.nghe_an import STORY

pytestmark = pytest.mark.thorough


async def test_nghe_an(told):
    voices, ids = await told(STORY)
    agreement = await voices.read("na_farmers_chair", f"/v1/agreements/{ids['agreement']}")
    assert (agreement["state"], agreement["signed_on"]) == ("in_force", "2019-08-08")
    assert agreement["term"] == {"from": "2019-08-08", "to": "2024-08-08"}
    assert (agreement["content_groups_stated"], len(agreement["content_groups"])) == (5, 6)
    assert len(agreement["parties"]) == 6
    assert agreement["parties"][0]["signer"]["name"] == "Võ Thị Minh Sinh"

    campaign = await voices.read("na_farmers_chair", f"/v1/campaigns/{ids['campaign']}")
    assert (campaign["view"], campaign["agreement_id"]) == ("full", ids["agreement"])
    assert [it["id"] for it in campaign["partner_bodies"]] == [ids["na_farmers"]]

    board = await voices.read("na_chair", "/v1/recommendations", origin="agreement")
    assert [it["id"] for it in board["items"]] == [ids["recommendation"]]
    followed = board["items"][0]
    assert (followed["state"], followed["reply_status"], followed["origin_id"]) == (
        "replied",
        "accepted",
        ids["agreement"],
    )
    assert followed["addressee_id"] == ids["na_farmers"]
    assert agreement["commitments"][0]["recommendation_id"] == ids["recommendation"]
