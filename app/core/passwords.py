"""Passwords: argon2id by pwdlib; nothing else hashes or compares one. Both take tens of milliseconds: use a thread."""

import unicodedata

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 200

_hashes = PasswordHash((Argon2Hasher(memory_cost=19_456, time_cost=2, parallelism=1),))
_DUMMY = _hashes.hash("nobody has this password")


def hashed(password: str) -> str:
    return _hashes.hash(_normal(password))


def matches(password: str, stored: str | None) -> bool:
    """Takes the same time for an unknown account (`stored` None), so that logins cannot be probed."""
    valid = _hashes.verify(_normal(password), stored or _DUMMY)
    return valid and stored is not None


def _normal(password: str) -> str:
    """One keyboard composes Vietnamese letters, another sends letter and mark apart: the same password."""
    return unicodedata.normalize("NFC", password)
