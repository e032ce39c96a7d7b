"""One kind of task as a query: a step that waits for somebody, and the records for which it waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, String, Uuid, cast, func, literal, null, select
from sqlmodel import SQLModel, col

from app.models.body import BodyName
from app.models.campaign import Campaign
from app.models.deadline import Deadline
from app.policies.relations import Condition

TITLE_LENGTH = 200


@dataclass(frozen=True)
class Ask:
    """`action` is the step by the name it has where it is taken; `where` holds for whom and on which records."""

    action: str
    model: type[SQLModel]
    title: Any
    where: Iterable[Condition]
    due_on: Any = None
    rule: Any = None

    def rows(self) -> Select[Any]:
        model: Any = self.model
        return select(
            literal(self.action, String).label("action"),
            literal(str(model.__tablename__), String).label("type"),
            cast(col(model.id), Uuid).label("id"),
            func.left(self.title, TITLE_LENGTH).label("title"),
            cast(null() if self.due_on is None else self.due_on, Date).label("due_on"),
            cast(null() if self.rule is None else self.rule, String).label("rule"),
        ).where(*self.where)


def title_of(campaign_id: Any) -> ColumnElement[Any]:
    return (
        select(col(Campaign.title)).where(col(Campaign.id) == campaign_id).correlate_except(Campaign).scalar_subquery()
    )


def name_of(body_id: Any) -> ColumnElement[Any]:
    """The newest name: a task is of today."""
    newest = select(col(BodyName.name)).where(col(BodyName.body_id) == body_id)
    return newest.order_by(col(BodyName.valid_from).desc()).limit(1).correlate_except(BodyName).scalar_subquery()


def clock_of(column: Any, subject_id: Any, *conditions: Condition) -> ColumnElement[Any]:
    """A column of the soonest open clock of a record, among those for which the conditions hold."""
    running = select(col(column)).where(
        col(Deadline.subject_id) == subject_id, col(Deadline.met_on).is_(None), *conditions
    )
    return running.order_by(col(Deadline.due_on)).limit(1).correlate_except(Deadline).scalar_subquery()
