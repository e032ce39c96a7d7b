"""Partners sign the circulated text, or reserve their own opinion beside it; once each, and never changed."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.core.errors import Conflict, Forbidden, NotVisible
from app.domain.report import ReportKind, ReportState
from app.models.base import ListQuery
from app.models.campaign import CampaignPartner
from app.models.report import Report, ReportSignature, Signing
from app.policies.relations import among
from app.services.reading import Page, read_page
from app.services.reports.reading import SIGNATURES
from app.services.reports.versions import case_of, date_after
from app.services.steps import find, touch
from app.services.unit_of_work import UnitOfWork


async def sign(uow: UnitOfWork, report_id: UUID, payload: Signing) -> UUID:
    report = await find(uow, Report, report_id, lock=True)
    partner = await _partner(uow, report)
    if (made := await uow.claim()) is not None:
        return made
    if report.kind != ReportKind.RESULT_REPORT or report.state != ReportState.CIRCULATED:
        raise Conflict("not_for_signature", extra={"state": report.state})
    if payload.hash != report.hash:
        raise Conflict("hash_differs")
    await _refuse_second(uow, report, partner)
    signature = ReportSignature(
        report_id=report.id,
        body_id=partner,
        account_id=uow.who.account_id,
        hash=payload.hash,
        opinion=payload.opinion,
        signed_on=date_after(uow, payload.on, report.circulated_on),
    )
    uow.add(signature)
    touch(report)
    await uow.session.flush()
    case = await case_of(uow, report)
    reserved = payload.opinion is not None
    uow.record("report.sign", signature, lead_body_id=case.lead_body_id, report_id=str(report.id), reserved=reserved)
    return signature.id


async def _partner(uow: UnitOfWork, report: Report) -> UUID:
    """The partner of the campaign for which the caller signs."""
    ours = select(col(CampaignPartner.body_id)).where(
        col(CampaignPartner.campaign_id) == report.campaign_id, among(CampaignPartner.body_id, uow.who.leads)
    )
    found = (await uow.session.execute(ours.limit(1).execution_options(scope="whose leader signs"))).scalar()
    if found is None:
        raise Forbidden
    return found


async def _refuse_second(uow: UnitOfWork, report: Report, partner: UUID) -> None:
    signed = select(col(ReportSignature.id)).where(
        col(ReportSignature.report_id) == report.id, col(ReportSignature.body_id) == partner
    )
    if (await uow.session.execute(signed.execution_options(scope="once for each partner"))).first() is not None:
        raise Conflict("already_signed")


async def page(uow: UnitOfWork, report_id: UUID, query: ListQuery) -> bytes:
    await find(uow, Report, report_id)
    where = [col(ReportSignature.report_id) == report_id]
    return await read_page(uow, SIGNATURES, Page.of(query), where=where, filters={"report": str(report_id)})


async def belongs(uow: UnitOfWork, report_id: UUID, signature_id: UUID) -> None:
    if (await find(uow, ReportSignature, signature_id)).report_id != report_id:
        raise NotVisible
