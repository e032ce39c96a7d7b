"""Quảng Trị, 26/08/2021: the Party secretary works with the Front's Standing Board; a proposal noted, then taken up."""

from app.demo.cast import CastBody, Part
from app.demo.chapters import paper
from app.demo.elsewhere import Ids, Story, issue
from app.demo.voices import Voices

PERIOD = {"from": "2021-01-01", "to": "2021-07-31"}
MET_ON, NEXT_ON = "2021-08-26", "2021-12-15"
"""The day of the next briefing is made up."""

BODIES = {
    "qt_party": CastBody("Tỉnh ủy Quảng Trị", "Tỉnh ủy Quảng Trị", "party_committee", "province", "TU"),
    "qt_mass_mob": CastBody(
        "Ban Dân vận Tỉnh ủy Quảng Trị", "BDV Quảng Trị", "mass_mob", "province", "BDVTU", "qt_party"
    ),
    "qt_personnel": CastBody(
        "Ban Tổ chức Tỉnh ủy Quảng Trị", "BTC Quảng Trị", "other", "province", "BTCTU", "qt_party"
    ),
    "qt_propaganda": CastBody(
        "Ban Tuyên giáo Tỉnh ủy Quảng Trị", "BTG Quảng Trị", "other", "province", "BTGTU", "qt_party"
    ),
    "qt_front": CastBody(
        "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Quảng Trị", "MTTQ Quảng Trị", "front_committee", "province", "MTTQ-BTT"
    ),
    "qt_committee": CastBody("Ủy ban nhân dân tỉnh Quảng Trị", "UBND Quảng Trị", "pc_committee", "province", "UBND"),
}

PARTS = {
    "qt_secretary": Part("Lê Quang Tùng", "qt_party", ("leader",)),
    "qt_officer": Part("Trần Hữu Phước", "qt_party", ("officer",)),
    "qt_front_chair": Part("Đào Mạnh Hùng", "qt_front", ("leader", "officer")),
}
"""Lê Quang Tùng is of the story; the other names are made up."""

LETTERS = (
    ("Đề nghị sửa kênh thoát nước khu dân cư", "Hạ tầng", True, True),
    ("Chậm hỗ trợ nhà hư hại do lũ", "Hỗ trợ thiên tai", True, False),
    ("Đề nghị công khai danh sách hộ được hỗ trợ", "Hỗ trợ thiên tai", False, False),
)
"""Title, topic, forwarded, settled: made up, so that the report has something to count."""


async def tell(voices: Voices, ids: Ids) -> Ids:
    for number, letter in enumerate(LETTERS):
        await _petition(voices, ids, number, *letter)
    report = await _report(voices, ids)
    first, proposal = await _meet(voices, ids, report)
    second = await _brief(voices, ids)
    followed = await _take_up(voices, ids, proposal)
    await voices.move("qt_officer", f"/v1/briefings/{second}", "conclude", on=NEXT_ON)
    return {"session": first, "briefing": second, "proposal": proposal, "report": report, "recommendation": followed}


async def _petition(
    voices: Voices, ids: Ids, number: int, title: str, topic: str, forwarded: bool, settled: bool
) -> None:
    letter = {
        "title": title,
        "topic": topic,
        "about_body_id": ids["qt_committee"],
        "received_on": f"2021-0{number + 3}-10",
        "petitioner": {"name": f"Công dân {number + 1}", "address": "Quảng Trị"},
    }
    made = await voices.make("qt_front_chair", "/v1/petitions", letter, key=f"qt-petition-{number}")
    path = f"/v1/petitions/{made['id']}"
    day = f"2021-0{number + 3}-12"
    await voices.move("qt_front_chair", path, "classify", kind="reflection", on=day)
    if not forwarded:
        return
    front = ids["qt_front"]
    cover = await paper(voices, "qt_front_chair", front, "CV", f"{60 + number}/MTTQ-BTT", day, "Chuyển đơn")
    await voices.move("qt_front_chair", path, "forward", to_body_id=ids["qt_committee"], document_id=cover, on=day)
    if settled:
        answer = {"kind": "CV", "symbol": "2140/UBND-TD", "issuer_body_id": ids["qt_committee"]}
        answer |= {"issued_on": "2021-05-20", "abstract": "Trả lời đơn do Mặt trận chuyển"}
        came = await voices.make("qt_front_chair", "/v1/documents", answer, key="qt-answer")
        behalf = {"document_id": came["id"], "received_on": "2021-05-21"}
        text = "Đã bố trí vốn sửa kênh, khởi công trong quý III"
        await voices.move("qt_front_chair", path, "answer", text=text, on_behalf=behalf, on="2021-05-21")


