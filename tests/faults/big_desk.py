"""A desk with hundreds of thousands of calls, and whether each of its rows is still what it was."""

from __future__ import annotations

import hashlib

from sqlalchemy import inspect, select

from bench.big_desk import fill
from service_desk.store.migrate import metadata, migrating_engine

__all__ = ["checksums", "columns", "fill"]

BATCH = 5_000


def columns(url: str) -> dict[str, list[str]]:
    """Table → its columns, of the tables that are there now."""
    engine = migrating_engine(url)
    with engine.connect() as connection:
        there = inspect(connection)
        known = metadata().tables.keys() & set(there.get_table_names())
        found = {name: [column["name"] for column in there.get_columns(name)] for name in known}
    engine.dispose()
    return found


def checksums(url: str, of: dict[str, list[str]]) -> dict[str, str]:
    """Table → a checksum of these columns of all its rows."""
    engine = migrating_engine(url)
    found: dict[str, str] = {}
    with engine.connect() as connection:
        for name, chosen in sorted(of.items()):
            table, digest = metadata().tables[name], hashlib.sha256()
            rows = select(*(table.c[column] for column in chosen)).order_by(*table.primary_key.columns)
            for row in connection.execution_options(yield_per=BATCH).execute(rows):
                digest.update(repr(tuple(row)).encode())
            found[table.name] = digest.hexdigest()
    engine.dispose()
    return found
