"""Social criticism on paper, made of plain data so that whoever keeps drafts and opinions can print them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.domain.paper import Block, Letterhead, Paper, PaperKind, Registered, drawn_up, prose, table
from app.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Answered:
    """An opinion on a draft and what the drafting body made of it; words as they are to be printed."""

    anchor: str
    opinion: str
    proposal: str = ""
    answer: str = ""
    explanation: str = ""


def document(
    uow: UnitOfWork,
    head: Letterhead,
    known: Registered,
    *,
    draft: str,
    to: list[str],
    parts: Iterable[tuple[str, str]],
    opinions: Iterable[Answered],
) -> Paper:
    """Luật MTTQ Đ33(2): `parts` on necessity, conformity, feasibility, impact, balance; then opinion by opinion."""
    return drawn_up(
        head,
        PaperKind.CRITICISM,
        known,
        today=uow.today,
        abstract=f"đối với {draft}",
        blocks=_criticism(parts, list(opinions)),
        to=to,
        copies=["Như trên"],
    )


def _criticism(parts: Iterable[tuple[str, str]], opinions: list[Answered]) -> Iterator[Block]:
    for number, (title, text) in enumerate(parts, 1):
        yield Block("heading", f"{number}. {title}")
        yield from prose(text)
    if opinions:
        yield Block("heading", "Ý kiến đối với từng điều, khoản")
        columns = (("Điều, khoản", 2), ("Ý kiến", 5), ("Đề nghị", 5))
        yield table(columns, ((it.anchor, it.opinion, it.proposal) for it in opinions))


def matrix(uow: UnitOfWork, head: Letterhead, known: Registered, *, draft: str, opinions: Iterable[Answered]) -> Paper:
    """The absorb-and-explain matrix (Luật MTTQ Đ36(3): what is refused must be explained), on landscape pages."""
    columns = (("Điều, khoản", 2), ("Ý kiến phản biện", 5), ("Đề nghị", 4), ("Tiếp thu", 2), ("Giải trình", 5))
    rows = ((it.anchor, it.opinion, it.proposal, it.answer, it.explanation) for it in opinions)
    return drawn_up(
        head,
        PaperKind.MATRIX,
        known,
        today=uow.today,
        abstract=f"ý kiến phản biện xã hội đối với {draft}",
        blocks=[table(columns, rows)],
    )
