"""Bodies that a payload names: public to whoever is signed in, so an unknown one is a fault of the field."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.core.errors import Invalid, fault
from app.models.body import Body
from app.policies.relations import among
from app.services.unit_of_work import UnitOfWork


def each(pointer: str, ids: Iterable[UUID]) -> dict[str, UUID | None]:
    """The members of one list, by their places in it."""
    return {f"{pointer}/{i}": it for i, it in enumerate(ids)}


async def require_bodies(uow: UnitOfWork, named: Mapping[str, UUID | None]) -> None:
    """`named` gives the pointer of each; None names nobody."""
    wanted = {pointer: body_id for pointer, body_id in named.items() if body_id is not None}
    if not wanted:
        return
    known = set((await uow.session.execute(select(col(Body.id)).where(among(Body.id, set(wanted.values()))))).scalars())
    if unknown := [pointer for pointer, body_id in wanted.items() if body_id not in known]:
        raise Invalid(*(fault(pointer, "not_visible") for pointer in unknown))
