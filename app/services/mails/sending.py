"""From notifications to e-mails, and from these to the SMTP server: at least once, under one Message-ID.

Who wants it is asked when the notification is made; what it says, and whether its reader may still know of the record,
when it is sent.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from sqlalchemy import case, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col

from app.adapters.smtp import Post, Undelivered
from app.core.clock import today, utcnow
from app.core.cursors import Cursors
from app.core.errors import NotVisible
from app.domain.retries import pause
from app.models.history import Notification
from app.models.mail import Mail, MailState, NotificationPreference
from app.services import notifications, principals, queue
from app.services.mails.letters import letter
from app.services.reading import read_one
from app.services.unit_of_work import UnitOfWork

Sessions = async_sessionmaker[AsyncSession]

TAKEN_FOR = timedelta(seconds=60)
TOO_LATE = timedelta(days=4)
P, N = NotificationPreference, Notification


async def fan_out(session: AsyncSession, message_id: UUID) -> None:
    """A letter for each notification of the message whose reader wants such; made together with them, once."""
    wanted = case((col(N.subject_type) == "digest", col(P.digest)), else_=col(P.notices))
    now = utcnow()
    rows = (
        select(func.uuidv7(), literal(now), col(N.id), literal(MailState.WAITING.value), literal(0), literal(now))
        .join(P, col(P.account_id) == col(N.account_id))
        .where(col(N.outbox_message_id) == message_id, col(P.email).is_not(None), wanted)
    )
    columns = ["id", "created_at", "notification_id", "state", "attempts", "next_try_at"]
    made = insert(Mail).from_select(columns, rows).on_conflict_do_nothing(index_elements=["notification_id"])
    ids = list((await session.execute(made.returning(col(Mail.id)))).scalars())
    if ids:
        await queue.enqueue(session, queue.MAIL, ids)


@dataclass(frozen=True)
class Taken:
    id: UUID
    notification_id: UUID
    account_id: UUID
    body_id: UUID
    email: str | None
    attempts: int
    made_at: datetime


async def send(sessions: Sessions, mail_id: UUID, post: Post) -> None:
    async with sessions.begin() as session:
        taken = await _take(session, mail_id)
    if taken is None:
        return
    async with sessions() as session:
        item = await _item(session, taken)
    if item is None or taken.email is None or utcnow() - taken.made_at > TOO_LATE:
        await _keep(sessions, taken, MailState.DEAD, "not_wanted")
        return
    message = letter(item, taken.notification_id, to=taken.email, sender=post.sender, domain=post.domain)
    try:
        await post.send(message)
    except Undelivered as error:
        await _try_later(sessions, taken, str(error))
    else:
        await _keep(sessions, taken, MailState.SENT, None)


async def _take(session: AsyncSession, mail_id: UUID) -> Taken | None:
    """None when it is not due, or another has it."""
    now = utcnow()
    due = (col(Mail.id) == mail_id, col(Mail.state) == MailState.WAITING, col(Mail.next_try_at) <= now)
    taking = update(Mail).where(*due).values(attempts=Mail.attempts + 1, next_try_at=now + TAKEN_FOR)
    row = (await session.execute(taking.returning(col(Mail.notification_id), col(Mail.attempts)))).one_or_none()
    if row is None:
        return None
    of_whom = (
        select(col(N.account_id), col(N.body_id), col(P.email), col(N.created_at))
        .outerjoin(P, col(P.account_id) == col(N.account_id))
        .where(col(N.id) == row.notification_id)
        .execution_options(scope="a letter is sent")
    )
    account_id, body_id, email, made_at = (await session.execute(of_whom)).one()
    return Taken(mail_id, row.notification_id, account_id, body_id, email, row.attempts, made_at)


async def _item(session: AsyncSession, taken: Taken) -> dict[str, object] | None:
    """The notification as its reader would see it now; None when they no longer may."""
    who = await principals.absent(session, taken.account_id, taken.body_id, today())
    if who is None:
        return None
    try:
        uow = UnitOfWork(session, who, Cursors(b""))
        found, _ = await read_one(uow, notifications.NOTIFICATIONS, taken.notification_id)
    except NotVisible:
        return None
    item: dict[str, object] = orjson.loads(found)
    return item


async def _try_later(sessions: Sessions, taken: Taken, failure: str) -> None:
    wait = pause(taken.attempts, random.random())  # noqa: S311 - spreads load, guards nothing
    if wait is None:
        await _keep(sessions, taken, MailState.DEAD, failure)
        return
    async with sessions.begin() as session:
        later = update(Mail).where(col(Mail.id) == taken.id)
        await session.execute(later.values(next_try_at=utcnow() + wait, failure=failure[:64]))


async def _keep(sessions: Sessions, taken: Taken, state: MailState, failure: str | None) -> None:
    sent_at = utcnow() if state == MailState.SENT else None
    async with sessions.begin() as session:
        done = update(Mail).where(col(Mail.id) == taken.id)
        await session.execute(done.values(state=state, sent_at=sent_at, next_try_at=None, failure=failure))


async def requeue_due(session: AsyncSession) -> int:
    due = (col(Mail.state) == MailState.WAITING, col(Mail.next_try_at) <= utcnow())
    return await queue.again(session, queue.MAIL, select(col(Mail.id)).where(*due).order_by(col(Mail.next_try_at)))
