"""Records as papers: the right words in the right form, for exactly those who see the record."""

import io
import re
from datetime import date
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from docx.shared import Pt
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain.body import LineageKind
from app.domain.escalation import Rung
from app.domain.report import ReportKind, ReportState
from app.domain.transfer import TransferRole, TransferState
from app.models.body import BodyName, LineageEvent
from app.models.campaign import Campaign, CampaignPartner, CampaignSupervised, SubjectDocument
from app.models.engagement import Engagement
from app.models.escalation import Escalation
from app.models.recommendation import Recommendation, Reminder
from app.models.report import Report, ReportSignature
from app.models.transfer import TransferCandidate
from app.policies.visibility import unscoped
from tests import makers, papers
from tests.client import Api
from tests.makers_transfers import a_transfer
from tests.world import World

pytestmark = pytest.mark.thorough

HASH = "5f2c" * 16
HARD = "Nhũng nhiễu, lãng phí; quyết liệt hơn – «ữ ợ ẵ Ỗ ỵ Ặ»"
MARKUP = '#set text(red) *đậm* $x$ <b>&amp;</b> {{ 7 * 7 }} {% raise %} @ref `mã` \\ "…"'
SECTIONS = [
    {"key": "I", "title": "4. Tồn tại, hạn chế", "content": f"- {HARD}\n{MARKUP}", "finding_ids": [], "clause": "I"},
    {"key": "II", "title": "5.1. Nguyên nhân", "content": "Do cán bộ kiêm nhiệm.", "finding_ids": [], "clause": None},
]


@pytest.fixture(autouse=True)
async def symbols(session: AsyncSession, world: World) -> None:
    for part, symbol in (("lead", "BDVTU"), ("partner", "MTTQ-BTT")):
        await session.execute(update(BodyName).where(col(BodyName.body_id) == world.body[part]).values(symbol=symbol))
    await session.commit()


@pytest.fixture
async def adopted(session: AsyncSession, world: World) -> Report:
    """The campaign-wide result report, signed by one partner and by another with a reserved opinion."""
    campaign = await makers.a_campaign(session, world)
    report = await makers.a_report(
        session,
        world,
        campaign,
        title="Báo cáo kết quả giám sát việc thực hiện Kết luận 62-KL/TW",
        sections=SECTIONS,
        hash=HASH,
        state=ReportState.ADOPTED,
        circulated_on=date(2024, 5, 6),
        adopted_on=date(2024, 5, 14),
    )
    for part, opinion in (("partner", None), ("partner_b", "Cần nêu rõ tỷ lệ tập hợp hội viên.")):
        signature = ReportSignature(
            report_id=report.id,
            body_id=world.body[part],
            account_id=world.account[part],
            hash=HASH,
            opinion=opinion,
            signed_on=date(2024, 5, 10),
        )
        await makers.keep(session, signature)
    return report


async def file(api: Api, report: Report, format: str, as_: str = "lead_officer", **rest: Any) -> Any:  # noqa: A002
    return await api.get(f"/v1/reports/{report.id}/file", params={"format": format}, as_=as_, **rest)


@pytest.mark.parametrize("kind", ["docx", "pdf"])
async def test_a_result_report_says_everything_in_the_form_of_the_party(api: Api, adopted: Report, kind: str) -> None:
    text = papers.words(getattr(papers, kind)(await file(api, adopted, kind)))
    wanted = (
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "TỈNH ỦY THỪA THIÊN HUẾ BAN DÂN VẬN *",
        "-BC/BDVTU",
        "ngày 14 tháng 5 năm 2024",
        "BÁO CÁO kết quả giám sát việc thực hiện Kết luận 62-KL/TW",
        f"- {HARD}",
        "5.1. Nguyên nhân",
        "Ý kiến bảo lưu của Hội Nông dân tỉnh Thừa Thiên Huế ngày 10/05/2024",
        "Cần nêu rõ tỷ lệ tập hợp hội viên.",
        "Nơi nhận:",
        "Lưu Văn phòng.",
        "TRƯỞNG BAN",
        HASH,
    )
    assert papers.has(text, *wanted) == [], text
    assert "CỘNG HÒA XÃ HỘI" not in text


