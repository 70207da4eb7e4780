"""The log stays readable whatever is thrown at it."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.contextvars import clear_contextvars

from service_desk import reference
from service_desk.config import Settings
from service_desk.domain.errors import Busy
from service_desk.log import get_logger
from service_desk.store.database import Database
from service_desk.store.migrate import upgrade
from service_desk.web import logs
from service_desk.web.logs import HIDDEN, LINES, LONGEST_LINE, LONGEST_OBJECT, SECONDS, Floodgate, OneLine


def record(
    message: str, *words: object, line: int = 1, fault: BaseException | None = None
) -> logging.LogRecord:
    about = (type(fault), fault, fault.__traceback__) if fault else None
    return logging.LogRecord("desk", logging.WARNING, "somewhere.py", line, message, words, about)


@pytest.mark.parametrize(
    "strange", ["x" * 1_000_000, "one\ntwo\r\nthree\x85four", "\x1b[31mred", "\ud800", "\x00", "‮evil"]
)
def test_a_line_is_one_line_and_bounded(strange: str) -> None:
    line = OneLine().format(record("refused %s", strange))
    assert len(line) <= LONGEST_LINE
    assert line.isprintable()
    line.encode()
    told = OneLine(as_json=True).format(record("refused %s", strange))
    assert len(told) <= LONGEST_OBJECT
    assert told.isprintable()
    assert json.loads(told)["event"].startswith("refused ")


def test_a_fault_is_told_with_its_place_and_without_a_traceback() -> None:
    try:
        int("x" * 5000)
    except ValueError:
        line = OneLine().format(record("it failed", fault=sys.exc_info()[1]))
    assert "it failed ValueError at test_logs.py:" in line
    assert "Traceback" not in line
    assert len(line) <= LONGEST_LINE


def test_a_flood_is_cut_off_and_says_so_while_others_are_still_heard() -> None:
    now = [0.0]
    gate = Floodgate(lambda: now[0])
    passed = [each for each in (record("again") for _ in range(10_000)) if gate.filter(each)]
    assert len(passed) == LINES
    assert "left out" in passed[-1].getMessage()
    assert gate.filter(record("something else", line=2))
    now[0] = SECONDS
    assert gate.filter(record("again"))


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


@pytest.fixture
def as_before() -> Iterator[None]:
    """Whatever a test does to the process's logging is undone."""
    clear_contextvars()
    root, ours = logging.getLogger(), logging.getLogger("service_desk")
    before = root.handlers[:], root.level, ours.level
    yield
    root.handlers[:], root.level, ours.level = before
    logging.captureWarnings(False)


def test_ours_and_libraries_lines_are_objects_of_one_form(
    as_before: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(Settings(log_format="json"))
    made = reference.begin()
    reference.on_behalf_of(reference.Asker(7))
    get_logger("service_desk.ui.guard").info("refused an event", handler="calls.look", times=3)
    logging.getLogger("socketio.server").warning("emitting %s", "event")
    logging.getLogger("sqlalchemy.pool").info("not worth a line")
    ours, theirs = map(json.loads, lines_of(capsys))
    assert ours.pop("time").endswith("Z")
    assert ours == {
        "level": "info",
        "logger": "service_desk.ui.guard",
        "event": "refused an event",
        "reference": made,
        "user": 7,
        "handler": "calls.look",
        "times": 3,
    }
    assert (theirs["logger"], theirs["event"], theirs["reference"]) == (
        "socketio.server",
        "emitting event",
        made,
    )


def test_what_is_logged_on_nobodys_behalf_has_the_process_own_reference(
    as_before: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(Settings())
    get_logger("service_desk.live.hub").warning("news came late")
    logging.getLogger("asyncio").error("a task was lost")
    assert [f"[{reference.OF_THIS_PROCESS}]" in line for line in lines_of(capsys)] == [True, True]


def test_of_ours_only_what_is_as_bad_as_chosen_is_told(
    as_before: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(Settings(log_level="error"))
    get_logger("service_desk.a").warning("no")
    logging.getLogger("uvicorn.error").warning("no")
    get_logger("service_desk.a").error("yes")
    (line,) = lines_of(capsys)
    assert line.endswith("yes")


def test_a_flood_of_one_of_our_statements_leaves_the_others_room(
    as_before: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(Settings())
    log = get_logger("service_desk.flooded")
    for number in range(1000):
        log.warning("again", number=number)
    log.warning("something else")
    lines = lines_of(capsys)
    assert len(lines) == LINES + 1
    assert "left out" in lines[-2]


def test_a_long_field_cuts_neither_the_reference_nor_the_object() -> None:
    made = reference.begin()
    told = record("x" * 5000)
    told.__dict__.update({f"field{number}": '"' * 5000 for number in range(50)})
    assert f"[{made}]" in OneLine().format(told)
    line = OneLine(as_json=True).format(told)
    assert json.loads(line)["reference"] == made
    assert len(line) <= LONGEST_OBJECT


SECRETS = [
    "service_desk_session_3000=hunter2hunter2hunter2hunter2",
    "service_desk_code_3000=hunter2hunter2hunter2hunter2",
    "{'password': 'hunter2 hunter2'}",
    '{"new_password": "hunter2',
    "password=hunter2",
    "Authorization: Bearer hunter2",
    "GET /setup?token=hunter2&x=1",
    "https://desk:hunter2@db.example/x",
    "Received event from session x. Event data: {'payload': {'form': {'current': 'hunter2'}}}",
    "[SQL: UPDATE user SET a=?] [parameters: ('hunter2', 1)]",
    "the metrics are behind hunter2",
]


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("text", SECRETS)
def test_no_secret_is_told(text: str, as_json: bool) -> None:
    form = OneLine(as_json=as_json, secrets=("behind hunter2",))
    try:
        raise ValueError(text)
    except ValueError:
        fault = sys.exc_info()[1]
    fielded = record("it failed")
    fielded.__dict__.update({"said": text, "recovery_code": "hunter2"})
    for told in (record(text), record("it failed", fault=fault), fielded):
        line = form.format(told)
        assert "hunter2" not in line
        assert HIDDEN in line


def test_a_database_that_is_out_of_reach_is_told_with_its_cause_but_without_its_password(
    as_before: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(Settings())
    database = Database("postgresql+psycopg://desk:geheim@127.0.0.1:1/desk")
    with pytest.raises(Busy) as refused, database.reading() as session:
        session.connection()
    reference.told(refused.value)
    (line,) = lines_of(capsys)
    assert "OperationalError" in line
    assert "geheim" not in line


def test_a_migration_is_told_and_a_look_for_one_is_not(
    as_before: None, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    logs.set_up(Settings())
    for _ in range(2):
        upgrade(f"sqlite:///{tmp_path}/desk.db")
    lines = lines_of(capsys)
    assert "Running upgrade  -> 0001" in lines[0]
    assert len(lines) == len({line.partition("Running")[2] for line in lines})
