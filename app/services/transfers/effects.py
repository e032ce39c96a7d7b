"""What a confirmed transfer does: the column of the role moves, what was written before keeps the names of its day.

Whoever holds a role sees the record with its whole past, so moving the role is all the access there is to give.
"""

from datetime import date
from typing import Any

from sqlmodel import col

from app.models.transfer import Transfer, TransferConfirmation
from app.policies.visibility import unscoped
from app.services.steps import touch, write_transition
from app.services.transfers import division
from app.services.transfers.roles import ROLES
from app.services.unit_of_work import UnitOfWork, subject


async def hand_over(uow: UnitOfWork, it: Transfer, word: TransferConfirmation, on: date) -> None:
    """The record shows the step in its own history, and everybody of it is told."""
    role = ROLES[it.subject_type]
    model: Any = role.model
    by_id = unscoped(role.model, reason="handed over by a confirmed transfer").where(col(model.id) == it.subject_id)
    record: Any = (await uow.session.execute(by_id.with_for_update())).scalar_one()
    if len(word.to_body_ids) > 1:
        await division.divide(uow, record, word, on)
        return
    await role.hand_over(uow, it, record, word, on)
    touch(record)
    await uow.session.flush()
    said = division.said(word)
    await write_transition(uow, record, "transfer", was=record.state, became=record.state, on=on, move=said, case=None)
    uow.record(f"{subject(record)}.transfer", record, lead_body_id=it.lead_body_id, role=str(it.subject_type))
