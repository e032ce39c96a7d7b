"""The documents that are generated from the code and kept in docs/; CI fails when one is stale."""

from importlib import import_module
from pkgutil import iter_modules

import orjson
from fastapi import FastAPI

import app.domain
from app.core.words import label
from app.domain.lifecycle import Lifecycle

GENERATED = "Sinh bằng `giamsat lifecycles`; đừng sửa tay. · Made by `giamsat lifecycles`; do not edit."


def openapi_document(api: FastAPI) -> str:
    document = orjson.dumps(api.openapi(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    return document.decode() + "\n"


def lifecycles() -> list[Lifecycle]:
    """Every table of the domain, by name."""
    modules = [import_module(f"{app.domain.__name__}.{it.name}") for it in iter_modules(app.domain.__path__)]
    found = {it.name: it for module in modules for it in vars(module).values() if isinstance(it, Lifecycle)}
    return [found[name] for name in sorted(found)]


def lifecycle_documents() -> dict[str, str]:
    """File name → text."""
    return {f"{it.name}.md": _page(it) for it in lifecycles()}


def _page(it: Lifecycle) -> str:
    title = f"# {label('vi', 'record', it.name)} · {label('en', 'record', it.name)}"
    parts = [title, GENERATED, f"```mermaid\n{it.mermaid()}\n```", it.markdown()]
    return "\n\n".join(parts) + "\n"
