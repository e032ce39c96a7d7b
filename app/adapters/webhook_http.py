"""Calls a webhook: signed, in ten seconds, never where it could reach what is ours alone.

The name of the target is resolved once, every address it has is judged, and the call goes to one of those addresses:
a name that changes its meaning between the check and the call gains nothing. Redirects and proxies are not followed.
"""

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Self

import httpx
from standardwebhooks.webhooks import Webhook as Signer

from app.adapters.trust import roots
from app.core.settings import Settings

TOTAL_SECONDS = 10.0
CONNECT_SECONDS = 5.0

Address = IPv4Address | IPv6Address


class RefusedTarget(Exception):
    """The address is private, of this machine, or of the link."""


@dataclass(frozen=True)
class Guard:
    """Which addresses may be called beside public ones, and whether without TLS."""

    private: bool = False
    loopback: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The demo may call programs that run beside it."""
        return cls(private=settings.webhook_private_targets, loopback=settings.demo)

    def allows(self, address: Address) -> bool:
        inner = getattr(address, "ipv4_mapped", None) or address
        if inner.is_loopback:
            return self.loopback or self.private
        return self.private or (inner.is_global and not inner.is_multicast)

    def refuses(self, url: httpx.URL) -> bool:
        """What can be said of a target before its name is resolved."""
        address = _written(url.host)
        if url.host == "localhost" or (address is not None and address.is_loopback):
            return not (self.loopback or self.private)
        if address is not None and not self.allows(address):
            return True
        return url.scheme != "https" and not self.private


def _written(host: str) -> Address | None:
    """The address that the host is, unless it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


@dataclass(frozen=True)
class Outcome:
    """How a try ended: the status of the answer, or the kind of failure."""

    status: int | None = None
    failure: str | None = None

    @property
    def arrived(self) -> bool:
        return self.failure is None

    @property
    def gone(self) -> bool:
        """The target asks never to be called again."""
        return self.status == 410


def signed(identifier: str, at: datetime, content: str, secrets: list[str]) -> dict[str, str]:
    """The headers of the Standard Webhooks specification, with one signature for each secret in force."""
    return {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "User-Agent": "giamsat-webhooks/1",
        "webhook-id": identifier,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Signer(it).sign(identifier, at, content) for it in secrets),
    }


async def call(url: str, content: str, headers: Mapping[str, str], guard: Guard) -> Outcome:
    """One try; whatever goes wrong on the way is an outcome."""
    try:
        async with asyncio.timeout(TOTAL_SECONDS):
            return _judged(await _post(httpx.URL(url), content.encode(), headers, guard))
    except RefusedTarget:
        return Outcome(failure="refused_target")
    except (TimeoutError, httpx.TimeoutException):
        return Outcome(failure="timeout")
    except (OSError, httpx.HTTPError, httpx.InvalidURL):
        return Outcome(failure="unreachable")


def _judged(status: int) -> Outcome:
    return Outcome(status) if 200 <= status < 300 else Outcome(status, "status")


async def _post(url: httpx.URL, content: bytes, headers: Mapping[str, str], guard: Guard) -> int:
    """The answer's body is not read: nothing depends on it."""
    if guard.refuses(url):
        raise RefusedTarget
    address = await _checked(url, guard)
    timeout = httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS)
    async with httpx.AsyncClient(timeout=timeout, verify=roots(), trust_env=False, follow_redirects=False) as client:
        request = client.build_request(
            "POST",
            url.copy_with(host=str(address)),
            content=content,
            headers={**headers, "Host": url.netloc.decode()},
            extensions={"sni_hostname": url.host},
        )
        answer = await client.send(request, stream=True)
        await answer.aclose()
        return answer.status_code


async def _checked(url: httpx.URL, guard: Guard) -> Address:
    port = url.port or (443 if url.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    addresses = [ip_address(it[4][0]) for it in found]
    if not addresses or not all(guard.allows(it) for it in addresses):
        raise RefusedTarget
    return addresses[0]
