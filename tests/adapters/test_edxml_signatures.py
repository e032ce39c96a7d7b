"""A signature covers the whole message or it covers nothing: what was changed, moved or put beside it is told."""

import base64
import io
import re
from datetime import date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree
from signxml import XMLSigner

from app.adapters import edxml
from app.adapters.edxml import signatures
from app.adapters.edxml.tree import DSIG, NAMESPACE, schema
from app.core import certificates
from app.core.clock import utcnow
from app.domain.edxml import Rule, SealFlaw, SignatureState, StatusCode
from tests.corpus import CORPUS, FIRST
from tests.signing import Pair, a_pair, rsa_key

pytestmark = pytest.mark.thorough

OURS = a_pair()
HEADER = f"{{{NAMESPACE}}}edXMLEnvelope/{{{NAMESPACE}}}edXMLHeader"
EXC = "http://www.w3.org/2001/10/xml-exc-c14n#"


def built(content: edxml.Message | edxml.Status, pair: Pair | None = OURS) -> bytes:
    target = io.BytesIO()
    edxml.build(content, target, pair.key if pair else None)
    return target.getvalue()


def a_message() -> edxml.Message:
    with edxml.read(io.BytesIO(FIRST.encode()), now=utcnow()) as reading:
        assert isinstance(reading.content, edxml.Message)
        for file in reading.content.files:
            file.content.seek(0)
        return reading_kept(reading)


def reading_kept(reading: edxml.Reading) -> edxml.Message:
    """With files of its own, which live longer than the reading."""
    assert isinstance(reading.content, edxml.Message)
    files = tuple(
        edxml.file_of(io.BytesIO(it.content.read()), cid=it.cid, name=it.name, media_type=it.media_type)
        for it in reading.content.files
    )
    kept = {name: getattr(reading.content, name) for name in reading.content.__dataclass_fields__}
    return edxml.Message(**{**kept, "files": files})


@pytest.fixture(scope="module")
def signed() -> bytes:
    return built(a_message())


def seal(raw: bytes, now: datetime | None = None) -> edxml.Seal:
    with edxml.read(io.BytesIO(raw), now=now or utcnow()) as reading:
        return reading.seal


def tree(raw: bytes) -> "etree._Element":
    return etree.fromstring(raw)


def written(root: "etree._Element") -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


class TestGood:
    def test_what_we_sign_is_valid_by_the_strict_schema_and_says_the_same(self, signed: bytes) -> None:
        assert schema("edxml.xsd").validate(tree(signed))
        with edxml.read(io.BytesIO(signed), now=utcnow()) as reading:
            assert (reading.seal.state, reading.broken) == (SignatureState.VALID, set())
            assert reading.seal.certificate == certificates.of_pem(OURS.certificate).sha256
            assert isinstance(reading.content, edxml.Message)
            assert edxml.fingerprint(reading.content) == edxml.fingerprint(a_message())

    @pytest.mark.parametrize("private", [ec.generate_private_key(ec.SECP384R1()), None], ids=["P-384", "RSA"])
    def test_with_any_strong_key(self, private: object) -> None:
        pair = a_pair(private=private or rsa_key())
        assert seal(built(a_message(), pair)).state is SignatureState.VALID

    def test_a_status_too(self) -> None:
        organ = edxml.Organ(organ_id="000.00.07.A57", name="Ủy ban Mặt trận")
        about = edxml.Reference(
            organ_id="000.00.05.A57",
            code="45-BC/ĐGS133",
            document_id="000.00.05.A57,2024/04/12,45-BC/ĐGS133",
            promulgated=date(2024, 4, 12),
        )
        status = edxml.Status(sender=organ, about=about, code=StatusCode.ACCEPTED, at=datetime(2024, 4, 12, 8, 0))  # noqa: DTZ001
        raw = built(status)
        assert schema("edxml.xsd").validate(tree(raw))
        assert seal(raw).state is SignatureState.VALID

    def test_by_another_canonical_form(self) -> None:
        raw = written(_resigned(tree(built(a_message(), None)), "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"))
        assert seal(raw).state is SignatureState.VALID


def _resigned(root: "etree._Element", form: str = EXC, **more: object) -> "etree._Element":
    etree.SubElement(root.find(HEADER), f"{{{DSIG}}}Signature", {"Id": "placeholder"}, nsmap={"ds": DSIG})
    signer = XMLSigner(signature_algorithm="ecdsa-sha256", c14n_algorithm=form)
    return signer.sign(root, key=OURS.key.private, cert=[OURS.key.certificate.parsed], **more)


def test_without_a_key_there_is_none() -> None:
    assert seal(built(a_message(), None)) == edxml.Seal()
    assert seal(FIRST.encode()).state in (SignatureState.ABSENT, SignatureState.UNVERIFIED)


