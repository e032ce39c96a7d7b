"""What was measured, as a table."""

from rich.console import Console
from rich.table import Table

from benchmarks.client import Measured
from benchmarks.plans import Plan

console = Console(width=118)


def print_table(results: dict[str, dict[str, Measured]], conditions: str) -> None:
    table = Table(title=f"Yêu cầu mỗi giây · Requests per second (p95 ms) — {conditions}", title_justify="left")
    table.add_column("")
    for title in ("product", "bare limit", "conventional", "÷ limit", "÷ conv."):
        table.add_column(title, justify="right")
    for case, it in results.items():
        table.add_row(
            case,
            *(f"{one.per_second:,.0f} ({one.p95_ms:.1f})" for one in it.values()),
            f"{it['product'].per_second / it['bare'].per_second:.2f}",
            f"{it['product'].per_second / it['conventional'].per_second:.2f}",
        )
    console.print(table)
    console.print("The limit and the conventional form check nothing: no token, no visibility, no rules.", style="dim")


def print_plans(plans: dict[str, Plan]) -> None:
    table = Table(title="The plan of the list that PostgreSQL settles on after some executions", title_justify="left")
    for title in ("caller", "ms", "recommendation is read by", "seq scan"):
        table.add_column(title)
    for caller, plan in plans.items():
        seq = "[red]YES[/red]" if plan["seq_scan"] else "no"
        table.add_row(caller, f"{plan['ms']:.1f}", "\n".join(plan["read_by"]), seq)
    console.print(table)
