"""Figures: what each side may count, the same numbers as the lists, and whose name stands for whom."""

from datetime import date
from urllib.parse import urlencode

import pytest

from app.core import clock
from app.domain.body import BodyKind, Level, LineageKind
from app.domain.campaign import CampaignForm
from app.domain.recommendation import Origin, RecommendationState, ReplyStatus
from app.models.body import Body, BodyName, LineageEnd, LineageEvent, LineageLink
from app.models.statistics import HalfYearNotice, RecommendationStatistics
from tests import makers
from tests.client import ok

pytestmark = pytest.mark.thorough

PATH = "/v1/statistics/recommendations"
TODAY = date(2024, 8, 1)
SEVEN_MONTHS = {"from": "2024-01-01", "to": "2024-07-31"}
REPLIED = {"state": RecommendationState.REPLIED, "reply_status": ReplyStatus.ACCEPTED}
RESOLVED = {"state": RecommendationState.RESOLVED, "reply_status": ReplyStatus.ACCEPTED}
ROWS = {
    "waiting": {"due_on": date(2024, 9, 30), "reply_due_on": date(2024, 8, 20)},
    "silent": {"due_on": date(2024, 9, 30), "reply_due_on": date(2024, 6, 20)},
    "late": {"due_on": date(2024, 7, 20)},
    "very_late": {"due_on": date(2024, 5, 1), "issued_on": date(2024, 1, 10)},
    "replied": {**REPLIED, "due_on": date(2024, 9, 30), "first_replied_on": date(2024, 5, 30)},
    "replied_late": {**REPLIED, "due_on": date(2024, 7, 1), "first_replied_on": date(2024, 6, 29)},
    "resolved": {
        **RESOLVED,
        "due_on": date(2024, 7, 15),
        "first_replied_on": date(2024, 6, 9),
        "resolved_on": date(2024, 7, 19),
    },
    "resolved_early": {**RESOLVED, "due_on": date(2024, 12, 31), "resolved_on": date(2024, 6, 19)},
    "withdrawn": {"state": RecommendationState.WITHDRAWN, "due_on": date(2024, 6, 30)},
    "multi_year": {**RESOLVED, "due_on": date(2024, 7, 31), "issued_on": date(2022, 3, 1)},
    "draft": {"state": RecommendationState.DRAFT, "issued_on": None, "reply_status": None},
}


@pytest.fixture
async def campaign(session, world):
    clock.set_today(TODAY)
    return await makers.a_campaign(session, world)


@pytest.fixture
async def rows(session, world, campaign):
    fields = {"engagement_id": None}
    return {name: await makers.a_recommendation(session, world, campaign, **fields, **it) for name, it in ROWS.items()}


async def figures(api, part="lead_officer", **asked):
    return ok(await api.get(PATH, params={"group_by": "addressee", **asked}, as_=part))


async def count(api, part="lead_officer", **filters):
    listed = ok(await api.get(f"/v1/recommendations?{urlencode({'count': 'true', **filters}, doseq=True)}", as_=part))
    return listed["count"]


async def test_the_figures_of_seven_months(api, world, rows):
    answer = await figures(api, **SEVEN_MONTHS)
    RecommendationStatistics.model_validate(answer)
    (group,) = answer["items"]
    assert (group["key"], group["body"]["name"]) == (str(world.body["addressee"]), "Phòng Nội vụ huyện Quảng Điền")
    assert {name: value for name, value in group.items() if name in answer["total"]} == answer["total"]
    assert (answer["as_of"], answer["groups"]) == ("2024-08-01", 1)
    assert answer["total"] == {
        "issued": 9,
        "due": 4,
        "replied": 4,
        "replied_in_time": 2,
        "resolved": 2,
        "overdue": 4,
        "withdrawn": 1,
        "median_days_to_reply": 20.0,
        "median_days_to_resolve": 45.0,
        "due_resolved": {"counted": 4, "resolved": 1, "multi_year": 0, "ratio": 0.25},
        "ageing": {"not_due": 3, "days_1_30": 1, "days_31_90": 1, "days_91_180": 1, "days_over_180": 0},
    }


async def test_a_term_of_years_is_told_apart_and_not_in_the_ratio(api, rows):
    whole = (await figures(api))["total"]
    assert (whole["issued"], whole["due"]) == (10, 5)
    assert whole["due_resolved"] == {"counted": 4, "resolved": 1, "multi_year": 1, "ratio": 0.25}


