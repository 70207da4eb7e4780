"""What happens at the doors: who came in, who was turned away, and how often somebody guessed."""

from __future__ import annotations

import ipaddress
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from .columns import UtcDateTime


class Door(StrEnum):
    """What can happen, as an admin reads it."""

    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    SIGN_IN_ENDED = "sign-in ended"
    WRONG_PASSWORD = "wrong password"
    UNKNOWN_USER = "unknown username"
    TOO_MANY_TRIES = "too many tries"
    CODE_ACCEPTED = "code accepted"
    CODE_WRONG = "wrong code"
    RECOVERY_CODE_USED = "recovery code used"
    RECOVERY_CODES_RENEWED = "recovery codes renewed"
    SECOND_FACTOR_ON = "second factor on"
    SECOND_FACTOR_OFF = "second factor off"
    PASSWORD_SET = "password set"
    PASSWORD_CHANGED = "password changed"
    SETUP_LINK_USED = "setup link used"
    TOKEN_MADE = "access token made"
    TOKEN_REVOKED = "access token revoked"
    TOKEN_WRONG = "wrong access token"
    STEP_DENIED = "step denied"
    PAGE_DENIED = "page denied"
    FOREIGN_ORIGIN = "foreign origin"
    TOO_MUCH_SENT = "too much sent"
    WEBHOOK_ADDED = "webhook added"
    WEBHOOK_CHANGED = "webhook changed"
    WEBHOOK_SWITCHED_OFF = "webhook switched off"


GROUPS: dict[str, tuple[Door, ...]] = {
    "in": (Door.SIGNED_IN, Door.SIGNED_OUT, Door.SIGN_IN_ENDED, Door.CODE_ACCEPTED, Door.SETUP_LINK_USED),
    "failed": (
        Door.WRONG_PASSWORD,
        Door.UNKNOWN_USER,
        Door.TOO_MANY_TRIES,
        Door.CODE_WRONG,
        Door.TOKEN_WRONG,
    ),
    "denied": (Door.STEP_DENIED, Door.PAGE_DENIED, Door.FOREIGN_ORIGIN, Door.TOO_MUCH_SENT),
    "secrets": (
        Door.PASSWORD_SET,
        Door.PASSWORD_CHANGED,
        Door.SECOND_FACTOR_ON,
        Door.SECOND_FACTOR_OFF,
        Door.RECOVERY_CODE_USED,
        Door.RECOVERY_CODES_RENEWED,
        Door.TOKEN_MADE,
        Door.TOKEN_REVOKED,
    ),
    "out": (Door.WEBHOOK_ADDED, Door.WEBHOOK_CHANGED, Door.WEBHOOK_SWITCHED_OFF),
}
"""What is looked for together. Every kind stands in one group."""


def place_of(host: str) -> str:
    """Where somebody is. One household has a whole /64 of IPv6 addresses, so those count as one."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "".join(letter for letter in host[:64] if letter.isprintable())
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


class SecurityEvent(SQLModel, table=True):
    """One kind of thing that happened at a door, from one place. Nothing in the product can edit it.

    Repetitions within a short time are counted in `times` instead of making rows, so that a flood can't fill the disk.
    """

    __tablename__ = "security_event"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, nullable=False, index=True)
    last_at: datetime = Field(sa_type=UtcDateTime, nullable=False, index=True)
    times: int = Field(default=1)
    kind: str = Field(max_length=30, index=True)
    user_id: int | None = Field(default=None, foreign_key="user.id", index=True)
    address: str = Field(default="", max_length=64)
    detail: str = Field(default="", max_length=200)


class ThrottleHit(SQLModel, table=True):
    """One try that counts against a limit, kept so that a restart forgives nothing."""

    __tablename__ = "throttle_hit"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=200)
    at: datetime = Field(sa_type=UtcDateTime, nullable=False, index=True)

    __table_args__ = (Index("ix_throttle_hit_key_at", "key", "at"),)