DIFFERENT = {
    "subject": lambda text: text.replace("<edXML:Subject>", "<edXML:Subject>Bản khác: ", 1),
    "addressee": lambda text: text.replace("000.00.07.A57", "000.00.31.A57", 1),
    "attachment": lambda text: re.sub(r'(QCVN_102_2016">)([A-Za-z0-9+/]{40})', _other, text, count=1),
    "attachment name": lambda text: text.replace("<AttachmentName>", "<AttachmentName>x", 1),
    "trace": lambda text: re.sub("<edXML:Timestamp>....", "<edXML:Timestamp>2019", text, count=1),
    "digest": lambda text: re.sub("<ds:DigestValue>.{4}", "<ds:DigestValue>AAAA", text),
    "value": lambda text: re.sub("<ds:SignatureValue>.{4}", "<ds:SignatureValue>AAAA", text),
    "attribute": lambda text: text.replace("<edXML:MessageHeader>", '<edXML:MessageHeader a="b">', 1),
}


def _other(found: "re.Match[str]") -> str:
    return found[1] + base64.b64encode(b"%PDF-1.7 khac hoan toan, van ban").decode()[:40]


@pytest.mark.parametrize("change", DIFFERENT.values(), ids=DIFFERENT)
def test_what_was_changed_is_told(change, signed: bytes) -> None:
    raw = change(signed.decode()).encode()
    assert raw != signed
    assert (seal(raw).state, seal(raw).flaw) == (SignatureState.INVALID, SealFlaw.CONTENT)


def test_blanks_that_an_axis_puts_between_elements_break_it(signed: bytes) -> None:
    assert seal(signed.replace(b"<edXML:MessageHeader>", b"\n<edXML:MessageHeader>")).flaw is SealFlaw.CONTENT


def test_comments_are_not_covered_and_not_read(signed: bytes) -> None:
    raw = signed.replace(b"<edXML:CodeNumber>45", "<edXML:CodeNumber>4<!-- ghi chú -->5".encode())
    with edxml.read(io.BytesIO(raw), now=utcnow()) as reading:
        assert reading.seal.state is SignatureState.VALID
        assert isinstance(reading.content, edxml.Message)
        assert reading.content.number == "45"


class TestWrapping:
    """The ways in which signed content is kept beside other content that is read."""

    def test_a_second_header_is_no_message(self, signed: bytes) -> None:
        root = tree(signed)
        header = root.find(HEADER)
        header.insert(0, tree(signed).find(".//{*}MessageHeader"))
        with edxml.read(io.BytesIO(written(root)), now=utcnow()) as reading:
            assert reading.broken == {Rule.CARDINALITY}

    def test_the_signed_message_inside_of_another(self, signed: bytes) -> None:
        """Its own signature, referring to what it signed by an id, taken into a message that says something else."""
        inner, outer = tree(signed), tree(built(a_message(), None))
        inner.set("Id", "goc")
        old = inner.find(f".//{{{DSIG}}}Signature")
        old.getparent().remove(old)
        signature = _resigned(inner, reference_uri="#goc").find(f".//{{{DSIG}}}Signature")
        signature.getparent().remove(signature)
        etree.SubElement(signature, f"{{{DSIG}}}Object").append(inner)
        outer.find(HEADER).append(signature)
        with edxml.read(io.BytesIO(written(outer)), now=utcnow()) as reading:
            assert (reading.content, reading.broken) == (None, {Rule.CARDINALITY})

    def test_a_reference_to_a_part(self) -> None:
        root = tree(built(a_message(), None))
        root[0].set("Id", "phong-bi")
        assert seal(written(_resigned(root, reference_uri="#phong-bi"))).flaw is SealFlaw.STRUCTURE

    def test_the_id_of_the_root_is_the_document(self) -> None:
        root = tree(built(a_message(), None))
        root.set("Id", "goc")
        assert seal(written(_resigned(root, reference_uri="#goc"))).state is SignatureState.VALID

    def test_an_id_by_another_name_could_be_that_of_a_part(self) -> None:
        root = tree(built(a_message(), None))
        root.set("Id", "goc")
        signed = _resigned(root, reference_uri="#goc")
        del signed.attrib["Id"]
        signed.set("id", "goc")
        signed[0].set("Id", "goc")
        assert seal(written(signed)).flaw is SealFlaw.STRUCTURE

    def test_two_elements_of_that_id(self) -> None:
        root = tree(built(a_message(), None))
        root.set("Id", "goc")
        signed = _resigned(root, reference_uri="#goc")
        signed[0].set("Id", "goc")
        assert seal(written(signed)).state is SignatureState.INVALID

    def test_two_signatures(self, signed: bytes) -> None:
        root = tree(signed)
        root.find(HEADER).append(tree(signed).find(f".//{{{DSIG}}}Signature"))
        assert seal(written(root)).flaw is SealFlaw.STRUCTURE

    def test_elsewhere_than_it_belongs(self, signed: bytes) -> None:
        root = tree(signed)
        root.find(f".//{{{NAMESPACE}}}AttachmentEncoded").append(root.find(f".//{{{DSIG}}}Signature"))
        assert seal(written(root)).flaw is SealFlaw.STRUCTURE


