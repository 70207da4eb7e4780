"""One page of a list that may be long: counted up to a bound, and read from whichever end is asked for.

Nothing here reads more rows than the bounds below, however many there are. What passes the filters is counted first:
few are fetched and sorted, of many the sort's own index is walked until the page is full.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Integer,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.schema import Column
from sqlalchemy.sql import operators
from sqlalchemy.sql.visitors import replacement_traverse

from ..domain.record import Record
from ..store.database import current
from ..store.session import DeskSession
from ..store.texts import VIEWS
from .answer import PAGE_SIZE, paging
from .listing import Key, Listing
from .search import texts_of

MOST_COUNTED = 10_000
"""Longer lists are "10,000+"; so many can be paged from either end."""
MOST_FOUND = 500
"""The same for a search through everything."""
MOST_LOOKED_AT = 5_000
"""A search among no more rows than this looks at each; among more it asks the index of words."""
MOST_SORTED = 20_000
"""So many finds SQLite sorts rather than walk the index of another order."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows to show, as {id}s in no order that leave `values` open, and {total, page, pages, first, last}.

    `made_as` tells the statement apart from others of the listing. With `more` there are more than `total` rows, and
    pages before the last one are numbered from -1 downwards.
    """

    listing: Listing
    made_as: tuple[Hashable, ...]
    ids: Callable[[], Select[Any]]
    values: dict[str, Any]
    extra: dict[str, int]

    def read(self, session: DeskSession, rows: Callable[[], Select[Any]]) -> CursorResult[Any]:
        """The rows of the page, out of all that `rows` selects."""
        return session.read(self.listing.kept(self.made_as, lambda: self._of(rows())), **self.values)

    def _of(self, rows: Select[Any]) -> Select[Any]:
        order = [key.order(False) for key in self.listing.sort]
        return rows.where(self.listing.key.in_(self.ids())).order_by(*order)


@dataclass(frozen=True, slots=True)
class Way:
    """How the rows are found: by the index of words, or by those of the table."""

    listing: Listing
    by_words: bool = False
    walks: bool = False

    @property
    def key(self) -> Any:
        # Only by its own name does SQLite know that the index of words is in this order already.
        return texts_of(self.listing.kind).c.id if self.by_words else self.listing.key

    def by(self, key: Key) -> Any:
        return self.key if self.listing.by_id() else key.by

    def select(self, *columns: Any) -> Select[Any]:
        """The rows, with these columns."""
        listing = self.listing
        found: Select[Any] = select(*columns)
        if self.by_words and listing.sought:
            texts = texts_of(listing.kind)
            found = found.select_from(texts).where(listing.sought.in_texts(listing.kind))
            if listing.conditions or not listing.by_id():
                # The plus keeps SQLite from asking the index of words again for every row.
                own = literal_column(f"+{texts.name}.rowid") if current().is_sqlite else texts.c.id
                found = found.join(listing.table, own == listing.key)
        else:
            found = found.select_from(listing.table)
            if listing.sought:
                view = VIEWS[listing.kind]
                found = found.join(view, view.c.id == listing.key).where(listing.sought.in_view(listing.kind))
        return listing.with_customers(found).where(*self._conditions())

    def _conditions(self) -> list[ColumnElement[bool]]:
        """Where SQLite is to walk a sort's index, no filter may tempt it to another one."""
        listing = self.listing
        if self.walks and listing.one_by_one:
            listing = replace(listing, filters=listing.one_by_one)
        if not (self.walks and current().is_sqlite):
            return list(listing.conditions)
        return [
            each if self._keeps_order(each) else _unindexed(each, listing.table)
            for each in listing.conditions
        ]

    def _keeps_order(self, condition: Any) -> bool:
        """Whether an index for this one condition is in the order of the list: each is by its filter and then by id."""
        return self.listing.by_id() and getattr(condition, "operator", None) is not operators.in_op


def read_page(session: DeskSession, listing: Listing, page: int) -> Page:
    """Count what there is to page through, and find the page. One statement, up to three for a search."""
    way, most = way_to_find(session, listing)
    raw_most = MOST_SORTED if way.by_words and current().is_sqlite and not listing.by_id() else most
    values: dict[str, Any] = {}
    if way.by_words and raw_most == MOST_FOUND:
        # So few are kept: looking for them once more would cost as much again.
        wanted = listing.kept("found", lambda: way.select(way.key).limit(raw_most + 1))
        found = session.read(wanted).scalars().all()
        raw = len(found)
        if listing.quoted:
            quoted = listing.kept("quoted", lambda: select(_count_quoted(listing)))
            raw += session.read(quoted).scalar_one()
        if len(found) <= raw_most:
            way, values = listing.kept("among found", lambda: _among_found(listing)), {"found": found}
    else:
        counted_as = ("count", way.by_words, raw_most)
        count = listing.kept(counted_as, lambda: select(_count(way, raw_most + 1) + _count_quoted(listing)))
        raw = session.read(count).scalar_one()
    is_whole = way.listing is listing
    is_long = raw > raw_most and is_whole
    extra, offset, backwards = turn(min(raw, most), raw > most, page)
    if is_long and way.by_words and current().is_sqlite and not listing.by_id():
        way = replace(way, by_words=False)
    way = replace(way, walks=is_long)
    # The quoted row stands at its place in the order: of the others one more before the page may belong to it.
    before = 0 if listing.quoted is None else min(offset, 1)
    values["skipped"] = offset - before
    made_as = ("page", is_whole, way.by_words, is_long, before, backwards)
    return Page(listing, made_as, lambda: _ids(way, listing, before, backwards), values, extra)


