"""What is asked and answered about overlap. Overlaps are derived; what was done about one is a row."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.domain.campaign import Regime
from app.domain.overlap import JoinRole, ResolutionKind
from app.models.base import BodyRef, Payload, Row, words
from app.models.campaign import Window
from app.models.parts import not_before


class OverlapResolution(Row, table=True):
    """`overlap_id` names the pair of works, the same from both sides (domain.overlap.pair)."""

    __tablename__ = "overlap_resolution"

    overlap_id: UUID = Field(index=True)
    body_id: UUID = Field(foreign_key="body.id")
    account_id: UUID = Field(foreign_key="account.id")
    kind: ResolutionKind = Field(sa_type=words(ResolutionKind, "kind"))
    justification: str | None = Field(default=None, max_length=5000)
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    on_date: date


class OverlapQuery(Payload):
    supervised_body_id: UUID
    from_: date = Field(alias="from", schema_extra={"examples": ["2024-03-01"]})
    to: Annotated[date, not_before("from_")] = Field(schema_extra={"examples": ["2024-06-30"]})
    topic: str | None = Field(default=None, min_length=1, max_length=1000)
    include_subordinates: bool = Field(
        default=False, description="Cả cơ quan cấp dưới của cơ quan được hỏi · Bodies below the one asked about as well"
    )


class ConferenceQuery(Payload):
    year: int = Field(ge=2000, le=2200, schema_extra={"examples": [2021]})


class OverlapWork(SQLModel):
    id: UUID
    title: str
    state: str
    regime: Regime
    window: Window


class Contact(SQLModel):
    body_id: UUID
    name: str


class ResolutionRead(SQLModel):
    """The words of another body are those of its text: absent where the caller may not see that."""

    id: UUID
    kind: ResolutionKind
    on: date
    body: BodyRef
    justification: str | None = None
    document_id: UUID | None = None


class Overlap(SQLModel):
    """`hidden`: work that the caller may not see, so no words from it and no score.

    `id` is there where two works meet, not where a window is only thought of.
    """

    view: Literal["full", "hidden"]
    id: UUID | None = None
    quarters: list[str]
    supervised_body: BodyRef
    lead_body: BodyRef
    contact: Contact
    campaign: OverlapWork | None = None
    plan_item: OverlapWork | None = None
    score: int | None = None
    reasons: list[str] | None = None
    suggestion: Literal["join", "shift", "proceed"] | None = None
    resolutions: list[ResolutionRead] | None = None


class Load(SQLModel):
    """Pieces of work, campaigns and items of plans alike."""

    body_id: UUID
    quarter: str
    campaigns: int


class OverlapReport(SQLModel):
    items: list[Overlap]
    load: list[Load]


class WorkRef(SQLModel):
    type: Literal["campaign", "plan_item"]
    id: UUID
    title: str
    window: Window


class ConferenceItem(SQLModel):
    work: WorkRef
    overlaps: list[Overlap]


class Conference(SQLModel):
    """All that the caller's body plans for a year, what overlaps most first."""

    year: int
    items: list[ConferenceItem]
    load: list[Load]


class Join(Payload):
    """The other lead is asked to take part in this work; it then drops or cancels its own."""

    kind: Literal["join"]
    role: JoinRole = JoinRole.PARTNER
    document_id: UUID | None = None


class Shift(Payload):
    kind: Literal["shift"]
    window: Window
    document_id: UUID | None = None


class Justify(Payload):
    kind: Literal["justify"]
    justification: str = Field(min_length=1, max_length=5000)
    document_id: UUID | None = None


Resolve = Join | Shift | Justify
Resolution = Annotated[Resolve, Field(discriminator="kind")]
