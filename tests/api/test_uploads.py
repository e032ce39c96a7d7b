"""Files in pieces (tus 1.0.0), photos without their place, quarantine, and what becomes of unused files."""

import asyncio
import hashlib
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pyexiv2
import pytest
from sqlalchemy import update
from sqlmodel import col

from app.adapters.storage import Storage
from app.core.ids import new_id
from app.models.document import Attachment, Carriage
from app.services import attachments, housekeeping
from tests.client import created, ok
from tests.makers import a_campaign, keep

PATH = "/v1/attachments"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 3000
SIZE = len(PDF)
JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////"
    "////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)


def metadata(**told: str) -> str:
    return ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in told.items())


async def announce(api, size=SIZE, *, as_="lead_clerk", **told):
    told = {"filename": "Biên bản 12-4.pdf", **told}
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": metadata(**told)}
    return await api.post(PATH, as_=as_, headers=headers)


async def piece(api, path, offset, content, *, as_="lead_clerk", kind="application/offset+octet-stream"):
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), "Content-Type": kind}
    return await api.call("PATCH", path, as_=as_, headers=headers, content=content)


async def head(api, path, *, as_="lead_clerk"):
    return await api.call("HEAD", path, as_=as_, headers={"Tus-Resumable": "1.0.0"})


class TestPieces:
    async def test_a_file_arrives_piece_by_piece(self, api):
        made = await announce(api)
        known, path = created(made), made.headers["Location"]
        assert (known["state"], known["size"], known["sha256"]) == ("pending", len(PDF), None)
        assert path == f"{PATH}/{known['id']}"
        for start, end in ((0, 1000), (1000, 500_000), (500_000, len(PDF))):
            sent = await piece(api, path, start, PDF[start:end])
            assert (sent.status_code, sent.headers["Upload-Offset"]) == (204, str(end))
        arrived = ok(await api.get(path, as_="lead_clerk"))
        assert (arrived["state"], arrived["media_type"], arrived["file_name"]) == (
            "stored", "application/pdf", "Biên bản 12-4.pdf",
        )  # fmt: skip
        assert arrived["sha256"] == hashlib.sha256(PDF).hexdigest()
        assert (await api.get(f"{path}/content", as_="lead_clerk")).content == PDF

    async def test_another_version_of_the_protocol_is_refused(self, api):
        other = {"Tus-Resumable": "0.2.2", "Upload-Length": "5", "Upload-Offset": "0"}
        kind = {"Content-Type": "application/offset+octet-stream"}
        made = await announce(api)
        assert made.headers["Upload-Offset"] == "0"
        path = made.headers["Location"]
        asked = [("POST", PATH, other), ("HEAD", path, other), ("PATCH", path, other | kind)]
        for method, where, headers in asked:
            refused = await api.call(method, where, as_="lead_clerk", headers=headers)
            assert (refused.status_code, refused.headers["Tus-Version"]) == (412, "1.0.0"), method
        assert (await head(api, path)).headers["Upload-Offset"] == "0"

    async def test_the_server_says_where_to_go_on(self, api):
        path = (await announce(api)).headers["Location"]
        await piece(api, path, 0, PDF[:1000])
        seen = await head(api, path)
        assert (seen.headers["Upload-Offset"], seen.headers["Upload-Length"]) == ("1000", str(len(PDF)))
        assert seen.headers["Cache-Control"] == "no-store"

    async def test_what_came_before_the_line_broke_is_not_lost(self, api):
        path = (await announce(api)).headers["Location"]

        async def broken() -> AsyncIterator[bytes]:
            yield PDF[:700]
            raise ConnectionResetError

        await piece(api, path, 0, broken())
        assert (await head(api, path)).headers["Upload-Offset"] == "700"

    async def test_a_piece_for_another_place_is_refused_with_the_right_one(self, api):
        path = (await announce(api)).headers["Location"]
        await piece(api, path, 0, PDF[:1000])
        answer = await piece(api, path, 0, PDF[:1000])
        assert (answer.status_code, answer.json()["code"]) == (409, "upload_offset")
        assert "1000" in answer.json()["detail"]

    async def test_more_than_was_announced_is_refused(self, api):
        path = (await announce(api, size=10)).headers["Location"]
        assert (await piece(api, path, 0, PDF)).status_code == 413

    async def test_more_than_may_be_sent_is_refused_at_once(self, api, settings):
        assert (await announce(api, size=settings.max_resumable_bytes + 1)).status_code == 413

    async def test_another_content_type_is_refused(self, api):
        path = (await announce(api)).headers["Location"]
        assert (await piece(api, path, 0, PDF, kind="application/octet-stream")).status_code == 415

    async def test_what_could_run_is_refused_when_it_has_arrived(self, api):
        path = (await announce(api, size=4000)).headers["Location"]
        answer = await piece(api, path, 0, b"MZ" + bytes(3998))
        assert (answer.status_code, answer.json()["code"]) == (415, "file_type_refused")
        assert (await head(api, path)).headers["Upload-Offset"] == "0"

    async def test_announcing_again_answers_the_same(self, api):
        identifier = str(new_id())
        first, again = await announce(api, id=identifier), await announce(api, id=identifier)
        assert (first.status_code, again.status_code) == (201, 200)
        assert (await announce(api, id=identifier, size=5)).json()["code"] == "id_reused"
        assert (await announce(api, id=identifier, as_="partner")).json()["code"] == "id_reused"

    @pytest.mark.parametrize("told", ["id bm8=", "filename ???", "caption AA=="])
    async def test_metadata_that_cannot_be_read_are_refused(self, api, told):
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "5", "Upload-Metadata": told}
        answer = await api.post(PATH, as_="lead_clerk", headers=headers)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "bad_upload_metadata")

    async def test_only_the_sender_goes_on(self, api):
        path = (await announce(api)).headers["Location"]
        assert (await piece(api, path, 0, b"x", as_="lead_officer")).status_code == 404
        assert (await head(api, path, as_="stranger")).status_code == 404

    async def test_a_pending_file_has_no_content_yet(self, api):
        path = (await announce(api)).headers["Location"]
        assert (await api.get(f"{path}/content", as_="lead_clerk")).json()["code"] == "file_pending"

    async def test_an_arrived_file_takes_nothing_more(self, api):
        path = (await announce(api)).headers["Location"]
        await piece(api, path, 0, PDF)
        assert (await piece(api, path, len(PDF), b"x")).json()["code"] == "file_arrived"
        assert (await head(api, path)).headers["Upload-Offset"] == str(len(PDF))

    async def test_what_the_server_can(self, api):
        told = (await api.call("OPTIONS", PATH)).headers
        assert (told["Tus-Version"], told["Tus-Extension"]) == ("1.0.0", "creation,termination")

    async def test_neither_file_nor_announcement(self, api):
        assert (await api.post(PATH, as_="lead_clerk")).json()["errors"][0]["pointer"] == "/file"


