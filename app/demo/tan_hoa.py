"""Xã Tân Hòa, 2025: an inspection board leads its own supervision, an investment board watches a road.

The commune, its people and its figures are made up; the steps and the periods are those of Luật Thực hiện dân chủ ở cơ
sở 10/2022/QH15 Đ36–45 and NĐ 59/2023/NĐ-CP Đ12–19.
"""

from dataclasses import dataclass
from typing import Any

from app.demo.cast import CastBody, Part
from app.demo.chapters import paper
from app.demo.elsewhere import Ids, Story, issue
from app.demo.voices import Voices

BODIES = {
    "th_front": CastBody("Ủy ban MTTQ Việt Nam xã Tân Hòa", "MTTQ Tân Hòa", "front_committee", "commune", "MTTQ-BTT"),
    "th_committee": CastBody("Ủy ban nhân dân xã Tân Hòa", "UBND Tân Hòa", "pc_committee", "commune", "UBND"),
    "th_ptib": CastBody(
        "Ban Thanh tra nhân dân xã Tân Hòa", "BTTND Tân Hòa", "ptib", "commune", "BTTND", parent="th_front"
    ),
    "th_cisb": CastBody(
        "Ban Giám sát đầu tư của cộng đồng đường liên thôn Tân Hòa",
        "BGSĐTCĐ đường liên thôn",
        "cisb",
        "commune",
        "BGSĐTCĐ",
        parent="th_front",
    ),
}

PARTS = {
    "th_chair": Part("Hồ Thị Lành", "th_front", ("leader", "officer")),
    "th_committee_chair": Part("Trần Quốc Dũng", "th_committee", ("leader", "officer")),
    "th_inspector": Part("Lê Văn Thành", "th_ptib", ("leader", "officer")),
}
"""The investment board has no account: its Front keeps its papers."""


@dataclass(frozen=True)
class Work:
    """A board, who speaks for it, and the one supervision that is told of it; days of 2025."""

    key: str
    part: str
    kind: str
    founded: dict[str, Any]
    elected_on: str
    confirmed_on: str
    title: str
    window: tuple[str, str]
    plan_sent_on: str
    met_on: str
    adopted_on: str
    issued_on: str
    minutes: str
    asked: str
    first: dict[str, Any]
    settled: dict[str, Any]
    settled_on: str

    @property
    def body(self) -> str:
        return f"th_{self.kind}"

    @property
    def symbol(self) -> str:
        return {"ptib": "BTTND", "cisb": "BGSĐTCĐ"}[self.kind]


def _members(*stands_for: str, since: str) -> list[dict[str, Any]]:
    duties = ["head", "deputy_head"] + ["member"] * (len(stands_for) - 2)
    return [
        {"name": f"Thành viên {number}", "stands_for": stands, "duty": duty, "from": since}
        for number, (stands, duty) in enumerate(zip(stands_for, duties, strict=True), 1)
    ]


WORKS = (
    Work(
        key="land",
        part="th_inspector",
        kind="ptib",
        founded={
            "term": {"from": "2025-01-10", "to": "2027-06-30"},
            "members": _members(*["village"] * 5, since="2025-01-10"),
        },
        elected_on="2025-01-10",
        confirmed_on="2025-01-16",
        title="Giám sát việc cho thuê đất công ích xã Tân Hòa",
        window=("2025-04-07", "2025-06-30"),
        plan_sent_on="2025-03-24",
        met_on="2025-04-10",
        adopted_on="2025-05-06",
        issued_on="2025-05-08",
        minutes="Hai thửa đất công ích được giao thuê không qua đấu giá.",
        asked="Thu hồi, đấu giá lại hai thửa đất công ích và truy thu tiền thuê",
        first={"violations": 2, "cases_recommended": 1, "legal_shortcomings": 1},
        settled={"land_recovered": 1250.5, "money_recovered": 45_000_000},
        settled_on="2025-08-15",
    ),
    Work(
        key="road",
        part="th_chair",
        kind="cisb",
        founded={
            "project": {"name": "Đường liên thôn Tân Hòa", "owner": "UBND xã Tân Hòa", "starts_on": "2025-05-05"},
            "members": _members("front", "ptib", *["residents"] * 3, since="2025-02-10"),
        },
        elected_on="2025-02-10",
        confirmed_on="2025-02-14",
        title="Giám sát chất lượng thi công đường liên thôn Tân Hòa",
        window=("2025-05-12", "2025-07-31"),
        plan_sent_on="2025-04-21",
        met_on="2025-05-20",
        adopted_on="2025-06-12",
        issued_on="2025-06-16",
        minutes="Lớp móng cấp phối mỏng hơn hồ sơ thiết kế ở 120 m.",
        asked="Giảm trừ quyết toán khối lượng móng thiếu và làm lại đoạn 120 m",
        first={"violations": 1, "cases_recommended": 1},
        settled={"settlement_reduced": 32_000_000},
        settled_on="2025-09-10",
    ),
)


