"""The second step of signing in: the code, or setting it up where the role asks for it."""

from __future__ import annotations

from sqlmodel import select

from ..domain.access import Actor
from ..domain.errors import Refused
from ..domain.second_factor import PendingSignIn
from ..domain.security import Door
from ..domain.times import now
from ..domain.users import User, hash_token
from ..store.change import change, housekeeping
from ..store.database import current
from ..store.session import DeskSession
from .doors import note
from .second_factor import BY_TURNING_ON, accept_code, begin, turn_on
from .second_secret import drop_ticket
from .sessions import end_all, locked_user, note_ended, open_session

TOO_LATE = "Too much time has passed since your password. Sign in again."


def finish_sign_in(ticket: str, code: str, user_agent: str = "", address: str = "") -> tuple[str, str]:
    """The token of the new sign-in, and which code was used ("app" or "recovery").

    Raises:
        Invalid: the code is wrong.
        Refused: the ticket is too old, or was used.
    """
    with housekeeping() as session:
        user, found = _waiting(session, ticket)
        kind = accept_code(session, user.key, code)
        drop_ticket(session, found)
        token = open_session(session, user, user_agent, address, with_second_factor=True)
    note(Door.CODE_ACCEPTED if kind == "app" else Door.RECOVERY_CODE_USED, user.key, address)
    note(Door.SIGNED_IN, user.key, address)
    return token, kind


def finish_set_up(ticket: str, code: str, user_agent: str = "", address: str = "") -> tuple[str, list[str]]:
    """Turn the second factor on while signing in: the token, and the recovery codes. Raises as above.

    Sign-ins made before, with the password alone, end.
    """
    with change(_whose(ticket), "turn on second factor") as session:
        user, _ = _waiting(session, ticket)
        codes = turn_on(session, user, hash_token(ticket), code)
        ended = end_all(session, user.key)
        token = open_session(session, user, user_agent, address, with_second_factor=True)
    note(Door.SECOND_FACTOR_ON, user.key, address)
    note_ended(ended, user.key, f"by {user.full_name}, {BY_TURNING_ON}")
    note(Door.SIGNED_IN, user.key, address)
    return token, codes


def begin_while_signing_in(ticket: str) -> str:
    """The secret to set up with this ticket, base32. Another ticket has another one.

    Raises:
        Refused: the ticket is too old, or was used.
    """
    with housekeeping() as session:
        user, _ = _waiting(session, ticket)
        return begin(session, user, hash_token(ticket))


def _whose(ticket: str) -> Actor:
    wanted = select(User).join(PendingSignIn).where(PendingSignIn.token_hash == hash_token(ticket))
    with current().reading() as session:
        user = session.exec(wanted).first()
    if user is None:
        raise Refused(TOO_LATE)
    return Actor(user.key, user.role, user.full_name)


def _waiting(session: DeskSession, ticket: str) -> tuple[User, PendingSignIn]:
    wanted = select(PendingSignIn).where(PendingSignIn.token_hash == hash_token(ticket))
    waits = session.exec(wanted).first()
    # The user before the ticket, as whoever sets a password or resets the factor takes them.
    user = session.exec(locked_user(waits.user_id)).first() if waits else None
    found = session.exec(wanted.with_for_update()).first()
    if found is None or user is None or not user.is_active or found.expires_at <= now():
        raise Refused(TOO_LATE)
    return user, found
