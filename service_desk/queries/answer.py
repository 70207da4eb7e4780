"""Answers: an order and flat rows by id, with the journal's number at which they were read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select
from sqlmodel import col, select

from ..config import settings
from ..domain.journal import Counter
from ..domain.phones import show_phone
from ..store.database import current
from ..store.session import DeskSession

PAGE_SIZE = 25
KEPT = 128
"""Statements of one kind that are kept: SQLAlchemy takes longer to put one together than a database to answer it, and
the same are asked again after every change."""
_SEQ = select(Counter.value).where(col(Counter.name) == "journal")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """`rows` are JSON-able and keyed by what `order` lists: ids, or numbers such as "C-12" in mixed lists.

    Times are ISO 8601 in UTC. `extra` holds totals, counts and pages.
    """

    seq: int
    order: tuple[int | str, ...] = ()
    rows: dict[int | str, Row] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


def answer(seq: int, rows: Iterable[Row], extra: dict[str, Any] | None = None, key: str = "id") -> Answer:
    """The rows in their order, keyed by one of their fields."""
    listed = {row[key]: row for row in rows}
    return Answer(seq, tuple(listed), listed, extra or {})


def read_seq(session: DeskSession) -> int:
    """The journal's number. Read first, in the transaction that reads the rows."""
    return int(session.read(_SEQ).scalar_one())


def with_seq(kept: Select[Any]) -> Select[Any]:
    """The SELECT with the journal's number in each row, as `seq`: one statement instead of a transaction."""
    return kept.add_columns(_SEQ.scalar_subquery().label("seq"))


def look(kept: Select[Any], row: Callable[[Any], Row], **values: Any) -> Answer:
    """The rows of a SELECT `with_seq`, looked up by their ids. Its `seq` is 0 when there are none."""
    with current().looking() as session:
        found = session.read(kept, **values).all()
    return answer(found[0].seq if found else 0, map(row, found))


def paging(total: int, page: int, size: int = PAGE_SIZE) -> dict[str, int]:
    """{total, page, pages, first, last}: beyond the end is the last; an empty list has one, from 0 to 0."""
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    first = (page - 1) * size + 1 if total else 0
    return {"total": total, "page": page, "pages": pages, "first": first, "last": min(page * size, total)}


def iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def one_line(text: str, limit: int = 160) -> str:
    """The text on one line, cut with an ellipsis."""
    line = " ".join(text[: 4 * limit].split())
    return line if len(line) <= limit and len(text) <= 4 * limit else f"{line[: limit - 1].rstrip()}…"


@lru_cache(maxsize=4096)
def written(phone: str) -> str:
    """An E.164 number as people of the configured region write it."""
    return show_phone(phone, settings().phone_region)
