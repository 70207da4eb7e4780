"""Marks tests by their folder, opens databases, and lets nothing be skipped where all must be there."""

import os
import secrets
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from service_desk.store.database import Database, connect, disconnect
from service_desk.store.migrate import metadata, upgrade

from .figures import figure, pytest_terminal_summary
from .seats import chromium

# Time is no verdict on a machine that others use too.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")

__all__ = ["chromium", "figure", "pytest_terminal_summary"]

HERE = Path(__file__).parent
KINDS = ("unit", "integration", "faults", "browser", "load")
NOTHING_MAY_BE_MISSING = os.environ.get("SERVICE_DESK_TEST_REQUIRE_ALL") == "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test in tests/browser is a browser test; the cheap kinds come first.

    The browser also comes last, among the rehearsals too, because Playwright keeps an event loop running in this
    thread while it is open.
    """
    for item in items:
        if (kind := kind_of(item)) in KINDS:
            item.add_marker(kind)
    items.sort(key=lambda item: (_place(item), "chromium" in getattr(item, "fixturenames", ())))


def _place(item: pytest.Item) -> int:
    kind = kind_of(item)
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def kind_of(item: pytest.Item) -> str:
    """The folder of the test, which names its kind."""
    return item.path.relative_to(HERE).parts[0] if HERE in item.path.parents else ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure when SERVICE_DESK_TEST_REQUIRE_ALL=1."""
    report = yield
    if NOTHING_MAY_BE_MISSING and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but nothing may be skipped here: {report.longrepr}"
    return report


POSTGRES = os.environ.get(
    "SERVICE_DESK_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy from."""
    path = tmp_path_factory.mktemp("template") / "desk.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A migrated PostgreSQL database of this run's own, dropped afterwards."""
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    name = f"service_desk_test_{os.getpid()}_{secrets.token_hex(4)}"
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
            # Nothing here survives a crash anyway; the tests of that start a server of their own.
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
    except OperationalError as fault:
        pytest.skip(f"PostgreSQL can't be reached: {fault.orig}")
    url = make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    upgrade(url)
    yield url
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty desk, open as the current database; every test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "desk.db")
        database = connect(f"sqlite:///{tmp_path / 'desk.db'}")
    else:
        database = connect(request.getfixturevalue("postgres_url"))
        _empty(database)
    yield database
    disconnect()


def _empty(database: Database) -> None:
    """Delete whatever a test has left: truncating as many tables takes a hundred times as long as there is to do."""
    tables = [table.name for table in reversed(metadata().sorted_tables) if table.name != "counter"]
    with database.engine.begin() as connection:
        connection.exec_driver_sql("; ".join(f'DELETE FROM "{table}"' for table in tables))
        used = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
        for sequence in connection.exec_driver_sql(used).scalars().all():
            connection.exec_driver_sql(f'ALTER SEQUENCE "{sequence}" RESTART')
        connection.exec_driver_sql("UPDATE counter SET value = 0")
