"""Who sees documents and files: their owner, and whoever sees a record that carries them."""

from typing import Any

from sqlalchemy import and_, exists, or_, select, true
from sqlmodel import col

from app.core.principal import Principal
from app.models.document import Attachment, Carriage, Document
from app.policies.actions import papers
from app.policies.relations import Condition, among
from app.policies.visibility.base import CARRIERS, VIEWS, Views, visible


def _carried(thing: Any, who: Principal) -> Condition:
    """Some record that the caller sees widely enough carries it."""
    seen: list[Condition] = []
    for name, model in CARRIERS.items():
        views = VIEWS[model](who)
        for label, condition in views:
            enough = true() if label == "full" else col(Carriage.view) == "party"
            ids = select(model.id).where(condition)  # type: ignore[attr-defined]
            seen.append(and_(col(Carriage.subject_type) == name, enough, col(Carriage.subject_id).in_(ids)))
    return exists().where(thing, or_(*seen))


def documents(who: Principal) -> Views:
    """The registrar, who reads no record, knows the papers of the registry: lineage events cite them."""
    carried = _carried(col(Carriage.document_id) == col(Document.id), who)
    return [("full", among(Document.owner_body_id, papers(who))), ("party", carried)]


def attachments(who: Principal) -> Views:
    carried = _carried(col(Carriage.attachment_id) == col(Attachment.id), who)
    of_document = col(Attachment.document_id).in_(select(col(Document.id)).where(visible(Document, who)))
    return [("full", or_(among(Attachment.owner_body_id, papers(who)), carried, of_document))]


VIEWS.update({Document: documents, Attachment: attachments})
