"""Between the moves of a recommendation: progress, reminders, the dates it runs against, and promises."""

from datetime import date

import pytest

from app.core.clock import set_today
from app.core.principal import Duty, Principal
from app.domain.recommendation import RecommendationState
from app.models.parts import DueBasis
from app.models.recommendation import Owner, ProgressRead, ReminderRead
from app.services import recommendations
from app.services.unit_of_work import UnitOfWork
from tests.client import created, ok
from tests.makers import (
    a_campaign,
    a_delegation,
    a_document,
    a_finding,
    a_recommendation,
    a_report,
    a_session,
    an_engagement,
    keep,
)

PATH = "/v1/recommendations"
TODAY = date(2024, 12, 1)


@pytest.fixture
async def path(world, session):
    campaign = await a_campaign(session, world)
    return f"{PATH}/{(await a_recommendation(session, world, campaign)).id}"


@pytest.fixture
async def paper_path(world, session):
    campaign = await a_campaign(session, world)
    it = await a_recommendation(session, world, campaign, addressee_id=world.body["paper_addressee"])
    return f"{PATH}/{it.id}"


def half_done(**fields):
    return {"percent": 50, "note": "Đã xây dựng dự thảo kế hoạch", **fields}


async def test_the_addressee_reports_progress_and_both_sides_read_it(api, path):
    evidence = [{"kind": "note", "text": "Dự thảo lần 2"}]
    answer = await api.post(f"{path}/progress", half_done(evidence=evidence, on="2024-07-01"), as_="addressee")
    made = created(answer)
    ProgressRead.model_validate(made)
    assert answer.headers["Location"] == f"{path}/progress"
    assert (made["percent"], made["evidence"], made["reported_on"]) == (50, evidence, "2024-07-01")
    for part in ("addressee", "lead_officer", "partner"):
        assert ok(await api.get(f"{path}/progress", as_=part))["items"] == [made]
    assert ok(await api.get(f"{path}/progress", as_="superior"))["items"] == [], "outside the view of a superior"
    assert (await api.get(f"{path}/progress", as_="stranger")).status_code == 404


async def test_progress_moves_nothing_but_the_version(api, path):
    before = ok(await api.get(path, as_="addressee"))
    created(await api.post(f"{path}/progress", half_done(percent=100), as_="addressee"))
    after = ok(await api.get(path, as_="addressee"))
    assert after == {**before, "version": before["version"] + 1}


@pytest.mark.parametrize(
    ("part", "status"), [("lead_officer", 403), ("partner", 403), ("superior", 403), ("stranger", 404)]
)
async def test_nobody_else_reports_progress(api, path, part, status):
    assert (await api.post(f"{path}/progress", half_done(), as_=part)).status_code == status


async def test_progress_of_a_body_without_an_account_is_recorded_from_its_paper(api, world, session, path, paper_path):
    paper = await a_document(session, world)
    behalf = {"document_id": str(paper.id), "received_on": "2024-07-03"}
    made = created(await api.post(f"{paper_path}/progress", half_done(on_behalf=behalf), as_="lead_clerk"))
    assert (made["body_id"], made["on_behalf"]) == (str(world.body["paper_addressee"]), behalf)
    refused = await api.post(f"{path}/progress", half_done(on_behalf=behalf), as_="lead_clerk")
    assert (refused.status_code, refused.json()["code"]) == (409, "has_own_account")


@pytest.mark.parametrize(("field", "value"), [("percent", 101), ("percent", -1), ("note", ""), ("extra", 1)])
async def test_a_misshapen_report_is_refused(api, path, field, value):
    answer = await api.post(f"{path}/progress", half_done(**{field: value}), as_="addressee")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{field}"


async def test_evidence_of_somebody_else_is_absent(api, world, session, path):
    foreign = await a_document(session, world, "stranger")
    evidence = [{"kind": "document", "document_id": str(foreign.id)}]
    assert (await api.post(f"{path}/progress", half_done(evidence=evidence), as_="addressee")).status_code == 404