@pytest.mark.parametrize("kind", ["docx", "pdf"])
async def test_what_people_write_is_printed_and_never_obeyed(api: Api, adopted: Report, kind: str) -> None:
    text = papers.words(getattr(papers, kind)(await file(api, adopted, kind)))
    assert papers.has(text, MARKUP) == []
    assert "49" not in text


async def test_measures_of_a_party_paper(api: Api, adopted: Report) -> None:
    """05-HD/VPTW and 36-HD/VPTW: margins 20, 20, 30, 15 mm; heading 15, type 16, body 14."""
    document = papers.docx(await file(api, adopted, "docx"))
    section = document.sections[0]
    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [round(it.mm) for it in margins] == [20, 20, 30, 15]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    heading = document.tables[0].rows[0].cells[1].paragraphs[0].runs[0]
    assert (heading.font.size, heading.font.bold) == (Pt(15), True)
    body = next(it for it in document.paragraphs if "kiêm nhiệm" in it.text)
    assert (body.runs[0].font.size, round(body.paragraph_format.first_line_indent.cm, 2)) == (Pt(14), 1.27)
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert section.different_first_page_header_footer
    page = papers.pdf(await file(api, adopted, "pdf")).pages[0]
    assert [round(float(it) / papers.POINTS_PER_MM) for it in page.mediabox[2:]] == [210, 297]


async def test_measures_of_a_state_paper(api: Api, session: AsyncSession, world: World) -> None:
    """NĐ 30/2020 Annex I: the national heading 12 and 13 bold, left 30–35 mm, right 15–20 mm; a letter's `Số:`."""
    campaign = await makers.a_campaign(session, world, lead_body_id=world.body["partner"])
    report = await makers.a_report(session, world, campaign, author_body_id=world.body["partner"])
    document = papers.docx(await file(api, report, "docx", as_="partner"))
    issuer, nation = document.tables[0].rows[0].cells
    sizes = [(it.text, it.runs[0].font.size, it.runs[0].font.bold) for it in nation.paragraphs[:2]]
    assert sizes == [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Pt(12), True),
        ("Độc lập - Tự do - Hạnh phúc", Pt(13), True),
    ]
    assert "BAN THƯỜNG TRỰC" in issuer.text
    assert "Số:" in issuer.text
    assert 30 <= round(document.sections[0].left_margin.mm) <= 35
    assert 15 <= round(document.sections[0].right_margin.mm) <= 20
    assert "DỰ THẢO" in papers.words(document)


async def test_the_fonts_of_a_pdf_travel_with_it(api: Api, adopted: Report) -> None:
    fonts: set[str] = set()
    for page in papers.pdf(await file(api, adopted, "pdf")).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            described = font.get_object()["/DescendantFonts"][0].get_object()
            assert "/FontFile2" in described["/FontDescriptor"]
            fonts.add(described["/BaseFont"].split("+")[-1])
    assert fonts == {"LiberationSerif", "LiberationSerif-Bold", "LiberationSerif-Italic", "LiberationSerif-BoldItalic"}


@pytest.mark.parametrize(
    ("part", "status"), [("lead_clerk", 200), ("partner", 200), ("stranger", 404), ("auditor", 404), (None, 401)]
)
async def test_a_paper_is_for_those_who_see_the_record(api: Api, adopted: Report, part: str, status: int) -> None:
    assert (await file(api, adopted, "pdf", as_=part)).status_code == status


