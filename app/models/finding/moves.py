"""The moves of a finding and of a waiting edit."""

from typing import Annotated, Literal

from pydantic import Field as Limit
from sqlmodel import Field

from app.models.finding.payloads import FindingUpdate
from app.models.moves import Move


class FindingSubmit(Move):
    action: Literal["submit"]


class FindingWithdraw(Move):
    action: Literal["withdraw"]


class FindingAccept(Move):
    action: Literal["accept"]


class FindingReturn(Move):
    action: Literal["return"]


class FindingNotPursued(Move):
    action: Literal["not_pursued"]
    reason: str = Field(min_length=1, max_length=5000)


FindingMove = Annotated[
    FindingSubmit | FindingWithdraw | FindingAccept | FindingReturn | FindingNotPursued, Limit(discriminator="action")
]


class PendingEditTake(Move):
    action: Literal["take"]


class PendingEditDrop(Move):
    action: Literal["drop"]


class PendingEditCombine(Move):
    action: Literal["combine"]
    fields: FindingUpdate


PendingEditMove = Annotated[PendingEditTake | PendingEditDrop | PendingEditCombine, Limit(discriminator="action")]