async def test_a_written_reminder_carries_its_paper_to_the_addressee(api, world, session, path):
    letter = await a_document(session, world)
    made = created(await api.post(f"{path}/reminders", {"document_id": str(letter.id)}, as_="lead_officer"))
    ReminderRead.model_validate(made)
    assert made["written"]
    oral = created(await api.post(f"{path}/reminders", {"note": "Điện thoại", "on": "2024-07-01"}, as_="lead_leader"))
    assert (oral["written"], oral["reminded_on"]) == (False, "2024-07-01")
    assert [it["id"] for it in ok(await api.get(f"{path}/reminders", as_="addressee"))["items"]] == [
        oral["id"],
        made["id"],
    ]


@pytest.mark.parametrize(("part", "status"), [("lead_clerk", 403), ("addressee", 403), ("partner", 403)])
async def test_only_the_lead_reminds(api, path, part, status):
    assert (await api.post(f"{path}/reminders", {"note": "Đôn đốc"}, as_=part)).status_code == status


@pytest.mark.parametrize("state", ["draft", "resolved", "unresolved", "withdrawn"])
@pytest.mark.parametrize("child", ["progress", "reminders"])
async def test_nothing_is_added_before_the_issue_or_after_the_end(api, world, session, state, child):
    campaign = await a_campaign(session, world)
    it = await a_recommendation(session, world, campaign, state=state)
    sent, part = ({"note": "x"}, "lead_officer") if child == "reminders" else (half_done(), "addressee")
    answer = await api.post(f"{PATH}/{it.id}/{child}", sent, as_=part)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_running")


async def test_a_retried_reminder_is_one(api, path):
    for _ in range(2):
        created(await api.post(f"{path}/reminders", {"note": "Đôn đốc"}, as_="lead_officer", key="r1"))
    assert len(ok(await api.get(f"{path}/reminders", as_="lead_officer"))["items"]) == 1


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"state": "issued"}, [("reply", "overdue", True), ("completion", "upcoming", True)]),
        (
            {"state": "replied", "reply_status": "accepted", "first_replied_on": date(2024, 6, 20)},
            [("reply", "met", False), ("completion", "upcoming", True)],
        ),
        (
            {"state": "replied", "reply_status": "accepted", "first_replied_on": date(2024, 6, 21)},
            [("reply", "late", False), ("completion", "upcoming", True)],
        ),
        ({"state": "disputed"}, [("reply", "overdue", False), ("completion", "upcoming", True)]),
        (
            {"state": "resolved", "reply_due_on": None, "resolved_on": date(2024, 11, 1)},
            [("completion", "met", False)],
        ),
    ],
)
async def test_the_two_dates_and_how_they_stand(api, world, session, fields, expected):
    set_today(TODAY)
    campaign = await a_campaign(session, world)
    it = await a_recommendation(session, world, campaign, **fields)
    shown = ok(await api.get(f"{PATH}/{it.id}/deadlines", as_="addressee"))["items"]
    assert [(clock["clock"], clock["state"], clock["running"]) for clock in shown] == expected
    assert shown[-1]["basis"]["text"] == "Thông báo kết luận của Đoàn giám sát 133"


@pytest.fixture
async def engagement(world, session):
    campaign = await a_campaign(session, world)
    return await an_engagement(session, world, await a_delegation(session, world, campaign))


@pytest.fixture
def as_part(app, world, session):
    """A unit of work of somebody, as a service has it."""

    def made(part: str, *organs: str) -> UnitOfWork:
        bodies = (world.body_of(part), *(world.body[it] for it in organs))
        who = Principal(
            account_id=world.account[part],
            body_id=bodies[0],
            duties=frozenset({Duty.LEADER}),
            bodies=bodies,
            today=TODAY,
            family_id=world.family[part],
        )
        return UnitOfWork(session, who, app.state.cursors)

    return made


