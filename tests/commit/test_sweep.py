"""The nightly clock: missed, repeated and simultaneous runs leave exactly the right messages, once."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.core import clock
from app.core.db import create_engine
from app.domain.incoming_reply import IncomingReplyState
from app.domain.recommendation import RecommendationState
from app.models.deadline import Rule
from app.models.escalation import Escalation
from app.models.history import Notification, OutboxMessage, Transition
from app.models.progress_schedule import ProgressDue
from app.models.recommendation import Progress, Recommendation, Reminder
from app.models.sweep import Digest, SweepRun
from app.services import sweep
from app.worker import tell
from tests import makers, makers_follow_up
from tests.world import World

pytestmark = pytest.mark.thorough

Sessions = async_sessionmaker[AsyncSession]

DUE = date(2024, 12, 31)
FIRST, SECOND, THIRD = date(2024, 12, 10), date(2024, 12, 20), date(2024, 12, 26)
"""15, 7 and 3 working days before it."""

DAY = timedelta(days=1)


@pytest.fixture
def sessions(committed: Sessions) -> Sessions:
    return committed


@pytest.fixture
async def made(sessions: Sessions, template: World) -> Any:
    """Makes recommendations whose reply was given, so that only their completion runs."""

    async def make(**fields: Any) -> Recommendation:
        async with sessions() as session:
            campaign = await makers.a_campaign(session, template)
            return await makers.a_recommendation(
                session, template, campaign, **{"reply_status": "accepted", "due_on": DUE, **fields}
            )

    return make


async def reminders(sessions: Sessions, it: Recommendation) -> list[tuple[date | None, int | None]]:
    async with sessions() as session:
        sent = select(col(Reminder.due_on), col(Reminder.offset_days)).where(col(Reminder.recommendation_id) == it.id)
        rows = await session.execute(sent.order_by(col(Reminder.id)).execution_options(scope="what was sent?"))
        return [(row.due_on, row.offset_days) for row in rows]


async def change(sessions: Sessions, it: Recommendation, **values: Any) -> None:
    async with sessions.begin() as session:
        await session.execute(update(Recommendation).where(col(Recommendation.id) == it.id).values(**values))


async def test_each_reminder_is_sent_on_its_day_and_once(sessions: Sessions, made: Any) -> None:
    it = await made()
    for on in (FIRST, SECOND, THIRD, DUE, DUE + 7 * DAY, DUE + 14 * DAY):
        await sweep.run(sessions, on)
        await sweep.run(sessions, on + DAY)
    assert await reminders(sessions, it) == [(DUE, 15), (DUE, 7), (DUE, 3), (DUE, -7), (DUE, -14)]


async def test_the_day_before_nothing_is_sent(sessions: Sessions, made: Any) -> None:
    it = await made()
    await sweep.run(sessions, FIRST - DAY)
    assert await reminders(sessions, it) == []
    await sweep.run(sessions, FIRST)
    assert await reminders(sessions, it) == [(DUE, 15)]


async def test_after_missed_nights_the_reminder_reached_last_is_sent_alone(sessions: Sessions, made: Any) -> None:
    it = await made()
    await sweep.run(sessions, SECOND + 3 * DAY)
    assert await reminders(sessions, it) == [(DUE, 7)]


async def test_simultaneous_runs_send_it_once_and_tell_it_once(sessions: Sessions, made: Any, template: World) -> None:
    several = [await made() for _ in range(5)]
    runs = await asyncio.gather(*(sweep.run(sessions, FIRST) for _ in range(4)))
    assert sum(it.reminded for it in runs) == 5
    for it in several:
        assert await reminders(sessions, it) == [(DUE, 15)]
    assert await digests(sessions) == [(template.body["addressee"], 5, 0, 0)]


async def digests(sessions: Sessions) -> list[tuple[Any, int, int, int]]:
    counts = (col(Digest.body_id), col(Digest.upcoming), col(Digest.overdue), col(Digest.escalated))
    async with sessions() as session:
        rows = await session.execute(select(*counts).order_by(col(Digest.id)).execution_options(scope="digests"))
        return [tuple(row) for row in rows]


async def test_a_moved_due_date_starts_its_own_reminders_and_a_fresh_one_is_not_urged(
    sessions: Sessions, made: Any
) -> None:
    it = await made()
    await sweep.run(sessions, THIRD)
    later = date(2025, 1, 10)
    await change(sessions, it, due_on=later, due_sort=later, due_set_on=THIRD)
    await sweep.run(sessions, THIRD + DAY)
    assert await reminders(sessions, it) == [(DUE, 3)], "fifteen days before the new date lie before it was set"
    await sweep.run(sessions, date(2025, 1, 2))
    assert await reminders(sessions, it) == [(DUE, 3), (later, 7)]


@pytest.mark.parametrize("state", ["resolved", "unresolved", "withdrawn", "verifying", "disputed"])
async def test_what_is_closed_or_waits_for_another_is_left_in_peace(sessions: Sessions, made: Any, state: str) -> None:
    it = await made(state=RecommendationState(state))
    swept = await sweep.run(sessions, DUE + 30 * DAY)
    assert (swept.reminded, await reminders(sessions, it), await digests(sessions)) == (0, [], [])


async def test_closed_and_opened_again_it_is_reminded_of_its_new_date_alone(sessions: Sessions, made: Any) -> None:
    it = await made()
    await sweep.run(sessions, FIRST)
    await change(sessions, it, state=RecommendationState.RESOLVED)
    await sweep.run(sessions, SECOND)
    later = date(2025, 3, 31)
    await change(
        sessions, it, state=RecommendationState.ISSUED, due_on=later, due_sort=later, due_set_on=date(2025, 1, 2)
    )
    await sweep.run(sessions, date(2025, 1, 3))
    await sweep.run(sessions, date(2025, 3, 20))
    await sweep.run(sessions, date(2025, 3, 20))
    assert await reminders(sessions, it) == [(DUE, 15), (later, 7)]


async def test_after_a_reassignment_the_next_reminder_goes_to_the_new_addressee(
    sessions: Sessions, made: Any, template: World
) -> None:
    it = await made()
    await sweep.run(sessions, FIRST)
    await change(sessions, it, addressee_id=template.body["counterpart"])
    await sweep.run(sessions, FIRST + DAY)
    await sweep.run(sessions, SECOND)
    assert await reminders(sessions, it) == [(DUE, 15), (DUE, 7)]
    assert [body for body, *_ in await digests(sessions)] == [template.body["addressee"], template.body["counterpart"]]


async def test_each_person_is_told_once_for_a_night_however_much_there_is(
    sessions: Sessions, made: Any, template: World
) -> None:
    for _ in range(7):
        await made()
    for _ in range(3):
        await made(due_on=date(2024, 11, 1))
    await sweep.run(sessions, FIRST)
    await deliver_all(sessions)
    async with sessions() as session:
        rows = await session.execute(select(Notification).execution_options(scope="who was told?"))
        told = [(it.account_id, it.type) for it in rows.scalars()]
    parts = ("addressee", "head", "lead_clerk", "lead_leader", "lead_officer", "secretary")
    assert sorted(told) == sorted((template.account[part], "digest.tell") for part in parts)
    assert sorted(await digests(sessions)) == sorted(
        [(template.body["addressee"], 7, 3, 0), (template.body["lead"], 0, 3, 0)]
    )


async def deliver_all(sessions: Sessions) -> None:
    async with sessions() as session:
        unsent = select(col(OutboxMessage.id)).where(col(OutboxMessage.sent_at).is_(None))
        ids = list((await session.execute(unsent)).scalars())
    for it in ids:
        await tell(sessions, it)


async def test_an_office_is_told_for_the_organ_that_acts_through_it(
    sessions: Sessions, made: Any, template: World
) -> None:
    await made(addressee_id=template.body["supervised"])
    await sweep.run(sessions, FIRST)
    assert await digests(sessions) == [(template.body["office"], 1, 0, 0)]


async def test_a_run_that_was_cut_off_is_finished_by_the_next(sessions: Sessions, made: Any) -> None:
    it = await made()
    await sweep.reminding.remind(sessions, FIRST)
    assert (await reminders(sessions, it), await digests(sessions)) == ([(DUE, 15)], [])
    swept = await sweep.run(sessions, FIRST)
    assert (swept.reminded, swept.digests) == (0, 1)


async def test_the_worker_sweeps_a_day_once(sessions: Sessions, made: Any) -> None:
    clock.set_today(FIRST)
    await made()
    first = await sweep.run_if_due(sessions)
    assert first is not None
    assert (first.on, first.reminded) == (FIRST, 1)
    assert await sweep.run_if_due(sessions) is None
    async with sessions() as session:
        kept = (await session.execute(select(SweepRun))).scalars().one()
        assert (kept.reminded, kept.failed, kept.finished_at is not None) == (1, 0, True)


async def test_a_date_at_the_end_of_time_does_not_stop_the_rest(sessions: Sessions, made: Any) -> None:
    await made(due_on=date.max)
    it = await made()
    await sweep.run(sessions, FIRST)
    assert await reminders(sessions, it) == [(DUE, 15)]


async def test_a_record_at_fault_does_not_stop_the_rest(
    server: Any, database: str, sessions: Sessions, made: Any
) -> None:
    bad, *good = [await made() for _ in range(6)]
    name = database.rpartition("/")[2].partition("?")[0]
    owner = create_engine(server.url(name), pool_size=1)
    async with owner.begin() as connection:
        broken = f"ALTER TABLE reminder ADD CONSTRAINT broken CHECK (recommendation_id <> '{bad.id}') NOT VALID"
        await connection.execute(text(broken))
    swept = await sweep.run(sessions, FIRST)
    async with owner.begin() as connection:
        await connection.execute(text("ALTER TABLE reminder DROP CONSTRAINT broken"))
    await owner.dispose()
    assert (swept.reminded, swept.failed) == (5, 1)
    for it in good:
        assert await reminders(sessions, it) == [(DUE, 15)]


RECEIVED = date(2024, 5, 2)
DAY_20, DAY_21 = date(2024, 5, 22), date(2024, 5, 23)


@pytest.fixture
async def under_the_local_rule(sessions: Sessions, template: World, made: Any) -> Any:
    """Received on 02/05/2024 under the lead's own rule of twenty days, not replied."""
    async with sessions.begin() as session:
        session.add(
            Rule(
                code="D06",
                regime="party",
                trigger="recommendation_received",
                unit="day",
                direction="after",
                n={"any": 20},
                responsible="addressee",
                what_vi="Trả lời kiến nghị trong 20 ngày",
                what_en="Reply within 20 days",
                legal_basis="Quy chế của Ban Dân vận",
                valid_from=date(2024, 1, 1),
                body_id=template.body["lead"],
            )
        )

    async def make(**fields: Any) -> Recommendation:
        values: dict[str, Any] = {
            "issued_on": date(2024, 4, 26),
            "received_on": RECEIVED,
            "reply_from": RECEIVED,
            "reply_due_on": DAY_20,
            "reply_due_basis": {"code": "D06", "rule_version": 1, "legal_basis": "Quy chế của Ban Dân vận"},
            "reply_status": "awaiting",
        }
        return await made(**{**values, **fields})

    return make


