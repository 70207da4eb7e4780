"""The second factor: set up by its owner, accepted once per code, reset by an admin when the phone is lost."""

from __future__ import annotations

import hmac
import re
import secrets

import pyotp
from sqlmodel import col, func, select

from ..config import settings
from ..domain.access import Actor, Permission
from ..domain.errors import Invalid, Refused, not_found
from ..domain.second_factor import RecoveryCode, SecondFactor, holder_in, is_required_of
from ..domain.security import Door
from ..domain.times import now
from ..domain.users import User, UserSession, hash_token
from ..store.change import change, housekeeping
from ..store.database import current
from ..store.session import DeskSession
from .api_tokens import revoke_all
from .doors import note
from .passwords import verify_password
from .second_secret import begun_secret, forget_secrets, secret_for
from .sessions import end_all, locked_user, note_ended

WRONG_CODE = "This code is not right, or was used already. Wait for the next one and type that."
WRONG_PASSWORD = "This is not your password."
ON_ALREADY = "Two-step sign-in is on already."
NOT_BEGUN = "This was begun more than an hour ago, or in another browser. Set it up once more."
BY_TURNING_ON = "who turned on two-step sign-in"
STEP_SECONDS = 30
SKEW = (0, -1, 1)
"""A phone's clock may be one step off in either direction (RFC 6238, 5.2)."""
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def begin_second_factor(actor: Actor) -> str:
    """The secret to set up in the actor's sign-in, base32. Another sign-in has another one.

    Raises:
        Refused: it is on already.
    """
    with housekeeping() as session:
        return begin(session, _user(session, actor.id), holder_in(actor.id, actor.session_id))


def begin(session: DeskSession, user: User, holder: str) -> str:
    """The same within somebody else's commit, for whoever is between password and code."""
    if user.second_factor_at:
        raise Refused(ON_ALREADY)
    return secret_for(session, holder, user.key)


def check_own_password(actor: Actor, password: str) -> None:
    """Raises Invalid unless it is the actor's: an unlocked screen must not be enough to change the locks."""
    with current().reading() as session:
        user = session.get(User, actor.id)
    if not verify_password(user.password_hash if user else None, password):
        raise Invalid(WRONG_PASSWORD, {"password": WRONG_PASSWORD})


def confirm_second_factor(actor: Actor, code: str) -> list[str]:
    """Turn it on with a first code; the recovery codes, which are never shown again. Raises Invalid, Refused."""
    with change(actor, "turn on second factor") as session:
        codes = turn_on(session, _user(session, actor.id), holder_in(actor.id, actor.session_id), code)
        # Whoever came with the password alone, perhaps a stolen one, needs a code from now on.
        ended = end_all(session, actor.id, besides=actor.session_id)
        if own := session.get(UserSession, actor.session_id) if actor.session_id else None:
            own.with_second_factor = True
    note(Door.SECOND_FACTOR_ON, actor.id)
    note_ended(ended, actor.id, f"by {actor.name}, {BY_TURNING_ON}")
    return codes


def turn_on(session: DeskSession, user: User, holder: str, code: str) -> list[str]:
    """The same within somebody else's change, without ending the sign-ins made before."""
    if user.second_factor_at:
        raise Refused(ON_ALREADY)
    secret = begun_secret(session, holder)
    if secret is None:
        raise Invalid(NOT_BEGUN, {"code": NOT_BEGUN})
    factor = SecondFactor(user_id=user.key, secret=secret, created_at=now())
    _take_step(factor, code)
    session.add(factor)
    forget_secrets(session, user.key)
    # None of them was made in a sign-in with a code.
    revoke_all(session, user.key, f"by {user.full_name}, {BY_TURNING_ON}")
    user.second_factor_at = now()
    return _new_recovery_codes(session, user.key)


def turn_off_second_factor(actor: Actor, code: str) -> None:
    """Back to the password alone, with a last code. Raises Invalid, or Refused where the role needs one."""
    if is_required_of(actor.role, settings().require_second_factor):
        raise Refused("Your role signs in with a code. It can't be turned off.")
    with change(actor, "turn off second factor") as session:
        user = _user(session, actor.id)
        kind = accept_code(session, actor.id, code)
        _forget(session, user)
    _note_used(actor, kind)
    note(Door.SECOND_FACTOR_OFF, actor.id)


