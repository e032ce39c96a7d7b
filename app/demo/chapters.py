"""The chapters of the story, each step with its civil date and by whoever takes it (api.md, section 11)."""

from datetime import date, timedelta
from typing import Any

from app.demo.papers import COMMENTS, FINDINGS, OUTLINE, RECOMMENDATIONS
from app.demo.voices import Voices

Ids = dict[str, str]
TITLE = "Giám sát Ban Thường vụ Huyện ủy Quảng Điền thực hiện Kết luận 62-KL/TW"


async def on(voices: Voices, day: str) -> None:
    """The demo lives on this day from here on."""
    await voices.say("registrar", "POST", "/v1/demo/clock", {"today": day})
    voices.tell(f"   {day[8:]}/{day[5:7]}/{day[:4]}")


async def night(voices: Voices, day: date) -> None:
    """The demo lives on this day, and its nightly clock has run."""
    await on(voices, day.isoformat())
    if voices.night is not None:
        await voices.night(day)


async def paper(voices: Voices, part: str, body_id: str, kind: str, symbol: str, day: str, abstract: str) -> str:
    made = await voices.make(
        part,
        "/v1/documents",
        {"kind": kind, "symbol": symbol, "issuer_body_id": body_id, "issued_on": day, "abstract": abstract},
        key=f"paper-{body_id}-{symbol}",
    )
    return str(made["id"])


async def propose(voices: Voices, ids: Ids) -> Ids:
    """Proposed, consulted, planned."""
    await on(voices, "2023-12-05")
    campaign = await voices.make(
        "lead_officer",
        "/v1/campaigns",
        {
            "kind": "supervision",
            "regime": "party",
            "form": "delegation",
            "ground": "programme",
            "title": TITLE,
            "topic": "Đổi mới nội dung và phương thức hoạt động của Mặt trận và các đoàn thể",
            "topic_codes": ["dan-van", "mat-tran"],
            "scope": {"content": "Việc thực hiện Kết luận 62-KL/TW", "fields": ["dân vận"], "place_codes": ["46"]},
            "review_period": {"from": "2021-01-01", "to": "2023-12-31"},
            "window": {"starts_on": "2024-02-20", "ends_on": "2024-06-30"},
            "outline": {"items": OUTLINE},
            "lead_body_id": ids["lead"],
            "deciding_body_id": ids["lead"],
            "supervised_body_ids": [ids["supervised"]],
        },
        key="campaign",
    )
    path = f"/v1/campaigns/{campaign['id']}"
    subject = {"symbol": "62-KL/TW", "issued_on": "2009-12-08", "issuer": "Bộ Chính trị"}
    await voices.make("lead_officer", f"{path}/subject-documents", subject, key="subject", seen=path)
    for partner in ("partner", "partner_b"):
        body = {"body_id": ids[partner]}
        await voices.make("lead_officer", f"{path}/partners", body, key=f"partner-{partner}", seen=path)
    await on(voices, "2023-12-10")
    await voices.move(
        "lead_officer", path, "consult", counterpart_body_ids=[ids["counterpart"]], due_on="2023-12-25", on="2023-12-10"
    )
    await on(voices, "2023-12-20")
    await _agree(voices, ids, path)
    await on(voices, "2024-01-05")
    await voices.move("lead_officer", path, "plan", overlap_acknowledged=True, on="2024-01-05")
    return {"campaign": campaign["id"]}


async def _agree(voices: Voices, ids: Ids, path: str) -> None:
    answers = (
        ("counterpart", "counterparts", "5120/UBND-TH"),
        ("partner", "partners", "249/MTTQ-BTT"),
        ("partner_b", "partners", "118-CV/HND"),
    )
    for part, side, symbol in answers:
        letter = await paper(
            voices, part, ids[part], "CV", symbol, "2023-12-20", "Thống nhất nội dung giám sát Kết luận 62-KL/TW"
        )
        concurrence = {"outcome": "concurred", "document_id": letter, "on": "2023-12-20"}
        where = f"{path}/{side}/{ids[part]}/concurrence"
        await voices.make(part, where, concurrence, key=f"concur-{part}")


