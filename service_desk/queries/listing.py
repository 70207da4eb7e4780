"""What a list is made of, and in which order it is shown."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select
from sqlalchemy.schema import Column
from sqlmodel import col

from ..domain.customers import Customer
from ..domain.record import Record
from .search import Sought

T = TypeVar("T")


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


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """What a list is made of: rows of `table` that pass `filters` and stand in `tab`.

    `is_short` says that the tab keeps it so, whatever the filters. `one_by_one` are the filters for looking at one row
    after another, where they are quicker said in another way. A listing that is kept keeps its statements too.
    """

    kind: str
    table: type[Record]
    sort: Sort
    filters: tuple[ColumnElement[bool], ...]
    tab: tuple[ColumnElement[bool], ...] = ()
    is_short: bool = False
    one_by_one: tuple[ColumnElement[bool], ...] = ()
    sought: Sought | None = None
    _made: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    def kept(self, name: Hashable, make: Callable[[], T]) -> T:
        """What `make` makes, made once."""
        if name not in self._made:
            self._made[name] = make()
        found: T = self._made[name]
        return found

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


def _may_be_empty(by: Any) -> bool:
    found = getattr(by, "expression", by)
    return isinstance(found, Column) and bool(found.nullable)
