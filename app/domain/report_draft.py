"""The first draft of a result report, made of accepted findings. Parts and their order: domain.md, section 6.1.

The keys of sections are stable, so that a regenerated or revised version can be compared part by part.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.finding import FindingKind


@dataclass(frozen=True, slots=True)
class Noted:
    """An accepted finding; `party` is the supervised party it is about, named in a report about several."""

    id: UUID
    kind: str
    content: str
    clause: str | None = None
    extent: int | None = None
    occurred_on: date | None = None
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    addressee: str
    action: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A supervised party: its own report, the sessions held with it, the adopted report about it."""

    name: str
    self_report: tuple[int, date] | None = None
    sessions: Sequence[date] = ()
    adopted: tuple[int, date] | None = None


@dataclass(frozen=True, slots=True)
class Material:
    title: str
    lead: str
    partners: Sequence[str] = ()
    subject_documents: Sequence[str] = ()
    decision: str | None = None
    review: tuple[date, date] | None = None
    outline: Sequence[tuple[str, str]] = ()
    parties: Sequence[Party] = ()
    findings: Sequence[Noted] = ()
    proposals: Sequence[Proposed] = field(default_factory=tuple)


STRENGTHS = frozenset({FindingKind.STRENGTH})
LIMITATIONS = frozenset({FindingKind.LIMITATION, FindingKind.VIOLATION})


def sections(material: Material) -> list[dict[str, Any]]:
    """Signs of violation are left out: they are referred to those who are competent, not reported."""
    return [
        _section("basis", "1. Căn cứ, khái quát cuộc giám sát", _basis(material)),
        _section("context", "2. Đặc điểm tình hình", _context(material)),
        *_by_clause(material, "strengths", "3. Kết quả đạt được, ưu điểm", STRENGTHS),
        *_by_clause(material, "limitations", "4. Tồn tại, hạn chế, khuyết điểm", LIMITATIONS),
        _noted(material, "causes_objective", "5.1. Nguyên nhân khách quan", {FindingKind.CAUSE_OBJECTIVE}),
        _noted(material, "causes_subjective", "5.2. Nguyên nhân chủ quan", {FindingKind.CAUSE_SUBJECTIVE}),
        _noted(material, "lessons", "6. Bài học kinh nghiệm", {FindingKind.LESSON}),
        _section("recommendations", "7. Kiến nghị, đề xuất", _proposals(material.proposals)),
        _section("appendices", "8. Phụ lục", _appendices(material)),
    ]


def _section(
    key: str, title: str, lines: Iterable[str], *, finding_ids: Iterable[UUID] = (), clause: str | None = None
) -> dict[str, Any]:
    return {
        "key": key,
        "title": title,
        "content": "\n".join(lines),
        "finding_ids": [str(it) for it in finding_ids],
        "clause": clause,
        "redacted": False,
    }


def _by_clause(material: Material, key: str, title: str, kinds: frozenset[FindingKind]) -> Iterator[dict[str, Any]]:
    """One section for each clause of the outline, then one for findings under none of them."""
    clauses = dict(material.outline)
    for clause, heading in clauses.items():
        under = [it for it in material.findings if it.kind in kinds and it.clause == clause]
        yield _listed(f"{key}.{clause}", f"{title}: {heading}"[:500], under, clause)
    rest = [it for it in material.findings if it.kind in kinds and it.clause not in clauses]
    if rest or not clauses:
        yield _listed(key, title, rest)


def _noted(material: Material, key: str, title: str, kinds: set[FindingKind]) -> dict[str, Any]:
    return _listed(key, title, [it for it in material.findings if it.kind in kinds])


def _listed(key: str, title: str, findings: Sequence[Noted], clause: str | None = None) -> dict[str, Any]:
    lines = (_line(it) for it in findings)
    return _section(key, title, lines, finding_ids=(it.id for it in findings), clause=clause)


def _line(it: Noted) -> str:
    """The finding with where and when, for a limitation without extent says nothing (domain.md, section 6.1)."""
    party = f"{it.party}: " if it.party else ""
    told = [f"{it.extent} nơi" if it.extent else None, _day(it.occurred_on) if it.occurred_on else None]
    where = ", ".join(part for part in told if part)
    return f"- {party}{it.content}" + (f" ({where})" if where else "")


def _day(day: date) -> str:
    return f"{day:%d/%m}/{day.year}"


def _basis(it: Material) -> Iterator[str]:
    yield f"Cuộc giám sát: {it.title}."
    yield f"Cơ quan chủ trì: {it.lead}."
    if it.partners:
        yield f"Cơ quan phối hợp: {'; '.join(it.partners)}."
    if it.decision:
        yield f"Quyết định thành lập đoàn: {it.decision}."
    if it.subject_documents:
        yield f"Văn bản được giám sát việc thực hiện: {'; '.join(it.subject_documents)}."
    if it.review:
        yield f"Thời kỳ giám sát: từ {_day(it.review[0])} đến {_day(it.review[1])}."
    yield f"Đối tượng được giám sát: {'; '.join(party.name for party in it.parties) or 'chưa có'}."
    yield f"Số buổi làm việc: {sum(len(party.sessions) for party in it.parties)}."


def _context(it: Material) -> Iterator[str]:
    for party in it.parties:
        if party.adopted is not None:
            yield f"{party.name}: báo cáo kết quả giám sát bản {party.adopted[0]}, thông qua {_day(party.adopted[1])}."
        if party.self_report is not None:
            number, sent = party.self_report
            yield f"{party.name}: báo cáo của đối tượng bản {number}, gửi {_day(sent)}."


def _proposals(proposals: Sequence[Proposed]) -> Iterator[str]:
    """Grouped by addressee, in the order in which each is first named."""
    for addressee in dict.fromkeys(it.addressee for it in proposals):
        yield f"Với {addressee}:"
        for it in proposals:
            if it.addressee == addressee:
                yield f"- {it.action}" + (f" (hoàn thành trước {_day(it.due_on)})" if it.due_on else "")


def _appendices(it: Material) -> Iterator[str]:
    for text in it.subject_documents:
        yield f"- Văn bản: {text}"
    for party in it.parties:
        for held_on in party.sessions:
            yield f"- Biên bản làm việc với {party.name} ngày {_day(held_on)}"
