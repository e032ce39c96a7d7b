"""A client that speaks as a member of the cast: `await api.get("/v1/campaigns", as_="lead_officer")`."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import httpx
from fastapi import FastAPI
from starlette.types import Message

from tests.world import World


class Api:
    """Requests with a token go to the application at once; `http` is a client with cookies, at three times the time."""

    def __init__(self, app: FastAPI, world: World) -> None:
        self.app = app
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://test")
        self.world = world

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, it: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.aclose()

    async def call(
        self,
        method: str,
        path: str,
        *,
        as_: str | None = None,
        if_match: int | None = None,
        key: str | None = None,
        language: str | None = None,
        headers: dict[str, str] | None = None,
        **rest: Any,
    ) -> httpx.Response:
        sent = dict(headers or {})
        if as_ is not None:
            sent["Authorization"] = f"Bearer {self.world.token(as_)}"
        if if_match is not None:
            sent["If-Match"] = f'"{if_match}"'
        if key is not None:
            sent["Idempotency-Key"] = key
        if language is not None:
            sent["Accept-Language"] = language
        return await send(self.app, httpx.Request(method, f"http://test{path}", headers=sent, **rest))

    async def get(self, path: str, **rest: Any) -> httpx.Response:
        return await self.call("GET", path, **rest)

    async def post(self, path: str, json: Any = None, **rest: Any) -> httpx.Response:
        return (
            await self.call("POST", path, json=json, **rest)
            if json is not None
            else await self.call("POST", path, **rest)
        )

    async def patch(self, path: str, json: Any, **rest: Any) -> httpx.Response:
        return await self.call("PATCH", path, json=json, **rest)

    async def put(self, path: str, json: Any, **rest: Any) -> httpx.Response:
        return await self.call("PUT", path, json=json, **rest)

    async def delete(self, path: str, **rest: Any) -> httpx.Response:
        return await self.call("DELETE", path, **rest)

    async def move(self, path: str, action: str, *, as_: str, expect: int = 200, **payload: Any) -> dict[str, Any]:
        """Take a step of the record at `path` at its present version, as a client that has just read it would."""
        seen = await self.get(path, as_=as_)
        version = int(seen.headers["ETag"].strip('"')) if "ETag" in seen.headers else None
        answer = await self.post(f"{path}/transitions", {"action": action, **payload}, as_=as_, if_match=version)
        assert answer.status_code == expect, answer.text
        return dict(answer.json())


async def send(app: FastAPI, request: httpx.Request) -> httpx.Response:
    """What httpx.ASGITransport does, without a client around it: most tests are made of requests."""
    assert isinstance(request.stream, httpx.AsyncByteStream)
    pieces = aiter(request.stream)
    answered, ended = asyncio.Event(), False
    messages: list[Message] = []

    async def receive() -> Message:
        nonlocal ended
        if not ended:
            piece = await anext(pieces, None)
            ended = piece is None
            return {"type": "http.request", "body": piece or b"", "more_body": not ended}
        await answered.wait()
        return {"type": "http.disconnect"}

    async def take(message: Message) -> None:
        messages.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            answered.set()

    path, _, query = request.url.raw_path.partition(b"?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": "http",
        "path": request.url.path,
        "raw_path": path,
        "query_string": query,
        "server": ("test", None),
        "client": ("127.0.0.1", 123),
        "root_path": "",
    }
    with suppress(Exception):  # what breaks an answer that has begun ends it; what comes before is answered by the app
        await app(scope, receive, take)
    start, *parts = messages
    content = b"".join(it.get("body", b"") for it in parts)
    return httpx.Response(start["status"], headers=start["headers"], content=content, request=request)


def created(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def ok(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return dict(answer.json())
