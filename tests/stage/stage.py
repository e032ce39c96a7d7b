"""Where the records of the matrix stand, by name."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass
class Stage:
    """`stage["campaign"]` is the id of the running one; other records are named by what is special about them."""

    ids: dict[str, UUID] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return str(self.ids[name])

    def put(self, name: str, row: Any) -> Any:
        self.ids[name] = row.id
        return row
