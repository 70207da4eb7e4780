"""A copy of a desk in one file, made while the desk works, and a desk made from such a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy.engine import make_url

from ..domain.errors import Refused
from . import backup_postgresql, backup_sqlite
from .migrate import config_of
from .on_disk import write_through

_MAGIC = {backup_sqlite.MAGIC: "sqlite", backup_postgresql.MAGIC: "postgresql"}


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished copy: its size, and the journal's number at which it was made."""

    file: Path
    size: int
    seq: int


def back_up(url: str, file: Path) -> Backup:
    """Copy the desk as it is at one moment; nobody waits for it. The file is its owner's alone.

    Raises:
        Refused: the file exists already, or the copy can't be made; nothing is left behind then.
    """
    if file.exists():
        raise Refused(f"{file} exists already. Choose another name, or move it away.")
    if not file.parent.is_dir():
        raise Refused(f"There is no folder {file.parent}.")
    with _partial(file) as partial:
        seq = _kind(url).copy(url, partial)
        write_through(partial)
        os.replace(partial, file)
    write_through(file.parent)
    return Backup(file, file.stat().st_size, seq)


def restore(url: str, file: Path, *, replace: bool = False) -> int:
    """Make the desk what it was when the file was made, all of it or nothing, in the schema of this version.

    Everybody has to sign in again: a sign-in that was ended since must not come back. Returns the journal's number.

    Raises:
        Refused: it isn't a backup for this database, a newer version made it, a server runs on the desk, or the desk
            has users and `replace` is not set; nothing is changed then.
    """
    _check_kind(url, file)
    kind = _kind(url)
    _check_known(url, kind.revision_in(file))
    if not replace and kind.is_inhabited(url):
        raise Refused("The desk has users already. Add --yes to replace everything in it with the backup.")
    return kind.put_back(url, file)


def _kind(url: str) -> backup_postgresql.PostgreSQL | backup_sqlite.SQLite:
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    return backup_sqlite.SQLite() if is_sqlite else backup_postgresql.PostgreSQL()


def _check_kind(url: str, file: Path) -> None:
    try:
        with file.open("rb") as opened:
            start = opened.read(16)
    except OSError as fault:
        raise Refused(f"{file} can't be read: {fault.strerror}.") from None
    made_of = next((name for magic, name in _MAGIC.items() if start.startswith(magic)), None)
    if made_of is None:
        raise Refused(f"{file} is not a backup of a desk.")
    if made_of != make_url(url).get_backend_name():
        kept = "SQLite" if made_of == "sqlite" else "PostgreSQL"
        raise Refused(f"{file} was made of {kept}, and can only be restored into {kept}.")


def _check_known(url: str, revision: str | None) -> None:
    if revision is None:
        raise Refused("This is not a backup of a desk.")
    try:
        ScriptDirectory.from_config(config_of(url)).get_revision(revision)
    except (CommandError, ResolutionError):
        raise Refused("A newer version of the desk made this backup. Install that version first.") from None


@contextmanager
def _partial(file: Path) -> Iterator[Path]:
    """An empty file beside `file` that only its owner can read; gone afterwards, whatever happens."""
    partial = file.with_name(f"{file.name}.partial-{os.getpid()}")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as fault:
        raise Refused(f"{file} can't be written: {fault.strerror}.") from None
    try:
        yield partial
    finally:
        partial.unlink(missing_ok=True)
