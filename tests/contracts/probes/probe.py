"""How the authorisation matrix calls one operation of the API: on which record, with which well-formed body."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.stage import Stage
from tests.world import World

Content = dict[str, Any] | Callable[[Stage, World], dict[str, Any]] | None


@dataclass(frozen=True)
class Probe:
    """`record` is the name on the stage (or a body of the cast) whose id fills the path; `more` fills the rest."""

    operation: str
    record: str = ""
    body: Content = None
    more: dict[str, str] = field(default_factory=dict)
    query: Content = None
    form: dict[str, str] | None = None
    files: dict[str, Any] | None = None
    headers: dict[str, str] | None = None

    def request(self, path: str, stage: Stage, world: World) -> tuple[str, dict[str, Any]]:
        for part in [it for it in path.split("/") if it.startswith("{")]:
            path = path.replace(part, self.value(part.strip("{}"), stage, world), 1)
        rest: dict[str, Any] = {}
        if self.body is not None:
            rest["json"] = self._content(self.body, stage, world)
        if self.query is not None:
            rest["params"] = self._content(self.query, stage, world)
        if self.form is not None:
            rest["data"] = self.form
        if self.files is not None:
            rest["files"] = self.files
        if self.headers is not None:
            rest["headers"] = self.headers
        return path, rest

    def value(self, name: str, stage: Stage, world: World) -> str:
        chosen = self.more.get(name, self.record)
        if chosen in stage.ids:
            return stage[chosen]
        if chosen in world.body:
            return str(world.body[chosen])
        return chosen

    @staticmethod
    def _content(content: Content, stage: Stage, world: World) -> dict[str, Any]:
        assert content is not None
        return content(stage, world) if callable(content) else content


def on(operation: str, *records: str, body: Content = None, more: dict[str, str] | None = None) -> list[Probe]:
    """The same call on several records."""
    return [Probe(operation, record, body, more or {}) for record in records]


def each(*operations: str) -> list[Probe]:
    """Calls that name no record."""
    return [Probe(it) for it in operations]


NOTHING = "00000000-0000-7000-8000-000000000000"
BASIS = {"text": "Thông báo kết luận"}
REASON = {"reason": "Theo chỉ đạo"}


def of_lead(**fields: Any) -> Callable[[Stage, World], dict[str, Any]]:
    """Values that start with @ are ids: of the stage, or of a body."""

    def content(stage: Stage, world: World) -> dict[str, Any]:
        return {name: _resolve(value, stage, world) for name, value in fields.items()}

    return content


def _resolve(value: Any, stage: Stage, world: World) -> Any:
    if isinstance(value, dict):
        return {name: _resolve(it, stage, world) for name, it in value.items()}
    if isinstance(value, list):
        return [_resolve(it, stage, world) for it in value]
    if isinstance(value, str) and value.startswith("@"):
        name = value[1:]
        return stage[name] if name in stage.ids else str(world.body[name])
    return value
