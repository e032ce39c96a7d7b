"""What somebody was told, in their own words: the text is made at reading, so it follows the language and the names."""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Uuid, case, cast, func, null, select, update
from sqlmodel import SQLModel, col

from app.core.principal import Principal
from app.core.words import told
from app.models.agreement import Agreement
from app.models.board import Board
from app.models.board_result import BoardResult
from app.models.body import LineageEvent
from app.models.briefing import Briefing
from app.models.campaign import Campaign
from app.models.delegation import Delegation
from app.models.effectiveness_check import EffectivenessCheck
from app.models.extension import Extension
from app.models.finding import Finding
from app.models.history import Notification, NotificationFilter, NotificationRow
from app.models.incoming_reply import IncomingReply
from app.models.pause import Pause
from app.models.petition import Petition
from app.models.plan import Plan
from app.models.proposal import Proposal
from app.models.recommendation import Recommendation
from app.models.report import Report
from app.models.sweep import Digest
from app.models.transfer import Transfer
from app.models.webhook import Webhook
from app.policies.visibility import visible
from app.services.reading import Page, Projection, body_ref, civil_date, read_page
from app.services.steps import find
from app.services.tasks.asks import name_of
from app.services.unit_of_work import UnitOfWork

TITLE_LENGTH = 200
PARTS: tuple[Any, ...] = (Extension, Pause, IncomingReply, EffectivenessCheck)
"""Told by the title of the recommendation to which they belong."""

TITLES: dict[type[SQLModel], Any] = {
    Campaign: Campaign.title,
    Plan: Plan.title,
    Delegation: Delegation.name,
    Finding: Finding.content,
    Report: Report.title,
    Recommendation: Recommendation.action,
    Briefing: Briefing.title,
    Agreement: Agreement.title,
    Proposal: Proposal.text,
    **{
        part: select(col(Recommendation.action))
        .where(col(Recommendation.id) == part.recommendation_id)
        .scalar_subquery()
        for part in PARTS
    },
    Board: name_of(col(Board.body_id)),
    BoardResult: select(col(Campaign.title)).where(col(Campaign.id) == col(BoardResult.campaign_id)).scalar_subquery(),
    Transfer: name_of(col(Transfer.from_body_id)),
    LineageEvent: func.to_char(col(LineageEvent.effective_on), "DD/MM/YYYY"),
    Petition: Petition.title,
    Webhook: Webhook.url,
}


def _title(who: Principal) -> ColumnElement[Any]:
    """Of the record as it is now, if the caller still sees it: one may be told and later leave a delegation."""

    def of(model: Any, column: Any) -> ColumnElement[Any]:
        shortened = select(func.left(column, TITLE_LENGTH)).where(col(model.id) == Notification.subject_id)
        return shortened.where(visible(model, who)).correlate(Notification).scalar_subquery()

    kinds = {model.__tablename__: of(model, column) for model, column in TITLES.items()}
    return case(kinds, value=col(Notification.subject_type), else_=null())


def _columns(who: Principal) -> dict[str, ColumnElement[Any]]:
    record = ("type", Notification.subject_type, "id", Notification.subject_id, "title", _title(who))
    by_body = cast(col(Notification.payload)["by_body_id"].astext, Uuid)
    return {
        "at": col(Notification.created_at),
        "record": func.json_build_object(*record),
        "was": col(Notification.payload)["was"].astext,
        "became": col(Notification.payload)["became"].astext,
        "digest": _counts(),
        "by_body": body_ref(by_body, civil_date(col(Notification.created_at)), who.today),
    }


def _counts() -> ColumnElement[Any]:
    names = ("upcoming", "overdue", "escalated")
    parts = [part for name in names for part in (name, col(getattr(Digest, name)))]
    told = select(func.json_build_object(*parts)).where(col(Digest.id) == col(Notification.subject_id))
    return told.correlate(Notification).scalar_subquery()


NOTIFICATIONS = Projection(Notification, reads={"full": NotificationRow}, columns=_columns)


async def page(uow: UnitOfWork, asked: NotificationFilter) -> bytes:
    where = []
    if asked.unread is not None:
        unread = col(Notification.read_at).is_(None)
        where.append(unread if asked.unread else ~unread)
    listed = orjson.loads(await read_page(uow, NOTIFICATIONS, Page.of(asked), where=where, filters=asked.filters()))
    for item in listed["items"]:
        item["text"] = told(uow.language, item)
    return orjson.dumps(listed)


async def read(uow: UnitOfWork, notification_id: UUID) -> None:
    it = await find(uow, Notification, notification_id, lock=True)
    it.read_at = it.read_at or uow.now


async def read_all(uow: UnitOfWork) -> None:
    unread = update(Notification).where(visible(Notification, uow.who), col(Notification.read_at).is_(None))
    await uow.session.execute(unread.values(read_at=uow.now).execution_options(synchronize_session=False))
