"""What a record may carry: only what its author may open."""

import pytest
from sqlalchemy import select

from app.core.clock import today
from app.core.errors import NotVisible
from app.core.principal import Duty, Principal
from app.models.document import Attachment, AttachmentState, Carriage
from app.models.parts import AttachmentEvidence, DocumentEvidence, NoteEvidence, SessionEvidence
from app.services import carriage
from app.services.unit_of_work import UnitOfWork
from tests.makers import a_campaign, a_document, keep


@pytest.fixture
def as_officer(session, world, app):
    """A unit of work of an officer of the named body."""

    def begun(body: str) -> UnitOfWork:
        body_id = world.body[body]
        who = Principal(
            world.account["lead_officer"], body_id, frozenset({Duty.OFFICER}), (body_id,), today(), world.family["head"]
        )
        return UnitOfWork(session, who, app.state.cursors)

    return begun


async def a_file(session, world, owner="lead") -> Attachment:
    file = Attachment(
        owner_body_id=world.body[owner],
        account_id=world.account["lead_clerk"],
        file_name="a.pdf",
        media_type="application/pdf",
        state=AttachmentState.STORED,
    )
    await keep(session, file)
    return file


async def carried(session, campaign):
    rows = await session.execute(select(Carriage).where(Carriage.subject_id == campaign.id))
    return {(it.document_id or it.attachment_id): it.view for it in rows.scalars()}


async def test_evidence_is_checked_carried_and_given_back_as_stored(session, world, as_officer):
    campaign, paper = await a_campaign(session, world), await a_document(session, world)
    file = await a_file(session, world)
    evidence = [
        DocumentEvidence(kind="document", document_id=paper.id),
        AttachmentEvidence(kind="attachment", attachment_id=file.id, caption="Ảnh chụp"),
        NoteEvidence(kind="note", text="Theo lời kể"),
    ]
    uow = as_officer("lead")
    stored = await carriage.carry_evidence(uow, campaign, evidence)
    await carriage.carry(uow, campaign, documents=[paper.id, None], view="party")
    await session.flush()
    assert stored[1] == {"kind": "attachment", "attachment_id": str(file.id), "caption": "Ảnh chụp"}
    assert await carried(session, campaign) == {paper.id: "party", file.id: "full"}


@pytest.mark.parametrize("hidden", ["document", "attachment", "session"])
async def test_what_is_hidden_from_the_author_cannot_be_named(session, world, as_officer, hidden):
    campaign = await a_campaign(session, world)
    paper, file = await a_document(session, world, "stranger"), await a_file(session, world, "stranger")
    evidence = {
        "document": DocumentEvidence(kind="document", document_id=paper.id),
        "attachment": AttachmentEvidence(kind="attachment", attachment_id=file.id),
        "session": SessionEvidence(kind="session", session_id=campaign.id),
    }
    with pytest.raises(NotVisible):
        await carriage.carry_evidence(as_officer("lead"), campaign, [evidence[hidden]])
    assert await carried(session, campaign) == {}


async def test_a_partner_names_a_file_only_once_a_record_carries_it(session, world, as_officer):
    campaign, file = await a_campaign(session, world), await a_file(session, world)
    with pytest.raises(NotVisible):
        await carriage.check_visible(as_officer("partner"), Attachment, [file.id])
    await carriage.carry(as_officer("lead"), campaign, attachments=[file.id])
    await session.flush()
    assert await carriage.check_visible(as_officer("partner"), Attachment, [file.id]) == [file.id]
