"""What a form says that it was opened on is a stranger's word."""

from __future__ import annotations

import json

import pytest

from service_desk.domain.errors import DeskError
from service_desk.ui.edit_state import Basis, read_basis


def test_a_form_is_read_back_as_it_was_opened() -> None:
    told = json.dumps({"record": 7, "version": 3, "was": {"problem": "No power", "due_at": ""}})
    assert read_basis(told) == Basis(7, 3, {"problem": "No power", "due_at": ""})


def test_old_values_that_are_no_texts_are_left_out() -> None:
    told = json.dumps({"record": 7, "version": 3, "was": {"problem": ["a"], "priority": "low"}})
    assert read_basis(told).was == {"priority": "low"}


@pytest.mark.parametrize(
    "told",
    [
        "",
        "{",
        "null",
        "7",
        "[]",
        "{}",
        '{"record": 1}',
        '{"record": 1, "version": 1, "was": 3}',
        "[" * 100_000,
    ]
    + [json.dumps({"record": record, "version": 1, "was": {}}) for record in (0, -1, "x", None, True, 2**40)],
)
def test_anything_else_is_refused_with_a_sentence(told: str) -> None:
    with pytest.raises(DeskError, match=r"\.$"):
        read_basis(told)
