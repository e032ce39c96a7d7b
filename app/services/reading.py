"""How records become JSON: PostgreSQL builds it, projected by the caller's view, from the fields of the Read models.

One helper for one record and for pages, so that both show the same. Fields outside a view are absent, never null.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

import orjson
from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    Text,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col

from app.core.errors import NotVisible, invalid
from app.core.principal import Principal
from app.core.text import fold
from app.domain.lifecycle import Actor, Lifecycle
from app.models.base import ListQuery
from app.models.body import BodyName
from app.policies.relations import ACTORS
from app.policies.visibility import PATHS, VIEWS, Views
from app.services.unit_of_work import UnitOfWork
from app.services.walking import RANK, nearest

Columns = Callable[[Principal], dict[str, ColumnElement[Any]]]


@dataclass(frozen=True)
class Projection:
    """`reads` maps each view of the visibility policy to the Read model whose fields it shows.

    `policy` replaces the model's own policy where a resource shows rows to others than the model does.
    `columns` gives the SQL of the fields that are not simply columns. `lifecycle` (of kind and state) makes the
    `actions` of single records.
    """

    model: type[SQLModel]
    reads: dict[str, type[SQLModel]]
    columns: Columns = field(default=lambda who: {})
    labels: dict[str, str] = field(default_factory=dict)
    lifecycle: Callable[[str], Lifecycle] | None = None
    kind: str | None = None
    policy: Callable[[Principal], Views] | None = None

    def views(self, who: Principal) -> Views:
        return (self.policy or VIEWS[self.model])(who)

    @property
    def key(self) -> Any:
        """The column that names a row and orders lists: the id, but the code of a place, the date of a day."""
        table: Any = self.model.__table__  # type: ignore[attr-defined]
        return next(iter(table.primary_key))

    def label(self, view: str) -> str:
        """The view as the contract calls it: full, party, addressee or public."""
        return self.labels.get(view, view)


COMPUTED = {"actions"}
"""Fields that are not in the SQL: the actions offered to the caller, added to single records alone."""


def document(projection: Projection, who: Principal) -> ColumnElement[Any]:
    """The JSON of one row in the widest view that this caller has; of a row that is visible at all.

    The narrowest view needs no condition of its own: the predicates of papers are long, and are planned once less.
    """
    views = projection.views(who)
    shown = [(condition, _object(projection, name, who)) for name, condition in views if name in projection.reads]
    *wider, (_, narrowest) = shown
    return case(*wider, else_=narrowest) if wider else narrowest


def _object(projection: Projection, view: str, who: Principal) -> ColumnElement[Any]:
    special = projection.columns(who)
    table: Any = projection.model.__table__  # type: ignore[attr-defined]
    fields: list[ColumnElement[Any]] = []
    for name, info in projection.reads[view].model_fields.items():
        if name in COMPUTED:
            continue
        if name == "view":
            fields.append(literal(projection.label(view), String).label("view"))
        elif name in special:
            fields.append(special[name].label(info.alias or name))
        else:
            fields.append(table.c[name].label(info.alias or name))
    inner = select(*fields).correlate(table).subquery("shown")
    return select(func.row_to_json(literal_column("shown"))).select_from(inner).scalar_subquery()


def body_ref(body_id: Any, on: Any, today: date) -> ColumnElement[Any]:
    """`{id, name, short_name}` with the name valid on the record's date, and `now` where it differs; null for none."""
    then, now = aliased(BodyName), aliased(BodyName)
    day = on if not isinstance(on, date) else literal(on, Date)
    present = (
        select(col(now.name), col(now.short_name))
        .where(now.body_id == body_id, col(now.valid_from) <= literal(today, Date))
        .order_by(col(now.valid_from).desc())
        .limit(1)
        .correlate_except(now)
        .lateral("present")
    )
    differs = case(
        (
            or_(present.c.name != then.name, present.c.short_name != then.short_name),
            func.json_build_object("name", present.c.name, "short_name", present.c.short_name),
        )
    )
    parts = func.json_build_object(
        "id", col(then.body_id), "name", then.name, "short_name", then.short_name, "now", differs
    )
    return (
        select(func.json_strip_nulls(parts))
        .select_from(then)
        .outerjoin(present, literal(True))
        .where(then.body_id == body_id)
        .order_by((col(then.valid_from) <= day).desc(), func.abs(col(then.valid_from) - day))
        .limit(1)
        .correlate_except(then, present)
        .scalar_subquery()
    )


