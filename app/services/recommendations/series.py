"""One text to several addressees: drafted together, issued together, and as far as the slowest of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Date, func, literal, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible
from app.core.ids import new_id
from app.domain import series as domain
from app.domain.recommendation import TERMINAL, RecommendationState
from app.models.recommendation import Recommendation, RecommendationCreate
from app.models.series import SeriesCreate, SeriesIssue, SeriesMember, SeriesRead
from app.policies.visibility import scoped, visible
from app.services import steps
from app.services.reading import body_ref
from app.services.recommendations import moves, writing
from app.services.recommendations.reading import overdue_column
from app.services.unit_of_work import UnitOfWork

R = Recommendation


async def create(uow: UnitOfWork, payload: SeriesCreate) -> UUID:
    """A draft for each addressee under one series; none where one of them cannot be made."""
    series_id = new_id()
    text = payload.model_dump(exclude={"addressees"}, exclude_unset=True)
    drafts = [
        RecommendationCreate(**{**text, "addressee_id": it.body_id, "owner": it.owner, "series_id": series_id})
        for it in payload.addressees
    ]
    made = await writing.create_each(uow, drafts)
    if uow.replay is None:
        return series_id
    kept = await steps.find(uow, Recommendation, made[0])
    assert kept.series_id is not None
    return kept.series_id


async def issue(uow: UnitOfWork, series_id: UUID, move: SeriesIssue) -> None:
    """Every draft of the series in one transaction, by a leader of the issuer; all or none."""
    rows = scoped(Recommendation, uow.who).where(col(R.series_id) == series_id).order_by(col(R.id))
    members = list((await uow.session.execute(rows.with_for_update(of=R))).scalars())
    if not members:
        raise NotVisible
    if not all(it.issuer_body_id in uow.who.leads for it in members):
        raise Forbidden
    if await uow.claim() is not None:
        return
    drafts = [it for it in members if it.state == RecommendationState.DRAFT]
    if not drafts:
        raise Conflict("no_drafts")
    for it in drafts:
        await steps.follow(uow, moves.case_of(it), move)


async def read(uow: UnitOfWork, series_id: UUID) -> SeriesRead:
    members, action = await _members(uow, series_id)
    standings = [domain.Standing(it.state, it.reply_status, it.implementation, it.overdue) for it in members]
    running = [it.due_on for it in members if it.due_on is not None and it.state not in TERMINAL]
    return SeriesRead(
        id=series_id,
        view="full",
        action=action,
        size=len(members),
        worst=domain.worst(standings),  # type: ignore[arg-type]
        next_due_on=min(running, default=None),
        recommendations=members,
    )


async def _members(uow: UnitOfWork, series_id: UUID) -> tuple[list[SeriesMember], str]:
    """In the order of their making, with the text they share."""
    day = func.coalesce(col(R.issued_on), literal(uow.today, Date))
    own: Any = Recommendation
    special: dict[str, Any] = {
        "addressee": body_ref(col(R.addressee_id), day, uow.today),
        "overdue": overdue_column(uow.today),
    }
    columns = [
        (special[name] if name in special else getattr(own, name)).label(name) for name in SeriesMember.model_fields
    ]
    rows = select(*columns, col(R.action).label("action")).where(col(R.series_id) == series_id, visible(R, uow.who))
    found = (await uow.session.execute(rows.order_by(col(R.id)).execution_options(scope="scoped"))).all()
    if not found:
        raise NotVisible
    return [SeriesMember.model_validate(row._mapping) for row in found], found[0].action