def _among_found(listing: Listing) -> Way:
    found = listing.key.in_(bindparam("found", expanding=True))
    return Way(replace(listing, filters=(found,), tab=(), one_by_one=(), sought=None))


def turn(total: int, more: bool, page: int) -> tuple[dict[str, int], int, bool]:
    """{total, page, pages, first, last} for a page, how many rows come before it, and whether from the end."""
    if not more:
        pages = -(-total // PAGE_SIZE)
        extra = paging(total, page if page > 0 else pages + 1 + page)
        return extra, (extra["page"] - 1) * PAGE_SIZE, False
    pages = total // PAGE_SIZE
    page = max(-pages, min(page, pages))
    first = (abs(page) - 1) * PAGE_SIZE
    extra = {"total": total, "page": page, "pages": pages, "first": first + 1, "last": first + PAGE_SIZE}
    return {**extra, "more": True}, first, page < 0


def counted(session: DeskSession, rows: Select[Any], most: int = MOST_COUNTED) -> int:
    """How many rows there are, `most` + 1 if more than that."""
    found: int = session.execute(
        select(func.count()).select_from(rows.limit(most + 1).subquery())
    ).scalar_one()
    return found


def count_each(session: DeskSession, rows: dict[str, Select[Any]]) -> dict[str, Any]:
    """How many rows there are of each, in one statement; `more` names those that have more than MOST_COUNTED."""
    counts = [
        select(func.count())
        .select_from(each.limit(MOST_COUNTED + 1).subquery())
        .scalar_subquery()
        .label(f"in_{name}")
        for name, each in rows.items()
    ]
    if not counts:
        return {}
    found = dict(zip(rows, session.execute(select(*counts)).one(), strict=True))
    more = [name for name, count in found.items() if count > MOST_COUNTED]
    return {name: min(count, MOST_COUNTED) for name, count in found.items()} | (
        {"more": more} if more else {}
    )


def way_to_find(session: DeskSession, listing: Listing) -> tuple[Way, int]:
    """How to look for the rows, and how many to count at most."""
    if listing.sought is None:
        return Way(listing), MOST_COUNTED
    is_short = listing.is_short
    if not is_short and listing.filters:
        among = Way(replace(listing, sought=None)).select(listing.key)
        is_short = counted(session, among, MOST_LOOKED_AT) <= MOST_LOOKED_AT
    by_words = not (is_short and current().is_sqlite)
    return Way(listing, by_words), MOST_COUNTED if is_short else MOST_FOUND


def _count(way: Way, most: int) -> Any:
    found = way.select(way.key).limit(most).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _count_quoted(listing: Listing) -> Any:
    if listing.quoted is None:
        return 0
    return quoted_row(listing, func.count()).scalar_subquery()


def quoted_row(listing: Listing, *columns: Any) -> Select[Any]:
    found: Select[Any] = select(*columns).select_from(listing.table)
    return listing.with_customers(found).where(listing.key == listing.quoted, *listing.filters)


def _ids(way: Way, listing: Listing, before: int, backwards: bool) -> Select[Any]:
    """The ids of a page, and those alone: what else is shown of its rows is looked up for them only.

    How many rows are skipped is left open; of those that are not, `before` belong to the page before.
    """
    if listing.quoted is None:
        return _slice(way, PAGE_SIZE, backwards)
    others = _slice(way, PAGE_SIZE + before, backwards).subquery()
    keys = [key.by for key in listing.sort]
    quoted = quoted_row(listing, listing.key.label("id"), *_named(keys))
    rows = union_all(_with_keys(listing, others, keys), quoted).subquery()
    order = [key.order(backwards, rows.c[f"k{place}"]) for place, key in enumerate(listing.sort)]
    return select(rows.c.id).order_by(*order).limit(PAGE_SIZE).offset(before)


def _with_keys(listing: Listing, ids: Any, keys: list[Any]) -> Select[Any]:
    found: Select[Any] = select(listing.key.label("id"), *_named(keys)).select_from(listing.table)
    return listing.with_customers(found).where(listing.key.in_(select(ids.c.id)))


def _named(keys: list[Any]) -> list[Any]:
    return [key.label(f"k{place}") for place, key in enumerate(keys)]


def _slice(way: Way, limit: int, backwards: bool) -> Select[Any]:
    sort, skipped = way.listing.sort, bindparam("skipped", type_=Integer)
    if way.walks:
        order = [key.order(backwards, way.by(key)) for key in sort]
        return way.select(way.key.label("id")).order_by(*order).limit(limit).offset(skipped)
    # Materialized, so that no planner walks an index in the hope of soon meeting the few rows there are.
    few = way.select(way.key.label("id"), *_named([way.by(key) for key in sort])).cte("few")
    few = few.prefix_with("MATERIALIZED")
    order = [key.order(backwards, few.c[f"k{place}"]) for place, key in enumerate(sort)]
    return select(few.c.id).order_by(*order).limit(limit).offset(skipped)


def _unindexed(condition: ColumnElement[bool], table: type[Record]) -> ColumnElement[bool]:
    """The condition as no index of SQLite serves it."""

    def with_plus(element: Any, **_: Any) -> Any:
        if isinstance(element, Column) and element.table is table.__table__:  # type: ignore[attr-defined]
            return literal_column(f'+"{element.table.name}".{element.name}', element.type)
        return None

    return replacement_traverse(condition, {}, with_plus)
