"""A party to an agreement that still binds: its seat passes with what it undertook."""

from datetime import date

from sqlalchemy import delete, update
from sqlmodel import col

from app.domain.agreement import AGREEMENT
from app.domain.transfer import TransferRole
from app.models.agreement import Agreement, AgreementParty, Commitment
from app.models.transfer import Transfer, TransferConfirmation
from app.policies.visibility import unscoped
from app.services.transfers.offers import change
from app.services.transfers.roles.role import ROLES, Role, holders
from app.services.unit_of_work import UnitOfWork

KIND = TransferRole.AGREEMENT_PARTY


async def _party(uow: UnitOfWork, it: Transfer, agreement: Agreement, word: TransferConfirmation, on: date) -> None:
    """Where the heir is a party already, the two become one; who signed stays in the history of the agreement."""
    heir = word.to_body_ids[0]
    ours = col(AgreementParty.agreement_id) == agreement.id
    former = (ours, col(AgreementParty.body_id) == it.from_body_id)
    present = unscoped(AgreementParty, reason="is the heir bound already?").where(
        ours, col(AgreementParty.body_id) == heir
    )
    if (await uow.session.execute(present)).first() is not None:
        await change(uow, delete(AgreementParty).where(*former))
    else:
        await change(uow, update(AgreementParty).where(*former).values(body_id=heir))
    undertaken = update(Commitment).where(
        col(Commitment.agreement_id) == agreement.id, col(Commitment.body_id) == it.from_body_id
    )
    await change(uow, undertaken.values(body_id=heir))
    if agreement.lead_body_id == it.from_body_id:
        agreement.lead_body_id = heir
    if agreement.focal_body_id == it.from_body_id:
        agreement.focal_body_id = heir


BODY = AgreementParty.body_id
SEATS = holders(KIND, AgreementParty.agreement_id, BODY, BODY).join(
    Agreement, col(Agreement.id) == col(AgreementParty.agreement_id)
)

ROLES[KIND] = Role(Agreement, SEATS.where(col(Agreement.state).not_in(list(AGREEMENT.final))), _party)
