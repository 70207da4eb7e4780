"""What can be seen of users: all of it by admins, names and roles by everybody, oneself by oneself."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, func, select

from ..domain.access import Actor, Permission
from ..domain.calls import OPEN_CALL, Call
from ..domain.errors import not_found
from ..domain.users import Role, User, UserSession
from ..store.database import current
from ..store.session import DeskSession
from .answer import Answer, Row, answer, iso, read_seq, written
from .sessions import browser_words, still_good


def list_users(actor: Actor) -> Answer:
    """Everybody, active ones by name before former ones. For who manages users.

    All admins share one answer, so `may_deactivate` leaves out that nobody may deactivate themselves.
    """
    actor.require(Permission.MANAGE_USERS)
    with current().reading() as session:
        seq = read_seq(session)
        users = session.exec(
            select(User).order_by(col(User.is_active).desc(), func.lower(User.full_name), col(User.id))
        ).all()
        used = select(UserSession.user_id, func.max(UserSession.last_used_at))
        seen = dict(session.exec(used.group_by(col(UserSession.user_id))).all())
        calls = _open_calls(session)
        admins = sum(user.is_active and user.role == Role.ADMIN for user in users)
    rows = [_row(user, seen.get(user.key), calls.get(user.key, 0), admins) for user in users]
    return answer(seq, rows, {"active": sum(user.is_active for user in users), "total": len(users)})


def show_user(actor: Actor, user_id: int) -> Answer:
    """One of them, or nobody."""
    found = list_users(actor)
    return answer(found.seq, [found.rows[user_id]] if user_id in found.rows else [])


def _row(user: User, seen: datetime | None, open_calls: int, admins: int) -> Row:
    is_last_admin = user.role == Role.ADMIN and admins == 1
    return {
        "id": user.key,
        "version": user.version,
        "username": user.username,
        "full_name": user.full_name,
        "email": user.email,
        "phone": written(user.phone) if user.phone else None,
        "tel": user.phone,
        "role": user.role.value,
        "is_active": user.is_active,
        "second_factor_at": iso(user.second_factor_at),
        "last_seen_at": iso(seen),
        "created_at": iso(user.created_at),
        "open_calls": open_calls,
        "may_deactivate": user.is_active and not is_last_admin,
        "may_reactivate": not user.is_active,
    }


def _open_calls(session: DeskSession) -> dict[int, int]:
    counted = select(Call.assigned_to_id, func.count()).where(col(Call.status).in_(OPEN_CALL))
    found = session.exec(counted.group_by(col(Call.assigned_to_id))).all()
    return {user_id: count for user_id, count in found if user_id is not None}


def deactivation_effects(actor: Actor, user_id: int) -> dict[str, int]:
    """What deactivating somebody will do: {calls, sessions} that it returns to pending and ends."""
    actor.require(Permission.MANAGE_USERS)
    with current().reading() as session:
        if session.get(User, user_id) is None:
            raise not_found("This user")
        wanted = select(func.count()).where(UserSession.user_id == user_id, *still_good())
        return {"calls": _open_calls(session).get(user_id, 0), "sessions": session.exec(wanted).one()}


def colleagues(actor: Actor) -> Answer:
    """Everybody there ever was, by name: for names on records and for pickers."""
    actor.require(Permission.SEE_COLLEAGUES)
    with current().reading() as session:
        seq = read_seq(session)
        users = session.exec(select(User).order_by(func.lower(User.full_name), col(User.id))).all()
    rows: list[Row] = [
        {
            "id": user.key,
            "name": user.full_name,
            "role": user.role.value,
            "is_active": user.is_active,
            "is_engineer": user.is_engineer(),
        }
        for user in users
    ]
    return answer(seq, rows)


def show_profile(actor: Actor) -> Answer:
    """The actor's own row."""
    actor.require(Permission.SIGNED_IN)
    with current().reading() as session:
        seq = read_seq(session)
        user = session.get(User, actor.id)
    if user is None:
        return answer(seq, [])
    fields = ("id", "version", "username", "full_name", "email")
    row = {field: getattr(user, field) for field in fields}
    row |= {"phone": written(user.phone) if user.phone else None, "role": user.role.value}
    row["second_factor_at"] = iso(user.second_factor_at)
    return answer(seq, [row])


def list_sessions(actor: Actor) -> Answer:
    """The actor's own open sign-ins, this one first, then the last used."""
    actor.require(Permission.SIGNED_IN)
    with current().reading() as session:
        seq = read_seq(session)
        mine = select(UserSession).where(UserSession.user_id == actor.id, *still_good())
        opened = session.exec(mine.order_by(col(UserSession.last_used_at).desc(), col(UserSession.id))).all()
    rows: list[Row] = [
        {
            "id": row.id,
            "created_at": iso(row.created_at),
            "last_used_at": iso(row.last_used_at),
            "browser": browser_words(row.user_agent),
            "current": row.id == actor.session_id,
        }
        for row in sorted(opened, key=lambda row: row.id != actor.session_id)
    ]
    return answer(seq, rows)
