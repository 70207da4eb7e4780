"""The chapter on many calls: a table for each database, and what was measured; and the page of the plans."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .many_plans import MOST_LINES

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
GOALS = {"100000": 50.0, "1000000": 150.0}

PAGE = """\
## Many calls

Written by `make bench-many` (`python -m bench.many_calls`): desks of a thousand to a million calls, a tenth as many
carry-ins, a fifth as many customers, and the whole journal. Most calls are long done; at most a few thousand are open.
Each operation is the query behind a screen, rights and all, in the process of the desk: median and 95th percentile in
milliseconds of at least {times} times with ever other words, people and pages. Goals: 50 ms at 100,000 calls and 150 ms
at 1,000,000.

{verdict}

{tables}

### How it stays quick

* **Counts are exact up to 10,000** (up to 500 for a search through everything); beyond that a list says “10,000+”,
  and nothing counts on. So many rows can be paged from either end: “Last” reads the list from its other end, and its
  pages are numbered -1, -2 and so on in the address. A bound on the pages bounds every offset too.
* **What passes is counted first, and that decides the plan.** Few rows are fetched by the filters' index and sorted. Of
  many, the index of the order is walked until the page is full. Only the ids of a page are sought like that; names and
  texts are looked up for its 25 rows alone.
* **Open calls have indexes of their own**, which hold only them: tabs, their counts and an engineer's own list cost the
  same however much is done.
* **Searches ask an index of every three characters** of problem, place, customer and phone: FTS5 with its trigram
  tokenizer on SQLite, `pg_trgm` on PostgreSQL. Newest first is its own order on SQLite, so that a word that half the
  calls have is as quick as a rare one. Among few open calls the texts themselves are read. Words of one or two letters
  are found where a word begins with them, after a blank.
* **What may take longer:** a filter that passes many calls beside a common word that hardly any of them has, and pages
  deep in a filtered list in another order than by number.

### Before

The same operations at 100,000 calls, in milliseconds (median), with an index for each column and `LIKE` for words:

| | SQLite | PostgreSQL |
| --- | --: | --: |
{before}

The plans of the queries that matter are in [query-plans.md](query-plans.md).

### On which machine

{machine}
"""
PLANS = """\
# Query plans

What the databases say of the queries that matter, written by `make bench-many` beside the chapter on
[many calls](performance.md#many-calls). Each is asked with one choice of words, people and pages. Its statements are
numbered as they are sent; those that read the journal's number or look up one customer are left out, and so is what is
beyond {most} lines.

{plans}
"""
BEFORE = {
    "search a name, all": (623, 627),
    "search a phone, all": (1049, 706),
    "search a common word, all": (354, 417),
    "search a common word, all, by customer": (1132, 624),
    "search a number": (256, 30),
    "counts of the tabs": (85, 13),
    "all by priority": (282, 130),
    "all by customer": (336, 156),
    "all by updated": (208, 148),
    "activity of categories": (748, 14),
}


def table(results: dict[str, Any], kind: str) -> str:
    """A row for each operation, with the growth of its median from the smallest desk to the largest."""
    sizes = sorted(results[kind], key=int)
    head = "".join(f" {int(size):,}: first | median | p95 |" for size in sizes)
    lines = [f"| |{head} growth |", f"| --- |{' --: |' * (3 * len(sizes) + 1)}"]
    for name in results[kind][sizes[-1]]["operations"]:
        cells, medians = "", []
        for size in sizes:
            first, median, p95 = results[kind][size]["operations"].get(name, (0, 0, 0))
            medians.append(median)
            cells += f" {first:.1f} | {median:.1f} | {p95:.1f} |"
        lines.append(f"| {name} |{cells} × {medians[-1] / max(medians[0], 0.01):.1f} |")
    return "\n".join(lines)


def chapter(results: dict[str, Any]) -> str:
    kinds = [kind for kind in NAMES if kind in results]
    return PAGE.format(
        times=20,
        verdict=_verdict(results, kinds),
        tables="\n\n".join(_of(results, kind) for kind in kinds),
        before="\n".join(f"| {name} | {one} | {other} |" for name, (one, other) in BEFORE.items()),
        machine="\n".join(f"* {line}" for line in results["machine"]),
    )


def plans_page(results: dict[str, Any]) -> str:
    """The page of the plans: those of the largest desk on each database."""
    plans = "\n\n".join(_plans(results, kind) for kind in NAMES if kind in results)
    return PLANS.format(most=MOST_LINES, plans=plans)


def machine(results: dict[str, Any]) -> list[str]:
    """Where and when something was measured, to be kept with it."""
    kinds = [kind for kind in NAMES if kind in results]
    versions = [f"{NAMES[kind]} {results[kind][max(results[kind], key=int)]['version']}" for kind in kinds]
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return [
        f"{os.cpu_count()} cores of {_model()}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, {', '.join(versions)}",
        f"{datetime.now(UTC):%Y-%m-%d}, load average at the end {load}",
    ]


def _verdict(results: dict[str, Any], kinds: list[str]) -> str:
    """Which medians are beyond their goal."""
    beyond = [
        f"{name} on {NAMES[kind]} at {int(size):,} calls ({found[1]:.0f} ms)"
        for kind in kinds
        for size, goal in GOALS.items()
        if size in results[kind]
        for name, found in results[kind][size]["operations"].items()
        if found[1] > goal
    ]
    listed = "\n".join(f"* {each}" for each in beyond)
    return f"Medians beyond their goal:\n\n{listed}" if beyond else "Every median is within its goal."


def _of(results: dict[str, Any], kind: str) -> str:
    made = [
        f"{int(size):,}: {told['size_mb']:,.0f} MB, filled in {told['filled_s']:.0f} s, "
        f"search and indexes made by the migration in {told['migrated_s']:.0f} s"
        for size, told in sorted(results[kind].items(), key=lambda item: int(item[0]))
    ]
    return f"**{NAMES[kind]}**\n\n{table(results, kind)}\n\n" + "\n".join(f"* {line}" for line in made)


def _plans(results: dict[str, Any], kind: str) -> str:
    largest = max(results[kind], key=int)
    told = results[kind][largest]
    blocks = [f"### {name}\n\n```\n{chr(10).join(lines)}\n```" for name, lines in told["plans"].items()]
    return "\n\n".join([f"## {NAMES[kind]} {told['version']}, {int(largest):,} calls", *blocks])


def _model() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )
