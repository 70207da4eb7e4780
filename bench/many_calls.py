"""`make bench-many`: how quick the lists are with a thousand calls and with a million, on both databases."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import text

from service_desk.store import migrate
from service_desk.store.database import connect, current, disconnect
from tests.stores import new_database

from .big_desk import fill
from .many_live import CHANGE, measure_changes
from .many_operations import OPERATIONS, Desk
from .many_plans import plans
from .many_report import chapter, machine, plans_page, table
from .page import write_chapter

SIZES = (1_000, 10_000, 100_000, 1_000_000)
DATABASES = ("sqlite", "postgresql")
TIMES = 20
RESULTS = Path("docs/many-calls.json")
PLANS = Path("docs/query-plans.md")
EMPTY_SINCE = "0004"
"""The desk is filled as it was before it was searched by an index, and then migrated: so a large one grows into it."""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of calls")
    asked.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    asked.add_argument("--times", type=int, default=TIMES, help="repetitions of each operation")
    asked.add_argument(
        "--report", action="store_true", help="only write chapter and plans anew from the last results"
    )
    given = asked.parse_args()
    results: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if not given.report:
        for kind in given.databases:
            for size in given.sizes:
                results.setdefault(kind, {})[str(size)] = measure(kind, size, given.times)
                print(f"\n{table(results, kind)}\n", flush=True)
                results["machine"] = machine(results)
                RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    write_chapter("many-calls", chapter(results))
    PLANS.write_text(plans_page(results))


def measure(kind: str, size: int, times: int) -> dict[str, Any]:
    """A desk of so many calls, made for this and gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="desk-many-") as folder, new_database(kind, Path(folder)) as url:
        began = time.monotonic()
        migrate.upgrade(url, EMPTY_SINCE)
        fill(url, size)
        filled = time.monotonic()
        migrate.upgrade(url)
        migrated = time.monotonic()
        print(
            f"{kind}, {size:,} calls: filled in {filled - began:.0f} s, migrated in {migrated - filled:.0f} s"
        )
        about = {"filled_s": filled - began, "migrated_s": migrated - filled}
        return about | measure_desk(url, times)


def measure_desk(url: str, times: int) -> dict[str, Any]:
    """The figures of a desk that is there; one of its calls is assigned again and again."""
    connect(url)
    try:
        _settle()
        desk = Desk.of_current()
        found = {name: _timed(desk, name, times) for name in OPERATIONS}
        found[CHANGE] = _short(measure_changes(desk, times + 1))
        return {"version": _version(), "size_mb": _size_mb(), "operations": found, "plans": plans(desk)}
    finally:
        disconnect()


def _timed(desk: Desk, name: str, times: int) -> list[float]:
    """The first time as it comes, then so many more."""
    took = []
    for _ in range(times + 1):
        began = time.perf_counter()
        OPERATIONS[name](desk)
        took.append((time.perf_counter() - began) * 1000)
    return _short(took)


def _short(took: list[float]) -> list[float]:
    """[first, median, 95th percentile] in milliseconds; the first one counts for itself."""
    rest = sorted(took[1:])
    return [round(each, 2) for each in (took[0], rest[len(rest) // 2], rest[int(len(rest) * 0.95) - 1])]


def _settle() -> None:
    """What autovacuum does to a PostgreSQL that was filled at once, before long."""
    if not current().is_sqlite:
        with current().engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM (ANALYZE)"))


def _version() -> str:
    asked = "SELECT sqlite_version()" if current().is_sqlite else "SHOW server_version"
    with current().engine.connect() as connection:
        return str(connection.execute(text(asked)).scalar_one())


def _size_mb() -> float:
    pages = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    asked = pages if current().is_sqlite else "SELECT pg_database_size(current_database())"
    with current().engine.connect() as connection:
        return round(connection.execute(text(asked)).scalar_one() / 1e6, 1)


if __name__ == "__main__":
    main()
