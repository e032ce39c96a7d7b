"""Issuer, addressee and verifier of a recommendation that has not ended.

What a campaign's lead issued passes with its lead; `issuer` is for those whose campaign has ended, or that have none.
A draft's addressee is no role yet: its lead names another. A lead that verifies itself passes both roles at once.
"""

from datetime import date

from sqlalchemy import or_, select
from sqlmodel import col

from app.core.errors import invalid
from app.domain.campaign import CAMPAIGN
from app.domain.recommendation import TERMINAL, RecommendationState
from app.domain.transfer import ClockPolicy, TransferRole
from app.models.campaign import Campaign
from app.models.recommendation import Recommendation
from app.models.transfer import Transfer, TransferConfirmation
from app.services import lineage
from app.services.transfers import division
from app.services.transfers.roles.role import ROLES, Role, holders
from app.services.unit_of_work import UnitOfWork

R = Recommendation


async def _issuer(uow: UnitOfWork, it: Transfer, asked: Recommendation, word: TransferConfirmation, on: date) -> None:
    heir = word.to_body_ids[0]
    asked.first_issuer_id = asked.first_issuer_id or asked.issuer_body_id
    asked.issuer_body_id = heir
    if asked.verifier_body_id == it.from_body_id:
        asked.verifier_body_id = await division.verifier_for(uow, heir, heir, asked.addressee_id)


async def _verifier(uow: UnitOfWork, it: Transfer, asked: Recommendation, word: TransferConfirmation, on: date) -> None:
    heir = word.to_body_ids[0]
    if asked.addressee_id is not None and heir in await lineage.kin(uow, asked.addressee_id):
        raise invalid("/to_body_ids", "verifier_is_addressee")
    asked.verifier_body_id = heir


async def _addressee(
    uow: UnitOfWork, it: Transfer, asked: Recommendation, word: TransferConfirmation, on: date
) -> None:
    """What was said and done before stays: only who answers for the rest has changed."""
    heir = word.to_body_ids[0]
    asked.verifier_body_id = await division.verifier_for(uow, asked.verifier_body_id, asked.issuer_body_id, heir)
    asked.first_addressee_id = asked.first_addressee_id or asked.addressee_id
    asked.addressee_id = heir
    if word.clock == ClockPolicy.RESTART:
        await division.restart(uow, asked, word, on)


OPEN = col(R.state).not_in(list(TERMINAL))
ISSUED = col(R.issued_on).is_not(None)
LED = select(col(Campaign.id)).where(col(Campaign.state).not_in(list(CAMPAIGN.final)))
ALONE = or_(col(R.campaign_id).is_(None), col(R.campaign_id).not_in(LED))
ISSUER = R.issuer_body_id

ROLES[TransferRole.ISSUER] = Role(
    Recommendation, holders(TransferRole.ISSUER, R.id, ISSUER, ISSUER).where(OPEN, ALONE), _issuer
)
ROLES[TransferRole.ADDRESSEE] = Role(
    Recommendation,
    holders(TransferRole.ADDRESSEE, R.id, R.addressee_id, ISSUER).where(
        OPEN, col(R.state) != RecommendationState.DRAFT
    ),
    _addressee,
)
ROLES[TransferRole.VERIFIER] = Role(
    Recommendation,
    holders(TransferRole.VERIFIER, R.id, R.verifier_body_id, ISSUER, told=ISSUED).where(
        OPEN, col(R.verifier_body_id) != col(ISSUER)
    ),
    _verifier,
)
