"""What a petition asks: of its receiver to classify it and to tell the citizen, of its holder to answer."""

from collections.abc import Iterator

from sqlmodel import col

from app.core.principal import Principal
from app.domain.lifecycle import Actor
from app.domain.petition import PetitionState as State
from app.models.petition import Petition
from app.policies.relations import ACTORS
from app.services.tasks.asks import Ask

P = Petition


def asks(who: Principal) -> Iterator[Ask]:
    sides = ACTORS[P](who)
    received, held = sides[Actor.LEAD], sides[Actor.ADDRESSEE]
    waiting = {
        "classify": (received, [State.RECEIVED]),
        "answer": (held, [State.CLASSIFIED, State.FORWARDED]),
        "inform": (received, [State.ANSWERED]),
    }
    for action, (side, states) in waiting.items():
        yield Ask(action, P, col(P.title), (side, col(P.state).in_(states)))
