"""What wraps every request: headers, limits, ids, logs, and errors that show nothing."""

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.core.log import JsonFormatter
from app.core.settings import Settings
from app.main import create_app
from tests.client import Api
from tests.world import World


async def test_every_answer_forbids_what_browsers_should_not_do(api: Api) -> None:
    for path in ("/healthz", "/v1/campaigns", "/v1/nothing"):
        headers = (await api.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "server" not in headers


async def test_answers_for_a_caller_are_kept_by_nobody(api: Api) -> None:
    assert (await api.get("/v1/campaigns", as_="lead_officer")).headers["cache-control"] == "private, no-store"


async def test_the_docs_page_may_load_its_script(api: Api) -> None:
    assert "content-security-policy" not in (await api.get("/docs")).headers


async def test_a_request_keeps_the_id_it_came_with_unless_that_is_strange(api: Api) -> None:
    named = await api.get("/healthz", headers={"X-Request-ID": "from-the-proxy.1"})
    assert named.headers["x-request-id"] == "from-the-proxy.1"
    strange = await api.get("/healthz", headers={"X-Request-ID": "a b\tc"})
    assert strange.headers["x-request-id"] != "a b\tc"
    assert len(strange.headers["x-request-id"]) == 32


async def pieces(size: int) -> AsyncIterator[bytes]:
    """A body whose length is not announced."""
    for _ in range(size // 100_000):
        yield b" " * 100_000


@pytest.mark.parametrize("body", ["announced", "in pieces"])
async def test_a_body_over_the_limit_is_refused(api: Api, settings: Settings, body: str) -> None:
    size = settings.max_body_bytes + 200_000
    content = b" " * size if body == "announced" else pieces(size)
    answer = await api.call(
        "POST", "/v1/campaigns", as_="lead_officer", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "too_large"


@pytest.mark.parametrize("body", [b"{", b'{"title":"\xff"}', b"[" * 100_000, b"1" + b"0" * 5_000])
async def test_malformed_json_is_said_to_be_so(api: Api, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await api.call("POST", "/v1/campaigns", as_="lead_officer", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_json")


async def test_words_follow_accept_language(api: Api) -> None:
    vietnamese = await api.get("/v1/nothing")
    english = await api.get("/v1/nothing", language="fr, en;q=0.8, vi;q=0.1")
    assert (vietnamese.headers["content-language"], vietnamese.json()["title"]) == ("vi", "Không tìm thấy")
    assert (english.headers["content-language"], english.json()["title"]) == ("en", "Not found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/campaigns", "GET, HEAD, POST"),
        ("TRACE", "/v1/campaigns/0", "GET, HEAD, PATCH"),
        ("PATCH", "/v1/findings/batch", "POST"),
        ("GET", "/v1/findings/batch", "POST"),
    ],
)
async def test_a_method_that_a_path_does_not_take_is_405_with_all_that_it_takes(
    api: Api, method: str, path: str, allowed: str
) -> None:
    answer = await api.call(method, path, as_="lead_officer")
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert answer.json()["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", ["/healthz", "/v1/campaigns", "/v1/campaigns/0"])
async def test_head_answers_as_get_does_without_a_body(api: Api, path: str) -> None:
    whole, head = await api.get(path, as_="lead_officer"), await api.call("HEAD", path, as_="lead_officer")
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]


async def test_a_stream_has_no_head(api: Api) -> None:
    answer = await api.call("HEAD", "/v1/events", as_="lead_officer")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
async def test_what_is_not_said_to_be_json_is_not_read_as_such(api: Api, kind: str | None) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = await api.call("POST", "/v1/campaigns", as_="lead_officer", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media")


async def test_a_path_with_a_slash_too_many_is_absent_not_elsewhere(api: Api) -> None:
    answer = await api.get("/v1/campaigns/", as_="lead_officer")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("day", ["0", "1712880000", "2024-04-12T00:00:00", "20240412"])
async def test_a_day_is_taken_only_as_it_is_written(api: Api, day: str) -> None:
    answer = await api.get(f"/v1/campaigns?window_from={day}", as_="lead_officer")
    [fault] = answer.json()["errors"]
    assert (answer.status_code, fault["pointer"], fault["code"]) == (422, "window_from", "date_parsing")


async def test_a_choice_is_explained_in_one_language(api: Api) -> None:
    answer = await api.get("/v1/campaigns?kind=inspection", as_="lead_officer")
    [fault] = answer.json()["errors"]
    assert fault["detail"] == "Phải là một trong: 'supervision', 'social_criticism'."
    verified = {"action": "verify", "implementation": "in_progress", "note": "Đã xem"}
    answer = await api.post(f"/v1/recommendations/{UUID(int=0)}/transitions", verified, as_="lead_officer")
    [fault] = answer.json()["errors"]
    assert fault["detail"] == "Phải là một trong: 'done', 'partly_done'."


ALLOWED = "https://mattran.example.vn"


@pytest.fixture
async def from_a_browser(engine: AsyncEngine, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings.model_copy(update={"cors_origins": [ALLOWED]}), engine=engine)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as browser:
        yield browser


async def test_only_named_origins_may_call_from_a_browser(from_a_browser: httpx.AsyncClient, api: Api) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,if-match"}
    allowed = await from_a_browser.options("/v1/campaigns", headers={"Origin": ALLOWED, **asks})
    assert allowed.headers["access-control-allow-origin"] == ALLOWED
    seen = await from_a_browser.get("/healthz", headers={"Origin": ALLOWED})
    assert "ETag" in seen.headers["access-control-expose-headers"]
    other = await from_a_browser.get("/healthz", headers={"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in other.headers
    by_default = await api.get("/healthz", headers={"Origin": ALLOWED})
    assert "access-control-allow-origin" not in by_default.headers


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the product logs, as it would be written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    ours = logging.getLogger("giamsat")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield written
    ours.removeHandler(handler)
    ours.setLevel(logging.NOTSET)


def events(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


async def test_a_request_is_one_event_without_personal_data(api: Api, world: World, lines: io.StringIO) -> None:
    secret = "Nguyễn Thị Riêng Tư"
    answer = await api.get(f"/v1/bodies/{world.body['lead']}", as_="lead_officer", params={"q": secret})
    event = next(it for it in events(lines) if it["event"] == "request")
    assert event["route"] == "/v1/bodies/{body_id}"
    assert event["status"] == answer.status_code
    assert event["request_id"] == answer.headers["x-request-id"]
    for private in (secret, "Riêng", str(world.body["lead"]), world.token("lead_officer"), "lead_officer"):
        assert private not in lines.getvalue()


async def test_an_unexpected_error_shows_a_request_id_and_nothing_else(
    app: FastAPI, api: Api, lines: io.StringIO
) -> None:
    kept, app.state.tokens = app.state.tokens, None
    try:
        answer = await api.get("/v1/campaigns", as_="lead_officer")
    finally:
        app.state.tokens = kept
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert answer.headers["x-request-id"] in answer.json()["detail"]
    assert "NoneType" not in answer.text
    assert "NoneType" in next(it for it in events(lines) if it["event"] == "unexpected")["error"]


async def test_errors_of_the_database_do_not_print_what_was_bound(session: AsyncSession) -> None:
    with pytest.raises(DBAPIError) as caught:
        await session.execute(text("SELECT CAST(:secret AS integer) / 0 FROM nowhere"), {"secret": 133_000_133})
    assert "133000133" not in str(caught.value)
