"""One batch of recommendations climbs a rung: a handful of statements, however many they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    Uuid,
    and_,
    any_,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain import deadlines, escalation
from app.domain.escalation import Rung
from app.domain.lifecycle import Actor
from app.domain.recommendation import RECOMMENDATION
from app.models.body import Body
from app.models.deadline import Rule
from app.models.escalation import Escalation
from app.models.history import Transition
from app.models.recommendation import Recommendation
from app.services import calendars, steps
from app.services.recommendations import escalations
from app.services.steps import Ticked
from app.services.unit_of_work import UnitOfWork

SYSTEM = "the nightly clock"
R = Recommendation
RuleKey = tuple[str | None, int | None, UUID | None]


@dataclass
class Climbed:
    """How many have climbed, and why others of the batch could not."""

    done: int = 0
    left: dict[UUID, str] = field(default_factory=dict)


@dataclass
class Ladder:
    """The law of a night, read once: the ids of its rules, and how long each rung waits for whom."""

    on: date
    rule_ids: dict[RuleKey, UUID]
    waits: dict[tuple[UUID | None, Rung], deadlines.Deadline | None]

    def wait(self, issuer: UUID, rung: Rung) -> deadlines.Deadline | None:
        """By the issuer's own rule, else by the national one."""
        return self.waits[(issuer, rung) if (issuer, rung) in self.waits else (None, rung)]

    def rule_id(self, issuer: UUID, basis: dict[str, Any]) -> UUID | None:
        """The version under which the date was set; it may have been replaced since."""
        code, version = basis["code"], basis.get("rule_version")
        return self.rule_ids.get((code, version, issuer)) or self.rule_ids.get((code, version, None))


async def read_ladder(uow: UnitOfWork) -> Ladder:
    rows = await uow.session.execute(select(col(Rule.code), col(Rule.rule_version), col(Rule.body_id), col(Rule.id)))
    rule_ids: dict[RuleKey, UUID] = {(code, version, body_id): rule_id for code, version, body_id, rule_id in rows}
    own = {it.body_id for it in await calendars.rules(uow) if it.code == escalation.WAITING}
    waits = {
        (body_id, rung): await escalations.waiting(uow, body_id, rung, uow.today)
        for body_id in (None, *own)
        for rung in Rung
    }
    return Ladder(uow.today, rule_ids, waits)


async def climb(uow: UnitOfWork, ladder: Ladder, ids: Sequence[UUID], waiting: ColumnElement[bool]) -> Climbed:
    """Of these, the ones that still wait once nobody else is changing them.

    The lock waits for another run or a reply; only a statement after it sees what those have committed.
    """
    named = col(R.id) == any_(literal(list(ids), ARRAY(Uuid)))
    await uow.session.execute(_system(select(col(R.id)).where(named).order_by(col(R.id)).with_for_update()))
    found = (await uow.session.execute(_system(_facts(ladder.on).where(named, waiting)))).all()
    left = {it.id: why for it in found if (why := _obstacle(it, ladder.on)) is not None}
    climbing = [it for it in found if it.id not in left]
    if climbing:
        await _write(uow, ladder, climbing)
    return Climbed(len(climbing), left)


def _system(statement: Select[Any]) -> Select[Any]:
    return statement.execution_options(scope=SYSTEM)


def _facts(on: date) -> Select[Any]:
    """What a rung is made of: the recommendation, the superior of each side, and its last step."""
    addressee, superior, issuer = aliased(Body), aliased(Body), aliased(Body)
    there = and_(col(superior.valid_from) <= on, or_(col(superior.valid_to).is_(None), col(superior.valid_to) >= on))
    last = select(func.max(col(Transition.on_date))).where(
        col(Transition.subject_id) == col(R.id), col(Transition.from_state).is_not(None)
    )
    own: tuple[Any, ...] = (R.id, R.state, R.issuer_body_id, R.addressee_id, R.escalation_level, R.number, R.issued_on)
    said: tuple[Any, ...] = (R.action, R.reply_due_on, R.reply_due_basis)
    return (
        select(
            *own,
            *said,
            col(superior.id).label("superior_id"),
            col(issuer.parent_id).label("above_id"),
            last.scalar_subquery().label("last_on"),
        )
        .join(addressee, col(addressee.id) == col(R.addressee_id))
        .outerjoin(superior, and_(col(superior.id) == col(addressee.parent_id), there))
        .join(issuer, col(issuer.id) == col(R.issuer_body_id))
        .order_by(col(R.id))
    )


def _obstacle(it: Any, on: date) -> str | None:
    step = RECOMMENDATION.find(it.state, "escalate")
    if step is None or Actor.CLOCK not in step.by:
        return "move_not_allowed"
    if it.last_on is not None and on < it.last_on:
        return "before_previous_step"
    return "no_superior" if it.superior_id is None else None


async def _write(uow: UnitOfWork, ladder: Ladder, climbing: Sequence[Any]) -> None:
    names = await escalations.names(uow, _bodies(climbing), ladder.on)
    rungs = [_rung(ladder, it, names) for it in climbing]
    await uow.session.execute(insert(Escalation), rungs)
    await uow.session.execute(_moved(climbing))
    ticked = [
        Ticked(it.id, it.state, it.issuer_body_id, rung["reason"]) for it, rung in zip(climbing, rungs, strict=True)
    ]
    await steps.tick_each(uow, Recommendation, RECOMMENDATION, "escalate", ticked)


def _bodies(climbing: Iterable[Any]) -> list[UUID]:
    sides = {side for it in climbing for side in (it.issuer_body_id, it.addressee_id, it.superior_id, it.above_id)}
    return [it for it in sides if it is not None]


def _rung(ladder: Ladder, it: Any, names: dict[UUID, str]) -> dict[str, Any]:
    basis: dict[str, Any] = it.reply_due_basis
    return escalations.rung_values(
        it,
        to_body_id=it.superior_id,
        copies=[it.above_id] if it.above_id else [],
        names=names,
        wait=ladder.wait(it.issuer_body_id, escalation.rung(it.escalation_level + 1)),
        rule_id=ladder.rule_id(it.issuer_body_id, basis),
        reason=f"chưa có văn bản trả lời, quá thời hạn theo {basis.get('legal_basis') or basis['code']}",
        by_clock=True,
        on=ladder.on,
    )


def _moved(climbing: Sequence[Any]) -> Any:
    """The same as one step does: a level higher, at the superior, a version later."""
    climbed = (
        func.unnest(
            literal([it.id for it in climbing], ARRAY(Uuid)),
            literal([it.superior_id for it in climbing], ARRAY(Uuid)),
            literal([it.escalation_level + 1 for it in climbing], ARRAY(Integer)),
        )
        .table_valued("id", "superior_id", "level", name="climbed")
        .render_derived()
    )
    target = {RECOMMENDATION.find(it.state, "escalate").target for it in climbing}  # type: ignore[union-attr]
    return (
        update(Recommendation)
        .where(col(R.id) == climbed.c.id)
        .values(
            state=target.pop(),
            escalation_level=climbed.c.level,
            escalated_to_id=climbed.c.superior_id,
            version=R.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
