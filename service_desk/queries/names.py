"""The names of people whom a record points at."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from ..domain.users import User
from ..store.aliases import alias_of


def name_of(person_id: Any, label: str) -> Any:
    """The full name of the user with this id, a column; NULL where there is none.

    Looked up for each row: PostgreSQL takes longer to plan a join of many tables than to read the few rows of a page.
    """
    person = alias_of(User)
    named = select(col(person.full_name)).where(col(person.id) == person_id)
    return named.scalar_subquery().label(label)
