"""How records become JSON: PostgreSQL builds it, projected by the caller's view, from the fields of the Read models.

One helper for one record and for pages, so that both show the same. Fields outside a view are absent, never null.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Self

import orjson
from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Date,
    Select,
    String,
    Subquery,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal
from sqlmodel import SQLModel, col

from app.core.errors import NotVisible, invalid
from app.core.principal import Principal
from app.core.text import fold
from app.domain.lifecycle import Actor, Lifecycle
from app.models.base import ListQuery
from app.policies import shapes
from app.policies.relations import ACTORS, Condition
from app.policies.visibility import PATHS, VIEWS, Views
from app.services import prepared
from app.services.unit_of_work import UnitOfWork
from app.services.walking import RANK, Order, nearest

Columns = Callable[[Principal], dict[str, ColumnElement[Any]]]

EMPTY_LIST: ColumnElement[Any] = literal_column("'[]'::json")


@dataclass(frozen=True)
class Projection:
    """`reads` maps each view of the visibility policy, widest first, to the Read model whose fields it shows.

    `policy` replaces the model's own policy where a resource shows rows to others than the model does.
    `columns` gives the SQL of the fields that are not simply columns. `lifecycle` (of kind and state) makes the
    `actions` of single records. What is shown is built once for each shape of caller (policies.shapes), so columns
    depend on nothing but the caller and a projection lives as long as the process; `hot` ones have long tables.
    """

    model: type[SQLModel]
    reads: dict[str, type[SQLModel]]
    columns: Columns = field(default=lambda who: {})
    labels: dict[str, str] = field(default_factory=dict)
    lifecycle: Callable[[str], Lifecycle] | None = None
    kind: str | None = None
    hot: bool = False
    policy: Callable[[Principal], Views] | None = None

    def views(self, who: Principal) -> Views:
        """Those that this projection shows."""
        return [(name, it) for name, it in (self.policy or VIEWS[self.model])(who) if name in self.reads]

    @cached_property
    def shown(self) -> Callable[[Principal], dict[str, ColumnElement[Any]]]:
        """What each view shows of a row, as JSON."""
        name = f"{self.model.__name__} shown {id(self)}"
        return shapes.once(name, lambda who: {view: _object(self, view, who) for view in self.reads})

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
    shown = projection.shown(who)
    *wider, narrowest = [(condition, shown[view]) for view, condition in projection.views(who)]
    return case(*wider, else_=narrowest[1]) if wider else narrowest[1]


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


class _BodyRef(ColumnElement[Any]):
    """Written as text: it stands several times in nearly every projection, and took most of the time to make them.

    Most bodies have the name of that day to this day; only of others it is asked what has become of them.
    """

    _traverse_internals = [(it, InternalTraversal.dp_clauseelement) for it in ("body_id", "day", "today")]  # noqa: RUF012
    type = JSON()

    def __init__(self, body_id: Any, day: Any, today: date) -> None:
        self.body_id = body_id
        self.day = literal(day, Date) if isinstance(day, date) else day
        self.today = literal(today, Date)

    @property
    def _from_objects(self) -> Any:
        return []

    def self_group(self, against: Any = None) -> ColumnElement[Any]:
        return self


NAMED = """coalesce(
    (SELECT json_build_object('id', named.body_id, 'name', named.name, 'short_name', named.short_name)
       FROM (SELECT newest.body_id, newest.name, newest.short_name, newest.valid_from FROM body_name AS newest
              WHERE newest.body_id = {body_id} AND newest.valid_from <= {today}
              ORDER BY newest.valid_from DESC LIMIT 1) AS named
      WHERE named.valid_from <= {day}),
    (SELECT CASE WHEN present.name <> named.name OR present.short_name <> named.short_name
            THEN json_build_object('id', named.body_id, 'name', named.name, 'short_name', named.short_name,
                                   'now', json_build_object('name', present.name, 'short_name', present.short_name))
            ELSE json_build_object('id', named.body_id, 'name', named.name, 'short_name', named.short_name) END
       FROM body_name AS named
       LEFT JOIN LATERAL (SELECT later.name, later.short_name FROM body_name AS later
                           WHERE later.body_id = named.body_id AND later.valid_from <= {today}
                           ORDER BY later.valid_from DESC LIMIT 1) AS present ON true
      WHERE named.body_id = {body_id}
      ORDER BY (named.valid_from <= {day}) DESC, abs(named.valid_from - {day}) LIMIT 1))"""


@compiles(_BodyRef)
def _named(it: _BodyRef, compiler: Any, **options: Any) -> str:
    parts = {name: compiler.process(getattr(it, name), **options) for name in ("body_id", "day", "today")}
    return NAMED.format(**parts)


def body_ref(body_id: Any, on: Any, today: date) -> ColumnElement[Any]:
    """`{id, name, short_name}` with the name valid on the record's date, and `now` where it differs; null for none."""
    return _BodyRef(body_id, on, today)


