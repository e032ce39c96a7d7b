"""Hostile and broken messages over HTTP: each is answered with its code, in bounded work, none is an error of ours."""

import pytest

from tests.client import ok
from tests.corpus import FIRST, OWN_ID, RECALL, REPLY, STATUS, changed, with_content, zipped
from tests.makers_edxml import the_aliases

pytestmark = pytest.mark.thorough

PATH = "/v1/edxml/inbound"
RESPONSE = "<edXML:ResponseFor>"
ANSWERS = "".join(
    f"{RESPONSE}<edXML:OrganId>H{it}</edXML:OrganId><edXML:Code>{it}/X</edXML:Code>"
    "<edXML:PromulgationDate>2024/01/02</edXML:PromulgationDate></edXML:ResponseFor>"
    for it in range(1000)
)
ADDRESSEES = "".join(f"<edXML:To><edXML:OrganId>H57.{it}</edXML:OrganId></edXML:To>" for it in range(1000))
REPLACED = "".join(
    f"<edXML:ReplacementInfo><edXML:DocumentId>x{it}</edXML:DocumentId></edXML:ReplacementInfo>" for it in range(1000)
)
LISTED = f"<edXML:ReplacementInfoList>{REPLACED}</edXML:ReplacementInfoList>"
BUSINESS = ("</edXML:Bussiness>", f"{LISTED}</edXML:Bussiness>")

ODD = {
    "a number of 60,000 digits": changed(REPLY, ("CodeNumber>210", "CodeNumber>" + "2" * 60_000)),
    "a number that no column holds": changed(REPLY, ("CodeNumber>210", "CodeNumber>99999999999999999999")),
    "a notation without end": changed(REPLY, ("CodeNotation>BC/HU", "CodeNotation>" + "BC/" * 20_000)),
    "a thousand answers": changed(REPLY, (RESPONSE, ANSWERS + RESPONSE), count=1),
    "a thousand addressees": changed(REPLY, ("<edXML:To>", ADDRESSEES + "<edXML:To>"), count=1),
    "a thousand replaced": changed(FIRST, ("DocType>0", "DocType>3"), BUSINESS),
    "a subject of line breaks": changed(REPLY, ("<edXML:Subject>", "<edXML:Subject>a&#10;b&#13;c&#9;")),
    "a subject that is a script": changed(REPLY, ("<edXML:Subject>", "<edXML:Subject>&lt;script&gt;")),
    "a subject beyond the basic plane": changed(REPLY, ("<edXML:Subject>", "<edXML:Subject>\U0001f600\U000e0001")),
    "non-characters": changed(REPLY, ("<edXML:Subject>", "<edXML:Subject>\ufdd0\u202e\ufeff")),
    "an id of blanks": changed(REPLY, (OWN_ID, " \u00a0 ")),
    "a recall of itself": changed(RECALL, ("DocType>1", "DocType>2")),
    "a status of year 1900": changed(STATUS, ("2024/04/12 17:45:10", "1900/01/01 00:00:00")),
    "a status of hundreds": changed(STATUS, (RESPONSE, ANSWERS + RESPONSE), count=1),
    "a zip in a zip": with_content(REPLY, 0, zipped(("a.pdf", zipped(("b.pdf", b"%PDF-1.4"))))),
    "a zip of nothing": with_content(REPLY, 0, zipped()),
    "a file of one byte": with_content(REPLY, 0, b"x"),
}


@pytest.fixture
async def push(api, session, world):
    await the_aliases(session, world)

    async def pushed(raw, as_="lead_clerk"):
        return await api.post(PATH, content=raw, as_=as_, headers={"Content-Type": "application/xml"})

    return pushed


@pytest.mark.parametrize("name", ODD)
async def test_whatever_comes_is_answered_in_bounded_work(push, api, queries, name):
    await push(FIRST.encode(), as_="partner")
    queries.reset()
    answer = await push(ODD[name])
    assert answer.status_code in (200, 202, 422), answer.text
    assert answer.json()["outcome"] in ("accepted", "quarantined", "rejected", "duplicate", "ignored")
    assert queries.count < 120, "as many statements as the message names documents"
    listed = await api.get("/v1/edxml/messages?limit=200", as_="lead_clerk")
    assert listed.status_code == 200
    assert len(listed.content) < 130_000


BOUNDARY = b"--x\r\nContent-Disposition: form-data; name=%s\r\nContent-Type: application/xml\r\n\r\n%s\r\n--x--\r\n"
FILE = b'"edocFile"; filename="a.edxml"'


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("multipart/form-data", b"", 400),
        ("multipart/form-data; boundary=", b"", 422),
        ("multipart/form-data; boundary=x", b"", 422),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\n--y--", 400),
        ("multipart/form-data; boundary=x", BOUNDARY % (FILE, b"<edXML/>"), 202),
        ("multipart/form-data; boundary=x", BOUNDARY % (b'"edocFile"', b"<edXML/>"), 422),
        ("multipart/form-data; boundary=x", BOUNDARY % (FILE, b"<edXML/>") * 2, 202),
        ("multipart/form-data; boundary=" + "x" * 5000, b"--x", 400),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"a: b\r\n" * 5000 + b"\r\n", 400),
        ("multipart/form-data; boundary=x", BOUNDARY % (b'"\xff\xfe"; filename="\xff"', b"<a/>"), 422),
        ("application/xml; charset=utf-16", b"\xff\xfe<\0", 422),
        ("Application/XML ; charset=utf-8", b"", 422),
        ("application/json", b"{}", 415),
        ("", b"<edXML/>", 415),
    ],
)
async def test_games_with_the_wrapping(api, session, kind, body, status):
    answer = await api.post(PATH, content=body, as_="lead_clerk", headers={"Content-Type": kind})
    assert answer.status_code == status, answer.text


async def test_a_name_that_turns_letters_round_is_shown_at_the_desk_as_text(push, api):
    told = (await push(ODD["non-characters"])).json()
    seen = ok(await api.get(f"/v1/edxml/messages/{told['message_id']}", as_="lead_clerk"))
    assert seen["subject"].startswith("\ufdd0")
