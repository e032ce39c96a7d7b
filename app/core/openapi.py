"""The OpenAPI document: our problem shape instead of the framework's, one security scheme, tags in two languages."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.core.problems import Problem

DESCRIPTION = """\
API theo dõi giám sát, phản biện xã hội và kiến nghị sau giám sát, từ đề xuất đến khi kiến nghị được giải quyết xong.

The API of supervision campaigns, joint delegations and the follow-up of their recommendations to closure.

* Sign in at `POST /v1/auth/token`; send `Authorization: Bearer …`.
* Lists: `{"items": [...], "next_cursor": …}`. Changes: `If-Match` with the `ETag` you saw. Retries: `Idempotency-Key`.
* Errors: `application/problem+json`, words in Vietnamese or English by `Accept-Language`, stable `code`.
"""


Examples = Callable[[], dict[str, dict[str, Any]]]
"""By operation and name, what may be sent."""


def describe(app: FastAPI, examples: Examples) -> None:
    app.openapi = lambda: _document(app, examples)  # type: ignore[method-assign]


def _document(app: FastAPI, examples: Examples) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(
            title="Giám sát · Supervision",
            version="1.0.0",
            description=DESCRIPTION,
            routes=app.routes,
        )
        _replace_validation_errors(document)
        _unnull_parameters(document)
        _share_problems(document)
        _show(document, examples())
        app.openapi_schema = document
    return app.openapi_schema


def _replace_validation_errors(document: dict[str, Any]) -> None:
    """FastAPI documents 422 with a shape that we never answer."""
    components = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components |= schema.pop("$defs", {})
    components["Problem"] = schema
    for path in document.get("paths", {}).values():
        for operation in path.values():
            unprocessable = operation.get("responses", {}).get("422")
            if unprocessable and "application/json" in unprocessable.get("content", {}):
                reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
                unprocessable["content"] = {"application/problem+json": reference}


def _unnull_parameters(document: dict[str, Any]) -> None:
    """A header or a query can be left out, but has no way to say null."""
    for path in document.get("paths", {}).values():
        for parameter in (it for operation in path.values() for it in operation.get("parameters", [])):
            schema = parameter["schema"]
            shapes = [it for it in schema.get("anyOf", []) if it != {"type": "null"}]
            if len(shapes) == 1:
                del schema["anyOf"]
                parameter["schema"] = {**shapes[0], **schema}


def _show(document: dict[str, Any], examples: dict[str, dict[str, Any]]) -> None:
    """Beside the schema of each body that is JSON."""
    for path in document.get("paths", {}).values():
        for operation in path.values():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content and operation["operationId"] in examples:
                content["application/json"]["examples"] = examples[operation["operationId"]]


def _share_problems(document: dict[str, Any]) -> None:
    """Say once what each status means; every operation refers to it."""
    shared = document["components"].setdefault("responses", {})
    for path in document.get("paths", {}).values():
        for operation in path.values():
            for status, response in operation.get("responses", {}).items():
                if list(response.get("content", {})) != ["application/problem+json"]:
                    continue
                if shared.setdefault(f"Problem{status}", response) == response:
                    operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}
