"""Callers of different shapes share what they are asked alike, and nothing else."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import JSON, ColumnElement, Uuid, column, false, literal, true
from sqlalchemy.sql.cache_key import CacheKey

from app.core.principal import Duty, Principal
from app.policies import shapes

OFFICER = Principal(
    account_id=uuid4(),
    body_id=(own := uuid4()),
    duties=frozenset({Duty.OFFICER}),
    bodies=(own,),
    today=date(2026, 11, 22),
    family_id=uuid4(),
)
LEADER = replace(OFFICER, account_id=uuid4(), duties=frozenset({Duty.LEADER}))
AUDITOR = replace(OFFICER, duties=frozenset({Duty.AUDITOR}))
BODY: ColumnElement[UUID] = column("body_id", Uuid)


def mine(who: Principal) -> dict[str, ColumnElement[bool]]:
    """Told by nothing of the caller's duties but whether they read."""
    return {"mine": BODY.in_(who.reads) if who.reads else false()}


def key(expression: ColumnElement[bool]) -> CacheKey:
    """By it SQLAlchemy knows what it has compiled before."""
    found = expression._generate_cache_key()
    assert found is not None
    return found


def test_what_is_built_alike_is_compiled_once_for_all_who_are_asked_it():
    of = shapes.once("alike", mine)
    officer, leader, auditor = (key(of(it)["mine"]) for it in (OFFICER, LEADER, AUDITOR))
    assert officer == leader
    assert officer != auditor


def test_each_is_asked_with_values_of_their_own():
    elsewhere = replace(LEADER, body_id=(other := uuid4()), bodies=(other,))
    of = shapes.once("own values", mine)
    asked = [[it.value for it in key(of(who)["mine"]).bindparams] for who in (OFFICER, elsewhere, AUDITOR)]
    assert asked == [[[own]], [[other]], []]


def test_a_constant_tells_two_shapes_apart():
    of = shapes.once("constants", lambda who: {"which": literal({"leads": bool(who.leads)}, JSON) == column("x", JSON)})
    assert key(of(OFFICER)["which"]) != key(of(LEADER)["which"])


@pytest.mark.parametrize("leaked", [lambda who: str(who.account_id), lambda who: who.today - timedelta(days=7)])
def test_what_holds_more_of_one_shape_alone_is_refused_after_another_was_kept(leaked):
    of = shapes.once("leaking", lambda who: {"seen": column("x") == leaked(who) if who.leads else true()})
    of(OFFICER)
    with pytest.raises(TypeError, match="holds more"):
        of(LEADER)
