"""Whoever gets around the triggers of the audit leaves a trace: the first line that is not as sealed is named."""

import signal
from collections.abc import AsyncIterator, Callable, Iterator

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from typer.testing import CliRunner

from app.cli import app
from app.core import log
from app.core.db import plain_dsn
from app.core.embedded import APP
from app.core.ids import new_id
from app.models.history import AuditEvent
from app.services import audit_chain
from app.services.audit_chain import BATCH, Broken, Fault

Sessions = async_sessionmaker[AsyncSession]
CommandLine = Callable[..., tuple[int, str]]


@pytest.fixture
async def superuser(database: str) -> AsyncIterator[asyncpg.Connection]:
    """With the triggers out of the way."""
    connection = await asyncpg.connect(plain_dsn(database.replace(APP, "postgres")))
    await connection.execute("SET session_replication_role = replica")
    yield connection
    await connection.close()


def a_line(**fields: object) -> AuditEvent:
    return AuditEvent.model_validate(
        {"action": "campaign.plan", "subject_type": "campaign", "subject_id": new_id(), "details": {"kỳ": 1}} | fields
    )


async def write(sessions: Sessions, number: int) -> None:
    async with sessions.begin() as session:
        session.add_all(a_line() for _ in range(number))


async def verified(sessions: Sessions) -> audit_chain.Verified:
    async with sessions() as session:
        return await audit_chain.verify(session)


async def test_every_line_is_sealed_once_in_batches(committed: Sessions) -> None:
    before = await audit_chain.seal(committed)
    await write(committed, BATCH + 3)
    assert await audit_chain.seal(committed) == BATCH + 3
    assert await audit_chain.seal(committed) == 0
    found = await verified(committed)
    assert (found.broken, found.lines, found.unsealed) == (None, before + BATCH + 3, 0)
    assert found.seals == 2 + (before > 0)


async def test_nothing_is_sealed_before_all_that_may_come_before_it(committed: Sessions) -> None:
    """A line that was numbered early and committed late is in the chain, and nobody waited for it."""
    await audit_chain.seal(committed)
    async with committed() as slow:
        slow.add(a_line())
        await slow.flush()
        await write(committed, 2)
        assert await audit_chain.seal(committed) == 0
        assert (await verified(committed)).unsealed == 2
        await slow.commit()
    assert await audit_chain.seal(committed) == 3
    assert (await verified(committed)).broken is None


TAMPERINGS = {
    Fault.ALTERED: "UPDATE audit_event SET action = 'campaign.cancel' WHERE seq = $1",
    Fault.REMOVED: "DELETE FROM audit_event WHERE seq = $1",
    Fault.ADDED: (
        "INSERT INTO audit_event (seq, at, action, subject_type, subject_id, details, transaction_number) "
        "OVERRIDING SYSTEM VALUE SELECT -seq, at, action, subject_type, subject_id, details, transaction_number "
        "FROM audit_event WHERE seq = $1"
    ),
}


@pytest.mark.parametrize("fault", TAMPERINGS)
async def test_the_first_line_that_is_not_as_it_was_sealed_is_named(
    committed: Sessions, superuser: asyncpg.Connection, fault: Fault
) -> None:
    await write(committed, 5)
    await audit_chain.seal(committed)
    await write(committed, 5)
    await audit_chain.seal(committed)
    seqs = [it["seq"] for it in await superuser.fetch("SELECT seq FROM audit_event ORDER BY seq DESC LIMIT 4")]
    for seq in seqs[2:]:
        await superuser.execute(TAMPERINGS[fault], seq)
    last = await superuser.fetchval("SELECT max(number) FROM audit_seal")
    first = -seqs[2] if fault is Fault.ADDED else seqs[3]
    assert (await verified(committed)).broken == Broken(last, fault, first)


async def test_a_line_altered_together_with_its_mark_breaks_the_seal(
    committed: Sessions, superuser: asyncpg.Connection
) -> None:
    await write(committed, 2)
    await audit_chain.seal(committed)
    async with committed() as session:
        whole = await audit_chain.verify(session)
    await superuser.execute("UPDATE audit_event SET details = '{}' WHERE seq = (SELECT max(seq) FROM audit_event)")
    async with committed() as session:
        lines = await audit_chain._read(session, audit_chain._after(None))
    await superuser.execute("UPDATE audit_seal SET marks = $1", audit_chain.digested(audit_chain.FIRST, lines).marks)
    found = await verified(committed)
    assert found.broken == Broken(whole.seals, Fault.RESEALED, None)


async def test_seals_that_were_cut_off_are_missed_by_whoever_kept_the_hash(
    committed: Sessions, superuser: asyncpg.Connection
) -> None:
    await write(committed, 2)
    await audit_chain.seal(committed)
    head = (await verified(committed)).head
    await superuser.execute("DELETE FROM audit_seal; DELETE FROM audit_event")
    async with committed() as session:
        assert (await audit_chain.verify(session)).broken is None
        assert not await audit_chain.sealed_as(session, head)


@pytest.fixture
async def head(committed: Sessions) -> str:
    """Of a chain with one line at least."""
    await write(committed, 1)
    await audit_chain.seal(committed)
    return (await verified(committed)).head


@pytest.mark.usefixtures("anyio_backend")  # its fixtures are coroutines, it is not: the command runs a loop of its own
def test_the_command_line_says_so(database: str, head: str, command_line: CommandLine) -> None:
    assert command_line("--head", head) == (0, head)
    assert command_line("--head", "f" * 64) == (1, head)


@pytest.fixture
def command_line(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CommandLine]:
    """Its exit code and the last line of what it says."""
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setattr(log, "configure", lambda level: None)
    ending = signal.getsignal(signal.SIGTERM)

    def say(*options: str) -> tuple[int, str]:
        run = CliRunner().invoke(app, ["audit", "verify", *options])
        return run.exit_code, run.stdout.splitlines()[-1]

    yield say
    signal.signal(signal.SIGTERM, ending)