@pytest.fixture
async def promised(world, session, engagement, as_part):
    held = await a_session(session, world, engagement)
    made = await recommendations.promise(
        as_part("secretary"),
        engagement=engagement,
        text="Bổ sung số liệu và gửi lại báo cáo",
        owner=Owner(name="Trương Duy Hải", title="Phó Bí thư Thường trực"),
        due_on=date(2024, 4, 20),
        due_basis=DueBasis(text="Kết luận của Trưởng đoàn tại buổi làm việc"),
        on=date(2024, 4, 12),
        origin_id=held.id,
    )
    await session.commit()
    return made


async def test_a_promise_is_in_force_from_the_day_it_is_made(api, world, promised):
    shown = ok(await api.get(f"{PATH}/{promised.id}", as_="supervised"))
    assert (shown["state"], shown["origin"], shown["number"]) == ("issued", "session", 1)
    assert (shown["addressee_id"], shown["verifier_body_id"]) == (
        str(world.body["supervised"]),
        str(world.body["lead"]),
    )
    assert (shown["received_on"], shown["received_assumed"]) == ("2024-04-12", False)
    history = ok(await api.get(f"{PATH}/{promised.id}/transitions", as_="lead_officer"))["items"]
    assert [(it["action"], it["on"]) for it in history] == [("issue", "2024-04-12"), ("create", "2024-04-12")]


async def test_the_new_version_claims_the_promise_done_and_the_lead_verifies(api, world, session, promised, as_part):
    campaign_report = {"kind": "self_report", "engagement_id": promised.engagement_id}
    campaign = await a_campaign(session, world)
    report = await a_report(session, world, campaign, **campaign_report, number=2)
    office = as_part("supervised", "supervised")
    await recommendations.claim_promise(office, promised.id, report, date(2024, 4, 19))
    await session.commit()
    shown = ok(await api.get(f"{PATH}/{promised.id}", as_="lead_officer"))
    assert (shown["state"], shown["reply_status"], shown["claimed_on"]) == ("verifying", "accepted", "2024-04-19")
    assert str(report.id) in shown["claim_evidence"][0]["text"]
    line = ok(await api.get(f"{PATH}/{promised.id}/transitions", as_="lead_officer"))["items"][0]
    assert line["for_body_id"] == str(world.body["supervised"])
    path = f"{PATH}/{promised.id}"
    await api.move(path, "verify", as_="lead_officer", implementation="done", note="Đã nhận báo cáo mới")


async def test_a_promise_no_longer_asked_for_is_withdrawn(api, session, promised, as_part):
    await recommendations.withdraw_promise(as_part("head"), promised.id, "Không còn cần", date(2024, 4, 15))
    await session.commit()
    shown = ok(await api.get(f"{PATH}/{promised.id}", as_="supervised"))
    assert shown["state"] == "withdrawn"


@pytest.mark.parametrize("state", ["resolved", "withdrawn", "disputed"])
async def test_what_cannot_be_claimed_is_left_alone(world, session, promised, as_part, state):
    promised.state = RecommendationState(state)
    await keep(session, promised)
    campaign = await a_campaign(session, world)
    report = await a_report(session, world, campaign, kind="self_report")
    await recommendations.claim_promise(as_part("supervised"), promised.id, report, date(2024, 4, 19))
    assert promised.state == state


async def test_findings_are_named_by_their_campaign_only(api, world, session, engagement):
    finding = await a_finding(session, world, engagement)
    other = await a_campaign(session, world)
    sent = {"campaign_id": str(other.id), "action": "Rà soát", "finding_ids": [str(finding.id)]}
    assert (await api.post(PATH, sent, as_="lead_officer")).status_code == 404
    sent["campaign_id"] = str(engagement.campaign_id)
    created(await api.post(PATH, sent, as_="lead_officer"))
