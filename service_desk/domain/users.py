"""People who sign in, and their open sign-ins."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import Index, false, text
from sqlmodel import Field, SQLModel

from .columns import UtcDateTime, Word
from .record import Record
from .times import now


class Role(StrEnum):
    ADMIN = "admin"
    DISPATCHER = "dispatcher"
    FRONT_DESK = "front_desk"
    ENGINEER = "engineer"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class User(Record, table=True):
    """A colleague. Former ones stay as rows, since history points at them."""

    __entity__: ClassVar[str] = "user"
    __secret__: ClassVar[frozenset[str]] = frozenset({"password_hash"})
    __facts__: ClassVar[tuple[str, ...]] = ("role", "is_active")

    username: str = Field(max_length=40)
    full_name: str = Field(max_length=100)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=20)
    role: Role = Field(sa_type=Word(Role))
    password_hash: str = Field(max_length=200, repr=False)
    is_active: bool = Field(default=True)
    second_factor_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Since when they sign in with a code besides the password."""

    __table_args__ = (Index("uq_user_username_lower", text("lower(username)"), unique=True),)

    def is_engineer(self) -> bool:
        """Whether calls can be assigned to them."""
        return self.is_active and self.role == Role.ENGINEER


def hash_token(token: str) -> str:
    """What is stored of a token. It is random enough that a plain SHA-256 can't be turned round."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class UserSession(SQLModel, table=True):
    """One sign-in of one browser. Only the SHA-256 of its token is kept."""

    __tablename__ = "user_session"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True, repr=False)
    user_id: int = Field(foreign_key="user.id", index=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, nullable=False)
    expires_at: datetime = Field(sa_type=UtcDateTime, nullable=False)
    last_used_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, nullable=False)
    user_agent: str = Field(default="", max_length=200)
    address: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    with_second_factor: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether a code was typed to open it, or to turn the second factor on in it."""
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SetupLink(SQLModel, table=True):
    """The one-time link with which the first admin is made. Dies with its use, or after a day."""

    __tablename__ = "setup_link"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True, repr=False)
    expires_at: datetime = Field(sa_type=UtcDateTime, nullable=False)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
