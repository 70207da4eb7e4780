"""The log stays readable whatever is thrown at it."""

from __future__ import annotations

import logging
import sys

import pytest

from service_desk.web.logs import LINES, LONGEST_LINE, SECONDS, Floodgate, OneLine


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
