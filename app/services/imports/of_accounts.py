"""People of a body, as invitations: by its administrator, or by the registrar for the first administrators.

The links are made when they are handed out (services.imports.links); nobody's password is ever in a table.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.core.errors import Conflict
from app.core.principal import Duty, Principal
from app.models.account import Invitation, InvitationCreate
from app.services import invitations
from app.services.imports.columns import KEY, Column, Table
from app.services.imports.lines import Line
from app.services.imports.offers import Offer
from app.services.steps import find
from app.services.unit_of_work import UnitOfWork

ACCOUNTS = Table(
    "accounts",
    (
        Column(KEY, required=True, width=16),
        Column("login", required=True, width=36),
        Column("name", required=True, width=30),
        Column("duties", "codes", required=True, vocabulary="duty", width=30),
        Column("from", "date", pointers=("/duties/*/from",), width=16),
        Column("to", "date", pointers=("/duties/*/to",), width=16),
        Column("body", "body", pointers=("/body_id",), width=50),
    ),
)


def _may(who: Principal) -> bool:
    return who.holds(Duty.ADMINISTRATOR) or who.holds(Duty.REGISTRAR)


def _shape(line: Line) -> dict[str, Any]:
    values = line.values
    duties = [{"duty": it, "from": values["from"], "to": values.get("to")} for it in values.get("duties", ())]
    return {"duties": duties, **{name: values[name] for name in ("login", "name") if name in values}}


async def _look_up(uow: UnitOfWork, lines: Sequence[Line]) -> None:
    """Duties begin today unless a row says otherwise."""
    for line in lines:
        line.values.setdefault("from", uow.today)


async def _create(uow: UnitOfWork, lines: Sequence[Line]) -> list[UUID]:
    return [await _invite(uow, it) for it in lines]


async def _invite(uow: UnitOfWork, line: Line) -> UUID:
    invitation_id, _ = await invitations.issue(uow, line.values.get("body", uow.who.body_id), line.payload)
    return invitation_id


async def _update(uow: UnitOfWork, line: Line, invitation_id: UUID) -> UUID:
    """Another invitation instead: the earlier link ends, one that was used stays as it is."""
    earlier = await find(uow, Invitation, invitation_id)
    if earlier.used_at is not None:
        raise Conflict("invitation_used")
    await invitations.withdraw(uow, earlier.body_id, invitation_id)
    return await _invite(uow, line)


OFFER = Offer(
    table=ACCOUNTS,
    model=Invitation,
    payload=InvitationCreate,
    may=_may,
    shape=_shape,
    create=_create,
    update=_update,
    look_up=_look_up,
)
