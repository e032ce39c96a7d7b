"""The embedded PostgreSQL, each time for real."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.core.embedded import APP, Embedded, running

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from app.core.embedded import running
with running(Path(sys.argv[1]), durable=False):
    print("up", flush=True)
    sys.stdin.readline()
"""


def ask(dsn: str, sql: str) -> Any:
    async def value() -> Any:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(value())


@contextmanager
def another_process(data: Path) -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "up\n"
        yield
        process.communicate("leave\n")


def folders_above(path: Path) -> dict[Path, tuple[int, int, int]]:
    return {parent: (it.st_mode, it.st_uid, it.st_gid) for parent in path.parents for it in [parent.stat()]}


def postmaster(data: Path) -> int:
    return int((data / "cluster" / "postmaster.pid").read_text().splitlines()[0])


def answers(dsn: str) -> bool:
    try:
        ask(dsn, "SELECT 1")
    except (OSError, asyncpg.PostgresError):
        return False
    return True


def is_running(data: Path) -> bool:
    return (data / "cluster" / "postmaster.pid").exists()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster used once and stopped, below a folder that only we may enter."""
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0o700)
    data = closed / "giám sát" / "var" / "postgres"
    data.parent.mkdir(parents=True)
    before = folders_above(data)
    with running(data, durable=False) as server:
        ask(server.dsn(), "CREATE TABLE kept (word text)")
        ask(server.dsn(), "INSERT INTO kept VALUES ('Đoàn giám sát 133')")
    assert folders_above(data) == before, "a folder that was not ours changed its mode or its owner"
    return data


def test_a_restart_keeps_the_rows_and_who_may_do_what(data: Path) -> None:
    assert not is_running(data)
    with running(data, durable=False) as server:
        _keeps_the_rows(server)
        _changes_no_table(server.dsn(role=APP))
        _only_through_the_folder(server)
    assert not is_running(data)


def _keeps_the_rows(server: Embedded) -> None:
    assert ask(server.dsn(), "SELECT word FROM kept") == "Đoàn giám sát 133"
    assert ask(server.dsn(), "SELECT current_setting('server_version_num')::int / 10000") == 18
    assert ask(server.dsn(), "SELECT current_setting('timezone')") == "UTC"
    assert ask(server.dsn(), "SELECT lower('ĐOÀN')") == "đoàn"


def _changes_no_table(application: str) -> None:
    """The application writes rows."""
    ask(application, "INSERT INTO kept VALUES ('một dòng')")
    ask(application, "DELETE FROM kept WHERE word = 'một dòng'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        ask(application, "CREATE TABLE forbidden (word text)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        ask(application, "DROP TABLE kept")


def _only_through_the_folder(server: Embedded) -> None:
    """Who may not enter it may not connect."""
    assert server.sockets.stat().st_mode & 0o777 == 0o700
    assert ask(server.dsn(), "SELECT current_setting('listen_addresses')") == ""


@pytest.mark.thorough
def test_the_last_to_leave_stops_the_server_whoever_started_it(data: Path) -> None:
    with another_process(data):
        started = postmaster(data)
        with running(data, durable=False):
            assert postmaster(data) == started, "joined, not started again"
        assert postmaster(data) == started, "still used by the other process"

    with running(data, durable=False) as server:
        started = postmaster(data)
        with another_process(data):
            assert postmaster(data) == started
        assert ask(server.dsn(), "SELECT count(*) FROM kept") == 1
    assert not is_running(data)


@pytest.mark.thorough
@pytest.mark.parametrize("successor", [None, os.getpid()], ids=["pid gone", "pid reused by another program"])
def test_a_killed_server_starts_again(data: Path, successor: int | None) -> None:
    with running(data) as server:
        ask(server.dsn(), "SELECT 1")
        killed = postmaster(data)
        os.kill(killed, signal.SIGKILL)
        assert not answers(server.dsn())
        pid_file = data / "cluster" / "postmaster.pid"
        pid_file.write_text(pid_file.read_text().replace(str(killed), str(successor or killed), 1))

        with running(data, durable=False) as again:
            assert postmaster(data) not in {killed, successor}
            assert ask(again.dsn(), "SELECT word FROM kept") == "Đoàn giám sát 133"


@pytest.mark.thorough
def test_a_first_start_goes_on_where_one_was_interrupted_and_finds_room_for_its_socket(tmp_path: Path) -> None:
    """The half of a cluster is not in the way; where the path is too long for a socket it gets a private folder."""
    data = tmp_path / ("d" * 100)
    (data / "cluster.new").mkdir(parents=True)
    (data / "cluster.new" / "half").write_text("written before the power cut")
    with running(data, durable=False) as server:
        assert len(str(server.sockets)) < 100
        assert server.sockets.stat().st_mode & 0o777 == 0o700
        assert ask(server.dsn(), "SELECT 1") == 1
    assert not server.sockets.exists()
