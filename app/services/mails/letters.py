"""The words of an e-mail: Vietnamese first, English beside it, as text and as plain HTML."""

from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from typing import Any
from uuid import UUID

from app.core.clock import utcnow
from app.core.words import LANGUAGES, catalogue, fill, told

SUBJECT_LENGTH = 120


def letter(item: dict[str, Any], notification_id: UUID, *, to: str, sender: str, domain: str) -> EmailMessage:
    """The same Message-ID at every try: a mail system that has the letter already drops the second copy."""
    sentences = {language: told(language, item) for language in LANGUAGES}
    closings = {language: catalogue(language)["told"]["mail_closing"] for language in LANGUAGES}
    message = EmailMessage()
    message["Message-ID"] = f"<{notification_id}@{domain}>"
    message["Date"] = format_datetime(utcnow())
    message["From"], message["To"] = sender, to
    message["Subject"] = _subject(sentences["vi"])
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "vi, en"
    parts = [f"{sentences[it]}\n\n{closings[it]}\n" for it in LANGUAGES]
    message.set_content("\n— · —\n\n".join(parts))
    message.add_alternative(_html(sentences, closings), subtype="html")
    return message


def _subject(sentence: str) -> str:
    """One line; a title may hold anything."""
    words = fill(catalogue("vi")["told"]["mail_subject"], {"text": " ".join(sentence.split())})
    return words if len(words) <= SUBJECT_LENGTH else words[: SUBJECT_LENGTH - 1] + "…"


def _html(sentences: dict[str, str], closings: dict[str, str]) -> str:
    parts = (
        f'<div lang="{it}"><p>{escape(sentences[it])}</p><p><small>{escape(closings[it])}</small></p></div>'
        for it in LANGUAGES
    )
    return '<!doctype html><html lang="vi"><meta charset="utf-8"><body>' + "<hr>".join(parts) + "</body></html>"
