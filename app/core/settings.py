"""Every setting of the product, read once from the environment (prefix GIAMSAT_, plus DATABASE_URL, HOST and PORT)."""

from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PLACEHOLDERS = {"changeme", "change-me", "secret", "password", "example"}


class Settings(BaseSettings):
    """Frozen; a placeholder where a secret belongs is refused outside the demo."""

    model_config = SettingsConfigDict(env_prefix="GIAMSAT_", frozen=True, extra="ignore", populate_by_name=True)

    database_url: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("DATABASE_URL", "database_url"),
        description="PostgreSQL 18 or newer; without it the embedded server under data_dir is used",
    )
    host: str = Field("127.0.0.1", validation_alias=AliasChoices("HOST", "host"))
    port: int = Field(8000, validation_alias=AliasChoices("PORT", "port"), ge=0, le=65535)
    data_dir: Path = Field(Path("var"), description="Embedded database, uploaded files, signing keys")
    demo: bool = Field(False, description="Demo accounts, a settable clock; never in production")
    public_url: str = Field("http://127.0.0.1:8000", description="Issuer of tokens and base of links in invitations")
    audience: str = "giamsat"
    access_minutes: int = Field(15, ge=1, le=60)
    refresh_days: int = Field(14, ge=1, le=90)
    pool_size: int = Field(10, ge=1, le=100)
    max_body_bytes: int = Field(1_000_000, ge=1_000, description="Largest request body except uploads")
    max_upload_bytes: int = Field(20 * 1024 * 1024, ge=1_000)
    max_resumable_bytes: int = Field(500 * 1024 * 1024, ge=1_000, description="Largest file sent in pieces (tus)")
    files_url: str | None = Field(None, description="s3://bucket/prefix for files; without it data_dir/files")
    clamd: str | None = Field(None, description="host:port of a ClamAV daemon that looks at every file")
    cors_origins: list[str] = Field(default_factory=list)
    metrics_token: SecretStr | None = Field(None, validation_alias=AliasChoices("METRICS_TOKEN", "metrics_token"))
    trust_proxy: bool = Field(False, description="Take the client's address from the proxy's header")
    public_per_minute: int = Field(
        300, ge=1, le=100_000, description="Requests below /v1/public that one address may make in a minute"
    )
    smtp_host: str | None = Field(None, validation_alias=AliasChoices("SMTP_HOST", "smtp_host"))
    smtp_port: int = Field(587, validation_alias=AliasChoices("SMTP_PORT", "smtp_port"), ge=1, le=65535)
    smtp_username: str | None = Field(None, validation_alias=AliasChoices("SMTP_USERNAME", "smtp_username"))
    smtp_password: SecretStr | None = Field(None, validation_alias=AliasChoices("SMTP_PASSWORD", "smtp_password"))
    smtp_from: str = Field("giamsat@localhost", validation_alias=AliasChoices("SMTP_FROM", "smtp_from"))
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", validation_alias=AliasChoices("SMTP_TLS", "smtp_tls")
    )
    job_heartbeat_seconds: float = Field(
        30, ge=1, le=600, description="A job whose worker is silent so long is taken over"
    )
    webhook_private_targets: bool = Field(False, description="Webhooks may call addresses of private networks")
    log_level: str = "INFO"

    @model_validator(mode="after")
    def refuse_placeholders(self) -> Self:
        token = self.metrics_token.get_secret_value() if self.metrics_token else ""
        if not self.demo and token.lower() in PLACEHOLDERS:
            raise ValueError("METRICS_TOKEN is a placeholder; set a real secret")
        return self

    @cached_property
    def database_dir(self) -> Path:
        return self.data_dir / "postgres"

    @cached_property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @cached_property
    def exports_dir(self) -> Path:
        return self.data_dir / "exports"

    @cached_property
    def exports_url(self) -> str | None:
        """Beside the files, where they are in a bucket."""
        return f"{self.files_url.rstrip('/')}/exports" if self.files_url else None

    @cached_property
    def imports_dir(self) -> Path:
        return self.data_dir / "imports"

    @cached_property
    def imports_url(self) -> str | None:
        return f"{self.files_url.rstrip('/')}/imports" if self.files_url else None

    @cached_property
    def keys_dir(self) -> Path:
        return self.data_dir / "keys"
