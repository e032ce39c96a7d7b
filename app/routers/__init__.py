"""HTTP in its thinnest form: one module per resource, no rule and no SQL."""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules

from fastapi import APIRouter
from starlette.routing import Match
from starlette.types import Scope

Matches = Callable[[Scope], tuple[Match, Scope]]


def routers() -> list[APIRouter]:
    """Every module of this package that has a `router`, in the order of their names."""
    modules = (import_module(f"{__name__}.{it.name}") for it in iter_modules(__path__))
    found: list[APIRouter] = [it.router for it in modules if hasattr(it, "router")]
    for router in found:
        fixed = router.prefix.partition("{")[0]
        router.matches = _below(fixed, type(router).matches.__get__(router))  # type: ignore[assignment]
    return found


def _below(prefix: str, matches: Matches) -> Matches:
    """Ask a router about paths below its prefix alone, up to the first parameter in it.

    Otherwise every request tries the routes of all routers in turn, which takes longer than most answers.
    """

    def guarded(scope: Scope) -> tuple[Match, Scope]:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return matches(scope) if path.startswith(prefix) else (Match.NONE, {})

    return guarded
