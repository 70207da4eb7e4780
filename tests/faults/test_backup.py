"""A backup is made while people work, and restored elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

from service_desk.commands import build
from service_desk.config import ROOT, settings
from service_desk.domain.users import Role
from service_desk.store import migrate
from service_desk.store.database import connect, disconnect

from ..factories import make_category, make_user
from ..figures import Figure
from ..stores import new_database
from . import checker
from .big_desk import fill
from .crowd import wait_until
from .scale import scaled
from .writers import writing


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def full(kind: str, tmp_path: Path) -> Iterator[str]:
    """The address of a desk with years of work in it, open as the current database."""
    (tmp_path / "full").mkdir()
    with new_database(kind, tmp_path / "full") as url:
        migrate.upgrade(url)
        fill(url, scaled(1_000, 50_000))
        connect(url)
        yield url
        disconnect()


@pytest.fixture
def other(kind: str, tmp_path: Path) -> Iterator[str]:
    """The address of another database, of which nothing exists yet."""
    (tmp_path / "other").mkdir()
    with new_database(kind, tmp_path / "other") as url:
        yield url


def run(url: str, *command: str) -> Result:
    """The command's answer, in this process: a Python of its own takes seconds on a busy machine."""
    settings.cache_clear()
    try:
        return CliRunner().invoke(build(), command, env={"SERVICE_DESK_DATABASE_URL": url})
    finally:
        settings.cache_clear()


def backup_process(url: str, file: Path) -> subprocess.CompletedProcess[str]:
    """The same as people run it."""
    environment = {**os.environ, "SERVICE_DESK_DATABASE_URL": url}
    command = [sys.executable, "-m", "service_desk", "backup", str(file)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def scalar(url: str, question: str) -> object:
    engine = migrate.migrating_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(text(question)).scalar()
    finally:
        engine.dispose()


def tell(url: str, statement: str) -> None:
    engine = migrate.migrating_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_a_backup_under_load_holds_all_that_was_acknowledged_before_it_began(
    full: str, other: str, tmp_path: Path, figure: Figure
) -> None:
    file = tmp_path / "desk.backup"
    with writing(make_user(Role.DISPATCHER), make_user(Role.ENGINEER), make_category()) as writers:
        wait_until(lambda: len(writers.saved) > 50, 30, lambda: "nobody writes")
        began, writers.slowest = time.monotonic(), 0.0
        before = writers.acknowledged()
        made = backup_process(full, file)
        took, slowest = time.monotonic() - began, writers.slowest
        meanwhile = len(writers.acknowledged()) - len(before)
    assert made.returncode == 0, made.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob("*.partial*")) == []
    assert meanwhile > 10
    assert not writers.refused
    checker.expect_sound(full, writers.acknowledged())
    back = run(other, "restore", str(file))
    assert back.exit_code == 0, back.stderr
    missing = checker.acknowledged_off(other, before)
    figure("backup under load: changes acknowledged before it", len(before))
    figure("backup under load: of these missing in the restored copy", len(missing))
    figure("backup under load: changes saved meanwhile", meanwhile)
    figure("backup under load: slowest of them", slowest, "s")
    figure("backup under load: took", took, "s")
    assert not missing
    checker.expect_sound(other)


def test_a_desk_with_users_is_replaced_only_when_told_and_keeps_nothing_of_before(
    full: str, other: str, kind: str, tmp_path: Path
) -> None:
    file = tmp_path / "desk.backup"
    assert run(full, "backup", str(file)).exit_code == 0
    calls = scalar(full, 'SELECT count(*) FROM "call"')
    migrate.upgrade(other)
    fill(other, 20)
    refused = run(other, "restore", str(file))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("The desk has users already. Add --yes")
    assert scalar(other, 'SELECT count(*) FROM "call"') == 20
    assert run(other, "restore", "--yes", str(file)).exit_code == 0
    assert scalar(other, 'SELECT count(*) FROM "call"') == calls
    checker.expect_sound(other)


