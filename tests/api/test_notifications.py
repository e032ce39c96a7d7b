"""What somebody was told, read in their language and marked as read."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.models.history import Notification, OutboxMessage
from tests import makers
from tests.client import Api, ok
from tests.queries import Queries
from tests.world import World


@pytest.fixture
async def notified(session: AsyncSession, world: World) -> list[Notification]:
    """The lead's officer was told that a recommendation was issued, and once more that it was replied to."""
    recommendation = await makers.a_recommendation(session, world, await makers.a_campaign(session, world))
    rows = []
    for action, was, became in (("issue", "draft", "issued"), ("reply", "issued", "replied")):
        payload = {"was": was, "became": became, "by_body_id": str(world.body["addressee"])}
        about = {
            "type": f"recommendation.{action}",
            "subject_type": "recommendation",
            "subject_id": recommendation.id,
            "payload": payload,
        }
        message = OutboxMessage(**about, sent_at=datetime.now(UTC))
        await makers.keep(session, message)
        whom = {"account_id": world.account["lead_officer"], "body_id": world.body["lead"]}
        rows.append(Notification(**about, **whom, outbox_message_id=message.id))
        await makers.keep(session, rows[-1])
    return rows


async def listed(api: Api, query: str = "", **rest: Any) -> list[dict[str, Any]]:
    return list(ok(await api.get(f"/v1/notifications{query}", as_="lead_officer", **rest))["items"])


async def test_a_notification_says_what_happened_to_which_record(api: Api, notified: list[Notification]) -> None:
    newest = (await listed(api))[0]
    assert newest["id"] == str(notified[1].id)
    assert newest["record"]["title"] == "Cụ thể hóa các văn bản về công tác Mặt trận và đoàn thể"
    assert newest["by_body"]["short_name"] == "Phòng Nội vụ"
    assert newest["text"].startswith("Kiến nghị “Cụ thể hóa")
    assert (await listed(api, language="en"))[0]["text"].startswith("Recommendation “Cụ thể hóa")


async def test_reading_one_leaves_the_other_unread(api: Api, notified: list[Notification]) -> None:
    read = await api.post(f"/v1/notifications/{notified[0].id}/read", as_="lead_officer")
    assert read.status_code == 204
    assert [it["id"] for it in await listed(api, "?unread=true")] == [str(notified[1].id)]
    assert [it["id"] for it in await listed(api, "?unread=false")] == [str(notified[0].id)]


async def test_reading_everything(api: Api, notified: list[Notification]) -> None:
    assert (await api.post("/v1/notifications/read-all", as_="lead_officer")).status_code == 204
    assert await listed(api, "?unread=true") == []


async def test_nobody_reads_what_another_was_told(api: Api, notified: list[Notification]) -> None:
    assert ok(await api.get("/v1/notifications", as_="lead_leader"))["items"] == []
    assert (await api.post(f"/v1/notifications/{notified[0].id}/read", as_="lead_leader")).status_code == 404
    assert (await api.post("/v1/notifications/read-all", as_="lead_leader")).status_code == 204
    assert len(await listed(api, "?unread=true")) == 2


async def test_the_list_takes_one_statement_however_long(
    api: Api, notified: list[Notification], queries: Queries
) -> None:
    await listed(api, "?limit=1")
    one = queries.count
    queries.reset()
    await listed(api, "?limit=200")
    assert queries.count == one <= 2
