"""The empty table of each kind of import: headers for people and programs, drop-downs, and a sheet that explains."""

from app.adapters.table_forms import Blank, Form, blank_csv, blank_workbook
from app.core.words import heading, label
from app.domain.import_ import ImportFormat, ImportKind
from app.services.imports.columns import Column, Table, allowed
from app.services.imports.kinds import OFFERS

COLUMNS = ("column", "field", "required", "note_vi", "note_en", "example")


def name(kind: ImportKind, file_format: ImportFormat) -> str:
    return f"{label('vi', 'import_kind', kind)}.{file_format}"


def written(kind: ImportKind, file_format: ImportFormat) -> bytes:
    table = OFFERS[kind].table
    if file_format == ImportFormat.CSV:
        return blank_csv([table.title(it.field) for it in table.columns])
    notes = [[heading("vi", "import_notes", it) for it in COLUMNS]]
    notes += [_explained(table, it) for it in table.columns]
    sheets = {it: heading("vi", "import_sheets", it) for it in ("notes", "lists")}
    blanks = [_blank(table, it) for it in table.columns]
    return blank_workbook(Form(label("vi", "import_kind", kind), blanks, sheets["notes"], notes, sheets["lists"]))


def _blank(table: Table, column: Column) -> Blank:
    choices = tuple(allowed(column.vocabulary)) if column.vocabulary and column.kind == "code" else ()
    note = f"{table.note('vi', column.field)}\n{table.note('en', column.field)}"
    return Blank(
        table.title(column.field), note, column.width, column.required, is_date=column.kind == "date", choices=choices
    )


def _explained(table: Table, column: Column) -> list[str]:
    required = heading("vi", "import_notes", "yes") if column.required else ""
    values = f" ({', '.join(allowed(column.vocabulary))})" if column.vocabulary else ""
    notes = table.note("vi", column.field) + values, table.note("en", column.field)
    return [table.heading("vi", column.field), column.field, required, *notes, table.example(column.field)]