async def test_a_stranger_s_copy_of_a_published_conclusion_lacks_what_was_held_back(
    api: Api, session: AsyncSession, world: World
) -> None:
    held_back = {**SECTIONS[1], "redacted": True}
    published = {"state": ReportState.PUBLISHED, "published_on": date(2024, 6, 1), "issued_on": date(2024, 5, 20)}
    report = await makers.a_report(
        session,
        world,
        await makers.a_campaign(session, world),
        kind=ReportKind.CONCLUSION,
        title="Kết luận giám sát tại Quảng Điền",
        sections=[SECTIONS[0], held_back],
        hash=HASH,
        circulated_on=date(2024, 5, 20),
        **published,
    )
    seen = {part: papers.words(papers.docx(await file(api, report, "docx", part))) for part in ("partner", "stranger")}
    assert papers.has(seen["partner"], "kiêm nhiệm") == []
    assert papers.has(seen["stranger"], "KẾT LUẬN giám sát tại Quảng Điền", "kiêm nhiệm") == ["kiêm nhiệm"]


async def test_a_file_has_a_vietnamese_name_and_is_not_sent_twice(api: Api, adopted: Report) -> None:
    first = await file(api, adopted, "docx")
    ascii_name, _, name = first.headers["content-disposition"].partition("; filename*=UTF-8''")
    assert ascii_name == ('attachment; filename="bao-cao-ket-qua-giam-sat-viec-thuc-hien-ket-luan-62-kl-tw.docx"')
    assert unquote(name) == "Báo cáo kết quả giám sát việc thực hiện Kết luận 62-KL TW.docx"
    again = await file(api, adopted, "docx", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await file(api, adopted, "pdf")).headers["etag"] != first.headers["etag"]


async def test_another_format_is_refused(api: Api, adopted: Report) -> None:
    answer = await file(api, adopted, "odt")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "format")


@pytest.fixture
async def story(session: AsyncSession, world: World) -> dict[str, str]:
    """The path of each paper of the story, by its name."""
    campaign = await makers.a_campaign(session, world)
    await makers.keep(session, CampaignSupervised(campaign_id=campaign.id, body_id=world.body["supervised"]))
    subject = SubjectDocument(
        campaign_id=campaign.id, symbol="62-KL/TW", issued_on=date(2009, 12, 8), issuer="Bộ Chính trị"
    )
    await makers.keep(session, subject)
    delegation = await makers.a_delegation(session, world, campaign)
    engagement = await makers.an_engagement(session, world, delegation)
    attended = {"name": "Trương Duy Hải", "title": "Phó Bí thư", "body_id": str(world.body["supervised"])}
    held = await makers.a_session(session, world, engagement, attendance=[attended])
    recommendation = await makers.a_recommendation(session, world, campaign, engagement_id=engagement.id)
    letters = await _letters(session, world, recommendation)
    of_recommendation = f"/v1/recommendations/{recommendation.id}"
    return {
        "plan": f"/v1/campaigns/{campaign.id}/file?paper=plan",
        "outline": f"/v1/campaigns/{campaign.id}/file?paper=outline",
        "decision": f"/v1/delegations/{delegation.id}/file?",
        "notification": f"/v1/engagements/{engagement.id}/file?",
        "minutes": f"/v1/engagements/{engagement.id}/sessions/{held.id}/file?",
        "recommendation": f"{of_recommendation}/file?",
        "reminder": f"{of_recommendation}/reminders/{letters[0].id}/file?",
        "escalation": f"{of_recommendation}/escalations/{letters[1].id}/file?",
        "half_year": f"/v1/statistics/half-year?half=2024H1&body_id={world.body['lead']}",
    }


async def _letters(session: AsyncSession, world: World, it: Recommendation) -> tuple[Reminder, Escalation]:
    paper = await makers.a_document(session, world, kind="CV", symbol="301-CV/BDVTU", issued_on=date(2024, 12, 9))
    signer = {"name": "Trần Quốc Thái", "title": "Phó Trưởng ban", "capacity": "KT."}
    paper.signer = signer
    reminder = Reminder(
        recommendation_id=it.id,
        account_id=world.account["lead_officer"],
        body_id=world.body["lead"],
        reminded_on=date(2024, 12, 9),
        note="Đã quá hạn.",
        document_id=paper.id,
    )
    escalation = Escalation(
        recommendation_id=it.id,
        level=1,
        rung=Rung.SUPERIOR,
        by_clock=False,
        escalated_on=date(2025, 1, 10),
        to_body_id=world.body["addressee_superior"],
        reason="Không trả lời",
        letter_subject="V/v báo cáo việc chậm thực hiện kiến nghị",
        letter_text="Kính gửi: Ủy ban\n\nKính báo cáo.\n- Đã đôn đốc một lần.\n\nNơi nhận:\n- Như trên;",
    )
    it.escalation_level, it.escalated_to_id = 1, world.body["addressee_superior"]
    await makers.keep(session, paper, reminder, escalation, it)
    return reminder, escalation


