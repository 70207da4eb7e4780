"""Every invariant of the database holds on a desk at work, and each can be seen to fail."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from service_desk.actions.calls import edit_call
from service_desk.actions.users import deactivate_user
from service_desk.config import ROOT
from service_desk.domain.access import Actor
from service_desk.domain.users import Role
from service_desk.store.database import Database
from service_desk.store.invariants import Verdict, check_database

from ..factories import make_call_in, make_carry_in_in, make_user

SOUND = "The database can be read and is sound"
SCHEMA = "The schema is the one that this version needs"
NUMBERS = "The journal's numbers rise from 1 without a gap"
ENTRIES = "Every entry of the journal says what it touched"
REFERENCES = "Every reference points at a row that exists"
COMMANDS = "Every command was carried out once, as the journal says"
VERSIONS = "A record's version is one and its changes"
REPLAY = "The journal replayed gives the rows as they are"
ASSIGNED = "No open call is assigned to somebody who is missing or inactive"
STATUS = "A call's engineer fits its status"
SEARCHED = "What is searched says what the rows say"
ALL = [SOUND, SCHEMA, NUMBERS, ENTRIES, REFERENCES, COMMANDS, VERSIONS, REPLAY, ASSIGNED, STATUS, SEARCHED]

ASSIGN = "FROM journal_entry WHERE verb = 'assign call' ORDER BY seq LIMIT 1"
COMMAND = "INSERT INTO command (user_id, key, payload_hash, seq, at) "
LIES = {
    "a gap": (
        NUMBERS,
        "UPDATE journal_entry SET seq = 99 WHERE seq = 3; UPDATE touch SET seq = 99 WHERE seq = 3",
    ),
    "a counter ahead": (NUMBERS, "UPDATE counter SET value = value + 1"),
    "an entry of nothing": (ENTRIES, f"DELETE FROM touch WHERE seq = (SELECT seq {ASSIGN})"),
    "a touch of no entry": (ENTRIES, f"DELETE FROM journal_entry WHERE seq = (SELECT seq {ASSIGN})"),
    "no such customer": (REFERENCES, "UPDATE \"call\" SET customer_id = 999 WHERE status = 'assigned'"),
    "somebody else's entry": (COMMANDS, f"{COMMAND} SELECT 999, 'key', 'hash', seq, at {ASSIGN}"),
    "one entry for two commands": (
        COMMANDS,
        "; ".join(
            f"{COMMAND} SELECT actor_id, '{key}', 'hash', seq, at {ASSIGN}" for key in ("one", "other")
        ),
    ),
    "a version too many": (VERSIONS, "UPDATE \"call\" SET version = version + 1 WHERE status = 'assigned'"),
    "another value": (REPLAY, "UPDATE \"call\" SET problem = 'Nobody wrote this.' WHERE status = 'assigned'"),
    "a value changed from another": (REPLAY, "DELETE FROM touch WHERE changed LIKE '%in_progress%'"),
    "a row of no entry": (REPLAY, "UPDATE touch SET row_id = 999 WHERE entity = 'carry_in'"),
    "a former engineer": (ASSIGNED, "UPDATE \"user\" SET is_active = FALSE WHERE role = 'engineer'"),
    "pending with an engineer": (STATUS, "UPDATE \"call\" SET status = 'pending' WHERE status = 'assigned'"),
}


@pytest.fixture
def desk(database: Database) -> Iterator[str]:
    """The address of a desk where much has happened."""
    admin, dispatcher = make_user(Role.ADMIN), make_user(Role.DISPATCHER)
    engineer, leaver = make_user(Role.ENGINEER), make_user(Role.ENGINEER)
    for status in ("pending", "assigned", "in_progress", "completed", "cancelled"):
        make_call_in(status, dispatcher, engineer)
    make_carry_in_in("delivered", dispatcher)
    _edit(dispatcher, make_call_in("assigned", dispatcher, leaver))
    make_call_in("completed", dispatcher, leaver)
    deactivate_user(admin, leaver.id)
    yield _address(database)


def _edit(dispatcher: Actor, call: int) -> None:
    for number in range(3):
        before = f"Edit {number - 1}" if number else "The heating is cold."
        changes = {"problem": f"Edit {number}", "due_at": f"2027-01-0{number + 1}T10:00+05:00"}
        edit_call(dispatcher, call, version=number + 2, was={"problem": before}, changes=changes)


def _address(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def broken(url: str) -> dict[str, Verdict]:
    return {verdict.invariant: verdict for verdict in check_database(url) if not verdict.holds}


def tell(database: Database, statements: str) -> None:
    """Write what the desk itself never would."""
    with database.engine.connect() as connection:
        lax = "PRAGMA foreign_keys = OFF" if database.is_sqlite else "SET session_replication_role = replica"
        connection.exec_driver_sql("COMMIT" if database.is_sqlite else "SELECT 1")
        connection.exec_driver_sql(lax)
        for statement in statements.split("; "):
            connection.exec_driver_sql(
                statement
                if database.is_sqlite
                else statement.replace("LIKE", "::text LIKE").replace("%", "%%")
            )
        if not database.is_sqlite:
            connection.commit()
    database.engine.dispose()


def test_a_desk_at_work_satisfies_all(desk: str) -> None:
    assert [verdict.invariant for verdict in check_database(desk)] == ALL
    assert broken(desk) == {}


@pytest.mark.parametrize("lie", LIES)
def test_each_invariant_can_fail_and_names_what_broke_it(database: Database, desk: str, lie: str) -> None:
    invariant, statements = LIES[lie]
    tell(database, statements)
    found = broken(desk)
    assert invariant in found
    assert 1 <= len(found[invariant].violations) <= 5


def test_another_schema_is_the_only_thing_said(database: Database, desk: str) -> None:
    newest = "SELECT version_num FROM alembic_version"
    with database.engine.connect() as connection:
        before = connection.execute(text(newest)).scalar()
    tell(database, "UPDATE alembic_version SET version_num = '0001'")
    try:
        assert [verdict.invariant for verdict in check_database(desk)] == [SOUND, SCHEMA]
    finally:
        tell(database, f"UPDATE alembic_version SET version_num = '{before}'")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_damaged_file_is_found(database: Database, desk: str) -> None:
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
    database.engine.dispose()
    with Path(str(database.url.database)).open("r+b") as file:
        for page in range(pages // 2, pages):
            file.seek(page * 4096 + 100)
            file.write(b"\xff" * 300)
    assert SOUND in broken(desk)


def test_the_command_ends_with_one_when_something_is_broken(database: Database, desk: str) -> None:
    sound = _run(desk)
    assert (sound.returncode, sound.stderr) == (0, "")
    assert [line[8:] for line in sound.stdout.splitlines()[:-1]] == ALL
    tell(database, LIES["another value"][1])
    wrong = _run(desk)
    assert wrong.returncode == 1
    assert f"BROKEN  {REPLAY}" in wrong.stdout
    assert "problem is 'Nobody wrote this.'" in wrong.stderr


def test_a_database_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    answer = _run(f"sqlite:///{tmp_path / 'none.db'}")
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert not (tmp_path / "none.db").exists()


def _run(url: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SERVICE_DESK_DATABASE_URL": url}
    command = [sys.executable, "-m", "service_desk", "check"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
