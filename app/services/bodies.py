"""Bodies and their dated names: who is on the register, under which name on which day, acting through which office."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, delete, exists, func, literal, or_, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, invalid
from app.core.principal import ACTING, Principal
from app.models.account import Account, Membership, MembershipDuty
from app.models.base import search_expression
from app.models.body import (
    ActsThrough,
    Body,
    BodyCreate,
    BodyFilter,
    BodyName,
    BodyNameCreate,
    BodyNameRead,
    BodyRead,
    BodyUpdate,
    DelegateRead,
    OfficePayload,
    Place,
)
from app.models.campaign import CampaignPartner
from app.policies.actions import may_keep_register
from app.policies.relations import among, led
from app.policies.visibility import people
from app.services import places
from app.services.carriage import check_visible
from app.services.reading import Page, Projection, body_ref, json_list, matching, read_page
from app.services.steps import check_version, find, touch
from app.services.unit_of_work import UnitOfWork

ONE_DAY = timedelta(days=1)


def _columns(on: date, who: Principal) -> dict[str, ColumnElement[Any]]:
    names = select(BodyName).where(col(BodyName.body_id) == col(Body.id))
    nearest = names.order_by(
        (col(BodyName.valid_from) <= on).desc(), func.abs(col(BodyName.valid_from) - literal(on, Date))
    )
    place = select(func.json_build_object("code", col(Place.code), "full_name", col(Place.full_name)))
    offices = select(
        col(ActsThrough.office_id).label("body_id"),
        body_ref(col(ActsThrough.office_id), on, who.today).label("body"),
        col(ActsThrough.valid_from).label("from"),
        col(ActsThrough.valid_to).label("to"),
    ).where(col(ActsThrough.organ_id) == col(Body.id))
    return {
        **{
            field: nearest.with_only_columns(getattr(BodyName, field)).limit(1).correlate(Body).scalar_subquery()
            for field in ("name", "short_name", "symbol")
        },
        "parent": body_ref(col(Body.parent_id), on, who.today),
        "place": place.where(col(Place.code) == col(Body.place_code)).correlate(Body).scalar_subquery(),
        "acts_through": json_list(offices.correlate(Body), order=[col(ActsThrough.valid_from), col(ActsThrough.id)]),
    }


def shown(on: date | None = None) -> Projection:
    """Bodies under the names of a day, today by default."""
    return Projection(model=Body, reads={"full": BodyRead}, columns=lambda who: _columns(on or who.today, who))


BODY = shown()
NAME = Projection(model=BodyName, reads={"full": BodyNameRead})


async def listing(uow: UnitOfWork, query: BodyFilter) -> bytes:
    """With `on`, the bodies of that day, searched by its names; without, all, searched by every name they bore."""
    where: list[ColumnElement[bool]] = []
    if query.kind:
        where.append(col(Body.kind).in_(query.kind))
    if query.level:
        where.append(col(Body.level).in_(query.level))
    if query.parent_id:
        where.append(among(Body.parent_id, query.parent_id))
    if query.place_code:
        where.append(col(Body.place_code).in_(query.place_code))
    if query.on is not None:
        where.append(_valid(Body, query.on))
    if query.q is not None:
        where.append(_named(query.q, query.on))
    return await read_page(uow, shown(query.on), Page.of(query), where=where, filters=query.filters())


def _valid(model: Any, on: date) -> ColumnElement[bool]:
    return and_(col(model.valid_from) <= on, or_(col(model.valid_to).is_(None), col(model.valid_to) >= on))


def _named(words: str, on: date | None) -> ColumnElement[bool]:
    names = select(col(BodyName.body_id)).where(matching(search_expression("name", "short_name", "symbol"), words))
    return col(Body.id).in_(names if on is None else names.where(_valid(BodyName, on)))


async def check_known(uow: UnitOfWork, ids: Iterable[UUID | None]) -> None:
    """NotVisible unless every id is a body's; for the references of whatever names bodies."""
    await check_visible(uow, Body, ids)


async def create(uow: UnitOfWork, payload: BodyCreate) -> UUID:
    if not may_keep_register(uow.who):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    return (await create_each(uow, [payload]))[0]


async def create_each(uow: UnitOfWork, payloads: Sequence[BodyCreate]) -> list[UUID]:
    """Several at once, in as many statements as one; for whoever may keep the register."""
    if not may_keep_register(uow.who):
        raise Forbidden
    parents, offices = [it.parent_id for it in payloads], [office for it in payloads for office in it.acts_through]
    await check_known(uow, [*parents, *(office.body_id for office in offices)])
    await places.check_known(uow, [it.place_code for it in payloads], "/place_code")
    made = [
        Body(**it.model_dump(include={"kind", "level", "parent_id", "place_code", "valid_from"})) for it in payloads
    ]
    uow.add(*made)
    await uow.session.flush()
    for it, payload in zip(made, payloads, strict=True):
        named = payload.model_dump(include={"name", "short_name", "symbol", "valid_from"})
        uow.add(BodyName(body_id=it.id, **named), *_offices(it.id, payload.acts_through))
        uow.record("body.create", it)
    return [it.id for it in made]


