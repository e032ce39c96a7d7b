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
    Signer,
    Staff,
    Status,
    Trace,
    file_of,
    spool,
)
from app.adapters.edxml.reader import VIET_NAM, Glimpse, Reading, read
from app.adapters.edxml.splitter import MAX_ATTACHMENT, MAX_MESSAGE
from app.adapters.edxml.writer import Unsendable, build, shortened

__all__ = [
    "MAX_ATTACHMENT",
    "MAX_MESSAGE",
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
    "Signer",
    "Staff",
    "Status",
    "Trace",
    "Unsendable",
    "build",
    "file_of",
    "fingerprint",
    "read",
    "shortened",
    "spool",
]
