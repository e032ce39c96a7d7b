"""Read what a sender wrote: a message, a status, or the rules it breaks with what could be seen of it.

Nothing here asks a database. Who is addressed, whether the document is known, whether it came before: the gateway
adds these to `broken` and tells the first of all (`domain.edxml.first`).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from types import TracebackType
from typing import IO, Final, Self, TypeVar
from zoneinfo import ZoneInfo

from lxml import etree

from app.adapters.edxml import dates, signatures
from app.adapters.edxml.attachments import Refused, Sent, inspect
from app.adapters.edxml.message import (
    Business,
    File,
    Kind,
    Message,
    Organ,
    Other,
    Receiver,
    Reference,
    Replacement,
    Seal,
    Signer,
    Staff,
    Status,
    Trace,
)
from app.adapters.edxml.splitter import Decoded, Rejected, Splitter
from app.adapters.edxml.tree import flaw, many, one, said
from app.domain.edxml import BusinessType, MessageKind, Rule, SignatureState, StatusCode, is_organ_id, match_key

Moment = TypeVar("Moment", date, datetime)

VIET_NAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
CLOCKS_DIFFER: Final = timedelta(minutes=10)
_SECRET: Final = re.compile(r"\bmật\b")
"""Whole words mật, tối mật, tuyệt mật; `Mặt trận` is another word."""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What a person at the quarantine desk is shown of a message that was not accepted; nothing of it is checked."""

    kind: MessageKind = MessageKind.UNKNOWN
    from_organ: str = ""
    from_name: str = ""
    to_organs: tuple[str, ...] = ()
    document_id: str = ""
    number: str = ""
    notation: str = ""
    subject: str = ""


