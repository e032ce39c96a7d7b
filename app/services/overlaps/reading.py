"""What was done about an overlap, as its body reads it."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col

from app.core.principal import Principal
from app.models.overlap import OverlapResolution, ResolutionRead
from app.services.reading import Projection, body_ref


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    row = OverlapResolution
    return {"on": col(row.on_date), "body": body_ref(col(row.body_id), col(row.on_date), who.today)}  # type: ignore[dict-item]


RESOLUTIONS = Projection(OverlapResolution, {"full": ResolutionRead}, _columns)
