"""Campaigns as they are read: projection by view, filters, pages."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, cast, extract, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlmodel import col

from app.core.principal import Principal
from app.domain.campaign import CAMPAIGN
from app.domain.report import ReportKind
from app.models.base import search_expression
from app.models.campaign import (
    Campaign,
    CampaignAddressee,
    CampaignAsked,
    CampaignFilter,
    CampaignPartner,
    CampaignParty,
    CampaignRead,
    CampaignSupervised,
)
from app.models.campaign_form import CampaignBoard, CampaignParticipation
from app.models.report import Report
from app.policies.relations import among, partnered
from app.policies.visibility import VIEWS
from app.policies.visibility.supervision import told
from app.services.grassroots import as_asked, through_boards
from app.services.places import bodies_at
from app.services.reading import EMPTY_LIST, Page, Projection, body_ref, civil_date, matching, read_page
from app.services.unit_of_work import UnitOfWork


def _period(start: Any, end: Any, names: tuple[str, str]) -> ColumnElement[Any]:
    """Two columns as one object, or null."""
    return case((col(start).is_not(None), func.json_build_object(names[0], col(start), names[1], col(end))))


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    on = func.coalesce(col(Campaign.window_from), civil_date(Campaign.created_at))
    of_this = col(CampaignSupervised.campaign_id) == col(Campaign.id)
    supervised = select(CampaignSupervised).where(of_this).correlate(Campaign)
    supervised_ref = body_ref(col(CampaignSupervised.body_id), on, who.today)
    partner_ref = body_ref(col(CampaignPartner.body_id), on, who.today)
    ordered = func.json_agg(aggregate_order_by(partner_ref, col(CampaignPartner.body_id)))
    partners = select(ordered).where(col(CampaignPartner.campaign_id) == col(Campaign.id)).correlate(Campaign)
    concluded = select(func.json_agg(col(Report.id))).where(
        col(Report.campaign_id) == col(Campaign.id),
        col(Report.kind).in_([ReportKind.CONCLUSION, ReportKind.NOTICE]),
        col(Report.issued_on).is_not(None),
    )
    conclusions = concluded.correlate(Campaign)
    return {
        "review_period": _period(Campaign.review_from, Campaign.review_to, ("from", "to")),
        "window": _period(Campaign.window_from, Campaign.window_to, ("starts_on", "ends_on")),
        "lead_body": body_ref(col(Campaign.lead_body_id), on, who.today),
        "deciding_body": body_ref(col(Campaign.deciding_body_id), on, who.today),
        "supervised_body_ids": func.coalesce(
            supervised.with_only_columns(func.json_agg(col(CampaignSupervised.body_id))).scalar_subquery(), EMPTY_LIST
        ),
        "supervised_bodies": func.coalesce(
            supervised.with_only_columns(func.json_agg(supervised_ref)).scalar_subquery(), EMPTY_LIST
        ),
        "partner_bodies": func.coalesce(partners.scalar_subquery(), EMPTY_LIST),
        "conclusion_ids": func.coalesce(conclusions.scalar_subquery(), EMPTY_LIST),
    }


CAMPAIGNS = Projection(
    model=Campaign,
    reads={"full": CampaignRead, "counterpart": CampaignAsked, "party": CampaignParty, "addressee": CampaignAddressee},
    labels={"counterpart": "party"},
    columns=_columns,
    lifecycle=lambda kind: CAMPAIGN,
)

SEARCH = search_expression("title", "topic")
HIDDEN_FROM_ADDRESSEES = (
    *("kind", "regime", "form", "window_from", "window_to", "year", "place_code"),
    *("board_kind", "board_body_id", "board_level", "board_place_code"),
)


async def page(uow: UnitOfWork, asked: CampaignFilter) -> bytes:
    where = conditions(uow.who, asked)
    return await read_page(uow, CAMPAIGNS, Page.of(asked), where=where, filters=asked.filters())


def conditions(who: Principal, asked: CampaignFilter) -> list[ColumnElement[bool]]:
    chosen = {name: getattr(asked, name) for name in ("state", "kind", "regime", "form", "lead_body_id")}
    found: list[ColumnElement[bool]] = [
        col(getattr(Campaign, name)).in_(values) for name, values in chosen.items() if values
    ]
    found += [*_by_sides_at(who, asked), *_to_be_told(who, asked)]
    if asked.partner_body_id:
        found.append(partnered(Campaign.id, asked.partner_body_id))
    if asked.supervised_body_id:
        supervised = select(col(CampaignSupervised.campaign_id)).where(
            col(CampaignSupervised.body_id).in_(asked.supervised_body_id)
        )
        found.append(col(Campaign.id).in_(supervised))
    if asked.agreement_id:
        found += [dict(VIEWS[Campaign](who))["full"], among(Campaign.agreement_id, asked.agreement_id)]
    found += _of_form(who, asked)
    if asked.place_code:
        codes = cast(col(Campaign.scope), JSONB)["place_codes"]
        found.append(or_(*(codes.contains([code]) for code in asked.place_code)))
    if asked.window_from:
        found.append(col(Campaign.window_to) >= asked.window_from)
    if asked.window_to:
        found.append(col(Campaign.window_from) <= asked.window_to)
    if asked.year:
        found.append(extract("year", col(Campaign.window_from)) == asked.year)
    if asked.q:
        found.append(matching(SEARCH, asked.q))
    return found


def _by_sides_at(who: Principal, asked: CampaignFilter) -> Iterator[ColumnElement[bool]]:
    """Led or joined by bodies of a level, at a place; through boards of a kind."""
    if asked.lead_level or asked.lead_place_code:
        yield col(Campaign.lead_body_id).in_(bodies_at(asked.lead_level, asked.lead_place_code))
    if asked.partner_level or asked.partner_place_code:
        near = bodies_at(asked.partner_level, asked.partner_place_code)
        joining = select(col(CampaignPartner.campaign_id)).where(col(CampaignPartner.body_id).in_(near))
        yield col(Campaign.id).in_(joining)
    if boards := as_asked(asked):
        yield col(Campaign.id).in_(through_boards(who, *boards))


def _to_be_told(who: Principal, asked: CampaignFilter) -> Iterator[ColumnElement[bool]]:
    """An addressee sees title and conclusion alone: a campaign's form, kind or days find nothing for it."""
    if any(getattr(asked, name) for name in HIDDEN_FROM_ADDRESSEES):
        yield told(who)


def _of_form(who: Principal, asked: CampaignFilter) -> list[ColumnElement[bool]]:
    """By the board at work, by the host that is joined: of campaigns that are seen in full."""
    asked_for: tuple[tuple[Any, Any, list[UUID]], ...] = (
        (CampaignBoard.campaign_id, CampaignBoard.board_id, asked.board_id),
        (CampaignParticipation.campaign_id, CampaignParticipation.host_body_id, asked.host_body_id),
    )
    found: list[ColumnElement[bool]] = []
    for campaign_id, column, ids in asked_for:
        if ids:
            ours = select(col(campaign_id)).where(among(column, ids))
            found += [dict(VIEWS[Campaign](who))["full"], col(Campaign.id).in_(ours)]
    return found
