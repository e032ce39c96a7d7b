"""Opinions: given in a round, answered one by one, gathered in the matrix."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, invalid
from app.core.principal import Principal
from app.domain import legal_text
from app.domain.draft import AnchorState, DraftState
from app.domain.legal_text import Anchor, Place
from app.models.draft import Draft, DraftAssignment, DraftRound, DraftVersion
from app.models.opinion import (
    Anchored,
    Opinion,
    OpinionCreate,
    OpinionFilter,
    OpinionParty,
    OpinionRead,
    OpinionReply,
    OpinionUpdate,
)
from app.policies.visibility import scoped
from app.services import bodies, carriage, steps
from app.services.criticism import drafts
from app.services.leads import lead_of
from app.services.reading import Page, Projection, body_ref, read_page
from app.services.unit_of_work import UnitOfWork

SYSTEM = "opinions of one draft"


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    it = Opinion
    answer = func.json_build_object(
        *("kind", col(it.answer_kind)),
        *("text", col(it.answer_text)),
        *("on", col(it.answered_on)),
        *("by_body_id", col(it.answered_by_body_id)),
        *("on_behalf", col(it.answer_on_behalf)),
    )
    return {
        "anchor": func.json_build_object("article", col(it.article), "clause", col(it.clause), "point", col(it.point)),
        "answer": case((col(it.answer_kind).is_not(None), answer)),
        "author_body": body_ref(col(it.author_body_id), col(it.given_on), who.today),
    }


OPINIONS = Projection(model=Opinion, reads={"full": OpinionRead, "party": OpinionParty}, columns=_columns)


async def page(uow: UnitOfWork, query: OpinionFilter) -> bytes:
    where: list[ColumnElement[bool]] = []
    for name in ("draft_id", "campaign_id", "criterion", "anchor_state"):
        if values := getattr(query, name):
            where.append(col(getattr(Opinion, name)).in_(values))
    if query.article is not None:
        where.append(col(Opinion.article) == query.article)
    if query.answered is not None:
        where.append(col(Opinion.answer_kind).is_not(None) if query.answered else col(Opinion.answer_kind).is_(None))
    if query.mine:
        where.append(col(Opinion.account_id) == uow.who.account_id)
    return await read_page(uow, OPINIONS, Page.of(query), where=where, filters=query.filters())


async def give(uow: UnitOfWork, payload: OpinionCreate) -> UUID:
    """By whoever was asked, or by the lead, which may record what others said."""
    draft = await steps.find(uow, Draft, payload.draft_id)
    lead = await lead_of(uow, draft.campaign_id)
    leading = lead in uow.who.acts
    assignment = await _assignment(uow, draft, payload)
    if not leading and (assignment is None or assignment.body_id not in uow.who.reads or payload.late_accepted_by):
        raise Forbidden
    await bodies.check_known(uow, [payload.author_body_id])
    if (made := await uow.claim()) is not None:
        return made
    on = payload.on or uow.today
    steps.not_in_the_future(uow, on)
    _check_round(draft, payload, on)
    anchor = _anchor(payload.anchor)
    version = await drafts.place_known(uow, draft, anchor)
    it = Opinion(
        draft_id=draft.id,
        campaign_id=draft.campaign_id,
        version_id=version.id if version else None,
        round_number=await _round(uow, draft.id),
        assignment_id=assignment.id if assignment else None,
        account_id=uow.who.account_id,
        author_body_id=_author(uow, payload, assignment, leading=leading),
        author_person=_person(payload, assignment),
        article=anchor.article,
        clause=anchor.clause,
        point=anchor.point,
        written_at=str(anchor),
        criterion=payload.criterion,
        opinion=payload.opinion,
        proposal=payload.proposal,
        given_on=on,
        late_accepted_by=payload.late_accepted_by.model_dump() if payload.late_accepted_by else None,
    )
    uow.add(it)
    await uow.session.flush()
    uow.record("opinion.create", it, lead_body_id=lead)
    return it.id


def _anchor(sent: Anchored) -> Anchor:
    return Anchor(sent.article, sent.clause, sent.point)


async def _assignment(uow: UnitOfWork, draft: Draft, payload: OpinionCreate) -> DraftAssignment | None:
    """The one that was named, or the caller's own."""
    mine = scoped(DraftAssignment, uow.who).where(
        col(DraftAssignment.draft_id) == draft.id, col(DraftAssignment.recused_on).is_(None)
    )
    if payload.assignment_id is not None:
        found = await steps.find(uow, DraftAssignment, payload.assignment_id)
        if found.draft_id != draft.id or found.recused_on is not None:
            raise invalid("/assignment_id", "assignment_ended")
        return found
    own = [it for it in (await uow.session.execute(mine)).scalars() if it.account_id in (None, uow.who.account_id)]
    own = [it for it in own if it.body_id in uow.who.reads and it.person is None]
    return min(own, key=lambda it: it.account_id is None, default=None)


