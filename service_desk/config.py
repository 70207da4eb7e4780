"""Settings, read once from the environment (prefix SERVICE_DESK_) and refused when unsafe."""

import ipaddress
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

import phonenumbers
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from .addresses import REDIS_SCHEMES, is_local, is_network, origin_of, redis_is_known

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "SERVICE_DESK_"
SCHEMES = ("sqlite", "postgresql+psycopg")
SHORTEST_TOKEN = 16


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
    redis_url: SecretStr | None = Field(
        default=None,
        description="What several processes share, besides the database: `redis://:password@host:6379/0`, `rediss://…` "
        "over TLS, or `unix://path`. It must be private: who can write to it can run code here.",
    )
    workers: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Processes that share the port; more than one needs PostgreSQL and Redis.",
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

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, value: SecretStr | None) -> SecretStr | None:
        address = value.get_secret_value() if value else ""
        if address and not redis_is_known(address):
            raise ValueError(f"must be an address that starts with {' or '.join(REDIS_SCHEMES)}")
        return value if address else None

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
            if not is_network(part):
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

    @model_validator(mode="after")
    def _many_share_something(self) -> "Settings":
        if self.workers > 1 and self.redis_url is None:
            raise ValueError(
                "SERVICE_DESK_WORKERS: several processes need a Redis to tell each other what has changed: name it in "
                "SERVICE_DESK_REDIS_URL, or start one"
            )
        if self.workers > 1 and self.database_url.startswith("sqlite"):
            raise ValueError(
                "SERVICE_DESK_WORKERS: several processes need PostgreSQL, not a SQLite file: name it in "
                "SERVICE_DESK_DATABASE_URL, or start one"
            )
        return self

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that nobody may ever see, in logs or elsewhere."""
        token = self.metrics_token.get_secret_value() if self.metrics_token else ""
        database = make_url(self.database_url).password or ""
        # As it is typed and as it is meant: in an address a password may be escaped.
        redis = urlsplit(self.redis_address).password or ""
        return tuple(secret for secret in (token, database, redis, unquote(redis)) if secret)

    @property
    def redis_address(self) -> str:
        """The address of Redis with its password; empty without one."""
        return self.redis_url.get_secret_value() if self.redis_url else ""

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


def _sentence(error: object) -> str:
    assert isinstance(error, dict)
    name = PREFIX + "_".join(str(part) for part in error["loc"]).upper()
    said = str(error["msg"]).removeprefix("Value error, ")
    # What concerns several settings names them itself.
    return f"{said}." if not error["loc"] else f"{name}: {said}."
