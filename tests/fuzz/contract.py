"""The OpenAPI document as Schemathesis reads it: what to ask an operation, and what its answer must be."""

from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from app.cli import DOCS

SCHEMA = schemathesis.openapi.from_path(DOCS / "openapi.json")
OPERATIONS = {it.definition.raw["operationId"]: it for it in (result.ok() for result in SCHEMA.get_all_operations())}

CONFORMANCE = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]

TOLD_ITEM_BY_ITEM = {"file_findings"}
"""A batch is answered 200 whatever its items are: each has a status of its own."""

MOSTLY_MALFORMED = [GenerationMode.POSITIVE, *[GenerationMode.NEGATIVE] * 3]
"""The first request to an operation is the simplest: a well-formed one, on a record where there is one."""


@schemathesis.serializer("application/offset+octet-stream")
def piece_of_a_file(context: object, value: object) -> bytes:
    """What tus calls the bytes of a piece."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


def in_path(operation: str) -> list[str]:
    return [it.name for it in OPERATIONS[operation].path_parameters]


@st.composite
def cases(draw: st.DrawFn, operation: str, records: list[dict[str, str]]) -> Case:
    """On one of these records or on none; the path that names a record is not malformed."""
    record = draw(st.sampled_from([*records, None]))
    it = OPERATIONS[operation]
    given: dict[str, Any] = {} if record is None else {"path_parameters": record, "headers": {"If-Match": '"1"'}}
    varied = [*it.body, *it.query, *([] if record else it.path_parameters)]
    mode = draw(st.sampled_from(MOSTLY_MALFORMED)) if varied else GenerationMode.POSITIVE
    return draw(it.as_strategy(generation_mode=mode, **given))


def checks_of(operation: str) -> list[Any]:
    return CONFORMANCE if operation in TOLD_ITEM_BY_ITEM else [*CONFORMANCE, checks.negative_data_rejection]