class TestTakingBack:
    async def test_an_unused_file_goes(self, api):
        path = (await announce(api)).headers["Location"]
        await piece(api, path, 0, PDF[:10])
        assert (await api.delete(path, as_="lead_clerk")).status_code == 204
        assert (await api.get(path, as_="lead_clerk")).status_code == 404

    async def test_a_carried_file_stays(self, api, world, session):
        known = created(await announce(api))
        campaign = await a_campaign(session, world)
        row = Carriage(attachment_id=known["id"], subject_type="campaign", subject_id=campaign.id)
        await keep(session, row)
        answer = await api.delete(f"{PATH}/{known['id']}", as_="lead_clerk")
        assert (answer.status_code, answer.json()["code"]) == (409, "file_carried")

    async def test_files_that_nothing_uses_go_after_a_week_with_their_bytes(self, api, world, session, app):
        old, young, used = [await self._stored(api, text) for text in (b"cu", b"moi", b"dung")]
        twin = await self._stored(api, b"cu", as_="partner")
        campaign = await a_campaign(session, world)
        await keep(session, Carriage(attachment_id=used["id"], subject_type="campaign", subject_id=campaign.id))
        aged = update(Attachment).where(col(Attachment.id).in_([old["id"], used["id"]]))
        await session.execute(aged.values(created_at=Attachment.created_at - timedelta(days=8)))
        assert await housekeeping.forget_unused_files(session, app.state.storage) == 1
        statuses = [(await api.get(f"{PATH}/{it['id']}", as_="lead_clerk")).status_code for it in (old, young, used)]
        assert statuses == [404, 200, 200]
        content = await api.get(f"{PATH}/{twin['id']}/content", as_="partner")
        assert content.content == b"cu", "somebody else holds the same bytes"

    @staticmethod
    async def _stored(api, content, *, as_="lead_clerk"):
        return created(await api.call("POST", PATH, files={"file": ("a.txt", content)}, as_=as_))


def photo(path: Path) -> bytes:
    path.write_bytes(JPEG)
    with pyexiv2.Image(str(path)) as image:
        image.modify_exif(
            {"Exif.Image.Orientation": "6", "Exif.GPSInfo.GPSLatitude": "16/1 28/1 0/1", "Exif.Image.Make": "Máy ảnh"}
        )
        image.modify_xmp({"Xmp.exif.GPSLatitude": "16,28.0N"})
    return path.read_bytes()


