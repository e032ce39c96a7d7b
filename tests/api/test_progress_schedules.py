"""When progress is to be reported: a changed schedule replaces only the days ahead that nobody has answered."""

from datetime import date

import pytest

from app.core.clock import set_today
from app.models.progress_schedule import ProgressScheduleRead
from tests.client import created, ok
from tests.makers import a_campaign, a_recommendation

PATH = "/v1/recommendations"


@pytest.fixture(autouse=True)
def june() -> None:
    set_today(date(2024, 6, 3))


@pytest.fixture
async def path(world, session):
    it = await a_recommendation(session, world, await a_campaign(session, world), reply_status="accepted")
    return f"{PATH}/{it.id}"


async def days(api, path):
    return [it["due_on"] for it in ok(await api.get(f"{path}/progress-schedule", as_="addressee"))["dates"]]


async def test_every_quarter_until_the_completion_date_on_working_days(api, path):
    sent = {"every": "quarter", "starts_on": "2024-06-30"}
    answer = await api.put(f"{path}/progress-schedule", sent, as_="lead_officer")
    made = ok(answer)
    ProgressScheduleRead.model_validate(made)
    assert [it["due_on"] for it in made["dates"]] == ["2024-07-01", "2024-09-30", "2024-12-30"]
    assert (made["next_due_on"], made["overdue"]) == ("2024-07-01", 0)
    assert answer.headers["ETag"] == (await api.get(path, as_="lead_officer")).headers["ETag"]


async def test_a_report_answers_the_days_up_to_it_and_what_was_answered_stays(api, path):
    await api.put(f"{path}/progress-schedule", {"every": "month", "starts_on": "2024-06-28"}, as_="lead_officer")
    set_today(date(2024, 8, 1))
    seen = ok(await api.get(f"{path}/progress-schedule", as_="lead_officer"))
    assert [it["state"] for it in seen["dates"][:3]] == ["overdue", "overdue", "due"]
    tasks = ok(await api.get("/v1/me/tasks", as_="addressee"))["items"]
    assert {"2024-06-28"} == {it["due_on"] for it in tasks if it["action"] == "report_progress"}

    made = created(await api.post(f"{path}/progress", {"percent": 30, "note": "Đang làm"}, as_="addressee"))
    await api.put(f"{path}/progress-schedule", {"dates": ["2024-10-01", "2024-07-15"]}, as_="lead_leader")
    seen = ok(await api.get(f"{path}/progress-schedule", as_="lead_officer"))
    assert [(it["due_on"], it["progress_id"]) for it in seen["dates"]] == [
        ("2024-06-28", made["id"]),
        ("2024-07-29", made["id"]),
        ("2024-10-01", None),
    ]


async def test_an_early_report_answers_the_next_day(api, path):
    await api.put(f"{path}/progress-schedule", {"dates": ["2024-07-01", "2024-10-01"]}, as_="lead_officer")
    created(await api.post(f"{path}/progress", {"percent": 30, "note": "Đang làm"}, as_="addressee"))
    seen = ok(await api.get(f"{path}/progress-schedule", as_="addressee"))
    assert (seen["next_due_on"], await days(api, path)) == ("2024-10-01", ["2024-07-01", "2024-10-01"])


@pytest.mark.parametrize(
    ("part", "status"), [("lead_clerk", 403), ("addressee", 403), ("superior", 403), ("stranger", 404)]
)
async def test_only_the_lead_sets_it(api, path, part, status):
    answer = await api.put(f"{path}/progress-schedule", {"dates": ["2024-10-01"]}, as_=part)
    assert answer.status_code == status


async def test_a_superior_does_not_see_it(api, path):
    assert (await api.get(f"{path}/progress-schedule", as_="superior")).status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {"every": "month"},
        {"starts_on": "2024-07-01"},
        {"every": "month", "starts_on": "2024-07-01", "dates": ["2024-07-01"]},
    ],
)
async def test_a_rhythm_with_its_first_day_or_the_days_themselves(api, path, sent):
    answer = await api.put(f"{path}/progress-schedule", sent, as_="lead_officer")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "rhythm_or_dates")
