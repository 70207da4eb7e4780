"""What a test reads back from the open database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import event
from sqlmodel import SQLModel, col, select

from service_desk.domain.journal import Counter, JournalEntry, Touch
from service_desk.domain.record import Record
from service_desk.store.database import Database, current

R = TypeVar("R", bound=Record)
M = TypeVar("M", bound=SQLModel)


def stored(kind: type[R], row_id: int) -> R:
    with current().reading() as session:
        row = session.get(kind, row_id)
        assert row is not None
        return row


def all_rows(kind: type[M]) -> list[M]:
    with current().reading() as session:
        return list(session.exec(select(kind)))


def last_seq() -> int:
    with current().reading() as session:
        return session.exec(select(Counter.value).where(Counter.name == "journal")).one()


def seqs() -> list[int]:
    with current().reading() as session:
        return list(session.exec(select(JournalEntry.seq).order_by(col(JournalEntry.seq))))


def last_entry() -> JournalEntry:
    with current().reading() as session:
        return session.exec(select(JournalEntry).order_by(col(JournalEntry.seq).desc())).first()


def last_touches() -> list[Touch]:
    with current().reading() as session:
        return list(session.exec(select(Touch).where(Touch.seq == last_entry().seq).order_by(col(Touch.id))))


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The SELECTs that are run inside the block."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
