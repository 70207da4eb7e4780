"""The plans of the queries that matter, as the databases themselves tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from service_desk.store.database import current

from .many_operations import OPERATIONS, Desk

SHOWN = (
    "open the list",
    "all: last page",
    "counts of the tabs",
    "search a name, all",
    "search a common word, all",
    "search half a phone, all",
    "filter by engineer and category, all",
    "all by customer",
    "an engineer's own list",
)
MOST_LINES = 40


def plans(desk: Desk) -> dict[str, list[str]]:
    """Operation → the plans of its statements but the journal's number, indented as they nest."""
    return {name: _plan(desk, name) for name in SHOWN}


def _plan(desk: Desk, name: str) -> list[str]:
    with noted_statements() as statements:
        OPERATIONS[name](desk)
    lines: list[str] = []
    for number, (statement, parameters) in enumerate(statements, start=1):
        if "counter" in statement or ("customer.id = " in statement and "SELECT customer.id" in statement):
            continue
        lines += [f"{number}.", *(f"   {line}" for line in _explained(statement, parameters))]
    return lines[:MOST_LINES]


@contextmanager
def noted_statements() -> Iterator[list[tuple[str, Any]]]:
    """The SELECTs that are run inside the block, with their parameters."""
    noted: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            noted.append((statement, parameters))

    engine = current().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield noted
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _explained(statement: str, parameters: Any) -> list[str]:
    """SQLite's plan is a tree of ids; PostgreSQL's is cut to its nodes, rows, buffers and times."""
    with current().engine.connect() as connection:
        if current().is_sqlite:
            found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            depth = {0: 0}
            for node, parent, _, _ in found:
                depth[node] = depth.get(parent, 0) + 1
            return ["  " * (depth[node] - 1) + told for node, _, _, told in found]
        asked = f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {statement}"
        told = [line for (line,) in connection.exec_driver_sql(asked, parameters)]
    kept = re.compile(r"->|Index Cond|Buffers: shared|Execution Time|^\S")
    return [line[:150] for line in told if kept.search(line) and "Planning" not in line]
