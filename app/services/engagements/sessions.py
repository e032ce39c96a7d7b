"""Working sessions as they are recorded, with the promises that were made there; only their minutes may come later."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, Invalid, NotVisible, fault, invalid
from app.core.principal import Principal
from app.domain.engagement import ENGAGEMENT, EngagementState
from app.domain.lifecycle import Actor
from app.models.account import Membership
from app.models.body import Body
from app.models.document import Document
from app.models.engagement import Engagement, WorkingSession
from app.models.parts import Person
from app.models.recommendation import Recommendation
from app.models.session import EarlierMinutes, Recorder, SessionCreate, SessionRead, SessionUpdate
from app.policies.relations import among
from app.policies.visibility import visible
from app.services import calendars, carriage, recommendations, steps
from app.services.leads import campaign_of
from app.services.reading import Page, Projection, actors_of, json_list, read_page
from app.services.unit_of_work import UnitOfWork


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    made_here = select(
        col(Recommendation.id).label("recommendation_id"),
        col(Recommendation.action).label("text"),
        func.json_build_object("name", col(Recommendation.owner_name), "title", col(Recommendation.owner_title)).label(
            "owner"
        ),
        col(Recommendation.due_on),
        col(Recommendation.due_basis),
        col(Recommendation.state),
    ).where(
        col(Recommendation.engagement_id) == col(WorkingSession.engagement_id),
        col(Recommendation.origin_id) == col(WorkingSession.id),
        visible(Recommendation, who),
    )
    return {
        "minutes": func.json_build_object(
            "text", col(WorkingSession.minutes_text), "document_id", col(WorkingSession.minutes_document_id)
        ),
        "promises": json_list(made_here.correlate(WorkingSession), order=[col(Recommendation.id)]),
    }


SESSIONS = Projection(model=WorkingSession, reads={"full": SessionRead}, columns=_columns)


async def page(uow: UnitOfWork, engagement_id: UUID, page: Page) -> bytes:
    await steps.find(uow, Engagement, engagement_id)
    where = [col(WorkingSession.engagement_id) == engagement_id]
    return await read_page(uow, SESSIONS, page, where=where, filters={"engagement_id": engagement_id})


async def require_of(uow: UnitOfWork, engagement_id: UUID, session_id: UUID) -> None:
    """The session is one of this engagement's, or NotVisible."""
    if (await steps.find(uow, WorkingSession, session_id)).engagement_id != engagement_id:
        raise NotVisible


async def record(uow: UnitOfWork, engagement_id: UUID, payload: SessionCreate) -> UUID:
    engagement = await steps.find(uow, Engagement, engagement_id, lock=True)
    if Actor.SECRETARY_HEAD not in await actors_of(uow, engagement):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    refuse_outside_the_work(engagement)
    _check_dates(uow, engagement, payload)
    await _require_people(uow, payload)
    await carriage.check_visible(uow, Document, [payload.minutes.document_id])
    held = await _held(uow, engagement, payload)
    uow.add(held)
    steps.touch(engagement)
    await uow.session.flush()
    await carriage.carry(uow, held, documents=[payload.minutes.document_id])
    lead_body_id = (await campaign_of(uow, engagement.campaign_id)).lead_body_id
    uow.record("session.record", held, lead_body_id=lead_body_id, engagement_id=str(engagement.id))
    await _promise(uow, engagement, held, payload)
    return held.id


async def minute(
    uow: UnitOfWork, engagement_id: UUID, session_id: UUID, payload: SessionUpdate, expected: int | None
) -> None:
    """Minutes are added or put right while the work lasts; what stood before stays readable."""
    engagement = await steps.find(uow, Engagement, engagement_id, lock=True)
    held = await steps.find(uow, WorkingSession, session_id)
    if held.engagement_id != engagement.id:
        raise NotVisible
    if Actor.SECRETARY_HEAD not in await actors_of(uow, engagement):
        raise Forbidden
    await carriage.check_visible(uow, Document, [payload.minutes.document_id])
    steps.check_version(engagement, expected)
    refuse_outside_the_work(engagement)
    if held.minutes_text is not None or held.minutes_document_id is not None:
        held.earlier_minutes = [*held.earlier_minutes, _replaced(uow, held, payload)]
    held.minutes_text, held.minutes_document_id = payload.minutes.text, payload.minutes.document_id
    steps.touch(engagement)
    await uow.session.flush()
    await carriage.carry(uow, held, documents=[payload.minutes.document_id])
    lead_body_id = (await campaign_of(uow, engagement.campaign_id)).lead_body_id
    uow.record("session.minute", held, lead_body_id=lead_body_id, engagement_id=str(engagement.id))