def person_ref(account_id: Any) -> ColumnElement[Any]:
    """`{id, name}` of an account."""
    from app.models.account import Account

    return (
        select(func.json_build_object("id", col(Account.id), "name", col(Account.name)))
        .where(col(Account.id) == account_id)
        .correlate_except(Account)
        .scalar_subquery()
    )


def civil_date(instant: Any) -> ColumnElement[Any]:
    """The day of an instant in Viet Nam."""
    return cast(func.timezone("Asia/Ho_Chi_Minh", instant), Date)


def json_list(rows: Select[Any], *, order: Sequence[Any] = ()) -> ColumnElement[Any]:
    """The rows of a correlated select as a JSON array of objects, empty rather than null."""
    inner = rows.order_by(*order).subquery("listed") if order else rows.subquery("listed")
    listed = select(func.json_agg(func.row_to_json(literal_column("listed")))).select_from(inner).scalar_subquery()
    return func.coalesce(listed, literal_column("'[]'::json"))


async def read_one(uow: UnitOfWork, projection: Projection, identifier: Any) -> tuple[bytes, int | None]:
    """The JSON of a record with the caller's `actions`, and its version; NotVisible when hidden or absent."""
    statement, actors = _single(projection, uow.who)
    row = (await uow.session.execute(statement.where(projection.key == identifier))).first()
    if row is None or row.document is None:
        raise NotVisible
    body = row.document.encode()
    if projection.lifecycle is not None:
        held = frozenset(actor for actor in actors if getattr(row, actor))
        lifecycle = projection.lifecycle(row.kind_)
        offered = lifecycle.offered(row.state_, held)
        if Actor.FOR_THE_HEAD in held:
            offered += [it for it in lifecycle.offered(row.state_, frozenset({Actor.HEAD})) if it not in offered]
        body = body[:-1] + b',"actions":' + orjson.dumps(offered) + b"}"
    return body, getattr(row, "version_", None)


def _single(projection: Projection, who: Principal) -> tuple[Select[Any], list[Actor]]:
    model: Any = projection.model
    columns: list[ColumnElement[Any]] = [cast(document(projection, who), Text).label("document")]
    if "version" in model.model_fields:
        columns.append(col(model.version).label("version_"))
    actors: dict[Actor, ColumnElement[bool]] = {}
    if projection.lifecycle is not None:
        actors = ACTORS[projection.model](who)
        kind = getattr(model, projection.kind) if projection.kind else literal("")
        columns += [cast(model.state, Text).label("state_"), cast(kind, Text).label("kind_")]
        columns += [condition.label(actor) for actor, condition in actors.items()]
    statement: Select[Any] = select(*columns).select_from(model).where(_visible(projection, who))
    return statement.execution_options(scope="scoped"), list(actors)


def _visible(projection: Projection, who: Principal) -> ColumnElement[bool]:
    shown = [condition for name, condition in projection.views(who) if name in projection.reads]
    return or_(*shown)


async def actors_of(uow: UnitOfWork, it: SQLModel) -> frozenset[Actor]:
    """Which actors of its lifecycle the caller is for this record."""
    model: Any = type(it)
    conditions = ACTORS[model](uow.who)
    flags = select(*(condition.label(actor) for actor, condition in conditions.items())).select_from(model)
    statement = flags.where(col(model.id) == it.id).execution_options(scope="actors")  # type: ignore[attr-defined]
    row = (await uow.session.execute(statement)).one()
    return frozenset(actor for actor in conditions if getattr(row, actor))


