"""Hands an e-mail to the SMTP server of the installation."""

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal, Self

import aiosmtplib

from app.core.settings import Settings

TIMEOUT_SECONDS = 20.0


class Undelivered(Exception):
    """The server could not be reached or did not take the message; the words are a kind, never an address."""


@dataclass(frozen=True)
class Post:
    """The way to the server, and from whom the installation writes."""

    host: str
    port: int
    sender: str
    tls: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: str | None = None

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """None where no server is set: then no e-mail is sent."""
        if settings.smtp_host is None:
            return None
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
        return cls(
            host=settings.smtp_host,
            port=settings.smtp_port,
            sender=settings.smtp_from,
            tls=settings.smtp_tls,
            username=settings.smtp_username,
            password=password,
        )

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2].strip("> ")

    async def send(self, message: EmailMessage) -> None:
        try:
            await aiosmtplib.send(
                message,
                hostname=self.host,
                port=self.port,
                username=self.username,
                password=self.password,
                use_tls=self.tls == "tls",
                start_tls=self.tls == "starttls",
                timeout=TIMEOUT_SECONDS,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Undelivered(type(error).__name__) from error
