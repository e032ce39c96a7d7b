"""What waits for the caller: a step, the record it belongs to, and by when."""

from datetime import date
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.models.base import ListQuery


class TaskQuery(ListQuery):
    due_to: date | None = Field(
        default=None, description="Đến hạn không muộn hơn · Due on or before; undated are left out"
    )


class TaskRecord(SQLModel):
    type: str = Field(schema_extra={"examples": ["recommendation"]})
    id: UUID
    title: str


class TaskRead(SQLModel):
    """`rule` is the code of the rule that set the date; a date set otherwise has none."""

    action: str = Field(schema_extra={"examples": ["reply"]})
    record: TaskRecord
    due_on: date | None = None
    rule: str | None = Field(default=None, schema_extra={"examples": ["D03"]})
