"""Many findings in one request."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import UUID7, BaseModel, ConfigDict, SkipValidation, model_validator
from pydantic import Field as Limit
from sqlmodel import Field, SQLModel

from app.models.base import Payload
from app.models.finding.payloads import FindingCreate, FindingUpdate


class BatchCreate(FindingCreate):
    op: Literal["create"]
    id: UUID7


class BatchEdit(FindingUpdate):
    op: Literal["edit"]
    id: UUID
    version: int = Field(ge=1, le=999_999_999, description="Phiên bản đã thấy · The version that the edit was made on")


class BatchSubmit(Payload):
    op: Literal["submit"]
    id: UUID
    on: date | None = None


BatchItem = Annotated[BatchCreate | BatchEdit | BatchSubmit, Limit(discriminator="op")]


class FindingBatch(BaseModel):
    """Each item is checked by itself: one that is wrong spoils no other."""

    model_config = ConfigDict(extra="forbid")

    items: list[Annotated[BatchItem, SkipValidation]] = Limit(min_length=1, max_length=200)

    @model_validator(mode="before")
    @classmethod
    def bare(cls, value: Any) -> Any:
        """The items alone are understood as well."""
        return {"items": value} if isinstance(value, list) else value


class BatchResult(SQLModel):
    """`status` is what the single call would have answered; what does not apply is absent."""

    id: UUID | None
    op: Literal["create", "edit", "submit"] | None
    status: int
    code: str | None = None
    version: int | None = None
    merged_from: int | None = None
    pending_edit_id: UUID | None = None
    problem: dict[str, Any] | None = None


class BatchResults(SQLModel):
    results: list[BatchResult]
