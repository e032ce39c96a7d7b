"""Petitions as they are read on their path: projection by view, filters, pages."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select
from sqlmodel import col

from app.core.principal import Principal
from app.domain.petition import PETITION
from app.models.base import search_expression
from app.models.petition import (
    DisclosureLine,
    IdentityDisclosure,
    Petition,
    PetitionFilter,
    PetitionForward,
    PetitionIdentity,
    PetitionParty,
    PetitionRead,
)
from app.policies.relations import Condition
from app.services import steps
from app.services.reading import (
    Page,
    Projection,
    body_ref,
    civil_date,
    json_list,
    matching,
    person_ref,
    read_page,
)
from app.services.unit_of_work import UnitOfWork

P = Petition


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    named = {
        name: body_ref(col(getattr(P, f"{name}_id")), col(P.received_on), who.today)
        for name in ("lead_body", "holder_body", "about_body")
    }
    known = exists().where(col(PetitionIdentity.petition_id) == col(P.id)).correlate(Petition)
    return {**named, "forwards": _forwards(who), "has_identity": known}


def _forwards(who: Principal) -> ColumnElement[Any]:
    plain = ("id", "from_body_id", "to_body_id", "forwarded_on", "document_id", "with_identity", "received_on")
    on = col(PetitionForward.forwarded_on)
    rows: Select[Any] = select(
        *(col(getattr(PetitionForward, name)) for name in plain),
        body_ref(col(PetitionForward.from_body_id), on, who.today).label("from_body"),
        body_ref(col(PetitionForward.to_body_id), on, who.today).label("to_body"),
    ).where(col(PetitionForward.petition_id) == col(P.id))
    return json_list(rows.correlate(P), order=[col(PetitionForward.id)])


PETITIONS = Projection(
    model=Petition,
    reads={"full": PetitionRead, "party": PetitionParty},
    columns=_columns,
    lifecycle=lambda kind: PETITION,
)

SEARCHED = search_expression("title")
CHOSEN = ("state", "lead_body_id", "holder_body_id", "about_body_id", "topic")


async def page(uow: UnitOfWork, asked: PetitionFilter) -> bytes:
    return await read_page(uow, PETITIONS, Page.of(asked), where=_conditions(asked), filters=asked.filters())


def _conditions(asked: PetitionFilter) -> list[Condition]:
    found: list[Condition] = [
        col(getattr(P, name)).in_(getattr(asked, name)) for name in CHOSEN if getattr(asked, name)
    ]
    if asked.received_from is not None:
        found.append(col(P.received_on) >= asked.received_from)
    if asked.received_to is not None:
        found.append(col(P.received_on) <= asked.received_to)
    if asked.q is not None:
        found.append(matching(SEARCHED, asked.q))
    return found


def _disclosure_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {
        "account": person_ref(col(IdentityDisclosure.account_id)),
        "body": body_ref(col(IdentityDisclosure.body_id), civil_date(IdentityDisclosure.created_at), who.today),
    }


DISCLOSURES = Projection(model=IdentityDisclosure, reads={"full": DisclosureLine}, columns=_disclosure_columns)


async def disclosures_page(uow: UnitOfWork, petition_id: UUID, page: Page) -> bytes:
    await steps.find(uow, Petition, petition_id)
    where = [col(IdentityDisclosure.petition_id) == petition_id]
    return await read_page(uow, DISCLOSURES, page, where=where, filters={"petition_id": petition_id})
