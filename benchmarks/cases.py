"""What is asked, and as whom. Ids and rows are those of data.sql."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

import orjson

LEAD, ADDRESSEE, STRANGER = 1, 150, 200
"""Bodies that see about 1,000 recommendations, about 500, and none."""

CALLERS = {"lead": LEAD, "addressee": ADDRESSEE, "stranger": STRANGER}


def key(kind: str, number: int) -> UUID:
    """As the function of the same name in data.sql."""
    return UUID(hashlib.md5(f"{kind} {number}".encode(), usedforsecurity=False).hexdigest())


FINDING = {
    "engagement_id": str(key("engagement", 100)),
    "kind": "limitation",
    "content": "Có nơi chưa cụ thể hóa chỉ tiêu thi đua, sơ kết còn chậm",
    "severity": "moderate",
    "occurred_on": "2016-04-01",
    "context": True,
    "extent": 2,
    "criteria": [{"document": "Kết luận 62-KL/TW", "clause": "2"}],
    "evidence": [{"kind": "note", "text": "Sổ họp của hai chi hội năm 2023"}],
}


@dataclass(frozen=True)
class Case:
    name: str
    request: bytes
    status: int = 200


def cases(tokens: dict[str, str], recommendation_id: UUID) -> list[Case]:
    """The same requests for every variant; those without rules read X-Side in place of the token."""

    def asked(caller: str, method: str, target: str, body: bytes = b"") -> bytes:
        return _request(f"{method} {target}", body, {"Authorization": f"Bearer {tokens[caller]}", "X-Side": caller})

    lists = [
        Case(f"GET /v1/recommendations?limit=50 · {caller}", asked(caller, "GET", "/v1/recommendations?limit=50"))
        for caller in CALLERS
    ]
    one = asked("lead", "GET", f"/v1/recommendations/{recommendation_id}")
    post = asked("lead", "POST", "/v1/findings", orjson.dumps(FINDING))
    return [*lists, Case("GET /v1/recommendations/{id} · lead", one), Case("POST /v1/findings · lead", post, 201)]


def _request(line: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"{line} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
