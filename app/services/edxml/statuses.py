"""What became of a document at its addressee: every report is kept, the latest one counts.

Whoever follows deliveries (services of dispatches) adds to `FOLLOWERS` a function that moves its own record; it is
called in the transaction of the report, once for each report that is applied.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sqlmodel import col

from app.adapters import edxml
from app.domain.edxml import Rule, StatusCode
from app.models.edxml import EdxmlMessage, EdxmlStatus
from app.policies.visibility import unscoped
from app.services.unit_of_work import UnitOfWork

Follower = Callable[[UnitOfWork, EdxmlMessage, EdxmlStatus], Awaitable[None]]

FOLLOWERS: list[Follower] = []

RANK = {it: place for place, it in enumerate(StatusCode)}


def reported_at(status: edxml.Status) -> datetime:
    """Times of the axes are those of Viet Nam."""
    return status.at.replace(tzinfo=edxml.VIET_NAM)


async def place(uow: UnitOfWork, about: EdxmlMessage, status: edxml.Status) -> tuple[Rule, EdxmlStatus | None]:
    """Is the report new, older than what is known, or the same as one that is kept?"""
    statement = unscoped(EdxmlStatus, reason="what was reported before?").where(
        col(EdxmlStatus.about_message_id) == about.id, col(EdxmlStatus.organ_id) == status.sender.organ_id.upper()
    )
    known = list((await uow.session.execute(statement)).scalars())
    here = (reported_at(status), RANK[status.code])
    for it in known:
        if (it.reported_at, RANK[it.status]) == here:
            return Rule.SAME, it
    last = max(((it.reported_at, RANK[it.status]) for it in known if it.applied), default=None)
    return (Rule.OLDER if last is not None and here < last else Rule.OK), None


async def keep(
    uow: UnitOfWork, about: EdxmlMessage, status: edxml.Status, message: EdxmlMessage, *, applied: bool
) -> None:
    it = EdxmlStatus(
        about_message_id=about.id,
        message_id=message.id,
        organ_id=status.sender.organ_id.upper(),
        status=status.code,
        reported_at=reported_at(status),
        note=status.description[:4000],
        staff=_staff(status.staff),
        applied=applied,
    )
    uow.add(it)
    await uow.session.flush()
    if applied:
        for follow in FOLLOWERS:
            await follow(uow, about, it)


def _staff(it: edxml.Staff) -> dict[str, Any]:
    told = {"department": it.department, "name": it.staff, "email": it.email, "mobile": it.mobile}
    return {name: value for name, value in told.items() if value}
