"""Agreements that end soon, or have ended, while nobody drafts the next: their parties are told, once for each."""

from sqlalchemy import update
from sqlmodel import col

from app.models.agreement import Agreement
from app.services.agreements.reading import expiring
from app.services.unit_of_work import UnitOfWork

A = Agreement


async def tell(uow: UnitOfWork) -> int:
    """Marking and telling commit together; of two runs at once the second waits, and then finds nothing untold."""
    untold = (expiring(uow.who), col(A.expiry_told_on).is_(None))
    marked = update(Agreement).where(*untold).values(expiry_told_on=uow.today).returning(Agreement)
    found = (await uow.session.execute(marked.execution_options(synchronize_session=False))).scalars().all()
    for it in found:
        uow.record("agreement.expire_soon", it, lead_body_id=it.lead_body_id)
    return len(found)
