"""The first account of an installation comes from the command line, and only once."""

import pytest
from pydantic import ValidationError
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.core.errors import Conflict
from app.core.principal import Duty
from app.models.history import AuditEvent
from app.services import identity
from tests.api.passwords import ask
from tests.client import Api, ok

FIRST = {"login": "Quan.Tri@example.vn", "name": "Lê Thị Quản Trị", "body_name": "Văn phòng Ủy ban Trung ương"}


@pytest.fixture
async def without_registry(session: AsyncSession) -> AsyncSession:
    await session.execute(text("UPDATE body SET is_registry = false"))
    return session


async def test_an_installation_has_one_registry(session: AsyncSession) -> None:
    with pytest.raises(Conflict) as refused:
        await identity.first_admin(session, **FIRST)
    assert refused.value.code == "registry_exists"


async def test_the_first_account_registers_and_administers(api: Api, without_registry: AsyncSession) -> None:
    made = await identity.first_admin(without_registry, **FIRST, password="mật khẩu đầu tiên")
    await without_registry.commit()
    assert made.invitation is None
    audited = select(col(AuditEvent.action)).order_by(col(AuditEvent.seq)).execution_options(scope="test")
    assert (await without_registry.execute(audited)).scalars().first() == "body.create"
    granted = ok(await ask(api, grant_type="password", username="quan.tri@example.vn", password="mật khẩu đầu tiên"))
    assert granted["scope"].split() == [Duty.ADMINISTRATOR, Duty.REGISTRAR]


async def test_without_a_password_a_link_is_given(api: Api, without_registry: AsyncSession) -> None:
    made = await identity.first_admin(without_registry, **FIRST)
    await without_registry.commit()
    shown = ok(await api.get(f"/v1/auth/invitations/{made.invitation}"))
    assert [it["duty"] for it in shown["duties"]] == [Duty.REGISTRAR, Duty.ADMINISTRATOR]
    assert shown["login"] == "quan.tri@example.vn"


async def test_a_short_password_is_refused(without_registry: AsyncSession) -> None:
    with pytest.raises(ValidationError):
        await identity.first_admin(without_registry, **FIRST, password="ngắn")
