"""The page of promises is true: what it names is there, and it is what the figures say."""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.figures import merged

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def page() -> Any:
    found = importlib.util.spec_from_file_location("promises", ROOT / "docs" / "promises.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["promises"] = module
    found.loader.exec_module(module)
    return module


def test_every_test_that_shows_a_promise_exists(page: Any) -> None:
    named = {path for promise in (*page.LOST, *page.DOORS) for path in promise.tests.split()}
    assert [path for path in sorted(named) if not (ROOT / "tests" / path).is_file()] == []


def test_the_page_is_written_from_the_figures(
    page: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "promises-figures.json").write_text((ROOT / "docs" / "promises-figures.json").read_text())
    monkeypatch.setattr(page, "HERE", tmp_path)
    page.write()
    assert (tmp_path / "promises.md").read_text() == (ROOT / "docs" / "promises.md").read_text()


def test_every_figure_belongs_to_a_promise(page: Any) -> None:
    kept = json.loads((ROOT / "docs" / "promises-figures.json").read_text())
    assert set(kept["figures"]) <= {promise.fault for promise in (*page.LOST, *page.DOORS)}


def test_every_figure_that_a_test_measures_belongs_to_a_promise(page: Any) -> None:
    named = {
        (path.name, name) for path in sorted((ROOT / "tests").rglob("*.py")) for name in _measured_in(path)
    }
    promises = {promise.fault for promise in (*page.LOST, *page.DOORS)}
    assert len(named) > 20
    assert [each for each in sorted(named) if each[1] not in promises] == []


def _measured_in(path: Path) -> set[str]:
    """The promises that a file's calls of `figure` name, before the colon."""
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    firsts = (call.args[0] for call in calls if ast.unparse(call.func) == "figure")
    starts = (first.values[0] if isinstance(first, ast.JoinedStr) else first for first in firsts)
    return {str(start.value).partition(":")[0] for start in starts if isinstance(start, ast.Constant)}


def test_a_figure_of_another_day_than_the_page_says_so(page: Any) -> None:
    old, new = (
        {"value": value, "unit": "s", "on": day} for value, day in ((1, "2026-01-31"), (2, "2026-02-01"))
    )
    told = page._measured("took", {"sqlite": old, "postgresql": new}, "2026-02-01")
    assert told == "took: 1 s SQLite (2026-01-31), 2 s PostgreSQL"


def test_a_test_that_stops_before_it_measures_leaves_no_earlier_figure_behind() -> None:
    kept = {
        "reset": {"noticed": {"both": {"value": 1, "test": "tests/a.py::stops"}}},
        "replays": {"doubles": {"sqlite": {"value": 0, "test": "tests/a.py::elsewhere"}}},
        "floods": {"lines": {"both": {"value": 3}}},
    }
    measured = {"replays": {"sent": {"sqlite": {"value": 10, "test": "tests/a.py::runs"}}}}
    found = merged(kept, measured, {"tests/a.py::stops", "tests/a.py::runs"})
    assert found == {"replays": kept["replays"] | measured["replays"]}
