"""What is done about users: who is let in, as what, and until when."""

from __future__ import annotations

import re
from typing import Annotated

from limits.strategies import MovingWindowRateLimiter
from pydantic import BeforeValidator, Field
from sqlmodel import and_, col, func, or_, select

from ..domain.access import Actor, Permission
from ..domain.calls import OPEN_CALL, Call
from ..domain.errors import Invalid, Refused, not_found
from ..domain.security import Door
from ..domain.users import Role, User
from ..store.change import change
from ..store.database import current
from ..store.session import DeskSession
from .api_tokens import revoke_all
from .doors import note
from .drafts import LOOK_AGAIN, Draft, MaybeEmail, MaybePhone, line, read_draft, word
from .edits import read_edit
from .passwords import Typed, check_password, hash_password, verify_password
from .sessions import end_all, locked_user, note_ended
from .throttle_hits import PER_ACCOUNT, StoredHits

WRONG_USERNAME = "2 to 40 letters a–z, digits, dots, hyphens or underscores, starting with a letter."
TAKEN = "This username is taken. Former colleagues keep theirs."


def _username(value: object) -> str:
    # ASCII alone: nobody can pass for somebody else with a letter that only looks alike.
    name = value.strip() if isinstance(value, str) else ""
    if not name:
        raise ValueError("Fill this in.")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]{1,39}", name):
        raise ValueError(WRONG_USERNAME)
    return name


Username = Annotated[
    str,
    BeforeValidator(
        _username, json_schema_input_type=Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9._-]{1,39}$")]
    ),
]
FullName = Annotated[str, line(100)]
Password = Typed


class UserDraft(Draft):
    username: Username
    full_name: FullName
    email: MaybeEmail = None
    phone: MaybePhone = None
    role: Annotated[Role, word(Role)]
    password: Password


class ProfileDraft(Draft):
    full_name: FullName = ""
    email: MaybeEmail = None
    phone: MaybePhone = None


class EditedUser(ProfileDraft):
    username: Username = ""
    role: Annotated[Role, word(Role)] = Role.ENGINEER


class NewPassword(Draft):
    password: Password


class OwnPassword(Draft):
    current: Password
    new: Password


def create_user(actor: Actor, data: object) -> int:
    """Let somebody in; returns their id."""
    actor.require(Permission.MANAGE_USERS)
    draft = read_draft(UserDraft, data)
    hashed = hash_new(draft.password, draft.username)
    with change(actor, "create user") as session:
        return session.answer(add_user(session, draft, hashed).key)


def hash_new(password: str, username: str, field: str = "password") -> str:
    """The hash of a password that is good enough, else Invalid beside `field`. Call it outside a change."""
    check_password(password, username, field)
    return hash_password(password)


def add_user(session: DeskSession, draft: UserDraft, hashed: str) -> User:
    """Add the user within somebody's change and give them an id; Invalid when the username is taken."""
    _refuse_taken(session, draft.username)
    user = User(**draft.model_dump(exclude={"password"}), password_hash=hashed)
    session.add(user)
    session.flush()
    return user


def edit_user(actor: Actor, user_id: int, *, version: int, was: object, changes: object) -> None:
    """Change name, ways to reach them, username or role. A new role counts at once, in open sign-ins too.

    Raises:
        Refused: it would take the actor's own admin role, or the last one.
        Conflict: somebody changed the same field meanwhile.
    """
    actor.require(Permission.MANAGE_USERS)
    edit = read_edit(EditedUser, version, was, changes)
    with change(actor, "edit user") as session:
        user, others = with_other_admins(session, user_id)
        if "username" in edit.new:
            _refuse_taken(session, edit.new["username"], besides=user.id)
        if edit.new.get("role", user.role) != user.role and user.role == Role.ADMIN:
            if user.id == actor.id:
                raise Refused("You can't take away your own admin role. Another admin can.")
            _refuse_losing_last_admin(user, others)
        was_engineer = user.is_engineer()
        edit.apply_to(session, user)
        if was_engineer and not user.is_engineer():
            # Only engineers visit: what was still theirs to do goes back to everybody.
            _return_calls(session, user_id)


def edit_profile(actor: Actor, *, version: int, was: object, changes: object) -> None:
    """Change the actor's own name and ways to reach them."""
    actor.require(Permission.SIGNED_IN)
    edit = read_edit(ProfileDraft, version, was, changes)
    with change(actor, "edit user") as session:
        edit.apply_to(session, _existing(session, actor.id))


def set_password(actor: Actor, user_id: int, data: object) -> None:
    """Give a colleague a new password, sign them out everywhere and revoke their access tokens."""
    actor.require(Permission.MANAGE_USERS)
    if user_id == actor.id:
        raise Refused("Change your own password on your profile page: it asks for the current one.")
    draft = read_draft(NewPassword, data)
    with current().reading() as session:
        username = _existing(session, user_id, lock=False).username
    hashed = hash_new(draft.password, username)
    with change(actor, "set password") as session:
        user = _existing(session, user_id)
        user.password_hash = hashed
        ended = end_all(session, user.key)
        revoke_all(session, user.key, f"by {actor.name}, who set a new password")
    note(Door.PASSWORD_SET, user_id, detail=f"by {actor.name}")
    note_ended(ended, user_id, f"by {actor.name}, who set a new password")


