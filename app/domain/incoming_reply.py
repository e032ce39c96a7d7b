"""A paper that came in and may be the answer to a recommendation: it moves nothing until an officer has read it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.lifecycle import Actor, Lifecycle, step


class IncomingReplyState(StrEnum):
    RECEIVED = "received"
    CLASSIFIED = "classified"
    NOT_A_REPLY = "not_a_reply"


@dataclass
class IncomingReplyFacts:
    it: Any
    payload: Any


S = IncomingReplyState

INCOMING_REPLY = Lifecycle(
    "incoming_reply",
    IncomingReplyState,
    S.RECEIVED,
    (
        step(S.RECEIVED, "classify", S.CLASSIFIED, by={Actor.LEAD}),
        step(S.RECEIVED, "not_a_reply", S.NOT_A_REPLY, by={Actor.LEAD}),
    ),
)
