"""Letting somebody in from the console, the first admin included."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from sqlmodel import select
from typer.testing import CliRunner

from service_desk.actions.sessions import sign_in
from service_desk.commands import build
from service_desk.config import settings
from service_desk.domain.security import Door, SecurityEvent
from service_desk.domain.users import Role, User
from service_desk.queries.sessions import who_is
from service_desk.store.database import connect, current, disconnect

from .second_steps import set_up

PASSWORD = "correct horse battery"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a desk that was never started."""
    address = f"sqlite:///{tmp_path / 'desk.db'}"
    monkeypatch.setenv("SERVICE_DESK_DATABASE_URL", address)
    settings.cache_clear()
    yield address
    disconnect()
    monkeypatch.undo()
    settings.cache_clear()


def create(*options: str, password: str = PASSWORD) -> Result:
    command = ["create-user", *options, "--password-stdin"]
    return CliRunner().invoke(build(), command, input=f"{password}\n")


def test_the_first_admin_can_be_made_on_an_empty_desk(url: str) -> None:
    made = create("--username", "ada", "--role", "admin", "--full-name", "Ada A.")
    assert (made.exit_code, made.stdout) == (0, "ada can sign in now, as admin.\n")
    connect(url)
    actor = who_is(sign_in("ada", PASSWORD))
    assert actor is not None and (actor.name, actor.role) == ("Ada A.", Role.ADMIN)


def test_the_first_one_must_be_an_admin_the_others_need_not(url: str) -> None:
    refused = create("--username", "ravi", "--role", "engineer")
    assert refused.exit_code == 1 and "must be an admin" in refused.stderr
    create("--username", "ada", "--role", "admin")
    assert create("--username", "ravi", "--role", "engineer").exit_code == 0
    connect(url)
    with current().reading() as session:
        assert set(session.exec(select(User.username, User.full_name))) == {("ada", "ada"), ("ravi", "ravi")}


@pytest.mark.parametrize(
    ("options", "password", "words"),
    [
        (("--username", "ada", "--role", "admin"), "short", "password: Use at least 10 characters."),
        (("--username", "ada", "--role", "admin"), "", "password: Fill this in."),
        (("--username", "a b", "--role", "admin"), PASSWORD, "username: 2 to 40"),
        (("--username", "ada", "--role", "boss"), PASSWORD, "--role"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_let_in(
    url: str, options: tuple[str, ...], password: str, words: str
) -> None:
    refused = create(*options, password=password)
    assert refused.exit_code != 0 and words in refused.stderr
    assert "Traceback" not in refused.output


def test_what_is_done_at_the_console_stands_in_the_door_book(url: str) -> None:
    create("--username", "ada", "--role", "admin")
    connect(url)
    ada = who_is(sign_in("ada", PASSWORD))
    assert ada is not None
    set_up(ada)
    disconnect()
    assert CliRunner().invoke(build(), ["reset-second-factor", "ada"]).exit_code == 0
    connect(url)
    with current().reading() as session:
        told = {line.kind: line.detail for line in session.exec(select(SecurityEvent))}
    assert told[Door.SECOND_FACTOR_OFF] == "at the console"
    assert told[Door.SIGN_IN_ENDED] == "at the console, with a reset of two-step sign-in"
