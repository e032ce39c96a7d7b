"""Every code that can be answered has words in both languages, and no word is left without its code."""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from string import Formatter
from typing import Any, get_args

import pytest
from pydantic_core.core_schema import ErrorType

import app.domain
import app.models
from app.core import errors
from app.core.words import LANGUAGES, catalogue, vocabulary
from app.documents import lifecycles

SOURCES = Path(app.domain.__file__).parent.parent
OWN_NAMES = {"Family": "symbol_family", "Warned": "symbol_warning"}
NOT_SHOWN = {"SelfReportState", "ResultReportState", "ConclusionState", "MinorityReportState", "RecommendationSort"}
"""The states of one kind of report, which are all in ReportState; the orders of a list."""

LABELLED_BESIDES = {"record", "planned_date"}
"""Vocabularies that are no enumeration."""

FAULT_MAKERS = {"invalid": 1, "fault": 1, "PydanticCustomError": 0, "Fault": 0}
"""Which argument of these calls is the code of a fault."""


def enumerations() -> dict[str, list[str]]:
    found: set[type[StrEnum]] = set()
    for package in (app.domain, app.models):
        for it in walk_packages(package.__path__, f"{package.__name__}."):
            members = vars(import_module(it.name)).values()
            found |= {member for member in members if isinstance(member, type) and issubclass(member, StrEnum)}
    shown = {it for it in found if it is not StrEnum and it.__name__ not in NOT_SHOWN}
    return {_vocabulary_name(it): [str(member) for member in it] for it in shown}


def _vocabulary_name(kind: type[StrEnum]) -> str:
    return OWN_NAMES.get(kind.__name__) or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()


def actions() -> dict[str, set[str]]:
    """The tables of reports share one vocabulary, and so do the two of transfers."""
    found: dict[str, set[str]] = {}
    for it in lifecycles():
        name = "report" if it.name in ("self_report", "result_report", "conclusion", "minority_report") else it.name
        name = "transfer" if name == "transfer_by_lead" else name
        found.setdefault(f"{name}_action", set()).update(it.actions)
    return found


@cache
def nodes() -> list[ast.Call | ast.Constant]:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES.rglob("*.py")]
    return [it for tree in trees for it in ast.walk(tree) if isinstance(it, ast.Call | ast.Constant)]


@cache
def calls() -> list[tuple[str, ast.Call]]:
    named = [it for it in nodes() if isinstance(it, ast.Call)]
    return [(getattr(it.func, "id", getattr(it.func, "attr", "")), it) for it in named]


def literal(node: ast.Call, position: int) -> str | None:
    named = [it.value for it in node.keywords if it.arg == "code"]
    given = named[0] if named else (node.args[position] if len(node.args) > position else None)
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else None


def error_classes(kind: type[errors.AppError] = errors.AppError) -> Iterator[type[errors.AppError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from error_classes(below)


def problem_codes() -> set[str]:
    names = {it.__name__ for it in error_classes()}
    raised = {literal(node, 0) for name, node in calls() if name in names}
    return {it.default for it in error_classes()} | {it for it in raised if it is not None}


def fault_codes() -> set[str]:
    made = {literal(node, FAULT_MAKERS[name]) for name, node in calls() if name in FAULT_MAKERS}
    return {it for it in made if it is not None}


def need_codes() -> set[str]:
    return {need.code for it in lifecycles() for step in it.steps for need in step.needs}


@pytest.mark.parametrize(("name", "codes"), sorted(enumerations().items()))
def test_every_value_has_a_label(name: str, codes: list[str]) -> None:
    assert [it["code"] for it in vocabulary().get(name, [])] == codes


@pytest.mark.parametrize(("name", "codes"), sorted(actions().items()))
def test_every_action_has_a_label(name: str, codes: set[str]) -> None:
    assert {it["code"] for it in vocabulary().get(name, [])} == codes


def test_no_vocabulary_is_left_without_its_enumeration() -> None:
    assert set(vocabulary()) == enumerations().keys() | actions().keys() | LABELLED_BESIDES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_words(language: str) -> None:
    words = catalogue(language)
    assert problem_codes() - words["problem"].keys() == set()
    assert need_codes() - words["need"].keys() == set()
    assert fault_codes() - words["fault"].keys() - words["need"].keys() == set()


def test_no_words_are_left_without_a_code() -> None:
    said = {it.value for it in nodes() if isinstance(it, ast.Constant)}
    words = catalogue("vi")
    assert words["problem"].keys() - said == set()
    assert words["fault"].keys() - said - set(get_args(ErrorType)) == set()
    assert words["need"].keys() - need_codes() - fault_codes() == set()


def _leaves(table: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def test_both_languages_say_the_same_things_with_the_same_parameters() -> None:
    vi, en = (dict(_leaves(catalogue(language))) for language in ("vi", "en"))
    assert vi.keys() == en.keys()
    assert {path for path in vi if _parameters(vi[path]) != _parameters(en[path])} == set()
    assert [path for path, words in [*vi.items(), *en.items()] if not words.strip()] == []


def _parameters(template: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
