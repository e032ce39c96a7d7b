"""HTTP in its thinnest form: one module per resource, no rule and no SQL."""

from importlib import import_module
from pkgutil import iter_modules

from fastapi import APIRouter


def routers() -> list[APIRouter]:
    """Every module of this package that has a `router`, in the order of their names."""
    modules = (import_module(f"{__name__}.{it.name}") for it in iter_modules(__path__))
    return [it.router for it in modules if hasattr(it, "router")]