async def rungs(sessions: Sessions, it: Recommendation) -> list[tuple[str, date, date | None]]:
    async with sessions() as session:
        climbed = select(Escalation).where(col(Escalation.recommendation_id) == it.id).order_by(col(Escalation.level))
        rows = (await session.execute(climbed.execution_options(scope="what was climbed?"))).scalars()
        return [(row.rung, row.escalated_on, row.due_on) for row in rows]


async def now(sessions: Sessions, it: Recommendation) -> Recommendation:
    async with sessions() as session:
        found = await session.get(Recommendation, it.id)
        assert found is not None
        return found


async def test_on_day_20_nothing_and_on_day_21_one_step_once(sessions: Sessions, under_the_local_rule: Any) -> None:
    it = await under_the_local_rule()
    await sweep.run(sessions, DAY_20)
    assert await rungs(sessions, it) == []
    await asyncio.gather(*(sweep.run(sessions, DAY_21) for _ in range(3)))
    await sweep.run(sessions, DAY_21 + DAY)
    assert await rungs(sessions, it) == [("superior", DAY_21, date(2024, 6, 13))]
    assert (await now(sessions, it)).state == RecommendationState.ESCALATED


async def test_the_step_is_the_clocks_and_its_letter_goes_to_the_superior(
    sessions: Sessions, under_the_local_rule: Any, template: World
) -> None:
    it = await under_the_local_rule()
    await sweep.run(sessions, DAY_21)
    async with sessions() as session:
        line = (await session.execute(select(Transition).where(col(Transition.subject_id) == it.id))).scalars().one()
        assert (line.action, line.on_date, line.account_id, line.body_id) == ("escalate", DAY_21, None, None)
        rung = (await session.execute(select(Escalation).execution_options(scope="its letter"))).scalars().one()
    assert (rung.by_clock, rung.to_body_id) == (True, template.body["addressee_superior"])
    assert rung.copy_to == [str(template.body["superior"])]
    assert rung.letter_text.startswith("Kính gửi: Ủy ban nhân dân huyện Quảng Điền")
    for said in ("Phòng Nội vụ huyện Quảng Điền", "22/05/2024", "trước ngày 13/06/2024", "- Tỉnh ủy Thừa Thiên Huế;"):
        assert said in rung.letter_text