async def tell(voices: Voices, ids: Ids) -> Ids:
    made: Ids = {}
    for work in WORKS:
        board = await _found(voices, ids, work)
        campaign = await _supervise(voices, ids, work, board)
        followed = await _recommend(voices, ids, work, board, campaign)
        await _result(voices, work, campaign, work.met_on, work.first)
        await _result(voices, work, campaign, work.settled_on, work.settled)
        made |= {f"{work.kind}_board": board, f"{work.kind}_campaign": campaign, f"{work.kind}_asked": followed}
    counted = {"counted_on": "2025-03-31", "projects": 4}
    await voices.make("th_chair", "/v1/project-counts", counted, key="th-projects")
    return made


async def _found(voices: Voices, ids: Ids, work: Work) -> str:
    """Elected or decided, submitted, confirmed by the Front; its first papers are filed in time."""
    front, kind = ids["th_front"], "BB" if work.kind == "ptib" else "QĐ"
    founding = await paper(voices, "th_chair", front, kind, f"01/{kind}-{work.symbol}", work.elected_on, work.title)
    said = {"body_id": ids[work.body], "founding": {"on": work.elected_on, "document_id": founding}, **work.founded}
    made = await voices.make("th_chair", "/v1/boards", said, key=f"th-board-{work.kind}")
    path = f"/v1/boards/{made['id']}"
    await voices.move(work.part, path, "submit", on=work.elected_on)
    decision = await paper(
        voices, "th_chair", front, "QĐ", f"05/QĐ-MTTQ-{work.symbol}", work.confirmed_on, "Công nhận thành phần Ban"
    )
    await voices.move("th_chair", path, "confirm", document_id=decision, on=work.confirmed_on)
    await _file(voices, ids, work, path)
    return str(made["id"])


async def _file(voices: Voices, ids: Ids, work: Work, path: str) -> None:
    """The plan of the quarter (D10), or the notice to the owner of the project (D14)."""
    if work.kind == "ptib":
        filed = {"kind": "plan", "covers": "quarter", "period": {"from": "2025-01-01", "to": "2025-03-31"}}
        abstract, on = "Kế hoạch quý I/2025", "2025-01-20"
    else:
        filed, abstract, on = {"kind": "owner_notice"}, "Kế hoạch, thành phần Ban gửi chủ đầu tư", "2025-03-03"
    body = ids[work.body] if work.part == "th_inspector" else ids["th_front"]
    document = await paper(voices, work.part, body, "KH", f"01/KH-{work.symbol}", on, abstract)
    said = {**filed, "document_id": document, "on": on}
    await voices.make(work.part, f"{path}/papers", said, key=f"th-paper-{work.kind}")


async def _supervise(voices: Voices, ids: Ids, work: Work, board: str) -> str:
    """Planned, the plan sent in time (D11), carried out, its minutes confirmed, reported."""
    campaign = await _planned(voices, ids, work)
    path = f"/v1/campaigns/{campaign}"
    await _name_board(voices, ids, work, board, path)
    await voices.move(work.part, path, "start", on=work.window[0])
    minutes = {
        "kind": "minutes",
        "held_on": work.met_on,
        "place": "Nhà văn hóa thôn 2",
        "author": {"name": "Lê Văn Thành", "title": "Trưởng ban", "body_id": ids[work.body]},
        "text": work.minutes,
    }
    record = await voices.make(work.part, f"{path}/records", minutes, key=f"th-minutes-{work.key}")
    confirmed = {"record_id": record["id"], "on": work.met_on}
    await voices.make("th_chair", f"/v1/boards/{board}/confirmations", confirmed, key=f"th-confirmed-{work.key}")
    draft = await voices.make(work.part, f"{path}/draft-report", {}, key=f"th-report-{work.key}")
    report = f"/v1/reports/{draft['id']}"
    await voices.move(work.part, report, "circulate", on=work.met_on)
    await voices.move(work.part, report, "adopt", on=work.adopted_on)
    await voices.move(work.part, path, "report", on=work.adopted_on)
    return campaign


