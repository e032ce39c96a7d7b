"""The criticism document and the matrix as files, opened by libraries that did not write them."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.campaign import CampaignForm
from app.domain.draft import Criterion, DraftState
from app.domain.report import AnswerKind
from app.models.body import BodyName
from app.models.draft import Draft, DraftSession
from tests import makers, papers
from tests import makers_criticism as criticism
from tests.client import Api
from tests.world import World

pytestmark = pytest.mark.thorough

MARKUP = '#set text(red) *đậm* $x$ <b>&amp;</b> {{ 7 * 7 }} {% raise %} "…"'
SIGNER = {"name": "Nguyễn Nam Tiến", "title": "Chủ tịch", "capacity": "TM."}


@pytest.fixture(autouse=True)
async def symbols(session: AsyncSession, world: World) -> None:
    for part, symbol in (("lead", "BDVTU"), ("partner", "MTTQ-BTT")):
        await session.execute(update(BodyName).where(col(BodyName.body_id) == world.body[part]).values(symbol=symbol))
    await session.commit()


async def a_criticised(session: AsyncSession, world: World, lead: str = "partner", **fields: Any) -> Draft:
    """By the Front in a conference, with an opinion on the whole and two on places, one of them explained."""
    form = fields.pop("form", CampaignForm.CONFERENCE)
    campaign = await criticism.a_criticism(session, world, lead_body_id=world.body[lead], form=form)
    paper = await makers.a_document(
        session, world, lead, symbol="07/BC-MTTQ-BTT", issued_on=date(2024, 5, 6), signer=SIGNER
    )
    values = {
        "state": DraftState.DOCUMENT_ISSUED,
        "criticism_document_id": paper.id,
        "document_issued_on": date(2024, 5, 6),
    }
    draft = await criticism.a_draft(session, world, campaign, **{**values, **fields})
    held = DraftSession(draft_id=draft.id, held_on=date(2024, 4, 25), steps=[], attendance=[])
    await makers.keep(session, held)
    whole = {"article": None, "clause": None, "written_at": "toàn văn", "criterion": Criterion.NECESSITY}
    await criticism.an_opinion(session, world, draft, **whole, opinion="Việc ban hành là cần thiết và kịp thời.")
    answer = {"answer_kind": AnswerKind.EXPLAINED, "answer_text": "Ngân sách chưa cân đối được."}
    await criticism.an_opinion(session, world, draft, proposal="Bổ sung chi hội trưởng.", **answer)
    await criticism.an_opinion(session, world, draft, article="1", clause=None, opinion=MARKUP, criterion="impact")
    return draft


async def file(api: Api, draft: Draft, kind: str, as_: str = "partner", what: str = "file") -> Any:
    return await api.get(f"/v1/drafts/{draft.id}/{what}", params={"format": kind}, as_=as_)


@pytest.mark.parametrize("kind", ["docx", "pdf"])
async def test_the_document_has_the_form_and_the_five_points_of_the_law(
    api: Api, session: AsyncSession, world: World, kind: str
) -> None:
    draft = await a_criticised(session, world)
    text = papers.words(getattr(papers, kind)(await file(api, draft, kind)))
    wanted = (
        "ỦY BAN MTTQ VIỆT NAM TỈNH THỪA THIÊN HUẾ BAN THƯỜNG TRỰC",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 07/BC-MTTQ-BTT",
        "ngày 06 tháng 5 năm 2024",
        "VĂN BẢN PHẢN BIỆN XÃ HỘI đối với dự thảo Nghị quyết quy định mức hỗ trợ",
        "Kính gửi: Phòng Nội vụ huyện Quảng Điền",
        "Điều 14 và Điều 15",
        "ngày 25/04/2024",
        "1. Sự cần thiết Việc ban hành là cần thiết và kịp thời.",
        "2. Sự phù hợp với chủ trương của Đảng, pháp luật Không có ý kiến khác với dự thảo.",
        "3. Tính đúng đắn, khoa học, khả thi Ý kiến cụ thể đối với: khoản 1 Điều 2 (xem mục 6).",
        "4. Đánh giá tác động Ý kiến cụ thể đối với: Điều 1",
        "5. Bảo đảm hài hòa lợi ích",
        "6. Ý kiến đối với từng điều, khoản",
        MARKUP,
        "Bổ sung chi hội trưởng.",
        "7. Kiến nghị",
        "báo cáo ý kiến phản biện với HĐND tỉnh",
        "TM. BAN THƯỜNG TRỰC CHỦ TỊCH",
        "Nguyễn Nam Tiến",
        "Lưu: VT.",
    )
    assert papers.has(text, *wanted) == [], text
    assert "Ngân sách" not in text, "answers come after the document"


async def test_the_party_writes_in_its_own_form(api: Api, session: AsyncSession, world: World) -> None:
    draft = await a_criticised(session, world, "lead", title="Dự thảo Đề án sắp xếp thôn, tổ dân phố")
    text = papers.words(papers.docx(await file(api, draft, "docx", "lead_officer")))
    wanted = (
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "TỈNH ỦY THỪA THIÊN HUẾ BAN DÂN VẬN *",
        "đối với dự thảo Đề án sắp xếp thôn, tổ dân phố",
    )
    assert papers.has(text, *wanted) == [], text
    assert "CỘNG HÒA XÃ HỘI" not in text


async def test_after_a_dialogue_the_issuing_authority_gets_it_too(
    api: Api, session: AsyncSession, world: World
) -> None:
    draft = await a_criticised(session, world, form=CampaignForm.DIALOGUE)
    text = papers.words(papers.docx(await file(api, draft, "docx")))
    assert papers.has(text, "Kính gửi: Phòng Nội vụ huyện Quảng Điền; HĐND tỉnh", "Điều 18 và Điều 19") == [], text


@pytest.mark.parametrize("kind", ["docx", "pdf"])
async def test_the_matrix_lies_across_the_page(api: Api, session: AsyncSession, world: World, kind: str) -> None:
    draft = await a_criticised(session, world)
    opened = getattr(papers, kind)(await file(api, draft, kind, what="matrix/file"))
    text = papers.words(opened)
    wanted = ("BẢNG TIẾP THU, GIẢI TRÌNH", "khoản 1 Điều 2", "Giải trình", "Ngân sách chưa cân đối được.", MARKUP)
    assert papers.has(text, *wanted) == [], text
    if kind == "pdf":
        assert opened.pages[0].mediabox.width > opened.pages[0].mediabox.height


async def test_the_matrix_as_a_workbook(api: Api, session: AsyncSession, world: World) -> None:
    draft = await a_criticised(session, world)
    answer = await file(api, draft, "xlsx", what="matrix/file")
    assert answer.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[0] == ("Điều, khoản", "Ý kiến phản biện", "Đề nghị", "Tiếp thu", "Giải trình")
    assert [it[0] for it in rows[1:]] == ["toàn văn", "Điều 1", "khoản 1 Điều 2"]
    assert rows[3][3:] == ("Giải trình", "Ngân sách chưa cân đối được.")


@pytest.mark.parametrize(
    ("part", "state", "status"),
    [
        ("partner", DraftState.OPINIONS_OPEN, 200),
        ("addressee", DraftState.OPINIONS_OPEN, 404),
        ("addressee", DraftState.DOCUMENT_ISSUED, 200),
        ("verifier", DraftState.DOCUMENT_ISSUED, 404),
        ("stranger", DraftState.DOCUMENT_ISSUED, 404),
    ],
)
async def test_opinions_leave_the_house_in_the_issued_document_alone(
    api: Api, session: AsyncSession, world: World, part: str, state: DraftState, status: int
) -> None:
    draft = await a_criticised(session, world, state=state)
    await criticism.an_assignment(session, world, draft)
    assert (await file(api, draft, "docx", part)).status_code == status
