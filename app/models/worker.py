"""Which worker processes live: each says so every few seconds."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.models.base import instant


class WorkerProcess(SQLModel, table=True):
    """By the database's clock, which the demo does not move."""

    __tablename__ = "worker_process"

    id: UUID = Field(primary_key=True)
    started_at: datetime = Field(sa_type=instant())
    seen_at: datetime = Field(sa_type=instant())
