"""Backups of a SQLite desk: a SQLite file of its own."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from ..domain.errors import Refused
from . import in_use, migrate
from .on_disk import write_through

MAGIC = b"SQLite format 3\0"
_PATIENCE_SECONDS = 10
_SIGN_OUT = """
UPDATE user_session SET revoked_at = strftime('%Y-%m-%d %H:%M:%f000', 'now') WHERE revoked_at IS NULL;
UPDATE api_token SET revoked_at = strftime('%Y-%m-%d %H:%M:%f000', 'now') WHERE revoked_at IS NULL;
DELETE FROM pending_sign_in;
DELETE FROM unconfirmed_factor;
"""


class SQLite:
    """`VACUUM INTO` reads one moment while writers go on, and never begins again as SQLite's backup API does whenever
    another process writes between its steps. It leaves out what was deleted, and reads every row on the way.
    """

    def copy(self, url: str, file: Path) -> int:
        """Write the desk into an empty file; returns the journal's number."""
        source = _path(url)
        if not source.exists():
            raise Refused(f"There is no desk at {source}.")
        with _sentences("The desk can't be copied"), closing(_open(source, "ro")) as desk:
            desk.execute("VACUUM INTO ?", (str(file),))
            with closing(_open(file, "ro")) as copy:
                return _seq(copy)

    def revision_in(self, file: Path) -> str | None:
        """The schema of a backup; None when it is none."""
        try:
            with closing(_open(file, "ro")) as backup:
                known = {name for (name,) in backup.execute("SELECT name FROM sqlite_master")}
                if not {"alembic_version", "counter", "call", "user"} <= known:
                    return None
                row = backup.execute("SELECT version_num FROM alembic_version").fetchone()
                return str(row[0]) if row else None
        except sqlite3.DatabaseError:
            return None

    def is_inhabited(self, url: str) -> bool:
        """Whether the desk has users. One that can't be read may have some."""
        if not _path(url).exists():
            return False
        try:
            with closing(_open(_path(url), "ro")) as desk:
                return desk.execute('SELECT 1 FROM "user" LIMIT 1').fetchone() is not None
        except sqlite3.DatabaseError as fault:
            return "no such table" not in str(fault)

    def put_back(self, url: str, file: Path) -> int:
        """Replace the desk's file by the backup; returns the journal's number."""
        target = _path(url)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f"{target.name}.restoring-{os.getpid()}")
        try:
            with in_use.alone(url), _sentences("The backup can't be restored"):
                seq = _prepared(file, fresh)
                _retire(target)
                os.replace(fresh, target)
        finally:
            for left in _files_of(fresh):
                left.unlink(missing_ok=True)
        write_through(target.parent)
        return seq


def _prepared(file: Path, fresh: Path) -> int:
    """A copy of the backup beside the desk, in this version's schema and with nobody signed in."""
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    shutil.copyfile(file, fresh)
    migrate.upgrade(f"sqlite:///{fresh}")
    with closing(_open(fresh, "rw")) as desk:
        if (found := desk.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
            raise Refused(f"The backup is damaged, and nothing was changed: {found}.")
        desk.execute("PRAGMA journal_mode=DELETE")
        desk.executescript(_SIGN_OUT)
        desk.commit()
        seq = _seq(desk)
    write_through(fresh)
    return seq


def _retire(target: Path) -> None:
    """Leave no journal of the old file beside the new one, which would be played into it."""
    if not target.exists():
        return
    try:
        with closing(_open(target, "rw")) as desk:
            # Fails while anybody else has the file open; else the file is whole by itself afterwards.
            desk.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as fault:
        if "locked" in str(fault):
            raise Refused(in_use.RUNNING) from None
        raise
    except sqlite3.DatabaseError:
        # It is no database any more; what lies beside it would be played into the new one.
        for beside in _files_of(target)[1:]:
            beside.unlink(missing_ok=True)


def _files_of(path: Path) -> list[Path]:
    return [path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal"))]


def _path(url: str) -> Path:
    path = make_url(url).database
    if not path or path == ":memory:":
        raise Refused("A desk in memory can't be backed up or restored.")
    return Path(path)


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=_PATIENCE_SECONDS)


def _seq(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT value FROM counter WHERE name = 'journal'").fetchone()[0])


@contextmanager
def _sentences(what: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as fault:
        raise Refused(f"{what}, and nothing was changed: {fault}.") from fault
