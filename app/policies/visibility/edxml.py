"""Who sees electronic messages: the bodies they are for; what is for nobody known, the body that brought it; and what
waited at the desk of a body that has ended, its heir.

A secret document, which should never have come this way, is seen by leaders alone.
"""

from typing import Any

from sqlalchemy import and_, exists, not_, or_, select, true
from sqlmodel import col

from app.core.principal import Duty, Principal
from app.models.edxml import EdxmlDelivery, EdxmlMessage, EdxmlReceipt, EdxmlStatus
from app.models.machine_client import MachineClient
from app.models.organ_alias import OrganAlias
from app.policies.actions import exchanges
from app.policies.relations import Condition, among
from app.policies.visibility.base import VIEWS, Views, administered, open_to_all, visible


def _for_us(who: Principal) -> Condition:
    got = select(col(EdxmlDelivery.message_id)).where(among(EdxmlDelivery.body_id, exchanges(who)))
    return col(EdxmlMessage.id).in_(got)


def messages(who: Principal) -> Views:
    for_somebody = exists().where(col(EdxmlDelivery.message_id) == col(EdxmlMessage.id))
    brought = and_(among(EdxmlMessage.brought_by_body_id, exchanges(who)), not_(for_somebody))
    passed = among(EdxmlMessage.desk_body_id, exchanges(who))
    open_to = true() if who.holds(Duty.LEADER) else col(EdxmlMessage.restricted).is_(False)
    return [("full", and_(open_to, or_(_for_us(who), brought, passed)))]


def _of_visible(column: Any, who: Principal) -> Condition:
    return col(column).in_(select(col(EdxmlMessage.id)).where(visible(EdxmlMessage, who)))


def deliveries(who: Principal) -> Views:
    return [("full", among(EdxmlDelivery.body_id, exchanges(who)))]


def receipts(who: Principal) -> Views:
    return [("full", _of_visible(EdxmlReceipt.message_id, who))]


def statuses(who: Principal) -> Views:
    """What became of it at its addressees is told to whoever sees the report."""
    return [("full", _of_visible(EdxmlStatus.message_id, who))]


def machine_clients(who: Principal) -> Views:
    return [("full", administered(MachineClient.body_id, who))]


VIEWS.update(
    {
        EdxmlMessage: messages,
        EdxmlDelivery: deliveries,
        EdxmlReceipt: receipts,
        EdxmlStatus: statuses,
        MachineClient: machine_clients,
    }
)
open_to_all(OrganAlias)