SEATS = (("head", "head"), ("secretary", "secretary"), ("member_a", "member"), ("member_b", "member"))


async def decide(voices: Voices, ids: Ids) -> Ids:
    """Đoàn giám sát 133 is decided; the campaign starts."""
    await on(voices, "2024-02-20")
    lead = ids["lead"]
    made = {
        "plan": await paper(voices, "lead_clerk", lead, "KH", "41-KH/BDVTU", "2024-02-20", "Kế hoạch giám sát"),
        "decision": await paper(
            voices, "lead_clerk", lead, "QĐ", "133-QĐ/BDVTU", "2024-02-20", "Thành lập Đoàn giám sát"
        ),
        "outline": await paper(voices, "lead_clerk", lead, "ĐC", "01-ĐC/BDVTU", "2024-02-20", "Đề cương báo cáo"),
    }
    delegation = await voices.make(
        "lead_officer",
        "/v1/delegations",
        {"campaign_id": ids["campaign"], "name": "Đoàn giám sát 133"},
        key="delegation",
    )
    path = f"/v1/delegations/{delegation['id']}"
    bodies = {"head": lead, "secretary": lead, "member_a": ids["partner"], "member_b": ids["partner_b"]}
    for part, duty in SEATS:
        seat = {"login": voices.credentials[part][0], "body_id": bodies[part], "duty": duty, "from": "2024-02-20"}
        await voices.make("lead_officer", f"{path}/members", seat, key=f"seat-{part}", seen=path)
    decision = {
        "symbol": "133-QĐ/BDVTU",
        "issued_on": "2024-02-20",
        "issuer_body_id": lead,
        "document_id": made["decision"],
    }
    await voices.move("lead_leader", path, "decide", decision=decision, on="2024-02-20")
    engagement = await voices.make(
        "lead_officer",
        "/v1/engagements",
        {"delegation_id": delegation["id"], "supervised": {"body_id": ids["supervised"]}},
        key="engagement",
    )
    await on(voices, "2024-02-22")
    await voices.move("lead_officer", f"/v1/campaigns/{ids['campaign']}", "start", on="2024-02-22")
    return {"delegation": delegation["id"], "engagement": engagement["id"], **made}


async def notify(voices: Voices, ids: Ids) -> Ids:
    """Notified with plan, decision and outline; the members file what they find."""
    await on(voices, "2024-03-04")
    path = f"/v1/engagements/{ids['engagement']}"
    package = {"plan": ids["plan"], "decision": ids["decision"], "outline": ids["outline"]}
    await voices.move(
        "secretary",
        path,
        "notify",
        document_ids=package,
        session_planned_on="2024-04-12",
        received_on="2024-03-04",
        on="2024-03-04",
    )
    await on(voices, "2024-03-28")
    return {}


async def find(voices: Voices, ids: Ids) -> Ids:
    """Five strengths and five limitations, filed by two members, accepted by the secretary."""
    from app.core.ids import new_id

    made: list[str] = []
    for number, finding in enumerate(FINDINGS):
        part = ("member_a", "member_b")[number % 2]
        identifier = await voices.once(f"finding-id:{number}", lambda: _fresh(str(new_id())))
        evidence = [{"kind": "note", "text": f"Phiếu khảo sát thực tế số {number + 1:02d}"}]
        item = {"op": "create", "id": identifier, "engagement_id": ids["engagement"], "evidence": evidence, **finding}
        if finding["kind"] == "limitation":
            item["criteria"] = [{"document": "62-KL/TW"}]
        batch = {"items": [item, {"op": "submit", "id": identifier, "on": "2024-03-28"}]}
        answer = await voices.say(part, "POST", "/v1/findings/batch", batch)
        assert all(it["status"] < 300 for it in answer["results"]), answer
        made.append(identifier)
    for identifier in made:
        await voices.move("secretary", f"/v1/findings/{identifier}", "accept", on="2024-03-28")
    return {f"finding:{number}": identifier for number, identifier in enumerate(made)}


