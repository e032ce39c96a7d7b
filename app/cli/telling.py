"""The demo: its story is told over HTTP to the server that then stays."""

import asyncio

import typer

from app.cli.serving import server
from app.core.settings import Settings
from app.demo.exchange import Exchange, running
from app.demo.story import tell


async def tell_and_serve(settings: Settings) -> None:
    async with running(settings) as axis:
        await _tell_beside(settings, axis)


async def _tell_beside(settings: Settings, axis: Exchange) -> None:
    beside = server(settings)
    serving = asyncio.create_task(beside.serve())
    while not beside.started and not serving.done():  # noqa: ASYNC110 - uvicorn tells by a flag
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
