"""Every way a request can fail on purpose.

AppError
├── BadRequest           400  malformed JSON, a cursor that is not ours
│   └── GrantRefused     400  at the token endpoint, in the form of RFC 6749
│       └── ClientRefused 401
├── Unauthenticated      401  no token, or one that is expired, revoked or foreign
├── Forbidden            403  the caller sees it but may not do this
├── NotVisible           404  absent, or present but not for this caller
├── Conflict             409
│   ├── MoveNotAllowed   409  the lifecycle has no such move from this state
│   └── NeedsUnmet       409  the move exists, but something it needs is missing
├── Gone                 410  what was asked for is no longer kept
├── Stale                412  If-Match names an older version
├── OtherProtocol        412  a version of a protocol that is not spoken here
├── TooLarge             413
├── UnsupportedMedia     415
├── RangeNotSatisfiable  416  the bytes asked for lie behind the end of the file
├── Invalid              422  the request contradicts itself or the record's rules, with pointers
├── Unversioned          428  If-Match is missing
├── TooMany              429
└── Unavailable          503  try again later

The words are in messages/vi and messages/en under the error's `code`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a JSON pointer, a stable code, and what the words need to name it."""

    code: str
    pointer: str = ""
    params: tuple[tuple[str, Any], ...] = ()


def fault(pointer: str, code: str, **params: Any) -> Fault:
    return Fault(code, pointer, tuple(params.items()))


class AppError(Exception):
    """`params` fill the words; `extra` are members of the problem answer beside the standard ones."""

    status: ClassVar[int] = 500
    default: ClassVar[str] = "internal"

    def __init__(
        self,
        code: str | None = None,
        *,
        params: dict[str, Any] | None = None,
        extra: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.code = code or self.default
        self.params = params or {}
        self.extra = extra or {}
        self.headers = headers or {}
        super().__init__(self.code)


class BadRequest(AppError):
    status = 400
    default = "bad_request"


class GrantRefused(BadRequest):
    """Answered in the form of RFC 6749, section 5.2: the code is its `error`."""

    default = "invalid_grant"


class ClientRefused(GrantRefused):
    status = 401
    default = "invalid_client"


class Unauthenticated(AppError):
    status = 401
    default = "unauthenticated"

    def __init__(self, code: str | None = None) -> None:
        super().__init__(code, headers={"WWW-Authenticate": 'Bearer realm="giamsat", error="invalid_token"'})


class Forbidden(AppError):
    status = 403
    default = "forbidden"


class NotVisible(AppError):
    status = 404
    default = "not_found"


class Conflict(AppError):
    status = 409
    default = "conflict"


class MoveNotAllowed(Conflict):
    default = "move_not_allowed"

    def __init__(self, *, action: str, state: str, allowed: Iterable[str]) -> None:
        moves = list(allowed)
        super().__init__(
            params={"action": action, "state": state, "allowed": ", ".join(moves) or "–"},
            extra={"state": state, "allowed": moves},
        )


class NeedsUnmet(Conflict):
    default = "needs_unmet"

    def __init__(self, *, action: str, unmet: Iterable[Fault]) -> None:
        self.unmet = tuple(unmet)
        super().__init__(params={"action": action})


class Gone(AppError):
    status = 410
    default = "cursor_expired"


class Stale(AppError):
    status = 412
    default = "stale"

    def __init__(self, *, current: int) -> None:
        super().__init__(params={"current": current}, extra={"current_version": current})


class OtherProtocol(AppError):
    status = 412
    default = "other_protocol"


class TooLarge(AppError):
    status = 413
    default = "too_large"


class UnsupportedMedia(AppError):
    status = 415
    default = "unsupported_media"


class RangeNotSatisfiable(AppError):
    status = 416
    default = "range_not_satisfiable"

    def __init__(self, *, size: int) -> None:
        super().__init__(params={"size": size}, headers={"Content-Range": f"bytes */{size}"})


class Invalid(AppError):
    status = 422
    default = "invalid"

    def __init__(self, *faults: Fault, code: str | None = None) -> None:
        self.faults = faults
        super().__init__(code)


class Unversioned(AppError):
    status = 428
    default = "unversioned"


class TooMany(AppError):
    status = 429
    default = "too_many_requests"

    def __init__(self, code: str | None = None, *, retry_after: int = 1) -> None:
        super().__init__(code, params={"seconds": retry_after}, headers={"Retry-After": str(retry_after)})


class Unavailable(AppError):
    status = 503
    default = "unavailable"

    def __init__(self, code: str | None = None, *, retry_after: int = 2) -> None:
        super().__init__(code, headers={"Retry-After": str(retry_after)})


def invalid(pointer: str, code: str, **params: Any) -> Invalid:
    """The one-field form of Invalid."""
    return Invalid(fault(pointer, code, **params))