async def _report(voices: Voices, ids: Ids) -> str:
    """Its totals are those that the lists give; nobody adds them up by hand."""
    asked = {**PERIOD, "body_id": ids["qt_front"]}
    (counted,) = (await voices.read("qt_front_chair", "/v1/petitions/figures", **asked))["items"]
    abstract = (
        f"Kết quả 7 tháng đầu năm 2021: tiếp nhận {counted['received']} đơn, chuyển {counted['forwarded']}, "
        f"được giải quyết {counted['settled']}"
    )
    return await paper(voices, "qt_front_chair", ids["qt_front"], "BC", "118/BC-MTTQ-BTT", "2021-08-20", abstract)


async def _meet(voices: Voices, ids: Ids, report: str) -> tuple[str, str]:
    """The Front's report is carried by its proposal: the chair has it in its own register as an incoming paper."""
    abstract = (await voices.read("qt_front_chair", f"/v1/documents/{report}"))["abstract"]
    incoming = await paper(voices, "qt_officer", ids["qt_front"], "BC", "118/BC-MTTQ-BTT", "2021-08-20", abstract)
    named = [
        {"body_id": ids["qt_front"]},
        {"body_id": ids["qt_mass_mob"], "name": "Lê Thị Lan Hương", "title": "Trưởng Ban Dân vận Tỉnh ủy"},
        {"body_id": ids["qt_personnel"]},
        {"body_id": ids["qt_propaganda"]},
    ]
    called = {
        "kind": "working_session",
        "title": "Làm việc với Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh về 7 tháng đầu năm 2021",
        "period": PERIOD,
        "scheduled_on": MET_ON,
        "report_document_id": incoming,
        "agenda": ["Kết quả 7 tháng", "Nhiệm vụ những tháng còn lại", "Kiến nghị của Ban Thường trực"],
        "participants": named,
    }
    session = await voices.make("qt_officer", "/v1/briefings", called, key="qt-session")
    path = f"/v1/briefings/{session['id']}"
    put = {
        "text": "Định kỳ thông báo cho Mặt trận kết quả giải quyết đơn, kiến nghị do Mặt trận chuyển",
        "to_body_id": ids["qt_committee"],
    }
    proposal = await voices.make("qt_front_chair", f"{path}/proposals", put, key="qt-proposal")
    await voices.move("qt_officer", path, "hold", on=MET_ON)
    reason = "Tiếp thu, tổng hợp để trao đổi trong Thường trực Tỉnh ủy."
    await voices.move("qt_secretary", f"/v1/proposals/{proposal['id']}", "note", reason=reason, on=MET_ON)
    await voices.move("qt_secretary", path, "conclude", on=MET_ON)
    return str(session["id"]), str(proposal["id"])


async def _brief(voices: Voices, ids: Ids) -> str:
    """At the next one what was noted stands on the agenda again."""
    called = {
        "kind": "periodic_briefing",
        "title": "Giao ban cuối năm 2021",
        "scheduled_on": NEXT_ON,
        "participants": [ids["qt_front"]],
    }
    briefing = await voices.make("qt_officer", "/v1/briefings", called, key="qt-briefing")
    await voices.move("qt_officer", f"/v1/briefings/{briefing['id']}", "hold", on=NEXT_ON)
    return str(briefing["id"])


async def _take_up(voices: Voices, ids: Ids, proposal: str) -> str:
    """Followed to the end: the committee has no account here, so its papers are recorded on its behalf."""
    taken = await voices.move(
        "qt_secretary",
        f"/v1/proposals/{proposal}",
        "take_up",
        reason="Thường trực Tỉnh ủy thống nhất chỉ đạo.",
        owner={"name": "Lãnh đạo phụ trách tiếp dân", "title": "Phó Chủ tịch UBND tỉnh"},
        expected_result="Quy trình thông báo kết quả hằng quý được ban hành",
        due_on="2022-03-31",
        due_basis={"text": "Kết luận giao ban ngày 15/12/2021"},
        on=NEXT_ON,
    )
    path = await issue(voices, "qt_secretary", taken["recommendation_id"], "2021-12-20")
    letter = {"kind": "CV", "symbol": "310/UBND-NC", "issuer_body_id": ids["qt_committee"]}
    letter |= {"issued_on": "2022-01-14", "abstract": "Tiếp thu, ban hành quy trình"}
    came = await voices.make("qt_officer", "/v1/documents", letter, key="qt-reply")
    behalf = {"document_id": came["id"], "received_on": "2022-01-17"}
    await voices.move(
        "qt_officer", path, "reply", kind="accepted", document_id=came["id"], on_behalf=behalf, on="2022-01-17"
    )
    proof = [{"kind": "document", "document_id": came["id"]}]
    await voices.move("qt_officer", path, "claim_done", evidence=proof, on_behalf=behalf, on="2022-02-10")
    note = "Mặt trận xác nhận đã nhận thông báo quý I."
    await voices.move("qt_secretary", path, "verify", implementation="done", note=note, on="2022-04-05")
    return str(taken["recommendation_id"])


STORY = Story("Quảng Trị 2021: ghi nhận rồi giải quyết · Noted, then followed to the end", BODIES, PARTS, tell)
