"""The usual form: FastAPI, ORM entities with eager loads, Pydantic answers from attributes. No rules either.

The tables and the Read models are the product's own, so that only the way between them differs.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import Depends, FastAPI, Header, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, relationship, selectinload

from app.core.clock import today, utcnow
from app.core.db import create_engine
from app.core.ids import new_id
from app.domain.recommendation import Overdue, overdue
from app.models.account import Account as AccountTable
from app.models.base import BodyRef, Listing, NameRef, PersonRef
from app.models.body import Body as BodyTable
from app.models.body import BodyName as NameTable
from app.models.engagement import Engagement as EngagementTable
from app.models.finding import Finding as FindingTable
from app.models.finding import FindingCreate, FindingRead
from app.models.history import AuditEvent as AuditTable
from app.models.history import OutboxMessage as OutboxTable
from app.models.history import Transition as TransitionTable
from app.models.recommendation import Recommendation as RecommendationTable
from app.models.recommendation import RecommendationRead
from app.models.recommendation.payloads import Owner
from benchmarks.bare import SIDES
from benchmarks.cases import LEAD, key


class Entity(DeclarativeBase):
    pass


class Name(Entity):
    __table__ = NameTable.__table__  # type: ignore[attr-defined]


class Body(Entity):
    __table__ = BodyTable.__table__  # type: ignore[attr-defined]

    names: Mapped[list[Name]] = relationship(order_by=Name.valid_from)

    def named(self, day: date) -> BodyRef:
        then = [it for it in self.names if it.valid_from <= day][-1]
        now = [it for it in self.names if it.valid_from <= today()][-1]
        renamed = None if now is then else NameRef(name=now.name, short_name=now.short_name)
        return BodyRef(id=self.id, name=then.name, short_name=then.short_name, now=renamed)


def to_body(column: str, table: Any) -> Any:
    return relationship(Body, foreign_keys=[table.c[column]])


class Recommendation(Entity):
    __table__ = RecommendationTable.__table__  # type: ignore[attr-defined]

    issuer: Mapped[Body] = to_body("issuer_body_id", __table__)
    proposer: Mapped[Body | None] = to_body("proposer_body_id", __table__)
    addressed: Mapped[Body | None] = to_body("addressee_id", __table__)
    verifier: Mapped[Body] = to_body("verifier_body_id", __table__)
    escalated: Mapped[Body | None] = to_body("escalated_to_id", __table__)
    first: Mapped[Body | None] = to_body("first_addressee_id", __table__)

    view = "full"
    actions = None
    copy_to_bodies: ClassVar[list[BodyRef]] = []
    """These data have no copies; an entity would ask for them once more."""

    def _named(self, body: Body | None) -> BodyRef | None:
        return body.named(self.issued_on or today()) if body else None

    issuer_body = property(lambda self: self._named(self.issuer))
    proposer_body = property(lambda self: self._named(self.proposer))
    addressee = property(lambda self: self._named(self.addressed))
    verifier_body = property(lambda self: self._named(self.verifier))
    escalated_to = property(lambda self: self._named(self.escalated))
    first_addressee = property(lambda self: self._named(self.first))

    @property
    def owner(self) -> Owner | None:
        return Owner(name=self.owner_name, title=self.owner_title) if self.owner_name else None

    @property
    def overdue(self) -> Overdue:
        return overdue(self.state, self.reply_status, self.reply_due_on, self.due_on, today())


class Account(Entity):
    __table__ = AccountTable.__table__  # type: ignore[attr-defined]


class Engagement(Entity):
    __table__ = EngagementTable.__table__  # type: ignore[attr-defined]

    supervised: Mapped[Body] = to_body("supervised_body_id", __table__)


class Finding(Entity):
    __table__ = FindingTable.__table__  # type: ignore[attr-defined]

    engagement: Mapped[Engagement] = relationship(Engagement)
    account: Mapped[Account] = relationship(Account)
    body: Mapped[Body] = to_body("author_body_id", __table__)

    view = "full"
    place = None
    actions = None
    pending_edits = 0

    @property
    def supervised_body_id(self) -> UUID:
        return self.engagement.supervised_body_id

    @property
    def supervised_body(self) -> BodyRef:
        return self.engagement.supervised.named(self.created_at.date())

    @property
    def author(self) -> PersonRef:
        return PersonRef(id=self.account.id, name=self.account.name)

    @property
    def author_body(self) -> BodyRef:
        return self.body.named(self.created_at.date())


class Transition(Entity):
    __table__ = TransitionTable.__table__  # type: ignore[attr-defined]


class Audit(Entity):
    __table__ = AuditTable.__table__  # type: ignore[attr-defined]


class Outbox(Entity):
    __table__ = OutboxTable.__table__  # type: ignore[attr-defined]


BODIES = (
    Recommendation.issuer,
    Recommendation.proposer,
    Recommendation.addressed,
    Recommendation.verifier,
    Recommendation.escalated,
)
RECOMMENDATIONS = select(Recommendation).options(*(selectinload(it).joinedload(Body.names) for it in BODIES))
FINDINGS = select(Finding).options(
    joinedload(Finding.account),
    joinedload(Finding.body).selectinload(Body.names),
    joinedload(Finding.engagement).joinedload(Engagement.supervised).selectinload(Body.names),
)


def application(url: str, pool_size: int) -> FastAPI:
    engine = create_engine(url, pool_size=pool_size)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
        yield
        await engine.dispose()

    app = FastAPI(lifespan=lifespan)
    app.get("/v1/recommendations", response_model=Listing[RecommendationRead])(listed)
    app.get("/v1/recommendations/{recommendation_id}", response_model=RecommendationRead)(one)
    app.post("/v1/findings", response_model=FindingRead, status_code=201)(filed)
    return app


async def opened(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.app.state.sessions() as session:
        yield session


Session = Annotated[AsyncSession, Depends(opened, scope="function")]


async def listed(session: Session, x_side: Annotated[str, Header()], limit: int = 50) -> Any:
    column, number = SIDES[x_side]
    mine = RECOMMENDATIONS.where(getattr(Recommendation, column) == key("body", number))
    page = mine.order_by(Recommendation.id.desc()).limit(limit + 1)
    found = (await session.execute(page)).scalars().all()
    following = str(found[limit - 1].id) if len(found) > limit else None
    return {"items": found[:limit], "next_cursor": following}


async def one(session: Session, recommendation_id: UUID) -> Any:
    return (await session.execute(RECOMMENDATIONS.where(Recommendation.id == recommendation_id))).scalar_one()


async def filed(session: Session, payload: FindingCreate) -> Any:
    now, account, body = utcnow(), key("account", LEAD), key("body", LEAD)
    sent = payload.model_dump(mode="json", include={"criteria", "evidence"}, exclude_none=True)
    plain = payload.model_dump(include={"kind", "content", "severity", "occurred_on", "context", "extent"})
    finding = Finding(
        id=new_id(),
        created_at=now,
        version=1,
        campaign_id=key("campaign", 100),
        engagement_id=payload.engagement_id,
        author_account_id=account,
        author_body_id=body,
        cause_of=[],
        state="draft",
        first_digest="0" * 64,
        field_versions={},
        **plain,
        **sent,
    )
    session.add(finding)
    await session.flush()
    session.add_all(_told(finding.id, account, body))
    await session.commit()
    return (await session.execute(FINDINGS.where(Finding.id == finding.id))).scalar_one()


def _told(finding_id: UUID, account: UUID, body: UUID) -> list[Entity]:
    now, subject = utcnow(), {"subject_type": "finding", "subject_id": finding_id}
    payload = {"was": None, "became": "draft", "by_body_id": str(body)}
    by = {"account_id": account, "body_id": body, "details": {}}
    step = {"action": "create", "to_state": "draft", "on_date": now.date(), "recorded_late": False}
    message = {"account_id": account, "type": "finding.create", "payload": payload, "attempts": 0}
    return [
        Transition(id=new_id(), created_at=now, **step, **by, **subject),
        Audit(at=now, lead_body_id=body, action="finding.create", became="draft", **by, **subject),
        Outbox(id=new_id(), created_at=now, **message, **subject),
    ]
