"""The stories of the demo, told to the API under test: the same calls, by accounts that accept real invitations."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from app.demo import elsewhere
from app.demo.elsewhere import Ids, Story
from app.demo.voices import Journal, Voices
from tests.client import Api
from tests.world import World

Told = Callable[[Story], Awaitable[tuple[Voices, Ids]]]


@pytest.fixture
def told(api: Api, world: World, tmp_path: Path) -> Told:
    """Tells a story twice, because a demo that is started again must make nothing twice; gives voices and ids."""

    async def tell(story: Story) -> tuple[Voices, Ids]:
        journal = Journal(tmp_path / "story.json")
        voices = Voices(api.http, journal, lambda line: None)
        voices.speak_with("registrar", world.token("registrar"))
        first = await elsewhere.tell(voices, story)
        assert await elsewhere.tell(voices, story) == first
        return voices, first

    return tell
