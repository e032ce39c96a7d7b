"""Who did what, for auditors: every act of their own body, and of others what touched the records it leads."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col

from app.core.errors import Forbidden
from app.core.principal import Duty, Principal
from app.models.history import AuditEvent, AuditFilter, AuditParty, AuditRead
from app.services.reading import Page, Projection, body_ref, civil_date, person_ref, read_page
from app.services.unit_of_work import UnitOfWork


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {
        "body": body_ref(col(AuditEvent.body_id), civil_date(col(AuditEvent.at)), who.today),
        "account": person_ref(col(AuditEvent.account_id)),
    }


AUDIT = Projection(AuditEvent, reads={"full": AuditRead, "party": AuditParty}, columns=_columns)


async def page(uow: UnitOfWork, asked: AuditFilter) -> bytes:
    if not uow.who.holds(Duty.AUDITOR):
        raise Forbidden
    return await read_page(uow, AUDIT, Page.of(asked, "-seq"), where=_where(asked), filters=asked.filters())


def _where(asked: AuditFilter) -> list[ColumnElement[bool]]:
    chosen: dict[Any, list[Any]] = {
        AuditEvent.action: asked.action,
        AuditEvent.subject_type: asked.subject_type,
        AuditEvent.subject_id: asked.subject_id,
        AuditEvent.body_id: asked.body_id,
    }
    where: list[ColumnElement[bool]] = [col(column).in_(values) for column, values in chosen.items() if values]
    if asked.at_from is not None:
        where.append(civil_date(col(AuditEvent.at)) >= asked.at_from)
    if asked.at_to is not None:
        where.append(civil_date(col(AuditEvent.at)) <= asked.at_to)
    return where
