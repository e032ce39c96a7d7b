"""Before the work begins: the plan, the outline of the self-report, the decision, and the notice to the supervised."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlmodel import col

from app.core.errors import NotVisible
from app.core.words import label
from app.domain.paper import Block, Letterhead, Paper, PaperKind, Registered, day, drawn_up, prose, table
from app.domain.transfer import TransferRole
from app.models.campaign import SubjectDocument
from app.models.delegation import DelegationMember
from app.services import packing
from app.services.campaigns.reading import CAMPAIGNS
from app.services.campaigns.subject_documents import SUBJECT_DOCUMENTS
from app.services.delegations.reading import DELEGATIONS, MEMBERS
from app.services.engagements.reading import ENGAGEMENTS
from app.services.papers.letterheads import (
    holders,
    lead_head,
    letterhead,
    names,
    registered,
    shown,
    shown_or_nothing,
    sides,
)
from app.services.unit_of_work import UnitOfWork

Record = dict[str, Any]


async def plan(uow: UnitOfWork, campaign_id: UUID) -> Paper:
    campaign = await _campaign(uow, campaign_id)
    decided = campaign.get("planned_on")
    head, partners = await _lead(uow, campaign, _on(uow, decided)), await _partners(uow, campaign, _on(uow, decided))
    return drawn_up(
        head,
        PaperKind.PLAN,
        Registered(day=date.fromisoformat(decided) if decided else None),
        today=uow.today,
        abstract=_lowered(campaign["title"]),
        blocks=[*await _subjects(uow, campaign_id), *_plan(campaign, head.name, partners)],
        copies=[*(it["name"] for it in campaign.get("supervised_bodies", [])), *partners],
    )


async def outline(uow: UnitOfWork, campaign_id: UUID) -> Paper:
    campaign = await _campaign(uow, campaign_id)
    decided = campaign.get("planned_on")
    return drawn_up(
        await _lead(uow, campaign, _on(uow, decided)),
        PaperKind.OUTLINE,
        Registered(day=date.fromisoformat(decided) if decided else None),
        today=uow.today,
        abstract=f"của đối tượng được giám sát – {campaign['title']}",
        blocks=_outline(campaign),
    )


async def _campaign(uow: UnitOfWork, campaign_id: UUID) -> Record:
    """Whoever sees of a campaign only how it ended is not told how it was planned."""
    campaign = await shown(uow, CAMPAIGNS, campaign_id)
    if campaign["view"] == "addressee":
        raise NotVisible
    return campaign


async def _lead(uow: UnitOfWork, campaign: Record, on: date) -> Letterhead:
    return await lead_head(uow, UUID(campaign["id"]), UUID(campaign["lead_body_id"]), on)


async def _partners(uow: UnitOfWork, campaign: Record, on: date) -> list[str]:
    now = [UUID(it["id"]) for it in campaign.get("partner_bodies", [])]
    return await names(uow, sorted(await holders(uow, TransferRole.PARTNER, UUID(campaign["id"]), now, on)), on)


def _on(uow: UnitOfWork, known: str | None) -> date:
    return date.fromisoformat(known) if known else uow.today


def _lowered(title: str) -> str:
    return title[:1].lower() + title[1:]


async def _subjects(uow: UnitOfWork, campaign_id: UUID) -> list[Block]:
    """Whose carrying out is supervised."""
    where = col(SubjectDocument.campaign_id) == campaign_id
    papers = orjson.loads(await packing.every(uow, SUBJECT_DOCUMENTS, where))
    return [Block("basis", f"Căn cứ {_cited(it)};") for it in papers]


def _cited(it: Record) -> str:
    dated = f" ngày {day(it['issued_on'])}" if it["issued_on"] else ""
    return f"{it['symbol']}{dated}" + (f" của {it['issuer']}" if it["issuer"] else "")


def _plan(it: Record, lead: str, partners: list[str]) -> Iterator[Block]:
    yield Block("heading", "I. MỤC ĐÍCH, NỘI DUNG")
    yield from prose(it["topic"])
    yield from prose(it["scope"].get("content"))
    yield Block("heading", "II. ĐỐI TƯỢNG, PHẠM VI, THỜI KỲ GIÁM SÁT")
    for body in it.get("supervised_bodies", []):
        yield Block("item", body["name"])
    if it["review_period"]:
        yield Block("text", f"Thời kỳ giám sát: {_period(it['review_period'])}.")
    yield Block("heading", "III. HÌNH THỨC, THỜI GIAN")
    yield Block("text", f"Hình thức: {label('vi', 'campaign_form', it['form'])}.")
    if it["window"]:
        window = it["window"]
        yield Block("text", f"Thời gian: từ {day(window['starts_on'])} đến {day(window['ends_on'])}.")
    yield Block("heading", "IV. TỔ CHỨC THỰC HIỆN")
    yield Block("text", f"Cơ quan chủ trì: {lead}.")
    for partner in partners:
        yield Block("item", f"Cơ quan phối hợp: {partner}")


def _period(period: Record) -> str:
    return f"từ {day(period['from'])} đến {day(period['to'])}"


def _outline(it: Record) -> Iterator[Block]:
    if it["review_period"]:
        yield Block("note", f"Số liệu trong thời kỳ {_period(it['review_period'])}")
    for item in it["outline"].get("items", []):
        yield Block("heading", f"{item['key']}. {item['title']}")
        yield from prose(item.get("asks"))


async def decision(uow: UnitOfWork, delegation_id: UUID) -> Paper:
    """Who sits on the delegation is printed as it was on the day of the decision, or is planned."""
    delegation = await shown(uow, DELEGATIONS, delegation_id)
    decided = delegation["decision"] or {}
    known = await registered(uow, decided.get("document_id"))
    on = _on(uow, decided.get("issued_on"))
    members = orjson.loads(await packing.every(uow, MEMBERS, col(DelegationMember.delegation_id) == delegation_id))
    seated = [it for it in members if not it["to"] or it["to"] >= on.isoformat()]
    lead = await lead_head(uow, UUID(delegation["campaign_id"]), UUID(delegation["lead_body_id"]), on)
    issuer = decided.get("issuer_body_id")
    return drawn_up(
        await letterhead(uow, UUID(issuer), on) if issuer else lead,
        PaperKind.DECISION,
        Registered(decided.get("symbol"), on if decided else None, known.signer),
        today=uow.today,
        abstract=f"về việc thành lập {delegation['name']}",
        blocks=[*await _subjects(uow, UUID(delegation["campaign_id"])), *_decision(delegation, lead.name, seated)],
        copies=["Như Điều 3"],
    )


def _decision(it: Record, lead: str, members: list[Record]) -> Iterator[Block]:
    yield Block("basis", "Căn cứ chức năng, nhiệm vụ, quyền hạn của cơ quan;")
    yield Block("basis", f"Xét yêu cầu của cuộc giám sát: {it['campaign_title']},")
    yield Block("centred", "QUYẾT ĐỊNH:")
    yield Block("article", f"Thành lập {it['name']}, gồm các thành viên:", label="Điều 1.")
    columns = (("TT", 1), ("Họ và tên", 4), ("Chức vụ, cơ quan", 6), ("Nhiệm vụ", 3))
    rows = (
        (number, one["name"], _post(one), label("vi", "delegation_duty", one["duty"]))
        for number, one in enumerate(members, 1)
    )
    yield table(columns, rows)
    yield Block(
        "article", "Đoàn giám sát làm việc theo kế hoạch, báo cáo kết quả với cơ quan chủ trì.", label="Điều 2."
    )
    yield Block(
        "article",
        f"{lead}, các thành viên có tên tại Điều 1 và đối tượng được giám sát thực hiện Quyết định này.",
        label="Điều 3.",
    )


def _post(member: Record) -> str:
    return ", ".join(part for part in (member["title"], member["body"]["name"]) if part)


async def notification(uow: UnitOfWork, engagement_id: UUID) -> Paper:
    engagement = await shown(uow, ENGAGEMENTS, engagement_id)
    campaign = await shown_or_nothing(uow, CAMPAIGNS, engagement["campaign_id"])
    notified = engagement.get("notified_on")
    head, supervised = await sides(uow, engagement, _on(uow, notified))
    person = engagement["supervised"].get("person")
    return drawn_up(
        head,
        PaperKind.NOTIFICATION,
        Registered(day=date.fromisoformat(notified) if notified else None),
        today=uow.today,
        abstract=f"V/v {_lowered(engagement['campaign_title'])}",
        blocks=_notification(engagement, head.name, campaign),
        to=[f"{person['name']}, {person['post']}, {supervised}" if person else supervised],
        copies=["Như trên"],
    )


def _notification(it: Record, lead: str, campaign: Record) -> Iterator[Block]:
    yield Block(
        "text",
        f"{lead} thông báo việc tiến hành: {it['campaign_title']}, do {it['delegation_name']} thực hiện.",
    )
    if campaign.get("review_period"):
        yield Block("item", f"Thời kỳ giám sát: {_period(campaign['review_period'])}.")
    if it.get("session_planned_on"):
        yield Block("item", f"Dự kiến làm việc ngày {day(it['session_planned_on'])}.")
    yield Block("text", "Đề nghị chuẩn bị báo cáo theo đề cương gửi kèm và gửi đến Đoàn giám sát đúng thời hạn.")
    yield Block("note", "Gửi kèm: kế hoạch, quyết định thành lập đoàn, đề cương báo cáo.")
