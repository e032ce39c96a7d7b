"""Who sees transfers: both old sides, the bodies that may receive the role, the registrar (api.md, "Who sees what")."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, literal, or_, select
from sqlmodel import col

from app.core.principal import Duty, Principal
from app.models.transfer import Transfer, TransferCandidate, TransferConfirmation
from app.policies import relations as r
from app.policies.relations import among
from app.policies.visibility.base import CARRIERS, VIEWS, Views


def transfers(who: Principal) -> Views:
    """Those outside the lead's side hear of it only where they know of the record: nobody learns of one by it."""
    theirs = or_(among(Transfer.from_body_id, who.reads), r.offered(Transfer.id, who.reads))
    registry = literal(who.holds(Duty.REGISTRAR))
    return [("full", or_(among(Transfer.lead_body_id, who.reads), registry, and_(col(Transfer.told), theirs)))]


def _of_transfer(model: Any) -> Callable[[Principal], Views]:
    def views(who: Principal) -> Views:
        return [("full", col(model.transfer_id).in_(select(col(Transfer.id)).where(transfers(who)[0][1])))]

    return views


VIEWS.update(
    {
        Transfer: transfers,
        TransferCandidate: _of_transfer(TransferCandidate),
        TransferConfirmation: _of_transfer(TransferConfirmation),
    }
)
CARRIERS["transfer"] = Transfer
