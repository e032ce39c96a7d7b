"""Reports, notices and conclusions as papers: their text, who signed, what a partner reserved, and the hash."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.domain.delegation import DelegationDuty
from app.domain.paper import (
    TYPES,
    Block,
    Letterhead,
    Paper,
    PaperKind,
    Registered,
    Signature,
    day,
    drawn_up,
    kept_together,
    number_line,
    prose,
    table,
    titled,
)
from app.domain.report import ReportKind, ReportState
from app.models.delegation import Delegation, DelegationMember
from app.models.engagement import Engagement
from app.policies.visibility import visible
from app.services.campaigns.reading import CAMPAIGNS
from app.services.papers.letterheads import letterhead, registered, shown, shown_or_nothing
from app.services.reports.reading import REPORTS
from app.services.unit_of_work import UnitOfWork

Record = dict[str, Any]
MARKS = {
    ReportState.DRAFT: "DỰ THẢO",
    ReportState.CIRCULATED: "DỰ THẢO",
    ReportState.SUPERSEDED: "BẢN ĐÃ ĐƯỢC THAY THẾ",
    ReportState.WITHDRAWN: "ĐÃ RÚT",
}


PRINTED_AS = {ReportKind.MINORITY_REPORT: PaperKind.SELF_REPORT}
"""Kinds without a template of their own: a report of its author, under that author's heading."""


async def paper(uow: UnitOfWork, report_id: UUID) -> Paper:
    report = await shown(uow, REPORTS, report_id)
    kind, on = PRINTED_AS.get(report["kind"]) or PaperKind(report["kind"]), _dated(report)
    head = await letterhead(uow, UUID(report["author_body_id"]), on or uow.today)
    known = await registered(uow, report.get("document_id"))
    made = drawn_up(
        head,
        kind,
        Registered((report.get("document") or {}).get("symbol"), on, known.signer),
        today=uow.today,
        abstract=_abstract(report["title"], TYPES[kind][0]),
        blocks=_text(report),
        copies=await _copies(uow, report),
    )
    return replace(
        await _of_delegation(uow, report, head, made),
        mark="" if kind == PaperKind.SELF_REPORT and report["hash"] else MARKS.get(report["state"], ""),
        hash=report["hash"] or "",
        annexes=tuple(_signed_by_partners(report)),
    )


def _dated(report: Record) -> date | None:
    """The day of the paper by which it went out, else of the step that closed its text."""
    paper = report.get("document") or {}
    days = (paper.get("issued_on"), report.get("issued_on"), report.get("adopted_on"), report.get("circulated_on"))
    known = next((it for it in days if it), None)
    return date.fromisoformat(known) if known else None


def _abstract(title: str, type_name: str) -> str:
    """The title without the name of the type, which is printed above it."""
    rest = title[len(type_name) :].strip()
    repeated = title.casefold().startswith(type_name.casefold()) and rest
    return rest if repeated else title


def _text(report: Record) -> Iterator[Block]:
    for section in report["sections"]:
        yield from titled(section["title"], section["content"])


async def _of_delegation(uow: UnitOfWork, report: Record, head: Letterhead, made: Paper) -> Paper:
    """The result report on one party is its delegation's; every other report is its author's."""
    if report["kind"] != ReportKind.RESULT_REPORT or not report.get("engagement_id"):
        return made
    found = await _delegation(uow, UUID(report["engagement_id"]))
    if found is None:
        return made
    name, chief = found
    on_behalf = "T/M" if made.party else "TM."
    return replace(
        made,
        parent=kept_together(head.name.upper()),
        issuer=name.upper(),
        number=number_line(made.form, None, TYPES[made.kind][1], "ĐGS"),
        signatures=(Signature([f"{on_behalf} ĐOÀN GIÁM SÁT", "TRƯỞNG ĐOÀN"], chief or ""),),
    )


async def _delegation(uow: UnitOfWork, engagement_id: UUID) -> tuple[str, str | None] | None:
    """Its name, and that of its head."""
    head = select(col(DelegationMember.person_name)).where(
        col(DelegationMember.delegation_id) == col(Delegation.id), col(DelegationMember.duty) == DelegationDuty.HEAD
    )
    newest = head.order_by(col(DelegationMember.valid_from).desc()).limit(1).correlate(Delegation).scalar_subquery()
    found = select(col(Delegation.name), newest).where(
        visible(Delegation, uow.who),
        col(Delegation.id).in_(select(col(Engagement.delegation_id)).where(col(Engagement.id) == engagement_id)),
    )
    row = (await uow.session.execute(found.execution_options(scope="scoped"))).one_or_none()
    return (row[0], row[1]) if row else None


async def _copies(uow: UnitOfWork, report: Record) -> list[str]:
    campaign = await shown_or_nothing(uow, CAMPAIGNS, report.get("campaign_id"))
    named = [*campaign.get("supervised_bodies", []), *campaign.get("partner_bodies", [])]
    return [it["name"] for it in named if it["id"] != report["author_body_id"]]


def _signed_by_partners(report: Record) -> Iterator[Block]:
    """Reserved opinions are part of the paper, beside the text that the hash names."""
    signatures = report.get("signatures", [])
    if not signatures:
        return
    yield Block("heading", "CHỮ KÝ CỦA CƠ QUAN PHỐI HỢP")
    yield table(
        (("TT", 1), ("Cơ quan", 6), ("Ngày ký", 2), ("Ý kiến", 3)),
        (
            (number, it["body"]["name"], day(it["signed_on"]), "Bảo lưu ý kiến" if it["opinion"] else "Thống nhất")
            for number, it in enumerate(signatures, 1)
        ),
    )
    for it in (one for one in signatures if one["opinion"]):
        yield Block("subheading", f"Ý kiến bảo lưu của {it['body']['name']} ngày {day(it['signed_on'])}")
        yield from prose(it["opinion"])
