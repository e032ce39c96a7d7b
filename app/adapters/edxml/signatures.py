"""The signature over a whole message: enveloped XMLDSig, as two installations agree upon it between themselves.

Axes neither ask for one nor check it, and what vendors write under this name verifies nowhere. Ours covers the document
that it stands in and nothing else. Signing and verifying need the whole tree in memory, the one place in the exchange
that does: larger messages go out unsigned, and a signature in one that came is said to be unverified.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import IO, Any, Final, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from lxml import etree
from signxml.algorithms import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.exceptions import SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from app.adapters.edxml.message import Seal, Unsendable
from app.adapters.edxml.tree import DECORATIONS, DSIG, NAMESPACE, SIGNATURE
from app.core import certificates
from app.core.certificates import Certificate
from app.domain.edxml import SealFlaw, SignatureState

MOST_SIGNED: Final = 10_000_000
"""Bytes of a message. libxml2 takes no longer text without `huge_tree`, which would undo its other limits too."""

_D: Final = f"{{{DSIG}}}"
_HEADER: Final = f"{{{NAMESPACE}}}edXMLEnvelope/{{{NAMESPACE}}}edXMLHeader"

_METHODS: Final = frozenset(
    {
        SignatureMethod.RSA_SHA256,
        SignatureMethod.RSA_SHA384,
        SignatureMethod.RSA_SHA512,
        SignatureMethod.ECDSA_SHA256,
        SignatureMethod.ECDSA_SHA384,
        SignatureMethod.ECDSA_SHA512,
    }
)
_DIGESTS: Final = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
_CANONICAL: Final = frozenset(
    {
        CanonicalizationMethod.CANONICAL_XML_1_0.value,
        CanonicalizationMethod.CANONICAL_XML_1_1.value,
        CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0.value,
    }
)
_ENVELOPED: Final = SignatureConstructionMethod.enveloped.value
_SIGNS: Final = {"SignedInfo", "SignatureValue", "KeyInfo"}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its certificate, as an operator keeps them: in one PEM file."""

    private: Any = field(repr=False)
    certificate: Certificate

    @classmethod
    def of_pem(cls, pem: bytes) -> Self:
        """Unsendable with the reason when nobody could verify what it signs."""
        try:
            private = load_pem_private_key(pem, None)
            first = x509.load_pem_x509_certificates(pem)[0]
            certificate = certificates.of_pem(first.public_bytes(Encoding.PEM).decode())
        except (ValueError, TypeError) as error:
            raise Unsendable(f"the signing key cannot be used: {error}") from error
        if _public(private.public_key()) != _public(first.public_key()):
            raise Unsendable("the signing key is not that of its certificate")
        return cls(private, certificate)

    @property
    def method(self) -> SignatureMethod:
        return (
            SignatureMethod.RSA_SHA256 if isinstance(self.private, rsa.RSAPrivateKey) else SignatureMethod.ECDSA_SHA256
        )


