"""What a body answers for itself — petitions it holds, agreements it signed — passes by its heir and the registrar."""

from datetime import date

import pytest

from app.core import clock
from app.domain.petition import PetitionState
from tests import makers
from tests.client import created, ok
from tests.makers_agreements import a_commitment, an_agreement
from tests.makers_petitions import a_forward, a_petition
from tests.makers_transfers import a_body, somebody

pytestmark = pytest.mark.thorough

ENDED = "2025-07-01"


@pytest.fixture
async def heir(app, session, world):
    clock.set_today(date(2025, 7, 1))
    body = await a_body(session, "Ủy ban MTTQ Việt Nam thành phố Huế")
    await somebody(session, world, app, "heir", body.id)
    return body.id


async def merged(api, world, heir, part="partner"):
    event = {
        "kind": "merge",
        "effective_on": ENDED,
        "predecessor_ids": [str(world.body[part])],
        "successor_ids": [str(heir)],
    }
    created(await api.post("/v1/lineage-events", event, as_="registrar"))
    return ok(await api.get("/v1/transfers", params={"state": "proposed"}, as_="heir"))["items"]


async def confirmed(api, session, world, it, heir):
    for part, owner in (("heir", heir), ("registrar", world.body["registry"])):
        document = await makers.a_document(session, world, owner_body_id=owner)
        sent = {"to_body_ids": [str(heir)], "decided_by_document_id": str(document.id), "clock": "keep"}
        answer = await api.move(f"/v1/transfers/{it['id']}", "confirm", as_=part, **sent)
    assert answer["state"] == "confirmed"


async def test_a_petition_passes_to_the_heir_of_its_holder(api, session, world, heir):
    held = await a_petition(session, world)
    await a_petition(session, world, state=PetitionState.CLOSED)
    [it] = await merged(api, world, heir)
    assert (it["subject_type"], it["subject_id"]) == ("petition_holder", str(held.id))
    assert it["missing"] == ["successor", "registrar"]
    path = f"/v1/petitions/{held.id}"
    assert (await api.get(path, as_="heir")).status_code == 404
    await confirmed(api, session, world, it, heir)
    seen = ok(await api.get(path, as_="heir"))
    assert (seen["view"], seen["holder_body_id"], seen["lead_body_id"]) == ("full", str(heir), str(heir))


async def test_whoever_received_it_and_forwarded_it_passes_that_alone(api, session, world, heir):
    sent = await a_petition(session, world)
    hop = await a_forward(session, world, sent)
    [it] = await merged(api, world, heir)
    await confirmed(api, session, world, it, heir)
    seen = ok(await api.get(f"/v1/petitions/{sent.id}", as_="heir"))
    assert (seen["lead_body_id"], seen["holder_body_id"]) == (str(heir), str(hop.to_body_id))


async def test_a_party_to_an_agreement_is_followed_by_its_heir(api, session, world, heir):
    agreement = await an_agreement(session, world)
    commitment = await a_commitment(session, world, agreement)
    [it] = await merged(api, world, heir)
    assert it["subject_type"] == "agreement_party"
    await confirmed(api, session, world, it, heir)
    seen = ok(await api.get(f"/v1/agreements/{agreement.id}", as_="heir"))
    assert str(heir) in str(seen["parties"])
    assert str(world.body["partner"]) not in str(seen["parties"])
    undertaken = await session.get_one(type(commitment), commitment.id, populate_existing=True)
    assert undertaken.body_id == heir


async def test_two_parties_that_become_one_are_one_party(api, app, session, world):
    agreement = await an_agreement(session, world)
    clock.set_today(date(2025, 7, 1))
    heir = world.body["partner"]
    await somebody(session, world, app, "heir", heir)
    [it] = await merged(api, world, heir, part="partner_b")
    await confirmed(api, session, world, it, heir)
    parties = ok(await api.get(f"/v1/agreements/{agreement.id}", as_="heir"))["parties"]
    assert len(parties) == 2
