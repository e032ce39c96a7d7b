"""The words of every answer, Vietnamese first: problems, needs, validation faults and labels by stable code."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("vi", "en")


@cache
def catalogue(language: str) -> dict[str, dict[str, Any]]:
    """Tables problem, fault, need, told and label of one language, from the files of all rooms."""
    whole: dict[str, dict[str, Any]] = {}
    for it in sorted((files("app.core") / "messages" / language).iterdir(), key=lambda it: it.name):
        for name, table in tomllib.loads(it.read_text(encoding="utf-8")).items():
            _join(whole.setdefault(name, {}), table)
    return whole


def _join(whole: dict[str, Any], part: dict[str, Any]) -> None:
    """A table of labels may be continued in another file; nothing is said twice."""
    for key, value in part.items():
        if isinstance(value, dict) and key in whole:
            _join(whole[key], value)
        elif key in whole:
            raise ValueError(f"said twice: {key}")
        else:
            whole[key] = value


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def fill(template: str, params: dict[str, Any]) -> str:
    """Never fails for a missing parameter: an error answer must not itself be an error."""
    return template.format_map(_Lenient(params))


def negotiate(accept_language: str | None) -> str:
    """The better of Vietnamese (default) and English by the q-values of Accept-Language."""
    best, best_quality = "vi", 0.0
    for part in (accept_language or "").split(","):
        tag, _, rest = part.strip().partition(";")
        language = tag.split("-")[0].lower()
        try:
            quality = float(rest.strip().removeprefix("q=")) if rest else 1.0
        except ValueError:
            continue
        if language in LANGUAGES and quality > best_quality:
            best, best_quality = language, quality
    return best


def problem_words(language: str, code: str, params: dict[str, Any]) -> tuple[str, str]:
    """Title and detail of a problem."""
    words = catalogue(language)["problem"][code]
    return words["title"], fill(words["detail"], params)


def fault_words(language: str, code: str, params: dict[str, Any], *, fallback: str | None = None) -> str:
    tables = catalogue(language)
    template = tables["fault"].get(code) or tables["need"].get(code) or fallback or tables["fault"]["invalid"]
    return fill(template, params)


@cache
def vocabulary() -> dict[str, list[dict[str, str]]]:
    """Every list of values with the words for each; a test proves that it is every enumeration and every action."""
    english = catalogue("en")["label"]
    return {
        name: [{"code": code, "vi": vi, "en": english[name][code]} for code, vi in words.items()]
        for name, words in catalogue("vi")["label"].items()
    }


def label(language: str, vocabulary: str, value: str) -> str:
    return str(catalogue(language)["label"][vocabulary][value])


def heading(language: str, table: str, column: str) -> str:
    """Above a column of an exported table."""
    return str(catalogue(language)["heading"][table][column])


def told(language: str, item: dict[str, Any]) -> str:
    """A notification in a sentence; a word that has no label yet stands for itself."""
    if item.get("digest") is not None:
        return fill(catalogue(language)["told"]["digest"], item["digest"])
    labels = catalogue(language)["label"]
    states = labels.get(f"{item['record']['type']}_state", {})
    words = {
        "record": labels["record"].get(item["record"]["type"], item["record"]["type"]),
        "title": item["record"]["title"] or "…",
        "action": item["type"].rpartition(".")[2],
        "was": states.get(item["was"], item["was"]),
        "became": states.get(item["became"], item["became"]),
        "by": (item["by_body"] or {}).get("short_name", "–"),
    }
    moved = item["became"] is not None and item["was"] != item["became"]
    sentences = catalogue(language)["told"]
    return fill(sentences.get(item["type"]) or sentences["moved" if moved else "changed"], words)
