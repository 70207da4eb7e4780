"""What admins see of the doors: who is signed in where, and what happened there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from ..domain.access import Actor, Permission
from ..domain.ids import as_id
from ..domain.security import GROUPS, SecurityEvent
from ..domain.times import start_of
from ..domain.users import User, UserSession
from ..store.database import current
from . import params as url
from .answer import Answer, Row, answer, iso, paging, read_seq
from .sessions import browser_words, still_good

LINES_A_PAGE = 50
BOOK_LENGTH = 5_000
"""Older lines are found by day."""


@dataclass(frozen=True, slots=True)
class DoorsQuestion:
    """`group` is a key of GROUPS or empty, `person` 0 for everybody, `day` a UTC day as YYYY-MM-DD or empty."""

    group: str = ""
    person: int = 0
    day: str = ""
    page: int = 1

    @classmethod
    def from_params(cls, params: url.Params) -> Self:
        return cls(
            url.one_of(params, "group", GROUPS, ""),
            as_id(params.get("person")) or 0,
            url.day(params),
            url.page(params),
        )


def list_doors(actor: Actor, question: DoorsQuestion) -> Answer:
    """One page of the door book, what happened last first, with {total, page, pages, first, last}."""
    actor.require(Permission.SEE_SECURITY)
    wanted = select(SecurityEvent, User).join(User, isouter=True).where(*_filters(question))
    with current().reading() as session:
        seq = read_seq(session)
        counted = wanted.with_only_columns(col(SecurityEvent.id)).limit(BOOK_LENGTH).subquery()
        pages = paging(
            session.exec(select(func.count()).select_from(counted)).one(), question.page, LINES_A_PAGE
        )
        newest = wanted.order_by(col(SecurityEvent.last_at).desc(), col(SecurityEvent.id).desc())
        lines = session.exec(newest.limit(LINES_A_PAGE).offset((pages["page"] - 1) * LINES_A_PAGE)).all()
    return answer(seq, [_line(event, user) for event, user in lines], pages)


def _filters(question: DoorsQuestion) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if question.group:
        found.append(col(SecurityEvent.kind).in_([kind.value for kind in GROUPS[question.group]]))
    if question.person:
        found.append(col(SecurityEvent.user_id) == question.person)
    if question.day:
        start = start_of(question.day)
        found += [
            col(SecurityEvent.last_at) >= start,
            col(SecurityEvent.at) < start + timedelta(days=1),
        ]
    return found


def _line(event: SecurityEvent, user: User | None) -> Row:
    known = next((group for group, kinds in GROUPS.items() if event.kind in {k.value for k in kinds}), "")
    return {
        "id": event.id,
        "what": event.kind.capitalize(),
        "group": known,
        "user_id": event.user_id,
        "name": user.full_name if user else None,
        "address": event.address,
        "detail": event.detail,
        "times": event.times,
        "at": iso(event.at),
        "last_at": iso(event.last_at),
    }


def list_all_sessions(actor: Actor, page: int) -> Answer:
    """Everybody's open sign-ins by name, what was used last first, with {total, page, pages, first, last}.

    `places` counts those of the same person; `leads` marks the first of them on the page.
    """
    actor.require(Permission.SEE_SECURITY)
    places = func.count().over(partition_by=col(UserSession.user_id))
    wanted = (
        select(UserSession, User, places)
        .join(User, col(User.id) == UserSession.user_id)
        .where(col(User.is_active).is_(True), *still_good())
    )
    by_name = (
        func.lower(User.full_name),
        col(User.id),
        col(UserSession.last_used_at).desc(),
        col(UserSession.id),
    )
    with current().reading() as session:
        seq = read_seq(session)
        open_now = wanted.with_only_columns(col(UserSession.id)).subquery()
        pages = paging(session.exec(select(func.count()).select_from(open_now)).one(), page)
        first = max(0, pages["first"] - 1)
        found = session.exec(wanted.order_by(*by_name).limit(pages["last"] - first).offset(first)).all()
    rows = [_place(actor, opened, user, count) for opened, user, count in found]
    for row, above in zip(rows, [None, *rows], strict=False):
        row["leads"] = above is None or above["user_id"] != row["user_id"]
    return answer(seq, rows, pages)


def _place(actor: Actor, opened: UserSession, user: User, places: int) -> Row:
    return {
        "id": opened.id,
        "user_id": user.key,
        "name": user.full_name,
        "browser": browser_words(opened.user_agent),
        "address": opened.address,
        "created_at": iso(opened.created_at),
        "last_used_at": iso(opened.last_used_at),
        "current": opened.id == actor.session_id,
        "own": user.id == actor.id,
        "places": places,
    }