def _check_round(draft: Draft, payload: OpinionCreate, on: Any) -> None:
    """Late ones are taken only by the name of whoever takes them; none once the document is out."""
    over = draft.closes_on is None or on > draft.closes_on or draft.state != DraftState.OPINIONS_OPEN
    if not drafts.takes_opinions(draft) or (over and payload.late_accepted_by is None):
        closed_on = draft.closes_on.isoformat() if draft.closes_on else "–"
        raise Conflict("round_closed", params={"closed_on": closed_on}, extra={"state": draft.state})


async def _round(uow: UnitOfWork, draft_id: UUID) -> int:
    last = select(func.coalesce(func.max(col(DraftRound.number)), 1)).where(col(DraftRound.draft_id) == draft_id)
    return int((await uow.session.execute(last.execution_options(scope=SYSTEM))).scalar_one())


def _author(uow: UnitOfWork, payload: OpinionCreate, assignment: DraftAssignment | None, *, leading: bool) -> UUID:
    if assignment is not None:
        return assignment.body_id
    return payload.author_body_id if leading and payload.author_body_id else uow.who.body_id


def _person(payload: OpinionCreate, assignment: DraftAssignment | None) -> dict[str, Any] | None:
    if payload.author_person is not None:
        return payload.author_person.model_dump()
    return assignment.person if assignment else None


async def revise(uow: UnitOfWork, opinion_id: UUID, payload: OpinionUpdate, expected: int | None) -> None:
    """By whoever recorded it, or the lead, until the criticism document is issued."""
    it = await steps.find(uow, Opinion, opinion_id, lock=True)
    draft = await uow.session.get_one(Draft, it.draft_id)
    lead = await lead_of(uow, draft.campaign_id)
    if it.account_id != uow.who.account_id and lead not in uow.who.acts:
        raise Forbidden
    steps.check_version(it, expected)
    if not drafts.takes_opinions(draft):
        raise Conflict("immutable")
    fields = payload.model_dump(exclude_unset=True, exclude={"anchor"})
    if "anchor" in payload.model_fields_set:
        anchor = _anchor(payload.anchor)
        version = await drafts.place_known(uow, draft, anchor)
        it.article, it.clause, it.point = anchor.article, anchor.clause, anchor.point
        it.version_id, it.anchor_state = version.id if version else None, AnchorState.ANCHORED
        it.written_at = str(anchor)
    it.sqlmodel_update(fields)
    await uow.session.flush()
    uow.record("opinion.update", it, lead_body_id=lead, fields=sorted(payload.model_fields_set))


