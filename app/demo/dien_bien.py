"""Điện Biên, 20/12/2017: the year-end briefing; what the organisations proposed does not end with being heard."""

from app.demo.cast import CastBody, Part
from app.demo.elsewhere import Ids, Story, issue
from app.demo.voices import Voices

MET_ON, NEXT_ON = "2017-12-20", "2018-03-28"
"""The day of the next briefing is made up."""

BODIES = {
    "db_party": CastBody("Tỉnh ủy Điện Biên", "Tỉnh ủy Điện Biên", "party_committee", "province", "TU"),
    "db_front": CastBody(
        "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Điện Biên", "MTTQ Điện Biên", "front_committee", "province", "MTTQ-BTT"
    ),
    "db_labour": CastBody("Liên đoàn Lao động tỉnh Điện Biên", "LĐLĐ Điện Biên", "spo", "province", "LĐLĐ"),
    "db_youth": CastBody("Tỉnh đoàn Điện Biên", "Tỉnh đoàn Điện Biên", "spo", "province", "TĐTN"),
    "db_committee": CastBody("Ủy ban nhân dân tỉnh Điện Biên", "UBND Điện Biên", "pc_committee", "province", "UBND"),
    "db_personnel": CastBody(
        "Ban Tổ chức Tỉnh ủy Điện Biên", "BTC Điện Biên", "other", "province", "BTCTU", "db_party"
    ),
}

PARTS = {
    "db_deputy": Part("Lâm Văn Năm", "db_party", ("leader", "officer")),
    "db_labour_chair": Part("Lê Thanh Hà", "db_labour", ("leader",)),
    "db_youth_secretary": Part("Đặng Thành Huy", "db_youth", ("leader",)),
}
"""Lâm Văn Năm is of the story; the other names are made up."""

PROPOSALS = {
    "arrears": ("db_labour_chair", "db_committee", "Xử lý doanh nghiệp nợ bảo hiểm xã hội, nợ lương người lao động"),
    "congress": ("db_labour_chair", "db_committee", "Hỗ trợ kinh phí đại hội công đoàn cấp tỉnh tháng 5/2018"),
    "post": ("db_youth_secretary", "db_personnel", "Kiện toàn chức danh Chủ tịch Hội Liên hiệp thanh niên tỉnh"),
    "over_age": ("db_youth_secretary", "db_personnel", "Bố trí công tác cho cán bộ đoàn quá tuổi theo quy định"),
}
DUE = {"arrears": "2018-06-30", "congress": "2018-04-30", "post": "2018-03-31", "over_age": "2018-09-30"}


async def tell(voices: Voices, ids: Ids) -> Ids:
    called = _called(ids, "Giao ban cuối năm 2017 với Mặt trận và các đoàn thể", MET_ON)
    briefing = await voices.make("db_deputy", "/v1/briefings", called, key="db-briefing")
    path = f"/v1/briefings/{briefing['id']}"
    made = {}
    for name, (part, to, text) in PROPOSALS.items():
        put = {"text": text, "to_body_id": ids[to]}
        made[name] = (await voices.make(part, f"{path}/proposals", put, key=f"db-proposal-{name}"))["id"]
    await voices.move("db_deputy", path, "hold", on=MET_ON)
    for name in ("arrears", "congress", "post"):
        await _take_up(voices, made[name], name, MET_ON)
    reason = "Ghi nhận, chờ rà soát biên chế."
    await voices.move("db_deputy", f"/v1/proposals/{made['over_age']}", "note", reason=reason, on=MET_ON)
    await _conclude(voices, ids, path)
    later = await _next(voices, ids, made["over_age"])
    return {"briefing": briefing["id"], "next": later, **made}


def _called(ids: Ids, title: str, day: str) -> dict[str, object]:
    return {
        "kind": "periodic_briefing",
        "title": title,
        "scheduled_on": day,
        "period": {"from": f"{day[:4]}-01-01", "to": day},
        "participants": [ids["db_front"], ids["db_labour"], ids["db_youth"]],
        "agenda": ["Kết quả công tác", "Kiến nghị của các tổ chức", "Nhiệm vụ thời gian tới"],
    }


async def _take_up(voices: Voices, proposal: str, name: str, day: str) -> None:
    """Each gets an owner, a result and a date, and is followed up like what a supervision recommends."""
    taken = await voices.move(
        "db_deputy",
        f"/v1/proposals/{proposal}",
        "take_up",
        reason="Kiến nghị chính đáng, giao cơ quan có thẩm quyền giải quyết.",
        owner={"name": "Người đứng đầu cơ quan", "title": "Theo phân công"},
        expected_result="Có văn bản giải quyết, thông báo cho tổ chức kiến nghị",
        due_on=DUE[name],
        due_basis={"text": f"Kết luận giao ban ngày {day[8:]}/{day[5:7]}/{day[:4]}"},
        on=day,
    )
    await issue(voices, "db_deputy", taken["recommendation_id"], day)


async def _conclude(voices: Voices, ids: Ids, path: str) -> None:
    charged = {
        "text": "Xây dựng quy chế làm việc, đề cao trách nhiệm của người đứng đầu cơ quan Mặt trận, đoàn thể",
        "to_body_id": ids["db_front"],
        "due_on": "2018-06-30",
    }
    conclusion = await voices.make("db_deputy", f"{path}/conclusions", charged, key="db-conclusion")
    terms = {
        "owner": {"name": "Chủ tịch Ủy ban MTTQ tỉnh", "title": "Người đứng đầu"},
        "expected_result": "Quy chế làm việc được ban hành",
        "due_basis": {"text": "Kết luận giao ban ngày 20/12/2017"},
    }
    where = f"{path}/conclusions/{conclusion['id']}/recommendation"
    made = await voices.make("db_deputy", where, terms, key="db-followed")
    await issue(voices, "db_deputy", made["id"], MET_ON)
    await voices.move("db_deputy", path, "conclude", on=MET_ON)


async def _next(voices: Voices, ids: Ids, noted: str) -> str:
    """What was noted stands there again, until it is closed."""
    called = _called(ids, "Giao ban quý I năm 2018", NEXT_ON)
    briefing = await voices.make("db_deputy", "/v1/briefings", called, key="db-next")
    path = f"/v1/briefings/{briefing['id']}"
    await voices.move("db_deputy", path, "hold", on=NEXT_ON)
    await _take_up(voices, noted, "over_age", NEXT_ON)
    await voices.move("db_deputy", path, "conclude", on=NEXT_ON)
    return str(briefing["id"])


STORY = Story("Điện Biên 2017: giao ban, kiến nghị của đoàn thể · A year-end briefing", BODIES, PARTS, tell)
