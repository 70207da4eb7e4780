"""Invariants that concern rows by themselves, each as the sentences about what violates it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select, text

from .migrate import metadata


def references(connection: Connection) -> Iterator[str]:
    """Foreign keys, whether the database enforced them or not."""
    if connection.dialect.name == "sqlite":
        for name, row, other, _ in connection.execute(text("PRAGMA foreign_key_check")):
            yield f"row {row} of {name} points at no {other}"
        return
    for table in metadata().sorted_tables:
        for key in table.foreign_keys:
            column, target = key.parent, key.column.table.alias()
            found = target.c[key.column.name]
            lost = select(column).outerjoin_from(table, target, column == found)
            for (value,) in connection.execute(lost.where(column.is_not(None), found.is_(None))):
                yield f"{table.name}.{column.name} = {value} is no {key.column.table.name}"


def commands(connection: Connection) -> Iterator[str]:
    """A command names the entry of the journal that its user made with it, and no other command does."""
    strange = """
        SELECT c.user_id, c.key, c.seq FROM command c LEFT JOIN journal_entry e ON e.seq = c.seq
        WHERE c.seq IS NOT NULL AND (e.seq IS NULL OR e.actor_id IS NULL OR e.actor_id <> c.user_id)"""
    for user, key, seq in connection.execute(text(strange)):
        yield f"command {key} of user {user} names entry {seq}, which is not theirs"
    twice = "SELECT seq, count(*) FROM command WHERE seq IS NOT NULL GROUP BY seq HAVING count(*) > 1"
    for seq, times in connection.execute(text(twice)):
        yield f"entry {seq} is named by {times} commands"


def assignments(connection: Connection) -> Iterator[str]:
    lost = """
        SELECT c.id, c.assigned_to_id FROM "call" c LEFT JOIN "user" u ON u.id = c.assigned_to_id
        WHERE c.assigned_to_id IS NOT NULL AND c.status NOT IN ('completed', 'cancelled')
          AND (u.id IS NULL OR NOT u.is_active)"""
    for call, user in connection.execute(text(lost)):
        yield f"C-{call} is assigned to user {user}"


def statuses(connection: Connection) -> Iterator[str]:
    strange = """
        SELECT id, status, assigned_to_id FROM "call"
        WHERE (status = 'pending' AND assigned_to_id IS NOT NULL)
           OR (status IN ('assigned', 'in_progress') AND assigned_to_id IS NULL)
           OR status NOT IN ('pending', 'assigned', 'in_progress', 'completed', 'cancelled')"""
    for call, status, user in connection.execute(text(strange)):
        yield f"C-{call} is {status} with engineer {user}"
