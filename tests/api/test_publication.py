"""Matrices before everybody, the moment of publication, what is held back, and who asks too often."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.rates import Buckets
from app.domain.draft import DraftState
from app.domain.report import AnswerKind, ReportKind, ReportState
from app.models.document import Classification
from app.models.draft import Draft
from app.models.opinion import PublicMatrix, PublicMatrixEntry
from tests import makers_criticism as makers
from tests.client import Api, ok
from tests.makers import a_campaign, a_document, a_report, keep
from tests.queries import Queries
from tests.world import World

PATH = "/v1/public/matrices"
CONCLUSIONS = "/v1/public/conclusions"
TODAY = date(2024, 6, 3)
SECRET = "Ông A ở thôn B đề nghị"


@pytest.fixture(autouse=True)
def in_june() -> None:
    clock.set_today(TODAY)


async def a_criticised(session: AsyncSession, world: World, **fields: Any) -> Draft:
    """Its criticism document is out; one opinion was answered on behalf of the drafting body, one is not answered."""
    campaign = await makers.a_criticism(session, world)
    paper = await a_document(session, world, symbol="07/MTTQ-BTT", issued_on=date(2024, 4, 30))
    values = {"state": DraftState.REPLIED, "criticism_document_id": paper.id, "published_on": date(2024, 6, 1)}
    draft = await makers.a_draft(session, world, campaign, **{**values, **fields})
    answered = {
        "answer_kind": AnswerKind.EXPLAINED,
        "answer_text": "Đã có ở Điều 3",
        "answered_on": date(2024, 5, 10),
        "answered_by_body_id": world.body["addressee"],
        "answer_on_behalf": {"document_id": str(paper.id), "received_on": "2024-05-10"},
    }
    expert = {"name": "Lê Thị Chuyên Gia", "title": "Luật gia"}
    await makers.an_opinion(session, world, draft, author_person=expert, **answered)
    await makers.an_opinion(session, world, draft, opinion=SECRET, redacted=True, article="1", clause=None)
    return draft


async def test_a_matrix_is_read_by_anybody_without_a_name(api: Api, world: World, session: AsyncSession) -> None:
    draft = await a_criticised(session, world)
    answer = await api.get(f"{PATH}/{draft.id}")
    read = ok(answer)
    PublicMatrix.model_validate(read)
    assert set(read) == set(PublicMatrix.model_fields)
    (row,) = read["rows"]
    assert (row["label"], row["opinions"][0]["answer"]) == (
        "khoản 1 Điều 2",
        {"kind": "explained", "text": "Đã có ở Điều 3", "on": "2024-05-10"},
    )
    assert read["coverage"] == {"opinions": 1, "answered": 1, "taken_in": 0, "percent": 100.0}
    assert (read["issuing_authority"], read["document"]["symbol"]) == ("HĐND tỉnh", "07/MTTQ-BTT")
    for hidden in (SECRET, "Chuyên Gia", "on_behalf", "author_", "account", "received_on", str(world.body["partner"])):
        assert hidden not in answer.text, hidden


async def test_matrices_are_listed_and_found(api: Api, world: World, session: AsyncSession, queries: Queries) -> None:
    draft = await a_criticised(session, world)
    await a_criticised(session, world, published_on=None)
    queries.reset()
    listed = ok(await api.get(f"{PATH}?count=true"))
    assert (queries.count, listed["count"]) == (1, 1)
    (entry,) = listed["items"]
    PublicMatrixEntry.model_validate(entry)
    assert set(entry) == set(PublicMatrixEntry.model_fields)
    assert (entry["id"], entry["lead_body"]["short_name"]) == (str(draft.id), "BDV Tỉnh ủy")
    for query, found in (
        (f"lead_body_id={world.body['lead']}", 1),
        (f"lead_body_id={world.body['partner']}", 0),
        (f"drafting_body_id={world.body['addressee']}", 1),
        ("published_from=2024-06-01&published_to=2024-06-02", 1),
        ("published_from=2024-06-02", 0),
        ("q=muc ho tro", 1),
        ("q=dat dai", 0),
    ):
        assert len(ok(await api.get(f"{PATH}?{query}"))["items"]) == found, query


@pytest.mark.parametrize(
    "fields",
    [
        {"published_on": None},
        {"published_on": TODAY + timedelta(days=1)},
        {"publish_at": clock.utcnow() + timedelta(days=9000)},
    ],
)
async def test_before_its_day_nobody_outside_knows(
    api: Api, world: World, session: AsyncSession, fields: dict[str, Any]
) -> None:
    draft = await a_criticised(session, world, **fields)
    assert (await api.get(f"{PATH}/{draft.id}")).status_code == 404
    assert ok(await api.get(PATH))["items"] == []


async def publish(api: Api, draft: Draft, *, expect: int = 200, **said: Any) -> dict[str, Any]:
    version = ok(await api.get(f"/v1/drafts/{draft.id}", as_="lead_leader"))["version"]
    answer = await api.put(f"/v1/drafts/{draft.id}/publication", said, as_="lead_leader", if_match=version)
    assert answer.status_code == expect, answer.text
    return dict(answer.json())


async def test_a_matrix_is_published_redacted_and_taken_back(api: Api, world: World, session: AsyncSession) -> None:
    draft = await a_criticised(session, world, published_on=None)
    said = ok(await api.get(f"/v1/drafts/{draft.id}/matrix", as_="lead_leader"))
    shown = next(it["id"] for row in said["rows"] for it in row["opinions"] if it["opinion"] != SECRET)
    read = await publish(api, draft, publish_at="2024-06-04T08:00:00+07:00", redacted_opinion_ids=[shown])
    assert (read["published_on"], read["publish_at"][:16]) == ("2024-06-04", "2024-06-04T01:00")
    assert (await api.get(f"{PATH}/{draft.id}")).status_code == 404
    clock.set_today(date(2024, 6, 5))
    told = await api.get(f"{PATH}/{draft.id}")
    assert [row["opinions"][0]["opinion"] for row in ok(told)["rows"]] == [SECRET]
    version = ok(await api.get(f"/v1/drafts/{draft.id}", as_="lead_leader"))["version"]
    ok(await api.delete(f"/v1/drafts/{draft.id}/publication", as_="lead_leader", if_match=version))
    again = await api.get(f"{PATH}/{draft.id}", headers={"If-None-Match": told.headers["ETag"]})
    assert again.status_code == 404


async def test_nothing_said_is_from_today_and_then_as_before(api: Api, world: World, session: AsyncSession) -> None:
    draft = await a_criticised(session, world, published_on=None)
    assert (await publish(api, draft))["published_on"] == TODAY.isoformat()
    moved = await publish(api, draft, publish_at="2024-06-04T08:00:00+07:00")
    again = await publish(api, draft, redacted_opinion_ids=[])
    assert (again["publish_at"], again["published_on"]) == (moved["publish_at"], "2024-06-04")


async def test_what_cannot_be_published_is_refused(api: Api, world: World, session: AsyncSession) -> None:
    draft = await a_criticised(session, world)
    other = await a_criticised(session, world)
    foreign = await makers.an_opinion(session, world, other)
    await publish(api, draft, expect=404, on="2024-06-01", redacted_opinion_ids=[str(foreign.id)])
    for said in ({"on": "2024-06-01", "publish_at": "2024-06-01"}, {"publish_at": 1717200000}):
        await publish(api, draft, expect=422, **said)
    for moment in ("2024-06-01T08:00:00", "9999-12-31T23:59:59-12:00", "0001-01-01", "2024-02-30", "mai"):
        await publish(api, draft, expect=422, publish_at=moment)
    secret = await a_document(session, world, classification=Classification.SECRET)
    draft.reply_document_id = secret.id
    await keep(session, draft)
    refused = await publish(api, draft, expect=409, on="2024-06-01")
    assert [it["code"] for it in refused["unmet"]] == ["document_unclassified"]


@pytest.fixture
async def conclusion(session: AsyncSession, world: World) -> UUID:
    campaign = await a_campaign(session, world)
    paper = await a_document(session, world, symbol="25-KL/BDVTU", issued_on=date(2024, 5, 15))
    report = await a_report(
        session,
        world,
        campaign,
        kind=ReportKind.CONCLUSION,
        state=ReportState.ISSUED,
        hash="a" * 64,
        document_id=paper.id,
        issued_on=date(2024, 5, 15),
    )
    return report.id


async def test_a_conclusion_is_published_at_its_moment_and_not_before(api: Api, world: World, conclusion: UUID) -> None:
    path = f"/v1/reports/{conclusion}"
    soon = clock.utcnow() + timedelta(hours=30)
    moved = await api.move(path, "publish", as_="lead_leader", publish_at=soon.isoformat())
    assert (moved["state"], moved["published_on"]) == ("published", str(clock.civil(soon)))
    for reader in (None, "stranger", "verifier"):
        own = await api.get(path, as_=reader) if reader else await api.get(f"{CONCLUSIONS}/{conclusion}")
        assert own.status_code == 404, reader
    assert ok(await api.get(f"{CONCLUSIONS}?count=true")) == {"items": [], "next_cursor": None, "count": 0}
    clock.set_today(TODAY + timedelta(days=1))
    assert (await api.get(f"{CONCLUSIONS}/{conclusion}")).status_code == 404, "the day before"
    clock.set_today(TODAY + timedelta(days=2))
    assert ok(await api.get(f"{CONCLUSIONS}/{conclusion}"))["published_on"] == str(clock.civil(soon))
    assert ok(await api.get(path, as_="stranger"))["view"] == "public"
    await api.move(path, "unpublish", as_="lead_leader")
    assert (await api.get(f"{CONCLUSIONS}/{conclusion}")).status_code == 404


async def test_a_day_begins_at_its_midnight_in_viet_nam(api: Api, conclusion: UUID) -> None:
    read = await api.move(f"/v1/reports/{conclusion}", "publish", as_="lead_leader", publish_at="2024-06-10")
    assert (read["published_on"], read["publish_at"][:19]) == ("2024-06-10", "2024-06-09T17:00:00")


async def test_a_token_is_not_looked_at(api: Api, world: World, session: AsyncSession) -> None:
    draft = await a_criticised(session, world)
    unsigned = await api.get(f"{PATH}/{draft.id}")
    for headers in ({"Authorization": "Bearer nonsense"}, {"Authorization": f"Bearer {world.token('lead_leader')}"}):
        assert (await api.get(f"{PATH}/{draft.id}", headers=headers)).json() == ok(unsigned)
    same = await api.get(f"{PATH}/{draft.id}", headers={"If-None-Match": unsigned.headers["ETag"]})
    assert (same.status_code, same.headers["Cache-Control"]) == (304, "public, max-age=60")


@pytest.fixture
def two_a_minute(app: FastAPI) -> Iterator[None]:
    kept, app.state.public_rates = app.state.public_rates, Buckets(2, clock=lambda: 0.0)
    yield
    app.state.public_rates = kept


@pytest.mark.usefixtures("two_a_minute")
async def test_who_asks_too_often_waits(api: Api) -> None:
    assert [(await api.get(PATH)).status_code for _ in range(2)] == [200, 200]
    refused = await api.get(CONCLUSIONS)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert (refused.headers["Retry-After"], refused.headers["Cache-Control"]) == ("30", "no-store")
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_a_bucket_fills_evenly_and_each_address_has_its_own() -> None:
    now = [0.0]
    buckets = Buckets(60, clock=lambda: now[0])
    assert [buckets.take("a") for _ in range(61)] == [0] * 60 + [1]
    assert buckets.take("b") == 0
    now[0] = 1.5
    assert [buckets.take("a"), buckets.take("a")] == [0, 1]