async def _fresh(value: str) -> str:
    return value


async def self_report(voices: Voices, ids: Ids) -> Ids:
    """Quảng Điền reports on itself; the draft result report is generated and circulated."""
    await on(voices, "2024-04-05")
    path = f"/v1/engagements/{ids['engagement']}"
    report = await voices.make(
        "supervised", "/v1/reports", _self_report(ids, "Nêu 4 xã triển khai chưa đều."), key="self-1"
    )
    await voices.move("supervised", path, "submit_self_report", report_id=report["id"], on="2024-04-05")
    await on(voices, "2024-04-10")
    draft = await voices.make("secretary", f"{path}/draft-report", {}, key="draft-1")
    await voices.move(
        "secretary", path, "circulate_draft", report_id=draft["id"], comments_due_on="2024-04-20", on="2024-04-10"
    )
    return {"self_report": report["id"], "result_report": draft["id"]}


def _self_report(ids: Ids, content: str, **more: Any) -> dict[str, Any]:
    sections = [{"key": it["key"], "title": it["title"], "content": content, "clause": it["key"]} for it in OUTLINE]
    title = "Báo cáo của Ban Thường vụ Huyện ủy Quảng Điền về thực hiện Kết luận 62-KL/TW"
    return {"kind": "self_report", "engagement_id": ids["engagement"], "title": title, "sections": sections, **more}


async def meet(voices: Voices, ids: Ids) -> Ids:
    """The working session of 12/04/2024; comments; the request to revise and resend the self-report."""
    await on(voices, "2024-04-12")
    path = f"/v1/engagements/{ids['engagement']}"
    head = {"name": "Nguyễn Xuân Dương", "title": "Phó Trưởng Ban Dân vận, Trưởng đoàn", "body_id": ids["lead"]}
    host = {"name": "Trương Duy Hải", "title": "Phó Bí thư Thường trực Huyện ủy", "body_id": ids["supervised"]}
    minutes = await paper(
        voices, "lead_clerk", ids["lead"], "BB", "07-BB/BDVTU", "2024-04-12", "Biên bản buổi làm việc thông qua dự thảo"
    )
    session = await voices.make(
        "secretary",
        f"{path}/sessions",
        {
            "held_on": "2024-04-12",
            "place": "Trụ sở Huyện ủy Quảng Điền",
            "chair": head,
            "minute_taker": {"name": "Phan Văn Lộc", "title": "Thư ký đoàn", "body_id": ids["lead"]},
            "attendance": [head, host],
            "minutes": {"text": "Thông qua dự thảo; thống nhất chỉnh sửa số liệu.", "document_id": minutes},
            "promises": [],
        },
        key="session",
    )
    await voices.move("secretary", path, "hold_session", session_id=session["id"], on="2024-04-12")
    comments = []
    for number, (text, _, _) in enumerate(COMMENTS):
        comment = {"text": text, "on": "2024-04-12"}
        where = f"/v1/reports/{ids['result_report']}/comments"
        comments.append((await voices.make("supervised", where, comment, key=f"comment-{number}"))["id"])
    request = await voices.make(
        "head",
        f"{path}/revision-requests",
        {
            "reason": "Rà soát số liệu từng xã, chỉnh sửa báo cáo của Ban Thường vụ Huyện ủy và gửi lại cho Đoàn.",
            "due_on": "2024-04-26",
            "due_basis": {"text": "Kết luận của Trưởng đoàn tại buổi làm việc 12/04/2024"},
            "on": "2024-04-12",
        },
        key="revision",
    )
    found = {f"comment:{number}": identifier for number, identifier in enumerate(comments)}
    return {"session": session["id"], "revision": request["id"], "promise": request["recommendation_id"], **found}


