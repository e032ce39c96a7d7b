"""Petitions and agreements outlive the bodies that hold them: their heirs see them once it is confirmed."""

from datetime import date
from uuid import UUID

import pytest

from app.core import clock
from tests import makers_agreements, makers_petitions
from tests.api.test_transfers import confirmation, ended, found, paper_of, transfers
from tests.client import created, ok
from tests.makers_transfers import somebody

pytestmark = pytest.mark.thorough

MERGED = "2025-07-01"


@pytest.fixture
async def merged(api, app, session, world):
    """The Front of Huế has become another body, with a leader; it held a petition and was party to an agreement."""
    petition = await makers_petitions.a_petition(session, world)
    agreement = await makers_agreements.an_agreement(session, world, "partner", "lead")
    await makers_agreements.a_commitment(session, world, agreement)
    clock.set_today(date(2025, 7, 1))
    heir = await found(session, "Ủy ban MTTQ Việt Nam thành phố Huế", MERGED, kind="front_committee")
    await somebody(session, world, app, "heir", UUID(heir))
    await ended(api, "merge", MERGED, [world.body["partner"]], [heir])
    return heir, petition, agreement


async def confirmed(api, session, world, kind, heir):
    [it] = await transfers(api, "heir", subject_type=kind)
    path = f"/v1/transfers/{it['id']}"
    await api.move(path, "confirm", as_="heir", **confirmation([heir], await paper_of(session, world, heir)))
    return await api.move(path, "confirm", as_="registrar", **confirmation([heir], await paper_of(session, world)))


async def test_a_petition_passes_with_the_right_to_know_who_sent_it(api, session, world, merged):
    heir, petition, _ = merged
    path = f"/v1/petitions/{petition.id}"
    assert (await api.get(path, as_="heir")).status_code == 404
    assert (await confirmed(api, session, world, "petition_holder", heir))["state"] == "confirmed"
    seen = ok(await api.get(path, as_="heir"))
    assert (seen["view"], seen["lead_body_id"], seen["holder_body_id"]) == ("full", heir, heir)
    reason = {"reason": "Tiếp tục giải quyết đơn"}
    disclosed = created(await api.post(f"{path}/identity-disclosures", reason, as_="heir"))
    assert disclosed["identity"]["name"] == makers_petitions.SENDER


async def test_a_seat_in_an_agreement_passes_with_what_was_undertaken(api, session, world, merged):
    heir, _, agreement = merged
    path = f"/v1/agreements/{agreement.id}"
    assert (await api.get(path, as_="heir")).status_code == 404
    assert (await confirmed(api, session, world, "agreement_party", heir))["state"] == "confirmed"
    seen = ok(await api.get(path, as_="heir"))
    assert heir in [it["body_id"] for it in seen["parties"]]
    assert (seen["lead_body_id"], seen["commitments"][0]["body_id"]) == (heir, heir)
