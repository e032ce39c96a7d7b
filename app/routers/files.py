"""Bytes over HTTP: byte ranges (RFC 9110, section 14), revalidation, and a name that every browser understands."""

import re
from asyncio import to_thread
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.adapters import archive, tables, xlsx
from app.adapters.storage import Storage
from app.core.errors import RangeNotSatisfiable
from app.core.problems import problems
from app.core.text import file_name
from app.routers.deps import PRIVATE
from app.services import templates
from app.services.packing import Package
from app.services.papers.files import MEDIA_TYPES, PaperFile
from app.services.unit_of_work import UnitOfWork

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")

ARCHIVE: dict[int | str, dict[str, Any]] = {
    200: {"description": "Tệp ZIP · The archive", "content": {"application/zip": {}}}
}

BYTES = {"schema": {"type": "string", "format": "binary"}}
TABLE = {it.partition(";")[0]: BYTES for it in tables.MEDIA_TYPES.values()}
PAPER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Văn bản · The paper",
        "content": dict.fromkeys(MEDIA_TYPES.values(), BYTES),
    },
    304: {"description": "Không đổi · Not modified"},
    **problems(409),
}


@dataclass(frozen=True, slots=True)
class File:
    sha256: str
    size: int
    media_type: str
    name: str

    @property
    def etag(self) -> str:
        return f'"{self.sha256}"'


def send(request: Request, storage: Storage, file: File) -> Response:
    headers = {
        "ETag": file.etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization",
        "X-Content-Type-Options": "nosniff",
    }
    if {file.etag, "*"} & _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    span = _span(request, file)
    first, last = span or (0, file.size - 1)
    headers["Content-Disposition"] = disposition(file.name)
    headers["Content-Length"] = str(last - first + 1)
    if span is not None:
        headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    content = storage.read(file.sha256, first, last)
    return StreamingResponse(content, 200 if span is None else 206, headers, file.media_type)


async def send_paper(request: Request, uow: UnitOfWork, paper: PaperFile) -> Response:
    """In the form that its body has chosen."""
    return await send_file(request, uow, await templates.dressed(uow, request.app.state.storage, paper))


async def send_file(request: Request, uow: UnitOfWork, paper: PaperFile) -> Response:
    """The tag is weak: the same paper may be packed otherwise. The transaction ends before anything is rendered."""
    headers = {
        "ETag": f'W/"{paper.tag}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization",
        "X-Content-Type-Options": "nosniff",
    }
    if {f'"{paper.tag}"', "*"} & _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    await uow.session.close()
    headers["Content-Disposition"] = disposition(paper.name)
    return Response(await paper.written(), 200, headers, paper.media_type)


async def send_workbook(uow: UnitOfWork, name: str, write: Callable[[], bytes]) -> Response:
    """Written when the transaction has ended."""
    await uow.session.close()
    return download(name, await to_thread(write), xlsx.MEDIA_TYPE)


def download(name: str, content: bytes, media_type: str) -> Response:
    return Response(content, 200, {**PRIVATE, "Content-Disposition": disposition(name)}, media_type)


def send_archive(request: Request, package: Package) -> Response:
    """Written while it is sent."""
    content = archive.stream(request.app.state.storage, package.index, package.entries)
    headers = {**PRIVATE, "Content-Disposition": disposition(package.name)}
    return StreamingResponse(content, headers=headers, media_type="application/zip")


def _tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}


def _span(request: Request, file: File) -> tuple[int, int] | None:
    """One range; None for all of it, which is also the answer to a range that is none or to several."""
    asked = RANGE.fullmatch(request.headers.get("range", ""))
    if asked is None or not any(asked.groups()) or request.headers.get("if-range", file.etag) != file.etag:
        return None
    first, last = asked[1], asked[2]
    if not first:
        start, end = max(file.size - int(last), 0), file.size - 1
    else:
        start, end = int(first), min(int(last) if last else file.size - 1, file.size - 1)
    if last and first and int(last) < start:
        return None
    if start > end:
        raise RangeNotSatisfiable(size=file.size)
    return start, end


def disposition(name: str) -> str:
    """RFC 6266: an ASCII name for old clients, the real one for the others; never shown inside the browser."""
    stem, dot, suffix = name.rpartition(".")
    plain = file_name(stem, suffix) if dot and suffix.isascii() and suffix.isalnum() else file_name(name, "bin")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
