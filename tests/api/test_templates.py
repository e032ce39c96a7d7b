"""A body's own templates: what is taken, what is refused and why, and which paper bears which form."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from docx import Document
from sqlalchemy.ext.asyncio import AsyncSession

from app.adapters import docx
from app.core.clock import today
from app.core.errors import Fault
from app.domain.paper import PaperForm, PaperKind
from app.domain.paper_samples import everything, sample
from app.models.report import Report
from app.models.template import PaperTemplate
from tests import makers, papers
from tests.client import Api, created, ok
from tests.queries import Queries
from tests.world import World

pytestmark = pytest.mark.thorough

PATH = "/v1/templates"
KIND = "result_report"


def written(*paragraphs: str) -> bytes:
    document = Document()
    for it in paragraphs:
        document.add_paragraph(it)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def changed(template: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The same package with other parts."""
    with zipfile.ZipFile(io.BytesIO(template)) as archive:
        parts = {it: archive.read(it) for it in archive.namelist()}
    change(parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


OWN = written(
    "MẪU RIÊNG CỦA BAN DÂN VẬN", "{{ abstract }}", "{%p for it in blocks %}", "{{ it.text }}", "{%p endfor %}"
)


async def uploaded(api: Api, content: bytes, as_: str = "lead_officer") -> str:
    file = ("mau.docx", content, "application/octet-stream")
    return str(created(await api.post("/v1/attachments", files={"file": file}, as_=as_))["id"])


def examined(content: bytes, kind: str = KIND) -> tuple[list[Fault], set[str]]:
    """As the process of its own does it."""
    return docx.examine(content, everything(), [sample(PaperKind(kind), form).content() for form in PaperForm])


async def posted(api: Api, content: bytes, as_: str = "lead_officer", **rest: Any) -> Any:
    payload = {"kind": KIND, "attachment_id": await uploaded(api, content, as_), **rest}
    return await api.post(PATH, payload, as_=as_)


async def an_own_template(api: Api, session: AsyncSession, world: World, valid_from: date | None = None) -> str:
    """The lead's, as if it had been examined."""
    file, begins = UUID(await uploaded(api, OWN)), valid_from or today()
    body = world.body["lead"]
    it = PaperTemplate(body_id=body, kind=PaperKind(KIND), valid_from=begins, attachment_id=file)
    await makers.keep(session, it)
    return str(it.id)


@pytest.fixture
async def report(session: AsyncSession, world: World) -> Report:
    """A draft of today."""
    campaign = await makers.a_campaign(session, world)
    return await makers.a_report(session, world, campaign, title="Báo cáo kết quả giám sát Kết luận 62-KL/TW")


async def text(api: Api, report: Report, as_: str = "lead_officer", format: str = "docx") -> str:  # noqa: A002
    answer = await api.get(f"/v1/reports/{report.id}/file", params={"format": format}, as_=as_)
    return papers.words(getattr(papers, format)(answer))


async def test_a_body_replaces_a_template_and_goes_back_to_the_standard(api: Api, report: Report) -> None:
    assert papers.has(await text(api, report), "ĐẢNG CỘNG SẢN VIỆT NAM") == []
    own = created(await posted(api, OWN))
    assert (own["in_force"], own["standard"], own["replaced_on"], own["uses"]) == (
        True,
        False,
        None,
        ["abstract", "blocks"],
    )
    said = await text(api, report)
    assert papers.has(said, "MẪU RIÊNG CỦA BAN DÂN VẬN", "kết quả giám sát Kết luận 62-KL/TW") == []
    assert "ĐẢNG CỘNG SẢN" not in said
    assert papers.has(await text(api, report, format="pdf"), "ĐẢNG CỘNG SẢN VIỆT NAM") == []
    created(await api.post(PATH, {"kind": KIND, "standard": True}, as_="lead_officer"))
    assert papers.has(await text(api, report), "ĐẢNG CỘNG SẢN VIỆT NAM") == []
    assert ok(await api.get(f"{PATH}/{own['id']}", as_="lead_clerk"))["in_force"] is False


async def test_a_paper_bears_the_form_of_its_day(api: Api, session: AsyncSession, world: World) -> None:
    campaign = await makers.a_campaign(session, world)
    old = await makers.a_report(
        session, world, campaign, state="adopted", circulated_on=date(2024, 5, 6), adopted_on=date(2024, 5, 14)
    )
    await an_own_template(api, session, world, date(2024, 5, 15))
    assert "MẪU RIÊNG" not in await text(api, old)
    await an_own_template(api, session, world, date(2024, 5, 14))
    assert "MẪU RIÊNG" in await text(api, old)


async def test_everybody_who_may_read_a_paper_gets_it_in_the_form_of_its_body(
    api: Api, session: AsyncSession, world: World
) -> None:
    campaign = await makers.a_campaign(session, world)
    circulated = await makers.a_report(session, world, campaign, state="circulated", circulated_on=today())
    await an_own_template(api, session, world)
    assert "MẪU RIÊNG" in await text(api, circulated, as_="partner")
    assert ok(await api.get(PATH, as_="partner"))["items"] == []


async def test_the_tag_of_a_paper_changes_with_its_template(
    api: Api, session: AsyncSession, world: World, report: Report
) -> None:
    path = f"/v1/reports/{report.id}/file?format=docx"
    before = (await api.get(path, as_="lead_officer")).headers["etag"]
    await an_own_template(api, session, world)
    after = await api.get(path, as_="lead_officer", headers={"If-None-Match": before})
    assert (after.status_code, after.headers["etag"] != before) == (200, True)


def _part(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({name: content})


def _in(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new, 1)

    return change


RELATION = b'<Relationship Id="rX" Type="http://x/relationships/%s" Target="%s" TargetMode="External"/></Relationships>'
RELS, BODY = "word/_rels/document.xml.rels", "word/document.xml"


def _related(kind: bytes, target: bytes) -> bytes:
    return changed(OWN, _in(RELS, b"</Relationships>", RELATION % (kind, target)))


FIELD = b"<w:p><w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO c:\\a</w:instrText></w:r></w:p><w:sectPr"
ENTITIES = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><w:document '
REFUSED: dict[str, tuple[bytes, str]] = {
    "no DOCX": (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "template_not_docx"),
    "a ZIP of something else": (changed(OWN, lambda parts: parts.pop(BODY)), "template_not_docx"),
    "entities": (changed(OWN, _in(BODY, b"<w:document ", ENTITIES)), "template_not_docx"),
    "a bomb": (changed(OWN, _part("word/media/a.xml", bytes(30 * 1024 * 1024))), "template_too_large"),
    "a macro": (changed(OWN, _part("word/vbaProject.bin", b"x")), "template_active_content"),
    "an embedded object": (changed(OWN, _part("word/embeddings/a.bin", b"x")), "template_active_content"),
    "a picture from elsewhere": (_related(b"image", b"http://a.vn/x.png"), "template_external"),
    "a link to a script": (_related(b"hyperlink", b"javascript:alert(1)"), "template_external"),
    "another template": (_related(b"attachedTemplate", b"http://a.vn/x.dotm"), "template_active_content"),
    "a field that runs": (changed(OWN, _in(BODY, b"<w:sectPr", FIELD)), "template_active_field"),
    "an unknown name": (written("{{ abstrakt }}"), "template_unknown_name"),
    "an unknown member": (written("{% for it in blocks %}{{ it.txt }}{% endfor %}"), "template_unknown_name"),
    "a way to Python": (written("{{ abstract.__class__.__mro__ }}"), "template_unknown_name"),
    "the same by a filter": (written("{{ abstract | attr('__class__') }}"), "template_forbidden"),
    "a call": (written("{{ abstract.upper() }}"), "template_forbidden"),
    "arithmetic": (written("{{ 'x' * 1000000000 }}"), "template_forbidden"),
    "an assignment": (written("{% set a = abstract %}"), "template_forbidden"),
    "another file": (written("{% include '/etc/passwd' %}"), "template_forbidden"),
    "a range": (written("{% for i in range(9) %}x{% endfor %}"), "template_forbidden"),
    "a loop in a loop": (
        written("{% for a in blocks %}{% for b in blocks %}x{% endfor %}{% endfor %}"),
        "template_nested_loop",
    ),
    "a loop over a text": (written("{% for a in abstract %}x{% endfor %}"), "template_no_list"),
    "a loop without an end": (written("{% for a in blocks %}"), "template_syntax"),
    "an unknown filter": (written("{{ abstract | shout }}"), "template_forbidden"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_template_must_not_hold_is_named(name: str) -> None:
    content, code = REFUSED[name]
    (first, *_), _ = examined(content)
    assert (first.code, first.pointer) == (code, "/attachment_id")


async def test_every_fault_of_a_template_is_told(api: Api) -> None:
    answer = await posted(api, changed(REFUSED["a macro"][0], _part("word/embeddings/a.bin", b"x")))
    assert answer.status_code == 422
    told = [(it["code"], it["pointer"]) for it in answer.json()["errors"]]
    assert told == [("template_active_content", "/attachment_id")] * 2


async def test_an_unknown_placeholder_is_named_with_the_allowed_ones(api: Api) -> None:
    (fault,) = (await posted(api, written("{{ abstrakt }}"))).json()["errors"]
    assert "“abstrakt”" in fault["detail"]
    assert all(it in fault["detail"] for it in ("abstract", "blocks", "signatures"))


@pytest.mark.parametrize("form", ["state", "party"])
@pytest.mark.parametrize("kind", ["result_report", "matrix", "minutes", "reminder"])
async def test_the_standard_template_can_be_taken_home_and_sent_back(api: Api, kind: str, form: str) -> None:
    standard = await api.get(f"{PATH}/kinds/{kind}/standard", params={"form": form}, as_="lead_officer")
    assert standard.headers["content-disposition"].startswith("attachment;")
    faults, uses = examined(standard.content, kind)
    assert faults == []
    assert {"abstract", "blocks", "number", "signatures"} <= uses


def test_a_picture_and_a_web_link_are_welcome() -> None:
    linked = _related(b"hyperlink", b"https://example.vn")
    assert examined(changed(linked, _part("word/media/logo.png", b"\x89PNG"))) == ([], {"abstract", "blocks"})


async def test_kinds_tell_what_a_template_may_name(api: Api, session: AsyncSession, world: World) -> None:
    own = await an_own_template(api, session, world)
    told = ok(await api.get(f"{PATH}/kinds", as_="lead_clerk"))
    kinds = {it["kind"]: it for it in told["items"]}
    assert len(kinds) == 15
    assert (kinds[KIND]["form"], kinds[KIND]["layout"], kinds["plan"]["template_id"]) == ("party", "named", None)
    assert kinds[KIND]["template_id"] == own
    named = {it["name"]: it for it in told["placeholders"]}
    assert (named["blocks"]["repeated"], named["abstract"]["members"]) == (True, [])
    assert {"kind", "text", "rows", "columns"} <= set(named["blocks"]["members"])


async def test_a_version_is_previewed_with_a_sample(api: Api, session: AsyncSession, world: World) -> None:
    own = await an_own_template(api, session, world)
    said = papers.words(papers.docx(await api.get(f"{PATH}/{own}/preview", as_="lead_clerk")))
    assert papers.has(said, "MẪU RIÊNG", "kết quả giám sát việc thực hiện Kết luận 62-KL/TW tại huyện Quảng Điền") == []
    standard = await api.get(f"{PATH}/kinds/{KIND}/preview?form=party&format=pdf", as_="stranger")
    assert papers.has(papers.words(papers.pdf(standard)), "ĐẢNG CỘNG SẢN VIỆT NAM") == []


async def test_a_version_that_has_not_begun_can_be_dropped(api: Api) -> None:
    tomorrow = (today() + timedelta(days=1)).isoformat()
    now = created(await api.post(PATH, {"kind": KIND, "standard": True}, as_="lead_officer"))
    later = created(await posted(api, OWN, valid_from=tomorrow))
    assert ok(await api.get(f"{PATH}/{now['id']}", as_="lead_clerk"))["replaced_on"] == tomorrow
    listed = ok(await api.get(PATH, params={"on": today().isoformat(), "kind": KIND}, as_="lead_clerk"))
    assert [it["id"] for it in listed["items"]] == [now["id"]]
    assert (await api.delete(f"{PATH}/{later['id']}", if_match=1, as_="lead_clerk")).status_code == 403
    assert (await api.delete(f"{PATH}/{later['id']}", as_="lead_officer")).status_code == 428
    begun = await api.delete(f"{PATH}/{now['id']}", if_match=1, as_="lead_officer")
    assert (begun.status_code, begun.json()["code"]) == (409, "template_begun")
    assert (await api.delete(f"{PATH}/{later['id']}", if_match=1, as_="lead_officer")).status_code == 204
    assert (await api.get(f"{PATH}/{later['id']}", as_="lead_officer")).status_code == 404
    assert (await api.delete(f"/v1/attachments/{later['attachment_id']}", as_="lead_officer")).status_code == 204


@pytest.mark.parametrize(
    ("part", "status"), [("lead_leader", 201), ("lead_clerk", 403), ("auditor", 403), ("administrator", 403)]
)
async def test_officers_and_leaders_decide_how_papers_look(api: Api, part: str, status: int) -> None:
    assert (await api.post(PATH, {"kind": "plan", "standard": True}, as_=part)).status_code == status


async def test_a_template_is_made_of_a_file_that_the_caller_sees_for_a_body_that_is_its_own(
    api: Api, world: World
) -> None:
    foreign = {"kind": KIND, "attachment_id": await uploaded(api, OWN, "partner")}
    assert (await api.post(PATH, foreign, as_="lead_officer")).status_code == 404
    for_another = {"kind": KIND, "standard": True, "body_id": str(world.body["partner"])}
    assert (await api.post(PATH, for_another, as_="lead_officer")).status_code == 403


@pytest.mark.parametrize("payload", [{}, {"standard": True, "attachment_id": "00000000-0000-7000-8000-000000000000"}])
async def test_either_a_file_or_the_standard(api: Api, payload: dict[str, Any]) -> None:
    answer = await api.post(PATH, {"kind": KIND, **payload}, as_="lead_officer")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "template_or_standard")


async def test_a_retry_makes_one_version(api: Api) -> None:
    payload = {"kind": KIND, "standard": True}
    first, second = [await api.post(PATH, payload, as_="lead_officer", key="mau-1") for _ in range(2)]
    assert (first.json()["id"], second.headers["idempotency-replayed"]) == (second.json()["id"], "true")


async def test_the_list_costs_one_statement(api: Api, queries: Queries) -> None:
    for kind in ("plan", "decision"):
        created(await api.post(PATH, {"kind": kind, "standard": True}, as_="lead_officer"))
    queries.reset()
    ok(await api.get(PATH, as_="lead_officer"))
    assert queries.count == 2, "the caller and the list"
