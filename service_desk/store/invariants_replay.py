"""Journal and rows agree: each change begins where the one before ended, and the last ends in the row.

Rows and touches are read side by side in the order of their ids, so that memory doesn't grow with the desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlmodel import col

from ..domain.columns import UtcDateTime
from ..domain.journal import Touch
from ..domain.record import Record
from .migrate import metadata
from .touches import UNTOLD, plain

_BATCH = 2_000


def versions(connection: Connection) -> Iterator[str]:
    """One version for being made, one more for each change accepted since."""
    for kind in records():
        for row, touches in _with_touches(connection, kind):
            if row.version != max(1, len(touches)):
                yield f"{kind.__entity__} {row.id} has version {row.version} and {len(touches)} changes"


def replayed(connection: Connection) -> Iterator[str]:
    """What the journal says of each field, from nothing to the row's present value."""
    for kind in records():
        for row, touches in _with_touches(connection, kind):
            name = f"{kind.__entity__} {row.id}"
            if not touches:
                yield f"{name} is in no entry of the journal"
            yield from (f"{name}: {found}" for found in _broken_links(kind, row, touches))
        yield from _orphans(connection, kind)


def records() -> list[type[Record]]:
    """Every journaled kind of row."""
    metadata()
    return sorted((kind for kind in Record.__subclasses__()), key=lambda kind: kind.__entity__)


def _broken_links(kind: type[Record], row: Row[Any], touches: list[Row[Any]]) -> Iterator[str]:
    for column in kind.__table__.columns:  # type: ignore[attr-defined]
        field, is_moment = column.name, isinstance(column.type, UtcDateTime)
        if field in UNTOLD or field in kind.__secret__:
            continue
        at: Any = None
        for touch in touches:
            if field not in touch.changed:
                continue
            old, new = (_same(value, is_moment) for value in touch.changed[field])
            if old != at:
                yield f"{field} was {at!r}, and entry {touch.seq} changed it from {old!r}"
            at = new
        if at != _same(plain(row._mapping[field]), is_moment):
            yield f"{field} is {plain(row._mapping[field])!r}, and the journal ends in {at!r}"
    facts = touches[-1].facts if touches else {}
    for fact in kind.__facts__ if touches else ():
        if facts.get(fact) != plain(row._mapping[fact]):
            yield f"the last entry says that {fact} is {facts.get(fact)!r}, it is {plain(row._mapping[fact])!r}"


def _same(value: Any, is_moment: bool) -> Any:
    """Two spellings of one moment are equal."""
    return datetime.fromisoformat(value) if is_moment and isinstance(value, str) else value


def _with_touches(connection: Connection, kind: type[Record]) -> Iterator[tuple[Row[Any], list[Row[Any]]]]:
    """Each row with its touches in commit order."""
    table = kind.__table__  # type: ignore[attr-defined]
    rows = connection.execution_options(yield_per=_BATCH).execute(select(table).order_by(table.c.id))
    touches = groupby(_touches(connection, kind), key=lambda touch: int(touch.row_id))
    key, group = next(touches, (None, iter(())))
    for row in rows:
        while key is not None and key < row.id:
            key, group = next(touches, (None, iter(())))
        yield row, list(group) if key == row.id else []


def _touches(connection: Connection, kind: type[Record]) -> Iterator[Row[Any]]:
    wanted = select(col(Touch.row_id), col(Touch.seq), col(Touch.changed), col(Touch.facts))
    ordered = wanted.where(col(Touch.entity) == kind.__entity__).order_by(
        col(Touch.row_id), col(Touch.seq), col(Touch.id)
    )
    return iter(connection.execution_options(yield_per=_BATCH).execute(ordered))


def _orphans(connection: Connection, kind: type[Record]) -> Iterator[str]:
    table = kind.__table__  # type: ignore[attr-defined]
    wanted = select(col(Touch.row_id), col(Touch.seq)).outerjoin(table, table.c.id == col(Touch.row_id))
    lost = wanted.where(col(Touch.entity) == kind.__entity__, table.c.id.is_(None))
    for row_id, seq in connection.execute(lost):
        yield f"{kind.__entity__} {row_id} of entry {seq} does not exist"
