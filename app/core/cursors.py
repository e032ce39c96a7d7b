"""Keyset cursors: opaque, signed, and bound to the filters and the order they were made for."""

import base64
import hashlib
import hmac
from typing import Any

import orjson

from app.core.errors import BadRequest

TAG_BYTES = 12


class Cursors:
    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seal(self, position: list[Any], scope: str) -> str:
        """`scope` names list, filters and order; a cursor is good for the same scope only."""
        body = orjson.dumps(position, default=str)
        return base64.urlsafe_b64encode(self._tag(body, scope) + body).decode().rstrip("=")

    def open(self, cursor: str, scope: str) -> list[Any]:
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (ValueError, UnicodeEncodeError) as error:
            raise BadRequest("bad_cursor") from error
        tag, body = raw[:TAG_BYTES], raw[TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(body, scope)):
            raise BadRequest("bad_cursor")
        position: list[Any] = orjson.loads(body)
        return position

    def _tag(self, body: bytes, scope: str) -> bytes:
        return hmac.new(self._secret, scope.encode() + b"\0" + body, hashlib.sha256).digest()[:TAG_BYTES]
