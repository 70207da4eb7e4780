"""What must be true of a desk's database at every moment, whoever was killed in the middle of what.

Each invariant is read in one transaction of its own and streamed, so that a large desk can be checked while it works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from .database import BUSY_SECONDS
from .invariants_replay import replayed, versions
from .invariants_rows import assignments, commands, references, statuses
from .invariants_texts import texts
from .migrate import config_of

SHOWN = 5
"""How many violations of an invariant are named."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One invariant as a sentence, and the first of what violates it; `more` when there are further ones."""

    invariant: str
    violations: list[str] = field(default_factory=list)
    more: bool = False

    @property
    def holds(self) -> bool:
        return not self.violations


Finder = Callable[[Connection], Iterator[str]]


def check_database(url: str) -> Iterator[Verdict]:
    """The verdict on each invariant, as it is found. Nothing is changed.

    A database that can't be read, or of another schema, has no further verdicts than that.
    """
    for sentence, find in _FIRST:
        verdict = _judge(sentence, find, url)
        yield verdict
        if not verdict.holds:
            return
    for sentence, find in _OTHERS:
        yield _judge(sentence, find, url)


def _judge(sentence: str, find: Finder, url: str) -> Verdict:
    try:
        with _one_moment(url) as connection:
            found = list(islice(find(connection), SHOWN + 1))
    except (DatabaseError, LookupError, ValueError, TypeError) as fault:
        found = [f"It could not be read: {str(fault).splitlines()[0][:200]}"]
    return Verdict(sentence, found[:SHOWN], len(found) > SHOWN)


@contextmanager
def _one_moment(url: str) -> Iterator[Connection]:
    """A connection that sees one moment of the database and keeps nobody waiting."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        address = address.update_query_dict({"mode": "ro", "uri": "true"})
        address = address.set(database=f"file:{address.database}")
        options = {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
        engine = create_engine(address, poolclass=NullPool, **options)
    else:
        engine = create_engine(address, poolclass=NullPool, isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as connection, connection.begin():
            if engine.dialect.name == "sqlite":
                # The driver begins a transaction only before it writes; reading needs one moment too.
                connection.exec_driver_sql("BEGIN")
            yield connection
    finally:
        engine.dispose()


def _is_sound(connection: Connection) -> Iterator[str]:
    """What SQLite finds in its file. PostgreSQL has no such question; a broken page fails the reading below."""
    if connection.dialect.name == "sqlite":
        for (found,) in connection.execute(text("PRAGMA integrity_check(20)")):
            if found != "ok":
                yield str(found)


def _is_current(connection: Connection) -> Iterator[str]:
    present = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    newest = ScriptDirectory.from_config(config_of(str(connection.engine.url))).get_current_head()
    if present != newest:
        yield f"it stands at {present}, and this version of the desk needs {newest}"


def _numbers(connection: Connection) -> Iterator[str]:
    counter = connection.execute(text("SELECT value FROM counter WHERE name = 'journal'")).scalar()
    entries = connection.execute(text("SELECT seq FROM journal_entry ORDER BY seq"))
    before = 0
    for (seq,) in entries.yield_per(10_000):
        if seq != before + 1:
            yield f"after {before} comes {seq}"
        before = seq
    if counter != before:
        yield f"the counter stands at {counter}, the last entry at {before}"


def _entries(connection: Connection) -> Iterator[str]:
    untold = "SELECT seq FROM journal_entry e WHERE NOT EXISTS (SELECT 1 FROM touch t WHERE t.seq = e.seq)"
    for (seq,) in connection.execute(text(untold)):
        yield f"entry {seq} touched nothing"
    lost = "SELECT t.id, t.seq FROM touch t LEFT JOIN journal_entry e ON e.seq = t.seq WHERE e.seq IS NULL"
    for touch, seq in connection.execute(text(lost)):
        yield f"touch {touch} belongs to entry {seq}, which does not exist"


_FIRST: tuple[tuple[str, Finder], ...] = (
    ("The database can be read and is sound", _is_sound),
    ("The schema is the one that this version needs", _is_current),
)
_OTHERS: tuple[tuple[str, Finder], ...] = (
    ("The journal's numbers rise from 1 without a gap", _numbers),
    ("Every entry of the journal says what it touched", _entries),
    ("Every reference points at a row that exists", references),
    ("Every command was carried out once, as the journal says", commands),
    ("A record's version is one and its changes", versions),
    ("The journal replayed gives the rows as they are", replayed),
    ("No open call is assigned to somebody who is missing or inactive", assignments),
    ("A call's engineer fits its status", statuses),
    ("What is searched says what the rows say", texts),
)
