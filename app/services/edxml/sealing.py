"""With which key a message is signed that goes out: the operator's, where there is one.

Keys lie in a folder of the machine, never in the database: `<OrganId>.pem` for one body, `installation.pem` for all
others, each a private key and its certificate. Their receivers are told the certificate on paper; the registrar there
puts it to the organ id.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from app.adapters import edxml
from app.core.clock import utcnow

FOLDER: Final = "GIAMSAT_EDXML_KEYS"
EVERYBODY: Final = "installation"


def key_of(organ_id: str) -> edxml.SigningKey | None:
    """None where nobody is to sign; Unsendable where the key that is there cannot be used."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return None
    for name in (organ_id.upper(), EVERYBODY):
        path = Path(folder, f"{name}.pem")
        if path.is_file():
            return _good(_read(path, path.stat().st_mtime_ns))
    return None


def _good(key: edxml.SigningKey) -> edxml.SigningKey:
    """What an expired one signs would wait at every receiver."""
    if not key.certificate.is_good_at(utcnow()):
        raise edxml.Unsendable("the certificate of the signing key is not valid today")
    return key


@lru_cache(maxsize=256)
def _read(path: Path, changed: int) -> edxml.SigningKey:
    """Once, until the file is changed."""
    try:
        return edxml.SigningKey.of_pem(path.read_bytes())
    except OSError as error:
        raise edxml.Unsendable(f"the signing key cannot be read: {error.strerror}") from error


def shown(seal: edxml.Seal) -> dict[str, Any]:
    """What a person is told of a signature, beside its state."""
    told = {"certificate": seal.certificate, "subject": seal.subject, "flaw": seal.flaw}
    kept = {name: str(value) for name, value in told.items() if value}
    return {"signature": kept} if kept else {}
