"""What the desk keeps for a while only: it goes in small batches, so that nobody's change waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from ..domain import commands
from ..domain.api_tokens import ApiToken
from ..domain.second_factor import UNCONFIRMED_FOR, PendingSignIn, UnconfirmedFactor
from ..domain.security import SecurityEvent, ThrottleHit
from ..domain.times import now
from ..domain.users import UserSession
from ..domain.webhooks import WebhookDelivery
from ..store.change import housekeeping

SIGN_INS_KEPT = timedelta(days=30)
DOOR_BOOK_KEPT = timedelta(days=90)
HITS_KEPT = timedelta(days=1)
DELIVERIES_KEPT = timedelta(days=30)
BATCH = 200
"""Rows that one transaction deletes: some 10 ms for which other writers wait."""


def delete_some() -> int:
    """Delete the next few rows that are too old; how many. Call it until there are none.

    Commands after a week, sign-ins and access tokens 30 days after their end, the door book after 90 days, hits
    against a limit after a day, half-done sign-ins when they expire, a second factor that was not confirmed after an
    hour, what was sent to webhooks after 30 days.
    """
    deleted = 0
    with housekeeping() as session:
        for wanted in _too_old():
            # Rows that another process deletes just now are left to it.
            rows = session.exec(wanted.limit(BATCH - deleted).with_for_update(skip_locked=True)).all()
            for row in rows:
                session.delete(row)
            deleted += len(rows)
            if deleted >= BATCH:
                break
    return deleted


def _too_old() -> Iterator[Any]:
    at = now()
    yield select(commands.Command).where(col(commands.Command.at) < at - commands.KEPT)
    ended = func.coalesce(UserSession.revoked_at, UserSession.expires_at)
    yield select(UserSession).where(ended < at - SIGN_INS_KEPT)
    over = func.coalesce(ApiToken.revoked_at, ApiToken.expires_at)
    yield select(ApiToken).where(over < at - SIGN_INS_KEPT)
    yield select(SecurityEvent).where(col(SecurityEvent.last_at) < at - DOOR_BOOK_KEPT)
    yield select(ThrottleHit).where(col(ThrottleHit.at) < at - HITS_KEPT)
    yield select(PendingSignIn).where(col(PendingSignIn.expires_at) < at)
    yield select(WebhookDelivery).where(col(WebhookDelivery.at) < at - DELIVERIES_KEPT)
    yield select(UnconfirmedFactor).where(col(UnconfirmedFactor.created_at) < at - UNCONFIRMED_FOR)
