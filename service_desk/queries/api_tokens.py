"""Who sends a token, and which tokens there are."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam
from sqlalchemy import Row as Found
from sqlalchemy import select as columns
from sqlmodel import col, func, select

from ..domain.access import Actor, Permission
from ..domain.api_tokens import ApiToken, is_token, stands
from ..domain.times import now
from ..domain.users import User, hash_token
from ..store.database import current
from .answer import Answer, Row, answer, iso, paging, read_seq
from .sessions import lacks_second_factor

# Asked with every request: rows made into objects would cost more than the database itself.
_FIELDS: list[Any] = [
    *(ApiToken.id, ApiToken.name, ApiToken.user_id, ApiToken.expires_at, ApiToken.revoked_at),
    *(ApiToken.with_second_factor, User.role, User.full_name, User.is_active, User.second_factor_at),
]
_OWNED: Select[Any] = columns(*_FIELDS).join(User, col(User.id) == col(ApiToken.user_id))
_BY_HASH = _OWNED.where(col(ApiToken.token_hash) == bindparam("hash"))
_BY_IDS = _OWNED.where(col(ApiToken.id).in_(bindparam("ids", expanding=True)))


def who_bears(token: str) -> Actor | None:
    """The person whose good token this is, as they act now; None for every other text."""
    found = _found(token)
    return _bearer(found) if found else None


def _bearer(found: Found[Any]) -> Actor | None:
    if not stands(found) or not found.is_active or lacks_second_factor(found, found):
        return None
    return Actor(found.user_id, found.role, found.full_name, token_id=found.id)


def bearers(token_ids: Collection[int]) -> dict[int, Actor]:
    """Those of the tokens that are good, each with its owner as they act now."""
    with current().looking() as session:
        rows = session.read(_BY_IDS, ids=list(token_ids)).all()
    return {row.id: actor for row in rows if (actor := _bearer(row))}


def whose_was(token: str) -> tuple[int | None, str]:
    """Whose token it was and what it was called; nobody's and "" for one that never was."""
    found = _found(token)
    return (found.user_id, found.name) if found else (None, "")


def _found(token: str) -> Found[Any] | None:
    if not is_token(token):
        return None
    with current().looking() as session:
        return session.read(_BY_HASH, hash=hash_token(token)).first()


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
