"""`GET /v1/changes`: the next page of the log as this caller may see it.

Only lines of transactions that came before every running one are read. Their order, by transaction, is final then: what
commits later comes later. A record is told of once in a walk, at its last line, and as it is visible when read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlmodel import col

from app.core.principal import Principal
from app.models.change import Change, ChangeQuery, ChangeRead, Changes
from app.models.delegation import DelegationMember
from app.policies.relations import among
from app.services import prepared
from app.services.changes import past, present
from app.services.changes.kinds import TOLD
from app.services.changes.places import Place, rights
from app.services.unit_of_work import UnitOfWork

LINES: Any = Change.__table__  # type: ignore[attr-defined]
EXAMINED = 1000
"""Lines looked at for one answer, however few of them are the caller's."""


@dataclass
class Told:
    """Each item with the place right behind it; `reset` when what was told before no longer counts."""

    items: list[tuple[ChangeRead, Place]]
    reached: Place
    horizon: int
    reset: bool

    @property
    def more(self) -> bool:
        """The walk goes on, or ended where the log was final when it began, which is further on by now."""
        return self.reached.position < self.horizon


async def page(uow: UnitOfWork, asked: ChangeQuery) -> Changes:
    given = Place.read(uow, asked.since) if asked.since is not None else None
    told = await follow(uow, given, asked.limit)
    items = [it for it, _ in told.items]
    changes = Changes(items=items, cursor=told.reached.seal(uow), more=told.more)
    if told.reset:
        changes.reset = True
    return changes


async def follow(uow: UnitOfWork, given: Place | None, limit: int) -> Told:
    """What comes behind this place, or from the beginning."""
    situation = await _situation(uow, given)
    lost = given is not None and situation.is_lost(given, uow.who)
    place = (Place.start(uow) if given is None or lost else given).towards(situation.horizon)
    rows = await _lines(uow, place)
    now = await present.seen(uow, [_record(it) for it in rows if it["newest"]])
    seen = await past.seen(uow, _doubtful(rows, now) if place.base else [], base=place.base, day=place.day)
    items: list[tuple[ChangeRead, Place]] = []
    for row in rows:
        if len(items) == limit:
            return Told(items, items[-1][1], situation.horizon, lost)
        if op := _op(row, now=row["subject_id"] in now, known=row["subject_id"] in seen):
            items.append((_item(row, op), place.at_position(uow, row["seq"])))
    end = place.horizon if len(rows) < EXAMINED else rows[-1]["seq"]
    return Told(items, place.at_position(uow, end), situation.horizon, lost)


async def latest(uow: UnitOfWork) -> Place:
    """Of somebody who wants to hear only what comes from now on."""
    return Place.start(uow, (await _situation(uow, None)).horizon)


async def pending(uow: UnitOfWork, told: Told) -> bool:
    """Something is committed that was held back, for an older transaction was still running; it may have ended since,
    so the question is asked of the horizon that was told of, not of the one of now.
    """
    later = select(literal(1)).select_from(LINES).where(LINES.c.seq > told.horizon).exists()
    return bool((await uow.session.execute(select(later))).scalar_one())


def _op(row: Any, *, now: bool, known: bool) -> Any:
    if not row["newest"]:
        return None
    if now:
        return "upsert" if row["own"] or not known else None
    return "removed" if known else None


def _item(row: Any, op: Any) -> ChangeRead:
    return ChangeRead(seq=row["seq"], type=row["subject_type"], id=row["subject_id"], op=op, version=row["version"])


def _record(row: Any) -> tuple[str, UUID]:
    return row["subject_type"], row["subject_id"]


def _doubtful(rows: Sequence[Any], now: set[UUID]) -> list[tuple[str, UUID]]:
    """Of which it must be asked whether the caller saw them before."""
    return [_record(it) for it in rows if it["newest"] and it["moved"] and not (it["subject_id"] in now and it["own"])]


OLDEST_RUNNING = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger)
HORIZON = OLDEST_RUNNING * (1 << 20) - 1  # as change_seq() numbers the lines


@dataclass(frozen=True)
class Situation:
    """`begun_anew`: a superior's bodies changed; `seat_turned`: a place in a delegation began or ended by its date."""

    horizon: int
    begun_anew: bool
    seat_turned: bool

    def is_lost(self, place: Place, who: Principal) -> bool:
        """No page can tell what happened; a place beyond the log is of another database that this one replaced."""
        elsewhere = place.position > self.horizon
        return elsewhere or self.begun_anew or self.seat_turned or place.rights != rights(who)


async def _situation(uow: UnitOfWork, place: Place | None) -> Situation:
    if place is None:
        horizon = (await uow.session.execute(select(HORIZON))).scalar_one()
        return Situation(horizon, begun_anew=False, seat_turned=False)
    since = (LINES.c.seq > place.position, LINES.c.seq <= HORIZON)
    anew = exists(select(literal(1)).where(*since, LINES.c.kind == "reset", _concerns(LINES, uow.who)))
    row = (await uow.session.execute(select(HORIZON, anew, _turned(uow.who, place)))).one()
    return Situation(*row)


def _turned(who: Principal, place: Place) -> ColumnElement[bool]:
    """Days turn without a line in the log."""
    before, after = sorted((place.day, who.today))
    began = and_(col(DelegationMember.valid_from) > before, col(DelegationMember.valid_from) <= after)
    ended = and_(col(DelegationMember.valid_to) >= before, col(DelegationMember.valid_to) < after)
    return exists(select(literal(1)).where(col(DelegationMember.account_id) == who.account_id, or_(began, ended)))


async def _lines(uow: UnitOfWork, place: Place) -> Sequence[Any]:
    values = {"base": place.base, "position": place.position, "horizon": place.horizon}
    return await prepared.fetch(uow, ("changes", "lines"), _examined, **values)


def _concerns(lines: Any, who: Principal) -> ColumnElement[bool]:
    everybody = and_(lines.c.body_id.is_(None), lines.c.account_id.is_(None))
    return or_(everybody, among(lines.c.body_id, who.bodies), lines.c.account_id == who.account_id)


def _examined(who: Principal) -> Select[Any]:
    """The next lines: is it the record's last, did it change itself, or did its visibility?"""
    base, position, horizon = (bindparam(it, None, type_=BigInteger) for it in ("base", "position", "horizon"))
    taken = (
        select(LINES.c.seq, LINES.c.subject_type, LINES.c.subject_id, LINES.c.version)
        .where(LINES.c.seq > position, LINES.c.seq <= horizon, LINES.c.subject_type.in_(list(TOLD)))
        .where(_concerns(LINES, who))
        .order_by(LINES.c.seq)
        .limit(EXAMINED)
        .subquery("line")
    )
    newest = ~_another(taken, who, taken.c.seq, horizon)
    own = LINES.c.kind.in_(["insert", "update", "delete"])
    moved = or_(LINES.c.was.is_not(None), LINES.c.kind == "access")
    lines = select(
        *taken.c,
        newest.label("newest"),
        _another(taken, who, base, horizon, own).label("own"),
        _another(taken, who, base, horizon, moved).label("moved"),
    )
    return lines.order_by(taken.c.seq).execution_options(scope="scoped")


def _another(taken: Any, who: Principal, after: Any, until: Any, *which: Any) -> Any:
    """The same record has a line in this part of the log."""
    same = (LINES.c.subject_id == taken.c.subject_id, LINES.c.seq > after, LINES.c.seq <= until)
    return select(literal(1)).select_from(LINES).where(*same, _concerns(LINES, who), *which).correlate(taken).exists()