def test_a_backup_of_an_older_schema_is_brought_to_the_newest(other: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    file = tmp_path / "old.backup"
    with new_database(kind, tmp_path / "old") as old:
        migrate.upgrade(old, "0001")
        fill(old, 30)
        assert run(old, "backup", str(file)).exit_code == 0
    migrate.upgrade(other)
    assert run(other, "restore", str(file)).exit_code == 0
    checker.expect_sound(other)


def test_a_restore_signs_everybody_out(full: str, other: str, tmp_path: Path) -> None:
    file = tmp_path / "desk.backup"
    columns = "token_hash, user_id, created_at, expires_at, last_used_at, user_agent"
    moments = "created_at, created_at, created_at"
    tell(
        full,
        f"INSERT INTO user_session ({columns}) SELECT 'hash', id, {moments}, '' FROM \"user\" WHERE id = 1",
    )
    assert run(full, "backup", str(file)).exit_code == 0
    assert "Everybody has to sign in anew." in run(other, "restore", str(file)).stdout
    assert scalar(full, "SELECT count(*) FROM user_session WHERE revoked_at IS NULL") == 1
    assert scalar(other, "SELECT count(*) FROM user_session WHERE revoked_at IS NULL") == 0
    assert scalar(other, "SELECT count(*) FROM user_session") == 1


def test_a_restore_revokes_access_tokens(full: str, other: str, tmp_path: Path) -> None:
    file = tmp_path / "desk.backup"
    columns = "token_hash, user_id, name, created_at, expires_at"
    values = "'hash', id, 'n', created_at, created_at"
    tell(full, f'INSERT INTO api_token ({columns}) SELECT {values} FROM "user" WHERE id = 1')
    assert run(full, "backup", str(file)).exit_code == 0
    assert run(other, "restore", str(file)).exit_code == 0
    assert scalar(full, "SELECT count(*) FROM api_token WHERE revoked_at IS NULL") == 1
    assert scalar(other, "SELECT count(*) FROM api_token") == 1
    assert scalar(other, "SELECT count(*) FROM api_token WHERE revoked_at IS NULL") == 0


def test_a_restore_ends_half_done_sign_ins(full: str, other: str, tmp_path: Path) -> None:
    file = tmp_path / "desk.backup"
    waits = "INSERT INTO pending_sign_in (token_hash, user_id, address, expires_at)"
    begun = "INSERT INTO unconfirmed_factor (holder, user_id, secret, created_at)"
    tell(full, f"{waits} SELECT 'hash', id, '', created_at FROM \"user\" WHERE id = 1")
    tell(full, f"{begun} SELECT 'hash', id, 'ABC', created_at FROM \"user\" WHERE id = 1")
    assert run(full, "backup", str(file)).exit_code == 0
    assert run(other, "restore", str(file)).exit_code == 0
    for table in ("pending_sign_in", "unconfirmed_factor"):
        assert scalar(full, f"SELECT count(*) FROM {table}") == 1
        assert scalar(other, f"SELECT count(*) FROM {table}") == 0


def test_what_is_no_backup_of_ours_is_refused_with_a_sentence(
    full: str, other: str, kind: str, tmp_path: Path
) -> None:
    text_file, foreign, newer = (tmp_path / name for name in ("notes.txt", "foreign.backup", "newer.backup"))
    text_file.write_text("Buy milk.")
    assert "is not a backup of a desk" in run(other, "restore", str(text_file)).stderr
    assert "can't be read" in run(other, "restore", str(tmp_path / "nowhere")).stderr
    newest = scalar(full, "SELECT version_num FROM alembic_version")
    for revision, sentence in (("9999", "A newer version of the desk made this backup"), (newest, "")):
        tell(full, f"UPDATE alembic_version SET version_num = '{revision}'")
        if sentence:
            assert run(full, "backup", str(newer)).exit_code == 0
            assert sentence in run(other, "restore", str(newer)).stderr
    assert "exists already" in run(full, "backup", str(newer)).stderr
    tell(full, 'ALTER TABLE "call" RENAME TO something')
    assert run(full, "backup", str(foreign)).exit_code == 0
    answer = run(other, "restore", str(foreign))
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert "not a backup of a desk" in answer.stderr
