"""Who received and who holds a petition that is not closed: both pass as one role, each to what came of the body."""

from datetime import date

from sqlalchemy import select
from sqlmodel import col

from app.domain.petition import PETITION
from app.domain.transfer import TransferRole
from app.models.petition import Petition
from app.models.transfer import Transfer, TransferConfirmation
from app.services.transfers.roles.role import ROLES, Role, holders
from app.services.unit_of_work import UnitOfWork

KIND = TransferRole.PETITION_HOLDER
OPEN = col(Petition.state).not_in(list(PETITION.final))


async def _petition(uow: UnitOfWork, it: Transfer, petition: Petition, word: TransferConfirmation, on: date) -> None:
    """With it goes the right to know who sent it; what was forwarded keeps the bodies of its day."""
    heir = word.to_body_ids[0]
    if petition.holder_body_id == it.from_body_id:
        petition.holder_body_id = heir
    if petition.lead_body_id == it.from_body_id:
        petition.lead_body_id = heir


HELD = holders(KIND, Petition.id, Petition.holder_body_id, Petition.holder_body_id).where(OPEN)
RECEIVED = holders(KIND, Petition.id, Petition.lead_body_id, Petition.lead_body_id).where(OPEN)

ROLES[KIND] = Role(Petition, select(HELD.union(RECEIVED).subquery("petitions_held")), _petition)
