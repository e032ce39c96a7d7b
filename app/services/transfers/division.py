"""What an addressee's end does to a recommendation: new dates, another verifier, one child for each successor."""

from contextlib import suppress
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from app.core.errors import invalid
from app.core.ids import new_id
from app.domain.calendar import OutOfRange, shift
from app.domain.recommendation import FollowUpClock, RecommendationState
from app.domain.transfer import ClockPolicy, Ending
from app.models.body import Body
from app.models.due_change import DueChangeCause
from app.models.recommendation import Recommendation
from app.models.transfer import TransferConfirmation
from app.services import calendars, lineage
from app.services.recommendations import dates, effects
from app.services.steps import write_transition
from app.services.unit_of_work import UnitOfWork

POLICIES = {
    ClockPolicy.KEEP: "Chuyển giao, giữ nguyên thời hạn · Handed over, dates stay",
    ClockPolicy.RESTART: "Chuyển giao, tính lại thời hạn từ ngày xác nhận · Handed over, dates run again",
}
"""What became of the dates, as the history of the recommendation says it."""

COPIED = (
    "origin",
    "origin_id",
    "campaign_id",
    "engagement_id",
    "issuer_body_id",
    "proposer_body_id",
    "copy_to",
    "owner_name",
    "owner_title",
    "action",
    "expected_result",
    "measure",
    "finding_ids",
    "reply_due_on",
    "reply_due_basis",
    "due_on",
    "due_basis",
    "due_sort",
)


async def divide(uow: UnitOfWork, it: Recommendation, word: TransferConfirmation, on: date) -> None:
    """It ends as withdrawn because divided; each successor gets the same text in one series, under its own number.

    An objection stays with the predecessor that made it: each successor is asked anew, and may object itself.
    """
    series = it.series_id or new_id()
    for body_id in word.to_body_ids:
        await _issue_child(uow, it, word, body_id, series, on)
    was, it.state = it.state, RecommendationState.WITHDRAWN
    it.because, it.series_id = Ending.DIVIDED, series
    await uow.session.flush()
    await _tell(uow, it, word, "withdraw", was, on)


async def _issue_child(
    uow: UnitOfWork, parent: Recommendation, word: TransferConfirmation, addressee: UUID, series: UUID, on: date
) -> None:
    child = Recommendation(
        **{name: getattr(parent, name) for name in COPIED},
        addressee_id=addressee,
        verifier_body_id=await verifier_for(uow, parent.verifier_body_id, parent.issuer_body_id, addressee),
        series_id=series,
        divided_from_id=parent.id,
        document_id=parent.document_id,
    )
    await effects.put_in_force(uow, child, on)
    if word.clock == ClockPolicy.RESTART:
        child.reply_due_on, child.reply_from = parent.reply_due_on, parent.reply_from
        await restart(uow, child, word, on, issued_on=parent.issued_on)
    child.state = RecommendationState.ISSUED
    uow.add(child)
    await uow.session.flush()
    await _tell(uow, child, word, "issue", RecommendationState.DRAFT, on)


async def _tell(
    uow: UnitOfWork, it: Recommendation, word: TransferConfirmation, action: str, was: str, on: date
) -> None:
    await write_transition(uow, it, action, was=was, became=it.state, on=on, move=said(word), case=None)
    uow.record(f"recommendation.{action}", it, was=was, became=it.state, lead_body_id=it.issuer_body_id)


def said(word: TransferConfirmation) -> Any:
    """What a line of the recommendation's history keeps of it: the paper, and what becomes of the dates."""
    return SimpleNamespace(document_id=word.decided_by_document_id, reason=POLICIES[word.clock])


async def restart(
    uow: UnitOfWork, it: Recommendation, word: TransferConfirmation, on: date, *, issued_on: date | None = None
) -> None:
    """The same lengths again from the confirmation on, moved to a working day, unless the date is named."""
    due_on = word.due_on
    if due_on is not None and due_on < on:
        raise invalid("/due_on", "before_event", on=on.isoformat())
    began = issued_on or it.issued_on
    if due_on is None and it.due_on is not None and began is not None:
        due_on = await _again(uow, it.due_on - began, on)
    await effects.restart_reply_clock(uow, it, on, DueChangeCause.TRANSFER)
    if due_on is not None:
        dates.move(uow, it, FollowUpClock.COMPLETION, due_on, DueChangeCause.TRANSFER, on)
    it.due_basis = {"text": POLICIES[ClockPolicy.RESTART]}


async def _again(uow: UnitOfWork, length: timedelta, on: date) -> date | None:
    calendar = await calendars.calendar(uow)
    with suppress(OutOfRange):
        return calendar.on_or_after(shift(on, length))
    return None


async def verifier_for(uow: UnitOfWork, verifier: UUID, issuer: UUID, addressee: UUID | None) -> UUID:
    """Nobody verifies what they had to do: else the issuer does, and where it is of the same line, its superior."""
    if addressee is None:
        return verifier
    line = await lineage.kin(uow, addressee)
    superior = (await uow.session.get_one(Body, issuer)).parent_id
    free = [it for it in (verifier, issuer, superior) if it is not None and it not in line]
    return free[0] if free else verifier