def body_refs(ids: Any, on: Any, today: date) -> ColumnElement[Any]:
    """Of a JSON list of ids, in their order, each as `body_ref` shows it; most lists are empty and cost nothing."""
    kept = cast(ids, JSONB)
    each = func.jsonb_array_elements_text(kept).table_valued("value", with_ordinality="place").render_derived()
    ref = body_ref(cast(each.c.value, Uuid), on, today)
    refs = select(func.json_agg(aggregate_order_by(ref, each.c.place))).select_from(each).scalar_subquery()
    return case((func.jsonb_array_length(kept) == 0, EMPTY_LIST), else_=func.coalesce(refs, EMPTY_LIST))


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
    return func.coalesce(listed, EMPTY_LIST)


async def read_one(uow: UnitOfWork, projection: Projection, identifier: Any) -> tuple[bytes, int | None]:
    """The JSON of a record with the caller's `actions`, and its version; NotVisible when hidden or absent."""
    row = await _single(uow, projection, identifier)
    if row is None or row["document"] is None:
        raise NotVisible
    body = row["document"].encode()
    if projection.lifecycle is not None:
        body = body[:-1] + b',"actions":' + orjson.dumps(_offered(projection, projection.lifecycle, row)) + b"}"
    return body, row.get("version_")


def _offered(projection: Projection, lifecycle_of: Callable[[str], Lifecycle], row: Mapping[str, Any]) -> list[str]:
    held = frozenset(actor for actor in Actor if row.get(actor))
    lifecycle = lifecycle_of(row["kind_"])
    offered = lifecycle.offered(row["state_"], held)
    if Actor.FOR_THE_HEAD in held:
        offered += [it for it in lifecycle.offered(row["state_"], frozenset({Actor.HEAD})) if it not in offered]
    return offered


async def _single(uow: UnitOfWork, projection: Projection, identifier: Any) -> Mapping[str, Any] | None:
    name = (id(projection), "one")
    rows = await prepared.fetch(uow, name, lambda who: _one(projection, who), identifier=identifier)
    return rows[0] if rows else None


def _one(projection: Projection, who: Principal) -> Select[Any]:
    model: Any = projection.model
    columns: list[ColumnElement[Any]] = [cast(document(projection, who), Text).label("document")]
    if "version" in model.model_fields:
        columns.append(col(model.version).label("version_"))
    if projection.lifecycle is not None:
        kind = getattr(model, projection.kind) if projection.kind else literal("")
        columns += [cast(model.state, Text).label("state_"), cast(kind, Text).label("kind_")]
        columns += [condition.label(actor) for actor, condition in ACTORS[projection.model](who).items()]
    named = projection.key == bindparam("identifier", None, type_=projection.key.type)
    return _scoped(select(*columns).select_from(model).where(named, _visible(projection, who)))


def _visible(projection: Projection, who: Principal) -> ColumnElement[bool]:
    return or_(*(condition for _, condition in projection.views(who)))


async def actors_of(uow: UnitOfWork, it: SQLModel) -> frozenset[Actor]:
    """Which actors of its lifecycle the caller is for this record."""
    model: Any = type(it)
    (row,) = await prepared.fetch(uow, (model, "actors"), lambda who: _actors(model, who), identifier=it.id)  # type: ignore[attr-defined]
    return frozenset(actor for actor in Actor if row.get(actor))


def _actors(model: Any, who: Principal) -> Select[Any]:
    conditions: list[ColumnElement[Any]] = [it.label(actor) for actor, it in ACTORS[model](who).items()]
    flags: Select[Any] = select(*conditions).select_from(model)
    named = col(model.id) == bindparam("identifier", None, type_=Uuid)
    return flags.where(named).execution_options(scope="what the caller is to a record already found")


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
    """The body of a list: one statement, newest first unless `sort` names another indexed NOT NULL column.

    What stands on one page is counted by looking at it; only a list that goes on is counted by the database.
    """
    model: Any = projection.model
    scope = f"{model.__tablename__}|{page.sort}|{orjson.dumps(filters, default=str).decode()}"
    order = _order(projection, page.sort, sorts or {})
    after = uow.cursors.open(page.cursor, scope) if page.cursor is not None else None
    rows = await _rows(uow, projection, order, where, after, page.limit + 1)
    following = None
    if len(rows) > page.limit:
        following = uow.cursors.seal(list(rows[page.limit - 1])[:-1], scope)
    shown = [row[-1] for row in rows[: page.limit] if row[-1]]
    parts = [b'{"items":[', ",".join(shown).encode(), b'],"next_cursor":', orjson.dumps(following)]
    if page.count:
        whole = after is None and following is None
        count = len(shown) if whole else await _count(uow, projection, where)
        parts += [b',"count":', str(count).encode()]
    return b"".join([*parts, b"}"])


