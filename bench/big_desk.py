"""A desk with years of work: calls, carry-ins and customers straight into the tables, journal and all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from service_desk.store.migrate import metadata

from .big_life import MOST_OPEN, live
from .big_story import COLUMNS, Story

BATCH = 40_000
SEED = 7

Put = Callable[[str, list[str], list[tuple[Any, ...]]], None]


def fill(url: str, calls: int, seed: int = SEED) -> None:
    """Fill a migrated, empty database with so many calls, a tenth as many carry-ins and a fifth as many customers.

    Equal numbers and seeds tell equal stories, ending now. Afterwards the planner knows the tables' sizes.
    """
    # About how many entries the journal will have: what is open has had fewer steps.
    story = Story(seed, int(calls * 4.5 - min(calls, 2 * MOST_OPEN) * 0.7))
    fill_one = _fill_sqlite if make_url(url).get_backend_name() == "sqlite" else _fill_postgresql
    fill_one(url, story, live(story, calls))


def _fill_sqlite(url: str, story: Story, telling: Iterator[None]) -> None:
    with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None)) as desk:
        for pragma in ("synchronous=OFF", "cache_size=-200000", "foreign_keys=OFF", "temp_store=MEMORY"):
            desk.execute(f"PRAGMA {pragma}")
        desk.execute("BEGIN IMMEDIATE")
        found = desk.execute("SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c")

        def put(table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
            marks = ", ".join("?" * len(columns))
            desk.executemany(f'INSERT INTO "{table}" ({_names(columns)}) VALUES ({marks})', rows)  # noqa: S608

        _pour(story, telling, set(found), put)
        desk.execute("UPDATE counter SET value = ? WHERE name = 'journal'", (story.seq,))
        desk.execute("COMMIT")
        desk.execute("ANALYZE")


def _fill_postgresql(url: str, story: Story, telling: Iterator[None]) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as desk:
        desk.execute("SET timezone = 'UTC'")
        found = desk.execute("SELECT table_name, column_name FROM information_schema.columns")

        def put(table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
            into = f'COPY "{table}" ({_names(columns)}) FROM STDIN'
            with desk.cursor() as cursor, cursor.copy(into.encode()) as copy:
                for row in rows:
                    copy.write_row(row)

        there = {(table, column) for table, column in found}
        _pour(story, telling, there, put)
        desk.execute("UPDATE counter SET value = %s WHERE name = 'journal'", (story.seq,))
        for table in (COLUMNS.keys() - {"journal_entry"}) & {table for table, _ in there}:
            newest = f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), max(id)) FROM \"{table}\""  # noqa: S608
            desk.execute(newest.encode())
        desk.commit()
        desk.autocommit = True
        # What is written in bulk is neither seen by the planner nor marked as visible to all until the next vacuum.
        desk.execute("VACUUM (ANALYZE)")


def _names(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _pour(story: Story, telling: Iterator[None], there: set[tuple[str, str]], put: Put) -> None:
    """Write the story in batches. At an earlier version of the schema some columns are not there yet."""
    for _ in telling:
        if sum(map(len, story.rows.values())) >= BATCH:
            _write(story, there, put)
    _write(story, there, put)


def _write(story: Story, there: set[tuple[str, str]], put: Put) -> None:
    for table in metadata().sorted_tables:
        rows = story.rows.pop(table.name, None)
        if rows:
            columns = [column for column in COLUMNS[table.name] if (table.name, column) in there]
            put(
                table.name,
                columns,
                [row if isinstance(row, tuple) else tuple(row[each] for each in columns) for row in rows],
            )
