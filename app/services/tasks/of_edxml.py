"""Messages that wait for a person: what is in quarantine, and what came in but must be confirmed or answered."""

from collections.abc import Iterator

from sqlalchemy import false, func, true
from sqlmodel import col

from app.core.principal import Principal
from app.domain.edxml import MessageDirection, MessageState
from app.models.edxml import EdxmlMessage
from app.policies.relations import among
from app.policies.visibility import visible
from app.services.tasks.asks import Ask

M = EdxmlMessage


def asks(who: Principal) -> Iterator[Ask]:
    """By whoever keeps the papers of a receiving body."""
    ours = (visible(M, who), true() if who.records else false(), col(M.direction) == MessageDirection.IN)
    title = func.coalesce(col(M.subject), col(M.exchange_id), col(M.code))
    yield Ask("replay", M, title, (*ours, col(M.state) == MessageState.QUARANTINED))
    mine = (among(M.purge_asked_body_id, who.bodies), col(M.purge_asked_by_id) != who.account_id)
    yield Ask("confirm_purge", M, title, (*ours, *mine, col(M.purge_asked_at).is_not(None), col(M.purged_at).is_(None)))
    yield Ask("link", M, title, (*ours, col(M.state) == MessageState.ACCEPTED, col(M.needs_person).is_(True)))
