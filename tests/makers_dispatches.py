"""A numbered paper with its file, ready to be sent, and two bodies that an axis knows."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.adapters.storage import Storage
from app.domain.dispatch import DeliveryState, DispatchChannel
from app.models.dispatch import AxisAccount, Dispatch, DispatchCopy
from app.models.document import Attachment, AttachmentState, Document
from tests.makers import a_document, keep
from tests.world import World

PDF = b"%PDF-1.7\n" + "Kiến nghị sau giám sát".encode() * 40


async def a_paper(
    session: AsyncSession, world: World, storage: Storage, owner: str = "lead", **fields: Any
) -> Document:
    async def chunks() -> Any:
        yield PDF

    stored = await storage.keep(chunks(), limit=len(PDF))
    paper = await a_document(
        session, world, owner=owner, **{"kind": "CV", "symbol": "45-CV/BDVTU", "number": 45, **fields}
    )
    file = Attachment(
        owner_body_id=world.body[owner],
        account_id=world.account["lead_clerk"],
        document_id=paper.id,
        file_name="Công văn 45.pdf",
        media_type="application/pdf",
        size=stored.size,
        sha256=stored.sha256,
        state=AttachmentState.STORED,
    )
    await keep(session, file)
    return paper


async def a_dispatch(session: AsyncSession, world: World, paper: Document, to: str, **fields: Any) -> Dispatch:
    values: dict[str, Any] = {
        "sender_body_id": paper.owner_body_id,
        "document_id": paper.id,
        "channel": DispatchChannel.FILE,
        "account_id": world.account["lead_clerk"],
    }
    state = fields.pop("state", DeliveryState.SENT)
    dispatch = Dispatch(**{**values, **fields})
    await keep(session, dispatch)
    await keep(session, DispatchCopy(dispatch_id=dispatch.id, body_id=world.body[to], state=state))
    return dispatch


async def an_account(session: AsyncSession, world: World, body: str, organ_id: str, **fields: Any) -> AxisAccount:
    made = {"url": "http://axis.example", "secret_name": "GIAMSAT_AXIS_TEST", **fields}
    account = AxisAccount(
        body_id=world.body[body],
        system_id=f"SIM-{body}",
        organ_ids=[organ_id],
        account_id=world.account["lead_clerk"],
        **made,
    )
    await keep(session, account)
    return account
