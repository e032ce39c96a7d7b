"""The OpenAPI document is a contract: complete, in two languages, and kept under version control."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

import orjson
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from pydantic import TypeAdapter, ValidationError

from app.cli import DOCS
from app.core.settings import Settings
from app.documents import openapi_document
from app.examples import NAME, examples
from app.main import create_app

PUBLIC = {"get_health", "get_readiness", "get_metrics"}
"""Answered without a token or a database row; what they can say wrong is their own."""

EMPTY = {"get_upload_progress", "revoke_token"}
"""RFC 7009: 200 with nothing, whatever the token was."""


@pytest.fixture(scope="module")
def api_without_a_database(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return create_app(Settings(data_dir=tmp_path_factory.mktemp("var")))


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """As it is kept. Making it takes seconds; that it is fresh is looked at by the first test and by `make docs`."""
    return dict(orjson.loads((DOCS / "openapi.json").read_bytes()))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def content(document: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    """Of a response, or of the shared one that it refers to."""
    name = response.get("$ref", "").rpartition("/")[2]
    return dict((document["components"]["responses"][name] if name else response).get("content", {}))


@pytest.mark.thorough
def test_the_kept_document_is_fresh(document: dict[str, Any], api_without_a_database: FastAPI) -> None:
    """`giamsat openapi` writes it."""
    assert document == orjson.loads(openapi_document(api_without_a_database))


def test_every_operation_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert [it for it in names if not re.fullmatch(r"[a-z]+(_[a-z]+)+", it)] == []
    assert len(names) == len(set(names))


def test_every_operation_has_a_tag_and_a_summary_in_both_languages(document: dict[str, Any]) -> None:
    lacking = [
        operation["operationId"]
        for _, _, operation in operations(document)
        if not operation.get("tags") or len([it for it in operation["summary"].split(" · ") if it.strip()]) != 2
    ]
    assert lacking == []


def test_every_operation_declares_the_problems_it_can_answer(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        responses = operation["responses"]
        for status, response in responses.items():
            if int(status) >= 400 and not path.startswith("/v1/auth/"):
                assert "application/problem+json" in content(document, response), (operation["operationId"], status)
        if "security" in operation:
            assert {"401", "503"} <= responses.keys(), operation["operationId"]
        if "{" in path:
            assert "404" in responses, operation["operationId"]
        if any(it["name"] == "If-Match" for it in operation.get("parameters", [])) and method != "post":
            assert {"412", "428"} <= responses.keys(), operation["operationId"]
        if method != "get" and operation["operationId"] not in PUBLIC and operation.get("requestBody"):
            assert "422" in responses, operation["operationId"]


def test_every_answer_has_a_schema(document: dict[str, Any]) -> None:
    without = [
        operation["operationId"]
        for _, _, operation in operations(document)
        for status, response in operation["responses"].items()
        if status in {"200", "201", "202"}
        if not content(document, response) and operation["operationId"] not in EMPTY
    ]
    assert without == []


def test_references_lead_somewhere_and_the_framework_s_own_error_shape_is_gone(document: dict[str, Any]) -> None:
    text = orjson.dumps(document).decode()
    for kind in ("schemas", "responses"):
        named = set(re.findall(rf'"#/components/{kind}/([^"]+)"', text))
        assert named <= document["components"][kind].keys()
    assert "HTTPValidationError" not in text


def test_step_operations_show_their_table(document: dict[str, Any]) -> None:
    steps = [it for _, path, it in operations(document) if path.endswith("/transitions") and "requestBody" in it]
    assert len(steps) >= 5
    assert [it["operationId"] for it in steps if "| --- |" not in it.get("description", "")] == []


def test_every_json_body_has_an_example_of_each_of_its_actions(document: dict[str, Any]) -> None:
    lacking = {}
    for _, _, operation in operations(document):
        media = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if media is None:
            continue
        actions = set(media["schema"].get("discriminator", {}).get("mapping", {NAME: None}))
        if missing := actions - media.get("examples", {}).keys():
            lacking[operation["operationId"]] = missing
    assert lacking == {}


def test_every_example_is_taken(api_without_a_database: FastAPI) -> None:
    """By the payload itself, which asks for more than its schema can say."""
    wrong = []
    for it in iter_route_contexts(api_without_a_database.routes):
        body = getattr(it.original_route, "body_field", None)
        for name, example in examples().get(getattr(it.original_route, "operation_id", ""), {}).items():
            try:
                TypeAdapter(Annotated[body.field_info.annotation, body.field_info]).validate_python(example["value"])
            except ValidationError as error:
                wrong.append(f"{it.original_route.operation_id} {name}: {error}")
    assert wrong == []


def test_no_example_is_of_an_operation_that_is_gone(document: dict[str, Any]) -> None:
    assert examples().keys() <= {it["operationId"] for _, _, it in operations(document)}
