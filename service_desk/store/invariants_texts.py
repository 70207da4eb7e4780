"""What a search looks through says what the rows say."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select, text

from .texts import KINDS, ON_SQLITE, VIEWS

_SAMPLE = 500


def texts(connection: Connection) -> Iterator[str]:
    """Of every row on PostgreSQL. SQLite's index can't be read back: there some rows are looked for."""
    for kind in KINDS:
        found = (
            _not_found(connection, kind)
            if connection.dialect.name == "sqlite"
            else _differing(connection, kind)
        )
        yield from (f"{kind} {row_id} is searched by other words than it has" for row_id in found)


def _differing(connection: Connection, kind: str) -> Iterator[int]:
    differing = f"""
        SELECT coalesce(w.id, t.id) FROM {kind}_words w FULL JOIN {kind}_text t ON t.id = w.id
        WHERE w.words IS DISTINCT FROM t.words OR w.phone IS DISTINCT FROM t.phone"""  # noqa: S608
    for (row_id,) in connection.execute(text(differing)):
        yield row_id


def _not_found(connection: Connection, kind: str) -> Iterator[int]:
    view, index = VIEWS[kind], ON_SQLITE[kind]
    for order in (view.c.id, view.c.id.desc()):
        for row in connection.execute(select(view).order_by(order).limit(_SAMPLE)).all():
            whole = f'words : "{row.words.replace(chr(34), chr(34) * 2)}"'
            asked = text(f"SELECT 1 FROM {index.name} WHERE rowid = :id AND {index.name} MATCH :words")  # noqa: S608
            if connection.execute(asked, {"id": row.id, "words": whole}).first() is None:
                yield row.id
