"""What a briefing asks of its chair: to hold it, and to answer what was put before it."""

from collections.abc import Iterator

from sqlalchemy import Date, func, literal, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.briefing import BriefingState
from app.domain.lifecycle import Actor
from app.domain.proposal import ProposalState
from app.models.briefing import Briefing
from app.models.proposal import Proposal
from app.policies.relations import ACTORS
from app.services.tasks.asks import Ask, name_of

B, P = Briefing, Proposal


def asks(who: Principal) -> Iterator[Ask]:
    """A briefing is due to be held on its day; until then nothing waits."""
    chair, answerer = ACTORS[B](who)[Actor.LEAD], ACTORS[P](who)[Actor.LEAD]
    come = col(B.scheduled_on) <= literal(who.today, Date)
    named = func.coalesce(col(B.title), name_of(B.chair_body_id))
    yield Ask("hold", B, named, (chair, col(B.state) == BriefingState.SCHEDULED, come), col(B.scheduled_on))
    held = select(col(B.id)).where(col(B.state) != BriefingState.SCHEDULED)
    unanswered = (answerer, col(P.state) == ProposalState.OPEN, col(P.briefing_id).in_(held))
    yield Ask("answer", P, col(P.text), unanswered)
