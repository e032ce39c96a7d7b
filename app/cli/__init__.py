"""The command line `giamsat`: serve, worker, migrate, demo, first-admin, keys, and the generated documents.

Each command imports what it does when it is called: whoever asks for a help page or makes a key does not wait for the
whole application.
"""

import asyncio
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from app.cli.starting import begin, complain, database, importing, prepare, url_of
from app.core.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"

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
    with importing():
        from app.cli import serving

    settings = begin(Settings())
    with suppress(KeyboardInterrupt), database(settings) as ready, serving.worker_beside(ready, settings):
        serving.server(ready).run()


@app.command()
def worker() -> None:
    """Chạy các việc nền · Run the background jobs."""
    with importing():
        from app.worker import work

    settings = begin(Settings())
    with suppress(KeyboardInterrupt), database(settings, prepared=False) as ready:
        asyncio.run(work(ready))


@app.command("sweep")
def sweep_once(
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Ngày · The day")] = None,
) -> None:
    """Chạy đồng hồ ban đêm của một ngày · Run the nightly clock as of a day: reminders, escalation, digests."""
    with importing():
        from app.cli import sweeping

    settings = begin(Settings(log_level="WARNING"))
    with database(settings, prepared=False) as ready:
        swept = asyncio.run(sweeping.sweep(url_of(ready), on.date() if on else None))
    typer.echo(
        f"{swept.on:%d/%m/%Y}: {swept.reminded} lần nhắc · reminders, {swept.escalated} lần chuyển cấp trên · "
        f"escalations, {swept.digests} bản tổng hợp · digests, {swept.failed} lỗi · failed"
    )


@app.command()
def board(
    body: Annotated[str, typer.Option("--body", help="Mã hoặc ký hiệu cơ quan · Its id or symbol")],
) -> None:
    """Bảng theo dõi kiến nghị của một cơ quan · The follow-up board of a body: what is open, soonest due first."""
    with importing():
        from app.board import look_up, show

    settings = begin(Settings(log_level="WARNING"))
    with database(settings, prepared=False) as ready:
        found = asyncio.run(look_up(url_of(ready), body))
    if found is None:
        raise complain("Không có cơ quan nào mang mã hoặc ký hiệu đó · No body bears that id or symbol")
    show(found)


@app.command()
def migrate() -> None:
    """Nâng cấp lược đồ, nạp dữ liệu chuẩn · Bring the schema up to date and load the reference data."""
    settings = begin(Settings())
    with database(settings, prepared=settings.database_url is None) as ready:
        if settings.database_url is not None:
            prepare(url_of(ready))


@app.command()
def demo() -> None:
    """Câu chuyện Đoàn giám sát 133, rồi phục vụ API · Tell the story of Delegation 133, then serve the API."""
    typer.echo("Khởi động cơ sở dữ liệu · Starting the database …")
    with importing():
        from app.cli import serving, telling
        from app.demo.exchange import choose_secret

    settings = begin(Settings(demo=True, log_level="WARNING"))
    choose_secret()
    with suppress(KeyboardInterrupt), database(settings) as ready:
        if settings.database_url is not None:
            prepare(url_of(settings))
        with serving.worker_beside(ready, settings):
            asyncio.run(telling.tell_and_serve(ready))


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
    with importing():
        from app.cli import founding

    settings = begin(Settings(log_level="WARNING"))
    with founding.refusals():
        who = founding.FirstAdmin(login=login, name=name, body_name=body, short_name=short_name, password=password)
        with database(settings) as ready:
            secret = asyncio.run(founding.found(url_of(ready), who))
    typer.echo(f"{settings.public_url}/v1/auth/invitations/{secret}" if secret else f"Đã tạo · Created: {who.login}")


@keys.command()
def rotate() -> None:
    """Thêm khóa ký mới · Add a signing key: it signs from the next start on, the earlier ones still verify."""
    from app.core.tokens import make_key

    typer.echo(make_key(Settings().keys_dir).stem)


@audit.command()
def verify(
    head: Annotated[str | None, typer.Option("--head", help="Mã đã ghi lại lần trước · A hash kept earlier")] = None,
) -> None:
    """Kiểm tra nhật ký còn nguyên vẹn · Is every line of the audit as it was sealed? Names the first that is not."""
    with importing():
        from app.cli import auditing

    settings = begin(Settings(log_level="WARNING"))
    with database(settings, prepared=False) as ready:
        found, known = asyncio.run(auditing.verify(url_of(ready), head))
    typer.echo(
        f"{found.lines} dòng · lines, {found.seals} lần niêm phong · seals, {found.unsealed} chưa niêm phong · "
        f"not yet sealed\n{found.head}"
    )
    if found.broken is not None:
        raise complain(auditing.words_for(found.broken))
    if not known:
        raise complain("Không có niêm phong nào mang mã đó · No seal bears that hash: some were cut off")


@app.command()
def openapi(check: Check = False) -> None:
    """Ghi docs/openapi.json · Write docs/openapi.json."""
    with importing():
        from app.documents import openapi_document
        from app.main import create_app

    with TemporaryDirectory() as scratch:
        made = openapi_document(create_app(Settings(data_dir=Path(scratch))))
    _write({DOCS / "openapi.json": made}, check=check)


@app.command()
def lifecycles(check: Check = False) -> None:
    """Ghi docs/lifecycles/*.md từ các bảng trạng thái · Write docs/lifecycles/*.md from the tables."""
    from app.documents import lifecycle_documents

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
