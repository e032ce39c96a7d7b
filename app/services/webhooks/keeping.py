"""What an administrator does with the webhooks of its body."""

import base64
import os
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import JSON, ColumnElement, cast, func, select, update
from sqlmodel import col

from app.adapters.webhook_http import Guard
from app.core.errors import Conflict, Forbidden, invalid
from app.core.ids import new_id
from app.core.principal import Duty, Principal
from app.domain.webhook import WebhookDeliveryState, WebhookState
from app.models.base import ListQuery
from app.models.webhook import (
    SecretRotation,
    Webhook,
    WebhookCreate,
    WebhookDelivery,
    WebhookDeliveryFilter,
    WebhookDeliveryRead,
    WebhookRead,
    WebhookReplay,
    WebhookUpdate,
)
from app.services import queue
from app.services.reading import Page, Projection, body_ref, civil_date, read_page
from app.services.steps import check_version, find
from app.services.unit_of_work import UnitOfWork
from app.services.webhooks.telling import cloud_event

MOST = 20
"""Webhooks of one body."""

REPLAYED_AT_ONCE = 1000


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {"body": body_ref(col(Webhook.body_id), civil_date(col(Webhook.created_at)), who.today)}


def _content(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {"content": cast(col(WebhookDelivery.content), JSON)}


WEBHOOK = Projection(model=Webhook, reads={"full": WebhookRead}, columns=_columns)
DELIVERY = Projection(model=WebhookDelivery, reads={"full": WebhookDeliveryRead}, columns=_content)


async def listing(uow: UnitOfWork, query: ListQuery) -> bytes:
    return await read_page(uow, WEBHOOK, Page.of(query), filters=query.filters())


async def create(uow: UnitOfWork, payload: WebhookCreate, guard: Guard) -> tuple[UUID, str | None]:
    """Its id, and the secret unless this is a retry: no secret is shown twice."""
    if not uow.who.holds(Duty.ADMINISTRATOR):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made, None
    _check_target(payload.url, guard)
    await uow.serialise("webhooks", uow.who.body_id)
    if await _count(uow) >= MOST:
        raise Conflict("too_many_webhooks", params={"most": MOST})
    it = Webhook(body_id=uow.who.body_id, secret=new_secret(), **payload.model_dump())
    uow.add(it)
    await uow.session.flush()
    uow.note("webhook.create", "webhook", it.id)
    uow.stand_for("webhook", it.id)
    return it.id, it.secret


async def _count(uow: UnitOfWork) -> int:
    counted = select(func.count()).select_from(Webhook).where(col(Webhook.body_id) == uow.who.body_id)
    return int((await uow.session.execute(counted.execution_options(scope="scoped"))).scalar_one())


def _check_target(url: str | None, guard: Guard) -> None:
    """What is plainly not to be called is refused at once; the rest when it is called, by what its name means then."""
    if url is not None and guard.refuses(httpx.URL(url)):
        raise invalid("/url", "private_target")


def new_secret() -> str:
    """256 bits, as the Standard Webhooks specification writes them."""
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()


async def change(uow: UnitOfWork, webhook_id: UUID, payload: WebhookUpdate, expected: int | None, guard: Guard) -> None:
    it = await find(uow, Webhook, webhook_id, lock=True)
    check_version(it, expected)
    _check_target(payload.url, guard)
    given = payload.model_dump(exclude_unset=True, exclude={"active"})
    for name, value in given.items():
        if value is not None or name == "description":
            setattr(it, name, value)
    if payload.active is not None:
        it.state = WebhookState.ACTIVE if payload.active else WebhookState.PAUSED
        it.failing_since = None
    uow.note("webhook.update", "webhook", it.id)
    await uow.session.flush()


async def remove(uow: UnitOfWork, webhook_id: UUID, expected: int | None) -> None:
    """With the log of its deliveries."""
    it = await find(uow, Webhook, webhook_id, lock=True)
    check_version(it, expected)
    uow.note("webhook.delete", "webhook", it.id)
    await uow.session.delete(it)


async def rotate(uow: UnitOfWork, webhook_id: UUID, payload: SecretRotation) -> str | None:
    """A new secret; the old one signs beside it for a while. None for a retry."""
    it = await find(uow, Webhook, webhook_id, lock=True)
    if await uow.claim() is not None:
        return None
    it.previous_secret, it.previous_until = it.secret, uow.now + timedelta(hours=payload.overlap_hours)
    it.secret = new_secret()
    uow.note("webhook.rotate", "webhook", it.id)
    uow.stand_for("webhook", it.id)
    await uow.session.flush()
    return it.secret


async def ping(uow: UnitOfWork, webhook_id: UUID) -> UUID:
    """A delivery that tells of nothing, sent like any other."""
    it = await find(uow, Webhook, webhook_id)
    if (made := await uow.claim()) is not None:
        return made
    if it.state != WebhookState.ACTIVE:
        raise Conflict("webhook_not_active")
    made = new_id()
    event = cloud_event(made, "webhook.ping", uow.now, "webhook", it.id, it.version)
    row = WebhookDelivery(id=made, webhook_id=it.id, type="webhook.ping", content=event, next_try_at=uow.now)
    uow.add(row)
    await uow.session.flush()
    uow.stand_for("webhook_delivery", made)
    await queue.enqueue(uow.session, queue.CALL, [made])
    return made


async def deliveries(uow: UnitOfWork, webhook_id: UUID, query: WebhookDeliveryFilter) -> bytes:
    await find(uow, Webhook, webhook_id)
    where = [col(WebhookDelivery.webhook_id) == webhook_id]
    if query.state:
        where.append(col(WebhookDelivery.state).in_(query.state))
    filters = {"webhook_id": webhook_id, **query.filters()}
    return await read_page(uow, DELIVERY, Page.of(query), where=where, filters=filters)


async def replay(uow: UnitOfWork, webhook_id: UUID, payload: WebhookReplay) -> int:
    """Send again what was sent or given up, under the same ids: a receiver that has them already will notice."""
    it = await find(uow, Webhook, webhook_id, lock=True)
    if it.state != WebhookState.ACTIVE:
        raise Conflict("webhook_not_active")
    if payload.delivery_id is not None:
        chosen = [(await find(uow, WebhookDelivery, payload.delivery_id)).id]
    else:
        chosen = await _of_period(uow, webhook_id, payload)
    line = col(WebhookDelivery.id)
    again = update(WebhookDelivery).where(line.in_(chosen), col(WebhookDelivery.webhook_id) == webhook_id)
    values = {"state": WebhookDeliveryState.WAITING, "attempts": 0, "next_try_at": uow.now}
    revived = list((await uow.session.execute(again.values(**values).returning(line))).scalars())
    uow.note("webhook.replay", "webhook", it.id, count=len(revived))
    if revived:
        await queue.enqueue(uow.session, queue.CALL, revived)
    return len(revived)


async def _of_period(uow: UnitOfWork, webhook_id: UUID, payload: WebhookReplay) -> list[UUID]:
    """The oldest first."""
    made = col(WebhookDelivery.created_at)
    within = [col(WebhookDelivery.webhook_id) == webhook_id, made >= payload.from_]
    if payload.to is not None:
        within.append(made <= payload.to)
    ids = select(col(WebhookDelivery.id)).where(*within).order_by(col(WebhookDelivery.id)).limit(REPLAYED_AT_ONCE)
    return list((await uow.session.execute(ids.execution_options(scope="of a webhook just found"))).scalars())