def change_own_password(actor: Actor, data: object) -> None:
    """Change the actor's password and sign them out everywhere but here."""
    actor.require(Permission.SIGNED_IN)
    draft = read_draft(OwnPassword, data)
    with current().reading() as session:
        user = _existing(session, actor.id, lock=False)
    _check_current(user, draft.current)
    if draft.new == draft.current:
        raise Invalid(LOOK_AGAIN, {"new": "This is the password you have now."})
    hashed = hash_new(draft.new, user.username, "new")
    with change(actor, "set password") as session:
        mine = _existing(session, actor.id)
        if mine.password_hash != user.password_hash:
            raise Refused("Your password was changed meanwhile, so this one was not saved.")
        mine.password_hash = hashed
        ended = end_all(session, actor.id, besides=actor.session_id)
    note(Door.PASSWORD_CHANGED, actor.id)
    note_ended(ended, actor.id, f"by {actor.name}, who changed the password")


def _check_current(user: User, password: str) -> None:
    """Raises Invalid unless it is the user's: a screen left unlocked must not be where it is guessed."""
    guesses, key = MovingWindowRateLimiter(StoredHits()), ("own password", str(user.key))
    # Counted before it is looked at: many at once get no further than one after another.
    if not guesses.hit(PER_ACCOUNT, *key):
        note(Door.TOO_MANY_TRIES, user.key, detail="to change the password")
        raise Invalid(LOOK_AGAIN, {"current": "Too many tries. Wait a quarter of an hour, then try again."})
    if not verify_password(user.password_hash, password):
        note(Door.WRONG_PASSWORD, user.key, detail="to change the password")
        raise Invalid(LOOK_AGAIN, {"current": "This is not your current password."})
    guesses.clear(PER_ACCOUNT, *key)


def deactivate_user(actor: Actor, user_id: int) -> None:
    """Let somebody go: no sign-in or access token is good any more, open calls are pending, completed ones theirs.

    Raises:
        Refused: it is the actor, the last admin, or a former colleague already.
    """
    actor.require(Permission.MANAGE_USERS)
    with change(actor, "deactivate user") as session:
        user, others = with_other_admins(session, user_id)
        if not user.is_active:
            raise Refused(f"{user.full_name} is deactivated already.")
        ended = let_go(session, actor, user, others)
    note_ended(ended, user_id, f"by {actor.name}, who deactivated them")


def let_go(session: DeskSession, actor: Actor, user: User, other_admins: list[User]) -> tuple[int, ...]:
    """Deactivate an active user within somebody's change; the ids of the sign-ins that this ends.

    Raises:
        Refused: it is the actor, or the last admin.
    """
    if user.id == actor.id:
        raise Refused("You can't deactivate yourself. Another admin can.")
    if user.role == Role.ADMIN:
        _refuse_losing_last_admin(user, other_admins)
    user.is_active = False
    _return_calls(session, user.key)
    revoke_all(session, user.key, f"by {actor.name}, who deactivated them")
    return end_all(session, user.key)


def reactivate_user(actor: Actor, user_id: int) -> str:
    """Let a former colleague in again, with the password they had; answers their name."""
    actor.require(Permission.MANAGE_USERS)
    with change(actor, "reactivate user") as session:
        user = _existing(session, user_id)
        if user.is_active:
            raise Refused(f"{user.full_name} is active already.")
        user.is_active = True
        return session.answer(user.full_name)


def _existing(session: DeskSession, user_id: int, *, lock: bool = True) -> User:
    wanted = locked_user(user_id) if lock else select(User).where(User.id == user_id)
    user = session.exec(wanted).first()
    if user is None:
        raise not_found("This user")
    return user


def _return_calls(session: DeskSession, user_id: int) -> None:
    """Give the open calls of this user back to everybody."""
    wanted = select(Call).where(Call.assigned_to_id == user_id, col(Call.status).in_(OPEN_CALL))
    for call in session.exec(wanted.order_by(col(Call.id)).with_for_update()).all():
        call.unassign()


def _refuse_taken(session: DeskSession, username: str, besides: int | None = None) -> None:
    taken = session.exec(select(User.id).where(func.lower(User.username) == username.lower())).first()
    if taken is not None and taken != besides:
        raise Invalid(LOOK_AGAIN, {"username": TAKEN})


def with_other_admins(session: DeskSession, user_id: int) -> tuple[User, list[User]]:
    """The user, and the active admins besides. All of them are locked: no two can let each other go at once."""
    is_admin = and_(col(User.role) == Role.ADMIN, col(User.is_active).is_(True))
    # In one order for everybody: with the user first, two admins would each wait for the other.
    wanted = select(User).where(or_(col(User.id) == user_id, is_admin)).order_by(col(User.id))
    found = session.exec(wanted.with_for_update(key_share=True)).all()
    user = next((each for each in found if each.id == user_id), None)
    if user is None:
        raise not_found("This user")
    return user, [each for each in found if each is not user]


def _refuse_losing_last_admin(user: User, others: list[User]) -> None:
    if user.is_active and not others:
        raise Refused(f"{user.full_name} is the last active admin, and the desk needs one.")
