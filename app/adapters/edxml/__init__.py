"""Electronic documents as they travel between document systems: edXML v2 (QCVN 102:2016/BTTTT), read and written.

`read` takes whatever comes and says which rules it breaks; `build` writes what every receiver takes. Neither touches
a database, a network or more memory than a message without its files needs.
"""

from app.adapters.edxml.fingerprint import fingerprint
from app.adapters.edxml.message import (
    Business,
    File,
    Kind,
    Message,
    Organ,
    Other,
    Receiver,
    Reference,
    Replacement,
    Seal,
    Signer,
    Staff,
    Status,
    Trace,
    Unsendable,
    file_of,
    spool,
)
from app.adapters.edxml.narrowing import narrowed
from app.adapters.edxml.reader import VIET_NAM, Glimpse, Reading, read
from app.adapters.edxml.signatures import MOST_SIGNED, SigningKey
from app.adapters.edxml.splitter import MAX_ATTACHMENT, MAX_MESSAGE
from app.adapters.edxml.writer import build, shortened

__all__ = [
    "MAX_ATTACHMENT",
    "MAX_MESSAGE",
    "MOST_SIGNED",
    "VIET_NAM",
    "Business",
    "File",
    "Glimpse",
    "Kind",
    "Message",
    "Organ",
    "Other",
    "Reading",
    "Receiver",
    "Reference",
    "Replacement",
    "Seal",
    "Signer",
    "SigningKey",
    "Staff",
    "Status",
    "Trace",
    "Unsendable",
    "build",
    "file_of",
    "fingerprint",
    "narrowed",
    "read",
    "shortened",
    "spool",
]
