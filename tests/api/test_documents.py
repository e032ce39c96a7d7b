"""Papers and files: registered by their owner, opened by whoever sees a record that carries them."""

import hashlib
import io
import zipfile
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from app.core.ids import new_id
from app.models.base import Listing
from app.models.document import Attachment, AttachmentRead, Carriage, DocumentRead
from tests.client import created, ok
from tests.makers import a_campaign, a_document

PLAN = {
    "kind": "KH",
    "symbol": "12 - KH/BDVTU",
    "issued_on": "2024-02-20",
    "abstract": "Kế hoạch giám sát việc thực hiện Kết luận 62-KL/TW, khắc phục tình trạng nợ đọng",
    "signer": {"name": "Nguyễn Văn A", "title": "Trưởng ban", "capacity": "T/M"},
}
PDF = b"%PDF-1.7\n" + "Biên bản buổi làm việc".encode() * 50


def docx() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return packed.getvalue()


async def send(api, content: bytes = PDF, *, as_: str = "lead_clerk", name: str = "Biên bản 12-4.pdf", **rest):
    data = {key: str(rest.pop(key)) for key in ("id", "caption") if key in rest}
    return await api.call("POST", "/v1/attachments", files={"file": (name, content)}, data=data, as_=as_, **rest)


async def register(api, world, *, as_: str = "lead_clerk", **fields):
    issuer = {} if "issuer" in fields else {"issuer_body_id": str(world.body["lead"])}
    return created(await api.post("/v1/documents", {**PLAN, **issuer, **fields}, as_=as_))


