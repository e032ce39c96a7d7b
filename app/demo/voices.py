"""Speaking through HTTP as a part of the cast, and remembering what has been said so that nothing is said twice."""

import json
import os
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx

Told = Callable[[str], None]
Night = Callable[[date], Awaitable[Any]]


class Unexpected(RuntimeError):
    """The API did not answer as the story needs."""


class Journal:
    """What is done, with the ids it gave; a run that was interrupted goes on where it stopped."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.done: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}

    def write(self, name: str, value: Any) -> None:
        self.done[name] = value
        write_private(self.path, self.done)


def write_private(path: Path, value: Any) -> None:
    """Whole or not at all, and for nobody else's eyes."""
    scratch = path.with_suffix(".new")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=2)
    scratch.replace(path)


class Voices:
    """One client, one signed-in token for each part."""

    def __init__(self, http: httpx.AsyncClient, journal: Journal, tell: Told, night: Night | None = None) -> None:
        """`night` runs the nightly clock of a day, as the worker does once each day."""
        self.http = http
        self.journal = journal
        self.tell = tell
        self.night = night
        self.credentials: dict[str, tuple[str, str]] = {}
        self._tokens: dict[str, str] = {}

    async def once(self, name: str, deed: Callable[[], Awaitable[Any]]) -> Any:
        """The result of a named deed, done at most once over all runs."""
        if name not in self.journal.done:
            self.journal.write(name, await deed())
        return self.journal.done[name]

    def speak_with(self, part: str, token: str) -> None:
        """For a part that has signed in already."""
        self._tokens[part] = token

    async def sign_in(self, part: str) -> str:
        if part not in self._tokens:
            login, password = self.credentials[part]
            form = {"grant_type": "password", "username": login, "password": password}
            answer = await self.http.post("/v1/auth/token", data=form)
            if answer.status_code != 200:
                raise Unexpected(f"{part}: {answer.text}")
            self._tokens[part] = answer.json()["access_token"]
        return self._tokens[part]

    def leave(self, part: str) -> None:
        """Sign in anew at the next word: they speak for another body now."""
        self._tokens.pop(part, None)

    async def say(self, part: str, method: str, path: str, body: Any = None, **rest: Any) -> Any:
        """One call; the JSON of the answer, or Unexpected."""
        answer = await self._call(part, method, path, body, **rest)
        return answer.json() if answer.content else None

    async def _call(self, part: str, method: str, path: str, body: Any = None, **rest: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {await self.sign_in(part)}", **rest.pop("headers", {})}
        answer = await self.http.request(method, path, json=body, headers=headers, **rest)
        if answer.status_code == 401:
            del self._tokens[part]
            headers["Authorization"] = f"Bearer {await self.sign_in(part)}"
            answer = await self.http.request(method, path, json=body, headers=headers, **rest)
        if answer.is_error:
            raise Unexpected(f"{part} {method} {path}: {answer.status_code} {answer.text}")
        return answer

    async def etag(self, part: str, path: str) -> str:
        """The version of the record as the part sees it now."""
        return str((await self._call(part, "GET", path)).headers["ETag"])

    async def read(self, part: str, path: str, **params: Any) -> Any:
        return await self.say(part, "GET", path, params=params)

    async def fetch(self, part: str, path: str, **params: Any) -> bytes:
        """A file."""
        return (await self._call(part, "GET", path, params=params)).content

    async def make(self, part: str, path: str, body: Any, *, key: str, seen: str | None = None) -> Any:
        """POST that may be repeated; `seen` is the record whose version the change is based on."""
        headers = {"Idempotency-Key": str(uuid5(NAMESPACE_URL, f"demo:{key}"))}
        if seen is not None:
            headers["If-Match"] = await self.etag(part, seen)
        return await self.say(part, "POST", path, body, headers=headers)

    async def move(self, part: str, path: str, action: str, **payload: Any) -> Any:
        """Take a step of the record at `path` at the version it has now."""
        body = {"action": action, **payload}
        return await self.make(part, f"{path}/transitions", body, key=f"{path}:{action}:{payload.get('on')}", seen=path)
