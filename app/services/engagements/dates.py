"""The dates that bind the two sides of an engagement: by rule with its legal basis, or by the delegation's own plan."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
from sqlmodel import col

from app.core.words import LANGUAGES, label
from app.domain.deadlines import Rule, standing
from app.domain.engagement import RevisionRequestState
from app.models.body import Body
from app.models.deadline import Deadline
from app.models.engagement import Engagement, RevisionRequest
from app.policies.visibility import unscoped
from app.services import calendars, deadlines, steps
from app.services.engagements.clocks import SUPERVISED
from app.services.leads import campaign_of
from app.services.unit_of_work import UnitOfWork


async def of(uow: UnitOfWork, engagement_id: UUID) -> bytes:
    """Soonest first; all on one page, for they are few."""
    it = await steps.find(uow, Engagement, engagement_id)
    clocks = await deadlines.clocks(uow, it.id)
    by_rule = await _by_rule(uow, it, clocks)
    planned = [*_by_plan(uow, it, clocks), *await _asked_again(uow, it)]
    found = sorted([*by_rule, *planned], key=lambda one: (one["due_on"], one["rule"] or ""))
    return orjson.dumps({"items": found, "next_cursor": None})


async def _by_rule(uow: UnitOfWork, it: Engagement, clocks: list[Deadline]) -> list[dict[str, Any]]:
    versions = {(rule.code, rule.version): rule for rule in await calendars.rules(uow)}
    level = await _level(uow, it)
    return [_clock(uow, clock, versions.get((clock.rule_code, clock.rule_version)), level) for clock in clocks]


async def _level(uow: UnitOfWork, it: Engagement) -> str:
    campaign = await campaign_of(uow, it.campaign_id)
    lead = unscoped(Body, reason="the level by which a rule counts").where(col(Body.id) == campaign.lead_body_id)
    return (await uow.session.execute(lead)).scalar_one().level


def _clock(uow: UnitOfWork, clock: Deadline, rule: Rule | None, level: str) -> dict[str, Any]:
    asked = {"rule": clock.rule_code, "from": clock.trigger_on.isoformat(), "level": level}
    return {
        "rule": clock.rule_code,
        "rule_version": clock.rule_version,
        "what_vi": rule.what_vi if rule else clock.rule_code,
        "what_en": rule.what_en if rule else clock.rule_code,
        "legal_basis": clock.legal_basis,
        "trigger": clock.trigger,
        "trigger_on": clock.trigger_on,
        "raw_due_on": clock.raw_due_on,
        "due_on": clock.due_on,
        "met_on": clock.met_on,
        "responsible": clock.responsible,
        "state": deadlines.standing_of(clock, uow.today),
        "explain": f"/v1/deadlines/explain?{urlencode(asked)}",
    }


def _by_plan(uow: UnitOfWork, it: Engagement, clocks: list[Deadline]) -> list[dict[str, Any]]:
    """The day of the self-report where no rule sets the same, and that of the comments."""
    ruled = {clock.due_on for clock in clocks if clock.responsible == SUPERVISED}
    planned = []
    if it.self_report_due_on is not None and it.self_report_due_on not in ruled:
        planned.append(_planned(uow, "self_report", it.notified_on, it.self_report_due_on, it.self_reported_on))
    if it.comments_due_on is not None:
        planned.append(_planned(uow, "comments", it.self_reported_on, it.comments_due_on, it.finalised_on))
    return planned


async def _asked_again(uow: UnitOfWork, it: Engagement) -> list[dict[str, Any]]:
    own = unscoped(RevisionRequest, reason="the dates of an engagement already found")
    own = own.where(
        col(RevisionRequest.engagement_id) == it.id, col(RevisionRequest.state) != RevisionRequestState.WAIVED
    )
    return [
        _planned(uow, "revision", one.requested_on, one.due_on, one.answered_on)
        for one in (await uow.session.execute(own)).scalars()
    ]


def _planned(uow: UnitOfWork, name: str, since: date | None, due_on: date, met_on: date | None) -> dict[str, Any]:
    vi, en = (label(language, "planned_date", name) for language in LANGUAGES)
    return {
        "rule": None,
        "rule_version": None,
        "what_vi": vi,
        "what_en": en,
        "legal_basis": None,
        "trigger": name,
        "trigger_on": since,
        "raw_due_on": due_on,
        "due_on": due_on,
        "met_on": met_on,
        "responsible": SUPERVISED,
        "state": standing(due_on, met_on, uow.today),
        "explain": None,
    }
