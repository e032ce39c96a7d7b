"""`/v1/me/tasks`: what waits for each side in each state, soonest first, in a constant number of statements."""

from datetime import date
from typing import Any

import pytest

from app.domain.report import AnswerKind
from app.models.campaign import CampaignCounterpart
from app.models.deadline import Deadline
from app.models.engagement import RevisionRequest
from app.models.finding import PendingEdit
from app.models.report import ReportComment, ReportSignature
from app.models.task import TaskRead
from tests.client import ok
from tests.makers import (
    a_campaign,
    a_delegation,
    a_finding,
    a_recommendation,
    a_report,
    a_session,
    an_engagement,
    keep,
)

PATH = "/v1/me/tasks"


async def asked(api, part: str, **params: Any) -> list[tuple[str, str]]:
    """(action, id of the record) of every task of this part."""
    items = ok(await api.get(PATH, as_=part, params=params))["items"]
    for item in items:
        TaskRead.model_validate(item)
    return [(item["action"], item["record"]["id"]) for item in items]


async def test_a_counterpart_is_asked_to_concur_until_it_answers(api, world, session):
    campaign = await a_campaign(session, world, state="consulting")
    row = CampaignCounterpart(
        campaign_id=campaign.id,
        body_id=world.body["counterpart"],
        asked_on=date(2024, 2, 1),
        due_on=date(2024, 2, 10),
    )
    await keep(session, row)
    tasks = ok(await api.get(PATH, as_="counterpart"))["items"]
    assert tasks == [
        {
            "action": "concur",
            "record": {"type": "campaign", "id": str(campaign.id), "title": campaign.title},
            "due_on": "2024-02-10",
        }
    ]
    assert ("plan", str(campaign.id)) not in await asked(api, "lead_officer")
    row.outcome = "refused"
    await keep(session, row)
    assert await asked(api, "counterpart") == []
    assert await asked(api, "lead_officer") == [("answer_refusal", str(campaign.id))]
    row.answer_text = "Tiếp thu, điều chỉnh thời gian"
    await keep(session, row)
    assert await asked(api, "lead_officer") == [("plan", str(campaign.id))]


@pytest.fixture
async def campaign(world, session):
    return await a_campaign(session, world)


@pytest.fixture
async def delegation(world, session, campaign):
    return await a_delegation(session, world, campaign)


@pytest.fixture
def engaged(world, session, delegation):
    async def made(**fields: Any):
        return await an_engagement(session, world, delegation, **fields)

    return made


async def test_the_self_report_is_asked_of_the_supervised_by_the_rules_date(api, session, engaged):
    engagement = await engaged(self_report_due_on=date(2024, 4, 5))
    clock = Deadline(
        subject_type="engagement",
        subject_id=engagement.id,
        rule_code="D03",
        rule_version=1,
        legal_basis="NQLT 403/2017 Điều 7 khoản 3",
        trigger="session",
        trigger_on=date(2024, 4, 12),
        n=7,
        unit="day",
        direction="before",
        raw_due_on=date(2024, 4, 5),
        due_on=date(2024, 4, 5),
        responsible="supervised",
    )
    await keep(session, clock)
    [task] = ok(await api.get(PATH, as_="supervised"))["items"]
    assert (task["action"], task["due_on"], task["rule"]) == ("submit_self_report", "2024-04-05", "D03")
    assert task["record"]["title"] == "Ban Thường vụ Huyện ủy Quảng Điền"
    assert await asked(api, "stranger") == []


async def test_a_draft_that_circulates_is_commented_answered_and_finalised(api, world, session, campaign, engaged):
    engagement = await engaged(state="commenting", comments_due_on=date(2024, 4, 19))
    report = await a_report(session, world, campaign, engagement_id=engagement.id, state="circulated")
    await a_session(session, world, engagement)
    here = str(engagement.id)
    assert ("comment", here) in await asked(api, "supervised")
    assert ("finalise", here) in await asked(api, "head")

    comment = ReportComment(
        report_id=report.id,
        text="Đề nghị bổ sung số liệu",
        commented_on=date(2024, 4, 15),
        account_id=world.account["supervised"],
        body_id=world.body["office"],
    )
    await keep(session, comment)
    assert ("comment", here) not in await asked(api, "supervised")
    assert ("answer_comments", here) in await asked(api, "secretary")
    assert ("finalise", here) not in await asked(api, "head")

    comment.answer_kind = AnswerKind.ACCEPTED
    await keep(session, comment)
    assert ("answer_comments", here) not in await asked(api, "secretary")
    assert ("finalise", here) in await asked(api, "head")
    assert ("finalise", here) not in await asked(api, "secretary")


async def test_a_revision_request_waits_for_the_supervised_and_holds_the_end(api, session, engaged):
    engagement = await engaged(state="commenting")
    request = RevisionRequest(
        engagement_id=engagement.id,
        campaign_id=engagement.campaign_id,
        reason="Bổ sung số liệu năm 2023",
        requested_on=date(2024, 4, 12),
        due_on=date(2024, 4, 20),
        due_basis={"text": "Kết luận tại buổi làm việc"},
    )
    await keep(session, request)
    assert ("send_new_version", str(request.id)) in await asked(api, "supervised")
    assert ("finalise", str(engagement.id)) not in await asked(api, "head")


