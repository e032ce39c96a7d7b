"""Papers on their way to their addressees: by which channel, and how far each copy has come.

Delivery is apart from the case: a copy that is `finished` was dealt with by its addressee, which answers nothing.
"""

from enum import StrEnum
from typing import Final

from app.domain.edxml import BusinessType, StatusCode


class DispatchChannel(StrEnum):
    """Our own account on an axis, the document system of the body, or files carried by people."""

    AXIS = "axis"
    RELAY = "relay"
    FILE = "file"


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    ARRIVED = "arrived"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    FINISHED = "finished"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    RECALL_ASKED = "recall_asked"
    RECALLED = "recalled"


class AxisState(StrEnum):
    """A stopped account sends and fetches nothing until somebody has looked at it."""

    ACTIVE = "active"
    STOPPED = "stopped"


class AxisDialect(StrEnum):
    """How an axis is spoken to: the REST calls of provincial LGSPs, or the signed headers of the national axis."""

    LGSP_REST = "lgsp_rest"
    VXP = "vxp"


class HashFileStyle(StrEnum):
    """How the digest of a file is written: as the vendor's SDK does, which drops the leading zero of each byte."""

    SDK = "sdk"
    PADDED = "padded"


REPORTED: Final[dict[StatusCode, DeliveryState]] = {
    StatusCode.ARRIVED: DeliveryState.ARRIVED,
    StatusCode.REFUSED: DeliveryState.REFUSED,
    StatusCode.ACCEPTED: DeliveryState.ACCEPTED,
    StatusCode.ASSIGNED: DeliveryState.ASSIGNED,
    StatusCode.IN_PROGRESS: DeliveryState.IN_PROGRESS,
    StatusCode.FINISHED: DeliveryState.FINISHED,
    StatusCode.RECALL_AGREED: DeliveryState.RECALLED,
}
"""What the status of an addressee makes of its copy; a refused recall puts back what was."""

CHANGES: Final = {"recall": BusinessType.RECALL, "update": BusinessType.UPDATE, "replace": BusinessType.REPLACE}

D = DeliveryState
GONE_OUT: Final = frozenset({D.SENT, D.ARRIVED, D.ACCEPTED, D.ASSIGNED, D.IN_PROGRESS, D.FINISHED, D.REFUSED})
RECEIVED: Final = frozenset({D.ARRIVED, D.ACCEPTED, D.ASSIGNED, D.IN_PROGRESS, D.FINISHED})
"""From here on the addressee has the paper: the clocks that wait for its receipt begin."""


def after(now: DeliveryState, before_recall: DeliveryState | None, status: StatusCode) -> DeliveryState:
    if status is StatusCode.RECALL_REFUSED:
        return before_recall or now
    return REPORTED.get(status, now)
