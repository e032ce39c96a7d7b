"""From a change to the program of another body: signed, at least once, under one id, and only what that body sees."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from app.adapters.webhook_http import Guard
from app.core.clock import utcnow
from app.domain.recommendation import RecommendationState
from app.domain.webhook import WebhookDeliveryState, WebhookState
from app.models.history import Notification
from app.models.webhook import Webhook, WebhookDelivery
from app.services.webhooks import sending
from app.services.webhooks.keeping import new_secret
from app.worker import tell
from tests import makers, makers_told
from tests.commit.test_worker import happen
from tests.receiver import Receiver, receiving
from tests.world import World

pytestmark = pytest.mark.thorough

Sessions = async_sessionmaker[AsyncSession]
INSIDE = Guard(private=True)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as it:
        yield it


async def a_change(sessions: Sessions, world: World, **fields: Any) -> Any:
    async with sessions() as session:
        campaign = await makers.a_campaign(session, world)
        return await makers.a_recommendation(session, world, campaign, **fields)


async def deliveries(sessions: Sessions) -> list[WebhookDelivery]:
    async with sessions() as session:
        found = select(WebhookDelivery).order_by(col(WebhookDelivery.id)).execution_options(scope="test")
        return list((await session.execute(found)).scalars())


async def fetched(sessions: Sessions, webhook: Webhook) -> Webhook:
    async with sessions() as session:
        return await session.get_one(Webhook, webhook.id)


async def send_all(sessions: Sessions) -> None:
    for it in await deliveries(sessions):
        await sending.send(sessions, it.id, INSIDE)


async def time_passes(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await session.execute(text("UPDATE webhook_delivery SET next_try_at = now() WHERE next_try_at IS NOT NULL"))


async def test_a_step_reaches_the_program_of_the_addressee_as_a_signed_cloud_event(
    committed: Sessions, template: World, receiver: Receiver
) -> None:
    async with committed() as session:
        webhook = await makers_told.a_webhook(session, template, "addressee", url=receiver.url)
    it = await a_change(committed, template)
    message = await happen(committed, template, it, "recommendation.issue")
    await tell(committed, message)
    await send_all(committed)
    [(headers, body)] = receiver.received
    event = Verifier(webhook.secret).verify(body, headers)
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert (event["specversion"], event["type"], event["id"]) == ("1.0", "recommendation.issue", str(message))
    assert event["data"] == {"type": "recommendation", "id": str(it.id), "version": 1}
    [delivery] = await deliveries(committed)
    assert (delivery.state, delivery.status, delivery.attempts) == (WebhookDeliveryState.DELIVERED, 204, 1)


async def test_nothing_goes_to_bodies_that_do_not_see_the_record_or_do_not_ask_for_the_event(
    committed: Sessions, template: World, receiver: Receiver
) -> None:
    async with committed() as session:
        await makers_told.a_webhook(session, template, "stranger", url=receiver.url)
        await makers_told.a_webhook(session, template, "addressee", url=receiver.url, event_types=["report.*"])
        await makers_told.a_webhook(session, template, "lead_officer", url=receiver.url, state=WebhookState.PAUSED)
    draft = await a_change(committed, template, state=RecommendationState.DRAFT, issued_on=None)
    await tell(committed, await happen(committed, template, draft, "recommendation.update"))
    assert await deliveries(committed) == []


async def test_both_secrets_sign_while_they_overlap(committed: Sessions, template: World, receiver: Receiver) -> None:
    old, new = new_secret(), new_secret()
    until = {"previous_secret": old, "previous_until": utcnow() + timedelta(hours=1)}
    async with committed() as session:
        webhook = await makers_told.a_webhook(session, template, url=receiver.url, secret=new, **until)
        await makers_told.a_delivery(session, webhook)
    await send_all(committed)
    [(headers, body)] = receiver.received
    for secret in (old, new):
        Verifier(secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(new_secret()).verify(body, headers)


async def test_a_failure_is_tried_again_later_under_the_same_id(
    committed: Sessions, template: World, receiver: Receiver
) -> None:
    async with committed() as session:
        webhook = await makers_told.a_webhook(session, template, url=receiver.url)
        await makers_told.a_delivery(session, webhook)
    receiver.answers = [503]
    await send_all(committed)
    [delivery] = await deliveries(committed)
    assert (delivery.state, delivery.status, delivery.failure) == ("waiting", 503, "status")
    await send_all(committed)
    assert len(receiver.received) == 1, "not before its time"
    await time_passes(committed)
    await send_all(committed)
    assert len(set(receiver.ids)) == 1
    assert len(receiver.received) == 2
    assert json.loads(receiver.received[0][1]) == json.loads(receiver.received[1][1])
    assert (await fetched(committed, webhook)).failing_since is None


async def test_after_three_days_a_delivery_is_given_up(
    committed: Sessions, template: World, receiver: Receiver
) -> None:
    async with committed() as session:
        webhook = await makers_told.a_webhook(session, template, url=receiver.url)
        await makers_told.a_delivery(session, webhook, attempts=9)
    receiver.answers = [500]
    await send_all(committed)
    [delivery] = await deliveries(committed)
    assert (delivery.state, delivery.next_try_at) == (WebhookDeliveryState.DEAD, None)
    assert (await fetched(committed, webhook)).state == WebhookState.ACTIVE


@pytest.mark.parametrize(("answer", "failing_days"), [(410, 0), (500, 6)])
async def test_a_webhook_that_is_gone_or_fails_for_days_is_disabled_and_its_administrator_told(
    committed: Sessions, template: World, receiver: Receiver, answer: int, failing_days: int
) -> None:
    since = utcnow() - timedelta(days=failing_days) if failing_days else None
    async with committed() as session:
        webhook = await makers_told.a_webhook(session, template, url=receiver.url, failing_since=since)
        await makers_told.a_delivery(session, webhook)
    receiver.answers = [answer]
    await send_all(committed)
    assert (await fetched(committed, webhook)).state == WebhookState.DISABLED
    async with committed() as session:
        message = (await session.execute(text("SELECT id FROM outbox_message"))).scalar_one()
    await tell(committed, message)
    async with committed() as session:
        told = select(col(Notification.account_id), col(Notification.type)).execution_options(scope="test")
        assert (await session.execute(told)).all() == [(template.account["administrator"], "webhook.disable")]


async def test_what_a_dead_worker_had_taken_is_queued_again_when_its_time_is_over(
    committed: Sessions, template: World, receiver: Receiver
) -> None:
    async with committed() as session:
        webhook = await makers_told.a_webhook(session, template, url=receiver.url)
        taken = utcnow() + sending.TAKEN_FOR
        await makers_told.a_delivery(session, webhook, attempts=1, next_try_at=taken)
    async with committed.begin() as session:
        assert await sending.requeue_due(session) == 0
    await time_passes(committed)
    async with committed.begin() as session:
        assert await sending.requeue_due(session) == 1
