"""Migrations go up, make what the models say, go down to nothing, and up again."""

import asyncio
import re
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory

from app.core import migrations
from app.core.embedded import APP, Embedded
from tests.fixtures import TEMPLATE

THINGS = """
SELECT relname AS it FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i'
UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'
"""


def ask(dsn: str, statement: str) -> list[asyncpg.Record]:
    async def asked() -> list[asyncpg.Record]:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetch(statement)
        finally:
            await connection.close()

    return asyncio.run(asked())


@pytest.fixture
def migrated(server: Embedded) -> str:
    """A new database that has come up to the head, as all tests do; it goes with the server."""
    name = f"migrated_{uuid4().hex}"
    ask(server.dsn("postgres"), f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
    return name


def test_up_as_the_models_say_down_to_nothing_and_up_again(server: Embedded, migrated: str) -> None:
    config = migrations.configuration(server.url(migrated))
    command.check(config)
    command.downgrade(config, "base")
    assert {row["it"] for row in ask(server.dsn(migrated), THINGS)} == {"alembic_version"}
    command.upgrade(config, "head")
    assert [row["version_num"] for row in ask(server.dsn(migrated), "SELECT * FROM alembic_version")] == [
        migrations.head()
    ]


def test_there_is_one_line_of_migrations_and_each_can_be_undone() -> None:
    script = ScriptDirectory.from_config(migrations.configuration())
    assert len(script.get_heads()) == 1
    assert [it.revision for it in script.walk_revisions() if not hasattr(it.module, "downgrade")] == []


def test_migrations_do_not_lean_on_the_models_of_the_day() -> None:
    folder = Path(ScriptDirectory.from_config(migrations.configuration()).versions)
    assert [it.name for it in folder.glob("*.py") if re.search(r"^(from|import) app", it.read_text(), re.M)] == []


def test_the_application_s_role_changes_rows_and_no_tables(server: Embedded) -> None:
    app = server.dsn(TEMPLATE, role=APP)
    assert ask(app, "UPDATE campaign SET version = version RETURNING id") == []
    for statement in ("CREATE TABLE mine (id int)", "DROP TABLE campaign", "ALTER TABLE campaign ADD mine int"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            ask(app, statement)