def renew_recovery_codes(actor: Actor, code: str) -> list[str]:
    """New recovery codes; the old ones are worth nothing any more. Nothing that others see differs afterwards."""
    with change(actor, "renew recovery codes") as session:
        _user(session, actor.id)
        kind = accept_code(session, actor.id, code)
        codes = _new_recovery_codes(session, actor.id)
    _note_used(actor, kind)
    note(Door.RECOVERY_CODES_RENEWED, actor.id)
    return codes


def _note_used(actor: Actor, kind: str) -> None:
    if kind == "recovery":
        note(Door.RECOVERY_CODE_USED, actor.id)


def reset_second_factor(actor: Actor | None, user_id: int) -> None:
    """For somebody who lost their phone: they are signed out everywhere and set it up anew, or not at all.

    `actor` is None at the console.
    """
    if actor is not None:
        actor.require(Permission.MANAGE_USERS)
        if actor.id == user_id:
            raise Refused("Turn off your own on your profile page: it asks for a code.")
    by = f"by {actor.name}, who reset" if actor else "at the console, with a reset of"
    with change(actor, "reset second factor") as session:
        user = _user(session, user_id)
        if not user.second_factor_at:
            raise Refused(f"{user.full_name} has no two-step sign-in.")
        _forget(session, user)
        ended = end_all(session, user_id)
        revoke_all(session, user_id, f"{by} two-step sign-in")
    note(Door.SECOND_FACTOR_OFF, user_id, detail=f"by {actor.name}" if actor else "at the console")
    note_ended(ended, user_id, f"{by} two-step sign-in")


def reset_second_factor_of(username: str) -> None:
    """The same at the console, on the word of whoever runs the server."""
    with current().reading() as session:
        found = session.exec(select(User.id).where(func.lower(User.username) == username.lower())).first()
    if found is None:
        raise not_found(f"The user “{username}”")
    reset_second_factor(None, found)


def accept_code(session: DeskSession, user_id: int, typed: str) -> str:
    """Use up a code of the app or a recovery code; says which: "app" or "recovery". Raises Invalid."""
    plain = _plain(typed)
    if is_of_app(typed):
        _take_step(session.get(SecondFactor, user_id, with_for_update=True, populate_existing=True), plain)
        return "app"
    wanted = select(RecoveryCode).where(
        RecoveryCode.user_id == user_id,
        RecoveryCode.code_hash == hash_token(plain),
        col(RecoveryCode.used_at).is_(None),
    )
    found = session.exec(wanted.with_for_update()).first()
    if found is None:
        raise Invalid(WRONG_CODE, {"code": WRONG_CODE})
    found.used_at = now()
    return "recovery"


def is_of_app(typed: str) -> bool:
    """Whether this can only be a code of an app: six digits. Anything else is taken for a recovery code."""
    return re.fullmatch(r"[0-9]{6}", _plain(typed)) is not None


def _plain(typed: str) -> str:
    return re.sub(r"[\s-]", "", typed).lower()


def _take_step(factor: SecondFactor | None, typed: str) -> None:
    code = _plain(typed)
    if factor is not None and code.isascii():
        totp, present = pyotp.TOTP(factor.secret), int(now().timestamp()) // STEP_SECONDS
        for step in (present + skew for skew in SKEW):
            if step > factor.last_step and hmac.compare_digest(totp.at(step * STEP_SECONDS), code):
                factor.last_step = step
                return
    raise Invalid(WRONG_CODE, {"code": WRONG_CODE})


def _new_recovery_codes(session: DeskSession, user_id: int) -> list[str]:
    for old in session.exec(select(RecoveryCode).where(RecoveryCode.user_id == user_id)):
        session.delete(old)
    # 16 of 31 letters are 79 bits: enough that a plain SHA-256 of them can't be turned round.
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(16)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user_id, code_hash=hash_token(code)) for code in codes)
    return ["-".join(re.findall("....", code)) for code in codes]


def _forget(session: DeskSession, user: User) -> None:
    user.second_factor_at = None
    for row in (
        *session.exec(select(SecondFactor).where(SecondFactor.user_id == user.key)),
        *session.exec(select(RecoveryCode).where(RecoveryCode.user_id == user.key)),
    ):
        session.delete(row)


def _user(session: DeskSession, user_id: int) -> User:
    user = session.exec(locked_user(user_id)).first()
    if user is None or not user.is_active:
        raise not_found("This user")
    return user
