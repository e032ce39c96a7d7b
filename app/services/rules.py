"""Periods set by law, by a body for itself, or by convention: effective-dated rows, each with its legal basis."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden
from app.core.principal import Principal
from app.models.deadline import Rule, RuleCreate, RuleFilter, RuleRead
from app.policies.actions import may_keep_register
from app.policies.relations import among
from app.services.reading import Page, Projection, body_ref, read_page
from app.services.unit_of_work import UnitOfWork

ONE_DAY = timedelta(days=1)


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    return {"body": body_ref(col(Rule.body_id), col(Rule.valid_from), who.today)}


RULE = Projection(model=Rule, reads={"full": RuleRead}, columns=_columns)


async def listing(uow: UnitOfWork, query: RuleFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    if query.code:
        where.append(col(Rule.code).in_(query.code))
    if query.regime:
        where.append(col(Rule.regime).in_(query.regime))
    if query.body_id:
        where.append(among(Rule.body_id, query.body_id))
    if query.on is not None:
        ends = or_(col(Rule.valid_to).is_(None), col(Rule.valid_to) >= query.on)
        where += [col(Rule.valid_from) <= query.on, ends]
    page = Page.of(query, sort="code")
    return await read_page(uow, RULE, page, where=where, filters=query.filters(), sorts={"code": Rule.code})


async def create(uow: UnitOfWork, payload: RuleCreate) -> UUID:
    """A rule, or the next version of one. What was started under an earlier version stays under it."""
    if not _may_set(uow.who, payload.body_id):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    await uow.serialise("rule", payload.code, payload.body_id)
    earlier = await _versions(uow, payload.code, payload.body_id)
    for other in earlier:
        if other.valid_to is None and other.valid_from < payload.valid_from:
            other.valid_to = payload.valid_from - ONE_DAY
        if _overlap(other, payload):
            raise Conflict("rules_overlap", params={"code": payload.code, "number": other.rule_version})
    number = max((it.rule_version for it in earlier), default=0) + 1
    it = Rule(rule_version=number, **{**payload.model_dump(), "n": payload.n or {}})
    uow.add(it)
    uow.record("rule.create", it, code=it.code)
    return it.id


def _may_set(who: Principal, body_id: UUID | None) -> bool:
    """The registrar keeps the national rules; a body sets local ones for itself alone."""
    return may_keep_register(who) if body_id is None else body_id in who.acts


async def _versions(uow: UnitOfWork, code: str, body_id: UUID | None) -> list[Rule]:
    same = select(Rule).where(col(Rule.code) == code, col(Rule.body_id).is_not_distinct_from(body_id))
    return list((await uow.session.execute(same.order_by(col(Rule.rule_version)))).scalars())


def _overlap(one: Rule, other: RuleCreate) -> bool:
    ends = one.valid_to or date.max, other.valid_to or date.max
    return one.valid_from <= ends[1] and other.valid_from <= ends[0]