async def revise(voices: Voices, ids: Ids) -> Ids:
    """Version 2 arrives, the promise is verified, comments are answered, the engagement is finalised."""
    await on(voices, "2024-04-24")
    report = await voices.make(
        "supervised",
        "/v1/reports",
        _self_report(
            ids, "Số xã triển khai chưa đều là 3; đã bổ sung số liệu từng xã.", answers_request_id=ids["revision"]
        ),
        key="self-2",
    )
    await voices.move("supervised", f"/v1/reports/{report['id']}", "circulate", on="2024-04-24")
    await on(voices, "2024-04-26")
    await voices.move(
        "lead_officer",
        f"/v1/recommendations/{ids['promise']}",
        "verify",
        implementation="done",
        note="Bản thứ hai đủ số liệu từng xã.",
        on="2024-04-26",
    )
    for number, (_, kind, text) in enumerate(COMMENTS):
        where = f"/v1/reports/{ids['result_report']}/comments/{ids[f'comment:{number}']}/answer"
        given = {"kind": kind, "on": "2024-04-26"} | ({"text": text} if text else {})
        await voices.say("secretary", "PUT", where, given)
    await on(voices, "2024-05-02")
    await voices.move("head", f"/v1/engagements/{ids['engagement']}", "finalise", on="2024-05-02")
    return {"self_report_2": report["id"]}


async def adopt(voices: Voices, ids: Ids) -> Ids:
    """The engagement's report is adopted, then the campaign's, one partner with a reserved opinion."""
    await on(voices, "2024-05-06")
    await _sign(voices, ids["result_report"], "2024-05-06", {})
    await voices.move("head", f"/v1/reports/{ids['result_report']}", "adopt", on="2024-05-06")
    whole = await voices.make("lead_officer", f"/v1/campaigns/{ids['campaign']}/draft-report", {}, key="whole")
    path = f"/v1/reports/{whole['id']}"
    await voices.move("lead_leader", path, "circulate", on="2024-05-06")
    await on(voices, "2024-05-14")
    reserved = "Bảo lưu: cần nêu rõ hơn tỷ lệ tập hợp hội viên nông dân ở từng xã."
    await _sign(voices, whole["id"], "2024-05-14", {"partner_b": reserved})
    await voices.move("lead_leader", path, "adopt", on="2024-05-14")
    await on(voices, "2024-05-15")
    await voices.move("lead_officer", f"/v1/campaigns/{ids['campaign']}", "report", on="2024-05-15")
    return {"campaign_report": whole["id"]}


async def _sign(voices: Voices, report_id: str, day: str, reserved: dict[str, str]) -> None:
    for part in ("partner", "partner_b"):
        seen = await voices.read(part, f"/v1/reports/{report_id}")
        signature = {"hash": seen["hash"]} | ({"opinion": reserved[part]} if part in reserved else {})
        await voices.make(part, f"/v1/reports/{report_id}/signatures", signature, key=f"sign-{report_id}-{part}")


async def conclude(voices: Voices, ids: Ids) -> Ids:
    """The conclusion is issued, and seven recommendations with owner, due dates and basis."""
    await on(voices, "2024-05-20")
    notice = await paper(
        voices, "lead_clerk", ids["lead"], "TB", "58-TB/BDVTU", "2024-05-20", "Thông báo kết luận của Đoàn giám sát 133"
    )
    text = (
        "Ghi nhận năm kết quả, chỉ ra năm hạn chế và nêu bảy kiến nghị có người chịu trách nhiệm, thời hạn, thước đo."
    )
    conclusion = await voices.make(
        "lead_officer",
        "/v1/reports",
        {
            "kind": "conclusion",
            "campaign_id": ids["campaign"],
            "title": "Kết luận giám sát việc thực hiện Kết luận 62-KL/TW tại Quảng Điền",
            "sections": [{"key": "1", "title": "Kết luận", "content": text}],
        },
        key="conclusion",
    )
    path = f"/v1/reports/{conclusion['id']}"
    await voices.move("lead_leader", path, "adopt", on="2024-05-20")
    await voices.move("lead_leader", path, "issue", document_id=notice, issued_on="2024-05-20", on="2024-05-20")
    rule = await _reply_rule(voices, ids)
    made = {f"recommendation:{n}": await _recommend(voices, ids, n, notice, rule) for n in range(len(RECOMMENDATIONS))}
    await voices.move("lead_leader", path, "publish", on="2024-05-20")
    await on(voices, "2024-05-22")
    campaign = f"/v1/campaigns/{ids['campaign']}"
    await voices.move("lead_leader", campaign, "conclude", report_id=conclusion["id"], on="2024-05-22")
    return {"conclusion": conclusion["id"], "notice": notice, **made}


