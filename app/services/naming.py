"""Bodies that a payload names: public to whoever is signed in, so an unknown one is a fault of the field."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.core.errors import Invalid, fault
from app.models.body import Body
from app.policies.relations import among
from app.services.unit_of_work import UnitOfWork


async def require_bodies(uow: UnitOfWork, named: dict[str, UUID | None]) -> None:
    """`named` gives the pointer of each; None names nobody."""
    wanted = {pointer: body_id for pointer, body_id in named.items() if body_id is not None}
    if not wanted:
        return
    known = set((await uow.session.execute(select(col(Body.id)).where(among(Body.id, set(wanted.values()))))).scalars())
    if unknown := [pointer for pointer, body_id in wanted.items() if body_id not in known]:
        raise Invalid(*(fault(pointer, "not_visible") for pointer in unknown))
