"""Who is calling is kept by the application until it hears that access changed, in tests as in service.

A test commits nothing, so what NOTIFY says is never heard: the same triggers say it by NOTICE as well.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.principals import Principals

CHANGED = "access changed"
TOLD_AT_ONCE = f"""
CREATE OR REPLACE FUNCTION access_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE NOTICE '{CHANGED}';
    RETURN NULL;
END $$
"""


async def tell_at_once(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(TOLD_AT_ONCE)
    await connection.close()


@asynccontextmanager
async def heard(connection: AsyncConnection, principals: Principals) -> AsyncIterator[None]:
    def listener(_: object, message: asyncpg.PostgresLogMessage) -> None:
        if message.message == CHANGED:
            principals.forget()

    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    driver.add_log_listener(listener)
    principals.listening = True
    yield
    principals.listening = False
    principals.forget()
    driver.remove_log_listener(listener)
