"""`GET /v1/me/calendar.ics`: what waits for the caller with a date, and the working sessions it may know of."""

from datetime import date, timedelta
from typing import Any

from icalendar import Calendar, Event
from sqlalchemy import Select, String, delete, literal, null, select, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.core.errors import Unauthenticated
from app.core.ids import new_id
from app.core.principal import Principal
from app.core.tokens import digest, new_secret
from app.core.words import LANGUAGES, catalogue
from app.models.calendar_feed import CalendarFeed
from app.models.engagement import Engagement, WorkingSession
from app.policies.visibility import visible
from app.services import principals
from app.services.tasks.asks import title_of
from app.services.tasks.reading import SOURCES
from app.services.unit_of_work import UnitOfWork

BEHIND = timedelta(days=365)
"""How long a session stays in the calendar."""

MOST = 2000


async def issue(uow: UnitOfWork) -> str:
    """The secret of a new address; the old one is good for nothing from now on."""
    secret = new_secret()
    values = {"token_digest": digest(secret), "created_at": uow.now}
    ids = {"account_id": uow.who.account_id, "body_id": uow.who.body_id}
    made = insert(CalendarFeed).values(id=new_id(), **ids, **values)
    await uow.session.execute(made.on_conflict_do_update(index_elements=["account_id", "body_id"], set_=values))
    uow.note("calendar_feed.issue", "account", uow.who.account_id)
    return secret


async def end(uow: UnitOfWork) -> None:
    ours = (col(CalendarFeed.account_id) == uow.who.account_id, col(CalendarFeed.body_id) == uow.who.body_id)
    await uow.session.execute(delete(CalendarFeed).where(*ours))
    uow.note("calendar_feed.end", "account", uow.who.account_id)


async def reader(uow: UnitOfWork, secret: str) -> Principal:
    """Whose address it is, with the duties of today."""
    feed = select(col(CalendarFeed.account_id), col(CalendarFeed.body_id))
    row = (await uow.session.execute(feed.where(col(CalendarFeed.token_digest) == digest(secret)))).one_or_none()
    who = None if row is None else await principals.absent(uow.session, row[0], row[1], uow.today)
    if who is None:
        raise Unauthenticated("invalid_token")
    return who


async def calendar(uow: UnitOfWork) -> bytes:
    """RFC 5545; every entry is a whole day, and keeps its UID when its date moves."""
    made = Calendar()
    made.add("prodid", "-//giamsat//calendar//VI")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", " · ".join(catalogue(it)["told"]["calendar"] for it in LANGUAGES))
    for row in await _entries(uow):
        made.add_component(_event(uow, row))
    return bytes(made.to_ical())


async def _entries(uow: UnitOfWork) -> list[Any]:
    tasks = union_all(*(ask.rows() for source in SOURCES for ask in source.asks(uow.who))).subquery("task")
    due = select(tasks.c.action, tasks.c.type, tasks.c.id, tasks.c.title, tasks.c.due_on.label("on"), tasks.c.rule)
    dated = due.where(tasks.c.due_on.is_not(None))
    entry = union_all(dated, _held(uow.who), _planned(uow.who)).subquery("entry")
    statement = select(entry).order_by(entry.c.on, entry.c.id, entry.c.action).limit(MOST)
    return list(await uow.session.execute(statement.execution_options(scope="tasks and visible sessions")))


def _held(who: Principal) -> Select[Any]:
    session = WorkingSession
    return _session("held", session, col(session.held_on)).where(
        visible(session, who), col(session.held_on) >= who.today - BEHIND
    )


def _planned(who: Principal) -> Select[Any]:
    """Of an engagement that has had none yet."""
    sessions = select(literal(1)).where(col(WorkingSession.engagement_id) == col(Engagement.id))
    planned = col(Engagement.session_planned_on)
    return _session("planned", Engagement, planned).where(
        visible(Engagement, who), planned >= who.today - BEHIND, ~sessions.correlate(Engagement).exists()
    )


def _session(action: str, model: Any, on: Any) -> Select[Any]:
    return select(
        literal(action, String),
        literal(str(model.__tablename__), String),
        col(model.id),
        title_of(col(model.campaign_id)),
        on,
        null(),
    )


def _event(uow: UnitOfWork, row: Any) -> Event:
    event = Event()
    event.add("uid", f"{row.action}-{row.type}-{row.id}@giamsat")
    event.add("dtstamp", uow.now)
    event.add("dtstart", row.on)
    event.add("dtend", _day_after(row.on))
    event.add("summary", f"{_words(row)}: {row.title or '…'}")
    event.add("description", " · ".join(filter(None, (row.rule, f"{row.type}/{row.id}"))))
    event.add("transp", "TRANSPARENT")
    return event


def _day_after(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def _words(row: Any) -> str:
    """What is to be done, in both languages."""
    found = []
    for language in LANGUAGES:
        words = catalogue(language)
        session = words["told"].get(f"session_{row.action}")
        found.append(session or words["label"].get(f"{row.type}_action", {}).get(row.action, row.action))
    return " · ".join(dict.fromkeys(found))


def of_feed(secret: str, public_url: str) -> str:
    return f"{public_url}/v1/me/calendar.ics?token={secret}"
