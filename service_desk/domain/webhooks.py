"""Webhooks: addresses that are told of every change, how what they get is signed, and when it is tried again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from .columns import UtcDateTime
from .errors import Refused
from .journal import WIRE_NAMES
from .record import Record
from .times import now

EVENT_NAMES = tuple(dict.fromkeys(WIRE_NAMES.values()))
"""The names by which changes are known outside."""
TEST_NAME = "webhook_test"
"""The event that an admin has sent to see whether it arrives. It is about no change, and its number is 0."""

PREFIX = "whsec_"
SECRET_BYTES = 32
OLD_SECRET_HOLDS = timedelta(hours=24)
"""How long what is sent is signed with the secret before as well, so that receivers can change over."""

WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 2 * 60, 10 * 60, 30 * 60, 3600, 2 * 3600, 4 * 3600, 8 * 3600)
)
"""How long is waited after each failed attempt. After the last of them there is one more attempt, 16 hours later
than the first; when that fails too, the webhook is switched off."""
JITTER = 0.2


class Webhook(Record, table=True):
    """Where to send which events. Its address may hold a token of the receiver's, so it is as secret as the secret."""

    __entity__: ClassVar[str] = "webhook"
    __secret__: ClassVar[frozenset[str]] = frozenset({"url", "secret", "old_secret"})

    name: str = Field(max_length=60)
    url: str = Field(max_length=500, repr=False)
    events: str = Field(default="", max_length=2000)
    """The names wanted, separated by spaces; all of them when empty."""
    secret: str = Field(max_length=100, repr=False)
    secret_made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, nullable=False)
    old_secret: str | None = Field(default=None, max_length=100, repr=False)
    is_active: bool = Field(default=True)
    switched_off_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    switched_off_why: str | None = Field(default=None, max_length=300)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def wanted(self) -> frozenset[str]:
        """The names wanted; empty for all."""
        return frozenset(self.events.split())

    def pause(self) -> None:
        if not self.is_active:
            raise Refused(f"“{self.name}” is not sending anyway.")
        self.is_active = False

    def resume(self) -> None:
        if self.is_active:
            raise Refused(f"“{self.name}” is sending already.")
        self.is_active, self.switched_off_at, self.switched_off_why = True, None, None

    def switch_off(self, why: str) -> None:
        """Nobody takes what is sent. `why` is the sentence that an admin reads."""
        self.is_active, self.switched_off_at, self.switched_off_why = False, now(), why[:300]

    def change_secret(self, secret: str) -> None:
        self.old_secret, self.secret, self.secret_made_at = self.secret, secret, now()

    def secrets(self) -> list[str]:
        """What to sign with now: the secret, and for a day the one before."""
        before = self.old_secret if now() - self.secret_made_at < OLD_SECRET_HOLDS else None
        return [self.secret, *([before] if before else [])]


class WebhookState(SQLModel, table=True):
    """How far a webhook has got. No news to anybody, so it is kept beside the row that people edit.

    One process at a time sends to a webhook: the one whose `lease` stands here, until `leased_until`.
    """

    __tablename__ = "webhook_state"

    webhook_id: int = Field(
        primary_key=True, foreign_key="webhook.id", sa_column_kwargs={"autoincrement": False}
    )
    last_seq: int
    """The last change that has been delivered or was not wanted."""
    failures: int = Field(default=0)
    """Failed attempts in a row, all of the same event."""
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str = Field(default="", max_length=200)
    next_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    test_wanted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease: str | None = Field(default=None, max_length=40)
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WebhookDelivery(SQLModel, table=True):
    """One attempt to deliver one event. `error` is a sentence, empty when the receiver took it."""

    __tablename__ = "webhook_delivery"

    id: int | None = Field(default=None, primary_key=True)
    webhook_id: int = Field(foreign_key="webhook.id")
    seq: int
    name: str = Field(max_length=40)
    attempt: int
    at: datetime = Field(sa_type=UtcDateTime, nullable=False, index=True)
    status: int | None = Field(default=None)
    error: str = Field(default="", max_length=200)
    duration_ms: int
    next_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    __table_args__ = (Index("ix_webhook_delivery_webhook_id_id", "webhook_id", "id"),)


def new_secret() -> str:
    """A secret as the Standard Webhooks specification writes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(keys: Collection[str], message_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` of Standard Webhooks 1.0: one `v1,` and base64 HMAC-SHA256 for each key."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(f"v1,{base64.b64encode(_digest(key, signed)).decode()}" for key in keys)


def _digest(key: str, signed: bytes) -> bytes:
    return hmac.digest(base64.b64decode(key.removeprefix(PREFIX)), signed, hashlib.sha256)


def wait_after(failures: int) -> timedelta | None:
    """How long to wait after so many failed attempts, up to a fifth more or less; None when that was the last."""
    if failures > len(WAITS):
        return None
    spread = 1 + JITTER * (2 * secrets.randbelow(1001) / 1000 - 1)
    return WAITS[failures - 1] * spread
