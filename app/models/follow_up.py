"""What makes of an undertaking a recommendation that can be issued; what is missing is filled in on its draft."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Field

from app.domain.recommendation import Origin
from app.models.base import Payload
from app.models.parts import DueBasis
from app.models.recommendation import Owner, RecommendationCreate


class FollowUp(Payload):
    owner: Owner | None = None
    expected_result: str | None = Field(default=None, min_length=1, max_length=5000)
    measure: str | None = Field(default=None, min_length=1, max_length=2000)
    due_on: date | None = None
    due_basis: DueBasis | None = None
    verifier_body_id: UUID | None = Field(default=None, description="Mặc định là bên ban hành · The issuer by default")

    def draft(self, origin: Origin, origin_id: UUID, action: str, **fields: Any) -> RecommendationCreate:
        """The draft of `action`; `fields` (addressee, proposer, a date) stand where this says nothing."""
        said = self.model_dump(include=set(FollowUp.model_fields), exclude_none=True)
        return RecommendationCreate(origin=origin, origin_id=origin_id, action=action, **{**fields, **said})
