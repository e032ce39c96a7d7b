"""Drafts as they are received, their versions, and the rounds in which opinions are taken."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.adapters.storage import Storage
from app.core.errors import Conflict, Forbidden, NotVisible, invalid
from app.domain import deadlines, legal_text
from app.domain.campaign import CampaignKind
from app.domain.draft import OPEN, TAKES_OPINIONS, AnchorState, DraftState
from app.domain.legal_text import Anchor
from app.models.campaign import Campaign
from app.models.draft import (
    Draft,
    DraftCreate,
    DraftReminder,
    DraftReminderCreate,
    DraftRound,
    DraftUpdate,
    DraftVersion,
    RoundCreate,
    VersionCreate,
    VersionText,
)
from app.models.opinion import Opinion
from app.services import bodies, calendars, carriage, steps
from app.services.criticism import texts
from app.services.leads import lead_of
from app.services.unit_of_work import UnitOfWork

SENDING = "D08"
SYSTEM = "parts of one draft"


async def create(uow: UnitOfWork, storage: Storage, payload: DraftCreate) -> UUID:
    campaign = await steps.find(uow, Campaign, payload.campaign_id)
    if campaign.lead_body_id not in uow.who.acts:
        raise Forbidden
    await bodies.check_known(uow, [payload.drafting_body_id, payload.issuing_body_id])
    if (made := await uow.claim()) is not None:
        return made
    if campaign.kind != CampaignKind.SOCIAL_CRITICISM:
        raise Conflict("not_social_criticism")
    received_on = payload.received_on or uow.today
    steps.not_in_the_future(uow, received_on, "/received_on")
    it = Draft(
        campaign_id=campaign.id,
        title=payload.title,
        drafting_body_id=payload.drafting_body_id,
        issuing_body_id=payload.issuing_body_id,
        issuing_authority=payload.issuing_authority.name if payload.issuing_authority else None,
        received_on=received_on,
        submission_on=payload.submission_on,
        send_due_on=await _latest_sending(uow, payload.submission_on),
        document_id=payload.document_id,
    )
    uow.add(it)
    await uow.session.flush()
    await carriage.carry(uow, it, documents=[payload.document_id], view="party")
    uow.record("draft.create", it, became=it.state, lead_body_id=campaign.lead_body_id)
    await steps.write_transition(uow, it, "create", was=None, became=it.state, on=received_on, move=None, case=None)
    if payload.given:
        await _add_version(uow, storage, it, payload, received_on, payload.document_id)
    return it.id


async def _latest_sending(uow: UnitOfWork, submission_on: date | None) -> date | None:
    """At least fifteen days before it goes to the issuing authority (Luật MTTQ Đ36(1))."""
    if submission_on is None:
        return None
    rule = await calendars.rule(uow, SENDING, submission_on)
    return None if rule is None else deadlines.compute(rule, submission_on, await calendars.calendar(uow)).due_on


async def update(uow: UnitOfWork, draft_id: UUID, payload: DraftUpdate, expected: int | None) -> None:
    it = await steps.find(uow, Draft, draft_id, lock=True)
    lead = await lead_of(uow, it.campaign_id)
    if lead not in uow.who.acts:
        raise Forbidden
    steps.check_version(it, expected)
    if it.state not in OPEN:
        raise Conflict("not_editable", params={"state": it.state}, extra={"state": it.state})
    fields = payload.model_dump(exclude_unset=True)
    if "submission_on" in fields:
        it.send_due_on = await _latest_sending(uow, fields["submission_on"])
    await carriage.carry(uow, it, documents=[fields.get("document_id")], view="party")
    it.sqlmodel_update(fields)
    await uow.session.flush()
    uow.record("draft.update", it, lead_body_id=lead, fields=sorted(fields))


async def add_version(uow: UnitOfWork, storage: Storage, draft_id: UUID, payload: VersionCreate) -> UUID:
    """By the lead, or by the drafting body itself."""
    it = await steps.find(uow, Draft, draft_id, lock=True)
    lead = await lead_of(uow, it.campaign_id)
    if not {lead, it.drafting_body_id} & set(uow.who.acts):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    if it.state not in OPEN:
        raise Conflict("not_editable", params={"state": it.state}, extra={"state": it.state})
    on = payload.on or uow.today
    steps.not_in_the_future(uow, on)
    version = await _add_version(uow, storage, it, payload, on, payload.document_id)
    uow.stand_for("draft_version", version.id)
    uow.record("draft.add_version", it, lead_body_id=lead, number=version.number)
    return version.id


async def _add_version(
    uow: UnitOfWork, storage: Storage, it: Draft, source: VersionText, on: date, document_id: UUID | None
) -> DraftVersion:
    before = await newest(uow, it.id)
    version = DraftVersion(
        draft_id=it.id,
        number=before.number + 1 if before else 1,
        received_on=on,
        articles=await texts.articles(uow, storage, source),
        document_id=document_id,
        account_id=uow.who.account_id,
    )
    files = [] if source.attachment_id is None else [source.attachment_id]
    await carriage.carry(uow, it, documents=[document_id], attachments=files, view="party")
    uow.add(version)
    steps.touch(it)
    await uow.session.flush()
    if before is not None:
        await _carry_opinions(uow, it, before, version)
    return version


async def newest(uow: UnitOfWork, draft_id: UUID) -> DraftVersion | None:
    versions = select(DraftVersion).where(col(DraftVersion.draft_id) == draft_id)
    last = versions.order_by(col(DraftVersion.number).desc()).limit(1)
    return (await uow.session.execute(last.execution_options(scope=SYSTEM))).scalar_one_or_none()


async def version_of(uow: UnitOfWork, draft_id: UUID, version_id: UUID) -> None:
    """NotVisible unless the draft has that version and the caller sees both."""
    if (await steps.find(uow, DraftVersion, version_id)).draft_id != draft_id:
        raise NotVisible


async def _carry_opinions(uow: UnitOfWork, it: Draft, before: DraftVersion, after: DraftVersion) -> None:
    """Each opinion goes where its place went, or is listed as orphaned; what was written stays beside it."""
    old, new = list(legal_text.flat(before.articles)), list(legal_text.flat(after.articles))
    standing = select(Opinion).where(col(Opinion.draft_id) == it.id, col(Opinion.anchor_state) != AnchorState.ORPHANED)
    went: dict[Anchor, Anchor | None] = {}
    for opinion in (await uow.session.execute(standing.execution_options(scope=SYSTEM))).scalars():
        here = Anchor(opinion.article, opinion.clause, opinion.point)
        if here not in went:
            went[here] = legal_text.carried(here, old, new)
        there = went[here]
        if there is None:
            opinion.anchor_state = AnchorState.ORPHANED
        elif there != here:
            opinion.article, opinion.clause, opinion.point = there.article, there.clause, there.point
            opinion.anchor_state = AnchorState.CARRIED
    await uow.session.flush()


async def open_round(uow: UnitOfWork, draft_id: UUID, payload: RoundCreate) -> None:
    """Another round while opinions are taken: on a new version, or for more time."""
    it = await steps.find(uow, Draft, draft_id, lock=True)
    lead = await lead_of(uow, it.campaign_id)
    if lead not in uow.who.acts:
        raise Forbidden
    if await uow.claim() is not None:
        return
    if it.state != DraftState.OPINIONS_OPEN:
        raise Conflict("round_closed", params={"closed_on": it.closes_on or "–"})
    await begin_round(uow, it, await steps.event_date(uow, it, payload.on), payload.closes_on)
    uow.record("draft.open_round", it, lead_body_id=lead)


async def begin_round(uow: UnitOfWork, it: Draft, on: date, closes_on: date) -> None:
    if closes_on < on:
        raise invalid("/closes_on", "earlier_than_on", on=on.isoformat())
    last = select(func.coalesce(func.max(col(DraftRound.number)), 0)).where(col(DraftRound.draft_id) == it.id)
    number = (await uow.session.execute(last.execution_options(scope=SYSTEM))).scalar_one() + 1
    version = await newest(uow, it.id)
    version_id = version.id if version else None
    uow.add(DraftRound(draft_id=it.id, number=number, version_id=version_id, opened_on=on, closes_on=closes_on))
    it.closes_on = closes_on
    steps.touch(it)
    await uow.session.flush()


async def remind(uow: UnitOfWork, draft_id: UUID, payload: DraftReminderCreate) -> UUID:
    """The drafting body owes a written reply without a period set by law (D09): it is asked for it."""
    it = await steps.find(uow, Draft, draft_id, lock=True)
    lead = await lead_of(uow, it.campaign_id)
    if lead not in (*uow.who.acts, *uow.who.records):
        raise Forbidden
    if (made := await uow.claim()) is not None:
        return made
    if it.state != DraftState.DOCUMENT_ISSUED:
        raise Conflict("no_reply_owed")
    on = await steps.event_date(uow, it, payload.on)
    await carriage.carry(uow, it, documents=[payload.document_id], view="party")
    reminder = DraftReminder(draft_id=it.id, reminded_on=on, note=payload.note, document_id=payload.document_id)
    uow.add(reminder)
    steps.touch(it)
    await uow.session.flush()
    uow.stand_for("draft_reminder", reminder.id)
    uow.record("draft.remind", it, lead_body_id=lead)
    return reminder.id


def takes_opinions(it: Draft) -> bool:
    return it.state in TAKES_OPINIONS


async def place_known(uow: UnitOfWork, it: Draft, anchor: Anchor) -> DraftVersion | None:
    """The newest version; a place that it does not have is refused."""
    version = await newest(uow, it.id)
    if anchor.depth and (
        version is None or anchor not in (place.anchor for place in legal_text.flat(version.articles))
    ):
        raise invalid("/anchor", "no_such_place", place=str(anchor))
    return version
