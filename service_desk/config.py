"""Settings, read once from the environment (prefix SERVICE_DESK_) and refused when unsafe."""

import difflib
import ipaddress
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import phonenumbers
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "SERVICE_DESK_"
SCHEMES = ("sqlite", "postgresql+psycopg")
SHORTEST_TOKEN = 16
NOT_SETTINGS = (
    "SERVICE_DESK_SKIP_BUILD",
    "SERVICE_DESK_WEB_DIR",
    "SERVICE_DESK_FAULTS",
    "SERVICE_DESK_TEST_",
    "SERVICE_DESK_BENCH_",
)
"""What builds, tests and benchmarks read for themselves; a name that ends in an underscore begins others."""


class UnsafeSettings(Exception):
    """A setting is missing, contradictory or unsafe; the message is one sentence per setting."""


class Settings(BaseSettings):
    """Every setting has a default that is safe on one machine; times are in the unit of the name."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    database_url: str = Field(
        default="sqlite:///data/service_desk.db",
        repr=False,
        validate_default=True,
        description="Where everything is kept: `sqlite:///path` or `postgresql+psycopg://user:password@host/name`.",
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=3000, ge=1, le=65535, description="The port for pages, socket and HTTP.")
    public_url: str | None = Field(
        default=None,
        description="The address people type, when a proxy stands in front; https makes cookies Secure.",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("127.0.0.1", "::1"),
        description="Addresses or networks of proxies, separated by commas, whose `X-Forwarded-For` and "
        "`X-Forwarded-Proto` are believed while there is a public address.",
    )
    allow_plain_http: bool = Field(
        default=False,
        description="1 lets people sign in over plain http from other machines, their passwords readable on the way.",
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
    require_second_factor: Literal["nobody", "admins", "everybody"] = Field(
        default="nobody", description="Who must sign in with a code from an app besides the password."
    )
    events_per_second: int = Field(
        default=30,
        ge=10,
        le=1_000_000,
        description="What one sign-in may send over the socket; twice as much in one go.",
    )
    sockets_per_user: int = Field(
        default=10, ge=1, le=10_000, description="Tabs of one person that are live at the same time."
    )
    api_requests_per_second: int = Field(
        default=50, ge=1, le=1_000_000, description="What one access token may ask of the HTTP API."
    )
    session_days: int = Field(default=7, ge=1, le=90, description="Signed out after so long in any case.")
    session_cookie: str = Field(
        default="",
        pattern="^[A-Za-z0-9_-]{0,60}$",
        description="The name of the cookie; with the port in it when empty, since desks on one host share cookies.",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="What a collector sends as `Authorization: Bearer …` to read /metrics, at least 16 characters; "
        "without it there is no such page.",
    )
    webhook_allow_http: bool = Field(
        default=False,
        description="1 lets webhooks be sent over plain http, readable and changeable on the way; for trying them out.",
    )
    webhook_private_networks: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Private addresses or networks that webhooks may be sent to, separated by commas; none when empty.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="Log lines for people, or one JSON object a line."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info",
        description="The least of our own lines that are logged; of libraries', warnings at least.",
    )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        try:
            url = make_url(value)
        except ArgumentError:
            raise ValueError("is not a database address") from None
        if url.drivername not in SCHEMES:
            raise ValueError(f"must start with {' or '.join(SCHEMES)}, not {url.drivername}")
        if "password" in url.query:
            raise ValueError(
                "must have its password before the @, where it is kept out of logs and arguments"
            )
        if url.drivername == "sqlite" and url.database and url.database != ":memory:":
            url = url.set(database=str(ROOT / url.database))
        return url.render_as_string(hide_password=False)

    @field_validator("public_url")
    @classmethod
    def _full_address(cls, value: str | None) -> str | None:
        return origin_of(value) if value else None

    @field_validator("allowed_origins", "trusted_proxies", "webhook_private_networks", mode="before")
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
        if any("*" in part for part in value):
            raise ValueError("would let other sites act in people's names with *; name each origin in full")
        return tuple(origin_of(part) for part in value)

    @field_validator("trusted_proxies", "webhook_private_networks")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for part in value:
            if not _is_network(part):
                raise ValueError(f"{part!r} is neither an address nor a network such as 10.0.0.0/24")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _known_places(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for part in value:
            if ipaddress.ip_network(part, strict=False).prefixlen == 0:
                raise ValueError(f"{part} would believe whatever address anybody claims to have")
        # The server takes a network with an address in it for neither.
        return tuple(str(ipaddress.ip_network(part, strict=False)) if "/" in part else part for part in value)

    @field_validator("phone_region")
    @classmethod
    def _known_region(cls, value: str) -> str:
        if value.upper() not in phonenumbers.SUPPORTED_REGIONS:
            raise ValueError(f"{value!r} is not a two-letter country code")
        return value.upper()

    @field_validator("metrics_token")
    @classmethod
    def _hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and 0 < len(value.get_secret_value()) < SHORTEST_TOKEN:
            raise ValueError(f"must have at least {SHORTEST_TOKEN} characters, or it could be guessed")
        return value if value is not None and value.get_secret_value() else None

    @field_validator("log_format", "log_level", mode="before")
    @classmethod
    def _small(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _nobody_reads_along(self) -> "Settings":
        if not is_local(self.host) and self.public_url is None:
            raise ValueError(
                f"SERVICE_DESK_HOST: listening on {self.host} lets other machines in: say in SERVICE_DESK_PUBLIC_URL "
                "which address they use, or listen on 127.0.0.1"
            )
        address = urlsplit(self.public_url or "https:")
        if address.scheme == "http" and not is_local(address.hostname or "") and not self.allow_plain_http:
            raise ValueError(
                "SERVICE_DESK_PUBLIC_URL: over plain http everybody on the way can read the passwords: use https, or "
                "set SERVICE_DESK_ALLOW_PLAIN_HTTP=1 if that is meant"
            )
        return self

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that nobody may ever see, in logs or elsewhere."""
        token = self.metrics_token.get_secret_value() if self.metrics_token else ""
        return tuple(secret for secret in (token, make_url(self.database_url).password or "") if secret)

    @property
    def shown_database(self) -> str:
        """The database's address without its password."""
        return make_url(self.database_url).render_as_string(hide_password=True)

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins that may open the socket or post a form; never a wildcard."""
        own = (f"http://localhost:{self.port}", f"http://127.0.0.1:{self.port}")
        return self.allowed_origins or (*own, *([self.public_url] if self.public_url else []))

    @property
    def cookie(self) -> str:
        """The name of the cookie that carries a sign-in."""
        port = urlsplit(self.public_url).port if self.public_url else self.port
        return self.session_cookie or f"service_desk_session{f'_{port}' if port else ''}"

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
        # Whoever else works on this machine needn't read the desk's data, nor its copies beside it.
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return read


def warnings(chosen: Settings, environment: Iterable[str] = os.environ) -> list[str]:
    """Sentences about what is probably not meant, but no reason not to start."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    said = []
    for name in sorted(name for name in environment if name.startswith(PREFIX) and name not in known):
        # Kubernetes sets names of its own for a service that is called service-desk, so this can't be refused.
        if not any(name == own or (own[-1] == "_" and name.startswith(own)) for own in NOT_SETTINGS):
            like = difflib.get_close_matches(name, known, 1, 0.8)
            said.append(f"{name} is no setting and does nothing{f'; is {like[0]} meant?' if like else '.'}")
    if _readable_by_all(make_url(chosen.database_url).database if "sqlite" in chosen.database_url else None):
        said.append(
            "Everybody on this machine can read the database file: take away their right (chmod o-r)."
        )
    return said


def is_local(host: str) -> bool:
    """Whether only this machine itself can be meant."""
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().endswith(".localhost")


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _readable_by_all(file: str | None) -> bool:
    path = Path(file or "")
    if not file or not path.is_file():
        return False
    return bool(path.stat().st_mode & 0o004 and path.parent.stat().st_mode & 0o001)


def _sentence(error: object) -> str:
    assert isinstance(error, dict)
    name = PREFIX + "_".join(str(part) for part in error["loc"]).upper()
    said = str(error["msg"]).removeprefix("Value error, ")
    # What concerns several settings names them itself.
    return f"{said}." if not error["loc"] else f"{name}: {said}."
