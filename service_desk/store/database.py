"""The database: SQLite by default, PostgreSQL where one outgrows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ..domain.errors import Busy, DeskError
from .in_use import APPLICATION
from .pings import ping_the_idle
from .session import DeskSession
from .texts import teach_sqlite

BUSY_SECONDS = 5
"""How long a writer waits for another one before it gives up."""

_WRITES, _LOOKS = "desk_writes", "desk_looks"
_WAITED_TOO_LONG = ("55P03", "57014", "40P01", "SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED")
"""PostgreSQL's lock timeout, statement timeout and deadlock; a file that is locked."""
_NO_ROOM = ("53100", "SQLITE_FULL")


class Database:
    """One database and its connections. Made in the process that uses it, never before a fork."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)
        read = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = self.engine.execution_options(**read)
        alone = {} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._looker = self.engine.execution_options(**alone, **{_LOOKS: True})
        self._writer = self.engine.execution_options(**{_WRITES: True})

    @contextmanager
    def reading(self) -> Iterator[DeskSession]:
        """A session that sees one moment of the store and can't change it."""
        with translated(), DeskSession(self._reader, read_only=True) as session:
            yield session

    @contextmanager
    def looking(self) -> Iterator[DeskSession]:
        """The same for one SELECT alone: it sees one moment anyway, and goes without the transaction around it."""
        with translated(), DeskSession(self._looker, read_only=True) as session:
            yield session

    def writer(self) -> DeskSession:
        """A session for `store.change` and for it alone."""
        return DeskSession(self._writer, expire_on_commit=False)

    def close(self) -> None:
        self.engine.dispose()


_current: Database | None = None


def connect(url: str) -> Database:
    """Open the database that the whole process uses from now on, closing an earlier one."""
    global _current
    disconnect()
    _current = Database(url)
    return _current


def disconnect() -> None:
    global _current
    if _current is not None:
        _current.close()
    _current = None


def current() -> Database:
    """The open database.

    Raises:
        DeskError: none is open.
    """
    if _current is None:
        raise DeskError("The desk has no open database.")
    return _current


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's faults into sentences."""
    try:
        yield
    except (OperationalError, InterfaceError, InternalError, PoolTimeout) as fault:
        raise Busy(_sentence(fault)) from fault


def _sentence(fault: Exception) -> str:
    driver = getattr(fault, "orig", None)
    code = getattr(driver, "sqlstate", None) or getattr(driver, "sqlite_errorname", "")
    if isinstance(fault, PoolTimeout) or code in _WAITED_TOO_LONG:
        return "The desk is busy; nothing was saved. Try again."
    if code in _NO_ROOM or "No space left" in str(driver):
        return "The disk is full; nothing was saved. Tell whoever looks after the desk, then try again."
    return "The desk can't reach its database; nothing was saved. Try again in a moment."


def _sqlite_engine(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        pool_size=10,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _postgresql_engine(url: str) -> Engine:
    # A plan made once for all words and all filters would fit none of them. Every question is for a few rows, which
    # are in memory as a rule: looking them up one by one beats reading a table through, and helpers come too late.
    planning = "-c plan_cache_mode=force_custom_plan -c jit=off -c random_page_cost=1.1"
    planning += " -c max_parallel_workers_per_gather=0"
    options = f"-c lock_timeout={BUSY_SECONDS}s -c timezone=UTC {planning}"
    engine = create_engine(
        url,
        pool_size=10,
        max_overflow=4,
        pool_timeout=2,
        # A fault that is logged must not tell what was in the row.
        hide_parameters=True,
        connect_args={"connect_timeout": 2, "options": options, "application_name": APPLICATION},
    )
    ping_the_idle(engine)
    event.listen(engine, "begin", _limit_waiting)
    return engine


def _limit_waiting(connection: Connection) -> None:
    # The lock timeout counts each lock anew: who queues behind others for one row would wait several times as long.
    if connection.get_execution_options().get(_WRITES):
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{BUSY_SECONDS}s'")


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "temp_store=MEMORY",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    teach_sqlite(connection)


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once with "busy"; IMMEDIATE waits its turn.
    options = connection.get_execution_options()
    if options.get(_LOOKS):
        return
    writes = options.get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
