"""Settings, read once from the environment (prefix SERVICE_DESK_) and refused when unsafe."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import phonenumbers
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
SCHEMES = ("sqlite", "postgresql+psycopg")


class UnsafeSettings(Exception):
    """A setting is missing, contradictory or unsafe; the message is one sentence per setting."""


class Settings(BaseSettings):
    """Every setting has a default that is safe on one machine; times are in the unit of the name."""

    model_config = SettingsConfigDict(env_prefix="SERVICE_DESK_", extra="ignore", frozen=True)

    database_url: str = Field(
        default="sqlite:///data/service_desk.db",
        repr=False,
        validate_default=True,
        description="Where everything is kept: sqlite:///<path> or postgresql+psycopg://<user>@<host>/<name>.",
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=3000, ge=1, le=65535, description="The port for pages, socket and HTTP.")
    public_url: str | None = Field(
        default=None,
        description="The address people type, when a proxy stands in front; https makes cookies Secure.",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Origins that may open the socket, separated by commas; derived when empty."
    )
    phone_region: str = Field(
        default="US", description="The country of phone numbers typed without a prefix."
    )
    session_idle_hours: int = Field(
        default=8, ge=1, le=24, description="Signed out after so long without a click."
    )
    session_days: int = Field(default=7, ge=1, le=90, description="Signed out after so long in any case.")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        try:
            url = make_url(value)
        except ArgumentError:
            raise ValueError("is not a database address") from None
        if url.drivername not in SCHEMES:
            raise ValueError(f"must start with {' or '.join(SCHEMES)}, not {url.drivername}")
        if url.drivername == "sqlite" and url.database and url.database != ":memory:":
            url = url.set(database=str(ROOT / url.database))
        return url.render_as_string(hide_password=False)

    @field_validator("public_url")
    @classmethod
    def _full_address(cls, value: str | None) -> str | None:
        return origin_of(value) if value else None

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("allowed_origins")
    @classmethod
    def _full_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(origin_of(part) for part in value)

    @field_validator("phone_region")
    @classmethod
    def _known_region(cls, value: str) -> str:
        if value.upper() not in phonenumbers.SUPPORTED_REGIONS:
            raise ValueError(f"{value!r} is not a two-letter country code")
        return value.upper()

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins that may open the socket or post a form; never a wildcard."""
        own = (f"http://localhost:{self.port}", f"http://127.0.0.1:{self.port}")
        return self.allowed_origins or (*own, *([self.public_url] if self.public_url else []))

    @property
    def secure_cookies(self) -> bool:
        """Whether people come over TLS, so that the cookie may be refused to plain HTTP."""
        return bool(self.public_url and self.public_url.startswith("https://"))


def origin_of(address: str) -> str:
    """`https://desk.example:8443/x` as `https://desk.example:8443`; ValueError without scheme and host."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{address!r} must be a full address such as https://desk.example")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process; makes the folder of a SQLite file. Raises UnsafeSettings."""
    try:
        read = Settings()
    except ValidationError as refused:
        raise UnsafeSettings("\n".join(_sentence(error) for error in refused.errors())) from None
    url = make_url(read.database_url)
    if url.drivername == "sqlite" and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return read


def _sentence(error: object) -> str:
    assert isinstance(error, dict)
    name = "SERVICE_DESK_" + "_".join(str(part) for part in error["loc"]).upper()
    return f"{name}: {str(error['msg']).removeprefix('Value error, ')}."
