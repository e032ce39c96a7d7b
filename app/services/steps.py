"""The one way any lifecycle moves: who may, is it a retry, the present version, an allowed move? Then the deed.

The order of refusals is that of the contract: 403, idempotent replay, 428, 412, 409 (api.md, section 14).
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, insert, or_, select
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import SQLModel, col

from app.core.errors import (
    Conflict,
    Forbidden,
    Invalid,
    MoveNotAllowed,
    NeedsUnmet,
    NotVisible,
    Stale,
    Unversioned,
    fault,
    invalid,
)
from app.core.principal import READING
from app.domain.lifecycle import PREVIOUS, REPRESENTABLE, Actor, Lifecycle, Step
from app.models.account import Membership, MembershipDuty
from app.models.body import ActsThrough, Body
from app.models.history import Transition
from app.policies.visibility import scoped
from app.services import calendars
from app.services.reading import actors_of
from app.services.unit_of_work import Told, UnitOfWork, subject

M = TypeVar("M", bound=SQLModel)
Effect = Callable[[UnitOfWork, Any, Any, date], Awaitable[None]]

Part = tuple[UUID, int]
"""What has no version of its own: its id, and the version of the record that it is part of."""


@dataclass(frozen=True)
class Case:
    """A record about to move, with what its move depends on.

    `facts` loads what the needs look at; `effects` do what a step does beside changing the state;
    `represented` is the body for which the lead's side may record on behalf.
    """

    it: Any
    lifecycle: Lifecycle
    lead_body_id: UUID
    facts: Callable[[UnitOfWork, Any, Any], Awaitable[Any]]
    effects: dict[str, Effect] = field(default_factory=dict)
    represented: UUID | None = None
    own_date: str | None = None


async def find(uow: UnitOfWork, model: type[M], identifier: UUID, *, lock: bool = False) -> M:
    """Fetch = authorise: hidden and absent are both NotVisible. `lock` for whoever is about to change it."""
    statement = scoped(model, uow.who).where(col(model.id) == identifier)  # type: ignore[attr-defined]
    if lock:
        statement = statement.with_for_update(of=model)
    it = (await uow.session.execute(statement)).scalars().first()
    if it is None:
        raise NotVisible
    return it


def check_version(it: Any, expected: int | None) -> None:
    if expected is None:
        raise Unversioned
    if it.version != expected:
        raise Stale(current=it.version)


async def advance(uow: UnitOfWork, case: Case, move: Any, expected: int | None) -> None:
    """Take one step, or say exactly why it cannot be taken. A retry changes nothing (uow.replay is set)."""
    actors = await actors_of(uow, case.it)
    permitted = await _permitted(uow, case, move, actors)
    if not any(step.by & permitted for step in case.lifecycle.of(move.action)):
        raise Forbidden
    if await uow.claim() is not None:
        return
    check_version(case.it, expected)
    step = case.lifecycle.find(case.it.state, move.action)
    if step is None:
        allowed = case.lifecycle.allowed(case.it.state)
        raise MoveNotAllowed(action=move.action, state=case.it.state, allowed=allowed)
    if not step.by & permitted:
        raise Forbidden
    await _take(uow, case, step, move)


async def follow(uow: UnitOfWork, case: Case, move: Any) -> None:
    """A step that follows from another record's step, whose caller was asked there: this table decides all the same."""
    step = case.lifecycle.find(case.it.state, move.action)
    if step is None:
        allowed = case.lifecycle.allowed(case.it.state)
        raise MoveNotAllowed(action=move.action, state=case.it.state, allowed=allowed)
    await _take(uow, case, step, move)


@dataclass(frozen=True, slots=True)
class Ticked:
    """A record that the clock has moved: from which state, of which lead, and why."""

    id: UUID
    was: str
    lead_body_id: UUID
    reason: str


async def tick_each(
    uow: UnitOfWork, model: type[SQLModel], lifecycle: Lifecycle, action: str, ticked: Sequence[Ticked]
) -> None:
    """Tell a step of the clock for each of many records, locked and moved, in a statement for each kind of line."""
    kind, late = subject(model), await calendars.recorded_late(uow, uow.today)
    lines = []
    for it in ticked:
        step = lifecycle.find(it.was, action)
        assert step is not None
        assert Actor.CLOCK in step.by
        line = Transition(
            subject_type=kind,
            subject_id=it.id,
            action=action,
            from_state=it.was,
            to_state=step.target,
            on_date=uow.today,
            created_at=uow.now,
            recorded_late=late,
            reason=it.reason,
        )
        lines.append((it, line))
    await uow.session.execute(insert(Transition), [line.model_dump() for _, line in lines])
    told = [Told(it.id, line.from_state, line.to_state, it.lead_body_id) for it, line in lines]
    uow.record_each(f"{kind}.{action}", kind, told)


async def _permitted(uow: UnitOfWork, case: Case, move: Any, actors: frozenset[Actor]) -> frozenset[Actor]:
    """The caller's actors, with those whose place it takes by instruction (head) or on behalf (paper)."""
    held = set(actors)
    if getattr(move, "for_the_head", False) and Actor.FOR_THE_HEAD in actors:
        held.add(Actor.HEAD)
    if getattr(move, "on_behalf", None) is not None:
        held |= await _represented(uow, case, actors)
    return frozenset(held)


