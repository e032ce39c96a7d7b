"""A reorganisation of the whole country at once: a handful of statements, one message, nothing forgotten."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.domain.recommendation import RecommendationState
from app.models.history import AuditEvent, OutboxMessage
from app.services import delivery
from app.services.sweep.acting import clock as as_clock
from app.services.transfers import proposing
from tests import makers
from tests.client import created, ok
from tests.makers_transfers import a_body, an_end, somebody

pytestmark = pytest.mark.thorough


@pytest.fixture
async def campaign(session, world):
    return await makers.a_campaign(session, world, state="concluded")


async def asked_of(session, world, campaign, number, **fields):
    fields = {"addressee_id": world.body["supervised"], **fields}
    return [await makers.a_recommendation(session, world, campaign, **fields) for _ in range(number)]


async def divided(api, session, world, **more):
    heirs = [await a_body(session, name) for name in ("Đảng ủy xã Quảng Điền", "Đảng ủy xã Đan Điền")]
    event = {
        "kind": "divide",
        "effective_on": "2025-07-01",
        "predecessor_ids": [str(world.body["committee"])],
        "successor_ids": [str(it.id) for it in heirs],
        **more,
    }
    return created(await api.post("/v1/lineage-events", event, as_="registrar")), heirs


async def listed(api, part, **query):
    return ok(await api.get("/v1/transfers", params={"limit": 200, **query}, as_=part))["items"]


async def counted(session, model, name):
    column = model.action if model is AuditEvent else model.type
    found = select(func.count()).select_from(model).where(column == name).execution_options(scope="counted by a test")
    return (await session.execute(found)).scalar_one()


async def test_the_cost_of_an_event_does_not_grow_with_its_transfers(api, session, world, campaign, queries):
    clock.set_today(date(2025, 7, 1))
    await asked_of(session, world, campaign, 60)
    await asked_of(session, world, campaign, 2, state=RecommendationState.WITHDRAWN)
    queries.reset()
    await divided(api, session, world)
    assert queries.count < 60
    many = await listed(api, "lead_officer", state="proposed")
    assert len(many) == 60
    assert {len(it["candidates"]) for it in many} == {2}
    assert await counted(session, AuditEvent, "transfer.create") == 60


async def test_a_national_reorganisation_tells_everybody_once(api, app, session, world, campaign):
    clock.set_today(date(2025, 7, 1))
    await asked_of(session, world, campaign, 5)
    _, heirs = await divided(api, session, world)
    await somebody(session, world, app, "heir", heirs[0].id)
    assert await counted(session, OutboxMessage, "transfer.create") == 0
    [message_id] = (
        await session.execute(select(OutboxMessage.id).where(OutboxMessage.type == "lineage_event.propose"))
    ).scalars()
    await delivery.deliver(session, message_id)
    await session.commit()
    for part in ("heir", "lead_officer", "supervised"):
        [told] = ok(await api.get("/v1/notifications", as_=part))["items"]
        assert told["text"] == "Sắp xếp tổ chức từ 01/07/2025: có việc chờ chuyển giao; xem danh sách chuyển giao."
    assert ok(await api.get("/v1/notifications", as_="stranger"))["items"] == []


async def test_pages_and_filters(api, session, world, campaign):
    clock.set_today(date(2025, 7, 1))
    first, *_ = await asked_of(session, world, campaign, 3)
    _, heirs = await divided(api, session, world)
    page = ok(await api.get("/v1/transfers", params={"state": "proposed", "limit": 2}, as_="lead_officer"))
    rest = ok(
        await api.get(
            "/v1/transfers",
            params={"state": "proposed", "limit": 2, "cursor": page["next_cursor"]},
            as_="lead_officer",
        )
    )
    assert len({it["id"] for it in [*page["items"], *rest["items"]]}) == 3
    [it] = await listed(api, "lead_officer", subject_id=str(first.id))
    document = await makers.a_document(session, world)
    sent = {"to_body_ids": [str(heirs[1].id)], "decided_by_document_id": str(document.id), "clock": "keep"}
    await api.move(f"/v1/transfers/{it['id']}", "confirm", as_="lead_officer", **sent)
    for query, found in (
        ({"to_body_id": str(heirs[1].id)}, 1),
        ({"to_body_id": str(heirs[0].id)}, 0),
        ({"candidate_id": str(heirs[0].id)}, 3),
        ({"from_body_id": str(world.body["supervised"]), "subject_type": "addressee"}, 3),
        ({"state": "confirmed"}, 1),
    ):
        assert len(await listed(api, "lead_officer", **query)) == found, query


async def test_organs_stay_where_the_event_says_so(api, session, world, campaign):
    clock.set_today(date(2025, 7, 1))
    await asked_of(session, world, campaign, 1)
    await divided(api, session, world, organs_end=False)
    assert await listed(api, "registrar") == []


async def test_the_night_offers_what_was_taken_up_later(session, api, world, campaign):
    """Recorded in June for July: what was issued between is proposed by the nightly clock, once."""
    heir = await a_body(session, "Đảng ủy xã Quảng Điền")
    await an_end(session, [world.body["committee"]], [heir.id], organs=[world.body["supervised"]])
    await asked_of(session, world, campaign, 2)
    for on, made in ((date(2025, 6, 30), 0), (date(2025, 7, 1), 2), (date(2025, 7, 2), 0)):
        uow = as_clock(session, on)
        assert await proposing.propose_missed(uow) == made
        await uow.complete()
    await session.commit()
    found = await listed(api, "lead_officer", state="proposed")
    assert [it["candidate_ids"] for it in found] == [[str(heir.id)]] * 2
    assert await counted(session, OutboxMessage, "lineage_event.propose") == 1


async def test_a_half_given_word_is_void_when_the_successor_ends(api, app, session, world):
    """Confirmed by the successor alone, which then merges itself: both sides speak anew."""
    await makers.a_campaign(session, world)
    second = await a_body(session, "Ban Tuyên giáo và Dân vận", date(2025, 3, 1))
    third = await a_body(session, "Ban Tuyên giáo, Dân vận và Truyền thông", date(2025, 6, 1))
    await somebody(session, world, app, "second", second.id)
    await somebody(session, world, app, "third", third.id)
    clock.set_today(date(2025, 6, 1))

    async def merged(before, after, on):
        event = {"kind": "merge", "effective_on": on, "predecessor_ids": [str(before)], "successor_ids": [str(after)]}
        created(await api.post("/v1/lineage-events", event, as_="registrar"))

    async def confirm(it, part, heir, owner):
        document = await makers.a_document(session, world)
        document.owner_body_id = owner
        await session.commit()
        sent = {"to_body_ids": [str(heir)], "decided_by_document_id": str(document.id), "clock": "keep"}
        return await api.move(f"/v1/transfers/{it['id']}", "confirm", as_=part, **sent)

    await merged(world.body["lead"], second.id, "2025-03-01")
    [it] = await listed(api, "registrar", subject_type="campaign_lead")
    half = await confirm(it, "second", second.id, second.id)
    assert (half["state"], half["missing"]) == ("half_confirmed", ["registrar"])
    await merged(second.id, third.id, "2025-06-01")
    [it] = await listed(api, "registrar", subject_type="campaign_lead")
    assert (it["state"], it["confirmed_by"], it["candidate_ids"]) == ("proposed", [], [str(third.id)])
    story = ok(await api.get(f"/v1/transfers/{it['id']}/transitions", as_="registrar"))["items"]
    assert [line["action"] for line in story] == ["redirect", "confirm", "create"]
    half = await confirm(it, "registrar", third.id, world.body["registry"])
    assert (half["state"], half["missing"]) == ("half_confirmed", ["successor"])
    assert (await confirm(it, "third", third.id, third.id))["state"] == "confirmed"
