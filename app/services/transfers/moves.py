"""Confirm, redirect, reject: each side speaks once, and with the last word needed the role passes."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import exists, func, or_, select, update
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible, invalid
from app.core.principal import Duty
from app.domain.recommendation import RecommendationState
from app.domain.transfer import (
    LEAD_ROLES,
    TransferFacts,
    TransferRole,
    TransferSide,
    lifecycle_of,
    sides,
)
from app.models.body import Body
from app.models.recommendation import Recommendation
from app.models.transfer import Confirm, Redirect, Transfer, TransferCandidate, TransferConfirmation, TransferMove
from app.policies.relations import among
from app.policies.visibility import unscoped
from app.services import carriage, steps
from app.services.transfers import effects
from app.services.transfers.offers import candidates_of, offer
from app.services.transfers.roles import ROLES
from app.services.unit_of_work import UnitOfWork


async def advance(uow: UnitOfWork, transfer_id: UUID, move: TransferMove, expected: int | None) -> None:
    it = await steps.find(uow, Transfer, transfer_id, lock=True)
    case = steps.Case(
        it,
        lifecycle_of(it.two_sided),
        lead_body_id=it.lead_body_id,
        facts=_facts,
        effects={"confirm": _confirm, "redirect": _redirect},
    )
    await steps.advance(uow, case, move, expected)


async def _facts(uow: UnitOfWork, it: Transfer, move: TransferMove) -> TransferFacts:
    """Does the body still hold the role in open work? And where it is to be divided: does a claim wait?"""
    role = ROLES[it.subject_type].held.subquery("role")
    held = exists().where(role.c.subject_id == it.subject_id, role.c.from_body_id == it.from_body_id)
    claimed = exists().where(
        col(Recommendation.id) == it.subject_id, col(Recommendation.state) == RecommendationState.VERIFYING
    )
    asked = select(held.label("held"), claimed.label("claimed"))
    row = (await uow.session.execute(asked.execution_options(scope="is there a role to hand over?"))).one()
    divided = isinstance(move, Confirm) and len(set(move.to_body_ids)) > 1
    return TransferFacts(subject_open=row.held, claim_settled=not (divided and row.claimed))


async def _confirm(uow: UnitOfWork, it: Transfer, move: Confirm, on: date) -> None:
    if on < it.effective_on:
        raise invalid("/on", "before_event", on=it.effective_on.isoformat())
    targets = sorted(set(move.to_body_ids))
    side = _side(uow, it, targets)
    said = await _said(uow, it)
    _refuse_repetition(uow, said, side, targets)
    await _check_targets(uow, it, targets, on)
    await carriage.carry(uow, it, documents=[move.decided_by_document_id, move.document_id])
    said.append(_keep(uow, it, move, side, targets, on))
    await uow.session.flush()
    needed = sides(it.subject_type, await candidates_of(uow, it), it.lead_body_id) if it.two_sided else (side,)
    if not set(needed) <= {word.side for word in said}:
        return
    it.confirmed_on = on
    chosen = update(TransferCandidate).where(
        col(TransferCandidate.transfer_id) == it.id, among(TransferCandidate.body_id, targets)
    )
    await uow.session.execute(chosen.values(chosen=True))
    deciding = next((word for word in said if word.side == TransferSide.LEAD), said[-1])
    await effects.hand_over(uow, it, deciding, on)


def _side(uow: UnitOfWork, it: Transfer, targets: Sequence[UUID]) -> TransferSide:
    """A successor's leader speaks for its own body alone."""
    if uow.who.holds(Duty.REGISTRAR):
        return TransferSide.REGISTRAR
    if it.subject_type not in LEAD_ROLES:
        return TransferSide.LEAD
    if not set(targets) <= set(uow.who.leads):
        raise Forbidden
    return TransferSide.SUCCESSOR


async def _said(uow: UnitOfWork, it: Transfer) -> list[TransferConfirmation]:
    rows = unscoped(TransferConfirmation, reason="the word of the other side").where(
        col(TransferConfirmation.transfer_id) == it.id
    )
    return list((await uow.session.execute(rows.order_by(col(TransferConfirmation.id)))).scalars())


def _refuse_repetition(
    uow: UnitOfWork, said: Sequence[TransferConfirmation], side: TransferSide, targets: Sequence[UUID]
) -> None:
    """One side, and one person, speaks once; both sides mean the same bodies."""
    if any(word.side == side or word.account_id == uow.who.account_id for word in said):
        raise Conflict("already_confirmed")
    if any(word.to_body_ids != list(targets) for word in said):
        raise Conflict("targets_differ")


async def _check_targets(uow: UnitOfWork, it: Transfer, targets: Sequence[UUID], on: date) -> None:
    if not set(targets) <= set(await candidates_of(uow, it)):
        raise invalid("/to_body_ids", "not_a_candidate")
    if len(targets) > 1 and it.subject_type != TransferRole.ADDRESSEE:
        raise invalid("/to_body_ids", "one_successor")
    await _in_being(uow, targets, on)


async def _in_being(uow: UnitOfWork, body_ids: Sequence[UUID], on: date) -> None:
    """On the day of the act; a body that begins later, or has ended, receives nothing."""
    living = (
        select(func.count())
        .select_from(Body)
        .where(
            among(Body.id, body_ids),
            col(Body.valid_from) <= on,
            or_(col(Body.valid_to).is_(None), col(Body.valid_to) >= on),
        )
    )
    if (await uow.session.execute(living)).scalar_one() != len(body_ids):
        raise invalid("/to_body_ids", "body_ended")


def _keep(
    uow: UnitOfWork, it: Transfer, move: Confirm, side: TransferSide, targets: Sequence[UUID], on: date
) -> TransferConfirmation:
    word = TransferConfirmation(
        transfer_id=it.id,
        side=side,
        account_id=uow.who.account_id,
        body_id=targets[0] if side == TransferSide.SUCCESSOR else uow.who.body_id,
        to_body_ids=list(targets),
        decided_by_document_id=move.decided_by_document_id,
        clock=move.clock,
        due_on=move.due_on,
        confirmed_on=on,
    )
    uow.add(word)
    return word


async def _redirect(uow: UnitOfWork, it: Transfer, move: Redirect, on: date) -> None:
    wanted = list(dict.fromkeys(move.to_body_ids))
    known = select(func.count()).select_from(Body).where(among(Body.id, wanted))
    if (await uow.session.execute(known)).scalar_one() != len(wanted):
        raise NotVisible
    if it.from_body_id in wanted:
        raise invalid("/to_body_ids", "body_ended")
    await _in_being(uow, wanted, on)
    await carriage.carry(uow, it, documents=[move.document_id])
    await offer(uow, it, wanted)