def told_by(content: bytes) -> dict[str, str]:
    with pyexiv2.ImageData(content) as image:
        return {**image.read_exif(), **image.read_xmp()}


class TestPhotos:
    async def test_where_it_was_taken_is_removed_and_nothing_else(self, api, tmp_path):
        sent = photo(tmp_path / "hien-truong.jpg")
        known = created(await api.call("POST", PATH, files={"file": ("a.jpg", sent)}, as_="member_a"))
        content = (await api.get(f"{PATH}/{known['id']}/content", as_="member_a")).content
        assert told_by(content) == {"Exif.Image.Orientation": "6", "Exif.Image.Make": "Máy ảnh"}
        assert known["sha256"] == hashlib.sha256(content).hexdigest()

    async def test_it_is_kept_on_purpose(self, api, tmp_path):
        sent = photo(tmp_path / "hien-truong.jpg")
        files, data = {"file": ("a.jpg", sent)}, {"keep_location": "true"}
        known = created(await api.call("POST", PATH, files=files, data=data, as_="member_a"))
        content = (await api.get(f"{PATH}/{known['id']}/content", as_="member_a")).content
        assert content == sent

    async def test_in_pieces_as_well(self, api, tmp_path):
        sent = photo(tmp_path / "hien-truong.jpg")
        path = (await announce(api, size=len(sent))).headers["Location"]
        await piece(api, path, 0, sent)
        content = (await api.get(f"{path}/content", as_="lead_clerk")).content
        assert "Exif.GPSInfo.GPSLatitude" not in told_by(content)


EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


async def daemon(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Speaks clamd's INSTREAM and knows one threat."""
    assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
    content = b""
    while size := int.from_bytes(await reader.readexactly(4), "big"):
        content += await reader.readexactly(size)
    writer.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")
    await writer.drain()
    writer.close()
    await writer.wait_closed()


@pytest.fixture
async def clamd(app) -> AsyncIterator[str]:
    server = await asyncio.start_server(daemon, "127.0.0.1", 0)
    address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    kept = app.state.settings
    app.state.settings = kept.model_copy(update={"clamd": address})
    yield address
    app.state.settings = kept
    server.close()
    await server.wait_closed()


class TestQuarantine:
    async def test_a_threat_is_kept_and_shown_to_nobody(self, api, clamd):
        known = created(await api.call("POST", PATH, files={"file": ("a.txt", EICAR)}, as_="lead_clerk"))
        assert (known["state"], known["threat"]) == ("quarantined", "Eicar-Test-Signature")
        answer = await api.get(f"{PATH}/{known['id']}/content", as_="lead_clerk")
        assert (answer.status_code, answer.json()["code"]) == (409, "file_quarantined")

    async def test_a_clean_file_is_stored(self, api, clamd):
        known = created(await api.call("POST", PATH, files={"file": ("a.txt", b"Bien ban")}, as_="lead_clerk"))
        assert (known["state"], known["threat"]) == ("stored", None)

    async def test_what_nobody_could_look_at_waits_and_is_looked_at_later(self, api, app, session, clamd):
        app.state.settings = app.state.settings.model_copy(update={"clamd": "127.0.0.1:1"})
        known = created(await api.call("POST", PATH, files={"file": ("a.txt", b"Bien ban")}, as_="lead_clerk"))
        assert (known["state"], known["threat"]) == ("quarantined", "not_scanned")
        assert await attachments.look_again(session, attachments.Shelf(app.state.storage, clamd)) == 1
        await session.commit()
        assert ok(await api.get(f"{PATH}/{known['id']}", as_="lead_clerk"))["state"] == "stored"


async def test_files_in_a_store_that_is_no_folder(tmp_path):
    """The same steps as in an S3 bucket, on the library's store in memory."""
    storage = Storage(tmp_path, "memory:///")

    async def chunks() -> AsyncIterator[bytes]:
        yield PDF

    kept = await storage.keep(chunks(), limit=len(PDF))
    assert kept.sha256 == hashlib.sha256(PDF).hexdigest()
    assert b"".join([it async for it in storage.read(kept.sha256, 5, 300_000)]) == PDF[5:300_001]
    await storage.remove(kept.sha256)
    with pytest.raises(FileNotFoundError):
        [it async for it in storage.read(kept.sha256, 0, 10)]
    assert list((tmp_path / "incoming").iterdir()) == []
