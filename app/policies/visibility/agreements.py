"""Who sees coordination agreements: their parties, and the body that is their focal point."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.lifecycle import Actor
from app.models.agreement import Agreement, AgreementParty, AgreementReview, Commitment
from app.policies.relations import ACTORS, Condition, among
from app.policies.visibility.base import CARRIERS, VIEWS, Views


def bound(agreement_id: Any, bodies: Iterable[UUID]) -> Condition:
    parties = select(col(AgreementParty.agreement_id)).where(among(AgreementParty.body_id, bodies))
    return col(agreement_id).in_(parties)


def _concerned(bodies: Iterable[UUID]) -> Condition:
    return or_(bound(Agreement.id, bodies), among(Agreement.focal_body_id, bodies))


def agreements(who: Principal) -> Views:
    return [("full", _concerned(who.reads))]


def _of_agreement(model: Any) -> Callable[[Principal], Views]:
    def views(who: Principal) -> Views:
        seen = select(col(Agreement.id)).where(_concerned(who.reads))
        return [("full", col(model.agreement_id).in_(seen))]

    return views


def _sides(who: Principal) -> dict[Actor, Condition]:
    """Any party leads, and so does the focal body except in what a leader signs."""
    return {Actor.LEAD: _concerned(who.acts), Actor.LEAD_LEADER: bound(Agreement.id, who.leads)}


VIEWS.update(
    {
        Agreement: agreements,
        AgreementParty: _of_agreement(AgreementParty),
        Commitment: _of_agreement(Commitment),
        AgreementReview: _of_agreement(AgreementReview),
    }
)
ACTORS[Agreement] = _sides
CARRIERS["agreement"] = Agreement