RUNNING = ["issued", "replied", "disputed", "verifying", "escalated"]
NOT_WITHDRAWN = [*RUNNING, "resolved", "unresolved"]
DRILL_DOWN = {
    "issued": {},
    "due": {"state": NOT_WITHDRAWN, "due_to": "2024-07-31"},
    "replied": {"state": NOT_WITHDRAWN, "reply_status": ["accepted", "partly_accepted", "explained"]},
    "resolved": {"state": "resolved"},
    "withdrawn": {"state": "withdrawn"},
    "overdue": {"overdue": ["reply", "completion"]},
}
AGES = {
    "not_due": {"due_from": "2024-08-01"},
    "days_1_30": {"due_from": "2024-07-02", "due_to": "2024-07-31"},
    "days_31_90": {"due_from": "2024-05-03", "due_to": "2024-07-01"},
    "days_91_180": {"due_from": "2024-02-03", "due_to": "2024-05-02"},
    "days_over_180": {"due_to": "2024-02-02"},
}


@pytest.mark.parametrize("part", ["lead_officer", "partner", "addressee", "superior", "stranger"])
async def test_every_total_is_the_count_of_its_list(api, session, world, campaign, rows, part):
    await makers.a_recommendation(session, world, campaign, addressee_id=world.body["supervised"])
    period = {"issued_from": "2024-01-01", "issued_to": "2024-07-31"}
    answer = await figures(api, part, **SEVEN_MONTHS)
    for name, filters in DRILL_DOWN.items():
        assert answer["total"][name] == await count(api, part, **period, **filters), name
        for group in answer["items"]:
            assert group[name] == await count(api, part, **period, **filters, addressee_id=group["key"]), name
    for name, filters in AGES.items():
        assert answer["total"]["ageing"][name] == await count(api, part, **period, state=RUNNING, **filters), name


@pytest.mark.parametrize(
    ("part", "issued"), [("lead_officer", 10), ("addressee", 10), ("verifier", 0), ("stranger", 0)]
)
async def test_each_side_counts_what_it_sees(api, rows, part, issued):
    answer = await figures(api, part)
    assert answer["total"]["issued"] == issued
    assert (answer["groups"], answer["items"] == []) == ((1, False) if issued else (0, True))


async def test_groups_of_every_kind_add_up_to_the_total(api, session, world, campaign, rows):
    await makers.a_recommendation(
        session, world, campaign, origin=Origin.SESSION, addressee_id=world.body["supervised"]
    )
    kinds = {}
    for kind in ("addressee", "lead", "place", "origin", "quarter"):
        answer = await figures(api, group_by=kind)
        for name in DRILL_DOWN:
            assert sum(it[name] for it in answer["items"]) == answer["total"][name]
        kinds[kind] = {it["key"]: it["issued"] for it in answer["items"]}
    assert kinds["origin"] == {"report": 10, "session": 1}
    assert kinds["quarter"] == {"2022Q1": 1, "2024Q1": 1, "2024Q2": 9}
    assert kinds["lead"] == {str(world.body["lead"]): 11}
    assert kinds["place"] == {None: 11}
    largest = await figures(api, group_by="quarter", limit=1)
    assert ([it["key"] for it in largest["items"]], largest["groups"]) == (["2024Q2"], 3)
    assert largest["total"]["issued"] == 11


async def a_body(session, name, since, until=None):
    body = Body(kind=BodyKind.DEPARTMENT, level=Level.COMMUNE, valid_from=since, valid_to=until)
    await makers.keep(session, body)
    await makers.keep(session, BodyName(body_id=body.id, name=name, short_name=name, valid_from=since))
    return body


async def succeeded(session, on, before, after):
    event = LineageEvent(kind=LineageKind.MERGE, effective_on=on)
    await makers.keep(session, event)
    ends = [LineageEnd(event_id=event.id, body_id=it.id) for it in before]
    await makers.keep(session, *ends)
    for successor, bodies in ((False, before), (True, after)):
        links = [LineageLink(event_id=event.id, body_id=it.id, successor=successor) for it in bodies]
        await makers.keep(session, *links)


