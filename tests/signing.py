"""Keys with certificates of their own, as operators make them for the exchange: a PEM file with both."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.adapters import edxml
from app.core.clock import utcnow


@dataclass(frozen=True)
class Pair:
    pem: bytes
    certificate: str

    @property
    def key(self) -> edxml.SigningKey:
        return edxml.SigningKey.of_pem(self.pem)


@cache
def rsa_key(bits: int = 2048) -> Any:
    """Slow to make; one is enough for a run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def a_pair(name: str = "Ban Dân vận Tỉnh ủy", *, days: tuple[int, int] = (-1, 365), private: Any = None) -> Pair:
    """Good from–to, in days from today."""
    private = private or ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(utcnow() + timedelta(days=days[0]))
        .not_valid_after(utcnow() + timedelta(days=days[1]))
        .sign(private, hashes.SHA256())
    )
    certificate = made.public_bytes(Encoding.PEM)
    key: bytes = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Pair(key + certificate, certificate.decode())
