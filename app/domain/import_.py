"""The life of an import: a file of rows that is tried as a whole, and taken in as a whole or not at all.

Between the moves of this table a worker runs it: `checked` when every row could be taken in, `faulty` when one could
not (nothing is taken in then), `done`, or `failed` when the file itself could not be read.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.lifecycle import Actor, Lifecycle, step


class ImportKind(StrEnum):
    BODIES = "bodies"
    ACCOUNTS = "accounts"
    PLAN_ITEMS = "plan_items"
    FINDINGS = "findings"
    RECOMMENDATIONS = "recommendations"


class ImportMode(StrEnum):
    DRY_RUN = "dry_run"
    APPLY = "apply"


class ImportFormat(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


class ImportState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    CHECKED = "checked"
    FAULTY = "faulty"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ImportOutcome(StrEnum):
    """What became of a row, or would become of it."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    FAULTY = "faulty"


@dataclass
class ImportFacts:
    it: Any
    payload: Any


S = ImportState
UNFINISHED = frozenset({S.QUEUED, S.RUNNING})
"""A worker owes it a result."""

IMPORT = Lifecycle(
    "import",
    ImportState,
    S.QUEUED,
    (
        step(S.CHECKED, "apply", S.QUEUED, by={Actor.AUTHOR}),
        step((S.QUEUED, S.RUNNING, S.CHECKED), "cancel", S.CANCELLED, by={Actor.AUTHOR}),
    ),
    passive=frozenset({S.RUNNING, S.CHECKED, S.FAULTY, S.DONE, S.FAILED}),
)
