"""Whether a server runs on a desk, as far as one can know: a restore under its feet would lose what it saves."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from ..domain.errors import Refused
from . import migrate

APPLICATION = "service-desk"
"""The name under which PostgreSQL knows the desk's connections."""
RUNNING = "A server is running on this desk. Stop it, restore, and start it again."
_RESTORING = "The desk is being restored. Start the server again when that is done."


@contextmanager
def serving(url: str) -> Iterator[None]:
    """Held by a server for as long as it runs. On PostgreSQL its connections tell of it.

    Raises:
        Refused: the desk is being restored.
    """
    if (file := _lock_of(url)) is None:
        yield
        return
    with _locked(file, fcntl.LOCK_SH, _RESTORING):
        yield


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Held by a restore. Raises Refused while a server runs."""
    if (file := _lock_of(url)) is not None:
        with _locked(file, fcntl.LOCK_EX, RUNNING):
            yield
        return
    engine = migrate.migrating_engine(url)
    seen = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name"
    try:
        with engine.connect() as connection:
            if connection.execute(text(seen), {"name": APPLICATION}).scalar_one():
                raise Refused(RUNNING)
        yield
    finally:
        engine.dispose()


@contextmanager
def _locked(file: Path, how: int, sentence: str) -> Iterator[None]:
    file.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(opened, how | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Refused(sentence) from None
    finally:
        os.close(opened)


def _lock_of(url: str) -> Path | None:
    """A file beside SQLite's own, which stays when nobody holds it: only its lock means something."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        return None
    return Path(f"{address.database}.in-use")
