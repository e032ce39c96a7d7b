"""`giamsat demo`: tells the story once, shows what became of it, and says how to sign in."""

from functools import partial
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from app.core.settings import Settings
from app.demo import chapters, elsewhere, reorganisation, setting, tables
from app.demo.exchange import Exchange
from app.demo.voices import Journal, Voices, write_private
from app.services import sweep

JOURNAL = "demo-story.json"
OTHER_ACCOUNTS = "demo-accounts-elsewhere.json"
EXCHANGE = "Văn bản qua trục liên thông: gửi, nhận, trả lời · Papers by the axis: sent, arrived, answered"
HEIR = "Cơ quan kế thừa có tài khoản trên trục · The heir's account on the axis"
PATIENCE = httpx.Timeout(30)


async def tell(address: str, settings: Settings, axis: Exchange) -> None:
    """Safe to run again: what the journal says is done is not done twice."""
    console = Console(highlight=False)
    console.width = max(console.width, 132)
    journal = Journal(settings.data_dir / JOURNAL)
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as http:
        voices = Voices(http, journal, console.print, partial(sweep.run, axis.sessions))
        console.print("[bold]Các cơ quan và tài khoản · Bodies and accounts[/bold]")
        await setting.open_registry(voices, settings)
        ids = await setting.gather(voices)
        ids |= await _chapters(voices, ids, console, axis)
        accounts = await setting.write_accounts(voices, ids, settings.data_dir)
        await tables.show(voices, ids, console)
        others = await _elsewhere(voices, settings, console)
    console.print(f"\nTài khoản · Accounts: [bold]{accounts}[/bold], {others} (login, password, part)")


async def _chapters(voices: Voices, ids: dict[str, str], console: Console, axis: Exchange) -> dict[str, Any]:
    """The papers travel once the recommendations are issued, before they are followed up. What a newer version tells in
    the middle of a story that an older one has told further is left out."""
    *supervised, followed = chapters.CHAPTERS
    merged, divided = reorganisation.CHAPTERS
    papers, heir = (EXCHANGE, axis.exchange_papers), (HEIR, axis.take_over_axis)
    told = (*supervised, papers, followed, merged, heir, divided)
    known: dict[str, Any] = dict(ids)
    done = [f"chapter:{chapter.__name__}" in voices.journal.done for _, chapter in told]
    new = [not it and not any(done[number:]) for number, it in enumerate(done)]
    for number, (name, chapter) in enumerate(told):
        if not done[number] and not new[number]:
            continue
        console.print(f"[bold]{number + 1}/{len(told)}[/bold] {name}")
        known |= await voices.once(f"chapter:{chapter.__name__}", partial(chapter, voices, dict(known)))
    if any(new) or "clock" not in voices.journal.done:
        await voices.say("registrar", "POST", "/v1/demo/clock", {"today": None})
        voices.journal.write("clock", "real")
    return known


async def _elsewhere(voices: Voices, settings: Settings, console: Console) -> Path:
    """What others did beside Delegation 133; their accounts are in a file of their own."""
    people: list[dict[str, Any]] = []
    for story in elsewhere.stories():
        console.print(f"[bold]{story.name}[/bold]")
        ids = await elsewhere.tell(voices, story)
        people += elsewhere.accounts(voices, story, ids)
    path = settings.data_dir / OTHER_ACCOUNTS
    write_private(path, people)
    return path
