"""Findings: their tables, payloads, moves, batches and reads."""

from app.models.finding.batch import (
    BatchCreate,
    BatchEdit,
    BatchItem,
    BatchResult,
    BatchResults,
    BatchSubmit,
    FindingBatch,
)
from app.models.finding.moves import (
    FindingAccept,
    FindingMove,
    FindingNotPursued,
    FindingReturn,
    FindingSubmit,
    FindingWithdraw,
    PendingEditCombine,
    PendingEditDrop,
    PendingEditMove,
    PendingEditTake,
)
from app.models.finding.payloads import (
    EDITABLE,
    Criterion,
    FindingCreate,
    FindingFilter,
    FindingUpdate,
    ReferralCreate,
    as_stored,
)
from app.models.finding.reads import (
    FindingMerged,
    FindingRead,
    PendingEditMade,
    PendingEditRead,
    PlaceRef,
    ReferralRead,
)
from app.models.finding.tables import (
    Finding,
    PendingEdit,
)

__all__ = [
    "EDITABLE",
    "BatchCreate",
    "BatchEdit",
    "BatchItem",
    "BatchResult",
    "BatchResults",
    "BatchSubmit",
    "Criterion",
    "Finding",
    "FindingAccept",
    "FindingBatch",
    "FindingCreate",
    "FindingFilter",
    "FindingMerged",
    "FindingMove",
    "FindingNotPursued",
    "FindingRead",
    "FindingReturn",
    "FindingSubmit",
    "FindingUpdate",
    "FindingWithdraw",
    "PendingEdit",
    "PendingEditCombine",
    "PendingEditDrop",
    "PendingEditMade",
    "PendingEditMove",
    "PendingEditRead",
    "PendingEditTake",
    "PlaceRef",
    "ReferralCreate",
    "ReferralRead",
    "as_stored",
]
