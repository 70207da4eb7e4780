"""Taking turns where a count decides: nobody else may count between the count and what follows from it."""

from __future__ import annotations

from sqlmodel import func, select

from .session import DeskSession


def take_turn(session: DeskSession, name: str) -> None:
    """Wait until no other transaction has a turn of this name; it ends with this one.

    SQLite has one writer at a time anyway.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
