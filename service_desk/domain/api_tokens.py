"""Access tokens: what a program sends instead of signing in, to do what its owner may."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from typing import Protocol

from sqlalchemy import false
from sqlmodel import Field, SQLModel

from .columns import UtcDateTime
from .times import now

PREFIX = "sdk_"
"""By which scanners and people recognise a token that was left lying about."""
DAYS = (7, 30, 90, 180, 365)
"""For how long a token may be good."""
USUAL_DAYS = 90
_TOKEN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


def new_token() -> str:
    """256 random bits behind the prefix. Whoever makes it shows it once, and keeps it nowhere."""
    return PREFIX + secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether this can be one at all."""
    return _TOKEN.fullmatch(text) is not None


class ApiToken(SQLModel, table=True):
    """One token of one person. Only its SHA-256 is kept."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True, repr=False)
    user_id: int = Field(foreign_key="user.id", index=True)
    name: str = Field(max_length=60)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, nullable=False)
    expires_at: datetime = Field(sa_type=UtcDateTime, nullable=False)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    with_second_factor: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether a code was typed for the sign-in in which it was made."""
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class _Ending(Protocol):
    """What of a token says whether it was ended."""

    @property
    def expires_at(self) -> datetime: ...
    @property
    def revoked_at(self) -> datetime | None: ...


def stands(token: _Ending) -> bool:
    """Whether neither its owner nor its time has ended it."""
    return token.revoked_at is None and token.expires_at > now()
