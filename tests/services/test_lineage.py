"""Forebears and heirs through any chain, for bodies and for the organs that ended with them."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.core.cursors import Cursors
from app.core.principal import NOBODY, Principal
from app.models.body import Body
from app.services import lineage
from app.services.unit_of_work import UnitOfWork
from tests.makers_transfers import a_body, an_end

TODAY = date(2026, 11, 22)


@pytest.fixture
def uow(session):
    return UnitOfWork(session, Principal(NOBODY, NOBODY, frozenset(), (), TODAY, NOBODY), Cursors(b""))


@pytest.fixture
async def district(session, world):
    """Huyện ủy Quảng Điền with its standing committee and office, ended into four communes."""
    heirs = [await a_body(session, name) for name in ("Đan Điền", "Quảng Điền", "Phong Quảng", "Hóa Châu")]
    organs = [world.body["supervised"], world.body["office"]]
    await an_end(session, [world.body["committee"]], [it.id for it in heirs], organs=organs)
    return [it.id for it in heirs]


async def test_an_organ_came_to_what_its_parent_came_to(uow, world, district):
    for ended in ("committee", "supervised", "office"):
        found = await lineage.heirs(uow, [world.body[ended]])
        assert found == {world.body[ended]: set(district)}
    assert world.body["supervised"] in await lineage.predecessors(uow, district[0])
    assert await lineage.kin(uow, district[0]) >= {district[0], world.body["committee"], world.body["supervised"]}


async def test_a_body_in_being_is_its_own_heir(uow, world):
    assert await lineage.heirs(uow, [world.body["lead"]]) == {world.body["lead"]: {world.body["lead"]}}


async def test_a_chain_ends_with_those_who_live(uow, session, world, district):
    last = await a_body(session, "Quảng Điền mới", date(2026, 1, 1))
    await an_end(session, district[:2], [last.id], date(2026, 1, 1))
    found = await lineage.heirs(uow, [world.body["supervised"]])
    assert found[world.body["supervised"]] == {last.id, *district[2:]}


async def test_a_circle_ends(uow, session, world):
    """A split and a later merger back: what goes on is walked once."""
    part = await a_body(session, "Phần tách", date(2024, 1, 1))
    await an_end(session, [part.id], [world.body["lead"]], date(2025, 1, 1))
    await an_end(session, [world.body["lead"]], [part.id], date(2026, 1, 1))
    assert await lineage.heirs(uow, [part.id]) == {part.id: set()}


async def test_only_a_sole_heir_takes_the_figures(uow, session, world, district):
    board = await a_body(session, "Ban Tuyên giáo và Dân vận", date(2015, 1, 1))
    await an_end(session, [world.body["lead"]], [board.id], date(2025, 3, 1))
    asked = [world.body[it] for it in ("lead", "supervised", "partner")]
    heirs = lineage.sole_heirs(select(col(Body.id)).where(col(Body.id).in_(asked)), TODAY)
    rows = (await session.execute(select(heirs))).all()
    assert {(it.body_id, it.heir_id) for it in rows} == {
        (world.body["lead"], board.id),
        (world.body["partner"], world.body["partner"]),
    }
