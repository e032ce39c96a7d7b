"""Where a finding stands, and what its fields must agree with: engagement, outline, review period, other records."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, func, literal_column, or_, select
from sqlmodel import col

from app.core.errors import Conflict, Fault, Invalid, NotVisible, fault, invalid
from app.core.principal import Principal
from app.domain.delegation import DelegationState
from app.domain.engagement import EngagementState
from app.domain.finding import lies_outside
from app.models.body import Place
from app.models.campaign import Campaign
from app.models.delegation import Delegation, DelegationMember
from app.models.engagement import Engagement, WorkingSession
from app.models.finding import Finding
from app.policies.relations import among, seats_of
from app.policies.visibility import visible
from app.services import lineage, prepared
from app.services.unit_of_work import UnitOfWork

OUTLINE_KEYS: ColumnElement[Any] = literal_column("'$.items[*].key'::jsonpath")

ENDED = frozenset({EngagementState.FINALISED, EngagementState.DISCONTINUED})


@dataclass(frozen=True)
class Setting:
    """`seat_body_id` is the body for which the caller sits in the delegation; null for who has no seat."""

    engagement_id: UUID
    campaign_id: UUID
    lead_body_id: UUID
    supervised_body_id: UUID
    state: EngagementState
    delegation_state: DelegationState
    review_from: date | None
    review_to: date | None
    clauses: list[str]
    seat_body_id: UUID | None
    seen: bool

    def refuse_ended(self) -> None:
        if self.state in ENDED:
            raise Conflict("engagement_final", params={"state": self.state})


async def setting_of(uow: UnitOfWork, engagement_id: UUID) -> Setting:
    """One statement. The engagement is locked against ending until we have written; members do not wait for each other.

    It does not ask whether the caller sees the engagement: `seen` tells.
    """
    return await _read(uow, "engagement", engagement_id)


async def setting_around(uow: UnitOfWork, finding_id: UUID) -> Setting:
    """The setting of a finding that is about to be locked: parents are locked before children."""
    return await _read(uow, "finding", finding_id)


async def _read(uow: UnitOfWork, around: str, identifier: UUID) -> Setting:
    """Kept, since a finding is filed all day: building the statement takes longer than running it."""
    rows = await prepared.fetch(uow, ("setting", around), lambda who: _setting(who, around), identifier=identifier)
    if not rows:
        raise NotVisible
    row = dict(rows[0])
    row["state"], row["delegation_state"] = EngagementState(row["state"]), DelegationState(row["delegation_state"])
    return Setting(**row)


async def lock(uow: UnitOfWork, engagement_ids: Collection[UUID], finding_ids: Collection[UUID]) -> None:
    """Everything that many items will touch, in one order, so that two batches never wait for each other in a ring."""
    touched = select(col(Finding.engagement_id)).where(among(Finding.id, finding_ids))
    parents = or_(among(Engagement.id, engagement_ids), col(Engagement.id).in_(touched))
    for statement in (
        select(col(Engagement.id)).where(parents).order_by(col(Engagement.id)).with_for_update(read=True),
        select(col(Finding.id)).where(among(Finding.id, finding_ids)).order_by(col(Finding.id)).with_for_update(),
    ):
        await uow.session.execute(statement.execution_options(scope="locked alone, read by who sees it"))


NAMED = bindparam("identifier", None, type_=Uuid)
WHICH: dict[str, ColumnElement[Any]] = {
    "engagement": NAMED,
    "finding": select(col(Finding.engagement_id)).where(col(Finding.id) == NAMED).scalar_subquery(),
}


def _setting(who: Principal, around: str) -> Select[Any]:
    seat = (
        select(col(DelegationMember.body_id))
        .where(col(DelegationMember.delegation_id) == col(Engagement.delegation_id), *seats_of(who))
        .order_by(col(DelegationMember.id))
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            col(Engagement.id).label("engagement_id"),
            col(Engagement.campaign_id),
            col(Campaign.lead_body_id),
            col(Engagement.supervised_body_id),
            col(Engagement.state),
            col(Delegation.state).label("delegation_state"),
            col(Campaign.review_from),
            col(Campaign.review_to),
            func.jsonb_path_query_array(col(Campaign.outline), OUTLINE_KEYS).label("clauses"),
            seat.label("seat_body_id"),
            visible(Engagement, who).label("seen"),
        )
        .join(Delegation, col(Delegation.id) == col(Engagement.delegation_id))
        .join(Campaign, col(Campaign.id) == col(Engagement.campaign_id))
        .where(col(Engagement.id) == WHICH[around])
        .with_for_update(read=True, of=Engagement)
        .execution_options(scope="the setting of a finding; `seen` is checked by who asks")
    )


def check_rules(setting: Setting, fields: Mapping[str, Any], changed: Collection[str], today: date) -> None:
    """Invalid, naming every field of `changed` that contradicts the campaign or another field."""
    if faults := list(_faults(setting, fields, changed, today)):
        raise Invalid(*faults)


def _faults(setting: Setting, fields: Mapping[str, Any], changed: Collection[str], today: date) -> Iterable[Fault]:
    occurred_on, clause = fields["occurred_on"], fields["clause"]
    outside = lies_outside(occurred_on, setting.review_from, setting.review_to)
    if "occurred_on" in changed and occurred_on is not None and occurred_on > today:
        yield fault("/occurred_on", "in_the_future", today=today.isoformat())
    if outside and not fields["context"] and {"occurred_on", "context"} & set(changed):
        yield fault("/context", "context_required", start=setting.review_from, end=setting.review_to)
    if "clause" in changed and clause is not None and setting.clauses and clause not in setting.clauses:
        yield fault("/clause", "unknown_clause", clauses=", ".join(setting.clauses))


async def check_references(
    uow: UnitOfWork, setting: Setting, finding_id: UUID, named: Mapping[str, Any], changed: Collection[str]
) -> None:
    """What the changed fields name must exist for the caller: what is hidden and what is absent are both NotVisible."""
    fields = {name: value for name, value in named.items() if name in changed and value}
    await _check_findings(uow, setting, finding_id, fields)
    await _check_sessions(uow, setting, fields)
    place_code = fields.get("place_code")
    if place_code and await uow.session.get(Place, place_code) is None:
        raise invalid("/place_code", "unknown_place", place_code=place_code)


async def _check_findings(uow: UnitOfWork, setting: Setting, finding_id: UUID, fields: Mapping[str, Any]) -> None:
    """A repeat is of a finding on the same body or its predecessor; a cause is of findings of the same engagement."""
    repeated, caused = fields.get("repeat_of"), [UUID(it) for it in fields.get("cause_of", ())]
    if not repeated and not caused:
        return
    if finding_id in (repeated, *caused):
        raise invalid("/repeat_of" if finding_id == repeated else "/cause_of", "names_itself")
    seen = await _findings(uow, {*caused, *([repeated] if repeated else [])})
    for i, it in enumerate(caused):
        if seen[it][0] != setting.engagement_id:
            raise invalid(f"/cause_of/{i}", "other_engagement")
    if repeated and not await _same_body(uow, setting.supervised_body_id, seen[repeated][1]):
        raise invalid("/repeat_of", "other_body")


async def _findings(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    """Engagement and supervised body of each; NotVisible unless the caller sees every one."""
    statement = (
        select(col(Finding.id), col(Engagement.id), col(Engagement.supervised_body_id))
        .join(Engagement, col(Engagement.id) == col(Finding.engagement_id))
        .where(among(Finding.id, ids), visible(Finding, uow.who))
        .execution_options(scope="scoped")
    )
    found = {one: (engagement, body) for one, engagement, body in await uow.session.execute(statement)}
    if set(found) != ids:
        raise NotVisible
    return found


async def _same_body(uow: UnitOfWork, body_id: UUID, earlier: UUID) -> bool:
    return earlier == body_id or earlier in await lineage.predecessors(uow, body_id)


async def _check_sessions(uow: UnitOfWork, setting: Setting, fields: Mapping[str, Any]) -> None:
    """A working session of another engagement is as unknown here as one that does not exist."""
    ids = {UUID(it["session_id"]) for it in fields.get("evidence", ()) if it["kind"] == "session"}
    ids |= {fields["session_id"]} if "session_id" in fields else set()
    if not ids:
        return
    statement = (
        select(func.count())
        .select_from(WorkingSession)
        .where(among(WorkingSession.id, ids), col(WorkingSession.engagement_id) == setting.engagement_id)
        .execution_options(scope="sessions of an engagement that the caller sees")
    )
    if (await uow.session.execute(statement)).scalar_one() != len(ids):
        raise NotVisible
