"""Whether a server runs on a desk, as far as one can know: a restore under its feet would lose what it saves."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from ..domain.errors import Refused

APPLICATION = "service-desk"
"""The name under which PostgreSQL knows the desk's connections."""
RUNNING = "A server is running on this desk, or it is being restored. Stop that, restore, and start it again."
_RESTORING = "The desk is being restored. Start the server again when that is done."

# Any number will do, as long as every server and every restore use the same.
_DESK = 7_340_129
_SERVE = "SELECT pg_try_advisory_lock_shared(:key)"
_RESTORE = "SELECT pg_try_advisory_lock(:key)"


@contextmanager
def serving(url: str) -> Iterator[None]:
    """Held by a server for as long as it runs.

    Raises:
        Refused: the desk is being restored.
    """
    if (file := _lock_of(url)) is not None:
        with _locked(file, fcntl.LOCK_SH, _RESTORING):
            yield
        return
    with _held(url, _SERVE, _RESTORING):
        yield


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Held by a restore. Raises Refused while a server runs."""
    if (file := _lock_of(url)) is not None:
        with _locked(file, fcntl.LOCK_EX, RUNNING):
            yield
        return
    # A server whose own lock went with a restart of the database still tells of itself by its connections' name.
    seen = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name"
    with _held(url, _RESTORE, RUNNING) as connection:
        if connection.execute(text(seen), {"name": APPLICATION}).scalar_one():
            raise Refused(RUNNING)
        yield


@contextmanager
def _held(url: str, lock: str, sentence: str) -> Iterator[Connection]:
    """A connection outside of any transaction that holds an advisory lock of PostgreSQL while the block lasts."""
    # Nothing is to be reset when it ends: the database may have gone before.
    alone = {"poolclass": NullPool, "pool_reset_on_return": None, "isolation_level": "AUTOCOMMIT"}
    engine = create_engine(url, connect_args={"connect_timeout": 5}, **alone)
    try:
        connection = engine.connect()
        is_ours = connection.execute(text(lock), {"key": _DESK}).scalar_one()
    except OperationalError as fault:
        raise Refused(f"The database can't be reached: {str(fault.orig).strip().splitlines()[0]}") from None
    try:
        if not is_ours:
            raise Refused(sentence)
        yield connection
    finally:
        connection.close()


@contextmanager
def _locked(file: Path, how: int, sentence: str) -> Iterator[None]:
    file.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(opened, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(sentence) from None
        yield
    finally:
        os.close(opened)


def _lock_of(url: str) -> Path | None:
    """A file beside SQLite's own, which stays when nobody holds it: only its lock means something."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        return None
    return Path(f"{address.database}.in-use")
