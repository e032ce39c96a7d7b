"""An answer to a read is exactly its Read model: no field beside it, none missing, no null where none is promised."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel, TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from tests.client import Api
from tests.contracts.probes import ROOMS, Probe
from tests.stage import Stage, set_stage
from tests.world import PARTS, World

MATRIX = Path(__file__).with_name("authorisation")

ASKED_FOR = {"actions", "count", "now"}
"""Offered by single records alone; said to whom asks; said of a body that has another name by now."""

SOMETIMES_LEFT_OUT = {
    "AttendantRead.account_id",
    "BasisRead.code",
    "BasisRead.legal_basis",
    "BasisRead.rule_id",
    "BasisRead.rule_version",
    "Changes.reset",
    "DayRead.reason",
    "DecisionRead.document_id",
    "NoteEvidence.caption",
    "Outline.items",
    "Overlap.campaign",
    "Overlap.id",
    "Overlap.plan_item",
    "Overlap.reasons",
    "Overlap.resolutions",
    "Overlap.score",
    "Overlap.suggestion",
    "Scope.content",
    "Scope.fields",
    "Scope.place_codes",
    "SectionRead.redacted",
    "SupervisedRead.person",
    "TaskRead.due_on",
    "TaskRead.rule",
}
"""What a part of a record says only where there is something to say; of records themselves every field is said."""

NOT_ON_STAGE = {
    "get_account",
    "list_agreement_transitions",
    "get_campaign_timeline",
    "get_invitation",
    "get_lineage_event",
    "get_membership",
    "get_report_signature",
    "get_rule",
    "list_audit_events",
    "list_board_deadlines",
    "list_board_result_transitions",
    "list_board_transitions",
    "list_briefing_transitions",
    "list_campaign_overlaps",
    "list_campaign_transitions",
    "list_changes",
    "list_delegation_transitions",
    "list_document_number_transitions",
    "list_draft_transitions",
    "list_engagement_transitions",
    "list_effectiveness_check_transitions",
    "list_extension_transitions",
    "list_finding_repeats",
    "list_finding_transitions",
    "list_import_transitions",
    "list_incoming_reply_transitions",
    "list_invitations",
    "list_notifications",
    "list_pause_transitions",
    "list_pending_edit_transitions",
    "list_plan_deadlines",
    "list_plan_transitions",
    "list_petition_transitions",
    "list_proposal_transitions",
    "list_recommendation_escalations",
    "list_recommendation_progress",
    "list_recommendation_reminders",
    "list_recommendation_transitions",
    "list_report_transitions",
    "list_reporting_period_transitions",
    "list_revision_request_transitions",
    "list_transfer_transitions",
    "open_invitation",
    "open_password_reset",
}
"""Reads that show nothing to anybody here: nobody has acted yet. The tests of each look at them."""


@pytest.fixture
async def stage(session: AsyncSession, world: World) -> Stage:
    return await set_stage(session, world)


def reads(app: FastAPI) -> dict[str, tuple[str, TypeAdapter[Any]]]:
    """The path and the model of every operation that answers a GET with one."""
    found = {}
    for it in iter_route_contexts(app.routes):
        route = it.original_route
        if isinstance(route, APIRoute) and "GET" in route.methods and route.response_model:
            found[str(route.operation_id)] = str(it.path), TypeAdapter(route.response_model)
    return found


def left_out(shown: Any) -> Iterator[str]:
    """`Model.field` of what a model has and an answer does not say."""
    if isinstance(shown, list):
        for item in shown:
            yield from left_out(item)
    if not isinstance(shown, BaseModel):
        return
    name = type(shown).__name__
    yield from (f"{name}.{it}" for it in type(shown).model_fields.keys() - shown.model_fields_set - ASKED_FOR)
    for said in shown.model_fields_set:
        yield from left_out(getattr(shown, said))


def shown_in_matrix() -> Iterator[tuple[Probe, list[str]]]:
    """Each probe with one caller for each 200 that the authorisation matrix has of it: each view, each length."""
    for room, probes in ROOMS.items():
        lines = [it for it in (MATRIX / f"{room}.md").read_text("utf-8").splitlines() if it.startswith("|")]
        for probe, line in zip(probes, lines[2:], strict=True):
            operation, _record, _anonymous, *cells = [it.strip() for it in line.strip("|").split("|")]
            assert operation == probe.operation
            callers = dict(zip(cells, PARTS, strict=True))
            yield probe, [it for cell, it in callers.items() if cell.startswith("200")]


async def test_reads_are_exactly_their_models(app: FastAPI, api: Api, world: World, stage: Stage) -> None:
    models, shown, omitted = reads(app), set(), set()
    for probe, callers in shown_in_matrix():
        if probe.operation not in models:
            continue
        path, model = models[probe.operation]
        target, rest = probe.request(path, stage, world)
        for caller in callers:
            answer = await api.get(target, as_=caller, **rest)
            read = model.validate_json(answer.content, extra="forbid")
            omitted |= set(left_out(read))
            if getattr(read, "items", True) != []:
                shown.add(probe.operation)
    assert omitted == SOMETIMES_LEFT_OUT
    assert models.keys() - shown == NOT_ON_STAGE
