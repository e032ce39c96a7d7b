"""Rungs climbed: the letter of each, who reads it, and the reminders that the clock sent before."""

from datetime import date
from uuid import UUID

import pytest

from app.models.escalation import EscalationRead
from app.models.recommendation import Reminder, ReminderRead
from app.models.sweep import SweepRun
from tests.client import ok
from tests.makers import a_campaign, a_recommendation, keep

PATH = "/v1/recommendations"


@pytest.fixture
async def path(world, session):
    campaign = await a_campaign(session, world)
    return f"{PATH}/{(await a_recommendation(session, world, campaign)).id}"


@pytest.fixture
async def escalated(api, path):
    reason = "Quá hạn trả lời, đã đôn đốc hai lần"
    await api.move(path, "escalate", as_="lead_officer", on="2024-07-10", reason=reason)
    return path


async def test_an_escalation_by_hand_has_its_letter_its_recipients_and_its_own_deadline(api, world, escalated):
    rung = ok(await api.get(f"{escalated}/escalations", as_="lead_officer"))["items"][0]
    EscalationRead.model_validate(rung)
    assert (rung["level"], rung["rung"], rung["by_clock"]) == (1, "superior", False)
    assert (rung["to_body_id"], rung["copy_to"]) == (
        str(world.body["addressee_superior"]),
        [str(world.body["superior"])],
    )
    assert (rung["due_on"], rung["due_basis"]["code"]) == ("2024-07-31", "P05")
    assert rung["letter_subject"].startswith("V/v kiến nghị cấp trên")
    assert "Quá hạn trả lời, đã đôn đốc hai lần" in rung["letter_text"]
    assert "trước ngày 31/07/2024" in rung["letter_text"]


@pytest.mark.parametrize(
    ("part", "status", "rungs"),
    [
        ("addressee", 200, 1),
        ("addressee_superior", 200, 1),
        ("superior", 200, 1),
        ("partner", 200, 1),
        ("auditor", 404, 0),
        ("stranger", 404, 0),
    ],
)
async def test_the_letter_is_read_by_whoever_sees_the_recommendation(api, escalated, part, status, rungs):
    answer = await api.get(f"{escalated}/escalations", as_=part)
    assert answer.status_code == status
    assert status != 200 or len(answer.json()["items"]) == rungs


async def test_before_its_escalation_the_superior_of_the_addressee_sees_nothing(api, path):
    assert (await api.get(f"{path}/escalations", as_="addressee_superior")).status_code == 404


async def test_the_next_rung_asks_for_an_explanation(api, escalated):
    await api.move(escalated, "escalate", as_="lead_officer", on="2024-08-15", reason="Vẫn chưa trả lời")
    newest, first = ok(await api.get(f"{escalated}/escalations", as_="lead_officer"))["items"]
    assert (first["rung"], newest["rung"], newest["level"]) == ("superior", "explanation", 2)
    assert "giải trình" in newest["letter_text"]


async def test_a_reminder_of_the_clock_says_of_which_date_and_how_long_before(api, world, session, path):
    run = SweepRun(swept_on=date(2024, 12, 10))
    await keep(session, run)
    sent = Reminder(
        recommendation_id=UUID(path.rpartition("/")[2]),
        body_id=world.body["lead"],
        reminded_on=date(2024, 12, 10),
        clock="completion",
        due_on=date(2024, 12, 31),
        offset_days=15,
        digested_in_id=run.id,
    )
    await keep(session, sent)
    shown = ok(await api.get(f"{path}/reminders", as_="addressee"))["items"][0]
    ReminderRead.model_validate(shown)
    assert (shown["clock"], shown["due_on"], shown["offset_days"]) == ("completion", "2024-12-31", 15)
    assert (shown["written"], shown["note"]) == (False, None)
