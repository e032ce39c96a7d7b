"""A transfer waits for the word of a side that has not spoken."""

from collections.abc import Iterator

from sqlalchemy import and_, exists, or_
from sqlmodel import col

from app.core.principal import Principal
from app.domain.lifecycle import Actor
from app.domain.transfer import UNSETTLED, TransferSide
from app.models.transfer import Transfer, TransferConfirmation
from app.policies.relations import ACTORS, Condition
from app.services.tasks.asks import Ask, name_of


def asks(who: Principal) -> Iterator[Ask]:
    sides = ACTORS[Transfer](who)
    ours = or_(
        and_(sides[Actor.LEAD], _silent(TransferSide.LEAD)),
        and_(sides[Actor.SUCCESSOR_LEADER], _silent(TransferSide.SUCCESSOR)),
        and_(sides[Actor.REGISTRAR], col(Transfer.two_sided), _silent(TransferSide.REGISTRAR)),
    )
    where = (col(Transfer.state).in_(list(UNSETTLED)), ours)
    yield Ask("confirm", Transfer, name_of(col(Transfer.from_body_id)), where)


def _silent(side: TransferSide) -> Condition:
    return ~exists().where(
        col(TransferConfirmation.transfer_id) == col(Transfer.id), col(TransferConfirmation.side) == side
    )