async def _reply_rule(voices: Voices, ids: Ids) -> str:
    """The lead's own: a date that it sets is watched by the nightly clock, which passes on what is not answered."""
    rule = {
        "code": "D06",
        "body_id": ids["lead"],
        "regime": "party",
        "trigger": "recommendation_received",
        "unit": "day",
        "n": 20,
        "responsible": "addressee",
        "what_vi": "Cơ quan nhận kiến nghị trả lời bằng văn bản",
        "what_en": "The addressee replies in writing",
        "legal_basis": "Quy chế công tác của Ban Dân vận Tỉnh ủy",
        "valid_from": "2023-01-01",
    }
    made = await voices.make("lead_officer", "/v1/rules", rule, key="reply-rule")
    return str(made["id"])


async def _recommend(voices: Voices, ids: Ids, number: int, notice: str, rule: str) -> str:
    asked = RECOMMENDATIONS[number]
    name, title = asked["owner"]
    basis = {"text": "Thông báo 58-TB/BDVTU ngày 20/05/2024"}
    payload = {
        "origin": "report",
        "campaign_id": ids["campaign"],
        "engagement_id": ids["engagement"],
        "addressee_id": ids[asked["to"]],
        "owner": {"name": name, "title": title},
        "action": asked["action"],
        "expected_result": asked["expected_result"],
        "measure": asked["measure"],
        "finding_ids": [ids[f"finding:{it}"] for it in asked["findings"]],
        "reply_due_on": "2024-06-20",
        "reply_due_basis": {"rule_id": rule} if asked.get("reply_by_rule") else basis,
        "due_on": asked["due_on"],
        "due_basis": basis,
    }
    if "verifier" in asked:
        payload["verifier_body_id"] = ids[asked["verifier"]]
    made = await voices.make("lead_officer", "/v1/recommendations", payload, key=f"recommendation-{number}")
    path = f"/v1/recommendations/{made['id']}"
    await voices.move("lead_leader", path, "issue", document_id=notice, issued_on="2024-05-20", on="2024-05-20")
    return str(made["id"])


async def follow_up(voices: Voices, ids: Ids) -> Ids:
    """One is resolved with evidence, one explained and upheld, one late and escalated, one recorded from a paper."""
    await _replied(voices, ids, f"/v1/recommendations/{ids['recommendation:0']}")
    await _unanswered(voices, f"/v1/recommendations/{ids['recommendation:2']}")
    await _resolved(voices, ids, f"/v1/recommendations/{ids['recommendation:0']}")
    await _upheld(voices, ids, f"/v1/recommendations/{ids['recommendation:1']}")
    await _on_behalf(voices, ids, f"/v1/recommendations/{ids['recommendation:3']}")
    await _late(voices, ids, f"/v1/recommendations/{ids['recommendation:2']}")
    return {}


async def _replied(voices: Voices, ids: Ids, path: str) -> None:
    await on(voices, "2024-06-10")
    reply = await paper(
        voices,
        "addressee",
        ids["addressee"],
        "CV",
        "212/NV-TH",
        "2024-06-10",
        "Tiếp thu kiến nghị của Đoàn giám sát 133",
    )
    await voices.move("addressee", path, "reply", kind="accepted", document_id=reply, on="2024-06-10")
    await on(voices, "2024-06-12")
    second = f"/v1/recommendations/{ids['recommendation:1']}"
    letter = await paper(
        voices,
        "supervised",
        ids["office"],
        "CV",
        "77-CV/HU",
        "2024-06-12",
        "Giải trình một kiến nghị của Đoàn giám sát",
    )
    explanation = "Quy chế làm việc vừa sửa năm 2023, đã có phần phối hợp với Mặt trận."
    await voices.move(
        "supervised", second, "reply", kind="explained", explanation=explanation, document_id=letter, on="2024-06-12"
    )


