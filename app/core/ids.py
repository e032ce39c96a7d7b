"""Identifiers: UUIDv7, so that the key order is the creation order and keyset pages need no second column."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    return uuid7()


def is_time_ordered(identifier: UUID) -> bool:
    """True for the UUIDv7 that clients on bad networks must choose for their own records."""
    return identifier.version == 7
