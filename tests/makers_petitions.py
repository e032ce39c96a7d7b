"""Smallest valid rows of petitions: the Front received them, and forwards them to the provincial committee."""

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.petition import PetitionKind, PetitionState
from app.models.petition import Petition, PetitionForward, PetitionIdentity
from tests.makers import keep
from tests.world import World

RECEIVED_ON = date(2024, 3, 1)
SENDER = "Nguyễn Văn Minh Chứng"


async def a_petition(session: AsyncSession, world: World, **fields: Any) -> Petition:
    """Received by the Front, classified, with its sender kept apart; about the district's People's Committee."""
    values: dict[str, Any] = {
        "lead_body_id": world.body["partner"],
        "holder_body_id": world.body["partner"],
        "about_body_id": world.body["addressee_superior"],
        "title": "Chậm cấp giấy chứng nhận quyền sử dụng đất",
        "content": f"Tôi là {SENDER}, thôn 3, đã nộp hồ sơ từ năm 2021.",
        "topic": "Đất đai",
        "kind": PetitionKind.REFLECTION,
        "received_on": RECEIVED_ON,
        "state": PetitionState.CLASSIFIED,
    }
    petition = Petition(**{**values, **fields})
    await keep(session, petition)
    await keep(session, PetitionIdentity(petition_id=petition.id, name=SENDER, address="Thôn 3", phone="0912345678"))
    return petition


async def a_forward(session: AsyncSession, world: World, petition: Petition, **fields: Any) -> PetitionForward:
    """To the provincial People's Committee, redacted, and with it the petition."""
    values: dict[str, Any] = {
        "petition_id": petition.id,
        "from_body_id": world.body["partner"],
        "to_body_id": world.body["counterpart"],
        "forwarded_on": date(2024, 3, 5),
    }
    hop = PetitionForward(**{**values, **fields})
    petition.holder_body_id = hop.to_body_id
    if petition.state == PetitionState.CLASSIFIED:
        petition.state = PetitionState.FORWARDED
    await keep(session, hop, petition)
    return hop