class TestDocuments:
    async def test_a_paper_keeps_its_symbol_as_written_and_as_the_rules_write_it(self, api, world):
        paper = DocumentRead.model_validate(await register(api, world))
        assert (paper.symbol, paper.normalised, paper.number) == ("12 - KH/BDVTU", "12-KH/BDVTU", 12)
        assert paper.signer.capacity == "TM."
        assert (paper.owner_body.short_name, paper.issuer, paper.view) == ("BDV Tỉnh ủy", None, "full")

    async def test_an_incoming_paper_belongs_to_whoever_registers_it(self, api, world):
        paper = await register(api, world, kind="KL", symbol="62-KL/TW", issuer={"name": "Bộ Chính trị"})
        assert (paper["issuer"], paper["issuer_body"]) == ({"name": "Bộ Chính trị"}, None)
        assert paper["owner_body_id"] == str(world.body["lead"])

    async def test_a_symbol_that_is_none_is_kept(self, api, world):
        paper = await register(api, world, kind="BB", symbol="Biên bản số 3")
        assert (paper["symbol"], paper["normalised"], paper["number"]) == ("Biên bản số 3", None, None)

    @pytest.mark.parametrize(
        ("part", "status"), [("lead_officer", 201), ("registrar", 201), ("administrator", 403), ("auditor", 403)]
    )
    async def test_who_registers_papers(self, api, world, part, status):
        payload = {**PLAN, "issuer": {"name": "Bộ Chính trị"}}
        assert (await api.post("/v1/documents", payload, as_=part)).status_code == status

    @pytest.mark.parametrize(
        ("change", "pointer", "code"),
        [
            ({"issuer": {"name": "Bộ Chính trị"}}, "", "one_issuer"),
            ({"issuer_body_id": None}, "", "one_issuer"),
            ({"symbol": ...}, "/symbol", "missing"),
            ({"issued_on": "2999-01-01"}, "/issued_on", "in_the_future"),
            ({"issued_on": "hôm qua"}, "/issued_on", "date_parsing"),
            ({"kind": "XYZ"}, "/kind", "enum"),
            ({"abstract": "a\x00b"}, "/abstract", "nul_character"),
            ({"signer": {"name": "A", "title": "B", "capacity": "TX."}}, "/signer/capacity", "enum"),
            ({"classification": "secret", "attachment_ids": [str(uuid4())]}, "", "classified_no_files"),
            ({"owner_body_id": str(uuid4())}, "/owner_body_id", "extra_forbidden"),
        ],
    )
    async def test_a_bad_paper_is_refused_with_a_pointer(self, api, world, change, pointer, code):
        payload = {**PLAN, "issuer_body_id": str(world.body["lead"]), **change}
        payload = {key: value for key, value in payload.items() if value is not ...}
        answer = await api.post("/v1/documents", payload, as_="lead_clerk")
        assert answer.status_code == 422
        assert [(pointer, code)] == [(it["pointer"], it["code"]) for it in answer.json()["errors"]]

    @pytest.mark.parametrize(("raw", "pointer"), [(r'{"abstract": "\ud800"}', "/abstract"), (r'{"\ud800": "Ba"}', "")])
    async def test_lone_surrogates_never_reach_the_database(self, api, raw, pointer):
        headers = {"Content-Type": "application/json"}
        answer = await api.call("POST", "/v1/documents", content=raw, headers=headers, as_="lead_clerk")
        assert answer.status_code == 422
        assert (pointer, "string_unicode") in [(it["pointer"], it["code"]) for it in answer.json()["errors"]]

    @pytest.mark.parametrize("field", ["issuer_body_id", "attachment_ids"])
    async def test_what_the_caller_cannot_see_cannot_be_named(self, api, world, field):
        foreign = created(await send(api, as_="stranger"))["id"]
        named = {"issuer_body_id": str(uuid4())} if field == "issuer_body_id" else {"attachment_ids": [foreign]}
        payload = {**PLAN, "issuer_body_id": str(world.body["lead"]), **named}
        assert (await api.post("/v1/documents", payload, as_="lead_clerk")).status_code == 404

    async def test_papers_are_found_by_symbol_date_and_words(self, api, world, queries):
        paper = await register(api, world)
        await register(api, world, symbol="13-KH/BDVTU", abstract="Việc khác", issued_on="2024-03-01")
        secret = await register(api, world, symbol="14-KH/BDVTU", classification="secret")
        queries.reset()
        found = ok(await api.get("/v1/documents", params={"q": "NO DONG"}, as_="lead_officer"))
        assert queries.count <= 2
        Listing[DocumentRead].model_validate(found)
        assert [it["id"] for it in found["items"]] == [paper["id"]]
        by_symbol = ok(await api.get("/v1/documents", params={"symbol": "12-KH/BDVTU"}, as_="lead_officer"))
        assert [it["id"] for it in by_symbol["items"]] == [paper["id"]]
        period = {"issued_from": "2024-02-20", "issued_to": "2024-02-29", "kind": "KH"}
        in_february = ok(await api.get("/v1/documents", params=period, as_="lead_officer"))
        assert {it["id"] for it in in_february["items"]} == {paper["id"], secret["id"]}
        assert ok(await api.get("/v1/documents", params=period, as_="stranger"))["items"] == []

    async def test_a_change_needs_the_owner_and_the_version_seen(self, api, world):
        paper = await register(api, world)
        path, change = f"/v1/documents/{paper['id']}", {"abstract": "Kế hoạch giám sát"}
        assert (await api.patch(path, change, as_="stranger", if_match=1)).status_code == 404
        assert (await api.patch(path, change, as_="lead_clerk")).status_code == 428
        assert ok(await api.patch(path, change, as_="lead_officer", if_match=1))["version"] == 2
        assert (await api.patch(path, change, as_="lead_clerk", if_match=1)).status_code == 412

    async def test_a_carried_paper_keeps_what_identifies_it(self, api, world, session):
        paper = await a_document(session, world)
        await a_campaign_that_carries(session, world, documents=[paper.id])
        path = f"/v1/documents/{paper.id}"
        assert (await api.patch(path, {"abstract": "Khác"}, as_="partner", if_match=1)).status_code == 403
        refused = await api.patch(path, {"issued_on": "2024-01-01"}, as_="lead_clerk", if_match=1)
        assert (refused.status_code, refused.json()["code"]) == (409, "document_carried")
        assert ok(await api.patch(path, {"abstract": "Kế hoạch giám sát"}, as_="lead_clerk", if_match=1))

    async def test_a_paper_with_files_cannot_become_secret(self, api, world):
        file = created(await send(api))
        paper = await register(api, world, attachment_ids=[file["id"]])
        path = f"/v1/documents/{paper['id']}"
        assert [it["file_name"] for it in paper["attachments"]] == ["Biên bản 12-4.pdf"]
        refused = await api.patch(path, {"classification": "secret"}, as_="lead_clerk", if_match=1)
        assert (refused.status_code, refused.json()["code"]) == (409, "classified_no_files")
        change = {"classification": "secret", "attachment_ids": []}
        assert ok(await api.patch(path, change, as_="lead_clerk", if_match=1))["attachments"] == []

    async def test_a_file_belongs_to_one_paper(self, api, world):
        file = created(await send(api))
        await register(api, world, attachment_ids=[file["id"]])
        payload = {**PLAN, "issuer_body_id": str(world.body["lead"]), "attachment_ids": [file["id"]]}
        again = await api.post("/v1/documents", payload, as_="lead_clerk")
        assert (again.status_code, again.json()["code"]) == (409, "attachment_taken")


