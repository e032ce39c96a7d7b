"""Who calls: one person speaking for exactly one body, with the duties they hold in it today."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Duty(StrEnum):
    """What an account may do inside its body (domain.md, glossary; api.md, section 2)."""

    CLERK = "clerk"
    OFFICER = "officer"
    LEADER = "leader"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    REGISTRAR = "registrar"


READING = frozenset({Duty.CLERK, Duty.OFFICER, Duty.LEADER})
ACTING = frozenset({Duty.OFFICER, Duty.LEADER})
RECORDING = frozenset({Duty.CLERK, Duty.OFFICER, Duty.LEADER})


@dataclass(frozen=True, slots=True)
class Principal:
    """`bodies` is the body of the token first, then the organs that act through it today.

    `reads` is empty for those whose duties read no records (administrator, auditor, registrar alone), so every
    visibility predicate built on it is false for them without a special case. For a body that has `ended` one reads,
    for a time, and does nothing. A machine client holds no duty: it has `scopes`, and `senders` for whom it may
    deliver messages.
    """

    account_id: UUID
    body_id: UUID
    duties: frozenset[Duty]
    bodies: tuple[UUID, ...]
    today: date
    family_id: UUID
    ended: frozenset[UUID] = frozenset()
    scopes: frozenset[str] = frozenset()
    senders: frozenset[str] = frozenset()

    @property
    def reads(self) -> tuple[UUID, ...]:
        return self.bodies if self.duties & READING else ()

    @property
    def acts(self) -> tuple[UUID, ...]:
        """Bodies for which the caller decides: an officer's or a leader's."""
        return self._living if self.duties & ACTING else ()

    @property
    def leads(self) -> tuple[UUID, ...]:
        """Bodies for which the caller signs."""
        return self._living if Duty.LEADER in self.duties else ()

    @property
    def records(self) -> tuple[UUID, ...]:
        """Bodies for which the caller registers papers and records on behalf."""
        return self._living if self.duties & RECORDING else ()

    @property
    def _living(self) -> tuple[UUID, ...]:
        return tuple(it for it in self.bodies if it not in self.ended) if self.ended else self.bodies

    @property
    def closed(self) -> bool:
        """The caller's own body has ended: all that is left is to read."""
        return self.body_id in self.ended

    @property
    def is_client(self) -> bool:
        return bool(self.scopes)

    def holds(self, duty: Duty) -> bool:
        return duty in self.duties

    @property
    def signed_in(self) -> bool:
        return self.account_id != NOBODY


NOBODY = UUID(int=0)


def nobody(today: date) -> Principal:
    """Whoever has not signed in: sees nothing, may do nothing, and is no account in the audit."""
    return Principal(NOBODY, NOBODY, frozenset(), (), today, NOBODY)
