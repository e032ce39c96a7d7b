"""Bodies that a record keeps as a list of ids, shown by name."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Uuid, case, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from app.services.reading import body_ref

EMPTY: ColumnElement[Any] = literal_column("'[]'::json")


def body_refs(ids: Any, on: Any, today: date) -> ColumnElement[Any]:
    """In the order of the ids, each as `body_ref` shows it; most lists are empty and cost nothing."""
    kept = cast(ids, JSONB)
    each = func.jsonb_array_elements_text(kept).table_valued("value", with_ordinality="place").render_derived()
    ref = body_ref(cast(each.c.value, Uuid), on, today)
    refs = select(func.json_agg(aggregate_order_by(ref, each.c.place))).select_from(each).scalar_subquery()
    return case((func.jsonb_array_length(kept) == 0, EMPTY), else_=refs)
