"""Backups of a PostgreSQL desk: an archive of pg_dump's custom format."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

from ..domain.errors import Refused
from . import in_use, migrate, texts

MAGIC = b"PGDMP"
_LOCK_SECONDS = 10
_QUIETLY = "SET client_min_messages = warning;\n"
_TOO_OLD = "Install the PostgreSQL client programs of the server's version, or of a newer one."
_SIGN_OUT = """UPDATE user_session SET revoked_at = now() WHERE revoked_at IS NULL;
UPDATE api_token SET revoked_at = now() WHERE revoked_at IS NULL;
DELETE FROM pending_sign_in;
DELETE FROM unconfirmed_factor;
"""


class PostgreSQL:
    """Uses pg_dump, pg_restore and psql, which must be on the PATH."""

    def copy(self, url: str, file: Path) -> int:
        """Write the desk into an empty file; returns the journal's number just before."""
        seq = _seq(url)
        options = ("--format=custom", "--no-owner", "--no-privileges", f"--file={file}")
        _run("pg_dump", *options, f"--dbname={_conninfo(url)}", url=url)
        return seq

    def revision_in(self, file: Path) -> str | None:
        """The schema of a backup; None when it is none."""
        listed = _run("pg_restore", "--list", str(file))
        if not all(f" {table} " in listed for table in ("alembic_version", "counter", "call", "user")):
            return None
        told = _run("pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file))
        found = re.search(r"^COPY [^\n]*alembic_version[^\n]*\n([^\n]+)\n\\\.$", told, re.MULTILINE)
        return found.group(1) if found else None

    def is_inhabited(self, url: str) -> bool:
        """Whether the desk has users."""
        engine = migrate.migrating_engine(url)
        try:
            with engine.connect() as connection:
                known = connection.execute(text("SELECT to_regclass('\"user\"') IS NOT NULL")).scalar_one()
                return bool(known and connection.execute(text('SELECT 1 FROM "user" LIMIT 1')).first())
        except OperationalError as fault:
            raise Refused(f"The database can't be reached: {_first_line(str(fault.orig))}") from None
        finally:
            engine.dispose()

    def put_back(self, url: str, file: Path) -> int:
        """Replace the desk's tables by the backup's, in this version's schema, all in one transaction.

        Returns the journal's number.
        """
        with in_use.alone(url), tempfile.TemporaryDirectory() as folder:
            script, drop, end = (Path(folder) / name for name in ("restore.sql", "drop.sql", "end.sql"))
            # Without comments: the one on an extension may only be set by whoever made it.
            options = ("--no-owner", "--no-privileges", "--no-comments", f"--file={script}")
            _run("pg_restore", *options, str(file))
            drop.write_text(f"{_QUIETLY}DROP TABLE IF EXISTS {_tables()} CASCADE;\n{_drop_functions()}\n")
            # The archive's own statements name the schema with everything, and leave no other to be found.
            end.write_text(f"RESET search_path;\n{migrate.script(url, self.revision_in(file))}\n{_SIGN_OUT}")
            one = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
            files = (f"--file={each}" for each in (drop, script, end))
            _run("psql", *one, *files, f"--dbname={_conninfo(url)}", url=url)
        return _seq(url)


def _tables() -> str:
    searched = (table.name for table in texts.ON_POSTGRESQL.values())
    known = (*sorted(migrate.metadata().tables), *searched, "alembic_version")
    return ", ".join(f'"{name}"' for name in known)


def _drop_functions() -> str:
    return "\n".join(f"DROP FUNCTION IF EXISTS {name};" for name in texts.FUNCTIONS)


def _seq(url: str) -> int:
    engine = migrate.migrating_engine(url)
    try:
        with engine.connect() as connection:
            return int(
                connection.execute(text("SELECT value FROM counter WHERE name = 'journal'")).scalar_one()
            )
    except OperationalError as fault:
        raise Refused(f"The database can't be reached: {_first_line(str(fault.orig))}") from None
    finally:
        engine.dispose()


def _run(program: str, *arguments: str, url: str = "") -> str:
    """What the program wrote. Its password comes from the environment: other users can see arguments.

    Raises:
        Refused: it is missing, too old, or says what went wrong.
    """
    found = shutil.which(program)
    if found is None:
        raise Refused(f"{program} was not found. {_TOO_OLD}")
    password = make_url(url).password if url else None
    environment = {**os.environ, "PGOPTIONS": f"-c lock_timeout={_LOCK_SECONDS}s"}
    if password:
        environment["PGPASSWORD"] = str(password)
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return done.stdout
    if "version mismatch" in done.stderr or "unsupported version" in done.stderr:
        raise Refused(f"{program} is too old: {_first_line(done.stderr)}. {_TOO_OLD}")
    if "lock timeout" in done.stderr:
        raise Refused(in_use.RUNNING)
    raise Refused(f"{program} failed, and nothing was changed: {_first_line(done.stderr)}")


def _conninfo(url: str) -> str:
    """Where the database is, without its password, which settings allow before the @ alone."""
    address: URL = make_url(url)
    place = {"host": address.host, "port": address.port, "user": address.username, "dbname": address.database}
    options = {name: str(value) for name, value in address.query.items()}
    return make_conninfo("", **options | {name: str(value) for name, value in place.items() if value})


def _first_line(told: str) -> str:
    return next((line.strip() for line in told.splitlines() if line.strip()), "no reason was given")[:300]
