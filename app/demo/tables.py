"""What the story came to, as tables in the terminal."""

from typing import Any

from rich.console import Console
from rich.table import Table

from app.core.words import label
from app.demo.voices import Voices


async def show(voices: Voices, ids: dict[str, Any], console: Console) -> None:
    campaign = ids["campaign"]
    story = await voices.read("lead_officer", f"/v1/campaigns/{campaign}/timeline", limit=200)
    console.print(_timeline(story["items"]))
    findings = await voices.read("secretary", "/v1/findings", campaign_id=campaign, limit=200)
    console.print(_findings(sorted(findings["items"], key=lambda it: it["id"])))
    asked = await voices.read("lead_officer", "/v1/recommendations", campaign_id=campaign, limit=200)
    console.print(_recommendations(sorted(asked["items"], key=lambda it: it["id"])))
    sent = await voices.read("lead_clerk", "/v1/dispatches", limit=200)
    console.print(_dispatches(sorted(sent["items"], key=lambda it: it["id"])))
    console.print(_papers(str(voices.http.base_url), await papers(voices, ids)))
    for half in ("2024H1", "2025H2"):
        body_id = ids["lead"] if half == "2024H1" else ids["board"]
        notice = await voices.read("lead_officer", "/v1/statistics/half-year", body_id=body_id, half=half)
        console.print(_notice(half, notice))


async def papers(voices: Voices, ids: dict[str, Any]) -> list[tuple[str, str]]:
    """Every paper of the supervision that is drawn up here: its name, and where it lies."""
    campaign, engagement = f"/v1/campaigns/{ids['campaign']}/file", f"/v1/engagements/{ids['engagement']}"
    late = f"/v1/recommendations/{ids['recommendation:2']}"
    listed = [
        ("Kế hoạch giám sát · Plan", f"{campaign}?paper=plan"),
        ("Đề cương báo cáo · Outline", f"{campaign}?paper=outline"),
        ("Quyết định thành lập Đoàn · Decision", f"/v1/delegations/{ids['delegation']}/file"),
        ("Công văn gửi đối tượng · Notification", f"{engagement}/file"),
        ("Biên bản buổi làm việc · Minutes", f"{engagement}/sessions/{ids['session']}/file"),
        ("Báo cáo tự giám sát · Self-report", f"/v1/reports/{ids['self_report_2']}/file"),
        ("Báo cáo kết quả · Result report", f"/v1/reports/{ids['result_report']}/file"),
        ("Báo cáo chung · Campaign report", f"/v1/reports/{ids['campaign_report']}/file"),
        ("Kết luận · Conclusion", f"/v1/reports/{ids['conclusion']}/file"),
        *(
            (f"Kiến nghị {number + 1} · Recommendation", f"/v1/recommendations/{ids[f'recommendation:{number}']}/file")
            for number in range(7)
        ),
    ]
    for it in (await voices.read("lead_officer", f"{late}/reminders"))["items"]:
        listed.append(("Đôn đốc · Reminder", f"{late}/reminders/{it['id']}/file"))
    for it in (await voices.read("lead_officer", f"{late}/escalations"))["items"]:
        listed.append(("Báo cáo cấp trên · Escalation", f"{late}/escalations/{it['id']}/file"))
    if "dispatch" in ids:
        listed.append(("Gói tin edXML đã gửi · Message as sent", f"/v1/dispatches/{ids['dispatch']}/edxml"))
    return listed


def _dispatches(items: list[dict[str, Any]]) -> Table:
    table = Table(title="Văn bản đã gửi · Papers sent", title_justify="left")
    for name in ("Số · Symbol", "Kênh · Channel", "Nơi nhận · To", "Giao nhận · Delivery", "Nhận ngày · Received"):
        table.add_column(name)
    for it in items:
        for copy in it["copies"]:
            state = f"{label('vi', 'delivery_state', copy['state'])} · {copy['state']}"
            table.add_row(it["symbol"], it["channel"], copy["body"]["name"], state, _day(copy["received_on"]))
    return table


def _papers(address: str, listed: list[tuple[str, str]]) -> Table:
    """`format=docx` gives the same to be worked on."""
    table = Table(title="Tải văn bản (GET, kèm mã truy cập) · Papers to download, with a token", title_justify="left")
    table.add_column("Văn bản · Paper", no_wrap=True)
    table.add_column("Địa chỉ · Address", overflow="fold")
    for name, path in listed:
        table.add_row(name, f"{address.rstrip('/')}{path}")
    return table


def _notice(half: str, notice: dict[str, Any]) -> Table:
    """Each body by the name that it bore on the day of the paper."""
    title = f"Thông báo sáu tháng {half}, {notice['body']['name']} · Half-year notice"
    table = Table(title=title, title_justify="left")
    for name in ("Cơ quan · Addressee", "Ban hành · Issued", "Trả lời · Replied", "Xong · Resolved"):
        table.add_column(name)
    for it in notice["recommendations"]:
        table.add_row(it["addressee"]["name"], str(it["issued"]), str(it["replied"]), str(it["resolved"]))
    return table


def _day(text: str | None) -> str:
    return f"{text[8:10]}/{text[5:7]}/{text[:4]}" if text else "–"


def _timeline(items: list[dict[str, Any]]) -> Table:
    table = Table(title="Diễn biến · Timeline", title_justify="left")
    for name in ("Ngày · On", "Hồ sơ · Record", "Bước · Step", "Đến · To", "Cơ quan · Body"):
        table.add_column(name)
    for it in items:
        if it["type"] != "finding":
            body = (it["body"] or {}).get("short_name", "–")
            table.add_row(_day(it["on"]), it["type"], it["action"], it["to"], body)
    return table


def _findings(items: list[dict[str, Any]]) -> Table:
    table = Table(title="Kết quả và hạn chế · Findings", title_justify="left")
    for name in ("Loại · Kind", "Mục · Clause", "Nội dung · Content", "Trạng thái · State"):
        table.add_column(name)
    for it in items:
        table.add_row(it["kind"], it["clause"] or "–", it["content"], it["state"])
    return table


def _recommendations(items: list[dict[str, Any]]) -> Table:
    table = Table(title="Kiến nghị · Recommendations", title_justify="left", show_lines=True)
    for name in (
        "Cơ quan · Addressee",
        "Người chịu trách nhiệm · Owner",
        "Việc · Action",
        "Hạn · Due",
        "Căn cứ · Basis",
    ):
        table.add_column(name)
    table.add_column("Trạng thái · State")
    for it in items:
        owner = it["owner"] or {}
        basis = (it["due_basis"] or {}).get("text") or (it["due_basis"] or {}).get("rule_id", "–")
        state = f"{it['state']}\n{it['reply_status']}\n{it['implementation']}\n{_overdue(it)}"
        table.add_row(
            it["addressee"]["short_name"],
            f"{owner.get('name', '–')}\n{owner.get('title', '')}",
            it["action"],
            _day(it["due_on"]),
            basis,
            state.rstrip(),
        )
    return table


def _overdue(it: dict[str, Any]) -> str:
    return "" if it["overdue"] == "none" else f"overdue: {it['overdue']}"
