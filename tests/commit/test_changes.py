"""What a client that was away is told: nothing twice, nothing too little, nothing that it may not know."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core import clock
from app.core.settings import Settings
from app.domain.delegation import DelegationDuty
from app.domain.finding import FindingState
from app.domain.recommendation import RecommendationState
from app.domain.report import ReportKind, ReportState
from app.main import create_app
from app.models.campaign import CampaignPartner
from app.models.delegation import DelegationMember
from app.services.changes import retention
from app.services.changes.kinds import KEPT
from app.services.reports import publication
from tests import makers
from tests.client import Api, ok
from tests.queries import Queries
from tests.world import World

pytestmark = pytest.mark.thorough

Sessions = async_sessionmaker[AsyncSession]


@pytest.fixture
async def app_of_its_own(database: str, settings: Settings) -> AsyncIterator[FastAPI]:
    own = settings.model_copy(update={"database_url": SecretStr(database), "demo": False, "pool_size": 4})
    app = create_app(own)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
def committed(app_of_its_own: FastAPI) -> Sessions:
    return app_of_its_own.state.sessions  # type: ignore[no-any-return]


@pytest.fixture
async def http(app_of_its_own: FastAPI, template: World) -> AsyncIterator[Api]:
    kept = template.tokens
    template.tokens = {}
    template.sign_in(app_of_its_own.state.tokens)
    async with Api(app_of_its_own, template) as api:
        yield api
    template.tokens = kept


@dataclass
class Client:
    """A member of the cast with a copy of what it was told of."""

    api: Api
    part: str
    limit: int = 200
    cursor: str | None = None
    held: dict[str, str] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)
    resets: int = 0

    async def sync(self) -> list[dict[str, Any]]:
        """Every item until there is no more; the copy is kept up to date."""
        self.heard = []
        while True:
            query = {"limit": self.limit} | ({"since": self.cursor} if self.cursor else {})
            answer = ok(await self.api.get("/v1/changes", as_=self.part, params=query))
            self._take(answer)
            if not answer["more"]:
                return self.heard

    def _take(self, answer: dict[str, Any]) -> None:
        if answer.get("reset"):
            self.held, self.resets = {}, self.resets + 1
        self.cursor = answer["cursor"]
        self.heard += answer["items"]
        for it in answer["items"]:
            if it["op"] == "upsert":
                self.held[it["id"]] = it["type"]
            else:
                del self.held[it["id"]]

    def ops(self) -> set[tuple[str, str]]:
        return {(it["type"], it["op"]) for it in self.heard}


@pytest.fixture
async def story(committed: Sessions, template: World) -> dict[str, Any]:
    async with committed() as session:
        campaign = await makers.a_campaign(session, template)
        delegation = await makers.a_delegation(session, template, campaign)
        engagement = await makers.an_engagement(session, template, delegation)
        finding = await makers.a_finding(session, template, engagement, state=FindingState.SUBMITTED)
        return {"campaign": campaign, "delegation": delegation, "engagement": engagement, "finding": finding}


async def test_without_since_a_caller_is_told_of_everything_it_sees_and_of_nothing_else(
    http: Api, story: dict[str, Any]
) -> None:
    lead, supervised, stranger = (Client(http, it) for it in ("lead_officer", "supervised", "stranger"))
    for client in (lead, supervised, stranger):
        await client.sync()
    assert set(lead.held.values()) == {"campaign", "delegation", "engagement", "finding"}
    assert set(supervised.held.values()) == {"campaign", "delegation", "engagement"}
    assert stranger.held == {}


async def test_a_second_call_is_told_only_of_what_came_since(http: Api, committed: Sessions, story: Any) -> None:
    lead = Client(http, "lead_officer")
    await lead.sync()
    assert await lead.sync() == []
    await update(committed, "campaign", story["campaign"], title="Tên khác", version=2)
    [item] = await lead.sync()
    assert (item["type"], item["op"], item["version"]) == ("campaign", "upsert", 2)
    assert await lead.sync() == []


async def update(sessions: Sessions, table: str, it: Any, **columns: Any) -> None:
    assigned = ", ".join(f"{name} = :{name}" for name in columns)
    async with sessions.begin() as session:
        await session.execute(text(f"UPDATE {table} SET {assigned} WHERE id = :id"), {"id": it.id, **columns})


async def test_transactions_that_commit_in_reverse_order_are_both_told_once(
    http: Api, committed: Sessions, story: Any
) -> None:
    lead = Client(http, "lead_officer")
    await lead.sync()
    rename = text("UPDATE engagement SET version = version + 1 WHERE id = :id")
    retitle = text("UPDATE campaign SET version = version + 1 WHERE id = :id")
    async with committed() as older, committed() as younger:
        await older.execute(rename, {"id": story["engagement"].id})
        await younger.execute(retitle, {"id": story["campaign"].id})
        await younger.commit()
        early = await lead.sync()
        await older.commit()
        late = await lead.sync()
    assert sorted(it["type"] for it in early + late) == ["campaign", "engagement"]
    numbers = [it["seq"] for it in early + late]
    assert numbers == sorted(set(numbers))
    assert await lead.sync() == []


async def test_pages_of_one_item_tell_the_same_as_one_long_page(http: Api, committed: Sessions, story: Any) -> None:
    whole, bit_by_bit = Client(http, "lead_officer"), Client(http, "lead_officer", limit=1)
    await whole.sync()
    await bit_by_bit.sync()
    assert whole.heard == bit_by_bit.heard
    await update(committed, "finding", story["finding"], state="withdrawn")
    await update(committed, "campaign", story["campaign"], version=2)
    assert await whole.sync() == await bit_by_bit.sync()
    assert whole.held == bit_by_bit.held


async def test_what_leaves_the_view_by_its_own_step_is_removed_for_those_who_saw_it(
    http: Api, committed: Sessions, template: World, story: Any
) -> None:
    lead, stranger = Client(http, "lead_officer"), Client(http, "stranger")
    await lead.sync()
    await stranger.sync()
    await update(committed, "finding", story["finding"], state="withdrawn", version=2)
    assert [(it["type"], it["op"]) for it in await lead.sync()] == [("finding", "removed")]
    assert await stranger.sync() == []
    await update(committed, "finding", story["finding"], content="Nội dung khác hẳn của phát hiện", version=3)
    assert await lead.sync() == [], "of what nobody sees any more nothing is told"


async def test_a_notice_opens_the_campaign_to_the_supervised_party(
    http: Api, committed: Sessions, template: World
) -> None:
    async with committed() as session:
        delegation = await makers.a_delegation(session, template, await makers.a_campaign(session, template))
        engagement = await makers.an_engagement(session, template, delegation, notified_on=None, state="preparing")
    supervised = Client(http, "supervised")
    assert await supervised.sync() == []
    await update(committed, "engagement", engagement, notified_on=clock.today(), state="notified", version=2)
    await supervised.sync()
    assert supervised.ops() == {("campaign", "upsert"), ("delegation", "upsert"), ("engagement", "upsert")}


async def test_the_issue_of_a_recommendation_opens_its_campaign_and_conclusion_to_the_addressee(
    http: Api, committed: Sessions, template: World
) -> None:
    async with committed() as session:
        campaign = await makers.a_campaign(session, template)
        await makers.a_report(
            session, template, campaign, kind=ReportKind.CONCLUSION, state=ReportState.ISSUED, issued_on=clock.today()
        )
        draft = await makers.a_recommendation(
            session, template, campaign, state=RecommendationState.DRAFT, issued_on=None
        )
    addressee = Client(http, "addressee")
    assert await addressee.sync() == []
    await update(committed, "recommendation", draft, state="issued", issued_on=clock.today(), version=2)
    await addressee.sync()
    assert addressee.ops() == {("campaign", "upsert"), ("report", "upsert"), ("recommendation", "upsert")}


async def test_what_is_published_later_is_told_of_at_its_moment(
    http: Api, committed: Sessions, template: World, story: Any
) -> None:
    soon, client = clock.utcnow() + timedelta(hours=1), Client(http, "stranger")
    days = {"issued_on": clock.today(), "published_on": clock.today()}
    values = {"kind": ReportKind.CONCLUSION, "state": ReportState.PUBLISHED, **days}
    async with committed() as session:
        report = await makers.a_report(session, template, story["campaign"], publish_at=soon, **values)
    await client.sync()
    assert str(report.id) not in client.held
    for hours, told in ((0, False), (2, True)):
        async with committed.begin() as session:
            await publication.begin(session, clock.utcnow() + timedelta(hours=hours))
        await client.sync()
        assert (str(report.id) in client.held) is told


async def test_a_partner_that_leaves_loses_all_and_one_that_joins_gets_all(
    http: Api, committed: Sessions, template: World, story: Any
) -> None:
    newcomer, lead = Client(http, "stranger"), Client(http, "lead_officer")
    await newcomer.sync()
    await lead.sync()
    joining = CampaignPartner(campaign_id=story["campaign"].id, body_id=template.body["stranger"])
    async with committed.begin() as session:
        session.add(joining)
    await newcomer.sync()
    assert set(newcomer.held.values()) == {"campaign", "delegation", "engagement", "finding"}
    assert await lead.sync() == [], "what a newcomer now sees is no change for others"
    async with committed.begin() as session:
        await session.execute(text("DELETE FROM campaign_partner WHERE id = :id"), {"id": joining.id})
    await newcomer.sync()
    assert newcomer.held == {}
    assert {it["op"] for it in newcomer.heard} == {"removed"}


async def test_a_partnership_that_passes_to_an_heir_closes_it_to_the_one_and_opens_it_to_the_other(
    http: Api, committed: Sessions, template: World, story: Any
) -> None:
    former, heir = Client(http, "partner"), Client(http, "stranger")
    await former.sync()
    await heir.sync()
    seen = set(former.held.values())
    assert "campaign" in seen
    async with committed.begin() as session:
        passed = "UPDATE campaign_partner SET body_id = :heir WHERE campaign_id = :campaign AND body_id = :former"
        named = {"heir": template.body["stranger"], "former": template.body["partner"]}
        await session.execute(text(passed), {**named, "campaign": story["campaign"].id})
    await former.sync()
    await heir.sync()
    assert former.held == {}
    assert {it["op"] for it in former.heard} == {"removed"}
    assert set(heir.held.values()) == seen


async def test_a_seat_that_is_ended_closes_what_it_opened(
    http: Api, committed: Sessions, template: World, story: Any
) -> None:
    seat = DelegationMember(
        delegation_id=story["delegation"].id,
        account_id=template.account["stranger"],
        person_name="stranger",
        body_id=template.body["stranger"],
        duty=DelegationDuty.MEMBER,
        valid_from=clock.today() - timedelta(days=9),
    )
    member = Client(http, "stranger")
    await member.sync()
    async with committed.begin() as session:
        session.add(seat)
    await member.sync()
    assert len(member.held) == 4
    await update(committed, "delegation_member", seat, valid_to=clock.today() - timedelta(days=1))
    await member.sync()
    assert (member.held, member.resets) == ({}, 0)


async def test_a_seat_that_ends_by_its_date_makes_the_client_begin_anew(
    http: Api, committed: Sessions, template: World, story: Any
) -> None:
    async with committed.begin() as session:
        session.add(
            DelegationMember(
                delegation_id=story["delegation"].id,
                account_id=template.account["stranger"],
                person_name="stranger",
                body_id=template.body["stranger"],
                duty=DelegationDuty.MEMBER,
                valid_from=clock.today(),
                valid_to=clock.today(),
            )
        )
    member = Client(http, "stranger")
    await member.sync()
    assert len(member.held) == 4
    clock.set_today(clock.today() + timedelta(days=1))
    member.api.world.sign_in(member.api.http._transport.app.state.tokens)  # type: ignore[attr-defined]
    await member.sync()
    assert (member.held, member.resets) == ({}, 1)


async def test_a_duty_more_or_less_makes_the_client_begin_anew(
    http: Api, committed: Sessions, template: World, story: Any
) -> None:
    lead = Client(http, "lead_officer")
    await lead.sync()
    async with committed.begin() as session:
        await session.execute(
            text(
                "UPDATE membership_duty SET duty = 'leader' FROM membership m "
                "WHERE m.id = membership_id AND m.account_id = :id"
            ),
            {"id": template.account["lead_officer"]},
        )
    app = http.http._transport.app  # type: ignore[attr-defined]
    app.state.principals.forget()
    await lead.sync()
    assert (len(lead.held), lead.resets) == (4, 1)


async def test_what_is_deleted_is_removed(http: Api, committed: Sessions, story: Any) -> None:
    lead = Client(http, "lead_officer")
    await lead.sync()
    async with committed.begin() as session:
        await session.execute(text("DELETE FROM finding WHERE id = :id"), {"id": story["finding"].id})
    assert [(it["type"], it["op"]) for it in await lead.sync()] == [("finding", "removed")]


async def test_a_record_that_came_and_went_between_two_calls_is_not_told_of(
    http: Api, committed: Sessions, template: World, story: Any
) -> None:
    lead = Client(http, "lead_officer")
    await lead.sync()
    async with committed() as session:
        made = await makers.a_finding(session, template, story["engagement"], state=FindingState.SUBMITTED)
    await update(committed, "finding", made, state="withdrawn")
    assert await lead.sync() == []


async def test_a_cursor_is_good_for_ninety_days_and_for_one_caller(http: Api, story: Any) -> None:
    lead = Client(http, "lead_officer")
    await lead.sync()
    foreign = await http.get("/v1/changes", as_="lead_leader", params={"since": lead.cursor})
    assert (foreign.status_code, foreign.json()["code"]) == (400, "bad_cursor")
    garbled = await http.get("/v1/changes", as_="lead_officer", params={"since": f"{lead.cursor}x"})
    assert garbled.status_code == 400
    clock.set_today(clock.today() + timedelta(days=91))
    late = await http.get("/v1/changes", as_="lead_officer", params={"since": lead.cursor})
    assert (late.status_code, late.json()["code"]) == (410, "cursor_expired")


async def test_what_is_older_than_any_cursor_is_forgotten_but_for_the_last_line_of_each_record(
    http: Api, committed: Sessions, story: Any
) -> None:
    await update(committed, "campaign", story["campaign"], version=2)
    async with committed.begin() as session:
        await session.execute(text("DELETE FROM finding"))
        await session.execute(text("UPDATE change SET at = at - interval '91 days'"))
        await retention.forget_old(session)
    async with committed() as session:
        kept = (await session.execute(text("SELECT kind || ' ' || subject_type FROM change ORDER BY 1"))).scalars()
        assert list(kept) == ["insert delegation", "insert engagement", "update campaign"]
    lead = Client(http, "lead_officer")
    await lead.sync()
    assert set(lead.held.values()) == {"campaign", "delegation", "engagement"}


@pytest.mark.parametrize("changed", [1, 40])
async def test_a_page_takes_the_same_statements_however_much_changed(
    http: Api, committed: Sessions, template: World, story: Any, changed: int
) -> None:
    lead = Client(http, "lead_officer")
    await lead.sync()
    async with committed() as session:
        for _ in range(changed):
            await makers.a_finding(session, template, story["engagement"], state=FindingState.SUBMITTED)
    await update(committed, "finding", story["finding"], state="withdrawn")
    app = http.http._transport.app  # type: ignore[attr-defined]
    with Queries(app.state.engine) as queries:
        answer = ok(await http.get("/v1/changes", as_="lead_officer", params={"since": lead.cursor}))
    assert len(answer["items"]) == changed + 1
    assert queries.count == 4


async def test_the_tables_of_the_log_are_those_with_a_trigger(committed: Sessions) -> None:
    triggers = text("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'change_1_kept'")
    async with committed() as session:
        assert set((await session.execute(triggers)).scalars()) == {it.__tablename__ for it in KEPT}