async def test_bodies_that_ended_count_with_their_only_heir(api, session, world, campaign):
    """A → B → C is C's; what has two heirs stays under its own name; the totals agree."""
    a = await a_body(session, "A", date(2015, 1, 1), date(2023, 12, 31))
    b = await a_body(session, "B", date(2024, 1, 1), date(2024, 6, 30))
    c = await a_body(session, "C", date(2024, 7, 1))
    divided = await a_body(session, "Quảng Điền", date(2015, 1, 1), date(2024, 6, 30))
    d = await a_body(session, "D", date(2024, 7, 1))
    await succeeded(session, date(2024, 1, 1), [a], [b])
    await succeeded(session, date(2024, 7, 1), [b], [c])
    await succeeded(session, date(2024, 7, 1), [divided], [c, d])
    for body in (a, a, b, c, divided):
        await makers.a_recommendation(session, world, campaign, addressee_id=body.id)
    then, now = await figures(api), await figures(api, bodies="now")
    assert {it["body"]["name"]: it["issued"] for it in then["items"]} == {"A": 2, "B": 1, "C": 1, "Quảng Điền": 1}
    assert {it["body"]["name"]: it["issued"] for it in now["items"]} == {"C": 4, "Quảng Điền": 1}
    assert then["total"] == now["total"]


@pytest.mark.parametrize(
    "asked",
    [
        {"group_by": "colour"},
        {},
        {"group_by": "lead", "from": "2024-07-31", "to": "2024-01-01"},
        {"group_by": "lead", "x": 1},
    ],
)
async def test_what_cannot_be_asked_is_refused(api, asked):
    assert (await api.get(PATH, params=asked, as_="lead_officer")).status_code == 422


async def test_it_costs_one_statement(api, rows, queries):
    for path in (
        f"{PATH}?group_by=addressee&bodies=now",
        f"/v1/statistics/half-year?half=2024H1&body_id={rows['late'].issuer_body_id}",
    ):
        queries.reset()
        ok(await api.get(path, as_="lead_officer"))
        assert queries.count == 2, "the caller and the figures"


async def notice(api, world, half, part="lead_officer", body="lead"):
    asked = {"body_id": str(world.body[body]), "half": half}
    return ok(await api.get("/v1/statistics/half-year", params=asked, as_=part))


async def test_the_notice_of_a_half_year(api, session, world, rows):
    await makers.a_campaign(
        session, world, form=CampaignForm.DOCUMENT_STUDY, window_from=date(2023, 1, 1), window_to=date(2023, 6, 30)
    )
    answer = await notice(api, world, "2024H1")
    HalfYearNotice.model_validate(answer)
    assert (answer["from"], answer["to"], answer["body"]["short_name"]) == ("2024-01-01", "2024-06-30", "BDV Tỉnh ủy")
    assert answer["campaigns"] == [{"form": "delegation", "led": 1, "joined": 0}]
    (line,) = answer["recommendations"]
    assert (line["issued"], line["replied"], line["resolved"]) == (9, 4, 2)
    assert [it["id"] for it in answer["overdue"]] == [
        str(rows[it].id) for it in ("very_late", "replied_late", "late", "silent")
    ]
    assert (await notice(api, world, "2024H1", "partner", "partner"))["campaigns"][0]["joined"] == 1
    empty = await notice(api, world, "2024H1", "stranger")
    assert (empty["campaigns"], empty["recommendations"], empty["overdue"]) == ([], [], [])


async def test_each_name_stands_as_it_was_on_the_day_of_issue(api, session, world, campaign):
    body = await a_body(session, "Tên cũ", date(2015, 1, 1))
    renamed = BodyName(body_id=body.id, name="Tên mới", short_name="TM", valid_from=date(2024, 3, 1))
    await makers.keep(session, renamed)
    for day in (date(2024, 2, 1), date(2024, 4, 1), date(2024, 5, 1)):
        await makers.a_recommendation(session, world, campaign, addressee_id=body.id, issued_on=day)
    lines = (await notice(api, world, "2024H1"))["recommendations"]
    assert [(it["addressee"]["name"], it["issued"]) for it in lines] == [("Tên mới", 2), ("Tên cũ", 1)]
    assert lines[1]["addressee"]["now"]["name"] == "Tên mới"


@pytest.mark.parametrize(("body", "half", "status"), [("lead", "2024H3", 422), (None, "2024H1", 404)])
async def test_no_notice_of_what_is_not(api, world, body, half, status):
    asked = {"body_id": str(world.body.get(body, "00000000-0000-7000-8000-000000000000")), "half": half}
    assert (await api.get("/v1/statistics/half-year", params=asked, as_="lead_officer")).status_code == status
