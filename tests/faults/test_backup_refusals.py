"""When a backup can't be made or restored, and why a password is seen by nobody."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from sqlmodel import select

from service_desk.domain.errors import Refused
from service_desk.domain.users import Role, User
from service_desk.store import in_use, migrate
from service_desk.store.backup import back_up, restore
from service_desk.store.database import connect, current, disconnect

from ..factories import make_user
from ..running_desk import RunningDesk
from ..stores import new_database
from . import checker
from .big_desk import fill


@pytest.fixture
def small(tmp_path: Path) -> Iterator[str]:
    """The address of a small desk on PostgreSQL."""
    with new_database("postgresql", tmp_path) as url:
        migrate.upgrade(url)
        fill(url, 10)
        yield url


def people_in(url: str) -> list[str]:
    connect(url)
    try:
        with current().reading() as session:
            return list(session.exec(select(User.username)))
    finally:
        disconnect()


def program(folder: Path, name: str, script: str) -> None:
    """A program of this name that is found first."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_nothing_is_restored_while_a_server_runs_on_the_desk(
    rehearsal_desk: RunningDesk, tmp_path: Path
) -> None:
    desk, file = rehearsal_desk, tmp_path / "desk.backup"
    desk.close_store()
    back_up(desk.database_url, file)
    with pytest.raises(Refused) as refusal:
        restore(desk.database_url, file, replace=True)
    assert str(refusal.value) == in_use.RUNNING
    desk.stop()
    restore(desk.database_url, file, replace=True)
    checker.expect_sound(desk.database_url)
    desk.start(desk.port)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_server_starts_during_a_restore_and_no_restore_beside_a_server(kind: str, tmp_path: Path) -> None:
    with new_database(kind, tmp_path) as url:
        with in_use.alone(url), pytest.raises(Refused, match="is being restored"), in_use.serving(url):
            pass
        both, refused = in_use.serving(url), pytest.raises(Refused, match="A server is running")
        with both, in_use.serving(url), refused, in_use.alone(url):
            pass
        with in_use.alone(url):
            pass


def test_what_fails_while_a_server_runs_is_not_taken_for_a_restore(tmp_path: Path) -> None:
    with pytest.raises(BlockingIOError), in_use.serving(f"sqlite:///{tmp_path / 'desk.db'}"):
        raise BlockingIOError("a socket that is busy")


def test_a_file_that_another_program_has_open_is_not_replaced(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path / 'desk.db'}", tmp_path / "desk.backup"
    migrate.upgrade(url)
    back_up(url, file)
    from service_desk.store.database import Database

    other = Database(url)
    with other.reading() as session:
        session.connection().exec_driver_sql("SELECT count(*) FROM counter")
        before = (tmp_path / "desk.db").stat().st_ino
        with pytest.raises(Refused, match="A server is running"):
            restore(url, file)
        assert (tmp_path / "desk.db").stat().st_ino == before
    other.close()
    restore(url, file)
    assert (tmp_path / "desk.db").stat().st_ino != before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["desk.backup", "desk.db", "desk.db.in-use"]


def test_a_desk_whose_file_is_damaged_is_restored_when_told(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path / 'desk.db'}", tmp_path / "desk.backup"
    migrate.upgrade(url)
    fill(url, 10)
    back_up(url, file)
    (tmp_path / "desk.db").write_bytes(b"\xff" * 8192)
    (tmp_path / "desk.db-wal").write_bytes(b"\xff" * 8192)
    with pytest.raises(Refused, match="--yes"):
        restore(url, file)
    restore(url, file, replace=True)
    checker.expect_sound(url)


def test_a_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path / 'desk.db'}", tmp_path / "desk.backup"
    migrate.upgrade(url)
    fill(url, 300)
    back_up(url, file)
    with file.open("r+b") as damaged:
        for page in range(30, file.stat().st_size // 4096):
            damaged.seek(page * 4096)
            damaged.write(b"\xff" * 200)
    before = (tmp_path / "desk.db").read_bytes()
    with pytest.raises(Refused):
        restore(url, file, replace=True)
    assert (tmp_path / "desk.db").read_bytes() == before
    checker.expect_sound(url)


def test_a_failing_restore_of_postgresql_changes_nothing(small: str, tmp_path: Path) -> None:
    file = tmp_path / "desk.backup"
    back_up(small, file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(Refused):
        restore(small, file, replace=True)
    checker.expect_sound(small)


def test_a_backup_whose_schema_cannot_be_brought_up_to_date_changes_nothing(
    small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "desk.backup"
    back_up(small, file)
    before = len(people_in(small))
    connect(small)
    make_user(Role.ENGINEER)
    disconnect()
    monkeypatch.setattr(migrate, "script", lambda *_: "SELECT 1 / 0;")
    with pytest.raises(Refused, match=r"nothing was changed.*division by zero"):
        restore(small, file, replace=True)
    assert len(people_in(small)) == before + 1
    checker.expect_sound(small)


def test_missing_or_old_programs_are_named(
    small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="pg_dump was not found"):
        back_up(small, tmp_path / "desk.backup")
    program(
        tmp_path, "pg_dump", "echo 'pg_dump: error: aborting because of server version mismatch' >&2; exit 1"
    )
    with pytest.raises(Refused, match="pg_dump is too old"):
        back_up(small, tmp_path / "desk.backup")
    assert not list(tmp_path.glob("desk.backup*"))


def test_no_password_is_among_the_arguments(
    small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody on the machine can see the arguments of a program."""
    real = shutil.which("pg_dump")
    program(
        tmp_path,
        "pg_dump",
        f'echo "$@" > {tmp_path}/seen; echo "$PGPASSWORD" > {tmp_path}/given; {real} "$@"',
    )
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    url = make_url(small).set(password="s3cret word").render_as_string(hide_password=False)
    back_up(url, tmp_path / "desk.backup")
    assert "s3cret" not in (tmp_path / "seen").read_text()
    assert (tmp_path / "given").read_text() == "s3cret word\n"
