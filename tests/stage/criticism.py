"""A draft that takes opinions, one whose criticism document is out, an opinion on each, and who was asked."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.draft import DraftState
from app.models.draft import DraftReminder, DraftVersion
from tests import makers_criticism as makers
from tests.makers import keep
from tests.stage.stage import Stage
from tests.world import World


async def set_stage(session: AsyncSession, world: World, stage: Stage) -> None:
    campaign = stage.put("criticism", await makers.a_criticism(session, world))
    draft = stage.put("draft", await makers.a_draft(session, world, campaign))
    issued = stage.put("draft_issued", await makers.a_draft(session, world, campaign, state=DraftState.DOCUMENT_ISSUED))
    asked = stage.put("draft_assignment", await makers.an_assignment(session, world, draft))
    stage.put("opinion", await makers.an_opinion(session, world, draft))
    stage.put("opinion_of_assigned", await makers.an_opinion(session, world, draft, assignment_id=asked.id))
    stage.put("opinion_issued", await makers.an_opinion(session, world, issued))
    published = await makers.a_draft(session, world, campaign, state=DraftState.REPLIED, published_on=date(2024, 6, 1))
    stage.put("matrix_published", published)
    await makers.an_opinion(session, world, published)
    version = DraftVersion(
        draft_id=draft.id,
        number=2,
        received_on=date(2024, 4, 5),
        articles=makers.ARTICLES,
        account_id=world.account["lead_officer"],
    )
    await keep(session, stage.put("draft_version", version))
    await keep(session, stage.put("draft_reminder", DraftReminder(draft_id=issued.id, reminded_on=date(2024, 5, 9))))
