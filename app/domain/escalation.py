"""The ladder a recommendation climbs while nobody answers: urging, its superior, an explanation, supervision again.

Source: the ladder of a provincial council (domain.md, section 5.1). How long each rung waits is a rule row (P05).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Rung(StrEnum):
    """In the order of climbing; the first is what reminders do."""

    URGING = "urging"
    SUPERIOR = "superior"
    EXPLANATION = "explanation"
    RESUPERVISION = "resupervision"


LADDER = tuple(Rung)
TOP = len(LADDER) - 1
WAITING = "P05"
"""The rule that says how long each rung waits before the next."""


def rung(level: int) -> Rung:
    """Of an escalation level; above the ladder one stays on its last rung."""
    return LADDER[min(level, TOP)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What the generated letter of a rung says; names are those valid on its date."""

    rung: Rung
    on: date
    sender: str
    recipient: str
    addressee: str
    copies: tuple[str, ...]
    number: int | None
    issued_on: date | None
    action: str
    reply_due_on: date | None
    reason: str
    answer_by: date | None


SUBJECTS = {
    Rung.URGING: "V/v đôn đốc thực hiện kiến nghị",
    Rung.SUPERIOR: "V/v kiến nghị cấp trên chỉ đạo trả lời, thực hiện kiến nghị sau giám sát",
    Rung.EXPLANATION: "V/v đề nghị giải trình việc chưa trả lời, thực hiện kiến nghị sau giám sát",
    Rung.RESUPERVISION: "V/v giám sát lại việc trả lời, thực hiện kiến nghị sau giám sát",
}

ASKED = {
    Rung.URGING: "{sender} đề nghị {addressee} trả lời, thực hiện kiến nghị{by}.",
    Rung.SUPERIOR: "{sender} kiến nghị {recipient} chỉ đạo {addressee} trả lời bằng văn bản{by}.",
    Rung.EXPLANATION: "{sender} đề nghị {recipient} yêu cầu {addressee} giải trình bằng văn bản, hoặc trực tiếp{by}.",
    Rung.RESUPERVISION: "{sender} sẽ giám sát lại; đề nghị {recipient} chỉ đạo {addressee} chuẩn bị báo cáo{by}.",
}


def subject(letter: Letter) -> str:
    return SUBJECTS[letter.rung]


def text(letter: Letter) -> str:
    """The body of the letter, in Vietnamese; who signs it completes it."""
    by = f" trước ngày {_day(letter.answer_by)}" if letter.answer_by else ""
    asked = ASKED[letter.rung].format(
        sender=letter.sender, recipient=letter.recipient, addressee=letter.addressee, by=by
    )
    lines = [f"Kính gửi: {letter.recipient}", _facts(letter), f"Lý do: {letter.reason}", asked]
    received = ["Nơi nhận:", "- Như trên;", f"- {letter.addressee};", *(f"- {it};" for it in letter.copies)]
    return "\n\n".join(lines) + "\n\n" + "\n".join(received)


def body_of(text: str) -> str:
    """Without its opening and its recipients, for a paper that prints both in places of their own."""
    return "\n\n".join(it for it in text.split("\n\n") if not it.startswith(("Kính gửi:", "Nơi nhận:")))


def _facts(letter: Letter) -> str:
    number = f" số {letter.number}" if letter.number else ""
    issued = f", ban hành ngày {_day(letter.issued_on)}" if letter.issued_on else ""
    due = f", hạn trả lời ngày {_day(letter.reply_due_on)}" if letter.reply_due_on else ""
    told = f"Kiến nghị{number} của {letter.sender} gửi {letter.addressee}{issued}{due}: “{letter.action}”."
    return f"{told} Đến ngày {_day(letter.on)} chưa có kết quả theo yêu cầu."


def _day(on: date) -> str:
    return f"{on:%d/%m/%Y}"
