"""What the body that the Front joins does step by step, and which of its steps start or end a period set by law.

Sources: NQLT 403/2017 Đ12–13; Luật 87/2015/QH13 Đ62, 70, 71, 80 and Luật 121/2025/QH15 Đ40. How long each period is,
and until when a law sets it, are rows: a step names only what is counted from it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class HostStep(StrEnum):
    """In the order in which a council's supervision goes."""

    DELEGATION_DECIDED = "delegation_decided"
    OUTLINE_NOTIFIED = "outline_notified"
    SESSION_PLANNED = "session_planned"
    PROGRAMME_NOTIFIED = "programme_notified"
    SUPERVISION_ENDED = "supervision_ended"
    REPORT_RECEIVED = "report_received"
    REPORT_EXAMINED = "report_examined"
    EXPLANATION_REQUESTED = "explanation_requested"
    EXPLAINED = "explained"


class HostOrgan(StrEnum):
    """Whose delegation it is: the council's Standing Board or one of its boards, which report in different times."""

    STANDING_BOARD = "standing_board"
    BOARD = "board"


STARTS: Final[Mapping[HostStep, str]] = {
    HostStep.DELEGATION_DECIDED: "delegation_decided",
    HostStep.SESSION_PLANNED: "session",
    HostStep.SUPERVISION_ENDED: "supervision_end",
    HostStep.REPORT_RECEIVED: "report_received",
    HostStep.EXPLANATION_REQUESTED: "explanation_requested",
}
"""The trigger of the rules that count from a step."""

ENDS: Final[Mapping[HostStep, str]] = {
    HostStep.OUTLINE_NOTIFIED: "delegation_decided",
    HostStep.PROGRAMME_NOTIFIED: "session",
    HostStep.REPORT_RECEIVED: "supervision_end",
    HostStep.REPORT_EXAMINED: "report_received",
    HostStep.EXPLAINED: "explanation_requested",
}
"""The trigger of the clocks that a step stops."""

AHEAD: Final = frozenset({HostStep.SESSION_PLANNED})
"""What is announced for a day to come; everything else has happened."""
