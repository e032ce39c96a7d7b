"""What a role is to a transfer: which open work a body holds it in, and how it passes on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, literal, or_, select, update
from sqlmodel import SQLModel, col

from app.domain.delegation import DelegationState
from app.domain.report import ReportState
from app.domain.transfer import TransferRole
from app.models.delegation import Delegation, DelegationMember
from app.models.report import Report
from app.models.transfer import Transfer, TransferConfirmation
from app.services.transfers.offers import change
from app.services.unit_of_work import UnitOfWork

HandOver = Callable[[UnitOfWork, Transfer, Any, TransferConfirmation, date], Awaitable[None]]


@dataclass(frozen=True)
class Role:
    """`held` has a row for each body that holds the role in open work, made by `holders`.

    `hand_over` gets the transfer, the record (locked), the word that decides and the day; it moves the column of the
    role and what hangs on it. The history, the version and the message of the record are not its affair.
    """

    model: type[SQLModel]
    held: Select[Any]
    hand_over: HandOver


ROLES: dict[TransferRole, Role] = {}


def holders(
    role: TransferRole, subject_id: Any, holder: Any, lead: Any, *, told: ColumnElement[bool] | None = None
) -> Select[Any]:
    """Who holds the role, and the body that leads the work; add joins and what `open` means.

    `told` is true where the sides other than the lead's know of the record. What the holder itself answers for (a
    petition, a seat in an agreement) has no other lead: name the holder.
    """
    columns: list[ColumnElement[Any]] = [
        literal(str(role), String).label("subject_type"),
        col(subject_id).label("subject_id"),
        col(holder).label("from_body_id"),
        col(lead).label("lead_body_id"),
        (literal(True) if told is None else told).label("told"),
    ]
    return select(*columns).select_from(holder.class_)


async def pass_drafts(uow: UnitOfWork, it: Transfer, heir: UUID, which: ColumnElement[bool]) -> None:
    """What was not sent is the heir's to finish; what was sent keeps its author."""
    drafts = update(Report).where(
        which, col(Report.author_body_id) == it.from_body_id, col(Report.state) == ReportState.DRAFT
    )
    await change(uow, drafts.values(author_body_id=heir, version=Report.version + 1))


async def pass_seats(uow: UnitOfWork, it: Transfer, heir: UUID, campaign_id: UUID, on: date) -> None:
    """Who sat for the ended body sits for its heir, from the day on which they belong to that."""
    ours = select(col(Delegation.id)).where(
        col(Delegation.campaign_id) == campaign_id, col(Delegation.state) != DelegationState.DISSOLVED
    )
    seats = update(DelegationMember).where(
        col(DelegationMember.delegation_id).in_(ours),
        col(DelegationMember.body_id) == it.from_body_id,
        or_(col(DelegationMember.valid_to).is_(None), col(DelegationMember.valid_to) >= on),
    )
    await change(uow, seats.values(body_id=heir))
