"""Which addresses a webhook may have, and that no trick leads elsewhere."""

import asyncio
import socket
from ipaddress import ip_address
from typing import Any

import httpx
import pytest

from app.adapters import webhook_http
from app.adapters.webhook_http import Guard
from tests.receiver import receiving

pytestmark = pytest.mark.thorough

STRICT, DEMO, INSIDE = Guard(), Guard(loopback=True), Guard(private=True)


PRIVATE = """
    127.0.0.1 ::1 10.0.0.8 172.16.0.1 192.168.1.1 169.254.169.254 fe80::1 fd00::1 0.0.0.0 ::ffff:127.0.0.1
    ::ffff:10.0.0.1 100.64.0.1 224.0.0.1 255.255.255.255 ::
"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_what_is_not_public_is_refused(address: str) -> None:
    assert not STRICT.allows(ip_address(address))


@pytest.mark.parametrize("address", ["203.113.131.1", "2402:800:20ff::1", "8.8.8.8"])
def test_what_is_public_is_allowed(address: str) -> None:
    assert STRICT.allows(ip_address(address))


def test_the_demo_calls_its_own_machine_and_nothing_else_inside() -> None:
    assert DEMO.allows(ip_address("127.0.0.1"))
    assert not DEMO.allows(ip_address("10.0.0.8"))
    assert INSIDE.allows(ip_address("10.0.0.8"))


@pytest.mark.parametrize(
    "url", ["http://vanban.example.vn", "https://127.0.0.1", "https://[::1]/x", "https://localhost"]
)
def test_what_can_be_seen_to_be_refused_is_refused_at_once(url: str) -> None:
    assert STRICT.refuses(httpx.URL(url))


async def test_a_name_that_means_a_private_address_is_refused_before_anything_is_sent() -> None:
    async with receiving() as receiver:
        port = receiver.url.rpartition(":")[2]
        refused = await webhook_http.call(f"https://localhost.localdomain:{port}/", "{}", {}, STRICT)
        assert refused.failure in {"refused_target", "unreachable"}
        assert receiver.received == []


async def test_the_call_goes_to_the_address_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means something else the second time (DNS rebinding) is asked only once."""
    asked: list[str] = []
    loop_type = type(asyncio.get_running_loop())
    real = loop_type.getaddrinfo

    async def once(self: Any, host: Any, port: Any, **rest: Any) -> Any:
        asked.append(str(host))
        return await real(self, "127.0.0.1" if host == "vanban.example.vn" else host, port, **rest)

    monkeypatch.setattr(loop_type, "getaddrinfo", once)
    async with receiving() as receiver:
        port = receiver.url.rpartition(":")[2]
        outcome = await webhook_http.call(f"http://vanban.example.vn:{port}/x", "{}", {}, INSIDE)
        assert outcome.status == 204
        assert receiver.received[0][0]["host"] == f"vanban.example.vn:{port}"
    assert asked.count("vanban.example.vn") == 1
    refused = await webhook_http.call("https://vanban.example.vn/x", "{}", {}, STRICT)
    assert refused.failure == "refused_target"


async def test_a_redirect_is_a_failure_and_is_not_followed() -> None:
    async with receiving() as receiver:
        receiver.answers = [302]
        outcome = await webhook_http.call(receiver.url, "{}", {}, INSIDE)
        assert (outcome.status, outcome.failure, len(receiver.received)) == (302, "status", 1)


async def test_a_target_that_does_not_answer_in_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_http, "TOTAL_SECONDS", 0.2)
    async with receiving() as receiver:
        receiver.delay = 1
        assert (await webhook_http.call(receiver.url, "{}", {}, INSIDE)).failure == "timeout"


async def test_a_closed_port_is_unreachable() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert (await webhook_http.call(f"http://127.0.0.1:{port}", "{}", {}, INSIDE)).failure == "unreachable"
