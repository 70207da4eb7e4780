"""The feed of the journal and the history of one record, cut to what the reader may see now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self

from sqlalchemy import ColumnElement, and_, func, or_, true
from sqlmodel import col, select

from ..domain.access import Actor, Permission
from ..domain.calls import Call
from ..domain.customers import Customer
from ..domain.ids import as_id
from ..domain.journal import JournalEntry, Touch
from ..store.database import current
from ..store.scope import calls_seen_by, customers_seen_by
from ..store.session import DeskSession
from . import params as url
from .activity_rows import entry_rows
from .answer import Answer, answer, paging, read_seq

ENTITIES = ("call", "carry_in", "customer", "user", "category")
ENTRIES_A_PAGE = 50
# Older entries are found by day; counting all of them would cost more with every change ever made.
FEED_LENGTH = 5_000
HISTORY_LENGTH = 500


@dataclass(frozen=True, slots=True)
class ActivityQuestion:
    """`person` is 0 for everybody, `kind` an entity or empty, `day` a UTC day as YYYY-MM-DD or empty."""

    person: int = 0
    kind: str = ""
    day: str = ""
    page: int = 1

    @classmethod
    def from_params(cls, actor: Actor, params: url.Params) -> Self:
        return cls(
            as_id(params.get("person")) or 0,
            url.one_of(params, "kind", ENTITIES, ""),
            _day(params.get("day")),
            url.page(params),
        )


def list_activity(actor: Actor, question: ActivityQuestion) -> Answer:
    """One page of the feed, newest first, with {total, page, pages, first, last} up to FEED_LENGTH."""
    actor.require(Permission.SEE_ACTIVITY)
    seen = and_(_seen_by(actor), col(Touch.entity) == question.kind if question.kind else true())
    wanted = select(JournalEntry).where(
        select(Touch.id).where(col(Touch.seq) == col(JournalEntry.seq), seen).exists(), *_filters(question)
    )
    with current().reading() as session:
        seq = read_seq(session)
        counted = wanted.with_only_columns(col(JournalEntry.seq)).limit(FEED_LENGTH).subquery()
        total = session.exec(select(func.count()).select_from(counted)).one()
        pages = paging(total, question.page, ENTRIES_A_PAGE)
        newest = wanted.order_by(col(JournalEntry.seq).desc())
        entries = session.exec(
            newest.limit(ENTRIES_A_PAGE).offset((pages["page"] - 1) * ENTRIES_A_PAGE)
        ).all()
        return answer(seq, entry_rows(session, actor, entries, _touches(session, entries, seen)), pages)


def history(actor: Actor, entity: str, record_id: int) -> Answer:
    """What happened to one record, oldest first; empty when the actor may not see it."""
    actor.require(Permission.SEE_ACTIVITY)
    seen = and_(_seen_by(actor), col(Touch.entity) == entity, col(Touch.row_id) == record_id)
    with current().reading() as session:
        seq = read_seq(session)
        wanted = select(JournalEntry).where(col(JournalEntry.seq).in_(select(Touch.seq).where(seen)))
        newest = session.exec(wanted.order_by(col(JournalEntry.seq).desc()).limit(HISTORY_LENGTH)).all()
        entries = newest[::-1]
        return answer(seq, entry_rows(session, actor, entries, _touches(session, entries, seen)))


def _touches(
    session: DeskSession, entries: Sequence[JournalEntry], seen: ColumnElement[bool]
) -> Sequence[Touch]:
    """The touches of the entries that may be seen, in the order in which they were made."""
    wanted = select(Touch).where(col(Touch.seq).in_([entry.seq for entry in entries]), seen)
    return session.exec(wanted.order_by(col(Touch.id))).all()


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """The touches of records that the actor may see now. Depends on the actor's scope alone."""
    if actor.may(Permission.MANAGE_USERS):
        return true()
    own = actor.scope.own_id
    if own is None:
        return col(Touch.entity) != "user"
    calls = select(Call.id).where(calls_seen_by(actor))
    customers = select(Customer.id).where(customers_seen_by(actor))
    return or_(
        and_(col(Touch.entity) == "call", col(Touch.row_id).in_(calls)),
        and_(col(Touch.entity) == "customer", col(Touch.row_id).in_(customers)),
        col(Touch.entity) == "carry_in",
        and_(col(Touch.entity) == "user", col(Touch.row_id) == own),
    )


def _filters(question: ActivityQuestion) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if question.person:
        found.append(col(JournalEntry.actor_id) == question.person)
    if question.day:
        start = datetime.combine(date.fromisoformat(question.day), datetime.min.time(), UTC)
        found += [col(JournalEntry.at) >= start, col(JournalEntry.at) < start + timedelta(days=1)]
    return found


def _day(value: object) -> str:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return ""
    return day.isoformat() if day and 2000 <= day.year < 2200 else ""
