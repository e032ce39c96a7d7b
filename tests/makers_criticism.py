"""A draft resolution under criticism, in any state."""

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.campaign import CampaignForm, CampaignKind, Ground, Regime
from app.domain.draft import ISSUED, Criterion, DraftState
from app.models.campaign import Campaign
from app.models.draft import Draft, DraftAssignment, DraftRound, DraftVersion
from app.models.opinion import Opinion
from tests.makers import a_campaign, keep
from tests.world import World

RECEIVED_ON = date(2024, 4, 1)
CLOSES_ON = date(2024, 4, 30)
ARTICLES: list[dict[str, Any]] = [
    {"number": "1", "title": "Phạm vi điều chỉnh", "text": "Quy định mức hỗ trợ cho cán bộ.", "clauses": []},
    {
        "number": "2",
        "title": "Đối tượng",
        "text": "",
        "clauses": [
            {
                "number": "1",
                "text": "Người hoạt động không chuyên trách ở thôn:",
                "points": [{"letter": "a", "text": "Trưởng ban công tác Mặt trận;"}],
            }
        ],
    },
]


async def a_criticism(session: AsyncSession, world: World, **fields: Any) -> Campaign:
    values: dict[str, Any] = {
        "kind": CampaignKind.SOCIAL_CRITICISM,
        "form": CampaignForm.WRITTEN,
        "regime": Regime.FRONT,
        "ground": Ground.DRAFTING_REQUEST,
        "title": "Phản biện dự thảo nghị quyết về mức hỗ trợ cán bộ thôn",
    }
    return await a_campaign(session, world, **{**values, **fields})


async def a_draft(session: AsyncSession, world: World, campaign: Campaign, **fields: Any) -> Draft:
    """Taking opinions in its first round; the drafting body is the addressee of the cast."""
    values: dict[str, Any] = {
        "campaign_id": campaign.id,
        "title": "Nghị quyết quy định mức hỗ trợ",
        "drafting_body_id": world.body["addressee"],
        "issuing_authority": "HĐND tỉnh",
        "received_on": RECEIVED_ON,
        "state": DraftState.OPINIONS_OPEN,
        "closes_on": CLOSES_ON,
    }
    values |= fields
    if values["state"] in ISSUED:
        values.setdefault("document_issued_on", CLOSES_ON)
    draft = Draft(**values)
    await keep(session, draft)
    version = DraftVersion(
        draft_id=draft.id,
        number=1,
        received_on=RECEIVED_ON,
        articles=ARTICLES,
        account_id=world.account["lead_officer"],
    )
    await keep(session, version)
    first = DraftRound(draft_id=draft.id, number=1, version_id=version.id, opened_on=RECEIVED_ON, closes_on=CLOSES_ON)
    await keep(session, first)
    return draft


async def an_opinion(session: AsyncSession, world: World, draft: Draft, **fields: Any) -> Opinion:
    values: dict[str, Any] = {
        "draft_id": draft.id,
        "campaign_id": draft.campaign_id,
        "round_number": 1,
        "account_id": world.account["lead_officer"],
        "author_body_id": world.body["partner"],
        "article": "2",
        "clause": "1",
        "written_at": "khoản 1 Điều 2",
        "criterion": Criterion.FEASIBILITY,
        "opinion": "Cần bổ sung chi hội trưởng các đoàn thể.",
        "given_on": date(2024, 4, 10),
    }
    opinion = Opinion(**{**values, **fields})
    await keep(session, opinion)
    return opinion


async def an_assignment(session: AsyncSession, world: World, draft: Draft, **fields: Any) -> DraftAssignment:
    """The verifier's body of the cast as a whole."""
    assignment = DraftAssignment(**{"draft_id": draft.id, "body_id": world.body["verifier"], **fields})
    await keep(session, assignment)
    return assignment
