"""What is kept for a while only goes when its time is over, a few rows at a time, and nothing else goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import SQLModel

from service_desk.actions import retention
from service_desk.domain.access import Actor
from service_desk.domain.api_tokens import ApiToken
from service_desk.domain.commands import Command
from service_desk.domain.second_factor import PendingSignIn, UnconfirmedFactor
from service_desk.domain.security import SecurityEvent, ThrottleHit
from service_desk.domain.times import now
from service_desk.domain.users import Role, UserSession
from service_desk.store.change import housekeeping
from service_desk.store.database import Database
from tests.factories import make_user
from tests.raw_socket import fresh_key
from tests.readings import all_rows

KINDS = (Command, UserSession, ApiToken, SecurityEvent, ThrottleHit, PendingSignIn, UnconfirmedFactor)


@pytest.fixture
def dana(database: Database) -> Actor:
    return make_user(Role.ADMIN)


def rows_of(user: Actor, older: timedelta) -> list[SQLModel]:
    """One of each, as old as it may be plus `older`."""
    at = now() - older
    day = timedelta(days=1)
    opened = {"user_id": user.id, "created_at": at - 90 * day, "last_used_at": at - 90 * day}
    return [
        Command(user_id=user.id, key=fresh_key(), payload_hash="0" * 64, at=at - 7 * day),
        UserSession(token_hash=fresh_key(), expires_at=at - 30 * day, **opened),
        UserSession(token_hash=fresh_key(), expires_at=now() + day, revoked_at=at - 30 * day, **opened),
        ApiToken(token_hash=fresh_key(), user_id=user.id, name="old", expires_at=at - 30 * day),
        ApiToken(
            token_hash=fresh_key(),
            user_id=user.id,
            name="revoked",
            expires_at=now() + day,
            revoked_at=at - 30 * day,
        ),
        SecurityEvent(at=at - 99 * day, last_at=at - 90 * day, kind="sign-in failed", user_id=user.id),
        ThrottleHit(key="address", at=at - day),
        PendingSignIn(token_hash=fresh_key(), user_id=user.id, expires_at=at),
        UnconfirmedFactor(
            holder=fresh_key(), user_id=user.id, secret="A", created_at=at - timedelta(hours=1)
        ),
    ]


def kept() -> int:
    return sum(len(all_rows(kind)) for kind in KINDS)


def store(rows: list[SQLModel]) -> None:
    with housekeeping() as session:
        session.add_all(rows)


def clear_out() -> list[int]:
    """How many rows each batch deleted."""
    batches = []
    while count := retention.delete_some():
        batches.append(count)
    return batches


def test_what_is_too_old_goes_and_the_rest_stays(dana: Actor) -> None:
    fresh = rows_of(dana, -timedelta(minutes=1))
    store(fresh)
    assert clear_out() == []
    store(rows_of(dana, timedelta(minutes=1)))
    assert clear_out() == [9]
    assert kept() == len(fresh)


def test_an_open_sign_in_stays_however_long_it_was_not_used(dana: Actor) -> None:
    at = now() - timedelta(days=400)
    opened = {"user_id": dana.id, "created_at": at, "last_used_at": at}
    store([UserSession(token_hash=fresh_key(), expires_at=now() + timedelta(days=1), **opened)])
    assert clear_out() == []


def test_they_go_a_few_at_a_time(dana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 10)
    for _ in range(5):
        store(rows_of(dana, timedelta(minutes=1)))
    assert clear_out() == [10, 10, 10, 10, 5]
    assert kept() == 0
