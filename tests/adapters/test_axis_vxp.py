"""The signed headers of the national axis, by vectors of our own in the form of the vendor's SDK; what is no answer."""

import json
from datetime import UTC, datetime

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.adapters.axis import AxisAuth, AxisBusy, AxisExists, AxisRefused, AxisUnreachable, open_axis, port
from app.adapters.axis.vxp import VxpAxis, hash_file, signed, timestamp
from app.demo.axis_simulator.vxp import verified
from app.domain.dispatch import AxisDialect, HashFileStyle

pytestmark = pytest.mark.thorough

PARAMETERS = {
    "systemid": "SIM-A57-01",
    "timestamp": "12042024T171900+0123",
    "servicetype": "eDoc",
    "messagetype": "edoc",
    "Content-Type": "application/json",
}
MAC = "d44eb38e4292f3e22a68172d5858c5af44d8b83eabcc1bfa539cabe7a376e05d"


def test_the_headers_are_signed_as_the_sdk_signs_them() -> None:
    headers = signed(PARAMETERS, "demo-secret")
    assert headers["XroadVnpt-hash-header"] == MAC
    assert headers["XroadVnpt-sign-header-key"] == "systemid;timestamp;servicetype;messagetype;Content-Type"
    assert headers["User-Agent"] == "JAVASDKAgent/1.0.0 XRoad/VPCP"


@pytest.mark.parametrize(
    ("changed", "taken"),
    [
        ({}, True),
        ({"xroadvnpt-systemid": "ANOTHER"}, False),
        ({"xroadvnpt-hash-header": "0" * 64}, False),
        ({"xroadvnpt-sign-header-key": "systemid"}, False),
    ],
)
def test_a_header_that_was_changed_on_the_way_is_noticed(changed: dict[str, str], taken: bool) -> None:
    headers = {name.lower(): value for name, value in signed(PARAMETERS, "demo-secret").items()}
    assert verified({**headers, **changed}, "demo-secret") is taken


def test_the_sdk_drops_the_leading_zero_of_each_byte() -> None:
    assert hash_file(b"abc", HashFileStyle.PADDED).startswith("ba7816bf8f01cfea")
    assert hash_file(b"abc", HashFileStyle.SDK).startswith("ba7816bf8f1cfea")


def test_what_follows_the_plus_sign_are_milliseconds() -> None:
    at = datetime(2024, 4, 12, 10, 19, 0, 123_456, tzinfo=UTC)
    assert timestamp(at) == "12042024T171900+0123"


def answering(content: bytes, status: int = 200) -> httpx.ASGITransport:
    """An axis that says the same to everything but a login."""

    async def login(request: Request) -> Response:
        return JSONResponse({"ErrorCode": "0", "token": "t"})

    async def answer(request: Request) -> Response:
        return Response(content, status, media_type="application/json")

    methods = ["GET", "POST"]
    routes = [Route("/v1/auth/login", login, methods=methods), Route("/{rest:path}", answer, methods=methods)]
    return httpx.ASGITransport(Starlette(routes=routes))


@pytest.mark.parametrize("dialect", AxisDialect)
@pytest.mark.parametrize(
    ("status", "content", "raised"),
    [
        (200, b'{"status": "OK", "ErrorCode": "0", "data": []}', None),
        (200, b'{"ErrorCode": "0", "data": null}', None),
        (200, b'{"ErrorCode": "0", "data": [1, {}, {"docId": ""}]}', None),
        (200, b'{"status": "FAIL", "ErrorCode": "0"}', AxisBusy),
        (200, b'{"ErrorCode": "20"}', AxisBusy),
        (200, b'{"ErrorCode": "18"}', AxisUnreachable),
        (200, b'{"ErrorCode": "15"}', AxisAuth),
        (200, b'{"ErrorCode": "22"}', AxisRefused),
        (200, b'{"ErrorCode": "9999", "ErrorDesc": "Exist Doc"}', AxisExists),
        (200, b"<html>", AxisBusy),
        (200, b"[]", AxisBusy),
        (200, b'"OK"', AxisBusy),
        (200, b"", AxisBusy),
        (200, b"\xff\xfe", AxisBusy),
        (302, b"", AxisBusy),
        (403, b"", AxisAuth),
        (500, b"", AxisBusy),
    ],
)
async def test_every_answer_is_one_of_ours(
    dialect: AxisDialect, status: int, content: bytes, raised: type[Exception] | None
) -> None:
    axis = open_axis("http://axis.example", "x", "y", dialect=dialect, transport=answering(content, status))
    day = datetime(2024, 4, 12, tzinfo=UTC).date()
    if raised is None:
        assert await axis.received("edoc", day, day) == []
        return
    with pytest.raises(raised):
        await axis.received("edoc", day, day)


@pytest.mark.parametrize("dialect", AxisDialect)
async def test_an_endless_answer_is_not_read(dialect: AxisDialect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port, "LARGEST_ANSWER", 1000)
    axis = open_axis("http://axis.example", "x", "y", dialect=dialect, transport=answering(b" " * 2000))
    with pytest.raises(AxisBusy):
        await axis.find_sent("H57,2024/04/12,45-CV/BDVTU")


async def test_what_was_sent_is_found_by_sender_number_and_day() -> None:
    """The national axis lists no DocumentId; the number of an earlier year is another paper."""
    listed = [
        {"senderDocId": "old", "fromCode": "H57", "notation": "45-CV/BDVTU", "sentTime": "2023/04/12 08:00:00"},
        {"senderDocId": "other", "fromCode": "H58", "notation": "45-CV/BDVTU", "sentTime": "2024/04/12 08:00:00"},
        {"senderDocId": "ours", "fromCode": "H57", "notation": "45/CV-BDVTU", "sentTime": "2024-04-12T08:00:00"},
    ]
    transport = answering(json.dumps({"ErrorCode": "0", "data": listed}).encode())
    axis = open_axis("http://axis.example", "x", "y", dialect=AxisDialect.VXP, transport=transport)
    assert isinstance(axis, VxpAxis)
    assert await axis.find_sent("H57,2024/04/12,45-CV/BDVTU") == "ours"
    assert await axis.find_sent("H57,2024/05/12,45-CV/BDVTU") is None
