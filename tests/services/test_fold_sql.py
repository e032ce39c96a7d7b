"""PostgreSQL's `fold` gives the key that Python's gives: what is asked for is what the indexes hold."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Text, cast, func, literal, select

from app.core.text import fold

VIETNAMESE = "aăâeêioôơuưyđAĂÂEÊIOÔƠUƯYĐðÐ \u00a0\t\u200b" + "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"
ANYTHING = st.characters(exclude_categories=["Cs", "Cn", "Co"], exclude_characters="\x00")


async def folded(session, text: str) -> str:
    return (await session.execute(select(func.fold(cast(literal(text), Text))))).scalar_one()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from(VIETNAMESE) | ANYTHING, max_size=40))
async def test_sql_and_python_fold_alike(session, text):
    assert await folded(session, text) == fold(text)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", ["nợ đọng", "NỢ ĐỌNG", "hòa", "hoà", "Điện Biên", "QUẢNG ĐIỀN"])
async def test_vietnamese_words_fold_alike(session, form, text):
    typed = unicodedata.normalize(form, text)
    assert await folded(session, typed) == fold(typed)
