"""The structure of a legal text: điều (article), khoản (clause), điểm (point), and where a place of one version went.

Opinions are anchored to such places, never to positions in the text: a new version moves characters, not articles
(Luật Ban hành văn bản quy phạm pháp luật; NĐ 30/2020/NĐ-CP Annex I on the lay-out of texts).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Final

_ARTICLE: Final = re.compile(r"Điều\s+(?P<number>[0-9]{1,4}[a-zđ]?)\s*[.:]?\s*(?P<title>.*)", re.IGNORECASE)
_CLAUSE: Final = re.compile(r"(?P<number>[0-9]{1,3}[a-zđ]?)\s*[.)]\s+(?P<text>.+)")
_POINT: Final = re.compile(r"(?P<letter>[a-zđ](?:[0-9]|\.[0-9])?)\s*\)\s+(?P<text>.+)")
_HEADING: Final = re.compile(r"(?:Phần|Chương|Mục|Tiểu mục)\s+(?:thứ\s+)?[0-9IVXLC\w]+\b.*", re.IGNORECASE)

SAME: Final = 0.5
"""From here on a place with the same number is the same place, reworded."""

MOVED: Final = 0.75
"""From here on a place with another number is the place that was meant."""

COMPARED: Final = 2000
"""Characters of a place that are compared; bounds the work on long texts."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place: an article, a clause of it, a point of that; all None is the text as a whole."""

    article: str | None = None
    clause: str | None = None
    point: str | None = None

    def __str__(self) -> str:
        named = (("điểm", self.point), ("khoản", self.clause), ("Điều", self.article))
        return " ".join(f"{word} {number}" for word, number in named if number) or "toàn văn"

    @property
    def depth(self) -> int:
        return sum(it is not None for it in (self.article, self.clause, self.point))


@dataclass(slots=True)
class Place:
    anchor: Anchor
    title: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def compared(self) -> str:
        return f"{self.title} {self.text}"[:COMPARED]


def read(lines: Iterable[str]) -> list[Place]:
    """The places of a text in order; what stands before the first article and headings of chapters are left out.

    A numbered line is a clause only below an article, a lettered one a point only below a clause.
    """
    places: list[Place] = []
    for raw in lines:
        line = " ".join(raw.split())
        if not line or _HEADING.fullmatch(line):
            continue
        opened = _opened(line, places[-1].anchor if places else None)
        if opened is not None:
            places.append(opened)
        elif places:
            places[-1].lines.append(line)
    return places


def _opened(line: str, here: Anchor | None) -> Place | None:
    if match := _ARTICLE.fullmatch(line):
        return Place(Anchor(match["number"]), match["title"].strip())
    if here is None:
        return None
    if match := _CLAUSE.fullmatch(line):
        return Place(Anchor(here.article, match["number"]), lines=[match["text"]])
    if here.clause is not None and (match := _POINT.fullmatch(line)):
        return Place(Anchor(here.article, here.clause, match["letter"]), lines=[match["text"]])
    return None


def nested(places: Iterable[Place]) -> list[dict[str, Any]]:
    """Articles with their clauses with their points, as they are kept and shown."""
    articles: list[dict[str, Any]] = []
    for it in places:
        if it.anchor.depth == 1:
            articles.append({"number": it.anchor.article, "title": it.title, "text": it.text, "clauses": []})
        elif it.anchor.depth == 2:
            articles[-1]["clauses"].append({"number": it.anchor.clause, "text": it.text, "points": []})
        else:
            articles[-1]["clauses"][-1]["points"].append({"letter": it.anchor.point, "text": it.text})
    return articles


def flat(articles: Iterable[dict[str, Any]]) -> Iterator[Place]:
    for article in articles:
        yield Place(Anchor(article["number"]), article.get("title") or "", [article.get("text") or ""])
        for clause in article.get("clauses", ()):
            yield Place(Anchor(article["number"], clause["number"]), lines=[clause.get("text") or ""])
            for point in clause.get("points", ()):
                anchor = Anchor(article["number"], clause["number"], point["letter"])
                yield Place(anchor, lines=[point.get("text") or ""])


def carried(anchor: Anchor, before: list[Place], after: list[Place]) -> Anchor | None:
    """Where the place went in the next version; None when it is gone or has become something else."""
    if anchor.depth == 0:
        return anchor
    old = next((it for it in before if it.anchor == anchor), None)
    same = next((it for it in after if it.anchor == anchor), None)
    if old is None:
        return same.anchor if same else None
    if same is not None and _alike(old, same) >= SAME:
        return anchor
    others = [it for it in after if it.anchor.depth == anchor.depth and it.anchor != anchor]
    best = max(others, key=lambda it: _alike(old, it), default=None)
    return best.anchor if best is not None and _alike(old, best) >= MOVED else None


def _alike(one: Place, other: Place) -> float:
    if one.compared == other.compared:
        return 1.0
    matcher = SequenceMatcher(None, one.compared, other.compared, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= SAME and matcher.quick_ratio() >= SAME else 0.0
