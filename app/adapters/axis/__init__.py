"""Document axes over HTTP: one port, an adapter for each dialect, and the choice between them."""

import asyncio

import httpx

from app.adapters.axis.lgsp import LgspAxis
from app.adapters.axis.port import (
    FILE_ERROR,
    LOCKED_RECEIVER,
    UNKNOWN_RECEIVER,
    Acknowledged,
    Axis,
    AxisAuth,
    AxisBusy,
    AxisError,
    AxisExists,
    AxisItem,
    AxisRefused,
    AxisUnknownOutcome,
    AxisUnreachable,
    Breaker,
    Line,
    MessageType,
)
from app.adapters.axis.vxp import VxpAxis
from app.domain.dispatch import AxisDialect, HashFileStyle

__all__ = [
    "FILE_ERROR",
    "LOCKED_RECEIVER",
    "UNKNOWN_RECEIVER",
    "Acknowledged",
    "Axis",
    "AxisAuth",
    "AxisBusy",
    "AxisError",
    "AxisExists",
    "AxisItem",
    "AxisRefused",
    "AxisUnknownOutcome",
    "AxisUnreachable",
    "Breaker",
    "LgspAxis",
    "Line",
    "MessageType",
    "VxpAxis",
    "open_axis",
]


def open_axis(
    url: str,
    system_id: str,
    secret: str,
    *,
    dialect: AxisDialect = AxisDialect.LGSP_REST,
    hash_file_style: HashFileStyle = HashFileStyle.SDK,
    transport: httpx.AsyncBaseTransport | None = None,
    turn: asyncio.Lock | None = None,
) -> Axis:
    """`turn` is what accounts on one axis share; `transport` is for tests."""
    line = Line(url, transport, turn or asyncio.Lock())
    if dialect is AxisDialect.VXP:
        return VxpAxis(line, system_id, secret, hash_file_style)
    return LgspAxis(line, system_id, secret)