class TestFiles:
    async def test_a_file_is_kept_with_its_digest_and_true_type(self, api):
        answer = await send(api, caption="Biên bản đã ký", name="C:\\giấy tờ\\Biên bản.exe")
        file = AttachmentRead.model_validate(created(answer))
        assert answer.headers["location"] == f"/v1/attachments/{file.id}"
        assert (file.file_name, file.media_type) == ("Biên bản.exe", "application/pdf")
        assert (file.size, file.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
        content = await api.get(f"/v1/attachments/{file.id}/content", as_="lead_officer")
        assert content.content == PDF
        assert content.headers["x-content-type-options"] == "nosniff"
        assert content.headers["content-disposition"] == (
            "attachment; filename=\"bien-ban.exe\"; filename*=UTF-8''Bi%C3%AAn%20b%E1%BA%A3n.exe"
        )

    @pytest.mark.parametrize(
        ("content", "media_type"),
        [
            ("Ghi chép, có dấu tiếng Việt".encode(), "text/plain"),
            (b"<html><script>alert(1)</script></html>", "text/plain"),
            (("x" * 8191 + "ộ" * 10).encode(), "text/plain"),
            (docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "image/png"),
        ],
    )
    async def test_the_content_tells_the_type(self, api, content, media_type):
        assert created(await send(api, content))["media_type"] == media_type

    @pytest.mark.parametrize("content", [b"MZ" + b"\0" * 60, b"\x7fELF" + b"\0" * 60, b"\xff\xfe\0\1", b"a\0b"])
    async def test_what_could_run_or_is_unknown_is_refused(self, api, content):
        answer = await send(api, content)
        assert (answer.status_code, answer.json()["code"]) == (415, "file_type_refused")

    async def test_an_empty_file_is_refused(self, api):
        answer = await send(api, b"")
        assert [it["code"] for it in answer.json()["errors"]] == ["empty_file"]

    @pytest.mark.parametrize("excess", [1, 200_000])
    async def test_a_file_over_the_limit_is_refused_and_leaves_nothing(self, api, settings, excess):
        answer = await send(api, b"a" * (settings.max_upload_bytes + excess))
        assert answer.status_code == 413
        assert not list((settings.files_dir / "incoming").glob("*"))

    async def test_a_file_of_exactly_the_limit_is_kept(self, api, settings):
        assert created(await send(api, b"a" * settings.max_upload_bytes))["size"] == settings.max_upload_bytes

    async def test_resending_the_same_file_answers_the_same(self, api):
        identifier = new_id()
        first = created(await send(api, id=identifier))
        again = await send(api, id=identifier)
        assert (again.status_code, again.json()) == (200, first)
        for _ in range(2):
            assert (await send(api, id=identifier, key="k-8")).status_code == 200
        other = await send(api, PDF + b"!", id=identifier)
        assert (other.status_code, other.json()["code"]) == (409, "id_reused")
        foreign = await send(api, id=identifier, as_="stranger")
        assert (foreign.status_code, foreign.json()["code"]) == (409, "id_reused")

    async def test_an_id_that_is_not_of_its_time_is_refused(self, api):
        answer = await send(api, id=UUID(int=4, version=4))
        assert [(it["pointer"], it["code"]) for it in answer.json()["errors"]] == [("/id", "uuid_version")]

    async def test_an_idempotency_key_repeats_an_upload_once(self, api, session):
        first = created(await send(api, key="k-7"))
        again = await send(api, key="k-7")
        assert (again.status_code, again.json()["id"]) == (201, first["id"])
        other = await send(api, PDF + b"!", key="k-7")
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
        counted = select(func.count()).select_from(Attachment).execution_options(scope="test")
        assert (await session.execute(counted)).scalar_one() == 1

    async def test_equal_bytes_of_two_bodies_are_two_files(self, api):
        ours, theirs = created(await send(api)), created(await send(api, as_="stranger"))
        assert ours["id"] != theirs["id"]
        assert (await api.get(f"/v1/attachments/{ours['id']}", as_="stranger")).status_code == 404
        assert (await api.get(f"/v1/attachments/{ours['id']}/content", as_="stranger")).status_code == 404

    async def test_a_nul_in_the_caption_is_refused(self, api):
        answer = await send(api, caption="a\x00b")
        assert [(it["pointer"], it["code"]) for it in answer.json()["errors"]] == [("/caption", "nul_character")]

    async def test_an_administrator_sends_no_files(self, api):
        assert (await send(api, as_="administrator")).status_code == 403

    @pytest.mark.parametrize(
        ("asked", "status", "content", "told"),
        [
            ("bytes=0-3", 206, PDF[:4], f"bytes 0-3/{len(PDF)}"),
            ("bytes=-5", 206, PDF[-5:], f"bytes {len(PDF) - 5}-{len(PDF) - 1}/{len(PDF)}"),
            ("bytes=10-", 206, PDF[10:], f"bytes 10-{len(PDF) - 1}/{len(PDF)}"),
            ("bytes=10-999999999", 206, PDF[10:], f"bytes 10-{len(PDF) - 1}/{len(PDF)}"),
            ("bytes=5-2", 200, PDF, None),
            ("bytes=0-1,4-5", 200, PDF, None),
            ("lines=1-2", 200, PDF, None),
            ("bytes=-", 200, PDF, None),
        ],
    )
    async def test_ranges(self, api, asked, status, content, told):
        file = created(await send(api))
        headers = {"Range": asked}
        answer = await api.get(f"/v1/attachments/{file['id']}/content", as_="lead_clerk", headers=headers)
        assert (answer.status_code, answer.content) == (status, content)
        assert answer.headers.get("content-range") == told
        assert answer.headers["content-length"] == str(len(content))

    async def test_a_range_behind_the_end_says_how_long_the_file_is(self, api):
        file = created(await send(api))
        headers = {"Range": f"bytes={len(PDF)}-"}
        answer = await api.get(f"/v1/attachments/{file['id']}/content", as_="lead_clerk", headers=headers)
        assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(PDF)}")

    async def test_what_the_client_holds_is_not_sent_again(self, api):
        path = f"/v1/attachments/{created(await send(api))['id']}/content"
        tag = (await api.get(path, as_="lead_clerk")).headers["etag"]
        same = await api.get(path, as_="lead_clerk", headers={"If-None-Match": f'"x", W/{tag}'})
        assert (same.status_code, same.content) == (304, b"")
        changed = await api.get(path, as_="lead_clerk", headers={"Range": "bytes=0-1", "If-Range": '"x"'})
        assert changed.status_code == 200


