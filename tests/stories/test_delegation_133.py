"""Đoàn giám sát 133 from its proposal to the recommendations that were issued: the demo's chapters, over the API."""

from pathlib import Path
from typing import Any

from app.core.clock import set_today
from app.demo import chapters, setting
from app.demo.voices import Journal, Voices
from tests.client import Api
from tests.world import World


async def test_delegation_133(api: Api, world: World, tmp_path: Path) -> None:
    voices = Voices(api.http, Journal(tmp_path / "story.json"), lambda line: None)
    voices.speak_with("registrar", world.token("registrar"))
    voices.journal.done["registry"] = str(world.body["registry"])
    ids: dict[str, Any] = dict(await setting.gather(voices))
    *supervised, _ = chapters.CHAPTERS
    for _, chapter in supervised:
        ids |= await chapter(voices, ids)
    set_today(None)
    campaign = await voices.read("lead_officer", f"/v1/campaigns/{ids['campaign']}")
    assert campaign["state"] == "concluded"
    issued = await voices.read("lead_officer", f"/v1/recommendations?campaign_id={ids['campaign']}&state=issued")
    assert len(issued["items"]) >= 7
    assert all(it["addressee"]["name"] and it["due_on"] and it["due_basis"] for it in issued["items"])
    limitations = await voices.read("head", f"/v1/findings?campaign_id={ids['campaign']}&kind=limitation")
    assert len(limitations["items"]) >= 5
