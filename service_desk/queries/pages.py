"""One page of a list that may be long: counted up to a bound, and read from whichever end is asked for.

Nothing here reads more rows than the bounds below, however many there are. What passes the filters is counted first:
few are fetched and sorted, of many the sort's own index is walked until the page is full.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select, union_all
from sqlalchemy.schema import Column
from sqlalchemy.sql import operators
from sqlalchemy.sql.visitors import replacement_traverse
from sqlmodel import col

from ..domain.customers import Customer
from ..domain.record import Record
from ..store.database import current
from ..store.session import DeskSession
from ..store.texts import VIEWS
from .answer import PAGE_SIZE, paging
from .search import Sought, texts_of

MOST_COUNTED = 10_000
"""Longer lists are "10,000+"; so many can be paged from either end."""
MOST_FOUND = 500
"""The same for a search through everything."""
MOST_LOOKED_AT = 5_000
"""A search among no more rows than this looks at each; among more it asks the index of words."""
MOST_SORTED = 20_000
"""So many finds SQLite sorts rather than walk the index of another order."""


@dataclass(frozen=True, slots=True)
class Key:
    """One column of an order. Rows without a value come last."""

    by: Any
    descending: bool = False

    def order(self, backwards: bool, by: Any = None) -> Any:
        by = self.by if by is None else by
        if self.descending != backwards:
            return by.desc().nulls_first() if _may_be_empty(self.by) else by.desc()
        return by.asc().nulls_last() if _may_be_empty(self.by) else by.asc()


Sort = tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list is made of: rows of `table` that pass `filters` and stand in `tab`.

    `is_short` says that the tab keeps it so, whatever the filters. `one_by_one` are the filters for looking at one row
    after another, where they are quicker said in another way.
    """

    kind: str
    table: type[Record]
    sort: Sort
    filters: tuple[ColumnElement[bool], ...]
    tab: tuple[ColumnElement[bool], ...] = ()
    is_short: bool = False
    one_by_one: tuple[ColumnElement[bool], ...] = ()
    sought: Sought | None = None

    @property
    def key(self) -> Any:
        return col(self.table.id)

    @property
    def quoted(self) -> int | None:
        return self.sought.row_id if self.sought else None

    @property
    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """Filters and tab, without the row whose number is quoted: it is wanted in whichever tab it is."""
        others = () if self.quoted is None else (self.key != self.quoted,)
        return (*self.filters, *self.tab, *others)

    def by_id(self) -> bool:
        return len(self.sort) == 1

    def with_customers(self, rows: Select[Any]) -> Select[Any]:
        """Joined with customers, where the order is by their names."""
        if self.table is Customer or not any(Customer.__table__ in key.by._from_objects for key in self.sort):  # type: ignore[attr-defined]
            return rows
        return rows.join(Customer, col(Customer.id) == col(self.table.customer_id))  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows to show, as {id}s in no order, the order to show them in, and {total, page, pages, first, last}.

    With `more` there are more than `total` rows, and pages before the last one are numbered from -1 downwards.
    """

    ids: Select[Any]
    order: list[Any]
    extra: dict[str, int]

    def of(self, rows: Select[Any], key: Any) -> Select[Any]:
        return rows.where(key.in_(self.ids)).order_by(*self.order)


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
    if way.by_words and raw_most == MOST_FOUND:
        # So few are kept: looking for them once more would cost as much again.
        found = session.execute(way.select(way.key).limit(raw_most + 1)).scalars().all()
        raw = len(found) + (
            session.execute(select(_count_quoted(listing))).scalar_one() if listing.quoted else 0
        )
        if len(found) <= raw_most:
            way = Way(replace(listing, filters=(listing.key.in_(found),), tab=(), one_by_one=(), sought=None))
    else:
        raw = session.execute(select(_count(way, raw_most + 1) + _count_quoted(listing))).scalar_one()
    is_long = raw > raw_most and way.listing is listing
    extra, offset, backwards = turn(min(raw, most), raw > most, page)
    if is_long and way.by_words and current().is_sqlite and not listing.by_id():
        way = replace(way, by_words=False)
    order = [key.order(False) for key in listing.sort]
    return Page(_ids(replace(way, walks=is_long), listing, offset, backwards), order, extra)


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


def _ids(way: Way, listing: Listing, offset: int, backwards: bool) -> Select[Any]:
    """The ids of a page, and those alone: what else is shown of its rows is looked up for them only."""
    if listing.quoted is None:
        return _slice(way, offset, PAGE_SIZE, backwards)
    # The quoted row stands at its place in the order: of the others one more before the page may belong to it.
    before = min(offset, 1)
    others = _slice(way, offset - before, PAGE_SIZE + before, backwards).subquery()
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


def _slice(way: Way, offset: int, limit: int, backwards: bool) -> Select[Any]:
    sort = way.listing.sort
    if way.walks:
        order = [key.order(backwards, way.by(key)) for key in sort]
        return way.select(way.key.label("id")).order_by(*order).limit(limit).offset(offset)
    # Materialized, so that no planner walks an index in the hope of soon meeting the few rows there are.
    few = way.select(way.key.label("id"), *_named([way.by(key) for key in sort])).cte("few")
    few = few.prefix_with("MATERIALIZED")
    order = [key.order(backwards, few.c[f"k{place}"]) for place, key in enumerate(sort)]
    return select(few.c.id).order_by(*order).limit(limit).offset(offset)


def _may_be_empty(by: Any) -> bool:
    found = getattr(by, "expression", by)
    return isinstance(found, Column) and bool(found.nullable)


def _unindexed(condition: ColumnElement[bool], table: type[Record]) -> ColumnElement[bool]:
    """The condition as no index of SQLite serves it."""

    def with_plus(element: Any, **_: Any) -> Any:
        if isinstance(element, Column) and element.table is table.__table__:  # type: ignore[attr-defined]
            return literal_column(f'+"{element.table.name}".{element.name}', element.type)
        return None

    return replacement_traverse(condition, {}, with_plus)
