"""Is it the same document, whatever its bytes? Axes rewrite addressees, traces and white space; content stays."""

import hashlib
import json

from app.adapters.edxml.message import Message, Reference
from app.domain.edxml import match_key


def fingerprint(message: Message) -> str:
    """SHA-256 of what the document says and carries; not of its way here."""
    told = [
        match_key(message.symbol),
        message.promulgated.isoformat(),
        message.subject,
        message.content,
        message.due_on.isoformat() if message.due_on else "",
        message.kind.name,
        message.signer.competence,
        message.signer.position,
        message.signer.full_name,
        *sorted(_reference(it) for it in message.answers),
        *sorted(f"{it.name}|{it.sha256}" for it in message.files),
    ]
    words = [" ".join(it.split()) for it in told]
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()


def _reference(it: Reference) -> str:
    return "|".join([it.organ_id, match_key(it.code), it.document_id, str(it.promulgated or "")])
