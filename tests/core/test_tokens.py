"""A token's signature is verified once; what is remembered of it may not outlive it."""

import time
from datetime import timedelta
from uuid import uuid4

import pytest

from app.core import tokens as module
from app.core.errors import Unauthenticated
from app.core.tokens import Keyring, Tokens


@pytest.fixture
def tokens(tmp_path):
    return Tokens(Keyring(tmp_path), issuer="https://giamsat.example.vn", audience="giamsat", minutes=5)


def issued(tokens):
    return tokens.issue(account_id=uuid4(), body_id=uuid4(), family_id=uuid4(), scope="")


def test_a_remembered_token_is_not_verified_again(tokens, monkeypatch):
    token = issued(tokens)
    first = tokens.read(token)
    monkeypatch.setattr(tokens.keyring, "verify", lambda token: pytest.fail("verified twice"))
    assert tokens.read(token) == first


@pytest.mark.thorough
def test_a_remembered_token_still_expires(tokens):
    tokens.lifetime = timedelta(seconds=2)
    token = issued(tokens)
    tokens.read(token)
    time.sleep(2)
    with pytest.raises(Unauthenticated):
        tokens.read(token)


def test_nothing_is_remembered_of_a_refused_token(tokens):
    head, body, _ = issued(tokens).split(".")
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            tokens.read(f"{head}.{body}.{'A' * 86}")


def test_the_oldest_is_forgotten_first(tokens, monkeypatch):
    monkeypatch.setattr(module, "CAPACITY", 2)
    many = [issued(tokens) for _ in range(3)]
    for token in many:
        tokens.read(token)
    verified: list[str] = []
    verify = tokens.keyring.verify
    monkeypatch.setattr(tokens.keyring, "verify", lambda token: verified.append(token) or verify(token))
    for token in reversed(many):
        tokens.read(token)
    assert verified == [many[0]]
