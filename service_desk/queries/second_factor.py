"""What can be seen of the second factor: by its owner, and by somebody between password and code."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from ..config import settings
from ..domain.access import Actor
from ..domain.second_factor import PendingSignIn, RecoveryCode, UnconfirmedFactor, holder_in, is_required_of
from ..domain.times import now
from ..domain.users import User, hash_token
from ..store.database import current


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whose password was right. `is_set_up`: whether they have a code to type, or have yet to set it up."""

    user_id: int
    username: str
    is_set_up: bool


@dataclass(frozen=True, slots=True)
class FactorState:
    """How somebody signs in: `since` is None while the password is enough."""

    username: str
    since: datetime | None
    codes_left: int
    is_required: bool


def who_waits(ticket: str) -> Waiting | None:
    """Whose ticket it is; None once it is used or too old."""
    wanted = (
        select(User)
        .join(PendingSignIn, col(PendingSignIn.user_id) == col(User.id))
        .where(PendingSignIn.token_hash == hash_token(ticket), col(PendingSignIn.expires_at) > now())
    )
    with current().reading() as session:
        user = session.exec(wanted).first()
    if user is None or not user.is_active:
        return None
    return Waiting(user.key, user.username, user.second_factor_at is not None)


def is_being_set_up(actor: Actor, secret: str) -> bool:
    """Whether this is the secret that was shown in the actor's sign-in, and is yet to be confirmed."""
    with current().reading() as session:
        begun = session.get(UnconfirmedFactor, holder_in(actor.id, actor.session_id))
    known = begun.secret if begun and begun.is_good() else None
    return known is not None and hmac.compare_digest(known.encode(), secret.encode("utf-8", "replace"))


def own_factor(actor: Actor) -> FactorState:
    """The actor's own."""
    left = select(func.count()).where(RecoveryCode.user_id == actor.id, col(RecoveryCode.used_at).is_(None))
    with current().reading() as session:
        user = session.get_one(User, actor.id)
        return FactorState(
            user.username,
            user.second_factor_at,
            session.exec(left).one(),
            is_required_of(user.role, settings().require_second_factor),
        )