async def update(uow: UnitOfWork, identifier: UUID, payload: BodyUpdate, expected: int | None) -> None:
    it = await find(uow, Body, identifier, lock=True)
    if not may_keep_register(uow.who):
        raise Forbidden
    changes = payload.model_dump(exclude_unset=True)
    offices = payload.acts_through if changes.pop("acts_through", None) is not None else []
    await _check_references(uow, payload.parent_id, payload.place_code, offices)
    check_version(it, expected)
    if payload.parent_id is not None and await _descends(uow, payload.parent_id, it.id):
        raise invalid("/parent_id", "own_ancestor")
    if payload.acts_through is not None:
        if any(office.body_id == it.id for office in offices):
            raise invalid("/acts_through", "own_office")
        await uow.session.execute(delete(ActsThrough).where(col(ActsThrough.organ_id) == it.id))
        uow.add(*_offices(it.id, offices))
    it.sqlmodel_update(changes)
    touch(it)
    uow.record("body.update", it, fields=sorted(payload.model_fields_set))


async def _check_references(
    uow: UnitOfWork, parent_id: UUID | None, place_code: str | None, offices: Sequence[OfficePayload]
) -> None:
    await check_known(uow, [parent_id, *(office.body_id for office in offices)])
    await places.check_known(uow, [place_code], "/place_code")


def _offices(organ_id: UUID, offices: Sequence[OfficePayload]) -> list[ActsThrough]:
    return [ActsThrough(organ_id=organ_id, office_id=it.body_id, valid_from=it.from_, valid_to=it.to) for it in offices]


async def _descends(uow: UnitOfWork, body_id: UUID, ancestor_id: UUID) -> bool:
    """Whether the first is the second, or somewhere below it."""
    line = select(col(Body.id), col(Body.parent_id)).where(col(Body.id) == body_id).cte("line", recursive=True)
    line = line.union(select(col(Body.id), col(Body.parent_id)).join(line, col(Body.id) == line.c.parent_id))
    return bool((await uow.session.execute(select(exists().where(line.c.id == ancestor_id)))).scalar_one())


async def names(uow: UnitOfWork, identifier: UUID, page: Page) -> bytes:
    await find(uow, Body, identifier)
    return await read_page(uow, NAME, page, where=[col(BodyName.body_id) == identifier])


async def add_name(uow: UnitOfWork, identifier: UUID, payload: BodyNameCreate) -> UUID:
    """A body bears one name a day: the open one ends the day before a new one begins."""
    body = await find(uow, Body, identifier, lock=True)
    if not may_keep_register(uow.who):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    borne = await uow.session.execute(select(BodyName).where(col(BodyName.body_id) == body.id))
    for other in borne.scalars():
        if other.valid_to is None and other.valid_from < payload.valid_from:
            other.valid_to = payload.valid_from - ONE_DAY
        if _overlap(other, payload):
            raise Conflict("names_overlap", params={"name": other.name})
    it = BodyName(body_id=body.id, **payload.model_dump())
    uow.add(it)
    touch(body)
    uow.record("body_name.create", it)
    return it.id


def _overlap(one: BodyName, other: BodyNameCreate) -> bool:
    ends = one.valid_to or date.max, other.valid_to or date.max
    return one.valid_from <= ends[1] and other.valid_from <= ends[0]


def _delegate_columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    held = select(func.json_agg(col(MembershipDuty.duty).distinct())).where(
        col(MembershipDuty.membership_id) == col(Membership.id), _valid(MembershipDuty, who.today)
    )
    name = select(col(Account.name)).where(col(Account.id) == col(Membership.account_id))
    return {
        "name": name.correlate(Membership).scalar_subquery(),
        "duties": held.correlate(Membership).scalar_subquery(),
    }


DELEGATE = Projection(
    model=Membership, reads={"full": DelegateRead}, columns=_delegate_columns, policy=people.delegates
)


async def delegates(uow: UnitOfWork, identifier: UUID, page: Page) -> bytes:
    """The officers and leaders of a partner, for officers and leaders of a body that leads a campaign with it."""
    await find(uow, Body, identifier)
    if identifier not in uow.who.acts and not await _joins_a_campaign_of_ours(uow, identifier):
        raise Forbidden
    acting = select(col(MembershipDuty.membership_id)).where(
        col(MembershipDuty.duty).in_(list(ACTING)), _valid(MembershipDuty, uow.today)
    )
    where = [col(Membership.body_id) == identifier, col(Membership.id).in_(acting)]
    return await read_page(uow, DELEGATE, page, where=where)


async def _joins_a_campaign_of_ours(uow: UnitOfWork, body_id: UUID) -> bool:
    joined = exists().where(col(CampaignPartner.body_id) == body_id, led(CampaignPartner.campaign_id, uow.who.acts))
    return bool((await uow.session.execute(select(joined))).scalar_one())
