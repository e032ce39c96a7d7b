"""What clients send about plans, and how they filter them."""

from typing import Annotated, Literal
from uuid import UUID

from sqlmodel import Field

from app.domain.campaign import CampaignForm, Ground, Regime
from app.domain.plan import ApprovalStep
from app.models.base import Day, ListQuery, Payload
from app.models.campaign import Concurrence, Scope
from app.models.moves import Move
from app.models.parts import Period

BodyIds = Annotated[list[UUID], Field(max_length=200)]
Year = Annotated[int, Field(ge=2000, le=2200, schema_extra={"examples": [2021]})]


class PlanCreate(Payload):
    """The caller's body plans; an office names the organ for which it acts as `body_id`."""

    year: Year
    body_id: UUID | None = None
    title: str | None = Field(
        default=None,
        min_length=5,
        max_length=500,
        schema_extra={"examples": ["Kế hoạch giám sát, phản biện xã hội năm 2021"]},
    )


class PlanUpdate(Payload):
    title: str = Field(min_length=5, max_length=500)


class PlanFilter(ListQuery):
    year: list[Year] = Field(default_factory=list, max_length=20)
    body_id: list[UUID] = Field(default_factory=list, max_length=50)


class ItemFields(Payload):
    """What creating and changing share. `subject` and `object` are the words of the plan; the ids are what is searched.

    The plan's own body leads; `partner_body_ids` are those with which it will work.
    """

    time: Period | None = None
    subject: str | None = Field(default=None, min_length=1, max_length=1000)
    object: str | None = Field(default=None, min_length=1, max_length=1000)
    ground: Ground | None = None
    supervised_body_ids: BodyIds = Field(default_factory=list)
    partner_body_ids: BodyIds = Field(default_factory=list)


Content = Annotated[
    str,
    Field(
        min_length=5,
        max_length=1000,
        schema_extra={"examples": ["Giám sát việc cấp giấy chứng nhận quyền sử dụng đất theo Nghị quyết 43/NQ-HĐND"]},
    ),
]


class PlanItemCreate(ItemFields):
    """Without `regime` it is that of the plan's body: `party` for a Party body, else `front`."""

    plan_id: UUID
    content: Content
    form: CampaignForm
    regime: Regime | None = None


class PlanItemUpdate(ItemFields):
    """Only what is sent is changed; the regime stays what it was."""

    content: Content | None = None
    form: CampaignForm | None = None


class PlanItemFilter(ListQuery):
    plan_id: list[UUID] = Field(default_factory=list, max_length=50)
    body_id: list[UUID] = Field(default_factory=list, max_length=50)
    year: list[Year] = Field(default_factory=list, max_length=20)
    form: list[CampaignForm] = Field(default_factory=list)
    supervised_body_id: list[UUID] = Field(default_factory=list, max_length=50)
    q: str | None = Field(default=None, min_length=1, max_length=200)


class PlanConcurrenceCreate(Concurrence):
    """The caller's body answers; `body_id` says for which, where it acts for several or records a paper."""

    body_id: UUID | None = None


class ApprovalCreate(Payload):
    step: ApprovalStep
    document_id: UUID
    on: Day | None = None
    note: str | None = Field(default=None, min_length=1, max_length=2000)


class CampaignFromItem(Payload):
    """What the plan does not say yet; everything else is taken from the item."""

    title: str | None = Field(default=None, min_length=5, max_length=500)
    topic: str | None = Field(default=None, min_length=1, max_length=1000)
    ground: Ground | None = None
    scope: Scope = Field(default_factory=Scope)
    review_period: Period | None = None


class ConsultPlan(Move):
    action: Literal["consult"]
    counterpart_body_ids: list[UUID] = Field(max_length=50)
    due_on: Day


class ReturnPlan(Move):
    action: Literal["return"]
    reason: str = Field(min_length=1, max_length=5000)


class IssuePlan(Move):
    action: Literal["issue"]
    issued_on: Day | None = None


class RevisePlan(Move):
    action: Literal["revise"]
    reason: str = Field(min_length=1, max_length=5000)


PlanMove = Annotated[ConsultPlan | ReturnPlan | IssuePlan | RevisePlan, Field(discriminator="action")]
