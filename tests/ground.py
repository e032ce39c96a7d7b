"""What all tests of a module stand on is made once: each begins there, and what it does is taken back.

The module makes it of its `ground` (`tests/api/conftest.py`), and its `connection`, which must ask for all that was
made, is `standing` on it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection


@asynccontextmanager
async def standing(ground: AsyncConnection, app: FastAPI) -> AsyncIterator[AsyncConnection]:
    """One test on the ground of its module, which is a connection `undone` at the module's end."""
    app.state.principals.listening = True
    savepoint = await ground.begin_nested()
    yield ground
    await savepoint.rollback()
    app.state.principals.forget()
