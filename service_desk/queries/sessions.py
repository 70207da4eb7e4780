"""Who is asking: the sign-in behind a token."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, bindparam
from sqlalchemy import select as columns
from sqlmodel import col, select

from ..config import settings
from ..domain.access import Actor
from ..domain.columns import UtcDateTime
from ..domain.second_factor import is_required_of
from ..domain.times import now
from ..domain.users import Role, SetupLink, User, UserSession, hash_token
from ..store.database import current

_BROWSERS = (
    ("Edge", r"Edg[A-Za-z]*/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)


def who_is(token: str) -> Actor | None:
    """The person signed in with this token; None when it was ended, is over age or too long unused."""
    return who_are([token]).get(token)


def who_are(tokens: Collection[str]) -> dict[str, Actor]:
    """The same for many tokens in one read; those that are no good any more are left out."""
    by_hash = {hash_token(token): token for token in tokens}
    with current().looking() as session:
        found = session.read(_by_hashes(), hashes=list(by_hash)).all()
    return {
        by_hash[each.token_hash]: Actor(each.user_id, each.role, each.full_name, each.id)
        for each in found
        if not lacks_second_factor(each, each)
    }


@cache
def _by_hashes() -> Select[Any]:
    # Asked every second of everybody who is here: rows made into objects would cost ten times as much.
    fields: list[Any] = [getattr(UserSession, name) for name in ("token_hash", "id", "with_second_factor")]
    fields += [col(User.id).label("user_id"), User.role, User.full_name, User.second_factor_at]
    wanted = col(UserSession.token_hash).in_(bindparam("hashes", expanding=True))
    joined = columns(*fields).join(User, col(User.id) == UserSession.user_id)
    return joined.where(wanted, col(User.is_active).is_(True), *still_good())


class _Opened(Protocol):
    """What of a sign-in, or of an access token, says how it was opened."""

    @property
    def with_second_factor(self) -> bool: ...


class _Person(Protocol):
    """What of a user says whether a code is needed."""

    @property
    def role(self) -> Role: ...
    @property
    def second_factor_at(self) -> datetime | None: ...


def lacks_second_factor(opened: _Opened, user: _Person) -> bool:
    """Whether a code is needed that this sign-in was made without: they can only sign in anew.

    The sign-in is looked at and not the user alone, or one made with a stolen password would come back to life as
    soon as its owner sets the second factor up.
    """
    is_needed = user.second_factor_at or is_required_of(user.role, settings().require_second_factor)
    return bool(is_needed and not (user.second_factor_at and opened.with_second_factor))


def why_ended(token: str) -> str:
    """Why a token is no good any more: the sign-in page's `reason`.

    deactivated, ended, expired, second-factor or unknown.
    """
    with current().reading() as session:
        found = session.exec(
            select(UserSession, User)
            .join(User, col(User.id) == UserSession.user_id)
            .where(UserSession.token_hash == hash_token(token))
        ).first()
    if found is None:
        return "unknown"
    opened, user = found
    if not user.is_active:
        return "deactivated"
    if opened.revoked_at:
        return "ended"
    return "second-factor" if lacks_second_factor(opened, user) else "expired"


def still_good() -> tuple[ColumnElement[bool], ...]:
    """What must hold for a sign-in, at whichever moment it is asked for."""
    at, idle_since = (bindparam(None, callable_=each, type_=UtcDateTime) for each in (now, _idle_since))
    return (
        col(UserSession.revoked_at).is_(None),
        col(UserSession.expires_at) > at,
        col(UserSession.last_used_at) > idle_since,
    )


def _idle_since() -> datetime:
    return now() - timedelta(hours=settings().session_idle_hours)


def has_anybody() -> bool:
    """Whether the desk has any user yet."""
    with current().reading() as session:
        return session.exec(select(User.id).limit(1)).first() is not None


def setup_link_works(token: str) -> bool:
    """Whether the first admin can be made with this link now."""
    if has_anybody():
        return False
    with current().reading() as session:
        wanted = select(SetupLink.id).where(SetupLink.token_hash == hash_token(token))
        wanted = wanted.where(col(SetupLink.used_at).is_(None), col(SetupLink.expires_at) > now())
        return session.exec(wanted).first() is not None


def browser_words(user_agent: str) -> str:
    """What people call it: "Firefox on Windows"."""
    browser = next((name for name, sign in _BROWSERS if re.search(sign, user_agent)), "")
    system = next((name for name, sign in _SYSTEMS if re.search(sign, user_agent)), "")
    return " on ".join(part for part in (browser, system) if part) or "Unknown browser"
