"""What an agreement asks of its parties: a successor in good time, and its entry into force on its day."""

from collections.abc import Iterator

from sqlalchemy import Date, literal
from sqlmodel import col

from app.core.principal import Principal
from app.domain.agreement import AgreementState
from app.domain.lifecycle import Actor
from app.models.agreement import Agreement
from app.policies.relations import ACTORS
from app.services.agreements.reading import expiring
from app.services.tasks.asks import Ask

A = Agreement


def asks(who: Principal) -> Iterator[Ask]:
    ours = ACTORS[A](who)[Actor.LEAD]
    begun = col(A.term_from) <= literal(who.today, Date)
    yield Ask("draft_successor", A, col(A.title), (ours, expiring(who)), col(A.term_to))
    signed = (ours, col(A.state) == AgreementState.SIGNED, begun)
    yield Ask("enter_into_force", A, col(A.title), signed, col(A.term_from))
