"""Certificates (X.509) of those who sign: whose it is, how long it is good, and whether its key is strong enough."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

WEAKEST: Final = 2048
LONGEST: Final = 8192
"""Bits of an RSA key: a longer one, of a stranger, costs more time than it brings safety."""
CURVES: Final = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
MOST_SUBJECT: Final = 300


class Unusable(ValueError):
    """No certificate, or one whose key nobody should rely upon."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """`sha256` is the digest of its DER form, by which programs and people compare it."""

    sha256: str
    subject: str
    valid_from: datetime
    valid_to: datetime
    parsed: x509.Certificate = field(repr=False, compare=False)

    def is_good_at(self, moment: datetime) -> bool:
        return self.valid_from <= moment.astimezone(UTC) <= self.valid_to

    @property
    def pem(self) -> str:
        return self.parsed.public_bytes(Encoding.PEM).decode()


def of_pem(text: str) -> Certificate:
    """Of exactly one certificate, with nothing secret beside it."""
    if text.count("-----BEGIN ") != 1:
        raise Unusable("one certificate in PEM form")
    return _read(x509.load_pem_x509_certificate, text.encode())


def of_der(data: bytes) -> Certificate:
    return _read(x509.load_der_x509_certificate, data)


def _read(load: Any, data: bytes) -> Certificate:
    try:
        it: x509.Certificate = load(data)
        public, subject = it.public_key(), it.subject.rfc4514_string()
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Unusable("no certificate that can be read") from error
    strong = isinstance(public, rsa.RSAPublicKey) and WEAKEST <= public.key_size <= LONGEST
    if not strong and not (isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, CURVES)):
        raise Unusable("RSA of 2048 to 8192 bits, or P-256, P-384, P-521")
    return Certificate(
        sha256=hashlib.sha256(it.public_bytes(Encoding.DER)).hexdigest(),
        subject=subject[:MOST_SUBJECT],
        valid_from=it.not_valid_before_utc,
        valid_to=it.not_valid_after_utc,
        parsed=it,
    )
