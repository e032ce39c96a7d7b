"""Identifiers: UUIDv7, so that the key order is the creation order and keyset pages need no second column."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    return uuid7()
