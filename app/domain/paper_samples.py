"""Papers of the story of Đoàn giám sát 133, their words invented: to see what a template makes of each kind."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.body import BodyKind
from app.domain.paper import (
    TYPES,
    Block,
    Letterhead,
    Paper,
    PaperForm,
    PaperKind,
    Registered,
    Signature,
    drawn_up,
    prose,
    table,
    titled,
)

INVENTED = UUID(int=0)
HEADS = {
    PaperForm.PARTY: Letterhead(
        INVENTED,
        "Ban Dân vận Tỉnh ủy Thừa Thiên Huế",
        BodyKind.MASS_MOB,
        PaperForm.PARTY,
        parent="Tỉnh ủy Thừa Thiên Huế",
        symbol="BDVTU",
        place="Thừa Thiên Huế",
    ),
    PaperForm.STATE: Letterhead(
        INVENTED,
        "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Thừa Thiên Huế",
        BodyKind.FRONT_COMMITTEE,
        PaperForm.STATE,
        symbol="MTTQ-BTT",
        place="Thừa Thiên Huế",
    ),
}
"""The lead of the story in the form of the Party; in that of the State the Front, its partner."""

SIGNERS = {
    PaperForm.PARTY: {"name": "Lê Minh Tâm", "title": "Phó Trưởng ban", "capacity": "KT."},
    PaperForm.STATE: {"name": "Trần Thị Hòa", "title": "Phó Chủ tịch", "capacity": "TM."},
}
SUBJECT = "việc thực hiện Kết luận 62-KL/TW"
SUPERVISED = "Ban Thường vụ Huyện ủy Quảng Điền"
FRONT = "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Thừa Thiên Huế"
ADDRESSEE = "Ủy ban nhân dân huyện Quảng Điền"
TODAY = date(2024, 5, 14)
HASH = "5f2c9a71" * 8
Text = Iterator[Block]


def _plan() -> Text:
    yield Block("basis", "Căn cứ Kết luận 62-KL/TW ngày 08/12/2009 của Bộ Chính trị;")
    yield Block("heading", "I. MỤC ĐÍCH, NỘI DUNG")
    yield from prose(
        "Đánh giá đúng những việc đã làm được, chỉ rõ tồn tại và nguyên nhân, kiến nghị biện pháp có thời hạn.\n"
        "- Việc quán triệt, cụ thể hóa Kết luận 62-KL/TW;\n"
        "- Việc đổi mới nội dung, phương thức hoạt động của Mặt trận và các đoàn thể."
    )
    yield Block("heading", "II. ĐỐI TƯỢNG, PHẠM VI, THỜI KỲ GIÁM SÁT")
    yield Block("item", SUPERVISED)
    yield Block("text", "Thời kỳ giám sát: từ 01/01/2021 đến 31/12/2023.")
    yield Block("heading", "III. HÌNH THỨC, THỜI GIAN")
    yield Block("text", "Hình thức: thành lập đoàn giám sát. Thời gian: từ 01/03/2024 đến 31/05/2024.")
    yield Block("heading", "IV. TỔ CHỨC THỰC HIỆN")
    columns = (("TT", 1), ("Công việc", 6), ("Cơ quan thực hiện", 5), ("Xong trước", 3))
    work = (
        ("Ban hành quyết định thành lập đoàn", "Ban Dân vận Tỉnh ủy", "20/02/2024"),
        ("Gửi báo cáo tự kiểm tra", SUPERVISED, "29/03/2024"),
        ("Buổi làm việc thông qua báo cáo kết quả", "Đoàn giám sát 133", "12/04/2024"),
    )
    yield table(columns, ((number, *row) for number, row in enumerate(work, 1)))


def _decision() -> Text:
    yield Block("basis", "Căn cứ Kết luận 62-KL/TW ngày 08/12/2009 của Bộ Chính trị;")
    yield Block("basis", "Căn cứ chức năng, nhiệm vụ, quyền hạn của cơ quan;")
    yield Block("basis", f"Xét yêu cầu của cuộc giám sát {SUBJECT},")
    yield Block("centred", "QUYẾT ĐỊNH:")
    yield Block("article", "Thành lập Đoàn giám sát 133, gồm các thành viên:", label="Điều 1.")
    columns = (("TT", 1), ("Họ và tên", 4), ("Chức vụ, cơ quan", 6), ("Nhiệm vụ", 3))
    members = (
        ("Lê Minh Tâm", "Phó Trưởng ban, Ban Dân vận Tỉnh ủy", "Trưởng đoàn"),
        ("Trần Thị Hòa", f"Phó Chủ tịch, {FRONT}", "Phó trưởng đoàn"),
        ("Phan Anh Dũng", "Trưởng phòng, Ban Dân vận Tỉnh ủy", "Thư ký"),
    )
    yield table(columns, ((number, *row) for number, row in enumerate(members, 1)))
    yield Block(
        "article", "Đoàn giám sát làm việc theo kế hoạch, báo cáo kết quả với cơ quan chủ trì.", label="Điều 2."
    )
    done_by = "Các thành viên có tên tại Điều 1 và đối tượng được giám sát thực hiện Quyết định này."
    yield Block("article", done_by, label="Điều 3.")


def _outline() -> Text:
    yield Block("note", "Số liệu trong thời kỳ từ 01/01/2021 đến 31/12/2023")
    yield from titled("I. Kết quả thực hiện", "- Văn bản đã ban hành;\n- Kinh phí bố trí từng năm.")
    yield from titled("II. Hạn chế, nguyên nhân", "Nêu rõ nơi, thời gian, mức độ.")
    yield from titled("III. Kiến nghị", "Với cấp ủy, chính quyền, Mặt trận cấp trên.")


def _notification() -> Text:
    yield Block("text", f"Đoàn giám sát 133 sẽ giám sát {SUBJECT} đối với {SUPERVISED}.")
    yield Block("item", "Thời kỳ giám sát: từ 01/01/2021 đến 31/12/2023.")
    yield Block("item", "Dự kiến làm việc ngày 12/04/2024.")
    yield Block("text", "Đề nghị chuẩn bị báo cáo theo đề cương gửi kèm và gửi đến Đoàn giám sát trước 29/03/2024.")
    yield Block("note", "Gửi kèm: kế hoạch, quyết định thành lập đoàn, đề cương báo cáo.")


def _minutes() -> Text:
    yield Block("text", "Thời gian: ngày 12/04/2024. Địa điểm: Huyện ủy Quảng Điền.")
    yield Block("heading", "I. THÀNH PHẦN")
    yield Block("text", "Chủ trì: Lê Minh Tâm, Trưởng đoàn. Thư ký: Phan Anh Dũng, Trưởng phòng.")
    yield Block("item", f"Hoàng Văn Lộc, Phó Bí thư Thường trực, {SUPERVISED}")
    yield Block("heading", "II. NỘI DUNG")
    yield from prose("Đoàn giám sát trình bày dự thảo báo cáo kết quả; các bên thảo luận và thống nhất thông qua.")
    yield Block("heading", "III. CAM KẾT")
    columns = (("TT", 1), ("Nội dung", 6), ("Người chịu trách nhiệm", 4), ("Hạn", 3))
    yield table(columns, [(1, "Chỉnh sửa và gửi lại báo cáo", "Hoàng Văn Lộc, Phó Bí thư Thường trực", "26/04/2024")])


def _self_report() -> Text:
    yield from titled("I. Đặc điểm tình hình", "Huyện có 11 xã, thị trấn; Mặt trận và 5 đoàn thể hoạt động đều.")
    yield from titled("II. Kết quả thực hiện", "- Giao ban quý giữa Thường trực cấp ủy với Mặt trận, đoàn thể.")
    yield from titled("III. Hạn chế", "Phối hợp ở cơ sở có nơi chưa đồng bộ.")


def _result_report() -> Text:
    """Long enough for a second page."""
    yield from titled("1. Khái quát cuộc giám sát", "Đoàn đã làm việc với 4 xã, nghiên cứu 37 văn bản. " * 4)
    yield from titled("2. Đặc điểm tình hình", "Địa bàn ven phá Tam Giang, dân cư phân tán. " * 6)
    yield from titled("3. Kết quả đạt được", "- Quán triệt kịp thời;\n- Bố trí đủ kinh phí;\n- Giao ban định kỳ.")
    yield from titled("4. Tồn tại, hạn chế", "- Một số phong trào chưa bền vững. " * 6 + "\n- Tỷ lệ tập hợp còn thấp.")
    yield Block("heading", "5. Nguyên nhân")
    yield from titled("5.1. Nguyên nhân khách quan", "Sắp xếp tổ chức kéo dài. " * 8)
    yield from titled("5.2. Nguyên nhân chủ quan", "Cán bộ kiêm nhiệm nhiều việc. " * 8)
    yield from titled("6. Kiến nghị", f"- {SUPERVISED} chỉ đạo khắc phục trước 30/09/2024.")
    columns = (("TT", 1), ("Cơ quan", 6), ("Số kiến nghị", 2))
    yield table(columns, [(1, SUPERVISED, 5), (2, ADDRESSEE, 2)])


def _conclusion() -> Text:
    yield from titled("1. Đánh giá chung", f"Cuộc giám sát {SUBJECT} tại huyện Quảng Điền đạt mục đích đề ra.")
    yield from titled("2. Việc phải làm", "- Nâng cao tỷ lệ tập hợp đoàn viên, hội viên;\n- Báo cáo trước 30/09/2024.")


def _criticism() -> Text:
    yield from titled("1. Sự cần thiết", "Dự thảo đáp ứng yêu cầu thực tiễn.")
    yield from titled("2. Tính khả thi", "Cần nêu rõ nguồn kinh phí thực hiện.")
    yield Block("heading", "Ý kiến đối với từng điều, khoản")
    columns = (("Điều, khoản", 2), ("Ý kiến", 5), ("Đề nghị", 5))
    yield table(columns, [("Điều 3, khoản 2", "Thời hạn 10 ngày quá ngắn.", "Quy định 20 ngày làm việc.")])


def _matrix() -> Text:
    columns = (("Điều, khoản", 2), ("Ý kiến phản biện", 5), ("Đề nghị", 4), ("Tiếp thu", 2), ("Giải trình", 5))
    rows = (
        ("Điều 3, khoản 2", "Thời hạn 10 ngày quá ngắn.", "Quy định 20 ngày làm việc.", "Tiếp thu", ""),
        ("Điều 5", "Trùng với quy định hiện hành.", "Bỏ điều này.", "Giải trình", "Giữ lại để dễ tra cứu."),
    )
    yield table(columns, rows)


def _recommendation() -> Text:
    yield Block("text", "Ban Dân vận Tỉnh ủy kiến nghị:")
    yield Block("text", "Bố trí kinh phí hoạt động cho Mặt trận, đoàn thể cấp xã theo đúng định mức.")
    yield Block("item", "Người chịu trách nhiệm: Đặng Hữu Phước, Phó Chủ tịch Ủy ban nhân dân huyện")
    yield Block("item", "Kết quả cần đạt: 11/11 xã, thị trấn được giao đủ kinh phí")
    yield Block("item", "Hạn hoàn thành: 30/09/2024 (căn cứ: báo cáo kết quả giám sát)")
    yield Block("text", "Đề nghị trả lời bằng văn bản và báo cáo kết quả thực hiện đúng thời hạn.")


def _reminder() -> Text:
    yield Block("text", f"Đề nghị {ADDRESSEE} thực hiện kiến nghị số 4 ngày 14/05/2024:")
    yield Block("text", "Bố trí kinh phí hoạt động cho Mặt trận, đoàn thể cấp xã theo đúng định mức.")
    yield Block("text", "Thời hạn đang theo dõi (hoàn thành): 30/09/2024.")


def _escalation() -> Text:
    yield Block("text", f"{ADDRESSEE} chưa thực hiện kiến nghị số 4 ngày 14/05/2024 dù đã được đôn đốc hai lần.")
    yield Block("item", "Quá hạn 45 ngày làm việc;")
    yield Block("item", "Chưa có văn bản giải trình.")
    yield Block("text", "Kính báo cáo, đề nghị chỉ đạo.")


def _half_year() -> Text:
    yield Block("basis", "Căn cứ khoản 1 Điều 30 Luật Mặt trận Tổ quốc Việt Nam;")
    yield Block("heading", "1. Các cuộc giám sát")
    yield table((("Hình thức", 6), ("Chủ trì", 2), ("Phối hợp", 2)), [("Tổ chức đoàn giám sát", 1, 2)])
    yield Block("heading", "2. Kiến nghị sau giám sát và kết quả thực hiện")
    columns = (("TT", 1), ("Cơ quan được kiến nghị", 6), ("Đã ban hành", 2), ("Đã trả lời", 2), ("Đã giải quyết", 2))
    yield table(columns, [(1, SUPERVISED, 5, 4, 3), (2, ADDRESSEE, 2, 1, 0), ("", "Tổng số", 7, 5, 3)])
    yield Block("heading", "3. Kiến nghị quá hạn, đề nghị đôn đốc giải quyết")
    yield Block("text", "Không có kiến nghị quá hạn.")


RESULT = f"kết quả giám sát {SUBJECT} tại huyện Quảng Điền"
DRAFT = "dự thảo Quy chế phối hợp của Ủy ban nhân dân tỉnh"
SAMPLES: dict[PaperKind, tuple[str, Callable[[], Text], Sequence[str]]] = {
    PaperKind.PLAN: (f"giám sát {SUBJECT}", _plan, ()),
    PaperKind.DECISION: ("về việc thành lập Đoàn giám sát 133", _decision, ()),
    PaperKind.OUTLINE: (f"của đối tượng được giám sát – Giám sát {SUBJECT}", _outline, ()),
    PaperKind.NOTIFICATION: (f"V/v giám sát {SUBJECT}", _notification, (SUPERVISED,)),
    PaperKind.MINUTES: (f"buổi làm việc giữa Đoàn giám sát 133 và {SUPERVISED}", _minutes, ()),
    PaperKind.SELF_REPORT: (SUBJECT, _self_report, ()),
    PaperKind.RESULT_REPORT: (RESULT, _result_report, ()),
    PaperKind.NOTICE: (RESULT, _conclusion, ()),
    PaperKind.CONCLUSION: (f"giám sát {SUBJECT} tại huyện Quảng Điền", _conclusion, ()),
    PaperKind.CRITICISM: (f"đối với {DRAFT}", _criticism, ("Ủy ban nhân dân tỉnh Thừa Thiên Huế",)),
    PaperKind.MATRIX: (f"ý kiến phản biện xã hội đối với {DRAFT}", _matrix, ()),
    PaperKind.RECOMMENDATION: ("V/v thực hiện kiến nghị sau giám sát", _recommendation, (ADDRESSEE,)),
    PaperKind.REMINDER: ("V/v đôn đốc thực hiện kiến nghị sau giám sát", _reminder, (ADDRESSEE, SUPERVISED)),
    PaperKind.ESCALATION: (
        "V/v báo cáo việc chậm thực hiện kiến nghị",
        _escalation,
        ("Ủy ban nhân dân tỉnh Thừa Thiên Huế",),
    ),
    PaperKind.HALF_YEAR: ("kết quả giám sát 6 tháng đầu năm 2024", _half_year, ()),
}
"""The abstract, the text, and to whom."""


def sample(kind: PaperKind, form: PaperForm) -> Paper:
    abstract, text, to = SAMPLES[kind]
    abbreviation = TYPES.get(kind, ("", "CV"))[1]
    symbol = {
        PaperForm.PARTY: f"62-{abbreviation}/BDVTU",
        PaperForm.STATE: f"62/{abbreviation}-MTTQ-BTT" if kind in TYPES else "62/MTTQ-BTT",
    }
    made = drawn_up(
        HEADS[form],
        kind,
        Registered(symbol[form], TODAY, SIGNERS[form]),
        today=TODAY,
        abstract=abstract,
        blocks=text(),
        to=to,
        copies=["Như trên"] if to else [SUPERVISED, FRONT],
    )
    return replace(made, **_besides(kind))


def everything() -> dict[str, Any]:
    """What a template may name: no list of it is empty, and every block has all that a block can have."""
    block = Block("table", "…", columns=("…",), rows=(("…",),), widths=(1,), label="…")
    full = replace(sample(PaperKind.RESULT_REPORT, PaperForm.STATE), to=("…",), blocks=(block,), annexes=(block,))
    return full.content()


def _besides(kind: PaperKind) -> dict[str, Any]:
    """What only some kinds have: two who sign, a mark across a draft, the hash and what partners reserved."""
    if kind == PaperKind.MINUTES:
        return {"signatures": (Signature(["THƯ KÝ"], "Phan Anh Dũng"), Signature(["CHỦ TRÌ"], "Lê Minh Tâm"))}
    if kind == PaperKind.SELF_REPORT:
        return {"mark": "DỰ THẢO"}
    if kind == PaperKind.RESULT_REPORT:
        return {"hash": HASH, "annexes": tuple(_signed())}
    return {}


def _signed() -> Text:
    yield Block("heading", "CHỮ KÝ CỦA CƠ QUAN PHỐI HỢP")
    yield table(
        (("TT", 1), ("Cơ quan", 6), ("Ngày ký", 2), ("Ý kiến", 3)), [(1, FRONT, "10/05/2024", "Bảo lưu ý kiến")]
    )
    yield Block("subheading", f"Ý kiến bảo lưu của {FRONT} ngày 10/05/2024")
    yield Block("text", "Cần nêu rõ tỷ lệ tập hợp hội viên của từng xã.")
