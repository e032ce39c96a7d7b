"""A year's work from its plan to its report: agreed, issued, adjusted with renewed agreement, carried out, counted.

NQLT 403/2017 Đ3: the counterparts of the level agree in Quarter IV; an adjustment is agreed anew.
"""

from datetime import date
from typing import Any

import pytest

from app.core import clock
from tests.client import Api, created, ok
from tests.world import World

pytestmark = pytest.mark.thorough

FRONT, COUNTERPART = "partner", "counterpart"
LAND: dict[str, Any] = {
    "content": "Giám sát việc cấp giấy chứng nhận quyền sử dụng đất",
    "form": "delegation",
    "ground": "supervision_programme",
    "time": {"from": "2024-04-01", "to": "2024-06-30"},
}
DRAFT = {
    "content": "Phản biện dự thảo nghị quyết về mức hỗ trợ cán bộ thôn",
    "form": "written",
    "ground": "criticism_programme",
    "time": {"from": "2024-09-01", "to": "2024-10-31"},
    "object": "Sở Nội vụ",
}
FEES = {
    "content": "Giám sát việc thu các khoản đóng góp đầu năm học",
    "form": "document_study",
    "ground": "complaints",
    "time": {"from": "2024-08-01", "to": "2024-09-30"},
    "object": "Sở Giáo dục và Đào tạo",
}


async def paper(api: Api, world: World, part: str, symbol: str, kind: str = "KH") -> str:
    said = {"kind": kind, "symbol": symbol, "issuer_body_id": str(world.body[part]), "abstract": "Kế hoạch năm 2024"}
    issued = {"issued_on": clock.today().isoformat(), **said}
    return str(created(await api.post("/v1/documents", issued, as_=part))["id"])


async def agreed(api: Api, world: World, plan: str, symbol: str) -> dict[str, Any]:
    """Ask the People's Committee, which agrees; issue."""
    asked = {"counterpart_body_ids": [str(world.body[COUNTERPART])], "due_on": f"{clock.today():%Y}-12-20"}
    await api.move(plan, "consult", as_=FRONT, **asked)
    concurred = {"outcome": "concurred", "document_id": await paper(api, world, COUNTERPART, f"9{symbol}", "CV")}
    created(await api.post(f"{plan}/concurrences", concurred, as_=COUNTERPART))
    return await api.move(plan, "issue", as_=FRONT, document_id=await paper(api, world, FRONT, symbol))


@pytest.fixture
async def plan(api: Api, world: World) -> str:
    """In force since the fourth quarter before, after a refusal that was answered in writing."""
    clock.set_today(date(2023, 11, 20))
    made = created(await api.post("/v1/plans", {"year": 2024}, as_=FRONT))
    path = f"/v1/plans/{made['id']}"
    for item in ({**LAND, "supervised_body_ids": [str(world.body["addressee"])]}, DRAFT):
        created(await api.post("/v1/plan-items", {**item, "plan_id": made["id"]}, as_=FRONT))
    asked = {"counterpart_body_ids": [str(world.body[COUNTERPART])], "due_on": "2023-12-10"}
    await api.move(path, "consult", as_=FRONT, **asked)
    letter = await paper(api, world, COUNTERPART, "450/UBND-NC", "CV")
    refused = {"outcome": "refused", "document_id": letter, "reason": "Trùng thời gian thanh tra"}
    created(await api.post(f"{path}/concurrences", refused, as_=COUNTERPART))
    ours = await paper(api, world, FRONT, "80/KH-MTTQ-BTT")
    answer = {"text": "Đoàn giám sát bắt đầu sau khi thanh tra kết thúc", "document_id": ours}
    created(await api.post(f"{path}/concurrences/{world.body[COUNTERPART]}/answers", answer, as_=FRONT))
    issued = await api.move(path, "issue", as_=FRONT, document_id=ours)
    assert (issued["edition"], issued["issued_on"]) == (1, "2023-11-20")
    (due,) = ok(await api.get(f"{path}/deadlines", as_=FRONT))["items"]
    assert (due["rule_code"], due["state"]) == ("D01", "met")
    return path


