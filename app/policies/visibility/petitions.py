"""Who sees petitions: the bodies on their path, redacted unless forwarded with identity; nobody lists who sent them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import false, or_, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.lifecycle import Actor
from app.models.petition import IdentityDisclosure, Petition, PetitionForward, PetitionIdentity
from app.policies.relations import ACTORS, Condition, among
from app.policies.visibility.base import CARRIERS, VIEWS, Views


def _reached(bodies: Iterable[UUID], *conditions: Condition) -> Any:
    return select(col(PetitionForward.petition_id)).where(among(PetitionForward.to_body_id, bodies), *conditions)


def knows_the_sender(bodies: Iterable[UUID]) -> Condition:
    """The body that received it, and those to which it was forwarded with identity."""
    trusted = _reached(bodies, col(PetitionForward.with_identity).is_(True))
    return or_(among(Petition.lead_body_id, bodies), col(Petition.id).in_(trusted))


def _on_path(bodies: Iterable[UUID]) -> Condition:
    return or_(among(Petition.holder_body_id, bodies), col(Petition.id).in_(_reached(bodies)))


def petitions(who: Principal) -> Views:
    return [("full", knows_the_sender(who.reads)), ("party", _on_path(who.reads))]


def forwards(who: Principal) -> Views:
    seen = select(col(Petition.id)).where(or_(knows_the_sender(who.reads), _on_path(who.reads)))
    return [("full", col(PetitionForward.petition_id).in_(seen))]


def identities(who: Principal) -> Views:
    """By its key, in a disclosure, and in no other way."""
    return [("full", false())]


def disclosures(who: Principal) -> Views:
    """The body that received the petition knows who asked; others what they asked themselves."""
    received = select(col(Petition.id)).where(among(Petition.lead_body_id, who.reads))
    own = among(IdentityDisclosure.body_id, who.reads)
    return [("full", or_(own, col(IdentityDisclosure.petition_id).in_(received)))]


def _sides(who: Principal) -> dict[Actor, Condition]:
    """The lead received it, the addressee is the one that holds it now."""
    return {
        Actor.LEAD: among(Petition.lead_body_id, who.acts),
        Actor.ADDRESSEE: among(Petition.holder_body_id, who.acts),
    }


VIEWS.update(
    {
        Petition: petitions,
        PetitionForward: forwards,
        PetitionIdentity: identities,
        IdentityDisclosure: disclosures,
    }
)
ACTORS[Petition] = _sides
CARRIERS["petition"] = Petition