@dataclass(slots=True)
class Reading:
    """`content` is None exactly when `broken` is not empty. Closing it closes the files."""

    content: Message | Status | None = None
    seal: Seal = field(default_factory=Seal)
    broken: set[Rule] = field(default_factory=set)
    warnings: set[Rule] = field(default_factory=set)
    glimpse: Glimpse = Glimpse()
    decoded: list[Decoded] = field(default_factory=list, repr=False)
    kept: list[IO[bytes]] = field(default_factory=list, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, it: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        for content in (*(it.file for it in self.decoded), *self.kept):
            content.close()


def read(source: IO[bytes], *, now: datetime, overrides: Mapping[str, str] | None = None) -> Reading:
    """Never raises for what the bytes say. `overrides` are texts that a person puts right, by path below
    MessageHeader (`PromulgationInfo/PromulgationDate`)."""
    splitter, seal = Splitter(), Seal()
    try:
        root = splitter.read(source)
        if (rule := flaw(root)) is None:
            splitter, root, seal = _verified(splitter, root, source, now)
    except Rejected as rejected:
        return Reading(broken={rejected.rule})
    if rule is not None:
        splitter.close()
        return Reading(broken={rule}, glimpse=_glimpse(root))
    _put_right(root, overrides or {})
    reading = Reading(seal=seal, glimpse=_glimpse(root), decoded=splitter.decoded)
    _Reader(root, reading, now.astimezone(VIET_NAM).replace(tzinfo=None)).read()
    return reading


def _verified(
    splitter: Splitter, root: "etree._Element", source: IO[bytes], now: datetime
) -> tuple[Splitter, "etree._Element", Seal]:
    """Of a message with a valid signature what was signed is read, and nothing beside it."""
    state = signatures.claimed(root)
    if state is not SignatureState.INVALID:
        return splitter, root, Seal(state)
    source.seek(0)
    seal, signed = signatures.verify(source, now)
    if signed is None:
        return splitter, root, seal
    splitter.close()
    splitter = Splitter()
    return splitter, splitter.read(BytesIO(signed)), seal


def _put_right(root: "etree._Element", overrides: Mapping[str, str]) -> None:
    for path, text in overrides.items():
        it = one(root, f"edXMLEnvelope/edXMLHeader/MessageHeader/{path}")
        if it is not None and not len(it):
            it.text = text


def _glimpse(root: "etree._Element") -> Glimpse:
    header = one(root, "edXMLEnvelope/edXMLHeader/MessageHeader")
    if header is None:
        return Glimpse()
    is_status = one(header, "StatusCode") is not None
    return Glimpse(
        kind=MessageKind.STATUS if is_status else MessageKind.EDOC,
        from_organ=said(header, "From/OrganId"),
        from_name=said(header, "From/OrganName"),
        to_organs=tuple(said(it, "OrganId") for it in many(header, "To")),
        document_id=said(header, "ResponseFor/DocumentId" if is_status else "DocumentId"),
        number=said(header, "Code/CodeNumber"),
        notation=said(header, "Code/CodeNotation"),
        subject=said(header, "Description" if is_status else "Subject"),
    )


class _Reader:
    """One reading of one tree; every rule that is broken is noted, and the reading goes on."""

    def __init__(self, root: "etree._Element", reading: Reading, now: datetime) -> None:
        self._root = root
        self._header = one(root, "edXMLEnvelope/edXMLHeader/MessageHeader")
        self._traces = one(root, "edXMLEnvelope/edXMLHeader/TraceHeaderList")
        self._reading = reading
        self._now = now

    def read(self) -> None:
        if self._reading.glimpse.kind is MessageKind.STATUS:
            self._status()
        else:
            self._message()

    def _break(self, rule: Rule) -> None:
        self._reading.broken.add(rule)

    def _require(self, *values: object) -> None:
        if not all(values):
            self._break(Rule.REQUIRED)

    def _text(self, path: str) -> str:
        return said(self._header, path)

    def _day(self, text: str) -> date | None:
        """None for nothing, and for what cannot be read, which is a rule broken."""
        return self._read_moment(dates.read_day, text) if text else None

    def _time(self, text: str) -> datetime | None:
        return self._read_moment(dates.read_time, text) if text else None

    def _read_moment(self, read: Callable[[str], tuple[Moment, bool]], text: str) -> Moment | None:
        try:
            moment, by_rule = read(text)
        except dates.Unreadable:
            self._break(Rule.DATE)
            return None
        if not by_rule:
            self._reading.warnings.add(Rule.DATE_FORMAT)
        return moment

    def _number(self, text: str) -> int | None:
        return int(text) if re.fullmatch("[0-9]{1,9}", text) else None

    def _organ(self, it: "etree._Element | None") -> Organ:
        return Organ(
            organ_id=said(it, "OrganId"),
            in_charge=said(it, "OrganizationInCharge"),
            name=said(it, "OrganName"),
            address=said(it, "OrganAdd"),
            email=said(it, "Email"),
            telephone=said(it, "Telephone"),
            fax=said(it, "Fax"),
            website=said(it, "Website"),
        )

    def _sender(self) -> Organ:
        sender = self._organ(one(self._header, "From"))
        if not is_organ_id(sender.organ_id):
            self._break(Rule.FROM_ORGANID)
        return sender

    def _staff(self, it: "etree._Element | None") -> Staff:
        return Staff(
            department=said(it, "Department"),
            staff=said(it, "Staff"),
            email=said(it, "Email"),
            mobile=said(it, "Mobile"),
        )

    def _references(self) -> tuple[Reference, ...]:
        """An empty ResponseFor is how one library writes that there is none."""
        found = (
            Reference(
                organ_id=said(it, "OrganId"),
                code=said(it, "Code"),
                document_id=said(it, "DocumentId"),
                promulgated=self._day(said(it, "PromulgationDate")),
            )
            for it in many(self._header, "ResponseFor")
        )
        return tuple(it for it in found if it != Reference())

    def _status(self) -> None:
        sender, references, code = self._sender(), self._references(), self._text("StatusCode")
        at = self._time(self._text("Timestamp"))
        self._require(references, self._text("Timestamp"))
        if len(references) > 1:
            self._break(Rule.CARDINALITY)
        if code not in set(StatusCode):
            self._break(Rule.STATUS_CODE)
        if at is not None and at > self._now + CLOCKS_DIFFER:
            self._break(Rule.DATE_FUTURE)
        if self._reading.broken or at is None:
            return
        self._reading.content = Status(
            sender=sender,
            about=references[0],
            staff=self._staff(one(self._header, "StaffInfo")),
            code=StatusCode(code),
            description=self._text("Description"),
            at=at,
        )

    def _message(self) -> None:
        sender, answers, promulgated = self._sender(), self._references(), self._promulgated()
        recipients = self._recipients()
        business, files = self._business(), self._files()
        self._require(*map(self._text, ("DocumentId", "Code/CodeNumber", "Code/CodeNotation", "Subject")))
        due_on, traces = self._day(self._text("DueDate")), self._trace(business)
        if promulgated is None or business is None:
            return
        message = Message(
            sender=sender,
            recipients=recipients,
            document_id=self._text("DocumentId"),
            number=self._text("Code/CodeNumber"),
            notation=self._text("Code/CodeNotation"),
            place=self._text("PromulgationInfo/Place"),
            promulgated=promulgated,
            kind=self._kind(),
            subject=self._text("Subject"),
            content=self._text("Content"),
            signer=self._signer(),
            due_on=due_on,
            other=self._other(),
            answers=answers,
            steering=self._number(self._text("SteeringType")),
            places=tuple(filter(None, (said(it) for it in many(self._header, "ToPlaces/Place")))),
            traces=traces,
            business=business,
            files=files,
        )
        if any(answers_itself(message, it) for it in answers):
            self._break(Rule.REF_SELF)
        if not self._reading.broken:
            self._reading.content = message

    def _promulgated(self) -> date | None:
        text = self._text("PromulgationInfo/PromulgationDate")
        self._require(text)
        day = self._day(text)
        if day is not None and day > self._now.date():
            self._break(Rule.DATE_FUTURE)
        return day

    def _recipients(self) -> tuple[Organ, ...]:
        recipients = tuple(self._organ(it) for it in many(self._header, "To"))
        known = [it.organ_id.upper() for it in recipients if is_organ_id(it.organ_id)]
        if not known:
            self._break(Rule.TO_NOT_US)
        if len(set(known)) < len(known):
            self._break(Rule.TO_DUPLICATE)
        return recipients

    def _kind(self) -> Kind:
        type_, detail = self._number(self._text("DocumentType/Type")), self._text("DocumentType/TypeDetail")
        name = self._text("DocumentType/TypeName")
        return Kind(name=name, type=2 if type_ is None else type_, detail=self._number(detail))

    def _signer(self) -> Signer:
        return Signer(
            competence=self._text("SignerInfo/Competence"),
            position=self._text("SignerInfo/Position"),
            full_name=self._text("SignerInfo/FullName"),
        )

    def _other(self) -> Other:
        sphere = self._text("OtherInfo/SphereOfPromulgation")
        if _SECRET.search(sphere.lower()):
            self._break(Rule.SECRET)
        return Other(
            priority=self._number(self._text("OtherInfo/Priority")) or 0,
            sphere=sphere,
            typist=self._text("OtherInfo/TyperNotation"),
            copies=self._number(self._text("OtherInfo/PromulgationAmount")),
            pages=self._number(self._text("OtherInfo/PageAmount")),
            appendixes=tuple(filter(None, (said(it) for it in many(self._header, "OtherInfo/Appendixes/Appendix")))),
        )

    def _trace(self, business: Business | None) -> tuple[Trace, ...]:
        """Part of the key of recalls, updates and replacements; of a new document it is a remark, read if it can be."""
        found = []
        for it in many(self._traces, "TraceHeader"):
            text, organ_id = said(it, "Timestamp"), said(it, "OrganId")
            matters = business is not None and business.type is not BusinessType.NEW
            at = self._time(text) if matters else _time_if_readable(text)
            if at is not None and is_organ_id(organ_id):
                found.append(Trace(organ_id=organ_id, at=at))
        return tuple(found)

    def _business(self) -> Business | None:
        """Without one the document is new: some senders write no TraceHeaderList."""
        it = one(self._traces, "Bussiness")
        written = said(it, "BussinessDocType") or "0"
        if written not in {"0", "1", "2", "3"}:
            self._break(Rule.BUS_TYPE)
            return None
        info = one(it, "BussinessDocumentInfo")
        return Business(
            type=BusinessType(int(written)),
            document_id=said(it, "DocumentId"),
            reason=said(it, "BussinessDocReason"),
            paper=said(it, "Paper") == "1",
            content_changed=said(info, "DocumentInfo") == "1",
            receivers_changed=said(info, "DocumentReceiver") == "1",
            receivers=tuple(
                Receiver(organ_id=said(each, "OrganId"), added=said(each, "ReceiverType") != "0")
                for each in many(info, "ReceiverList/Receiver")
            ),
            replacements=tuple(_replacement(each) for each in many(it, "ReplacementInfoList/ReplacementInfo")),
            staff=self._staff(one(it, "StaffInfo")),
        )

    def _files(self) -> tuple[File, ...]:
        """Every attachment is named in the manifest, and every name has its attachment."""
        listed = many(self._root, "edXMLEnvelope/edXMLBody/edXMLManifest/Reference")
        attached = many(self._root, "AttachmentEncoded/Attachment")
        names = {cid: it for it in listed if (cid := self._cid(it))}
        cids = [self._cid(it) for it in attached]
        if len(names) < len(listed) or len(set(cids)) < len(cids) or set(cids) != set(names):
            self._break(Rule.ATT_CID)
        made = [self._file(it, cid, names.get(cid)) for it, cid in zip(attached, cids, strict=True)]
        return tuple(it for it in made if it is not None)

    def _cid(self, it: "etree._Element") -> str:
        written = said(it, "ContentId")
        if written and not written.lower().startswith("cid:"):
            self._reading.warnings.add(Rule.CID_PREFIX)
        return re.sub(r"\A[cC][iI][dD]:", "", written)

    def _file(self, it: "etree._Element", cid: str, listed: "etree._Element | None") -> File | None:
        place = said(it, "ContentTransferEncoded")
        sent = Sent(
            cid=cid,
            name=_raw(it, "AttachmentName") or _raw(listed, "AttachmentName"),
            description=said(it, "Description") or said(listed, "Description"),
            declared=said(it, "ContentType") or said(listed, "ContentType"),
            decoded=self._reading.decoded[int(place)] if place else Decoded.nothing(),
        )
        try:
            file, odd = inspect(sent)
        except Refused as refused:
            self._break(refused.rule)
            return None
        self._reading.warnings |= odd
        self._reading.kept.append(file.content)
        return file


def answers_itself(message: Message, reference: Reference) -> bool:
    if reference.document_id and reference.document_id == message.document_id:
        return True
    same_issuer = reference.organ_id == message.sender.organ_id and reference.promulgated == message.promulgated
    return same_issuer and match_key(reference.code) == match_key(message.symbol)


def _raw(parent: "etree._Element | None", path: str) -> str:
    """A file name is not trimmed of anything but blanks: what hides in it must be seen."""
    it = one(parent, path)
    return "" if it is None else unicodedata.normalize("NFC", it.text or "").strip(" \t\r\n")


def _time_if_readable(text: str) -> datetime | None:
    try:
        return dates.read_time(text)[0]
    except dates.Unreadable:
        return None


def _replacement(it: "etree._Element") -> Replacement:
    organ_ids = tuple(filter(None, (said(each) for each in many(it, "OrganIdList/OrganId"))))
    return Replacement(document_id=said(it, "DocumentId"), organ_ids=organ_ids)
