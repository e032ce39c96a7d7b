"""What a paper says and how it is headed, whatever file it becomes.

Form of State and Front papers: NĐ 30/2020/NĐ-CP, Annex I; of Party papers: 05-HD/VPTW (2026), before it 36-HD/VPTW
(domain.md, section 7). One description serves the DOCX templates and the PDF form, so both say the same words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from app.domain.body import PARTY_KINDS, BodyKind
from app.domain.document import Capacity


class PaperKind(StrEnum):
    """Papers that the product writes; a body may replace the DOCX template of each."""

    PLAN = "plan"
    DECISION = "decision"
    OUTLINE = "outline"
    NOTIFICATION = "notification"
    MINUTES = "minutes"
    SELF_REPORT = "self_report"
    RESULT_REPORT = "result_report"
    NOTICE = "notice"
    CONCLUSION = "conclusion"
    CRITICISM = "criticism"
    MATRIX = "matrix"
    RECOMMENDATION = "recommendation"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    HALF_YEAR = "half_year"


class PaperForm(StrEnum):
    """Under the national heading, or under that of the Party."""

    STATE = "state"
    PARTY = "party"


Layout = Literal["named", "letter", "minutes", "wide"]
"""With the name of its type, a letter (công văn), minutes signed by two, or a table on landscape pages."""

LAYOUTS: dict[PaperKind, Layout] = {
    PaperKind.MINUTES: "minutes",
    PaperKind.MATRIX: "wide",
    PaperKind.NOTIFICATION: "letter",
    PaperKind.RECOMMENDATION: "letter",
    PaperKind.REMINDER: "letter",
    PaperKind.ESCALATION: "letter",
}

TYPES: dict[PaperKind, tuple[str, str]] = {
    PaperKind.PLAN: ("KẾ HOẠCH", "KH"),
    PaperKind.DECISION: ("QUYẾT ĐỊNH", "QĐ"),
    PaperKind.OUTLINE: ("ĐỀ CƯƠNG BÁO CÁO", "ĐC"),
    PaperKind.MINUTES: ("BIÊN BẢN", "BB"),
    PaperKind.SELF_REPORT: ("BÁO CÁO", "BC"),
    PaperKind.RESULT_REPORT: ("BÁO CÁO", "BC"),
    PaperKind.NOTICE: ("THÔNG BÁO", "TB"),
    PaperKind.CONCLUSION: ("KẾT LUẬN", "KL"),
    PaperKind.CRITICISM: ("VĂN BẢN PHẢN BIỆN XÃ HỘI", "BC"),
    PaperKind.MATRIX: ("BẢNG TIẾP THU, GIẢI TRÌNH", "BC"),
    PaperKind.HALF_YEAR: ("THÔNG BÁO", "TB"),
}
"""The name of the type as it is printed, and its abbreviation in the symbol; letters have neither."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the body; an article has its `label` before the text, a basis is what the paper rests on.

    A table has `columns` and `rows`; `widths` are shares of the width of the page.
    """

    kind: Literal["heading", "subheading", "text", "item", "note", "basis", "centred", "article", "table"]
    text: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    widths: Sequence[int] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """`lines` in capitals above the space for signature and seal, then the name."""

    lines: Sequence[str]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose paper it is, as the day of the paper has the names."""

    body_id: UUID
    name: str
    kind: BodyKind
    form: PaperForm
    parent: str | None = None
    symbol: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that is printed. Templates see these names.

    `day` is that of the paper, or of today for one that is not dated yet; bodies bear their names of that day.
    """

    kind: PaperKind
    form: PaperForm
    body_id: UUID
    parent: str
    issuer: str
    number: str
    day: date
    dated: str
    abstract: str
    blocks: Sequence[Block]
    signatures: Sequence[Signature]
    type_name: str = ""
    to: Sequence[str] = ()
    copies: Sequence[str] = ()
    mark: str = ""
    hash: str = ""
    annexes: Sequence[Block] = field(default=())

    @property
    def layout(self) -> Layout:
        return LAYOUTS.get(self.kind, "named")

    @property
    def party(self) -> bool:
        return self.form == PaperForm.PARTY

    @property
    def name(self) -> str:
        """What its file is called."""
        told = f"{self.type_name.capitalize()} {self.abstract}" if self.type_name else self.abstract
        return re.sub(r"[\s/\\\x00-\x1f]+", " ", told).strip()[:120] or "Văn bản"

    def content(self) -> dict[str, Any]:
        """As plain data whose text every file format can hold."""
        plain = asdict(self) | {"layout": self.layout, "party": self.party}
        plain |= {"day": self.day.isoformat(), "body_id": str(self.body_id)}
        content: dict[str, Any] = printable(plain)
        return content


UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


def printable(value: Any) -> Any:
    """Without the characters that XML 1.0 cannot hold."""
    if isinstance(value, str):
        return UNPRINTABLE.sub("", value.replace("\r\n", "\n"))
    if isinstance(value, dict):
        return {name: printable(it) for name, it in value.items()}
    if isinstance(value, list | tuple):
        return [printable(it) for it in value]
    return value


def form_of(kind: BodyKind, parent_kind: BodyKind | None = None) -> PaperForm:
    """An office writes in the form of the committee that it serves."""
    party = kind in PARTY_KINDS or (kind == BodyKind.OFFICE and parent_kind in PARTY_KINDS)
    return PaperForm.PARTY if party else PaperForm.STATE


def heading(head: Letterhead) -> tuple[str, str]:
    """The two lines at the top left: the superior organ, and the organ that issues.

    A Front committee issues through its Standing Board; a name loses the end that repeats the superior's.
    """
    if head.kind == BodyKind.FRONT_COMMITTEE and (head.symbol or "").endswith("BTT"):
        return kept_together(head.name.upper()), "BAN THƯỜNG TRỰC"
    parent = head.parent or ""
    name = head.name.removesuffix(parent).strip() if parent else head.name
    return kept_together(parent.upper()), kept_together((name or head.name).upper())


PLACE = re.compile(r"(?<=\S) (?:TỈNH|THÀNH PHỐ|HUYỆN|THỊ XÃ|QUẬN|XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU) .+$")


def kept_together(name: str) -> str:
    """No line ends inside the name of the country, or inside the place at the end: … / TỈNH THỪA THIÊN HUẾ."""
    name = name.replace("VIỆT NAM", "VIỆT\u00a0NAM")
    return PLACE.sub(lambda it: " " + it[0][1:].replace(" ", "\u00a0"), name)


def number_line(form: PaperForm, symbol: str | None, abbreviation: str = "", organ: str | None = None) -> str:
    """`Số 62-KL/TW` in the Party, `Số: 05/BC-MTTQ-BTT` elsewhere; the number is left open until the clerk gives it."""
    label = "Số" if form == PaperForm.PARTY else "Số:"
    if symbol:
        return f"{label} {symbol}"
    organ = organ or "…"
    if form == PaperForm.PARTY:
        return f"{label}       -{abbreviation or 'CV'}/{organ}"
    return f"{label}       /{abbreviation}-{organ}" if abbreviation else f"{label}       /{organ}"


def dated_line(place: str | None, day: date | None) -> str:
    """Days below 10 and the months 1 and 2 have a leading zero (NĐ 30/2020, Annex I, II.4)."""
    where = place or "…………"
    if day is None:
        return f"{where}, ngày      tháng      năm      "
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{where}, ngày {day.day:02d} tháng {month} năm {day.year}"


def day(value: str | date | None) -> str:
    """12/04/2024, from a date or from the form in which records hold one."""
    if value is None:
        return "…"
    it = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{it:%d/%m}/{it.year:04d}"


COLLECTIVES = {
    BodyKind.PARTY_SC: ("BAN THƯỜNG VỤ", "BÍ THƯ"),
    BodyKind.PARTY_COMMITTEE: ("BAN THƯỜNG VỤ", "BÍ THƯ"),
    BodyKind.INSPECTION_COMMISSION: ("ỦY BAN KIỂM TRA", "CHỦ NHIỆM"),
    BodyKind.FRONT_COMMITTEE: ("BAN THƯỜNG TRỰC", "CHỦ TỊCH"),
    BodyKind.PC_COMMITTEE: ("ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    BodyKind.PC_COUNCIL: ("HỘI ĐỒNG NHÂN DÂN", "CHỦ TỊCH"),
    BodyKind.SPO: ("BAN THƯỜNG VỤ", "CHỦ TỊCH"),
    BodyKind.MASS_ASSOC: ("BAN CHẤP HÀNH", "CHỦ TỊCH"),
    BodyKind.PTIB: ("BAN THANH TRA NHÂN DÂN", "TRƯỞNG BAN"),
    BodyKind.CISB: ("BAN GIÁM SÁT ĐẦU TƯ CỦA CỘNG ĐỒNG", "TRƯỞNG BAN"),
}
HEADS = {BodyKind.MASS_MOB: "TRƯỞNG BAN", BodyKind.OFFICE: "CHÁNH VĂN PHÒNG", BodyKind.DEPARTMENT: "THỦ TRƯỞNG"}


def signed(head: Letterhead, signer: dict[str, Any] | None) -> Signature:
    """By whom the paper says it was signed; with nobody named, whoever signs for such a body."""
    collective, chief = COLLECTIVES.get(head.kind, ("", HEADS.get(head.kind, "THỦ TRƯỞNG CƠ QUAN")))
    if signer is None:
        return Signature([*([_authority("TM.", collective, head.form)] if collective else []), chief])
    title, capacity = str(signer["title"]).upper(), signer.get("capacity")
    if capacity is None:
        return Signature([title], signer["name"])
    whose = collective if capacity == Capacity.ON_BEHALF_OF_COLLECTIVE and collective else chief
    return Signature([_authority(capacity, whose, head.form), title], signer["name"])


def _authority(capacity: str, whose: str, form: PaperForm) -> str:
    """The Party writes T/M, T/L, K/T."""
    letters = capacity.rstrip(".")
    short = f"{letters[0]}/{letters[1:]}" if form == PaperForm.PARTY and len(letters) == 2 else f"{letters}."
    return f"{short} {whose}"


@dataclass(frozen=True, slots=True)
class Registered:
    """What is known of the paper itself: its symbol, its day, who signed. Nothing of it yet: a draft to be numbered."""

    symbol: str | None = None
    day: date | None = None
    signer: dict[str, Any] | None = None


def drawn_up(
    head: Letterhead,
    kind: PaperKind,
    known: Registered,
    *,
    today: date,
    abstract: str,
    blocks: Iterable[Block],
    to: Sequence[str] = (),
    copies: Sequence[str] = (),
) -> Paper:
    """A paper of this body, signed by whoever signs for it; the archive's copy ends the list of recipients."""
    parent, issuer = heading(head)
    type_name, abbreviation = TYPES.get(kind, ("", ""))
    return Paper(
        kind=kind,
        form=head.form,
        body_id=head.body_id,
        parent=parent,
        issuer=issuer,
        number=number_line(head.form, known.symbol, abbreviation, head.symbol),
        day=known.day or today,
        dated=dated_line(head.place, known.day),
        type_name=type_name,
        abstract=abstract,
        blocks=tuple(blocks),
        signatures=(signed(head, known.signer),),
        to=to,
        copies=(*copies, "Lưu Văn phòng" if head.form == PaperForm.PARTY else "Lưu: VT"),
    )


ITEM = re.compile(r"^[-+•*]\s+")
NUMBERED = re.compile(r"^\d+\.\d+")


def prose(text: str | None) -> Iterator[Block]:
    """One block for each line; lines that begin with a dash are items."""
    for line in (it.strip() for it in (text or "").splitlines()):
        if ITEM.match(line):
            yield Block("item", ITEM.sub("", line))
        elif line:
            yield Block("text", line)


def titled(title: str, text: str | None) -> Iterator[Block]:
    """A part of a report: its title, `5.1.` one level below `5.`, and its text."""
    yield Block("subheading" if NUMBERED.match(title) else "heading", title)
    yield from prose(text)


def table(columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> Block:
    """`columns` are headings with their shares of the width."""
    text = tuple(tuple("" if it is None else str(it) for it in row) for row in rows)
    return Block("table", columns=[it for it, _ in columns], widths=[it for _, it in columns], rows=text)
