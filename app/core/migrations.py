"""The schema's versions: bring a database up to date, and say whether it is."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

INI = Path(__file__).parents[2] / "alembic.ini"
"""Beside the package, in a checkout and in the image alike: both install it editable."""


def configuration(url: str | None = None) -> Config:
    """Alembic's settings; `url` goes around the ini file, where a password's % would be taken for a variable."""
    config = Config(INI)
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Call it outside any event loop: it runs one of its own."""
    command.upgrade(configuration(url), "head")


@cache
def head() -> str | None:
    """The version that this code expects."""
    return ScriptDirectory.from_config(configuration()).get_current_head()
