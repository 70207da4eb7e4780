"""Figures that the rehearsals measure: a table at the end of the run, and a file beside the promises."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

KEPT = Path(__file__).resolve().parents[1] / "docs" / "promises-figures.json"
FULL = os.environ.get("SERVICE_DESK_FAULTS") == "full"
"""Whether the rehearsals run with the numbers of the promises, rather than in their short form."""

Figure = Callable[..., None]

Figures = dict[str, dict[str, dict[str, dict[str, Any]]]]
"""Promise → what → database → what was measured, as kept."""

_MEASURED: Figures = {}
_RUN: set[str] = set()
"""The tests that came as far as to ask for figures in this run."""


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Keep what was measured: `figure("kill -9: acknowledged changes lost", 0)`, `figure("reset: noticed", 0.4, "s")`.

    The words before the colon name the promise. The database is that of the test's own parameter, if it has one.
    What this test measured in an earlier run is forgotten with this one, whether or not it comes to measure it again.
    """
    test = request.node.nodeid.partition("[")[0]
    _RUN.add(test)
    chosen = getattr(request.node, "callspec", None)
    database = next((each for each in (chosen.params.values() if chosen else ()) if each in DATABASES), "")

    def keep(name: str, value: float, unit: str = "") -> None:
        promise, _, what = name.partition(": ")
        shown = round(value, 3) if isinstance(value, float) else value
        on = datetime.now(UTC).date().isoformat()
        measured = {"value": shown, "unit": unit, "on": on, "test": test}
        _MEASURED.setdefault(promise, {}).setdefault(what or promise, {})[database or "both"] = measured

    return keep


DATABASES = ("sqlite", "postgresql")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table; with the numbers of the promises, write the file."""
    if not _MEASURED:
        return
    terminalreporter.section("figures, with the numbers of the promises" if FULL else "figures, short form")
    for promise, figures in sorted(_MEASURED.items()):
        terminalreporter.write_line(promise)
        for what, by_database in sorted(figures.items()):
            words = (
                f"{name} {each['value']:g} {each['unit']}".strip()
                for name, each in sorted(by_database.items())
            )
            terminalreporter.write_line(f"  {what}: {' · '.join(words)}")
    if FULL:
        _write()


def _write() -> None:
    """Add them to the figures of this machine. Those of tests that did not run now stay, with their own date."""
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    machine = _machine()
    figures = merged(kept.get("figures", {}) if kept.get("machine") == machine else {}, _MEASURED, _RUN)
    told = {"written": datetime.now(UTC).date().isoformat(), "machine": machine, "figures": figures}
    KEPT.write_text(json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def merged(kept: Figures, measured: Figures, run: set[str]) -> Figures:
    """What was measured, and of what was kept the figures of known tests that were not run now.

    So a test that stops before it measures leaves no good figure of an earlier day behind.
    """
    all_of_them: Figures = {}
    for source, is_new in ((kept, False), (measured, True)):
        for promise, figures in source.items():
            for what, by_database in figures.items():
                for database, each in by_database.items():
                    if is_new or (each.get("test") and each["test"] not in run):
                        all_of_them.setdefault(promise, {}).setdefault(what, {})[database] = each
    return all_of_them


def _machine() -> dict[str, Any]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    packages = ("reflex", "sqlalchemy", "uvicorn", "psycopg")
    versions = {name: version(name) for name in packages}
    return {"cores": cores, "system": platform.system(), "python": platform.python_version(), **versions}