def _order(projection: Projection, sort: str, sorts: dict[str, Any]) -> Order:
    name, key = sort.removeprefix("-"), projection.key
    return Order((key,) if name == key.name else (col(sorts[name]), key), sort.startswith("-"))


async def _rows(
    uow: UnitOfWork, projection: Projection, order: Order, where: Sequence[Condition], after: Any, limit: int
) -> Sequence[Any]:
    """The keys and the JSON of one page; with filters a long list finds its keys first, and shows them prepared."""
    place = order.place(after)
    conditions = [*where, order.after()] if place else list(where)
    if not where:
        names = tuple(it.name for it in order.columns)
        name = (id(projection), names, order.descending, bool(place), limit)
        return await prepared.fetch(uow, name, lambda who: _listed(projection, who, order, conditions, limit), **place)
    if not projection.hot:
        return await _executed(uow, _listed(projection, uow.who, order, conditions, limit), place)
    found = _found(projection, uow.who, order, conditions, limit)
    keys = await _executed(uow, _scoped(select(*list(found.c)[:-1]).order_by(*order.over(found).clauses)), place)
    return await _shown(uow, projection, keys)


async def _executed(uow: UnitOfWork, statement: Select[Any], values: dict[str, Any]) -> Sequence[Any]:
    rows: Sequence[Any] = (await uow.session.execute(statement, {"now": uow.now, **values})).all()
    return rows


def _scoped(statement: Select[Any]) -> Select[Any]:
    return statement.execution_options(scope="scoped")


async def _shown(uow: UnitOfWork, projection: Projection, keys: Sequence[Any]) -> Sequence[Any]:
    """Nothing of a row that left the caller's view since its key was found."""
    name = (id(projection), "many")
    ids = [row[-1] for row in keys]
    rows = await prepared.fetch(uow, name, lambda who: _many(projection, who), identifiers=ids)
    documents = {row["key"]: row["document"] for row in rows}
    return [(*row, documents.get(row[-1], "")) for row in keys]


def _many(projection: Projection, who: Principal) -> Select[Any]:
    named = projection.key == any_(bindparam("identifiers", None, type_=ARRAY(projection.key.type)))
    shown = cast(document(projection, who), Text).label("document")
    return _scoped(select(projection.key.label("key"), shown).where(named, _visible(projection, who)))


def _listed(
    projection: Projection, who: Principal, order: Order, where: Sequence[Condition], limit: int
) -> Select[Any]:
    """The keys and the JSON of one page. Tables too long for scanning are walked (services.walking)."""
    if projection.model in PATHS and projection.policy is None:
        return _walked(projection, who, order, where, limit)
    page = select(*order.keys, cast(document(projection, who), Text).label("document")).select_from(projection.model)
    return _scoped(page.where(_visible(projection, who), *where).order_by(*order.clauses).limit(limit))


def _found(projection: Projection, who: Principal, order: Order, where: Sequence[Condition], limit: int) -> Subquery:
    paths = PATHS[projection.model](who)
    return nearest(projection.model, paths, list(projection.reads), order, where, limit)


def _walked(
    projection: Projection, who: Principal, order: Order, where: Sequence[Condition], limit: int
) -> Select[Any]:
    found = _found(projection, who, order, where, limit)
    objects = projection.shown(who)
    shown = [(found.c[RANK] == literal_column(str(rank)), objects[it]) for rank, it in enumerate(projection.reads)]
    page = select(*order.keys, cast(case(*shown), Text).label("document")).select_from(found)
    return _scoped(page.join(projection.model, projection.key == list(found.c)[-2]).order_by(*order.clauses))


async def _count(uow: UnitOfWork, projection: Projection, where: Sequence[Condition]) -> int:
    """What can be walked is counted path by path too: joined by OR, the paths have no index."""
    if projection.model in PATHS and projection.policy is None:
        paths = [it for it in PATHS[projection.model](uow.who) if it.view in projection.reads]
        reached: Any = union(*(select(projection.key).where(it.condition, *where) for it in paths)).subquery("reached")
    else:
        reached = select(projection.key).where(_visible(projection, uow.who), *where).subquery("reached")
    statement = select(func.count()).select_from(reached).execution_options(scope="scoped")
    return int((await uow.session.execute(statement)).scalar_one())


def matching(expression: str, query: str) -> ColumnElement[bool]:
    """Full text that ignores diacritics and case; `expression` is the one the index was made of."""
    folded = fold(query)
    if not folded:
        raise invalid("q", "blank_query")
    return literal_column(expression).op("@@")(func.plainto_tsquery(literal_column("'simple'::regconfig"), folded))