def _replaced(uow: UnitOfWork, held: WorkingSession, payload: SessionUpdate) -> dict[str, Any]:
    return EarlierMinutes(
        text=held.minutes_text,
        document_id=held.minutes_document_id,
        replaced_at=uow.now,
        replaced_by=Recorder(account_id=uow.who.account_id, body_id=uow.who.body_id),
        reason=payload.reason,
    ).model_dump(mode="json")


def refuse_outside_the_work(engagement: Engagement) -> None:
    """Between the notice and the end."""
    if engagement.state == EngagementState.PREPARING:
        raise Conflict("engagement_not_notified")
    if engagement.state in ENGAGEMENT.final:
        raise Conflict("engagement_final")


def _check_dates(uow: UnitOfWork, engagement: Engagement, payload: SessionCreate) -> None:
    steps.not_in_the_future(uow, payload.held_on, "/held_on")
    if engagement.notified_on is not None and payload.held_on < engagement.notified_on:
        raise invalid("/held_on", "before_previous_step", not_before=engagement.notified_on.isoformat())
    early = [
        fault(f"/promises/{i}/due_on", "earlier_than_on", on=payload.held_on.isoformat())
        for i, it in enumerate(payload.promises)
        if it.due_on < payload.held_on
    ]
    if early:
        raise Invalid(*early)


async def _require_people(uow: UnitOfWork, payload: SessionCreate) -> None:
    """Bodies are on the register; an account that is named belongs or belonged to the body for which it sat."""
    people = dict(_named(payload))
    ids = {it.body_id for it in people.values()}
    known = set((await uow.session.execute(select(col(Body.id)).where(among(Body.id, ids)))).scalars())
    if unknown := [pointer for pointer, it in people.items() if it.body_id not in known]:
        raise Invalid(*(fault(f"{pointer}/body_id", "not_visible") for pointer in unknown))
    pairs = {(it.account_id, it.body_id) for it in people.values() if it.account_id is not None}
    if not pairs:
        return
    served = (
        select(col(Membership.account_id), col(Membership.body_id))
        .where(tuple_(col(Membership.account_id), col(Membership.body_id)).in_(pairs))
        .execution_options(scope="whether those named at a session belong to their bodies")
    )
    if {tuple(row) for row in await uow.session.execute(served)} != pairs:
        raise NotVisible


def _named(payload: SessionCreate) -> Iterable[tuple[str, Person]]:
    yield "/chair", payload.chair
    if payload.minute_taker is not None:
        yield "/minute_taker", payload.minute_taker
    yield from ((f"/attendance/{i}", it) for i, it in enumerate(payload.attendance))


async def _held(uow: UnitOfWork, engagement: Engagement, payload: SessionCreate) -> WorkingSession:
    stored = payload.model_dump(mode="json", include={"chair", "minute_taker", "attendance"})
    return WorkingSession(
        engagement_id=engagement.id,
        campaign_id=engagement.campaign_id,
        held_on=payload.held_on,
        place=payload.place,
        minutes_text=payload.minutes.text,
        minutes_document_id=payload.minutes.document_id,
        recorded_late=await calendars.recorded_late(uow, payload.held_on),
        **stored,
    )


async def _promise(uow: UnitOfWork, engagement: Engagement, held: WorkingSession, payload: SessionCreate) -> None:
    """Each promise is a recommendation, issued by the session itself."""
    made = [
        await recommendations.promise(
            uow,
            engagement=engagement,
            text=it.text,
            owner=it.owner,
            due_on=it.due_on,
            due_basis=it.due_basis,
            on=held.held_on,
            origin_id=held.id,
        )
        for it in payload.promises
    ]
    held.promise_ids = [str(it.id) for it in made]
    await uow.session.flush()
