"""One number, however it is spelt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_desk.domain.phones import find_phone, show_phone

SPELLINGS = [
    "4155552671",
    "(415) 555-2671",
    "415.555.2671",
    "415 555 2671",
    "1-415-555-2671",
    "+1 415 555 2671",
    "+14155552671",
    "  415-555-2671  ",
    "011 1 415 555 2671",
    "tel:+1-415-555-2671",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_is_the_same_number(spelling: str) -> None:
    assert find_phone(spelling, "US") == "+14155552671"


@pytest.mark.parametrize(("region", "typed"), [("CH", "044 668 18 00"), ("US", "+41 (0)44 668 18 00")])
def test_a_number_is_read_as_in_the_region_where_it_is_typed(region: str, typed: str) -> None:
    assert find_phone(typed, region) == "+41446681800"


@pytest.mark.parametrize(
    "typed", ["", "4", "415 555", "555-2671", "415 555 267", "abc", "9" * 41, "+999 1234567", "☎"]
)
def test_what_is_no_whole_number_is_none(typed: str) -> None:
    assert find_phone(typed, "US") is None


def test_a_number_is_shown_as_people_of_the_region_write_it() -> None:
    assert show_phone("+14155552671", "US") == "(415) 555-2671"
    assert show_phone("+14155552671", "CH") == "+1 415-555-2671"
    assert show_phone("not a number", "US") == "not a number"


@given(st.text(max_size=60))
def test_no_text_breaks_the_look_up(typed: str) -> None:
    found = find_phone(typed, "US")
    assert found is None or find_phone(found, "US") == found
