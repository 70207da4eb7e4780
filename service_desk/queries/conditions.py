"""Filters of lists, as conditions on a column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_


def one_of(column: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    """One value is an equation, which keeps the order of an index."""
    found: ColumnElement[bool] = column == values[0] if len(values) == 1 else column.in_(values)
    return found


def one_of_or_nobody(column: Any, values: Sequence[int]) -> ColumnElement[bool]:
    """The same where 0 stands for nobody."""
    known = [value for value in values if value]
    if len(known) == len(values):
        return one_of(column, known)
    nobody: ColumnElement[bool] = column.is_(None)
    return or_(nobody, one_of(column, known)) if known else nobody