async def answer(uow: UnitOfWork, opinion_id: UUID, payload: OpinionReply, expected: int | None) -> None:
    """By the drafting body, opinion by opinion, or on its behalf from its paper (Luật MTTQ Đ36(3))."""
    it = await steps.find(uow, Opinion, opinion_id, lock=True)
    draft = await uow.session.get_one(Draft, it.draft_id)
    lead = await lead_of(uow, draft.campaign_id)
    await _check_who_answers(uow, draft, lead, payload)
    steps.check_version(it, expected)
    if draft.state != DraftState.DOCUMENT_ISSUED:
        raise Conflict("not_awaiting_answers", extra={"state": draft.state})
    on = await steps.event_date(uow, draft, payload.on)
    if payload.on_behalf is not None:
        await carriage.carry(uow, draft, documents=[payload.on_behalf.document_id], view="party")
    it.answer_kind, it.answer_text, it.answered_on = payload.kind, payload.text, on
    it.answered_by_body_id = draft.drafting_body_id
    it.answer_on_behalf = payload.on_behalf.model_dump(mode="json") if payload.on_behalf else None
    await uow.session.flush()
    uow.record("opinion.answer", it, lead_body_id=lead)


async def _check_who_answers(uow: UnitOfWork, draft: Draft, lead: UUID, payload: OpinionReply) -> None:
    if payload.on_behalf is None:
        if draft.drafting_body_id not in uow.who.acts:
            raise Forbidden
        return
    if lead not in uow.who.records:
        raise Forbidden
    if await steps.has_active_account(uow, draft.drafting_body_id):
        raise Conflict("has_own_account")


async def matrix(uow: UnitOfWork, draft_id: UUID) -> bytes:
    """The newest text place by place, each with the opinions that the caller may read."""
    draft = await steps.find(uow, Draft, draft_id)
    version = await drafts.newest(uow, draft_id)
    seen = scoped(Opinion, uow.who).where(col(Opinion.draft_id) == draft_id).order_by(col(Opinion.id))
    return orjson.dumps(table(draft, version, list((await uow.session.execute(seen)).scalars())), default=str)


def table(draft: Draft, version: DraftVersion | None, opinions: list[Opinion]) -> dict[str, Any]:
    standing = [it for it in opinions if it.anchor_state != AnchorState.ORPHANED]
    lost = [it for it in opinions if it.anchor_state == AnchorState.ORPHANED]
    places = [Place(Anchor()), *(legal_text.flat(version.articles) if version else ())]
    answered = sum(it.answer_kind is not None for it in opinions)
    return {
        "draft_id": draft.id,
        "title": draft.title,
        "version_number": version.number if version else None,
        "coverage": {
            "opinions": len(opinions),
            "answered": answered,
            "taken_in": sum(bool(it.taken_in) for it in opinions),
            "percent": round(100 * answered / len(opinions), 1) if opinions else None,
        },
        "rows": [row for place in places if (row := _row(place, standing))["opinions"]],
        "orphaned": [_row(Place(place), lost) for place in dict.fromkeys(map(_place, lost))],
    }


def _place(it: Opinion) -> Anchor:
    return Anchor(it.article, it.clause, it.point)


def _row(place: Place, opinions: Iterable[Opinion]) -> dict[str, Any]:
    anchor = place.anchor
    return {
        "anchor": {"article": anchor.article, "clause": anchor.clause, "point": anchor.point},
        "label": str(anchor),
        "text": " ".join(part for part in (place.title, place.text) if part),
        "opinions": [_line(it) for it in opinions if _place(it) == anchor],
    }


def _line(it: Opinion) -> dict[str, Any]:
    answer: dict[str, Any] | None = None
    if it.answer_kind is not None:
        answer = {"kind": it.answer_kind, "text": it.answer_text, "on": it.answered_on}
        answer |= {"by_body_id": it.answered_by_body_id, "on_behalf": it.answer_on_behalf}
    return {
        "id": it.id,
        "criterion": it.criterion,
        "opinion": it.opinion,
        "proposal": it.proposal,
        "answer": answer,
        "taken_in": it.taken_in,
        "final_clause": it.final_clause,
    }