async def test_unanswered_it_climbs_to_the_top_and_stays_there(sessions: Sessions, under_the_local_rule: Any) -> None:
    it = await under_the_local_rule()
    for days in (0, 20, 25, 45, 50, 100, 200):
        await sweep.run(sessions, DAY_21 + days * DAY)
    climbed = await rungs(sessions, it)
    assert [rung for rung, *_ in climbed] == ["superior", "explanation", "resupervision"]


@pytest.mark.parametrize(
    "fields",
    [
        {"reply_status": "accepted"},
        {"state": RecommendationState.REPLIED, "reply_status": "explained"},
        {"state": RecommendationState.DISPUTED},
        {"reply_due_basis": {"text": "Theo kết luận của Đoàn"}},
    ],
)
async def test_who_answered_or_has_a_date_set_by_hand_is_not_escalated(
    sessions: Sessions, under_the_local_rule: Any, fields: dict[str, Any]
) -> None:
    it = await under_the_local_rule(**fields)
    assert (await sweep.run(sessions, DAY_21)).escalated == 0
    assert await rungs(sessions, it) == []


async def test_while_a_paper_waits_to_be_read_nobody_is_reminded_or_escalated(
    sessions: Sessions, under_the_local_rule: Any, template: World
) -> None:
    it = await under_the_local_rule()
    async with sessions() as session:
        paper = await makers_follow_up.an_incoming_reply(session, template, it)
    swept = await sweep.run(sessions, DAY_21)
    assert (swept.reminded, swept.escalated) == (0, 0)
    async with sessions() as session:
        paper.state = IncomingReplyState.NOT_A_REPLY
        await makers.keep(session, paper)
    assert (await sweep.run(sessions, DAY_21)).escalated == 1


