"""Tables that stand in a query more than once."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel

Model = TypeVar("Model", bound=SQLModel)


def alias_of(model: type[Model]) -> type[Model]:
    """The table of a model under another name, for queries in every thread."""
    alias = aliased(model)
    # SQLAlchemy looks each column up at its first use and keeps what it finds. Of threads that do so in one moment some
    # find no column and keep that: every later query with it would be refused by the database or join all with all.
    for column in inspect(model).column_attrs:
        _ = getattr(alias, column.key).expression
    return alias