def _public(key: Any) -> bytes:
    return bytes(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def sign(raw: bytes, key: SigningKey) -> bytes:
    """The same message with its signature, the last child of the header."""
    root = etree.fromstring(raw, _parser())
    etree.SubElement(root.find(_HEADER), SIGNATURE, {"Id": "placeholder"}, nsmap={"ds": DSIG})
    signer = XMLSigner(
        signature_algorithm=key.method,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    signed = signer.sign(root, key=key.private, cert=[key.certificate.parsed])
    return bytes(etree.tostring(signed, xml_declaration=True, encoding="UTF-8"))


def claimed(root: "etree._Element") -> SignatureState:
    """What is there, before anybody has looked: something to be verified, decoration, nothing."""
    if next(root.iter(SIGNATURE), None) is not None:
        return SignatureState.INVALID
    decorated = next(root.iter(*DECORATIONS), None) is not None
    return SignatureState.UNVERIFIED if decorated else SignatureState.ABSENT


def verify(source: IO[bytes], now: datetime) -> tuple[Seal, bytes | None]:
    """What the signature proves by itself, and with a valid one the bytes that it covers: they alone may be read.

    Whether its certificate is that of the sender, the directory knows.
    """
    raw = source.read(MOST_SIGNED + 1)
    if len(raw) > MOST_SIGNED:
        return Seal(SignatureState.UNVERIFIED, flaw=SealFlaw.TOO_LARGE), None
    try:
        root = etree.fromstring(raw, _parser())
        signature = _the_one(root)
        _check_structure(root, signature)
        certificate = _certificate(signature)
    except (_Broken, certificates.Unusable, etree.XMLSyntaxError, ValueError):
        return Seal(SignatureState.INVALID, flaw=SealFlaw.STRUCTURE), None
    by = Seal(SignatureState.INVALID, certificate.sha256, certificate.subject)
    if not certificate.is_good_at(now):
        return replace(by, flaw=SealFlaw.EXPIRED), None
    try:
        return replace(by, state=SignatureState.VALID), _covered(root, certificate, now)
    except (SignXMLException, etree.LxmlError, ValueError, TypeError):
        return replace(by, flaw=SealFlaw.CONTENT), None


class _Broken(Exception):
    """Not built as the signature of a whole message is."""


def _the_one(root: "etree._Element") -> "etree._Element":
    """A second one, or one that stands elsewhere, is how other content is put beside what was signed."""
    found = list(root.iter(SIGNATURE))
    if len(found) != 1 or found[0].getparent() is not root.find(_HEADER):
        raise _Broken
    return found[0]


def _check_structure(root: "etree._Element", signature: "etree._Element") -> None:
    """One reference, to the document itself; every element and algorithm is one of those that are known to be sound."""
    if {_local(it) for it in signature} != _SIGNS or len(signature) != len(_SIGNS):
        raise _Broken
    method, _, reference = _children(
        _child(signature, "SignedInfo"), "CanonicalizationMethod SignatureMethod Reference"
    )
    transforms, _, _ = _children(reference, "Transforms DigestMethod DigestValue")
    used = [str(it.get("Algorithm")) for it in transforms]
    itself = {"", f"#{root.get('Id')}"} if root.get("Id") else {""}
    sound = set(used) <= _CANONICAL | {_ENVELOPED} and _ENVELOPED in used and len(used) <= 2
    if not sound or method.get("Algorithm") not in _CANONICAL or reference.get("URI") not in itself:
        raise _Broken
    if any(len(it) for it in (method, *transforms)):
        raise _Broken


def _local(it: "etree._Element") -> str:
    name = str(it.tag)
    return name.removeprefix(_D) if name.startswith(_D) else ""


def _child(parent: "etree._Element", name: str) -> "etree._Element":
    return next(it for it in parent if _local(it) == name)


def _children(parent: "etree._Element", names: str) -> Iterable["etree._Element"]:
    if [_local(it) for it in parent] != names.split():
        raise _Broken
    return list(parent)


def _certificate(signature: "etree._Element") -> Certificate:
    """The first that is enclosed; any other kind of key in its place speaks for nobody."""
    found = _child(signature, "KeyInfo").findall(f"{_D}X509Data/{_D}X509Certificate")
    if not found or any(_local(it) != "X509Data" for it in _child(signature, "KeyInfo")):
        raise _Broken
    return certificates.of_der(base64.b64decode("".join((found[0].text or "").split()), validate=True))


def _covered(root: "etree._Element", certificate: Certificate, now: datetime) -> bytes:
    expected = SignatureConfiguration(
        location=f"./{_HEADER}/", signature_methods=_METHODS, digest_algorithms=_DIGESTS, verification_time=now
    )
    result = XMLVerifier().verify(root, x509_cert=certificate.parsed, parser=_parser(), expect_config=expected)
    assert not isinstance(result, list)
    return result.signed_data


def _parser() -> "etree.XMLParser":
    """One for each tree; comments are covered by no signature."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