@pytest.mark.parametrize(("to_on", "from_then_on"), [(None, 0), (DAY_21, 1)])
async def test_while_the_clocks_stand_still_nobody_is_reminded_or_escalated(
    sessions: Sessions, under_the_local_rule: Any, template: World, to_on: date | None, from_then_on: int
) -> None:
    it = await under_the_local_rule()
    async with sessions() as session:
        await makers_follow_up.a_pause(session, template, it, from_on=DAY_20, to_on=to_on)
    swept = await sweep.run(sessions, DAY_21)
    assert (swept.reminded, swept.escalated) == (0, 0)
    assert (await sweep.run(sessions, DAY_21 + DAY)).escalated == from_then_on


async def test_where_there_is_no_superior_the_others_are_escalated_all_the_same(
    sessions: Sessions, under_the_local_rule: Any, template: World
) -> None:
    await under_the_local_rule(addressee_id=template.body["counterpart"])
    it = await under_the_local_rule()
    swept = await sweep.run(sessions, DAY_21)
    assert (swept.escalated, swept.failed) == (1, 1)
    assert len(await rungs(sessions, it)) == 1


async def test_an_escalation_by_the_clock_is_told_in_the_digest_alone(
    sessions: Sessions, under_the_local_rule: Any, template: World
) -> None:
    await under_the_local_rule()
    await sweep.run(sessions, DAY_21)
    await deliver_all(sessions)
    async with sessions() as session:
        rows = await session.execute(select(Notification).execution_options(scope="who was told?"))
        types = {it.type for it in rows.scalars()}
    assert types == {"digest.tell"}
    told = {body: escalated for body, _, _, escalated in await digests(sessions)}
    assert told == dict.fromkeys([template.body[it] for it in ("addressee", "lead", "addressee_superior")], 1)