SAYS = {
    "plan": ("KẾ HOẠCH giám sát việc thực hiện", "Căn cứ 62-KL/TW ngày 08/12/2009 của Bộ Chính trị;", "III. HÌNH THỨC"),
    "outline": ("ĐỀ CƯƠNG BÁO CÁO", "I. Kết quả thực hiện", "từ 01/01/2021 đến 31/12/2023"),
    "decision": (
        "Số 133-QĐ/BDVTU",
        "ngày 20 tháng 02 năm 2024",
        "về việc thành lập Đoàn giám sát 133",
        "- Căn cứ 62-KL/TW ngày 08/12/2009 của Bộ Chính trị;",
        "QUYẾT ĐỊNH: Điều 1. Thành lập Đoàn giám sát 133, gồm các thành viên:",
        "Trưởng đoàn",
    ),
    "notification": ("Kính gửi: Ban Thường vụ Huyện ủy Quảng Điền", "làm việc ngày 12/04/2024", "Như trên"),
    "minutes": ("BIÊN BẢN", "Địa điểm: Huyện ủy Quảng Điền.", "- Trương Duy Hải, Phó Bí thư, Ban Thường vụ", "CHỦ TRÌ"),
    "recommendation": (
        "Kính gửi: Phòng Nội vụ huyện Quảng Điền",
        "Người chịu trách nhiệm: Trương Duy Hải",
        "Hạn hoàn thành: 31/12/2024 (căn cứ: Thông báo kết luận",
    ),
    "reminder": ("Số 301-CV/BDVTU", "V/v đôn đốc", "Đã quá hạn.", "K/T TRƯỞNG BAN PHÓ TRƯỞNG BAN Trần Quốc Thái"),
    "escalation": ("ngày 10 tháng 01 năm 2025", "Kính gửi: Ủy ban nhân dân huyện Quảng Điền", "- Đã đôn đốc một lần."),
    "half_year": (
        "THÔNG BÁO kết quả giám sát 6 tháng đầu năm 2024",
        "khoản 1 Điều 30",
        "Phòng Nội vụ huyện Quảng Điền",
    ),
}


@pytest.mark.parametrize("name", SAYS)
async def test_each_paper_says_what_its_record_holds(api: Api, story: dict[str, str], name: str) -> None:
    for kind, opened in (("docx", papers.docx), ("pdf", papers.pdf)):
        answer = await api.get(f"{story[name]}&format={kind}".replace("?&", "?"), as_="lead_officer")
        text = papers.words(opened(answer))
        assert papers.has(text, *SAYS[name]) == [], text


async def test_no_paper_is_a_way_around_visibility(api: Api, story: dict[str, str]) -> None:
    of_records = {name: path for name, path in story.items() if name != "half_year"}
    seen = {name: (await api.get(path, as_="stranger")).status_code for name, path in of_records.items()}
    assert seen == dict.fromkeys(of_records, 404)


async def test_a_superior_reads_the_letter_that_escalates_to_it_and_no_reminder(
    api: Api, story: dict[str, str]
) -> None:
    seen = {name: (await api.get(story[name], as_="addressee_superior")).status_code for name in SAYS}
    assert (seen["escalation"], seen["recommendation"], seen["reminder"], seen["plan"]) == (200, 200, 404, 404)


async def test_a_letter_of_another_recommendation_is_not_found(
    api: Api, session: AsyncSession, world: World, story: dict[str, str]
) -> None:
    other = await makers.a_recommendation(session, world, await makers.a_campaign(session, world))
    path = re.sub(r"recommendations/[^/]+", f"recommendations/{other.id}", story["reminder"])
    assert (await api.get(path, as_="lead_officer")).status_code == 404


