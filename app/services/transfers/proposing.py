"""What an ended body holds in open work, as transfers proposed to what came of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, func, literal, or_, select, union_all
from sqlmodel import col

from app.domain.campaign import CAMPAIGN
from app.domain.engagement import ENGAGEMENT
from app.domain.recommendation import TERMINAL, RecommendationState
from app.domain.transfer import UNSETTLED, TransferRole, sides
from app.models.body import Body, LineageEvent
from app.models.campaign import Campaign, CampaignPartner
from app.models.engagement import Engagement
from app.models.recommendation import Recommendation
from app.models.transfer import Transfer, TransferCandidate, TransferConfirmation
from app.policies.relations import among
from app.policies.visibility import unscoped
from app.services.steps import write_transition
from app.services.unit_of_work import UnitOfWork

R = Recommendation


async def propose(uow: UnitOfWork, event: LineageEvent, ended: Sequence[Body], successor_ids: Sequence[UUID]) -> None:
    """One for each role; those still open that named an ended body now name its successors instead."""
    organs = await _organs(uow, successor_ids, event.effective_on)
    candidates = {it.id: [*successor_ids, *organs.get(str(it.kind), [])] for it in ended}
    await _replace_candidates(uow, candidates)
    for role in await uow.session.execute(_held(candidates).execution_options(scope="roles of an ended body")):
        await _propose(uow, event, role, candidates[role.from_body_id])


async def _propose(uow: UnitOfWork, event: LineageEvent, role: Any, candidates: Sequence[UUID]) -> None:
    kind = TransferRole(role.subject_type)
    it = Transfer(
        event_id=event.id,
        subject_type=kind,
        subject_id=role.subject_id,
        from_body_id=role.from_body_id,
        lead_body_id=role.lead_body_id,
        effective_on=event.effective_on,
        two_sided=len(sides(kind, candidates, role.lead_body_id)) > 1,
        told=role.told,
    )
    uow.add(it)
    await uow.session.flush()
    uow.add(*(TransferCandidate(transfer_id=it.id, body_id=body_id) for body_id in dict.fromkeys(candidates)))
    on = min(event.effective_on, uow.today)
    await write_transition(uow, it, "create", was=None, became=it.state, on=on, move=None, case=None)
    uow.record("transfer.propose", it, became=it.state, lead_body_id=it.lead_body_id)


async def _organs(uow: UnitOfWork, successor_ids: Iterable[UUID], on: date) -> dict[str, list[UUID]]:
    """The successors' own organs by kind: a standing committee's role may pass to a standing committee."""
    organs = select(col(Body.kind), func.array_agg(col(Body.id))).where(
        among(Body.parent_id, successor_ids), or_(col(Body.valid_to).is_(None), col(Body.valid_to) >= on)
    )
    return {str(kind): list(ids) for kind, ids in await uow.session.execute(organs.group_by(col(Body.kind)))}


async def _replace_candidates(uow: UnitOfWork, candidates: dict[UUID, list[UUID]]) -> None:
    """A chain: what is not yet confirmed to a body passes with it."""
    waiting = (
        unscoped(Transfer, reason="a candidate has ended")
        .add_columns(col(TransferCandidate.body_id))
        .join(TransferCandidate, col(TransferCandidate.transfer_id) == col(Transfer.id))
        .where(among(TransferCandidate.body_id, candidates), col(Transfer.state).in_(list(UNSETTLED)))
        .order_by(col(Transfer.id))
    )
    for it, ended_id in (await uow.session.execute(waiting)).all():
        present = await candidates_of(uow, it)
        kept = [body_id for body_id in present if body_id != ended_id]
        await offer(uow, it, [*kept, *candidates[ended_id]])


async def candidates_of(uow: UnitOfWork, it: Transfer) -> list[UUID]:
    offered = unscoped(TransferCandidate, reason="candidates of a transfer that the caller moves").where(
        col(TransferCandidate.transfer_id) == it.id
    )
    rows = await uow.session.execute(offered.order_by(col(TransferCandidate.body_id)))
    return [row.body_id for row in rows.scalars()]


async def offer(uow: UnitOfWork, it: Transfer, body_ids: Iterable[UUID]) -> None:
    """These candidates in place of the former; what was confirmed for those is void."""
    wanted = list(dict.fromkeys(body_ids))
    for model in (TransferConfirmation, TransferCandidate):
        rows = unscoped(model, reason="other candidates").where(col(model.transfer_id) == it.id)
        for row in (await uow.session.execute(rows)).scalars():
            await uow.session.delete(row)
    await uow.session.flush()
    uow.add(*(TransferCandidate(transfer_id=it.id, body_id=body_id) for body_id in wanted))
    it.two_sided = len(sides(it.subject_type, wanted, it.lead_body_id)) > 1
    await uow.session.flush()


def _held(body_ids: Iterable[UUID]) -> Select[Any]:
    """Every role of these bodies in open work."""
    ids = list(body_ids)
    held = union_all(*_in_campaigns(ids), *_in_recommendations(ids)).subquery("held")
    rows: Select[Any] = select(held)
    return rows.order_by(held.c.subject_type, held.c.subject_id)


def _in_campaigns(ids: list[UUID]) -> Iterator[Select[Any]]:
    lead, running = col(Campaign.lead_body_id), col(Campaign.state).not_in(list(CAMPAIGN.final))
    yield _role(TransferRole.CAMPAIGN_LEAD, Campaign.id, Campaign.lead_body_id, lead).where(
        among(Campaign.lead_body_id, ids), running
    )
    partners = _role(TransferRole.PARTNER, Campaign.id, CampaignPartner.body_id, lead)
    yield partners.join(Campaign, col(Campaign.id) == col(CampaignPartner.campaign_id)).where(
        among(CampaignPartner.body_id, ids), running
    )
    told = col(Engagement.notified_on).is_not(None)
    supervised = _role(TransferRole.SUPERVISED, Engagement.id, Engagement.supervised_body_id, lead, told)
    yield supervised.join(Campaign, col(Campaign.id) == col(Engagement.campaign_id)).where(
        among(Engagement.supervised_body_id, ids), col(Engagement.state).not_in(list(ENGAGEMENT.final))
    )


def _in_recommendations(ids: list[UUID]) -> Iterator[Select[Any]]:
    """A draft's addressee is no role yet: its lead names another. A lead that verifies itself passes both at once."""
    issuer, running = R.issuer_body_id, col(R.state).not_in(list(TERMINAL))
    yield _role(TransferRole.ADDRESSEE, R.id, R.addressee_id, issuer).where(
        among(R.addressee_id, ids), running, col(R.state) != RecommendationState.DRAFT
    )
    told = col(R.issued_on).is_not(None)
    yield _role(TransferRole.VERIFIER, R.id, R.verifier_body_id, issuer, told).where(
        among(R.verifier_body_id, ids), running, col(R.verifier_body_id) != col(issuer)
    )
    led = select(col(Campaign.id)).where(col(Campaign.state).not_in(list(CAMPAIGN.final)))
    alone = or_(col(R.campaign_id).is_(None), col(R.campaign_id).not_in(led))
    yield _role(TransferRole.ISSUER, R.id, issuer, issuer).where(among(issuer, ids), running, alone)


def _role(
    role: TransferRole, subject_id: Any, holder: Any, lead: Any, told: ColumnElement[bool] | None = None
) -> Select[Any]:
    """`told`: the sides other than the lead's know of the record."""
    columns: list[ColumnElement[Any]] = [
        literal(str(role), String).label("subject_type"),
        col(subject_id).label("subject_id"),
        col(holder).label("from_body_id"),
        col(lead).label("lead_body_id"),
        (literal(True) if told is None else told).label("told"),
    ]
    return select(*columns).select_from(holder.class_)
