"""Who sends a token, and which tokens there are."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from ..domain.access import Actor, Permission
from ..domain.api_tokens import ApiToken, is_token
from ..domain.times import now
from ..domain.users import User, hash_token
from ..store.database import current
from .answer import Answer, Row, answer, iso, paging, read_seq
from .sessions import lacks_second_factor


def who_bears(token: str) -> Actor | None:
    """The person whose good token this is, as they act now; None for every other text."""
    found = _found(token)
    return _bearer(*found) if found else None


def _bearer(row: ApiToken, user: User) -> Actor | None:
    if not row.stands() or not user.is_active or lacks_second_factor(row, user):
        return None
    return Actor(user.key, user.role, user.full_name, token_id=row.id)


def bearers(token_ids: Collection[int]) -> dict[int, Actor]:
    """Those of the tokens that are good, each with its owner as they act now."""
    wanted = select(ApiToken, User).join(User, col(User.id) == ApiToken.user_id)
    with current().reading() as session:
        found = session.exec(wanted.where(col(ApiToken.id).in_(token_ids))).all()
    return {row.id: actor for row, user in found if row.id and (actor := _bearer(row, user))}


def whose_was(token: str) -> tuple[int | None, str]:
    """Whose token it was and what it was called; nobody's and "" for one that never was."""
    found = _found(token)
    return (found[1].key, found[0].name) if found else (None, "")


def _found(token: str) -> tuple[ApiToken, User] | None:
    if not is_token(token):
        return None
    wanted = (
        select(ApiToken, User)
        .join(User, col(User.id) == ApiToken.user_id)
        .where(ApiToken.token_hash == hash_token(token))
    )
    with current().reading() as session:
        return session.exec(wanted).first()


def list_tokens(actor: Actor) -> Answer:
    """The actor's own good tokens, the newest first."""
    actor.require(Permission.SIGNED_IN)
    mine = select(ApiToken).where(ApiToken.user_id == actor.id, *_stands())
    with current().reading() as session:
        seq = read_seq(session)
        rows = session.exec(mine.order_by(col(ApiToken.id).desc())).all()
    return answer(seq, [_row(row) for row in rows])


def list_all_tokens(actor: Actor, page: int) -> Answer:
    """Everybody's good tokens by their owner's name, the newest first, with {total, page, pages, first, last}."""
    actor.require(Permission.SEE_SECURITY)
    wanted = (
        select(ApiToken, User)
        .join(User, col(User.id) == ApiToken.user_id)
        .where(col(User.is_active).is_(True), *_stands())
    )
    with current().reading() as session:
        seq = read_seq(session)
        standing = wanted.with_only_columns(col(ApiToken.id)).subquery()
        pages = paging(session.exec(select(func.count()).select_from(standing)).one(), page)
        first = max(0, pages["first"] - 1)
        by_name = (func.lower(User.full_name), col(User.id), col(ApiToken.id).desc())
        found = session.exec(wanted.order_by(*by_name).limit(pages["last"] - first).offset(first)).all()
    rows = [_row(row) | {"user_id": user.key, "owner": user.full_name} for row, user in found]
    return answer(seq, rows, pages)


def show_token(actor: Actor) -> dict[str, Any]:
    """The token that the actor uses: {name, created_at, expires_at}; empty when they use none."""
    with current().reading() as session:
        row = session.get(ApiToken, actor.token_id) if actor.token_id else None
    if row is None:
        return {}
    return {"name": row.name, "created_at": iso(row.created_at), "expires_at": iso(row.expires_at)}


def _stands() -> tuple[ColumnElement[bool], ...]:
    return col(ApiToken.revoked_at).is_(None), col(ApiToken.expires_at) > now()


def _row(row: ApiToken) -> Row:
    return {
        "id": row.id,
        "name": row.name,
        "created_at": iso(row.created_at),
        "expires_at": iso(row.expires_at),
        "last_used_at": iso(row.last_used_at),
    }
