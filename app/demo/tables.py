"""What the story came to, as tables in the terminal."""

from typing import Any

from rich.console import Console
from rich.table import Table

from app.demo.voices import Voices


async def show(voices: Voices, ids: dict[str, Any], console: Console) -> None:
    campaign = ids["campaign"]
    story = await voices.read("lead_officer", f"/v1/campaigns/{campaign}/timeline", limit=200)
    console.print(_timeline(story["items"]))
    findings = await voices.read("secretary", "/v1/findings", campaign_id=campaign, limit=200)
    console.print(_findings(sorted(findings["items"], key=lambda it: it["id"])))
    asked = await voices.read("lead_officer", "/v1/recommendations", campaign_id=campaign, limit=200)
    console.print(_recommendations(sorted(asked["items"], key=lambda it: it["id"])))
    for half in ("2024H1", "2025H2"):
        body_id = ids["lead"] if half == "2024H1" else ids["board"]
        notice = await voices.read("lead_officer", "/v1/statistics/half-year", body_id=body_id, half=half)
        console.print(_notice(half, notice))


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
