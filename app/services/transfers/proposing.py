"""What ended bodies hold in open work, as transfers proposed to what came of them.

A reorganisation of the whole country proposes thousands at once: a handful of statements, one audit line each, and one
message for the event, of which everybody concerned is told once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, insert, select, union_all, update
from sqlmodel import col

from app.core.ids import new_id
from app.domain.transfer import TransferRole, TransferState, sides
from app.models.body import LineageEnd, LineageEvent
from app.models.history import Transition
from app.models.transfer import Transfer
from app.policies.relations import Condition, among
from app.services import calendars
from app.services.transfers import offers
from app.services.transfers.roles import ROLES
from app.services.unit_of_work import UnitOfWork

KIND = "transfer"


async def propose(uow: UnitOfWork, event: LineageEvent) -> None:
    """The roles of the bodies that the event has ended; what was offered to them is offered to their successors."""
    on = min(event.effective_on, uow.today)
    renewed = [Line(*it) for it in await offers.replace_ended(uow, event.id)]
    await _renew(uow, [it.id for it in renewed])
    await _tell(uow, "redirect", renewed, on)
    made = await _propose(uow, col(LineageEnd.event_id) == event.id)
    if made or renewed:
        uow.record("lineage_event.propose", event)


async def propose_missed(uow: UnitOfWork) -> int:
    """Roles taken up after the event was recorded, but before the body's last day, or entered late."""
    made = await _propose(uow, col(LineageEvent.effective_on) <= uow.today)
    events = select(LineageEvent).where(among(LineageEvent.id, {it["event_id"] for it in made}))
    for event in (await uow.session.execute(events.order_by(col(LineageEvent.id)))).scalars() if made else ():
        uow.record("lineage_event.propose", event)
    return len(made)


async def _renew(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
    if ids:
        again = update(Transfer).where(among(Transfer.id, ids))
        await offers.change(uow, again.values(state=TransferState.PROPOSED, version=Transfer.version + 1))


async def _propose(uow: UnitOfWork, which: Condition) -> list[dict[str, Any]]:
    held = await uow.session.execute(_held(which).execution_options(scope="roles of ended bodies"))
    made = [_proposed(uow, it) for it in held.mappings()]
    if made:
        await uow.session.execute(insert(Transfer), made)
        await offers.open_to_successors(uow, [it["id"] for it in made])
        for on in {it["effective_on"] for it in made}:
            lines = [Line(it["id"], None, it["lead_body_id"]) for it in made if it["effective_on"] == on]
            await _tell(uow, "create", lines, min(on, uow.today))
    return made


def _held(which: Condition) -> Select[Any]:
    """Each role of these bodies in open work for which the event has no transfer yet."""
    held = union_all(*(role.held for role in ROLES.values())).subquery("held")
    known = exists().where(
        col(Transfer.event_id) == col(LineageEnd.event_id),
        col(Transfer.from_body_id) == held.c.from_body_id,
        col(Transfer.subject_id) == held.c.subject_id,
        col(Transfer.subject_type) == held.c.subject_type,
    )
    return (
        select(held, col(LineageEnd.event_id), col(LineageEvent.effective_on))
        .join(LineageEnd, col(LineageEnd.body_id) == held.c.from_body_id)
        .join(LineageEvent, col(LineageEvent.id) == col(LineageEnd.event_id))
        .where(which, ~known)
        .order_by(held.c.subject_type, held.c.subject_id, held.c.from_body_id)
    )


def _proposed(uow: UnitOfWork, held: Any) -> dict[str, Any]:
    """Two-sided at first where the role is its holder's own affair; the rest is settled with the candidates."""
    role = TransferRole(held["subject_type"])
    start = {"id": new_id(), "created_at": uow.now, "version": 1, "state": TransferState.PROPOSED}
    two_sided = len(sides(role, (), held["lead_body_id"])) > 1
    return {**held, **start, "subject_type": role, "two_sided": two_sided}


@dataclass(frozen=True)
class Line:
    """One transfer that an event has proposed or offered anew, with the state in which it was."""

    id: UUID
    was: str | None
    lead_body_id: UUID


async def _tell(uow: UnitOfWork, action: str, moved: Sequence[Line], on: date) -> None:
    """A line of history and one of the audit for each."""
    late, by = await calendars.recorded_late(uow, on), uow.who if uow.who.signed_in else None
    for it in moved:
        line = Transition(
            subject_type=KIND,
            subject_id=it.id,
            action=action,
            from_state=it.was,
            to_state=TransferState.PROPOSED,
            on_date=on,
            created_at=uow.now,
            recorded_late=late,
            account_id=by.account_id if by else None,
            body_id=by.body_id if by else None,
        )
        uow.add(line)
        uow.note(f"{KIND}.{action}", KIND, it.id, was=it.was, became=line.to_state, lead_body_id=it.lead_body_id)
    await uow.session.flush()
