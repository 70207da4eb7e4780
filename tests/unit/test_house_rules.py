"""Rules that no tool checks: one commit, no way round the journal, files that fit on a screen or two."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "service_desk").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MIGRATIONS = sorted((ROOT / "alembic").rglob("*.py"))
ABOVE_THE_STORE = [path for path in SOURCES if "store" not in path.relative_to(ROOT).parts]

RAW = {"text", "exec_driver_sql"}
BULK = {"update", "delete", "insert"}
CONNECTING = {"commit", "begin", "connect", "connection", "bulk_save_objects", "bulk_insert_mappings"}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]


def _imported(path: Path) -> set[str]:
    """The names that a file takes from SQLAlchemy or SQLModel."""
    nodes = ast.walk(ast.parse(path.read_text()))
    taken = (node for node in nodes if isinstance(node, ast.ImportFrom) and node.module)
    return {
        alias.name
        for node in taken
        for alias in node.names
        if node.module.startswith(("sqlalchemy", "sqlmodel"))
    }


@pytest.mark.parametrize("path", ABOVE_THE_STORE, ids=_name)
def test_only_the_store_commits_or_writes_in_bulk_or_raw(path: Path) -> None:
    # The indexes of the models may be raw: they are read by the migrations and write nothing.
    allowed = {"text"} if "domain" in path.parts else set()
    assert not _imported(path) & (RAW | BULK) - allowed, f"{_name(path)} could go round the journal"
    if not {"domain", "actions", "queries", "live"} & set(path.parts):
        return
    called = {call.func.attr for call in _calls(path) if isinstance(call.func, ast.Attribute)}
    assert not called & CONNECTING, f"{_name(path)} reaches for a connection or a commit"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_only_the_store_names_a_table_anew(path: Path) -> None:
    makes = "aliased" in _imported(path)
    assert makes == (path.name == "aliases.py"), f"{_name(path)}: threads may only share what alias_of makes"


@pytest.mark.parametrize("path", [*SOURCES, *TESTS, *MIGRATIONS], ids=_name)
def test_no_file_is_longer_than_three_hundred_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", [path for path in SOURCES if path.stat().st_size], ids=_name)
def test_every_file_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text())), f"{_name(path)} has no docstring"


@pytest.mark.parametrize("path", [path for path in SOURCES if "actions" in path.parts], ids=_name)
def test_every_action_takes_the_actor_first(path: Path) -> None:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _changes(node):
            first = node.args.args[0].arg if node.args.args else ""
            assert first == "actor", f"{_name(path)}: {node.name} doesn't ask who acts"


def _changes(function: ast.FunctionDef) -> bool:
    """Whether a function makes a change in somebody's name: `with change(actor, …)`."""
    made = (
        node for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    return any(
        call.func.id == "change" and isinstance(call.args[0], ast.Name) and call.args[0].id == "actor"
        for call in made
    )