async def test_the_year_plan(api: Api, world: World, plan: str) -> None:
    await _adjusted(api, world, plan)
    campaigns = await _carried_out(api, plan)
    clock.set_today(date(2024, 12, 31))
    answer = ok(await api.get("/v1/statistics/year?year=2024", as_=FRONT))
    await _counted(api, answer, campaigns)
    await _reported(api, world, campaigns)


async def _adjusted(api: Api, world: World, plan: str) -> None:
    """A sudden matter: the second edition, agreed anew; until it is issued others read the first."""
    clock.set_today(date(2024, 7, 15))
    await api.move(plan, "revise", as_=FRONT, reason="Phản ánh của phụ huynh về lạm thu")
    added = created(await api.post("/v1/plan-items", {**FEES, "plan_id": plan.rpartition("/")[2]}, as_=FRONT))
    assert (await api.get(f"/v1/plan-items/{added['id']}", as_="stranger")).status_code == 404
    issued = await agreed(api, world, plan, "55/KH-MTTQ-BTT")
    assert (issued["edition"], issued["issued_edition"]) == (2, 2)
    assert ok(await api.get(f"/v1/plan-items/{added['id']}", as_="stranger"))["content"] == FEES["content"]
    answers = ok(await api.get(f"{plan}/concurrences", as_=FRONT))["items"]
    assert [(it["edition"], it["outcome"]) for it in answers] == [(2, "concurred"), (1, "refused")]


async def _carried_out(api: Api, plan: str) -> dict[str, dict[str, Any]]:
    """A campaign for each item, planned."""
    items = ok(await api.get(f"/v1/plan-items?plan_id={plan.rpartition('/')[2]}", as_=FRONT))["items"]
    made = {}
    for item in items:
        campaign = created(await api.post(f"/v1/plan-items/{item['id']}/campaigns", {}, as_=FRONT))
        path = f"/v1/campaigns/{campaign['id']}"
        await api.move(path, "consult", as_=FRONT, counterpart_body_ids=[], due_on="2024-07-31")
        made[item["form"]] = await api.move(path, "plan", as_=FRONT, overlap_acknowledged=True)
        assert made[item["form"]]["plan_item_id"] == item["id"]
    return made


async def _counted(api: Api, answer: dict[str, Any], campaigns: dict[str, dict[str, Any]]) -> None:
    parts = [*answer["supervisions"]["by_form"], *answer["criticisms"]["by_form"]]
    led = {it["form"]: it["led"] for it in parts if it["led"]["value"]}
    assert led.keys() == campaigns.keys() == {"delegation", "document_study", "written"}
    for form, figure in led.items():
        (listed,) = ok(await api.get(figure["list"], as_=FRONT))["items"]
        assert (figure["value"], listed["id"]) == (1, campaigns[form]["id"])
    assert answer["supervisions"]["total"]["led"]["value"] == 2


async def _reported(api: Api, world: World, campaigns: dict[str, dict[str, Any]]) -> None:
    """What is closed stays, though a campaign is cancelled afterwards; the note says which."""
    year = {"period": {"from": "2024-01-01", "to": "2024-12-31"}, "title": "Báo cáo năm 2024"}
    opened = created(await api.post("/v1/reporting-periods", year, as_=FRONT))
    path = f"/v1/reporting-periods/{opened['id']}"
    await api.move(path, "close", as_=FRONT)
    clock.set_today(date(2025, 1, 10))
    decided = {
        "reason": "Trùng nội dung thanh tra",
        "document_id": await paper(api, world, FRONT, "03/QĐ-MTTQ-BTT", "QĐ"),
    }
    await api.move(f"/v1/campaigns/{campaigns['delegation']['id']}", "cancel", as_=FRONT, **decided)
    closed = ok(await api.get(path, as_=FRONT))
    assert closed["figures"]["supervisions"]["total"]["led"]["value"] == 2
    (note,) = closed["notes"]
    assert (note["figure"], note["from"], note["to"]) == ("supervisions.led.delegation", 1, 0)
    assert (note["record"]["title"], note["step"]["action"]) == (LAND["content"], "cancel")
