"""A desk with hundreds of thousands of calls, written straight into the tables, journal and all, within a minute."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, inspect, select, text

from service_desk.domain.calls import CallStatus, Priority
from service_desk.domain.categories import CategoryKind
from service_desk.domain.record import Record
from service_desk.domain.users import Role
from service_desk.store.migrate import metadata, migrating_engine
from service_desk.store.touches import UNTOLD, plain

BEGIN = datetime(2025, 1, 1, 8, tzinfo=UTC)
ENGINEERS, CATEGORIES, CALLS_A_CUSTOMER = 20, 8, 5
BATCH = 5_000

Line = tuple[str, dict[str, Any]]
"""A table's name and a row for it."""


class Story:
    """Rows in the order in which the journal tells of them."""

    def __init__(self) -> None:
        self.seq = 0

    def entry(
        self, verb: str, actor: int | None, entity: str, row: dict[str, Any], **changes: Any
    ) -> list[Line]:
        """Change `row`; what the journal keeps of it. Without changes the row is new."""
        kind = KINDS[entity]
        self.seq += 1
        if changes:
            changed = {field: [plain(row[field]), plain(value)] for field, value in changes.items()}
            row.update(changes, version=row["version"] + 1, updated_at=self.at)
        else:
            told = (field for field in row if field not in UNTOLD and row[field] is not None)
            changed = {field: [None, plain(row[field])] for field in told}
        for secret in kind.__secret__ & changed.keys():
            changed[secret] = ["(secret)", "(secret) "]
        facts = {fact: plain(row[fact]) for fact in kind.__facts__}
        touch = {"id": self.seq, "seq": self.seq, "entity": entity, "row_id": row["id"], "changed": changed}
        entry = {"seq": self.seq, "at": self.at, "actor_id": actor, "verb": verb}
        return [("journal_entry", entry), ("touch", {**touch, "facts": facts})]

    @property
    def at(self) -> datetime:
        return BEGIN + timedelta(seconds=20 * self.seq)

    def row(self, entity: str, number: int, by: int | None, **fields: Any) -> dict[str, Any]:
        """A whole row, with what every record has."""
        table: Table = KINDS[entity].__table__  # type: ignore[attr-defined]
        made = {"id": number, "version": 1, "created_at": self.at, "updated_at": self.at, "created_by_id": by}
        return {**dict.fromkeys(table.columns.keys()), **made, **fields}

    def new(self, verb: str, entity: str, number: int, by: int | None, **fields: Any) -> list[Line]:
        row = self.row(entity, number, by, **fields)
        return [(entity, row), *self.entry(verb, by, entity, row)]


metadata()
KINDS = {kind.__entity__: kind for kind in Record.__subclasses__()}


def fill(url: str, calls: int) -> None:
    """Fill the migrated, empty database with so many calls, each with its history."""
    story = Story()
    engine = migrating_engine(url)
    with engine.begin() as connection:
        lines, there = _lines(story, calls), _columns(connection)
        while batch := list(islice(lines, BATCH)):
            _write(connection, batch, there)
        connection.execute(text("UPDATE counter SET value = :seq"), {"seq": story.seq})
        if connection.dialect.name == "postgresql":
            for table in ("user", "customer", "category", "call", "touch"):
                newest = f"pg_get_serial_sequence('\"{table}\"', 'id'), (SELECT max(id) FROM \"{table}\")"
                connection.execute(text(f"SELECT setval({newest})"))
    engine.dispose()


def columns(url: str) -> dict[str, list[str]]:
    """Table → its columns, of the tables that are there now."""
    engine = migrating_engine(url)
    with engine.connect() as connection:
        found = _columns(connection)
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


def _columns(connection: Connection) -> dict[str, list[str]]:
    """At an earlier version of the schema some of the models' columns are not there yet."""
    there = inspect(connection)
    known = metadata().tables.keys() & set(there.get_table_names())
    return {name: [column["name"] for column in there.get_columns(name)] for name in known}


def _write(connection: Connection, batch: list[Line], there: dict[str, list[str]]) -> None:
    by_table: dict[str, list[dict[str, Any]]] = {}
    for name, row in batch:
        kept = {column: row[column] for column in there[name] if column in row}
        by_table.setdefault(name, []).append(kept)
    for table in metadata().sorted_tables:
        if rows := by_table.get(table.name):
            connection.execute(table.insert(), rows)


def _lines(story: Story, calls: int) -> Iterator[Line]:
    for number in range(1, ENGINEERS + 2):
        role = Role.DISPATCHER if number == 1 else Role.ENGINEER
        who = {
            "username": f"worker{number}",
            "full_name": f"Worker {number}",
            "role": role,
            "is_active": True,
        }
        yield from story.new("create user", "user", number, None, **who, password_hash="never")
    for number in range(1, CATEGORIES + 1):
        what = {
            "kind": CategoryKind.CALL,
            "name": f"Trade {number}",
            "is_active": True,
            "position": number,
        }
        yield from story.new("create call category", "category", number, 1, **what)
    for number in range(1, calls // CALLS_A_CUSTOMER + 2):
        who = {
            "name": f"Customer {number}",
            "phone": f"+1415{number:07d}",
            "address": f"{number} Main Street",
        }
        yield from story.new("create customer", "customer", number, 1, **who)
    for number in range(1, calls + 1):
        yield from _call(story, number)


def _call(story: Story, number: int) -> Iterator[Line]:
    """One call as far as it has come: a third is pending, the others are assigned, most of them completed."""
    about = {
        "customer_id": number // CALLS_A_CUSTOMER + 1,
        "category_id": number % CATEGORIES + 1,
        "problem": f"The heating of floor {number} is cold – since yesterday.",
        "priority": Priority(number % 4 + 1),
        "status": CallStatus.PENDING,
        "due_at": story.at + timedelta(days=2) if number % 2 else None,
    }
    row = story.row("call", number, 1, **about)
    told = story.entry("create call", 1, "call", row)
    engineer = number % ENGINEERS + 2
    if number % 3:
        given = {"assigned_to_id": engineer, "assigned_by_id": 1, "assigned_at": story.at}
        told += story.entry("assign call", 1, "call", row, status=CallStatus.ASSIGNED, **given)
    if number % 3 == 2:
        begun = {"status": CallStatus.IN_PROGRESS, "started_at": story.at}
        told += story.entry("start call", engineer, "call", row, **begun)
        done = {
            "completed_by_id": engineer,
            "completed_at": story.at,
            "completion_remark": "Bled the radiator.",
        }
        told += story.entry("complete call", engineer, "call", row, status=CallStatus.COMPLETED, **done)
    yield "call", row
    yield from told