@dataclass(frozen=True)
class Page:
    """What a list was asked for, beside its filters."""

    limit: int = 50
    cursor: str | None = None
    count: bool = False
    sort: str = "-id"

    @classmethod
    def of(cls, query: ListQuery, sort: str = "-id") -> Self:
        return cls(limit=query.limit, cursor=query.cursor, count=query.count, sort=sort)


async def read_page(
    uow: UnitOfWork,
    projection: Projection,
    page: Page,
    *,
    where: Sequence[ColumnElement[bool]] = (),
    filters: Any = None,
    sorts: dict[str, Any] | None = None,
) -> bytes:
    """The body of a list: one statement, newest first unless `sort` names another indexed NOT NULL column."""
    model: Any = projection.model
    scope = f"{model.__tablename__}|{page.sort}|{orjson.dumps(filters, default=str).decode()}"
    order, position = _order(projection, page.sort, sorts or {})
    conditions = list(where)
    if page.cursor is not None:
        conditions.append(_after(position, uow.cursors.open(page.cursor, scope), page.sort))
    if model in PATHS and projection.policy is None:
        statement = _walked(projection, uow.who, position, order, conditions, page.limit + 1)
    else:
        statement = _scanned(projection, uow.who, position, order, conditions, page.limit + 1)
    rows = (await uow.session.execute(statement.execution_options(scope="scoped"))).all()
    following = None
    if len(rows) > page.limit:
        following = uow.cursors.seal(list(rows[page.limit - 1][:-1]), scope)
    parts = [b'{"items":[', ",".join(row.document for row in rows[: page.limit]).encode(), b'],"next_cursor":']
    parts.append(orjson.dumps(following))
    if page.count:
        parts += [b',"count":', str(await _count(uow, model, [_visible(projection, uow.who), *where])).encode()]
    return b"".join([*parts, b"}"])


def _scanned(
    projection: Projection, who: Principal, position: list[Any], order: list[Any], where: list[Any], limit: int
) -> Select[Any]:
    """By the order of the list, leaving out what the caller does not see."""
    keys = select(*(key.label(f"key{i}") for i, key in enumerate(position))).select_from(projection.model)
    page = keys.add_columns(cast(document(projection, who), Text).label("document"))
    return page.where(_visible(projection, who), *where).order_by(*order).limit(limit)


def _walked(
    projection: Projection, who: Principal, position: list[Any], order: list[Any], where: list[Any], limit: int
) -> Select[Any]:
    """By the ways on which the caller sees rows; for tables too long for scanning."""
    model: Any = projection.model
    views = [name for name, _ in projection.views(who) if name in projection.reads]
    found = nearest(model, PATHS[model](who), views, position, order, where, limit)
    shown = [(found.c[RANK] == rank, _object(projection, name, who)) for rank, name in enumerate(views)]
    keys = [found.c[f"key{i}"] for i in range(len(position))]
    page = select(*keys, cast(case(*shown), Text).label("document")).select_from(found)
    return page.join(model, projection.key == keys[-1]).order_by(*order).limit(limit)


def _order(projection: Projection, sort: str, sorts: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    name, key = sort.removeprefix("-"), projection.key
    columns = [key] if name == key.name else [col(sorts[name]), key]
    return [it.desc() if sort.startswith("-") else it.asc() for it in columns], columns


def _after(position: list[Any], values: list[Any], sort: str) -> ColumnElement[bool]:
    bound = tuple_(*(cast(literal(str(value)), column.type) for value, column in zip(values, position, strict=True)))
    here = tuple_(*position)
    return here < bound if sort.startswith("-") else here > bound


async def _count(uow: UnitOfWork, model: Any, conditions: Sequence[ColumnElement[bool]]) -> int:
    statement = select(func.count()).select_from(model).where(*conditions).execution_options(scope="scoped")
    return int((await uow.session.execute(statement)).scalar_one())


def matching(expression: str, query: str) -> ColumnElement[bool]:
    """Full text that ignores diacritics and case; `expression` is the one the index was made of."""
    folded = fold(query)
    if not folded:
        raise invalid("q", "blank_query")
    return literal_column(expression).op("@@")(func.plainto_tsquery(literal_column("'simple'::regconfig"), folded))