WEAK = {
    "sha1 signature": ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", f"{DSIG}rsa-sha1"),
    "sha1 digest": ("http://www.w3.org/2001/04/xmlenc#sha256", f"{DSIG}sha1"),
    "hmac": ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", f"{DSIG}hmac-sha256"),
    "xpath": (EXC, "http://www.w3.org/TR/1999/REC-xpath-19991116"),
    "xslt": (EXC, "http://www.w3.org/TR/1999/REC-xslt-19991116"),
    "comments": (EXC, f"{EXC}WithComments"),
    "not enveloped": (f"{DSIG}enveloped-signature", EXC),
    "elsewhere": ('URI=""', 'URI="file:///etc/passwd"'),
    "by http": ('URI=""', 'URI="http://127.0.0.1:9/x"'),
    "no certificate": ("ds:X509Certificate>", "ds:X509SubjectName>"),
}


@pytest.mark.parametrize(("sound", "unsound"), WEAK.values(), ids=WEAK)
def test_only_what_is_known_to_be_sound(sound: str, unsound: str, signed: bytes) -> None:
    assert sound in signed.decode()
    assert seal(signed.replace(sound.encode(), unsound.encode())).state is SignatureState.INVALID


def test_a_certificate_is_good_in_its_time_alone(signed: bytes) -> None:
    expired = built(a_message(), a_pair(days=(-30, -1)))
    assert (seal(expired).state, seal(expired).flaw) == (SignatureState.INVALID, SealFlaw.EXPIRED)
    assert seal(signed, utcnow() + timedelta(days=400)).flaw is SealFlaw.EXPIRED
    assert seal(signed, utcnow() - timedelta(days=2)).flaw is SealFlaw.EXPIRED


def test_what_is_too_large_goes_out_unsigned_and_is_not_looked_at(
    monkeypatch: pytest.MonkeyPatch, signed: bytes
) -> None:
    monkeypatch.setattr(signatures, "MOST_SIGNED", 1000)
    assert (seal(signed).state, seal(signed).flaw) == (SignatureState.UNVERIFIED, SealFlaw.TOO_LARGE)
    monkeypatch.setattr("app.adapters.edxml.writer.MOST_SIGNED", 1000)
    assert built(a_message()).count(b"ds:Signature") == 0


def test_no_document_type_reaches_the_second_parser(signed: bytes) -> None:
    raw = signed.replace(b"<edXML ", b'<!DOCTYPE edXML [<!ENTITY a "aaaa">]><edXML ', 1)
    with edxml.read(io.BytesIO(raw), now=utcnow()) as reading:
        assert (reading.broken, reading.seal) == ({Rule.XML_DTD}, edxml.Seal())


def test_the_decoration_of_vendors_proves_nothing() -> None:
    raw = FIRST.replace("</edXML:edXMLHeader>", "<edXML:Signature><SignedInfo/></edXML:Signature></edXML:edXMLHeader>")
    assert seal(raw.encode()).state is SignatureState.UNVERIFIED


class TestFewerAddressees:
    """What an axis takes when it does not know one of them."""

    def test_the_others_alone(self) -> None:
        raw = built(a_message(), None)
        fewer = edxml.narrowed(raw, ["000.00.07.A57"], None)
        with edxml.read(io.BytesIO(fewer), now=utcnow()) as reading:
            assert isinstance(reading.content, edxml.Message)
            assert [it.organ_id for it in reading.content.recipients] == ["000.00.07.A57"]
            assert edxml.fingerprint(reading.content) == edxml.fingerprint(a_message())

    def test_signed_anew(self, signed: bytes) -> None:
        fewer = edxml.narrowed(signed, ["000.00.07.A57"], OURS.key)
        assert (seal(fewer).state, fewer.count(b"<ds:Signature ")) == (SignatureState.VALID, 1)
        assert seal(edxml.narrowed(signed, ["000.00.07.A57"], None)).state is SignatureState.ABSENT

    def test_all_of_them_are_the_same_bytes(self, signed: bytes) -> None:
        assert edxml.narrowed(signed, [it.organ_id for it in a_message().recipients], OURS.key) is signed


@pytest.mark.parametrize(
    "pem",
    [b"", b"khong phai khoa", OURS.certificate.encode(), OURS.pem.replace(OURS.certificate.encode(), b"")],
    ids=["empty", "no key", "certificate alone", "key alone"],
)
def test_a_key_that_cannot_be_used(pem: bytes) -> None:
    with pytest.raises(edxml.Unsendable):
        edxml.SigningKey.of_pem(pem)


def test_a_key_with_the_certificate_of_another() -> None:
    with pytest.raises(edxml.Unsendable, match="not that of its certificate"):
        edxml.SigningKey.of_pem(a_pair().pem.split(b"-----BEGIN CERT")[0] + OURS.certificate.encode())


@pytest.mark.parametrize("bits", [1024])
def test_a_weak_key_is_no_certificate(bits: int) -> None:
    with pytest.raises(certificates.Unusable):
        certificates.of_pem(a_pair(private=rsa_key(bits)).certificate)


@pytest.mark.parametrize("name", sorted(it for it in CORPUS if CORPUS[it].outcome == "accepted"))
def test_a_good_message_of_the_corpus_needs_none(name: str) -> None:
    assert seal(CORPUS[name].raw).state in (SignatureState.ABSENT, SignatureState.UNVERIFIED)