async def a_campaign_that_carries(session, world, *, view="full", documents=(), attachments=()):
    campaign = await a_campaign(session, world)
    session.add_all(
        Carriage(document_id=it, subject_type="campaign", subject_id=campaign.id, view=view) for it in documents
    )
    session.add_all(
        Carriage(attachment_id=it, subject_type="campaign", subject_id=campaign.id, view=view) for it in attachments
    )
    await session.commit()
    return campaign


class TestCarriage:
    async def test_a_record_opens_its_papers_and_their_files_to_its_readers(self, api, world, session):
        file = created(await send(api))
        paper = await register(api, world, attachment_ids=[file["id"]])
        assert (await api.get(f"/v1/documents/{paper['id']}", as_="partner")).status_code == 404
        await a_campaign_that_carries(session, world, documents=[UUID(paper["id"])])
        assert ok(await api.get(f"/v1/documents/{paper['id']}", as_="partner"))["view"] == "party"
        assert (await api.get(f"/v1/attachments/{file['id']}/content", as_="partner")).content == PDF
        assert (await api.get(f"/v1/documents/{paper['id']}", as_="stranger")).status_code == 404

    @pytest.mark.parametrize(("view", "status"), [("full", 404), ("party", 200)])
    async def test_a_narrower_view_opens_only_what_was_carried_for_it(self, api, world, session, view, status):
        """The superior sees a planned campaign in part."""
        paper = await a_document(session, world)
        campaign = await a_campaign_that_carries(session, world, view=view, documents=[paper.id])
        campaign.planned_on = date(2024, 2, 1)
        session.add(campaign)
        await session.commit()
        assert (await api.get(f"/v1/documents/{paper.id}", as_="superior")).status_code == status
