"""Accounts on the axes: set up by the administrator of the body, stopped by themselves when the axis refuses them."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden
from app.core.principal import Duty
from app.domain.dispatch import AxisState, DispatchChannel
from app.models.dispatch import AxisAccount, AxisAccountCreate, AxisAccountUpdate
from app.services import steps
from app.services.dispatches.reading import ACCOUNTS
from app.services.reading import Page, read_page
from app.services.unit_of_work import UnitOfWork


async def listing(uow: UnitOfWork, page: Page) -> bytes:
    return await read_page(uow, ACCOUNTS, page)


async def create(uow: UnitOfWork, payload: AxisAccountCreate) -> UUID:
    if not uow.who.holds(Duty.ADMINISTRATOR):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    if await _has_one(uow, uow.who.body_id):
        raise Conflict("axis_account_exists")
    fields: dict[str, Any] = payload.model_dump(exclude={"url"})
    url = str(payload.url).rstrip("/")
    it = AxisAccount(body_id=uow.who.body_id, account_id=uow.who.account_id, url=url, **fields)
    uow.add(it)
    await uow.session.flush()
    uow.record("axis_account.create", it)
    return it.id


async def _has_one(uow: UnitOfWork, body_id: UUID) -> bool:
    own = select(col(AxisAccount.id)).where(col(AxisAccount.body_id) == body_id)
    return (await uow.session.execute(own.execution_options(scope="by which way?"))).first() is not None


async def channel(uow: UnitOfWork, body_id: UUID, asked: DispatchChannel | None) -> DispatchChannel:
    """The one asked for; else the axis where the body has an account, else a file."""
    has_account = await _has_one(uow, body_id)
    if asked is DispatchChannel.AXIS and not has_account:
        raise Conflict("no_axis_account")
    return asked or (DispatchChannel.AXIS if has_account else DispatchChannel.FILE)


async def update(uow: UnitOfWork, identifier: UUID, payload: AxisAccountUpdate, expected: int | None) -> None:
    """Starting it again forgets why it was stopped."""
    it = await steps.find(uow, AxisAccount, identifier, lock=True)
    steps.check_version(it, expected)
    fields = payload.model_dump(exclude_unset=True)
    if "url" in fields:
        fields["url"] = str(fields["url"]).rstrip("/")
    it.sqlmodel_update(fields)
    if it.state == AxisState.ACTIVE:
        it.stopped_reason = None
    steps.touch(it)
    await uow.session.flush()
    uow.record("axis_account.update", it, fields=sorted(fields))
