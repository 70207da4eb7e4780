"""The secret of a second factor that is being set up: one for each browser, until a first code confirms it.

With one for the account, whoever knows the password could note it and wait until its owner confirms the same.
"""

from __future__ import annotations

import pyotp
from sqlmodel import select

from ..domain.second_factor import PendingSignIn, UnconfirmedFactor
from ..domain.times import now
from ..store.session import DeskSession


def secret_for(session: DeskSession, holder: str, user_id: int) -> str:
    """The holder's secret, base32: the same for an hour, so that a page loaded twice shows one QR code."""
    begun = session.get(UnconfirmedFactor, holder)
    if begun is None:
        begun = UnconfirmedFactor(
            holder=holder, user_id=user_id, secret=pyotp.random_base32(), created_at=now()
        )
        session.add(begun)
    elif not begun.is_good():
        begun.secret, begun.created_at = pyotp.random_base32(), now()
    return begun.secret


def begun_secret(session: DeskSession, holder: str) -> str | None:
    """What the holder was shown within the last hour."""
    begun = session.get(UnconfirmedFactor, holder)
    return begun.secret if begun and begun.is_good() else None


def forget_secrets(session: DeskSession, user_id: int, besides: str = "") -> None:
    """Of everybody who is setting it up for this user, but one holder."""
    wanted = select(UnconfirmedFactor).where(
        UnconfirmedFactor.user_id == user_id, UnconfirmedFactor.holder != besides
    )
    for begun in session.exec(wanted):
        session.delete(begun)


def drop_ticket(session: DeskSession, ticket: PendingSignIn) -> None:
    """End a half-done sign-in, with the secret that it was shown."""
    if begun := session.get(UnconfirmedFactor, ticket.token_hash):
        session.delete(begun)
    session.delete(ticket)
