"""Signing in and out: one row per browser, and of its token only the hash."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from ..config import settings
from ..domain.access import Actor, Permission
from ..domain.errors import Invalid, Refused, not_found
from ..domain.second_factor import PendingSignIn, holder_in, is_required_of
from ..domain.security import Door, place_of
from ..domain.times import now
from ..domain.users import User, UserSession, hash_token
from ..store.change import housekeeping
from ..store.database import current
from ..store.session import DeskSession
from .doors import note
from .passwords import verify_password
from .second_secret import drop_ticket, forget_secrets

WRONG = "This username and password don't belong together. Check both and try again."
SEEN_EVERY = timedelta(minutes=1)
TICKET_GOOD_FOR = timedelta(minutes=10)
TICKETS, TICKETS_IN_ALL = 5, 50
"""How many browsers may stand between one person's password and the code: of one address, and of all."""


class CodeNeeded(Exception):
    """The password was right. `ticket` stands for it until the code is typed, or for ten minutes."""

    def __init__(self, ticket: str) -> None:
        super().__init__("a code is needed too")
        self.ticket = ticket


_listeners: list[Callable[[tuple[int, ...]], None]] = []


def on_sessions_ended(listener: Callable[[tuple[int, ...]], None]) -> Callable[[], None]:
    """Call `listener` with the ids of ended sign-ins, in the ending thread; returns what stops it.

    Sign-ins that end with a change to their user (deactivated, new password) are told by the news instead.
    """
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def sign_in(username: object, password: object, user_agent: str = "", address: str = "") -> str:
    """A new token, to be kept by the browser alone.

    Raises:
        Invalid: no such user, a wrong password or a former colleague; all three answer and last alike.
        CodeNeeded: the password was right; a code is still to come.
    """
    name, typed = _text(username), _text(password)
    found = _named(name)
    # Outside of any transaction: hashing takes longer than anything else here.
    fits = verify_password(found.password_hash if found else None, typed)
    if found is None or not fits or not found.is_active:
        _note_failure(found, fits, address)
        raise Invalid(WRONG)
    with housekeeping() as session:
        user = session.exec(locked_user(found.key)).one()
        if not user.is_active or user.password_hash != found.password_hash:
            raise Invalid(WRONG)
        if user.second_factor_at or is_required_of(user.role, settings().require_second_factor):
            token, ticket = "", _open_ticket(session, user, address)
        else:
            token, ticket = open_session(session, user, user_agent, address), ""
    if ticket:
        raise CodeNeeded(ticket)
    note(Door.SIGNED_IN, found.key, address)
    return token


def _note_failure(found: User | None, fits: bool, address: str) -> None:
    # Never what was typed: people type their password where the username goes.
    if found is None:
        note(Door.UNKNOWN_USER, None, address)
    else:
        note(Door.WRONG_PASSWORD, found.key, address, "the right one, of a former colleague" if fits else "")


def _open_ticket(session: DeskSession, user: User, address: str) -> str:
    ticket, place = secrets.token_urlsafe(32), place_of(address)
    others = select(PendingSignIn).where(PendingSignIn.user_id == user.key)
    newest = session.exec(others.order_by(col(PendingSignIn.id).desc())).all()
    # Whoever knows a password must not fill the table with it, nor push out its owner, who comes from elsewhere.
    from_here = [waits for waits in newest if waits.address == place]
    kept = [waits for waits in newest if waits not in from_here[TICKETS - 1 :]][: TICKETS_IN_ALL - 1]
    for old in newest:
        if old not in kept:
            drop_ticket(session, old)
    until = now() + TICKET_GOOD_FOR
    hashed = hash_token(ticket)
    session.add(PendingSignIn(token_hash=hashed, user_id=user.key, address=place, expires_at=until))
    return ticket


def locked_user(user_id: int) -> SelectOfScalar[User]:
    """Reads a user and keeps others from changing them until the commit."""
    return select(User).where(User.id == user_id).with_for_update(key_share=True)


def open_session(
    session: DeskSession, user: User, user_agent: str, address: str = "", *, with_second_factor: bool = False
) -> str:
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
            address=place_of(address),
            with_second_factor=with_second_factor,
        )
    )
    return token


def note_too_often(username: object, address: str) -> None:
    """Note that somebody has guessed too often to be tried."""
    found = _named(_text(username))
    note(Door.TOO_MANY_TRIES, found.key if found else None, address)


def _named(username: str) -> User | None:
    with current().reading() as session:
        return session.exec(select(User).where(func.lower(User.username) == username.strip().lower())).first()


def sign_out(token: str, address: str = "") -> None:
    """End the sign-in behind the token; silent when there is none."""
    with housekeeping() as session:
        rows = session.exec(select(UserSession).where(UserSession.token_hash == hash_token(token))).all()
        ended = revoke(rows)
    for row in rows if ended else ():
        note(Door.SIGNED_OUT, row.user_id, address)
    _tell(ended)


def revoke_other_sessions(actor: Actor) -> int:
    """Sign the actor out everywhere but here; returns in how many places."""
    with housekeeping() as session:
        session.exec(locked_user(actor.id)).first()
        ended = end_all(session, actor.id, besides=actor.session_id)
    _note_and_tell(actor, actor.id, ended)
    return len(ended)


def revoke_session(actor: Actor, session_id: int) -> None:
    """End one sign-in, of whomever.

    Raises:
        Refused: it is the one that the actor uses.
    """
    actor.require(Permission.SEE_SECURITY)
    if session_id == actor.session_id:
        raise Refused("This is the sign-in you are using. Sign out in your menu instead.")
    with housekeeping() as session:
        row = session.get(UserSession, session_id)
        ended = revoke([row]) if row else ()
    if row is None or not ended:
        raise not_found("This sign-in")
    _note_and_tell(actor, row.user_id, ended)


def revoke_sessions_of(actor: Actor, user_id: int) -> int:
    """Sign somebody out everywhere, but never the actor here; returns in how many places."""
    actor.require(Permission.SEE_SECURITY)
    with housekeeping() as session:
        session.exec(locked_user(user_id)).first()
        ended = end_all(session, user_id, besides=actor.session_id)
    _note_and_tell(actor, user_id, ended)
    return len(ended)


def _note_and_tell(actor: Actor, user_id: int, ended: tuple[int, ...]) -> None:
    note_ended(ended, user_id, f"by {actor.name}")
    _tell(ended)


def note_ended(ended: tuple[int, ...], user_id: int, by: str) -> None:
    """Note for each sign-in of a user that it was ended, by whom and with what."""
    for _ in ended:
        note(Door.SIGN_IN_ENDED, user_id, detail=by)


def end_all(session: DeskSession, user_id: int, besides: int | None = None) -> tuple[int, ...]:
    """End every sign-in of a user within somebody else's commit, and those that wait for their code.

    The user is locked before, so that two who end the same never wait for each other.

    Returns the ids of those that were open.
    """
    for ticket in session.exec(select(PendingSignIn).where(PendingSignIn.user_id == user_id)):
        session.delete(ticket)
    forget_secrets(session, user_id, besides=holder_in(user_id, besides))
    opened = select(UserSession).where(UserSession.user_id == user_id, col(UserSession.revoked_at).is_(None))
    return revoke(session.exec(opened if besides is None else opened.where(UserSession.id != besides)).all())


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