async def _planned(voices: Voices, ids: Ids, work: Work) -> str:
    said = {
        "kind": "supervision",
        "regime": "grassroots",
        "form": "grassroots_board",
        "ground": "complaints",
        "title": work.title,
        "topic": work.title,
        "window": {"starts_on": work.window[0], "ends_on": work.window[1]},
        "supervised_body_ids": [ids["th_committee"]],
    }
    made = await voices.make(work.part, "/v1/campaigns", said, key=f"th-campaign-{work.key}")
    path = f"/v1/campaigns/{made['id']}"
    await voices.move(work.part, path, "consult", counterpart_body_ids=[], due_on="2025-03-07", on="2025-03-03")
    await voices.move(work.part, path, "plan", overlap_acknowledged=True, on="2025-03-10")
    return str(made["id"])


async def _name_board(voices: Voices, ids: Ids, work: Work, board: str, path: str) -> None:
    """Not again by a run that was interrupted after the start."""
    if (await voices.read(work.part, path))["state"] != "planned":
        return
    owner = ids[work.body] if work.part == "th_inspector" else ids["th_front"]
    plan = await paper(voices, work.part, owner, "KH", f"02/KH-{work.symbol}", work.plan_sent_on, work.title)
    sent = {"document_id": plan, "sent_on": work.plan_sent_on, "to_body_ids": [ids["th_committee"]]}
    seen = {"If-Match": await voices.etag(work.part, path)}
    await voices.say(work.part, "PUT", f"{path}/board", {"board_id": board, "plan": sent}, headers=seen)


async def _recommend(voices: Voices, ids: Ids, work: Work, board: str, campaign: str) -> str:
    """What the board itself recommends its Front confirms first; the committee answers within 15 days (D12, D15)."""
    said = {
        "origin": "report",
        "campaign_id": campaign,
        "addressee_id": ids["th_committee"],
        "owner": {"name": "Trần Quốc Dũng", "title": "Chủ tịch UBND xã"},
        "action": work.asked,
        "expected_result": work.asked,
        "due_on": "2025-12-31",
        "due_basis": {"text": f"Biên bản giám sát ngày {work.met_on}"},
    }
    made = await voices.make(work.part, "/v1/recommendations", said, key=f"th-asked-{work.key}")
    if work.part == "th_inspector":
        confirmed = {"recommendation_id": made["id"], "on": work.adopted_on}
        await voices.make("th_chair", f"/v1/boards/{board}/confirmations", confirmed, key="th-asked-confirmed")
    path = await issue(voices, work.part, made["id"], work.issued_on)
    letter = await paper(
        voices, "th_committee_chair", ids["th_committee"], "CV", f"{work.key}/UBND", work.issued_on, "Trả lời kiến nghị"
    )
    await voices.move("th_committee_chair", path, "reply", kind="accepted", document_id=letter, on=work.issued_on)
    evidence = [{"kind": "document", "document_id": letter}]
    await voices.move("th_committee_chair", path, "claim_done", evidence=evidence, on=work.settled_on)
    note = "Đã kiểm tra tại chỗ."
    await voices.move(work.part, path, "verify", implementation="done", note=note, on=work.settled_on)
    return str(made["id"])


async def _result(voices: Voices, work: Work, campaign: str, on: str, figures: dict[str, Any]) -> None:
    said = {"campaign_id": campaign, "on": on, **figures}
    await voices.make(work.part, "/v1/board-results", said, key=f"th-result-{work.key}-{on}")


STORY = Story(
    "Xã Tân Hòa 2025: Ban Thanh tra nhân dân, Ban Giám sát đầu tư của cộng đồng · Grassroots boards of a commune",
    BODIES,
    PARTS,
    tell,
)
