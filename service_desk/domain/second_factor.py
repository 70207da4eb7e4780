"""The second factor: a code from an app that knows a shared secret (TOTP, RFC 6238), or a recovery code."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from .columns import UtcDateTime
from .users import Role

NOBODY, ADMINS, EVERYBODY = "nobody", "admins", "everybody"


def is_required_of(role: Role, rule: str) -> bool:
    """Whether people of this role must have a second factor. `rule` is one of the three words above."""
    return rule == EVERYBODY or (rule == ADMINS and role == Role.ADMIN)


class SecondFactor(SQLModel, table=True):
    """Somebody's shared secret. It counts once a first code has confirmed it (`User.second_factor_at`).

    `last_step` is the 30 s step of the last accepted code: none is accepted twice.
    """

    __tablename__ = "second_factor"

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    secret: str = Field(max_length=64, repr=False)
    created_at: datetime = Field(sa_type=UtcDateTime, nullable=False)
    last_step: int = Field(default=0)


class RecoveryCode(SQLModel, table=True):
    """One code for a day without the app, good once. Only its hash is kept."""

    __tablename__ = "recovery_code"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user.id", index=True)
    code_hash: str = Field(max_length=200, repr=False)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PendingSignIn(SQLModel, table=True):
    """Somebody whose password was right and whose code is still to come. Only the token's hash is kept."""

    __tablename__ = "pending_sign_in"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True, repr=False)
    user_id: int = Field(foreign_key="user.id", index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime, nullable=False)
