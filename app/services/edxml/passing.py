"""The desk of a body that has ended: what waits there passes to what the body has become, and nothing else of it does.

One heir takes all of it. Of several, the one for which the organ id stands under which the message came: the registrar
says so in the directory. Until then it waits, and the accounts of the ended body still read it for a time.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlmodel import col

from app.domain.edxml import MessageDirection, MessageState
from app.models.body import Body
from app.models.edxml import EdxmlDelivery, EdxmlMessage
from app.services import lineage
from app.services.edxml import aliases
from app.services.steps import touch
from app.services.unit_of_work import UnitOfWork

M, D = EdxmlMessage, EdxmlDelivery


@dataclass(frozen=True, slots=True)
class _Held:
    """A waiting message at the desk of an ended body, and the organ id under which that body was addressed."""

    message: EdxmlMessage
    body_id: UUID
    organ_id: str


async def pass_on(uow: UnitOfWork) -> int:
    """Gives how many messages have passed; done again it finds what came or was settled since."""
    held = await _held(uow)
    heirs = await lineage.heirs(uow, {it.body_id for it in held}) if held else {}
    named = await aliases.bodies_of(uow, {it.organ_id for it in held}, uow.today)
    passed = [it for it in held if _pass(uow, it, heirs[it.body_id], named.get(it.organ_id))]
    await uow.session.flush()
    return len(passed)


async def _held(uow: UnitOfWork) -> list[_Held]:
    """Of a message for several bodies each; one for nobody known is at the desk of the body that brought it."""
    holder = func.coalesce(col(M.desk_body_id), col(D.body_id), col(M.brought_by_body_id))
    rows: Any = (
        select(M, holder, func.coalesce(col(D.organ_id), ""))
        .outerjoin(D, and_(col(D.message_id) == col(M.id), col(M.desk_body_id).is_(None)))
        .join(Body, and_(col(Body.id) == holder, col(Body.valid_to) < uow.today))
        .where(col(M.direction) == MessageDirection.IN, col(M.state) == MessageState.QUARANTINED)
        .order_by(col(M.id), col(D.id))
        .with_for_update(of=M, skip_locked=True)
    )
    found = await uow.session.execute(rows.execution_options(scope="desks of ended bodies"))
    return [_Held(message, body_id, organ_id or _first(message)) for message, body_id, organ_id in found]


def _first(message: EdxmlMessage) -> str:
    organs: Iterable[str] = message.header.get("to", [])
    return next(iter(organs), "")


def _pass(uow: UnitOfWork, it: _Held, heirs: Collection[UUID], named: UUID | None) -> bool:
    heir = next(iter(heirs)) if len(heirs) == 1 else named if named in heirs else None
    if heir is None or it.message.desk_body_id == heir:
        return False
    it.message.desk_body_id = heir
    touch(it.message)
    passed = {"from_body_id": str(it.body_id), "to_body_id": str(heir)}
    uow.note("edxml_message.pass", "edxml_message", it.message.id, lead_body_id=heir, **passed)
    return True