async def test_a_paper_keeps_the_names_of_its_day(
    api: Api, session: AsyncSession, world: World, adopted: Report
) -> None:
    renamed = BodyName(
        body_id=world.body["lead"],
        name="Ban Tuyên giáo và Dân vận Tỉnh ủy",
        short_name="BTGDV",
        valid_from=date(2025, 3, 1),
    )
    await makers.keep(session, renamed)
    assert "BAN DÂN VẬN" in papers.words(papers.docx(await file(api, adopted, "docx")))


async def test_a_letter_of_the_ladder_is_headed_and_addressed_once(api: Api, story: dict[str, str]) -> None:
    text = papers.words(papers.docx(await api.get(f"{story['escalation']}&format=docx", as_="lead_officer")))
    assert [text.count(it) for it in ("Kính gửi", "Nơi nhận", "Như trên", "V/v", "v/v")] == [1, 1, 1, 1, 0]
    assert "- Phòng Nội vụ huyện Quảng Điền," in text


async def test_a_paper_is_of_whoever_wrote_it_not_of_its_heir(
    api: Api, session: AsyncSession, world: World, story: dict[str, str]
) -> None:
    """The lead and the supervised party passed to others in 2025; what was written in 2024 stays theirs."""

    async def written(as_: str) -> dict[str, str]:
        paths = {it: story[it] for it in ("plan", "outline", "notification", "minutes", "recommendation")}
        files = {name: await api.get(f"{path}&format=docx", as_=as_) for name, path in paths.items()}
        return {name: papers.words(papers.docx(it)) for name, it in files.items()}

    before = await written("lead_officer")
    records = (unscoped(it, reason="of the story") for it in (Campaign, Engagement, Recommendation))
    campaign, engagement, recommendation = [(await session.execute(it)).scalar_one() for it in records]
    event = LineageEvent(kind=LineageKind.MERGE, effective_on=date(2025, 3, 1))
    await makers.keep(session, event)
    lead = world.body["lead"]
    for role, it, of, heir in (
        (TransferRole.CAMPAIGN_LEAD, campaign, "lead", "counterpart"),
        (TransferRole.PARTNER, campaign, "partner", "stranger"),
        (TransferRole.SUPERVISED, engagement, "supervised", "verifier"),
        (TransferRole.ADDRESSEE, recommendation, "addressee", "stranger"),
    ):
        passed = {"from_": world.body[of], "lead": lead, "to": [], "state": TransferState.CONFIRMED}
        transfer = await a_transfer(session, event, role, it.id, **passed)
        await makers.keep(session, TransferCandidate(transfer_id=transfer.id, body_id=world.body[heir], chosen=True))
    campaign.lead_body_id = recommendation.issuer_body_id = world.body["counterpart"]
    engagement.supervised_body_id, recommendation.addressee_id = world.body["verifier"], world.body["stranger"]
    of_campaign = col(CampaignPartner.body_id) == world.body["partner"]
    await session.execute(update(CampaignPartner).where(of_campaign).values(body_id=world.body["stranger"]))
    await makers.keep(session, campaign, engagement, recommendation)
    assert await written("counterpart") == before


async def test_the_half_year_as_a_workbook(api: Api, story: dict[str, str]) -> None:
    answer = await api.get(f"{story['half_year']}&format=xlsx", as_="lead_officer")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Kiến nghị", "Cuộc giám sát", "Quá hạn"]
    issued, late = book["Kiến nghị"], book["Quá hạn"]
    assert [it.value for it in issued[2]] == ["Phòng Nội vụ huyện Quảng Điền", 1, 0, 0]
    assert (issued.freeze_panes, issued.auto_filter.ref, len(issued._charts)) == ("A2", "A1:D2", 1)
    assert late["E2"].is_date
    assert late["E2"].value.date() == date(2024, 12, 31)
    assert len(late.conditional_formatting) == 1
    assert "filename*=UTF-8''Th%C3%B4ng%20b%C3%A1o" in answer.headers["content-disposition"]
