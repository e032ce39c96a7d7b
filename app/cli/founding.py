"""The registry of an installation and its first administrator."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field

from app.core.db import create_engine
from app.core.errors import AppError
from app.core.words import LANGUAGES, problem_words
from app.models.account import Login, NewPassword
from app.models.base import Payload
from app.services import identity


class FirstAdmin(Payload):
    login: Login
    name: str = Field(min_length=1, max_length=200)
    body_name: str = Field(min_length=1, max_length=300)
    short_name: str = Field(min_length=1, max_length=100)
    password: NewPassword | None = None


@contextmanager
def refusals() -> Iterator[None]:
    """What was typed in was wrong: said in words, without a traceback."""
    try:
        yield
    except (ValidationError, AppError) as error:
        raise typer.BadParameter(_reason(error)) from None


def _reason(error: ValidationError | AppError) -> str:
    if isinstance(error, AppError):
        return " · ".join(problem_words(language, error.code, error.params)[0] for language in LANGUAGES)
    return "; ".join(f"{it['loc'][0]}: {it['msg']}" for it in error.errors(include_input=False))


async def found(url: str, who: FirstAdmin) -> str | None:
    """The secret of an invitation where no password was given."""
    engine = create_engine(url, pool_size=1)
    try:
        async with AsyncSession(engine) as session, session.begin():
            return (await identity.first_admin(session, **who.model_dump())).invitation
    finally:
        await engine.dispose()
