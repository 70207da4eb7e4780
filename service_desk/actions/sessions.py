"""Signing in and out: one row per browser, and of its token only the hash."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from ..config import settings
from ..domain.access import Actor
from ..domain.errors import Invalid
from ..domain.times import now
from ..domain.users import User, UserSession, hash_token
from ..store.change import housekeeping
from ..store.database import current
from ..store.session import DeskSession
from .passwords import verify_password

WRONG = "This username and password don't belong together. Check both and try again."
SEEN_EVERY = timedelta(minutes=1)

_listeners: list[Callable[[tuple[int, ...]], None]] = []


def on_sessions_ended(listener: Callable[[tuple[int, ...]], None]) -> Callable[[], None]:
    """Call `listener` with the ids of ended sign-ins, in the ending thread; returns what stops it.

    Sign-ins that end with a change to their user (deactivated, new password) are told by the news instead.
    """
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def sign_in(username: object, password: object, user_agent: str = "") -> str:
    """A new token, to be kept by the browser alone.

    Raises:
        Invalid: no such user, a wrong password or a former colleague; all three answer and last alike.
    """
    name, typed = _text(username), _text(password)
    with current().reading() as session:
        found = session.exec(select(User).where(func.lower(User.username) == name.strip().lower())).first()
    # Outside of any transaction: hashing takes longer than anything else here.
    fits = verify_password(found.password_hash if found else None, typed)
    if found is None or not fits or not found.is_active:
        raise Invalid(WRONG)
    with housekeeping() as session:
        user = session.exec(locked_user(found.key)).one()
        if not user.is_active or user.password_hash != found.password_hash:
            raise Invalid(WRONG)
        return open_session(session, user, user_agent)


def locked_user(user_id: int) -> SelectOfScalar[User]:
    """Reads a user and keeps others from changing them until the commit."""
    return select(User).where(User.id == user_id).with_for_update(key_share=True)


def open_session(session: DeskSession, user: User, user_agent: str) -> str:
    """Add a sign-in of `user`, within somebody else's commit, and return its token."""
    token = secrets.token_urlsafe(32)
    at = now()
    session.add(
        UserSession(
            token_hash=hash_token(token),
            user_id=user.key,
            created_at=at,
            last_used_at=at,
            expires_at=at + timedelta(days=settings().session_days),
            user_agent=_printable(user_agent)[:200],
        )
    )
    return token


def sign_out(token: str) -> None:
    """End the sign-in behind the token; silent when there is none."""
    with housekeeping() as session:
        rows = session.exec(select(UserSession).where(UserSession.token_hash == hash_token(token)))
        ended = revoke(rows.all())
    _tell(ended)


def revoke_other_sessions(actor: Actor) -> int:
    """Sign the actor out everywhere but here; returns in how many places."""
    with housekeeping() as session:
        ended = revoke(session.exec(open_sessions(actor.id, besides=actor.session_id)).all())
    _tell(ended)
    return len(ended)


def open_sessions(user_id: int, besides: int | None = None) -> SelectOfScalar[UserSession]:
    """The sign-ins of a user that were not ended yet."""
    wanted = select(UserSession).where(UserSession.user_id == user_id, col(UserSession.revoked_at).is_(None))
    return wanted if besides is None else wanted.where(UserSession.id != besides)


def revoke(rows: Sequence[UserSession]) -> tuple[int, ...]:
    """End sign-ins within somebody else's commit; returns the ids of those that were open."""
    open_rows = [row for row in rows if row.revoked_at is None]
    for row in open_rows:
        row.revoked_at = now()
    return tuple(row.id for row in open_rows if row.id is not None)


def touch_session(actor: Actor) -> None:
    """Note that the actor's sign-in was used; written at most once a minute."""
    if actor.session_id is None:
        return
    due = now() - SEEN_EVERY
    stale = select(UserSession).where(UserSession.id == actor.session_id, col(UserSession.last_used_at) < due)
    with current().reading() as session:
        if session.exec(stale).first() is None:
            return
    with housekeeping() as session:
        for row in session.exec(stale):
            row.last_used_at = now()


def _tell(ended: tuple[int, ...]) -> None:
    for listener in tuple(_listeners) if ended else ():
        listener(ended)


def _text(value: object) -> str:
    # NUL can't be asked of PostgreSQL, nor half a surrogate pair encoded: neither is in any username.
    return value.encode("utf-8", "replace").decode().replace("\0", "?") if isinstance(value, str) else ""


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())
