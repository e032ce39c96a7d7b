"""What steps do to a recommendation whichever way leads to them: its issue, its reply clock, the claim of its doing."""

from contextlib import suppress
from datetime import date

from sqlalchemy import extract, func, select
from sqlmodel import col

from app.domain import deadlines
from app.domain.calendar import OutOfRange, shift
from app.domain.recommendation import FollowUpClock, Implementation, ReplyStatus
from app.models.due_change import DueChangeCause
from app.models.recommendation import Recommendation
from app.services import calendars
from app.services.recommendations import boards, dates
from app.services.unit_of_work import UnitOfWork

RECEIPT_ASSUMED, REPLY = "P01", "D06"


async def put_in_force(uow: UnitOfWork, it: Recommendation, issued_on: date) -> None:
    """Numbered per issuer and year; a receipt not yet known is assumed by convention P01.

    Everything is looked up before anything is set, so that the record is written, and its version raised, once.
    """
    number = await _next_number(uow, it, issued_on.year)
    received_on = it.received_on or await _assumed_receipt(uow, issued_on)
    reply = await _reply_date(uow, it, received_on)
    it.number, it.issued_on = number, issued_on
    it.received_assumed, it.received_on, it.reply_from = it.received_on is None, received_on, received_on
    it.reply_status, it.implementation = ReplyStatus.AWAITING, Implementation.NOT_STARTED
    if reply is not None:
        it.reply_due_on = reply.due_on
        it.reply_due_basis = {"code": reply.rule, "rule_version": reply.rule_version, "legal_basis": reply.legal_basis}


async def _next_number(uow: UnitOfWork, it: Recommendation, year: int) -> int:
    await uow.serialise("recommendation.number", it.issuer_body_id, year)
    last = (
        select(func.max(Recommendation.number))
        .where(
            col(Recommendation.issuer_body_id) == it.issuer_body_id,
            extract("year", col(Recommendation.issued_on)) == year,
        )
        .execution_options(scope="the issuer's next number")
    )
    return ((await uow.session.execute(last)).scalar_one() or 0) + 1


async def _assumed_receipt(uow: UnitOfWork, issued_on: date) -> date:
    convention = await calendars.rule(uow, RECEIPT_ASSUMED, issued_on)
    if convention is None:
        return issued_on
    return deadlines.compute(convention, issued_on, await calendars.calendar(uow)).due_on


async def _reply_date(uow: UnitOfWork, it: Recommendation, received_on: date) -> deadlines.Deadline | None:
    """By the law on grassroots boards, else by a local rule of the issuer: Luật MTTQ Đ29(6) sets no number of days."""
    if it.reply_due_on is not None:
        return None
    for code in (await boards.reply_rule(uow, it.campaign_id, it.addressee_id), REPLY):
        rule = await calendars.rule(uow, code, received_on, body_id=it.issuer_body_id) if code else None
        if rule is not None:
            return deadlines.compute(rule, received_on, await calendars.calendar(uow))
    return None


async def restart_reply_clock(
    uow: UnitOfWork, it: Recommendation, on: date, because: DueChangeCause, due_on: date | None = None
) -> None:
    """The same length again from `on`, moved to a working day; `due_on` where the lead names the new date."""
    if due_on is None and it.reply_due_on is not None and it.reply_from is not None:
        length = it.reply_due_on - it.reply_from - await dates.given_for_reply(uow, it)
        calendar = await calendars.calendar(uow)
        with suppress(OutOfRange):
            due_on = calendar.on_or_after(shift(on, length))
    if due_on is not None:
        dates.move(uow, it, FollowUpClock.REPLY, due_on, because, on)
    it.reply_from = on


def claim(uow: UnitOfWork, it: Recommendation, on: date) -> None:
    """A claim is an acceptance where nothing was replied. Who records it, also on behalf, has claimed it."""
    if it.reply_status == ReplyStatus.AWAITING:
        it.reply_status = ReplyStatus.ACCEPTED
        it.first_replied_on = it.first_replied_on or on
    if it.implementation == Implementation.NOT_STARTED:
        it.implementation = Implementation.IN_PROGRESS
    it.claimed_by_id, it.claimed_on = uow.who.account_id, on
