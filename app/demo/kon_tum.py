"""Kon Tum, 2011–2015 and on: an agreement reviewed by its figures, its end announced, the next one in force."""

from app.demo.cast import CastBody, Part
from app.demo.chapters import on, paper
from app.demo.elsewhere import Ids, Story
from app.demo.voices import Voices

BODIES = {
    "kt_committee": CastBody("Ủy ban nhân dân tỉnh Kon Tum", "UBND Kon Tum", "pc_committee", "province", "UBND"),
    "kt_interior": CastBody("Sở Nội vụ tỉnh Kon Tum", "SNV Kon Tum", "department", "province", "SNV", "kt_committee"),
    "kt_front": CastBody(
        "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Kon Tum", "MTTQ Kon Tum", "front_committee", "province", "MTTQ-BTT"
    ),
    "kt_labour": CastBody("Liên đoàn Lao động tỉnh Kon Tum", "LĐLĐ Kon Tum", "spo", "province", "LĐLĐ"),
    "kt_farmers": CastBody("Hội Nông dân tỉnh Kon Tum", "HND Kon Tum", "spo", "province", "HND"),
}

PARTS = {
    "kt_deputy": Part("Trần Thị Nga", "kt_committee", ("leader", "officer")),
    "kt_chair": Part("Trần Bình Trọng", "kt_front", ("leader", "officer")),
}

FORWARDED = 8
"""The petitions that the committee received from the Front and settled in those five years."""

PARTIES = ("kt_committee", "kt_front", "kt_labour", "kt_farmers")
FIRST, NEXT = ("2011-01-01", "2015-12-31"), ("2016-01-01", "2020-12-31")
REVIEWED_ON = "2015-09-30"
"""The days of papers and of the review are made up; the terms and the figures are of the report."""


async def tell(voices: Voices, ids: Ids) -> Ids:
    first = await _agreement(voices, ids, "2011–2015", FIRST, focal=None)
    for number in range(FORWARDED):
        await _petition(voices, ids, number)
    await on(voices, REVIEWED_ON)
    await _review(voices, ids, first)
    second = await _agreement(voices, ids, "2016–2020", NEXT, focal=ids["kt_interior"], after=first)
    await on(voices, "2016-01-04")
    await voices.move("kt_deputy", f"/v1/agreements/{second}", "enter_into_force", on=NEXT[0])
    await voices.move("kt_deputy", f"/v1/agreements/{first}", "succeed", on=NEXT[0])
    return {"first": first, "second": second}


async def _agreement(
    voices: Voices, ids: Ids, years: str, term: tuple[str, str], *, focal: str | None, after: str | None = None
) -> str:
    """Signed on the first day of its term, or, where it follows another, before that one ends."""
    begins, ends = term
    signed_on = "2015-12-25" if after else begins
    draft = {
        "title": f"Quy chế phối hợp giữa UBND tỉnh với UBMTTQVN và các tổ chức đoàn thể giai đoạn {years}",
        "term": {"from": begins, "to": ends},
        "parties": [ids[name] for name in PARTIES],
        "focal_body_id": focal,
        "content_groups": ["Giám sát, phản biện xã hội", "Giải quyết đơn thư", "An sinh xã hội"],
    }
    made = await voices.make("kt_deputy", "/v1/agreements", draft, key=f"kt-agreement-{begins}")
    path = f"/v1/agreements/{made['id']}"
    if after:
        await _announced(voices, after, made["id"])
        await on(voices, signed_on)
    await voices.move("kt_chair", path, "sign", on=signed_on)
    if not after:
        await voices.move("kt_deputy", path, "enter_into_force", on=begins)
    return str(made["id"])


async def _announced(voices: Voices, ending: str, successor: str) -> None:
    """Three months before its end the first agreement asks for a successor; once one is in draft it does not."""
    listed = await voices.read("kt_deputy", "/v1/agreements", expiring=True)
    assert [it["id"] for it in listed["items"]] == [ending], listed
    path = f"/v1/agreements/{ending}"
    etag = await voices.etag("kt_deputy", path)
    named = {"successor_id": successor}
    answer = await voices.say("kt_deputy", "PATCH", path, named, headers={"If-Match": etag})
    assert not answer["expiring"], answer


async def _petition(voices: Voices, ids: Ids, number: int) -> None:
    day = f"{2011 + number // 2}-0{4 + number % 2}-1{number}"
    letter = {
        "title": f"Đơn của công dân số {number + 1:02d}",
        "topic": "Đất đai" if number % 2 else "Chính sách xã hội",
        "about_body_id": ids["kt_committee"],
        "received_on": day,
        "petitioner": {"name": f"Công dân {number + 1}"},
    }
    made = await voices.make("kt_chair", "/v1/petitions", letter, key=f"kt-petition-{number}")
    path = f"/v1/petitions/{made['id']}"
    await voices.move("kt_chair", path, "classify", kind="reflection", on=day)
    cover = await paper(
        voices, "kt_chair", ids["kt_front"], "CV", f"{100 + number}/MTTQ-BTT", day, "Chuyển đơn của công dân"
    )
    sent = await voices.move("kt_chair", path, "forward", to_body_id=ids["kt_committee"], document_id=cover, on=day)
    receipt = f"{path}/forwards/{sent['forwards'][0]['id']}/receipt"
    await voices.make("kt_deputy", receipt, {"received_on": day}, key=f"kt-receipt-{number}")
    await voices.move("kt_deputy", path, "answer", text="Đã xem xét, giải quyết theo quy định.", on=day)
    await voices.move("kt_chair", path, "inform", on=day)


async def _review(voices: Voices, ids: Ids, agreement: str) -> None:
    """The number of petitions is the one that the figures give."""
    asked = {"from": FIRST[0], "to": FIRST[1], "body_id": ids["kt_front"]}
    (counted,) = (await voices.read("kt_deputy", "/v1/petitions/figures", **asked))["items"]
    indicators = [
        _figure("Đơn do Mặt trận chuyển, đã giải quyết", counted["settled"], "đơn", "2011–2015"),
        _figure("Quỹ Vì người nghèo", 68_000_000_000, "đồng", "trên 68 tỷ; từ 2010 đến tháng 6/2015"),
        _figure("Huy động cho an sinh xã hội", 174_000_000_000, "đồng", "trên 174 tỷ; 5 năm"),
        _figure("Nhà đại đoàn kết xây mới", 2000, "căn", "gần 2.000; từ 2010 đến tháng 6/2015"),
        _figure("Nhà sửa chữa", 395, "căn", "từ 2010 đến tháng 6/2015"),
    ]
    review = {"period": {"from": FIRST[0], "to": REVIEWED_ON}, "indicators": indicators, "on": REVIEWED_ON}
    path = f"/v1/agreements/{agreement}"
    await voices.make("kt_deputy", f"{path}/reviews", review, key="kt-review")
    await voices.move("kt_deputy", path, "review", on=REVIEWED_ON)


def _figure(name: str, value: float, unit: str, scope: str) -> dict[str, object]:
    return {"name": name, "value": value, "unit": unit, "scope": scope}


STORY = Story("Kon Tum 2011–2020: tổng kết, tiếp nối · A review, and the agreement that follows", BODIES, PARTS, tell)
