"""Nghệ An, 08/08/2019: an agreement on acting together, a joint campaign under it, a commitment on the board."""

from app.demo.cast import CastBody, Part
from app.demo.chapters import paper
from app.demo.elsewhere import Ids, Story, issue
from app.demo.voices import Voices

SIGNED_ON = "2019-08-08"

BODIES = {
    "na_front": CastBody(
        "Ban Thường trực Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Nghệ An",
        "BTT MTTQ Nghệ An",
        "front_committee",
        "province",
        "MTTQ-BTT",
    ),
    "na_labour": CastBody("Liên đoàn Lao động tỉnh Nghệ An", "LĐLĐ Nghệ An", "spo", "province", "LĐLĐ"),
    "na_farmers": CastBody("Hội Nông dân tỉnh Nghệ An", "HND Nghệ An", "spo", "province", "HND"),
    "na_women": CastBody("Hội Liên hiệp Phụ nữ tỉnh Nghệ An", "Hội LHPN Nghệ An", "spo", "province", "PN"),
    "na_veterans": CastBody("Hội Cựu chiến binh tỉnh Nghệ An", "Hội CCB Nghệ An", "spo", "province", "CCB"),
    "na_youth": CastBody("Tỉnh đoàn Nghệ An", "Tỉnh đoàn Nghệ An", "spo", "province", "TĐTN"),
    "na_committee": CastBody("Ủy ban nhân dân tỉnh Nghệ An", "UBND Nghệ An", "pc_committee", "province", "UBND"),
}

PARTS = {
    "na_chair": Part("Võ Thị Minh Sinh", "na_front", ("leader", "officer")),
    "na_farmers_chair": Part("Phan Văn Sửu", "na_farmers", ("leader",)),
}
"""Võ Thị Minh Sinh is of the story; the other name is made up."""

CONTENT_GROUPS = [
    "Tập hợp, phát huy sức mạnh khối đại đoàn kết toàn dân tộc",
    "Vận động, thi đua phát triển kinh tế - xã hội, củng cố quốc phòng, an ninh",
    "Nắm bắt và tập hợp ý kiến, kiến nghị của đoàn viên, hội viên, nhân dân",
    "Góp ý xây dựng Đảng, chính quyền",
    "Giám sát, phản biện xã hội",
    "Dân tộc, tôn giáo, đối ngoại nhân dân",
]
"""The report counts five groups and names six subjects: both are kept."""


async def tell(voices: Voices, ids: Ids) -> Ids:
    agreement = await _agree(voices, ids)
    campaign = await voices.make("na_chair", "/v1/campaigns", _campaign(ids, agreement), key="na-campaign")
    path = f"/v1/campaigns/{campaign['id']}"
    partner = {"body_id": ids["na_farmers"], "role": "Cùng giám sát"}
    await voices.make("na_chair", f"{path}/partners", partner, key="na-partner", seen=path)
    followed = await _follow_up(voices, agreement)
    return {"agreement": agreement, "campaign": campaign["id"], "recommendation": followed}


async def _agree(voices: Voices, ids: Ids) -> str:
    signed = await paper(
        voices, "na_chair", ids["na_front"], "QC", "01/QC-MTTQ-BTT", SIGNED_ON, "Quy chế phối hợp 2019–2024"
    )
    draft = {
        "title": "Quy chế phối hợp thống nhất hành động giai đoạn 2019–2024",
        "term": {"from": SIGNED_ON, "to": "2024-08-08"},
        "parties": [
            {"body_id": ids["na_front"], "signer": {"name": "Võ Thị Minh Sinh", "title": "Chủ tịch Ủy ban MTTQ tỉnh"}},
            *(ids[name] for name in ("na_labour", "na_farmers", "na_women", "na_veterans", "na_youth")),
        ],
        "content_groups": CONTENT_GROUPS,
        "content_groups_stated": 5,
        "commitments": [
            {
                "body_id": ids["na_farmers"],
                "text": "Mỗi quý tập hợp ý kiến, kiến nghị của hội viên và gửi Ban Thường trực Ủy ban MTTQ tỉnh",
                "due_on": "2019-12-31",
            },
            {"body_id": ids["na_front"], "text": "Theo dõi, đôn đốc chung các kiến nghị sau giám sát"},
        ],
    }
    made = await voices.make("na_chair", "/v1/agreements", draft, key="na-agreement")
    path = f"/v1/agreements/{made['id']}"
    await voices.move("na_chair", path, "sign", document_id=signed, on=SIGNED_ON)
    await voices.move("na_chair", path, "enter_into_force", on=SIGNED_ON)
    return str(made["id"])


def _campaign(ids: Ids, agreement: str) -> dict[str, object]:
    """The joint supervision that was missing before; its subject is made up of what the conference deplored."""
    return {
        "kind": "supervision",
        "regime": "front",
        "form": "delegation",
        "ground": "coordination_programme",
        "title": "Giám sát chung việc giải quyết kiến nghị sau giám sát của Mặt trận và các đoàn thể",
        "topic": "Giải quyết kiến nghị sau giám sát",
        "window": {"starts_on": "2019-10-01", "ends_on": "2019-12-31"},
        "supervised_body_ids": [ids["na_committee"]],
        "agreement_id": agreement,
    }


async def _follow_up(voices: Voices, agreement: str) -> str:
    """What the Farmers' Union undertook stands on the same board as every recommendation."""
    path = f"/v1/agreements/{agreement}"
    commitment = (await voices.read("na_chair", path))["commitments"][0]
    terms = {
        "owner": {"name": "Phan Văn Sửu", "title": "Chủ tịch Hội Nông dân tỉnh"},
        "expected_result": "Mỗi quý một báo cáo tổng hợp ý kiến hội viên",
        "due_basis": {"text": "Quy chế phối hợp 2019–2024"},
    }
    where = f"{path}/commitments/{commitment['id']}/recommendation"
    made = await voices.make("na_chair", where, terms, key="na-commitment")
    asked = await issue(voices, "na_chair", made["id"], "2019-08-15")
    letter = await paper(
        voices, "na_farmers_chair", made["addressee_id"], "CV", "212-CV/HND", "2019-08-20", "Tiếp thu, phân công"
    )
    await voices.move("na_farmers_chair", asked, "reply", kind="accepted", document_id=letter, on="2019-08-20")
    return str(made["id"])


STORY = Story("Nghệ An 2019: quy chế phối hợp, giám sát chung · An agreement and a joint campaign", BODIES, PARTS, tell)
