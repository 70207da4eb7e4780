"""Access tokens: made by their owner, ended by their owner or an admin, used by programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Annotated

from pydantic import BeforeValidator
from sqlalchemy import event
from sqlmodel import col, select

from ..domain.access import Actor, Permission
from ..domain.api_tokens import DAYS, USUAL_DAYS, ApiToken, stands
from ..domain.errors import Refused, not_found
from ..domain.security import Door
from ..domain.times import now
from ..domain.users import UserSession, hash_token
from ..store.change import change, housekeeping
from ..store.database import current
from ..store.session import DeskSession
from .doors import note
from .drafts import NO_CHOICE, Draft, line, read_draft
from .sessions import locked_user

USED_EVERY = timedelta(minutes=1)
MOST = 50
"""Tokens of one person that are good at the same time."""

_listeners: list[Callable[[], None]] = []


def on_tokens_changed(listener: Callable[[], None]) -> Callable[[], None]:
    """Call `listener` whenever tokens were made or ended here, in the thread that did it; returns what stops it.

    Those that end with a change to their user (deactivated, new password) are told by the news instead.
    """
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def _days(value: object) -> int:
    days = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    if isinstance(days, bool) or days not in DAYS:
        raise ValueError(NO_CHOICE)
    return int(str(days))


class TokenDraft(Draft):
    """`days`: for how long it is good, one of DAYS."""

    name: Annotated[str, line(60)]
    days: Annotated[int, BeforeValidator(_days)] = USUAL_DAYS


def create_token(actor: Actor, data: object, token: str) -> int:
    """Let programs that send `token` do what the actor may; answers its row's id. Of the token only the hash is kept.

    Raises:
        NotFound: the sign-in in which it is made has ended meanwhile.
        Refused: the actor has too many.
    """
    actor.require(Permission.SIGNED_IN)
    draft = read_draft(TokenDraft, data)
    with change(actor, "create access token") as session:
        opened = _sign_in(session, actor)
        if len(_standing(session, actor.id)) >= MOST:
            raise Refused(f"You have {MOST} access tokens. Revoke one that is not used any more.")
        row = ApiToken(
            token_hash=hash_token(token),
            user_id=actor.id,
            name=draft.name,
            expires_at=now() + timedelta(days=draft.days),
            with_second_factor=bool(opened and opened.with_second_factor),
        )
        session.add(row)
        session.flush()
        made: int = session.answer(row.id or 0)
    note(Door.TOKEN_MADE, actor.id, detail=f"“{draft.name}”, for {draft.days} days")
    _tell()
    return made


def _sign_in(session: DeskSession, actor: Actor) -> UserSession | None:
    # Locked first: whoever ends the user's sign-ins and tokens holds them too, and must not miss this one.
    user = session.exec(locked_user(actor.id)).first()
    opened = session.get(UserSession, actor.session_id) if actor.session_id else None
    if user is None or not user.is_active or (opened and opened.revoked_at):
        raise not_found("This sign-in")
    return opened


def revoke_token(actor: Actor, token_id: int) -> None:
    """End one token: one's own, or as an admin anybody's.

    Raises:
        NotFound: there is none, it has ended, or it is somebody else's.
    """
    with housekeeping() as session:
        row = session.get(ApiToken, token_id, with_for_update=True)
        is_theirs = row is not None and (row.user_id == actor.id or actor.may(Permission.SEE_SECURITY))
        if row is None or not is_theirs or not stands(row):
            raise not_found("This access token")
        _end(session, row, f"by {actor.name}")
    _tell()


def revoke_all(session: DeskSession, user_id: int, by: str) -> None:
    """End every token of a user within somebody else's commit. `by` says who did so, and with what."""
    for row in _standing(session, user_id):
        _end(session, row, by)


def _end(session: DeskSession, row: ApiToken, by: str) -> None:
    row.revoked_at = now()
    note_it = partial(note, Door.TOKEN_REVOKED, row.user_id, detail=f"“{row.name}”, {by}")
    # What is rolled back did not happen.
    event.listen(session, "after_commit", lambda _: note_it(), once=True)


def note_token_use(actor: Actor) -> None:
    """Note that the actor's token was used; written at most once a minute."""
    due = now() - USED_EVERY
    never = col(ApiToken.last_used_at).is_(None)
    stale = select(ApiToken).where(ApiToken.id == actor.token_id, never | (col(ApiToken.last_used_at) < due))
    with current().reading() as session:
        if session.exec(stale).first() is None:
            return
    with housekeeping() as session:
        for row in session.exec(stale):
            row.last_used_at = now()


def _standing(session: DeskSession, user_id: int) -> list[ApiToken]:
    mine = select(ApiToken).where(ApiToken.user_id == user_id, col(ApiToken.revoked_at).is_(None))
    return [row for row in session.exec(mine.order_by(col(ApiToken.id))) if stands(row)]


def _tell() -> None:
    for listener in tuple(_listeners):
        listener()
