"""The first admin: made through a one-time link, or at the console. There is no default account."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlmodel import col, select

from ..domain.errors import Invalid, Refused
from ..domain.security import Door
from ..domain.times import now
from ..domain.users import Role, SetupLink, User, hash_token
from ..store.change import change, housekeeping
from ..store.session import DeskSession
from .doors import note
from .drafts import LOOK_AGAIN, Draft, read_draft
from .passwords import Typed
from .sessions import open_session
from .users import FullName, UserDraft, Username, add_user, hash_new

GOOD_FOR = timedelta(hours=24)
DEAD_LINK = "This link was used, is older than a day, or never was one. Start the server again for a new one."


class FirstAdminDraft(Draft):
    full_name: FullName
    username: Username
    password: Typed
    repeated: Typed


def create_setup_link() -> str:
    """The token of a new link with which the first admin can be made. Earlier links die.

    Raises:
        Refused: the desk has a user already.
    """
    token = secrets.token_urlsafe(32)
    with housekeeping() as session:
        _refuse_when_inhabited(session)
        for link in session.exec(select(SetupLink)):
            session.delete(link)
        session.add(SetupLink(token_hash=hash_token(token), expires_at=now() + GOOD_FOR))
    return token


def use_setup_link(token: str, data: object, user_agent: str = "", address: str = "") -> str:
    """Make the first admin; returns the token of their sign-in. The link dies with it.

    Raises:
        Refused: the link is dead.
    """
    draft = read_draft(FirstAdminDraft, data)
    if draft.password != draft.repeated:
        raise Invalid(LOOK_AGAIN, {"repeated": "This is not the same password."})
    hashed = hash_new(draft.password, draft.username)
    with change(None, "create user") as session:
        link = session.exec(
            select(SetupLink).where(SetupLink.token_hash == hash_token(token)).with_for_update()
        ).first()
        if link is None or link.used_at is not None or link.expires_at <= now():
            raise Refused(DEAD_LINK)
        _refuse_when_inhabited(session)
        link.used_at = now()
        wanted = draft.model_dump(exclude={"repeated"})
        user = add_user(session, UserDraft(**wanted, role=Role.ADMIN), hashed)
        opened = open_session(session, user, user_agent, address)
    note(Door.SETUP_LINK_USED, user.key, address)
    return opened


def create_user_at_console(data: object) -> int:
    """Let somebody in on the word of whoever runs the server; returns their id. The first is an admin."""
    draft = read_draft(UserDraft, data)
    hashed = hash_new(draft.password, draft.username)
    with change(None, "create user") as session:
        if draft.role != Role.ADMIN and not _is_inhabited(session):
            raise Refused("The first user must be an admin, since only admins can let others in.")
        return add_user(session, draft, hashed).key


def _refuse_when_inhabited(session: DeskSession) -> None:
    if _is_inhabited(session):
        raise Refused("The desk has its first admin already. Sign in, or ask an admin to let you in.")


def _is_inhabited(session: DeskSession) -> bool:
    return session.exec(select(col(User.id)).limit(1)).first() is not None
