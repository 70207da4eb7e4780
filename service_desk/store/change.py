"""The only commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import col

from .. import figures
from ..domain.access import Actor
from ..domain.errors import Conflict, Invalid
from ..domain.journal import WIRE_NAMES, Counter, JournalEntry, News, Touch, Touched
from ..domain.times import now
from .database import current, translated
from .expected import heed_expected
from .once import taking
from .session import DeskSession, UnjournaledWriteError
from .touches import Touches

# Built once: each takes longer to put together than to carry out.
_NEXT = (
    update(Counter)
    .where(col(Counter.name) == "journal")
    .values(value=Counter.value + 1)
    .returning(col(Counter.value))
)
_ENTRY = insert(JournalEntry.__table__)  # type: ignore[attr-defined]
_TOUCHES = insert(Touch.__table__)  # type: ignore[attr-defined]

_listeners: list[Callable[[News], None]] = []


def on_news(listener: Callable[[News], None]) -> Callable[[], None]:
    """Call `listener` after every commit, in the committing thread. Returns what ends it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


@contextmanager
def change(actor: Actor | None, verb: str) -> Iterator[DeskSession]:
    """One change: all of it or nothing, journaled, numbered and announced.

    `verb` is a key of `journal.WIRE_NAMES`. `actor` is None only where nobody is signed in yet: the first
    admin and the command line. When no journaled row differs afterwards, nothing is journaled or announced.
    Within `store.once` the command's key is taken first and what came of it is stored last, all in this transaction.

    Raises:
        Outdated: a row is not what `store.expected.expecting` says.
        Conflict: a row was changed by somebody else since it was read.
        Invalid: a value that must be unique is taken.
        Busy: the store can't take the change now.
    """
    if verb not in WIRE_NAMES:
        raise UnjournaledWriteError(f"“{verb}” has no name in domain.journal.WIRE_NAMES")
    began = perf_counter()
    command = taking()
    with _committing() as session:
        if command:
            command.begin(session)
        touches = Touches(session, actor.id if actor else None)
        yield session
        session.flush()
        touched = touches.collected()
        heed_expected(touches.versions_before())
        news = _write_journal(session, actor, verb, touched) if touched else None
        if command:
            command.complete(session, news.seq if news else None)
        session.may_commit = True
        session.commit()
    if news is not None:
        figures.COMMIT_SECONDS.add(perf_counter() - began)
        figures.COMMITS.add(verb)
        for listener in tuple(_listeners):
            listener(news)


@contextmanager
def housekeeping() -> Iterator[DeskSession]:
    """A commit for rows that are no news to anybody: sign-ins, links, counters of the store itself.

    Raises:
        UnjournaledWriteError: a journaled row was changed in it.
    """
    with _committing() as session:
        touches = Touches(session, None)
        yield session
        session.flush()
        if touches.collected():
            raise UnjournaledWriteError("journaled rows are changed with store.change")
        session.may_commit = True
        session.commit()


@contextmanager
def _committing() -> Iterator[DeskSession]:
    try:
        with translated(), current().writer() as session:
            yield session
    except StaleDataError as fault:
        raise Conflict("Somebody changed this meanwhile. Nothing was saved; look again.", {}) from fault
    except IntegrityError as fault:
        raise Invalid("Somebody just saved the same one. Nothing was saved; look again.") from fault


def _write_journal(
    session: DeskSession, actor: Actor | None, verb: str, touched: tuple[Touched, ...]
) -> News:
    # The counter row is taken last and held until the commit, so numbers rise in commit order on PostgreSQL too.
    connection = session.connection()
    seq = connection.scalar(_NEXT)
    if seq is None:
        raise RuntimeError("the journal's counter is missing; run the migrations")
    entry = {"seq": seq, "at": now(), "actor_id": actor.id if actor else None, "verb": verb}
    connection.execute(_ENTRY, entry)
    connection.execute(_TOUCHES, [_row(seq, each) for each in touched])
    return News(seq, touched)


def _row(seq: int, touch: Touched) -> dict[str, Any]:
    told = {"entity": touch.entity, "row_id": touch.row_id, "changed": touch.changed, "facts": touch.facts}
    return {"seq": seq, **told}
