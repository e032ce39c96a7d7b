"""Rows on their way: what each says, what is wrong with it, and what becomes of it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError

from app.adapters.sheets import CELL_ERRORS
from app.core.errors import AppError, Fault, Invalid, NeedsUnmet, fault
from app.core.faults import faults_of
from app.core.words import fault_words, problem_words
from app.domain.import_ import ImportOutcome
from app.models.import_ import KEY_LENGTH, ImportFault
from app.services.imports.columns import KEY, Column, Table, Unlike, plain_value

LONGEST_VALUE = 200
UNSTORABLE = "\ufffd"
"""What stands for a character that no column holds, or that could not be read."""


@dataclass
class Layout:
    """How the columns of one file lie: for each cell of a row its header and its field."""

    import_id: UUID
    table: Table
    headers: list[str]
    fields: list[str | None]
    defaults: Mapping[str, str]

    def header(self, field: str) -> str:
        """As the file has it; as the template has it where the file lacks it."""
        return self.headers[self.fields.index(field)] if field in self.fields else self.table.title(field)

    def texts(self, cells: Sequence[str | None]) -> dict[str, str]:
        """What a row says for each field; the first column of a field counts, defaults fill what is empty."""
        said = dict(self.defaults)
        for name, cell in zip(self.fields, cells, strict=False):
            if name is not None and cell:
                said[name] = cell
        return said


@dataclass
class Line:
    """`texts` as written, `values` as read; `outcome` and `record_id` once it is known what becomes of it."""

    row: int
    layout: Layout
    texts: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    payload: Any = None
    faults: list[ImportFault] = field(default_factory=list)
    outcome: ImportOutcome | None = None
    record_id: UUID | None = None
    imported: UUID | None = None
    """The record that an earlier import made under this key."""

    @property
    def key(self) -> str:
        return self.texts.get(KEY, "")

    @property
    def digest(self) -> str:
        """Of what the row says: the same words mean that there is nothing to do."""
        return hashlib.sha256(orjson.dumps(self.texts, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def blame(self, column: Column | None, why: Fault) -> None:
        """Note what is wrong, with the words for it; without a column it is the row as a whole."""
        params = dict(why.params)
        words = {it: fault_words(it, why.code, params, fallback=params.get("msg")) for it in ("vi", "en")}
        self._note(column, why.code, words)

    def refuse(self, error: AppError) -> None:
        """What the service that would have made the record said against it."""
        faults = error.faults if isinstance(error, Invalid) else ()
        for why in (*faults, *(error.unmet if isinstance(error, NeedsUnmet) else ())):
            self.blame(self.layout.table.at(why.pointer), why)
        if not self.faults:
            words = {it: problem_words(it, error.code, error.params)[1] for it in ("vi", "en")}
            self._note(self.layout.table.of(BLAMED.get(error.code, "")), error.code, words)

    def _note(self, column: Column | None, code: str, words: dict[str, str]) -> None:
        written = self.texts.get(column.field) if column else None
        self.faults.append(
            ImportFault(
                import_id=self.layout.import_id,
                row=self.row,
                column=self.layout.header(column.field)[:300] if column else None,
                field=column.field if column else None,
                value=written[:LONGEST_VALUE] if written else None,
                code=code[:64],
                vi=words["vi"],
                en=words["en"],
            )
        )


BLAMED = {"login_exists": "login", "has_administrator": "body", "invitation_used": "login", "plan_exists": "year"}
"""The column that a refusal without a pointer is about."""


def read(line: Line) -> None:
    """The cells that need no looking up; those that are missing or unlike are noted."""
    for column in line.layout.table.columns:
        text = line.texts.get(column.field)
        if text is None:
            if column.required:
                line.blame(column, fault("", "missing"))
            continue
        try:
            line.values[column.field] = _value(column, text)
        except Unlike as unlike:
            line.blame(column, unlike.why)


def _value(column: Column, text: str) -> Any:
    if text in CELL_ERRORS:
        raise Unlike(fault("", "cell_error"))
    if UNSTORABLE in text:
        raise Unlike(fault("", "string_unicode"))
    if column.field == KEY and len(text) > KEY_LENGTH:
        raise Unlike(fault("", "string_too_long", max_length=KEY_LENGTH))
    return plain_value(column, text)


def validate(line: Line, payload: Any, shaped: Mapping[str, Any]) -> None:
    """What a client would have sent for this row; its faults are laid at the cells they come from."""
    try:
        line.payload = payload.model_validate(shaped)
    except ValidationError as error:
        errors: list[Any] = [{**it, "loc": ("body", *it["loc"])} for it in error.errors()]
        for why in faults_of(errors, shaped):
            line.blame(line.layout.table.at(why.pointer), why)


def sound(lines: Iterable[Line]) -> list[Line]:
    return [it for it in lines if not it.faults]
