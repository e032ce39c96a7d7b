"""An administrator keeps the webhooks of its body."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.retries import pause
from app.domain.webhook import WebhookState, wants
from app.models.webhook import WebhookDelivery
from tests import makers_told
from tests.client import Api, created, ok
from tests.world import World

pytestmark = pytest.mark.thorough

URL = "https://vanban.example.vn/giamsat"


async def test_the_secret_is_shown_when_it_is_made_and_never_again(api: Api) -> None:
    made = created(await api.post("/v1/webhooks", {"url": URL}, as_="administrator", key="one"))
    assert made["secret"].startswith("whsec_")
    again = await api.post("/v1/webhooks", {"url": URL}, as_="administrator", key="one")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert again.json()["id"] == made["id"]
    for answer in (again, await api.get(f"/v1/webhooks/{made['id']}", as_="administrator")):
        assert "secret" not in answer.json()


@pytest.mark.parametrize("part", ["lead_leader", "registrar", "auditor", "stranger"])
async def test_only_an_administrator_keeps_webhooks(api: Api, session: AsyncSession, world: World, part: str) -> None:
    webhook = await makers_told.a_webhook(session, world)
    assert (await api.post("/v1/webhooks", {"url": URL}, as_=part)).status_code == 403
    assert (await api.get(f"/v1/webhooks/{webhook.id}", as_=part)).status_code == 404
    assert ok(await api.get("/v1/webhooks", as_=part))["items"] == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://vanban.example.vn", "private_target"),
        ("https://10.0.0.1/x", "private_target"),
        ("https://169.254.169.254/latest", "private_target"),
        ("https://user:pass@vanban.example.vn/", "webhook_url"),
        ("ftp://vanban.example.vn/", "webhook_url"),
        ("https://", "webhook_url"),
        ("https://vanban.example.vn:99999/", "webhook_url"),
        ("https://văn-bản.example.vn/", "webhook_url"),
    ],
)
async def test_an_address_that_may_not_be_called_is_refused(api: Api, url: str, code: str) -> None:
    answer = await api.post("/v1/webhooks", {"url": url}, as_="administrator")
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["code"] == code


async def test_a_webhook_is_paused_started_again_and_deleted(api: Api, session: AsyncSession, world: World) -> None:
    webhook = await makers_told.a_webhook(session, world)
    delivery = await makers_told.a_delivery(session, webhook)
    path = f"/v1/webhooks/{webhook.id}"
    change: dict[str, Any] = {"active": False, "event_types": ["report.*"]}
    paused = ok(await api.patch(path, change, as_="administrator", if_match=1))
    assert (paused["state"], paused["event_types"], paused["version"]) == ("paused", ["report.*"], 2)
    refused = await api.post(f"{path}/replay", {"delivery_id": str(delivery.id)}, as_="administrator")
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook_not_active")
    assert (await api.patch(path, {"active": True}, as_="administrator", if_match=1)).status_code == 412
    assert ok(await api.patch(path, {"active": True}, as_="administrator", if_match=2))["state"] == "active"
    assert (await api.delete(path, as_="administrator", if_match=3)).status_code == 204
    assert (await api.get(f"{path}/deliveries", as_="administrator")).status_code == 404


async def test_a_ping_and_a_replay_are_in_the_log(api: Api, session: AsyncSession, world: World) -> None:
    webhook = await makers_told.a_webhook(session, world)
    path = f"/v1/webhooks/{webhook.id}"
    ping = await api.post(f"{path}/pings", as_="administrator")
    assert (ping.status_code, ping.json()["type"], ping.json()["state"]) == (202, "webhook.ping", "waiting")
    sent = await makers_told.a_delivery(session, webhook, state="delivered", attempts=3, next_try_at=None)
    again = await api.post(f"{path}/replay", {"from": "2024-01-01T00:00:00Z"}, as_="administrator")
    assert (again.status_code, again.json()) == (202, {"count": 2})
    await session.refresh(sent)
    assert (sent.state, sent.attempts) == ("waiting", 0)
    listed = ok(await api.get(f"{path}/deliveries", as_="administrator", params={"state": "waiting", "count": "true"}))
    assert listed["count"] == 2
    assert listed["items"][0]["content"]["specversion"] == "1.0"


async def test_a_delivery_of_another_webhook_is_not_replayed(api: Api, session: AsyncSession, world: World) -> None:
    ours, theirs = [await makers_told.a_webhook(session, world, part) for part in ("administrator", "stranger")]
    foreign: WebhookDelivery = await makers_told.a_delivery(session, theirs)
    answer = await api.post(f"/v1/webhooks/{ours.id}/replay", {"delivery_id": str(foreign.id)}, as_="administrator")
    assert answer.status_code == 404


async def test_a_body_has_at_most_twenty(api: Api, session: AsyncSession, world: World) -> None:
    for _ in range(20):
        await makers_told.a_webhook(session, world, state=WebhookState.PAUSED)
    answer = await api.post("/v1/webhooks", {"url": URL}, as_="administrator")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_webhooks")


def test_tries_end_after_three_days() -> None:
    waits = [pause(attempts, 0.5) for attempts in range(1, 11)]
    assert waits[-1] is None
    assert 70 * 3600 < sum(it.total_seconds() for it in waits if it) < 74 * 3600
    assert pause(1, 0.0) < pause(1, 1.0)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("filters", "event", "wanted"),
    [
        ([], "report.issue", True),
        (["report.*"], "report.issue", True),
        (["report.issue"], "report.adopt", False),
        (["report.*"], "report_comment.create", False),
    ],
)
def test_a_webhook_is_called_for_the_events_it_asks_for(filters: list[str], event: str, *, wanted: bool) -> None:
    assert wants(filters, event) == wanted
