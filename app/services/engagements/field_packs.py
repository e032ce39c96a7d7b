"""All that a member's phone needs to work where there is no network: one answer, known by one digest."""

import hashlib
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, or_, select
from sqlmodel import col

from app.core.errors import Forbidden
from app.core.words import vocabulary
from app.models.body import Body, Place
from app.models.campaign import Campaign
from app.models.delegation import DelegationMember
from app.models.document import Carriage, Document
from app.models.engagement import Engagement, WorkingSession
from app.models.finding import Finding
from app.policies.relations import among
from app.policies.visibility import VIEWS
from app.services import steps
from app.services.campaigns.reading import CAMPAIGNS
from app.services.delegations.reading import DELEGATIONS, MEMBERS
from app.services.documents import DOCUMENT
from app.services.engagements.reading import ENGAGEMENTS
from app.services.engagements.sessions import SESSIONS
from app.services.findings.reading import FINDINGS
from app.services.packing import every
from app.services.reading import read_one
from app.services.unit_of_work import UnitOfWork

WORDS = ("finding_kind", "finding_state", "severity", "document_kind")


async def of(uow: UnitOfWork, engagement_id: UUID) -> tuple[bytes, str]:
    """For the delegation's side; the caller's own findings, not those of others. The digest is that of the text."""
    it = await steps.find(uow, Engagement, engagement_id)
    await _require_delegation_side(uow, it)
    own = col(Finding.author_account_id) == uow.who.account_id
    parts = {
        "engagement": (await read_one(uow, ENGAGEMENTS, it.id))[0],
        "campaign": (await read_one(uow, CAMPAIGNS, it.campaign_id))[0],
        "delegation": (await read_one(uow, DELEGATIONS, it.delegation_id))[0],
        "members": await every(uow, MEMBERS, col(DelegationMember.delegation_id) == it.delegation_id),
        "sessions": await every(uow, SESSIONS, col(WorkingSession.engagement_id) == it.id),
        "findings": await every(uow, FINDINGS, col(Finding.engagement_id) == it.id, own),
        "documents": await every(uow, DOCUMENT, _carried_by(it)),
        "places": await _places(uow, it),
        "vocabulary": orjson.dumps({name: vocabulary()[name] for name in WORDS}),
    }
    body = b"{" + b",".join(orjson.dumps(name) + b":" + part for name, part in parts.items()) + b"}"
    return body, hashlib.sha256(body).hexdigest()


async def _require_delegation_side(uow: UnitOfWork, it: Engagement) -> None:
    full = dict(VIEWS[Engagement](uow.who))["full"]
    ours = select(col(Engagement.id)).where(col(Engagement.id) == it.id, full).execution_options(scope="scoped")
    if (await uow.session.execute(ours)).first() is None:
        raise Forbidden


def _carried_by(it: Engagement) -> ColumnElement[bool]:
    carriers = (it.id, it.campaign_id, it.delegation_id)
    carried = select(col(Carriage.document_id)).where(among(Carriage.subject_id, carriers))
    return col(Document.id).in_(carried)


async def _places(uow: UnitOfWork, it: Engagement) -> bytes:
    """The places of the campaign's scope and that of the supervised party, with those directly below them."""
    scope = select(col(Campaign.scope)).where(col(Campaign.id) == it.campaign_id).execution_options(scope="places")
    codes = set(((await uow.session.execute(scope)).scalar_one() or {}).get("place_codes") or ())
    at_home = select(col(Body.place_code)).where(col(Body.id) == it.supervised_body_id)
    named = or_(*(column.in_(codes) | column.in_(at_home) for column in (col(Place.code), col(Place.parent_code))))
    found = await uow.session.execute(select(Place).where(named).order_by(col(Place.code)))
    return orjson.dumps([it.model_dump(include=PLACE) for it in found.scalars()])


PLACE = {"code", "kind", "name", "full_name", "parent_code"}
