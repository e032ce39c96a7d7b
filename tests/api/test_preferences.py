"""What a person wants by e-mail is theirs to say."""

import pytest

from tests.client import Api, ok

PATH = "/v1/me/notification-preferences"


async def test_nothing_is_sent_until_somebody_gives_an_address(api: Api) -> None:
    assert ok(await api.get(PATH, as_="head")) == {"email": None, "digest": True, "notices": True}
    wanted = {"email": "head@example.vn", "digest": True, "notices": False}
    assert ok(await api.put(PATH, wanted, as_="head")) == wanted
    assert ok(await api.get(PATH, as_="head")) == wanted
    assert ok(await api.get(PATH, as_="secretary"))["email"] is None


@pytest.mark.parametrize("email", ["nobody", "a@b", "a b@example.vn", "a@example.vn\r\nBcc: b@example.vn", ""])
async def test_what_is_no_address_is_refused(api: Api, email: str) -> None:
    answer = await api.put(PATH, {"email": email}, as_="head")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/email")