async def _unanswered(voices: Voices, path: str) -> None:
    """Nobody lifts a hand: before the date the nightly clock reminds, after it the superior is told."""
    seen = await voices.read("lead_officer", path)
    due_on = date.fromisoformat(seen["reply_due_on"])
    for day in (due_on - timedelta(days=2), due_on + timedelta(days=1)):
        await night(voices, day)


async def _resolved(voices: Voices, ids: Ids, path: str) -> None:
    await on(voices, "2024-09-20")
    plan = await paper(
        voices,
        "addressee",
        ids["addressee"],
        "KH",
        "19/KH-NV",
        "2024-09-18",
        "Kế hoạch công tác Mặt trận, đoàn thể từng xã",
    )
    evidence = [{"kind": "document", "document_id": plan, "caption": "Kế hoạch đã ban hành"}]
    await voices.move("addressee", path, "claim_done", evidence=evidence, on="2024-09-20")
    await on(voices, "2024-09-30")
    await voices.move(
        "verifier", path, "verify", implementation="done", note="Đã kiểm tra kế hoạch của 11/11 xã.", on="2024-09-30"
    )


async def _upheld(voices: Voices, ids: Ids, path: str) -> None:
    await on(voices, "2024-10-07")
    reason = "Đề nghị xem xét lại vì quy chế hiện hành đã đáp ứng."
    await voices.move("supervised", path, "object", reason=reason, on="2024-10-07")
    await on(voices, "2024-10-15")
    reason = "Quy chế 2023 chưa quy định trách nhiệm của người đứng đầu; giữ nguyên kiến nghị."
    await voices.move("lead_officer", path, "uphold", reason=reason, on="2024-10-15")


async def _on_behalf(voices: Voices, ids: Ids, path: str) -> None:
    await on(voices, "2024-10-21")
    letter = await voices.make(
        "lead_clerk",
        "/v1/documents",
        {
            "kind": "BC",
            "symbol": "64/BC-UBND",
            "issuer_body_id": ids["paper_addressee"],
            "issued_on": "2024-10-17",
            "abstract": "Báo cáo tiếp thu kiến nghị về phong trào thi đua",
        },
        key="paper-quang-thai",
    )
    behalf = {"document_id": letter["id"], "received_on": "2024-10-18"}
    await voices.move(
        "lead_clerk", path, "reply", kind="accepted", document_id=letter["id"], on_behalf=behalf, on="2024-10-18"
    )


async def _late(voices: Voices, ids: Ids, path: str) -> None:
    """Long after its completion was due the clock has urged again and climbed a rung; the lead writes, too."""
    await night(voices, date(2024, 12, 9))
    letter = await paper(
        voices, "lead_clerk", ids["lead"], "CV", "301-CV/BDVTU", "2024-12-09", "Đôn đốc thực hiện kiến nghị quá hạn"
    )
    reminder = {"on": "2024-12-09", "note": "Đã quá hạn 30/11/2024.", "document_id": letter}
    await voices.make("lead_officer", f"{path}/reminders", reminder, key="reminder")


CHAPTERS = (
    ("Đề xuất, hiệp thương, kế hoạch · Proposed, consulted, planned", propose),
    ("Quyết định thành lập Đoàn giám sát 133 · The delegation is decided", decide),
    ("Gửi kế hoạch, quyết định, đề cương · The supervised party is notified", notify),
    ("Ghi nhận kết quả và hạn chế · Findings are filed and accepted", find),
    ("Báo cáo tự giám sát, dự thảo kết quả · Self-report and draft result report", self_report),
    ("Buổi làm việc 12/04/2024 · The working session", meet),
    ("Báo cáo chỉnh sửa, hoàn tất · The revised report arrives", revise),
    ("Thông qua báo cáo, một ý kiến bảo lưu · Adoption with a reserved opinion", adopt),
    ("Kết luận và bảy kiến nghị · Conclusion and seven recommendations", conclude),
    ("Theo dõi thực hiện kiến nghị · Follow-up", follow_up),
)