async def _represented(uow: UnitOfWork, case: Case, actors: frozenset[Actor]) -> frozenset[Actor]:
    records = case.lead_body_id in uow.who.records or Actor.SECRETARY_HEAD in actors
    if not records or case.represented is None:
        return frozenset()
    if await has_active_account(uow, case.represented):
        raise Conflict("has_own_account")
    return REPRESENTABLE


async def has_active_account(uow: UnitOfWork, body_id: UUID) -> bool:
    """Somebody can sign in today for the body, or for an office through which it acts."""
    today = uow.today
    offices = select(col(ActsThrough.office_id)).where(
        col(ActsThrough.organ_id) == body_id,
        col(ActsThrough.valid_from) <= today,
        or_(col(ActsThrough.valid_to).is_(None), col(ActsThrough.valid_to) >= today),
    )
    active = (
        select(func.count())
        .select_from(Membership)
        .join(MembershipDuty, col(MembershipDuty.membership_id) == col(Membership.id))
        .join(Body, col(Body.id) == col(Membership.body_id))
        .where(
            or_(col(Membership.body_id) == body_id, col(Membership.body_id).in_(offices)),
            or_(col(Body.valid_to).is_(None), col(Body.valid_to) >= today),
            col(Membership.accepted_at).is_not(None),
            or_(col(Membership.ended_on).is_(None), col(Membership.ended_on) > today),
            col(MembershipDuty.duty).in_(list(READING)),
            col(MembershipDuty.valid_from) <= today,
            or_(col(MembershipDuty.valid_to).is_(None), col(MembershipDuty.valid_to) >= today),
        )
        .execution_options(scope="does the body have its own account?")
    )
    return bool((await uow.session.execute(active)).scalar_one())


async def _take(uow: UnitOfWork, case: Case, step: Step, move: Any) -> None:
    it = case.it
    own = getattr(move, case.own_date, None) if case.own_date else None
    on = await event_date(uow, it, move.on or own)
    facts = await case.facts(uow, it, move)
    if unmet := step.unmet(facts):
        raise NeedsUnmet(action=step.action, unmet=[fault(it.pointer, it.code) for it in unmet])
    was = str(it.state)
    target = it.suspended_from if step.target == PREVIOUS else step.target
    if effect := case.effects.get(step.action):
        await effect(uow, it, move, on)
    it.state = target
    touch(it)
    await uow.session.flush()
    await write_transition(uow, it, step.action, was=was, became=str(target), on=on, move=move, case=case)
    uow.record(f"{subject(it)}.{step.action}", it, was=was, became=str(target), lead_body_id=case.lead_body_id)


def touch(it: Any) -> None:
    """Make the next flush raise the version though no column changed: a step that stays in its state, a child added."""
    flag_modified(it, "created_at")


async def event_date(uow: UnitOfWork, it: Any, on: date | None) -> date:
    """The civil date of an event: today by default, not in the future, not before the step it follows.

    Drafting a record is no step: what happened long ago may be entered from its first step on.
    """
    day = on or uow.today
    not_in_the_future(uow, day)
    previous = await previous_step(uow, it)
    if previous is not None and day < previous:
        raise before_previous_step(previous)
    return day


async def previous_step(uow: UnitOfWork, it: Any) -> date | None:
    """The civil date of the last step that was taken."""
    taken = (col(Transition.subject_id) == it.id, col(Transition.from_state).is_not(None))
    last = select(func.max(Transition.on_date)).where(*taken)
    found: date | None = (await uow.session.execute(last)).scalar_one()
    return found


def not_in_the_future(uow: UnitOfWork, day: date, pointer: str = "/on") -> None:
    """What has happened, happened today at the latest (api.md, section 1, rule 3)."""
    if day > uow.today:
        raise invalid(pointer, "in_the_future", today=uow.today.isoformat())


def before_previous_step(previous: date) -> Invalid:
    error = invalid("/on", "before_previous_step", not_before=previous.isoformat())
    error.extra["not_before"] = previous.isoformat()
    return error


async def write_transition(
    uow: UnitOfWork, it: Any, action: str, *, was: str | None, became: str, on: date, move: Any, case: Case | None
) -> None:
    """The line of history: when it happened, when it was recorded, by whom and for whom."""
    on_behalf = getattr(move, "on_behalf", None)
    uow.add(
        Transition(
            subject_type=subject(it),
            subject_id=it.id,
            action=action,
            from_state=was,
            to_state=became,
            on_date=on,
            created_at=uow.now,
            recorded_late=await calendars.recorded_late(uow, on),
            account_id=uow.who.account_id if uow.who.signed_in else None,
            body_id=uow.who.body_id if uow.who.signed_in else None,
            for_body_id=_for_body(uow, case, on_behalf),
            on_behalf=on_behalf.model_dump(mode="json") if on_behalf else None,
            reason=getattr(move, "reason", None),
            document_id=getattr(move, "document_id", None),
        )
    )


def _for_body(uow: UnitOfWork, case: Case | None, on_behalf: Any) -> UUID | None:
    if case is None:
        return None
    if on_behalf is not None:
        return case.represented
    acted_through = set(uow.who.bodies[1:]) & {case.lead_body_id, case.represented}
    return next(iter(acted_through), None)
