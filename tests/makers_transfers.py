"""Rows of a reorganisation: bodies that end and begin, the event between them, their people, roles on offer."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import utcnow
from app.core.ids import new_id
from app.core.principal import Duty
from app.domain.body import BodyKind, Level, LineageKind
from app.domain.transfer import TransferRole
from app.models.account import Account, Membership, MembershipDuty, SessionFamily
from app.models.body import Body, BodyName, LineageEnd, LineageEvent, LineageLink
from app.models.transfer import Transfer, TransferCandidate
from tests.makers import keep
from tests.world import World

ENDED = date(2025, 7, 1)


async def _laid(session: AsyncSession, *rows: Any) -> None:
    """For rows that name them, which are kept together with them."""
    session.add_all(rows)
    await session.flush()


async def a_body(session: AsyncSession, name: str, since: date = ENDED, **fields: Any) -> Body:
    """A commune's Party committee unless told otherwise."""
    values = {"kind": BodyKind.PARTY_COMMITTEE, "level": Level.COMMUNE, "valid_from": since, **fields}
    body = Body(**values)
    await _laid(session, body)
    await keep(session, BodyName(body_id=body.id, name=name, short_name=name, valid_from=since))
    return body


async def an_end(
    session: AsyncSession,
    ended: Sequence[UUID],
    heirs: Sequence[UUID],
    on: date = ENDED,
    *,
    organs: Sequence[UUID] = (),
    kind: LineageKind = LineageKind.DIVIDE,
) -> LineageEvent:
    """What a lineage event leaves behind, without its transfers."""
    event = LineageEvent(kind=kind, effective_on=on)
    await _laid(session, event)
    links = [(body_id, False) for body_id in ended] + [(body_id, True) for body_id in heirs]
    session.add_all(LineageLink(event_id=event.id, body_id=body_id, successor=after) for body_id, after in links)
    for body_id in (*ended, *organs):
        session.add(LineageEnd(event_id=event.id, body_id=body_id))
        body = await session.get_one(Body, body_id)
        body.valid_to, body.readable_until = on - timedelta(days=1), on + timedelta(days=90)
    await session.commit()
    return event


async def somebody(
    session: AsyncSession, world: World, app: FastAPI, part: str, body_id: UUID, duty: Duty = Duty.LEADER
) -> UUID:
    """Signed in as `part` for the body."""
    now = utcnow()
    account = Account(login=f"{part}@example.vn", name=part)
    await _laid(session, account)
    membership = Membership(account_id=account.id, body_id=body_id, accepted_at=now)
    family = SessionFamily(
        id=new_id(), account_id=account.id, body_id=body_id, last_used_at=now, expires_at=now + timedelta(days=14)
    )
    await _laid(session, membership, family)
    await keep(session, MembershipDuty(membership_id=membership.id, duty=duty, valid_from=date(2015, 1, 1)))
    tokens = app.state.tokens
    world.tokens[part] = tokens.issue(account_id=account.id, body_id=body_id, family_id=family.id, scope="")
    return account.id


async def a_transfer(
    session: AsyncSession,
    event: LineageEvent,
    role: TransferRole,
    subject_id: UUID,
    *,
    from_: UUID,
    lead: UUID,
    to: Sequence[UUID],
    **fields: Any,
) -> Transfer:
    values: dict[str, Any] = {
        "event_id": event.id,
        "subject_type": role,
        "subject_id": subject_id,
        "from_body_id": from_,
        "lead_body_id": lead,
        "effective_on": event.effective_on,
        "two_sided": role == TransferRole.CAMPAIGN_LEAD,
    }
    it = Transfer(**{**values, **fields})
    await _laid(session, it)
    await keep(session, *(TransferCandidate(transfer_id=it.id, body_id=body_id) for body_id in to))
    return it
