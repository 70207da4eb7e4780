"""The schema: made, taken back and made again, on both databases."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from service_desk.store import migrate
from tests.conftest import POSTGRES

pytestmark = pytest.mark.filterwarnings(
    "ignore:Skipped unsupported reflection", "ignore:autogenerate skipping"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'desk.db'}"
        return
    request.getfixturevalue("postgres_url")
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    name = f"service_desk_test_{secrets.token_hex(6)}"
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def schema(url: str) -> dict[str, Any]:
    engine = create_engine(url, poolclass=NullPool)
    seen = inspect(engine)
    found: dict[str, Any] = {
        table: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(table)],
            seen.get_pk_constraint(table),
            sorted(seen.get_foreign_keys(table), key=lambda key: str(key["name"])),
            sorted(seen.get_unique_constraints(table), key=lambda key: str(key["name"])),
        )
        for table in seen.get_table_names()
    }
    # Asked of the database itself: SQLAlchemy can't see SQLite's indexes on expressions.
    asked = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    }
    with engine.connect() as connection:
        found["indexes"] = [tuple(row) for row in connection.execute(text(asked[engine.dialect.name]))]
    return found


def test_up_down_and_up_again_gives_the_same_schema_which_the_models_know(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    first = schema(empty_url)
    migrate.check(empty_url)
    migrate.downgrade(empty_url, "base")
    assert schema(empty_url).keys() - {"indexes"} == {"alembic_version"}
    migrate.upgrade(empty_url)
    assert schema(empty_url) == first
    assert "uq_user_username_lower" in {name for name, _ in first["indexes"]}


def test_a_second_upgrade_changes_nothing(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    first = schema(empty_url)
    migrate.upgrade(empty_url)
    assert schema(empty_url) == first


def test_a_new_desk_counts_its_changes_from_zero(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    with create_engine(empty_url, poolclass=NullPool).connect() as connection:
        assert connection.execute(text("SELECT name, value FROM counter")).all() == [("journal", 0)]


def test_three_servers_may_start_at_once_from_any_folder(empty_url: str, tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    program = f"import sys; sys.path.insert(0, {str(root)!r})\nfrom service_desk.store import migrate\n"
    program += f"migrate.upgrade({empty_url!r})"
    started = [
        subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    for process in started:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
    assert "call" in schema(empty_url)
