"""Where a client stands in the log: a walk from `base` to `horizon`, page by page, sealed into its cursor."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Self

from app.core.errors import Gone
from app.core.principal import Principal
from app.services.unit_of_work import UnitOfWork

KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Place:
    """`base` is what the client knew when the walk began, on which day and by which rights; 0: nothing at all."""

    base: int
    position: int
    horizon: int
    day: date
    at: datetime
    rights: str

    @classmethod
    def start(cls, uow: UnitOfWork, seq: int = 0) -> Self:
        return cls(seq, seq, seq, uow.today, uow.now, rights(uow.who))

    @classmethod
    def read(cls, uow: UnitOfWork, cursor: str) -> Self:
        """BadRequest unless it is one that this caller was given, Gone when the log may no longer reach back to it."""
        base, position, horizon, day, at, held = uow.cursors.open(cursor, _scope(uow.who))
        place = cls(base, position, horizon, date.fromisoformat(day), datetime.fromtimestamp(at, UTC), held)
        if uow.now - place.at > KEPT:
            raise Gone
        return place

    def seal(self, uow: UnitOfWork) -> str:
        values = [self.base, self.position, self.horizon, self.day, int(self.at.timestamp()), self.rights]
        return uow.cursors.seal(values, _scope(uow.who))

    @property
    def walking(self) -> bool:
        return self.position < self.horizon

    def towards(self, horizon: int) -> Self:
        """The walk goes on to where it was going; a new one goes as far as the log is final."""
        return self if self.walking else replace(self, horizon=max(horizon, self.position))

    def at_position(self, uow: UnitOfWork, seq: int) -> Self:
        return replace(self, position=seq) if seq < self.horizon else self.start(uow, self.horizon)


def rights(who: Principal) -> str:
    """Whatever a caller's view depends on beside rows of the log; when it changes, the client begins anew."""
    bodies = (*sorted(map(str, who.bodies)), *sorted(map(str, who.ended)))
    parts = (*sorted(who.duties), *bodies, *sorted(who.scopes))
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:12]


def _scope(who: Principal) -> str:
    return f"changes|{who.account_id}|{who.body_id}"