async def test_findings_wait_for_the_secretariat(api, world, session, engaged):
    engagement = await engaged()
    finding = await a_finding(session, world, engagement)
    assert await asked(api, "secretary") == [("accept", str(finding.id))]
    assert await asked(api, "member_a") == []
    edit = PendingEdit(
        finding_id=finding.id,
        account_id=world.account["member_a"],
        body_id=world.body_of("member_a"),
        base_version=1,
        fields={"content": "Khác"},
        colliding=["content"],
    )
    await keep(session, edit)
    assert await asked(api, "secretary") == [("settle_pending_edits", str(finding.id))]


async def test_partners_sign_then_the_lead_adopts(api, world, session, campaign):
    report = await a_report(session, world, campaign, state="circulated", hash="0" * 64)
    for part in ("partner", "partner_b"):
        assert await asked(api, part) == [("sign", str(report.id))]
        assert await asked(api, "lead_leader") == []
        signature = ReportSignature(
            report_id=report.id,
            body_id=world.body[part],
            account_id=world.account[part],
            hash="0" * 64,
            signed_on=date(2024, 5, 2),
        )
        await keep(session, signature)
        assert await asked(api, part) == []
    assert await asked(api, "lead_leader") == [("adopt", str(report.id))]
    assert await asked(api, "member_a") == [], "an officer does not sign"
    another = await a_report(session, world, campaign, state="circulated", hash="1" * 64)
    assert ("adopt", str(another.id)) not in await asked(api, "lead_leader"), "what was signed is another report"


@pytest.mark.parametrize(
    ("fields", "part", "action"),
    [
        ({"state": "issued"}, "addressee", "reply"),
        ({"state": "escalated"}, "addressee", "reply"),
        ({"state": "issued", "origin": "session", "reply_due_on": None}, "addressee", "claim_done"),
        ({"state": "replied", "reply_status": "accepted"}, "addressee", "claim_done"),
        ({"state": "issued", "reply_status": "partly_accepted"}, "addressee", "claim_done"),
        ({"state": "replied", "reply_status": "explained"}, "lead_officer", "consider_reply"),
        ({"state": "disputed"}, "lead_officer", "decide_dispute"),
        ({"state": "verifying"}, "lead_officer", "verify"),
        ({"state": "draft", "issued_on": None}, "lead_leader", "issue"),
    ],
)
async def test_what_a_recommendation_asks_and_of_whom(api, world, session, fields, part, action):
    campaign = await a_campaign(session, world, state="reported")
    it = await a_recommendation(session, world, campaign, **fields)
    assert (action, str(it.id)) in await asked(api, part)
    for other in {"addressee", "lead_officer", "partner", "stranger", "lead_clerk"} - {part}:
        assert (action, str(it.id)) not in await asked(api, other), other


@pytest.mark.parametrize("state", ["resolved", "unresolved", "withdrawn"])
async def test_nothing_is_asked_of_what_has_ended(api, world, session, state):
    campaign = await a_campaign(session, world, state="reported")
    await a_recommendation(session, world, campaign, state=state)
    for part in ("addressee", "lead_leader", "lead_officer"):
        assert await asked(api, part) == []


async def test_an_incomplete_draft_does_not_wait_for_the_leader(api, world, session):
    campaign = await a_campaign(session, world, state="reported")
    await a_recommendation(session, world, campaign, state="draft", issued_on=None, owner_name=None)
    assert await asked(api, "lead_leader") == []


@pytest.mark.parametrize(
    ("state", "action", "part"),
    [
        ("underway", "report", "lead_officer"),
        ("reported", "conclude", "lead_leader"),
        ("concluded", "close", "lead_officer"),
    ],
)
async def test_the_campaigns_own_steps_wait_for_what_they_need(api, world, session, state, action, part):
    campaign = await a_campaign(session, world, state=state)
    here = (action, str(campaign.id))
    needed = {
        "report": {"kind": "result_report", "state": "adopted"},
        "conclude": {"kind": "conclusion", "state": "issued", "issued_on": date(2024, 5, 20)},
    }
    if action in needed:
        assert here not in await asked(api, part)
        await a_report(session, world, campaign, **needed[action])
    assert here in await asked(api, part)
    await a_recommendation(session, world, campaign)
    assert (here in await asked(api, part)) == (action != "close")


async def test_soonest_first_in_pages_and_up_to_a_day(api, world, session, campaign):
    days = [date(2024, 6, 20), None, date(2024, 6, 10), date(2024, 6, 30)]
    made = {str((await a_recommendation(session, world, campaign, reply_due_on=day)).id): day for day in days}
    seen, cursor = [], None
    while True:
        params = {"limit": 1, "count": True, **({"cursor": cursor} if cursor else {})}
        page = ok(await api.get(PATH, as_="addressee", params=params))
        seen += [made[it["record"]["id"]] for it in page["items"]]
        assert page["count"] == 4
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [date(2024, 6, 10), date(2024, 6, 20), date(2024, 6, 30), None]
    assert len(await asked(api, "addressee", due_to="2024-06-20")) == 2
    assert (await api.get(PATH, as_="addressee", params={"cursor": "x"})).json()["code"] == "bad_cursor"


async def test_a_constant_number_of_statements(api, world, session, campaign, queries):
    counts = []
    for _ in range(2):
        await a_recommendation(session, world, campaign)
        queries.reset()
        await asked(api, "addressee")
        counts.append(queries.count)
    assert counts[0] == counts[1] <= 2


@pytest.mark.parametrize("part", ["administrator", "auditor", "registrar"])
async def test_who_reads_no_records_has_no_tasks(api, world, session, campaign, part):
    await a_recommendation(session, world, campaign)
    assert await asked(api, part) == []
