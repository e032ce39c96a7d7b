"""An answer to a read is exactly its Read model: no field beside it, none missing, no null where none is promised."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel, TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from tests.client import Api
from tests.contracts.probes import PROBES, Probe
from tests.stage import Stage, set_stage
from tests.world import World

READERS = ("secretary", "supervised")
OTHER_VIEWS = {
    "get_campaign": ("counterpart", "addressee", "superior"),
    "list_campaigns": ("counterpart", "addressee", "superior"),
    "get_recommendation": ("addressee", "superior"),
    "list_recommendations": ("addressee", "superior"),
    "get_petition": ("partner", "counterpart"),
    "list_petitions": ("partner", "counterpart"),
    "list_identity_disclosures": ("partner",),
    "count_petitions": ("partner",),
    "suggest_plan_items": ("partner",),
    "get_briefing": ("counterpart",),
    "list_briefings": ("counterpart",),
    "list_overlaps": ("stranger",),
    "list_accounts": ("administrator",),
    "list_axis_accounts": ("administrator",),
    "get_axis_account": ("administrator",),
    "list_machine_clients": ("administrator",),
    "get_machine_client": ("administrator",),
    "list_memberships": ("administrator",),
    "list_webhooks": ("administrator",),
    "get_webhook": ("administrator",),
    "list_webhook_deliveries": ("administrator",),
    **dict.fromkeys(("get_board", "list_boards", "list_board_members"), ("partner", "addressee_superior")),
    **dict.fromkeys(("list_board_papers", "list_board_confirmations"), ("partner",)),
    **dict.fromkeys(("get_campaign_board", "get_participation"), ("partner",)),
    **dict.fromkeys(("get_board_result", "list_board_results"), ("partner",)),
    **dict.fromkeys(("get_project_count", "list_project_counts"), ("partner",)),
    **dict.fromkeys(("list_nominations", "list_campaign_records"), ("partner",)),
    **dict.fromkeys(("list_host_steps", "list_campaign_deadlines"), ("partner",)),
    **dict.fromkeys(("get_plan", "get_plan_item", "list_plan_concurrences"), ("partner",)),
    **dict.fromkeys(("get_plan", "get_plan_item", "list_plan_concurrences", "list_plan_item_overlaps"), ("partner",)),
}
"""One caller for each view; who gets which is the matter of the authorisation matrix."""

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


async def test_reads_are_exactly_their_models(app: FastAPI, api: Api, world: World, stage: Stage) -> None:
    models, shown, omitted = reads(app), set(), set()
    for probe in (it for it in PROBES if it.operation in models):
        path, model = models[probe.operation]
        for body in [it async for it in _bodies(api, world, stage, probe, path)]:
            read = model.validate_json(body, extra="forbid")
            omitted |= set(left_out(read))
            if getattr(read, "items", True) != []:
                shown.add(probe.operation)
    assert omitted == SOMETIMES_LEFT_OUT
    assert models.keys() - shown == NOT_ON_STAGE


async def _bodies(api: Api, world: World, stage: Stage, probe: Probe, path: str) -> AsyncIterator[bytes]:
    """What each reader who may see it gets."""
    target, rest = probe.request(path, stage, world)
    for part in (*READERS, *OTHER_VIEWS.get(probe.operation, ())):
        answer = await api.get(target, as_=part, **rest)
        if answer.status_code == 200:
            yield answer.content
