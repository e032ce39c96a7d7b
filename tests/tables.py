"""Tables as people send them, written by real libraries; and an import of one, run as the worker runs it."""

import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import openpyxl
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core.ids import new_id
from app.domain.import_ import ImportKind
from app.models.import_ import ExternalKey
from app.services.imports import running
from tests.client import Api, ok
from tests.world import World

PATH = "/v1/imports"
Sessions = async_sessionmaker[AsyncSession]


def a_csv(*rows: Any, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def a_workbook(*rows: Any, title: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


class Importer:
    """Sends tables as one member of the cast."""

    def __init__(self, app: FastAPI, sessions: Sessions, api: Api) -> None:
        self.app, self.sessions, self.api = app, sessions, api

    async def ask(self, kind: str, content: bytes, as_: str, *, name: str = "bảng.csv", **form: str) -> dict[str, Any]:
        files = {"file": (name, content)}
        answer = await self.api.post(PATH, data={"kind": kind, **form}, files=files, as_=as_)
        assert answer.status_code == 202, answer.text
        assert answer.headers["location"] == f"{PATH}/{answer.json()['id']}"
        return dict(answer.json())

    async def run(self, it: dict[str, Any], as_: str) -> dict[str, Any]:
        await running.run(self.sessions, self.app.state.imports, it["id"])
        return ok(await self.api.get(f"{PATH}/{it['id']}", as_=as_))

    async def take(self, kind: str, content: bytes, as_: str, **form: str) -> dict[str, Any]:
        """Taken in at once."""
        return await self.run(await self.ask(kind, content, as_, mode="apply", **form), as_)

    async def try_(self, kind: str, content: bytes, as_: str, **form: str) -> dict[str, Any]:
        return await self.run(await self.ask(kind, content, as_, **form), as_)


@asynccontextmanager
async def held_up(sessions: Sessions, world: World, key: str) -> AsyncIterator[None]:
    """An import of the registry's that comes to the row with this key waits there until this ends."""
    other = ExternalKey(body_id=world.body["registry"], kind=ImportKind.BODIES, key=key, record_id=new_id(), digest="")
    async with sessions() as session:
        session.add(other)
        await session.flush()
        yield
        await session.rollback()


def said(it: dict[str, Any]) -> list[tuple[int, str | None, str]]:
    """Where and what the errors of an import are."""
    return [(one["row"], one["field"], one["code"]) for one in it["errors"]]
