"""The feed of the journal and the history of one record, cut to what the reader may see now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, exists, func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from ..domain.access import Actor, Permission
from ..domain.ids import as_id
from ..domain.journal import JournalEntry, Touch
from ..domain.times import start_of
from ..store.database import current
from ..store.scope import touches_seen_by
from ..store.session import DeskSession
from . import params as url
from .activity_rows import entry_rows
from .activity_undo import offers_in_feed, offers_in_history
from .answer import Answer, answer, paging, read_seq

ENTITIES = ("call", "carry_in", "customer", "user", "category", "webhook")
ENTRIES_A_PAGE = 50
# Older entries are found by day; counting all of them would cost more with every change ever made.
FEED_LENGTH = 1_000
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
            url.day(params),
            url.page(params),
        )


def list_activity(actor: Actor, question: ActivityQuestion) -> Answer:
    """One page of the feed, newest first, with {total, page, pages, first, last} up to FEED_LENGTH."""
    actor.require(Permission.SEE_ACTIVITY)
    seen = _seen(actor, question.kind)
    seqs = _seqs(question, seen)
    with current().reading() as session:
        seq = read_seq(session)
        counted = seqs.limit(FEED_LENGTH).subquery()
        total = session.exec(select(func.count()).select_from(counted)).one()
        pages = paging(total, question.page, ENTRIES_A_PAGE)
        shown = seqs.limit(ENTRIES_A_PAGE).offset((pages["page"] - 1) * ENTRIES_A_PAGE)
        entries = session.exec(_entries(shown)).all()
        touches = _touches(session, entries, seen)
        offers = offers_in_feed(session, actor, entries, touches)
        return answer(seq, entry_rows(session, actor, entries, touches, offers), pages)


def activity_before(
    actor: Actor, question: ActivityQuestion, record: int, before: int | None, limit: int
) -> Answer:
    """Entries older than `before`, newest first. `record` is one of the question's kind, or 0 for all; `extra` has
    {next}: what the next page is before, None at the end."""
    actor.require(Permission.SEE_ACTIVITY)
    seen = _seen(actor, question.kind, record)
    with current().reading() as session:
        seq = read_seq(session)
        found = session.exec(_seqs(question, seen, before).limit(limit + 1)).all()
        entries = session.exec(_entries(found[:limit])).all()
        rows = entry_rows(session, actor, entries, _touches(session, entries, seen), {})
    return answer(seq, rows, {"next": entries[-1].seq if len(found) > limit else None})


def _seen(actor: Actor, kind: str, record: int = 0) -> ColumnElement[bool]:
    seen = [touches_seen_by(actor)]
    if kind:
        seen.append(col(Touch.entity) == kind)
    if record:
        seen.append(col(Touch.row_id) == record)
    return and_(*seen)


def _seqs(question: ActivityQuestion, seen: ColumnElement[bool], before: int | None = None) -> Any:
    """The numbers of the entries, newest first, older than `before`. Those of one kind may be few among many."""
    filters = _filters(question)
    number = col(Touch.seq) if question.kind else col(JournalEntry.seq)
    older = [] if before is None else [number < before]
    if not question.kind:
        touched = select(Touch.id).where(col(Touch.seq) == number, seen).exists()
        return select(JournalEntry.seq).where(touched, *older, *filters).order_by(number.desc())
    found = select(Touch.seq).where(seen, *older).distinct().order_by(number.desc())
    entry = exists().where(col(JournalEntry.seq) == number, *filters)
    return found.where(entry) if filters else found


def _entries(seqs: Any) -> SelectOfScalar[JournalEntry]:
    """These entries, newest first."""
    return select(JournalEntry).where(col(JournalEntry.seq).in_(seqs)).order_by(col(JournalEntry.seq).desc())


def history(actor: Actor, entity: str, record_id: int) -> Answer:
    """What happened to one record, oldest first; empty when the actor may not see it."""
    actor.require(Permission.SEE_ACTIVITY)
    seen = and_(touches_seen_by(actor), col(Touch.entity) == entity, col(Touch.row_id) == record_id)
    with current().reading() as session:
        seq = read_seq(session)
        newest = session.exec(_entries(select(Touch.seq).where(seen)).limit(HISTORY_LENGTH)).all()
        entries = newest[::-1]
        touches = _touches(session, entries, seen)
        offers = offers_in_history(session, actor, entity, entries, touches)
        return answer(seq, entry_rows(session, actor, entries, touches, offers))


def _touches(
    session: DeskSession, entries: Sequence[JournalEntry], seen: ColumnElement[bool]
) -> Sequence[Touch]:
    """The touches of the entries that may be seen, in the order in which they were made."""
    wanted = select(Touch).where(col(Touch.seq).in_([entry.seq for entry in entries]), seen)
    return session.exec(wanted.order_by(col(Touch.id))).all()


def _filters(question: ActivityQuestion) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if question.person:
        found.append(col(JournalEntry.actor_id) == question.person)
    if question.day:
        start = start_of(question.day)
        found += [col(JournalEntry.at) >= start, col(JournalEntry.at) < start + timedelta(days=1)]
    return found
