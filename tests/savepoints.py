"""Savepoints in one round trip.

Every request of a test is a savepoint of it, and SQLAlchemy gives each a name of its own: compiled anew, prepared anew,
and kept by PostgreSQL after a rollback until the test ends.
"""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine


def send_plainly(engine: AsyncEngine) -> None:
    """Of this engine only; its connections have begun their transaction when the first savepoint comes."""
    dialect: Any = engine.sync_engine.dialect
    dialect.do_savepoint = lambda connection, name: _send(connection, f"SAVEPOINT {name}")
    dialect.do_release_savepoint = lambda connection, name: _send(connection, f"RELEASE {name}")
    dialect.do_rollback_to_savepoint = lambda connection, name: _send(connection, f"ROLLBACK TO {name}; RELEASE {name}")


def _send(connection: Connection, sql: str) -> None:
    adapted: Any = connection.connection.dbapi_connection
    adapted.run_async(lambda driver: driver.execute(sql))
