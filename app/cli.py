"""The command line `giamsat`: serve, worker, migrate, demo, first-admin, keys, and the generated documents."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
import uvicorn
from pydantic import SecretStr, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import Field

from app.board import show
from app.core import embedded, log, migrations
from app.core.clock import today
from app.core.db import create_engine
from app.core.errors import AppError
from app.core.settings import Settings
from app.core.tokens import make_key
from app.core.words import LANGUAGES, problem_words
from app.documents import lifecycle_documents, openapi_document
from app.main import create_app
from app.models.account import Login, NewPassword
from app.models.base import Payload
from app.services import audit_chain, identity, reference, sweep
from app.services.recommendations.board import Board, read_board
from app.worker import work

if TYPE_CHECKING:
    from app.demo.exchange import Exchange

DOCS = Path(__file__).parents[1] / "docs"
SHUTDOWN_SECONDS = 20
"""How long open requests may take to end after SIGTERM; statements are cut off after 15 s."""

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Giám sát · Supervision"
)
keys = typer.Typer(no_args_is_help=True, help="Khóa ký mã truy cập · Keys that sign access tokens")
app.add_typer(keys, name="keys")
audit = typer.Typer(no_args_is_help=True, help="Nhật ký kiểm toán · The audit")
app.add_typer(audit, name="audit")

Check = Annotated[bool, typer.Option("--check", help="Chỉ báo nếu đã cũ · Only say whether it is stale")]


@app.command()
def serve() -> None:
    """Phục vụ API · Serve the API; without DATABASE_URL on the embedded PostgreSQL, with its worker beside it."""
    settings = _begin(Settings())
    with suppress(KeyboardInterrupt), _database(settings) as ready, _worker_beside(ready, settings):
        _server(ready).run()


@app.command()
def worker() -> None:
    """Chạy các việc nền · Run the background jobs."""
    settings = _begin(Settings())
    with suppress(KeyboardInterrupt), _database(settings, prepare=False) as ready:
        asyncio.run(work(ready))


@app.command("sweep")
def sweep_once(
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Ngày · The day")] = None,
) -> None:
    """Chạy đồng hồ ban đêm của một ngày · Run the nightly clock as of a day: reminders, escalation, digests."""
    settings = _begin(Settings(log_level="WARNING"))
    with _database(settings, prepare=False) as ready:
        swept = asyncio.run(_sweep(_url(ready), on.date() if on else None))
    typer.echo(
        f"{swept.on:%d/%m/%Y}: {swept.reminded} lần nhắc · reminders, {swept.escalated} lần chuyển cấp trên · "
        f"escalations, {swept.digests} bản tổng hợp · digests, {swept.failed} lỗi · failed"
    )


async def _sweep(url: str, on: date | None) -> sweep.Swept:
    engine = create_engine(url, pool_size=2, application="giamsat-sweep")
    try:
        return await sweep.run(async_sessionmaker(engine, expire_on_commit=False), on or today())
    finally:
        await engine.dispose()


@app.command()
def board(
    body: Annotated[str, typer.Option("--body", help="Mã hoặc ký hiệu cơ quan · Its id or symbol")],
) -> None:
    """Bảng theo dõi kiến nghị của một cơ quan · The follow-up board of a body: what is open, soonest due first."""
    settings = _begin(Settings(log_level="WARNING"))
    with _database(settings, prepare=False) as ready:
        found = asyncio.run(_board(_url(ready), body))
    if found is None:
        raise typer.Exit(_complain("Không có cơ quan nào mang mã hoặc ký hiệu đó · No body bears that id or symbol"))
    show(found)


async def _board(url: str, named: str) -> Board | None:
    engine = create_engine(url, pool_size=1, application="giamsat-board")
    try:
        async with AsyncSession(engine) as session:
            return await read_board(session, named, today())
    finally:
        await engine.dispose()


def _complain(words: str) -> int:
    typer.echo(words, err=True)
    return 1


@app.command()
def migrate() -> None:
    """Nâng cấp lược đồ, nạp dữ liệu chuẩn · Bring the schema up to date and load the reference data."""
    settings = _begin(Settings())
    with _database(settings, prepare=settings.database_url is None) as ready:
        if settings.database_url is not None:
            _prepare(_url(ready))


@app.command()
def demo() -> None:
    """Câu chuyện Đoàn giám sát 133, rồi phục vụ API · Tell the story of Delegation 133, then serve the API."""
    from app.demo.exchange import choose_secret

    settings = Settings(demo=True, log_level="WARNING")
    log.configure(settings.log_level)
    choose_secret()
    _end_gracefully()
    typer.echo("Khởi động cơ sở dữ liệu · Starting the database …")
    with suppress(KeyboardInterrupt), _database(settings) as ready:
        if settings.database_url is not None:
            _prepare(_url(settings))
        with _worker_beside(ready, settings):
            asyncio.run(_tell_and_serve(ready))


async def _tell_and_serve(settings: Settings) -> None:
    from app.demo.exchange import running

    async with running(settings) as axis:
        await _tell_beside(settings, axis)


async def _tell_beside(settings: Settings, axis: "Exchange") -> None:
    from app.demo.story import tell

    server = _server(settings)
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn tells by a flag
        await asyncio.sleep(0.05)
    address = _address(settings)
    telling = asyncio.create_task(tell(address, settings, axis))
    await asyncio.wait({telling, serving}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        telling.cancel()
        return
    telling.result()
    typer.echo(f"\nTài liệu API · API docs: {address}/docs\nDừng · Stop: Ctrl+C")
    await serving


def _address(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
    return f"http://{host}:{settings.port}"


@app.command("first-admin")
def first_admin(
    login: Annotated[str, typer.Option(prompt="Tên đăng nhập · Login")],
    name: Annotated[str, typer.Option(prompt="Họ tên · Name")],
    body: Annotated[str, typer.Option(prompt="Tên cơ quan đăng ký · Name of the registry body")],
    short_name: Annotated[str, typer.Option(prompt="Tên ngắn của cơ quan · Its short name")],
    link: Annotated[bool, typer.Option("--link", help="In liên kết mời · Print an invitation link instead")] = False,
) -> None:
    """Tạo cơ quan đăng ký và người quản trị đầu tiên · Make the registry and its first administrator.

    The password is asked for, and neither shown nor kept in a history of commands.
    """
    password = None if link else typer.prompt("Mật khẩu · Password (≥ 12)", hide_input=True, confirmation_prompt=True)
    settings = _begin(Settings(log_level="WARNING"))
    try:
        who = FirstAdmin(login=login, name=name, body_name=body, short_name=short_name, password=password)
        with _database(settings) as ready:
            secret = asyncio.run(_first_admin(_url(ready), who))
    except (ValidationError, AppError) as error:
        raise typer.BadParameter(_reason(error)) from None
    typer.echo(f"{settings.public_url}/v1/auth/invitations/{secret}" if secret else f"Đã tạo · Created: {who.login}")


class FirstAdmin(Payload):
    login: Login
    name: str = Field(min_length=1, max_length=200)
    body_name: str = Field(min_length=1, max_length=300)
    short_name: str = Field(min_length=1, max_length=100)
    password: NewPassword | None = None


async def _first_admin(url: str, who: FirstAdmin) -> str | None:
    engine = create_engine(url, pool_size=1)
    try:
        async with AsyncSession(engine) as session, session.begin():
            return (await identity.first_admin(session, **who.model_dump())).invitation
    finally:
        await engine.dispose()


def _reason(error: ValidationError | AppError) -> str:
    if isinstance(error, AppError):
        return " · ".join(problem_words(language, error.code, error.params)[0] for language in LANGUAGES)
    return "; ".join(f"{it['loc'][0]}: {it['msg']}" for it in error.errors(include_input=False))


@keys.command()
def rotate() -> None:
    """Thêm khóa ký mới · Add a signing key: it signs from the next start on, the earlier ones still verify."""
    typer.echo(make_key(Settings().keys_dir).stem)


@audit.command()
def verify(
    head: Annotated[str | None, typer.Option("--head", help="Mã đã ghi lại lần trước · A hash kept earlier")] = None,
) -> None:
    """Kiểm tra nhật ký còn nguyên vẹn · Is every line of the audit as it was sealed? Names the first that is not."""
    settings = _begin(Settings(log_level="WARNING"))
    with _database(settings, prepare=False) as ready:
        found, known = asyncio.run(_verify(_url(ready), head))
    typer.echo(
        f"{found.lines} dòng · lines, {found.seals} lần niêm phong · seals, {found.unsealed} chưa niêm phong · "
        f"not yet sealed\n{found.head}"
    )
    if found.broken is not None:
        raise typer.Exit(_complain(_broken(found.broken)))
    if not known:
        raise typer.Exit(_complain("Không có niêm phong nào mang mã đó · No seal bears that hash: some were cut off"))


async def _verify(url: str, head: str | None) -> tuple[audit_chain.Verified, bool]:
    engine = create_engine(url, pool_size=1, application="giamsat-audit")
    try:
        async with AsyncSession(engine) as session:
            found = await audit_chain.verify(session)
            return found, head is None or await audit_chain.sealed_as(session, head)
    finally:
        await engine.dispose()


FAULTS = {
    audit_chain.Fault.ALTERED: "bị sửa · was altered",
    audit_chain.Fault.REMOVED: "bị xóa · was removed",
    audit_chain.Fault.ADDED: "bị chèn thêm · was put in later",
    audit_chain.Fault.RESEALED: "niêm phong bị sửa · the seal itself was altered",
}


def _broken(it: audit_chain.Broken) -> str:
    line = "" if it.seq is None else f", dòng · line {it.seq}"
    return f"Niêm phong · Seal {it.seal}{line}: {FAULTS[it.fault]}"


@app.command()
def openapi(check: Check = False) -> None:
    """Ghi docs/openapi.json · Write docs/openapi.json."""
    with TemporaryDirectory() as scratch:
        made = openapi_document(create_app(Settings(data_dir=Path(scratch))))
    _write({DOCS / "openapi.json": made}, check=check)


@app.command()
def lifecycles(check: Check = False) -> None:
    """Ghi docs/lifecycles/*.md từ các bảng trạng thái · Write docs/lifecycles/*.md from the tables."""
    _write({DOCS / "lifecycles" / name: text for name, text in lifecycle_documents().items()}, check=check)


def _write(documents: dict[Path, str], *, check: bool) -> None:
    stale = [path for path, text in documents.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        typer.echo(path.relative_to(DOCS.parent))
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(documents[path], "utf-8")
    if check and stale:
        raise typer.Exit(1)


def _begin(settings: Settings) -> Settings:
    log.configure(settings.log_level)
    _end_gracefully()
    return settings


def _end_gracefully() -> None:
    """SIGTERM ends us the way Ctrl+C does, so that the embedded server is stopped too."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)


@contextmanager
def _database(settings: Settings, *, prepare: bool = True) -> Iterator[Settings]:
    """The settings with a database: the one given, else the embedded, migrated by its owner and used without DDL."""
    if settings.database_url is not None:
        yield settings
        return
    with embedded.running(settings.database_dir) as server:
        if prepare:
            _prepare(server.url())
        yield settings.model_copy(update={"database_url": SecretStr(server.url(role=embedded.APP))})


def _prepare(url: str) -> None:
    migrations.upgrade(url)
    asyncio.run(_load_reference(url))


async def _load_reference(url: str) -> None:
    engine = create_engine(url, pool_size=1)
    async with AsyncSession(engine) as session, session.begin():
        await reference.load(session)
    await engine.dispose()


def _url(settings: Settings) -> str:
    assert settings.database_url is not None
    return settings.database_url.get_secret_value()


@contextmanager
def _worker_beside(ready: Settings, given: Settings) -> Iterator[None]:
    """With a server of their own, people run the worker as a service; the embedded one brings it along."""
    if given.database_url is not None:
        yield
        return
    ours = {"GIAMSAT_DEMO": str(ready.demo).lower(), "GIAMSAT_LOG_LEVEL": ready.log_level}
    beside = subprocess.Popen([sys.executable, "-m", "app.cli", "worker"], env=os.environ | ours)
    try:
        yield
    finally:
        beside.terminate()
        beside.wait()


class Server(uvicorn.Server):
    """Ends streams at the first signal: uvicorn waits for open answers, and they would last as long as their tokens."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.config.app.state.bell.close()  # type: ignore[union-attr]
        super().handle_exit(sig, frame)


def _server(settings: Settings) -> uvicorn.Server:
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.trust_proxy,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    return Server(config)


if __name__ == "__main__":
    app()
