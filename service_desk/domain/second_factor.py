"""The second factor: a code from an app that knows a shared secret (TOTP, RFC 6238), or a recovery code."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Field, SQLModel

from .columns import UtcDateTime
from .times import now
from .users import Role

UNCONFIRMED_FOR = timedelta(hours=1)
NOBODY, ADMINS, EVERYBODY = "nobody", "admins", "everybody"


def is_required_of(role: Role, rule: str) -> bool:
    """Whether people of this role must have a second factor. `rule` is one of the three words above."""
    return rule == EVERYBODY or (rule == ADMINS and role == Role.ADMIN)


class SecondFactor(SQLModel, table=True):
    """Somebody's shared secret, confirmed by a first code (`User.second_factor_at`).

    `last_step` is the 30 s step of the last accepted code: none is accepted twice.
    """

    __tablename__ = "second_factor"

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    secret: str = Field(max_length=64, repr=False)
    created_at: datetime = Field(sa_type=UtcDateTime, nullable=False)
    last_step: int = Field(default=0)


class UnconfirmedFactor(SQLModel, table=True):
    """A secret that one browser was shown and that no code has confirmed yet, good for an hour.

    `holder` is the hash of the ticket of a half-done sign-in, or `holder_in` of a sign-in.
    """

    __tablename__ = "unconfirmed_factor"

    holder: str = Field(max_length=64, primary_key=True)
    user_id: int = Field(foreign_key="user.id", index=True)
    secret: str = Field(max_length=64, repr=False)
    created_at: datetime = Field(sa_type=UtcDateTime, nullable=False)

    def is_good(self) -> bool:
        """Whether it can still be confirmed."""
        return self.created_at >= now() - UNCONFIRMED_FOR


def holder_in(user_id: int, session_id: int | None) -> str:
    """Whoever sets it up in this sign-in of the user."""
    return f"user {user_id} in sign-in {session_id}"


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
    address: str = Field(default="", max_length=64)
    expires_at: datetime = Field(sa_type=UtcDateTime, nullable=False)
