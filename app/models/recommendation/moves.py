"""What each move of a recommendation says (api.md, section 12)."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field as PydanticField
from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Field

from app.domain.recommendation import Implementation
from app.domain.report import AnswerKind
from app.models.base import Payload
from app.models.moves import Move, RepresentedMove
from app.models.parts import DueBasis, Evidence

Reason = Annotated[str, StringConstraints(min_length=1, max_length=5000)]


class IssueRecommendation(Move):
    action: Literal["issue"]
    issued_on: date | None = Field(default=None, description="Not later than `on`, which it gives where `on` is absent")


class Reply(RepresentedMove):
    action: Literal["reply"]
    kind: AnswerKind
    explanation: str | None = Field(default=None, min_length=1, max_length=10_000)
    document_id: UUID


class ReturnReply(Move):
    action: Literal["return"]
    reason: Reason
    reply_due_on: date
    reply_due_basis: DueBasis | None = None


class Object(RepresentedMove):
    action: Literal["object"]
    reason: Reason


class Uphold(Move):
    action: Literal["uphold"]
    reason: Reason


class Changes(Payload):
    action: str | None = Field(default=None, min_length=1, max_length=5000)
    expected_result: str | None = Field(default=None, min_length=1, max_length=5000)
    measure: str | None = Field(default=None, min_length=1, max_length=2000)
    due_on: date | None = None
    due_basis: DueBasis | None = None

    @model_validator(mode="after")
    def something(self) -> Self:
        if not self.model_dump(exclude_none=True):
            raise PydanticCustomError("no_changes", "Nothing is changed")
        return self


class Amend(Move):
    action: Literal["amend"]
    reason: Reason
    changes: Changes


class ClaimDone(RepresentedMove):
    action: Literal["claim_done"]
    evidence: list[Evidence] = Field(min_length=1, max_length=50)


class Verify(Move):
    action: Literal["verify"]
    implementation: Literal[Implementation.DONE, Implementation.PARTLY_DONE]
    note: Reason


class Reject(Move):
    action: Literal["reject"]
    reason: Reason


class ReturnToWork(Move):
    action: Literal["return_to_work"]
    reason: Reason


class Escalate(Move):
    action: Literal["escalate"]
    to_body_id: UUID | None = Field(default=None, description="Mặc định: cấp trên trực tiếp · The superior by default")
    rule_id: UUID | None = None

    @model_validator(mode="after")
    def says_why(self) -> Self:
        if self.rule_id is None and self.reason is None:
            raise PydanticCustomError("rule_or_reason", "Either rule_id or reason")
        return self


class SettleUnresolved(Move):
    action: Literal["settle_unresolved"]
    implementation: Literal[Implementation.PARTLY_DONE, Implementation.NOT_DONE, Implementation.UNSATISFACTORY]
    reason: Reason


class WithdrawRecommendation(Move):
    action: Literal["withdraw"]
    reason: Reason


class Reopen(Move):
    action: Literal["reopen"]
    reason: Reason
    due_on: date
    due_basis: DueBasis | None = None
    clock: Literal["keep", "restart"] = Field(
        default="keep",
        description="restart: yêu cầu trả lời lại, hạn trả lời tính lại · Ask for a new reply under a new reply date",
    )


RecommendationMove = Annotated[
    IssueRecommendation
    | Reply
    | ReturnReply
    | Object
    | Uphold
    | Amend
    | ClaimDone
    | Verify
    | Reject
    | ReturnToWork
    | Escalate
    | SettleUnresolved
    | WithdrawRecommendation
    | Reopen,
    PydanticField(discriminator="action"),
]