MISSING, NEXT = date(2024, 11, 4), date(2024, 11, 25)


@pytest.fixture
async def scheduled(sessions: Sessions, made: Any) -> Recommendation:
    """Two reports of progress are to come before its date of completion is near."""
    it = await made()
    async with sessions.begin() as session:
        session.add_all(ProgressDue(recommendation_id=it.id, due_on=day) for day in (MISSING, NEXT))
    return it


async def test_a_missing_report_is_asked_for_the_day_after_and_then_weekly(
    sessions: Sessions, scheduled: Recommendation, template: World
) -> None:
    await sweep.run(sessions, MISSING)
    assert await reminders(sessions, scheduled) == []
    for on in (MISSING + DAY, MISSING + 2 * DAY, MISSING + 7 * DAY, MISSING + 7 * DAY):
        await sweep.run(sessions, on)
    assert await reminders(sessions, scheduled) == [(MISSING, -1), (MISSING, -7)]
    told = {(body, overdue) for body, _, overdue, _ in await digests(sessions)}
    assert told == {(template.body["addressee"], 1), (template.body["lead"], 1)}


async def test_of_several_missing_reports_the_oldest_is_asked_for_alone(
    sessions: Sessions, scheduled: Recommendation
) -> None:
    await sweep.run(sessions, NEXT + DAY)
    assert await reminders(sessions, scheduled) == [(MISSING, -21)]


@pytest.mark.parametrize(
    "values",
    [{"state": RecommendationState.VERIFYING}, {"state": RecommendationState.RESOLVED}, {"paused_since": NEXT}],
)
async def test_no_report_is_asked_for_that_nobody_has_to_write(
    sessions: Sessions, scheduled: Recommendation, values: dict[str, Any]
) -> None:
    await change(sessions, scheduled, **values)
    await sweep.run(sessions, NEXT + DAY)
    assert await reminders(sessions, scheduled) == []


async def test_a_report_that_was_written_is_not_asked_for(
    sessions: Sessions, scheduled: Recommendation, template: World
) -> None:
    report = Progress(
        recommendation_id=scheduled.id,
        account_id=template.account["addressee"],
        body_id=template.body["addressee"],
        percent=50,
        note="Đã rà soát",
        reported_on=MISSING,
    )
    async with sessions.begin() as session:
        session.add(report)
        await session.flush()
        answered = update(ProgressDue).where(col(ProgressDue.due_on) == MISSING)
        await session.execute(answered.values(progress_id=report.id))
    await sweep.run(sessions, NEXT)
    assert await reminders(sessions, scheduled) == []
