"""What four provinces and a commune did, told after Delegation 133: working together, supervision by the people.

Each is a module with its bodies, its people and one story; the facts are of the press, what fills them out
(the days of unreported steps, papers, names of officers) is made up and says so.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from app.demo import setting
from app.demo.cast import CastBody, Part
from app.demo.voices import Voices

Ids = dict[str, str]
SINCE = "2010-01-01"


@dataclass(frozen=True)
class Story:
    """`tell` makes everything that happened and gives the ids of what came of it, by name."""

    name: str
    bodies: dict[str, CastBody]
    parts: dict[str, Part]
    tell: Callable[[Voices, Ids], Awaitable[Ids]]


async def tell(voices: Voices, story: Story) -> Ids:
    """Once over all runs, like the chapters of Delegation 133."""
    ids = await _gather(voices, story)
    told: Any = await voices.once(f"story:{story.tell.__module__}", partial(_tell, voices, story, dict(ids)))
    return {**ids, **told}


async def _gather(voices: Voices, story: Story) -> Ids:
    """Without places: the codes of these provinces are those of today, after they were merged."""
    ids: Ids = {}
    for key, body in story.bodies.items():
        ids[key] = await voices.once(f"body:{key}", partial(setting.found, voices, body, ids, SINCE, None))
    for key in dict.fromkeys(part.body for part in story.parts.values()):
        await setting.staff(voices, story.parts, key, story.bodies[key].short_name, ids[key])
    return ids


async def _tell(voices: Voices, story: Story, ids: Ids) -> Ids:
    """From today to today, whatever day an earlier story, or an interrupted run, has left behind."""
    await voices.say("registrar", "POST", "/v1/demo/clock", {"today": None})
    made = await story.tell(voices, ids)
    await voices.say("registrar", "POST", "/v1/demo/clock", {"today": None})
    return made


def stories() -> list[Story]:
    """In the order in which they happened to be reported; then a commune that nobody reported on."""
    names = ("nghe_an", "quang_tri", "kon_tum", "dien_bien", "tan_hoa")
    return [import_module(f"app.demo.{name}").STORY for name in names]


def accounts(voices: Voices, story: Story, ids: Ids) -> list[dict[str, Any]]:
    """As in demo-accounts.json."""
    found = []
    for name, part in story.parts.items():
        login, password = voices.credentials[name]
        body = story.bodies[part.body]
        found.append(setting.account_of(name, login, password, ids[part.body], body.name, part.duties))
    return found


async def issue(voices: Voices, leader: str, recommendation_id: str, on: str) -> str:
    path = f"/v1/recommendations/{recommendation_id}"
    await voices.move(leader, path, "issue", issued_on=on, on=on)
    return path
