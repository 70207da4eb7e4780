"""Whatever is sent, the answer is a draft or a sentence beside each field."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_desk.actions.drafts import (
    Draft,
    Id,
    MaybeEmail,
    MaybeId,
    MaybeMoment,
    MaybePhone,
    Phone,
    line,
    maybe_line,
    maybe_text,
    read_draft,
    read_id,
    text,
    word,
)
from service_desk.domain.calls import Priority
from service_desk.domain.errors import DeskError, Invalid, NotFound

NESTED: list[Any] = []
for _ in range(5000):
    NESTED = [NESTED]
BAD = {
    "null": None,
    "list": ["a"],
    "dict": {"a": 1},
    "bool": True,
    "infinite": 1e999,
    "not a number": float("nan"),
    "huge": 9**400,
    "surrogate": "a\ud800b",
    "NUL": "a\x00b",
    "a million": "a" * 1_000_000,
    "nested": NESTED,
    "bytes": b"a",
    "negative": -1,
}


class Everything(Draft):
    name: Annotated[str, line(10)] = "x"
    nickname: Annotated[str | None, maybe_line(10)] = None
    story: Annotated[str, text(20)] = "x"
    note: Annotated[str | None, maybe_text(20)] = None
    category_id: Id = 1
    engineer_id: MaybeId = None
    phone: Phone = ""
    other_phone: MaybePhone = None
    email: MaybeEmail = None
    due_at: MaybeMoment = None
    priority: Annotated[Priority, word(Priority)] = Priority.LOW


OPTIONAL = {"nickname", "note", "engineer_id", "other_phone", "email", "due_at"}


@pytest.mark.parametrize("field", Everything.model_fields)
@pytest.mark.parametrize("bad", BAD)
def test_a_bad_value_is_a_sentence_beside_its_field(field: str, bad: str) -> None:
    if bad == "null" and field in OPTIONAL:
        assert getattr(read_draft(Everything, {field: None}), field) is None
        return
    with pytest.raises(Invalid) as refusal:
        read_draft(Everything, {field: BAD[bad]})
    assert list(refusal.value.fields) == [field]
    assert refusal.value.fields[field].endswith((".", "country."))
    assert len(refusal.value.fields[field]) < 120


@pytest.mark.parametrize("data", [None, [], "text", 5, True, 1e999, {1: 2}, {None: 1}, b"", {("a",): 1}])
def test_what_is_no_form_is_refused_with_a_sentence(data: object) -> None:
    with pytest.raises(Invalid, match="could not be read"):
        read_draft(Everything, data)


@pytest.mark.parametrize(
    "name", ["id", "version", "a\ud800", "a\x00", "<b>", "x" * 1_000_000, "", "__class__"]
)
def test_an_unknown_field_is_refused_by_a_short_and_harmless_name(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_draft(Everything, {"name": "Rosa", name: "1"})
    (shown,) = refusal.value.fields
    assert len(shown) <= 40
    assert shown.isascii()


def test_a_missing_field_says_so() -> None:
    class Needed(Draft):
        name: Annotated[str, line(10)]
        category_id: Id

    with pytest.raises(Invalid) as refusal:
        read_draft(Needed, {})
    assert refusal.value.fields == {"name": "Fill this in.", "category_id": "Fill this in."}
    with pytest.raises(Invalid) as refusal:
        read_draft(Needed, {"name": "  ", "category_id": ""})
    assert refusal.value.fields == {"name": "Fill this in.", "category_id": "Fill this in."}


def test_a_text_too_long_says_how_long_it_may_be() -> None:
    with pytest.raises(Invalid) as refusal:
        read_draft(Everything, {"name": "a" * 11})
    assert refusal.value.fields == {"name": "At most 10 characters."}
    assert read_draft(Everything, {"name": f"  {'a' * 10}  "}).name == "a" * 10


def test_texts_are_trimmed_composed_and_kept_on_their_lines() -> None:
    draft = read_draft(
        Everything, {"name": " a\n b\t", "story": "one\r\ntwo\rthree", "nickname": "", "note": "u\u0308"}
    )
    assert (draft.name, draft.story, draft.nickname, draft.note) == ("a b", "one\ntwo\nthree", None, "ü")


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-03-04T12:00:00+00:00", "2026-03-04T12:00:00+00:00"),
        ("2026-03-04T12:00Z", "2026-03-04T12:00:00+00:00"),
        ("2026-03-04T14:30+02:30", "2026-03-04T12:00:00+00:00"),
        ("", None),
        (None, None),
    ],
)
def test_a_moment_is_kept_in_utc(typed: object, moment: str | None) -> None:
    due_at = read_draft(Everything, {"due_at": typed}).due_at
    assert (due_at and due_at.isoformat()) == moment


@pytest.mark.parametrize(
    "typed", ["2026-03-04T12:00", "2026-03-04", "0001-01-01T00:00+14:00", "tomorrow", 1e12]
)
def test_a_moment_without_zone_or_sense_is_refused(typed: object) -> None:
    with pytest.raises(Invalid) as refusal:
        read_draft(Everything, {"due_at": typed})
    assert set(refusal.value.fields) == {"due_at"}


@pytest.mark.parametrize("typed", ["a", "a@", "@b.c", "a b@c.d", "a@b", "a@b.", "a@@b.c", "a@b.c, d@e.f"])
def test_what_is_no_email_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        read_draft(Everything, {"email": typed})


@pytest.mark.parametrize(("typed", "number"), [(7, 7), ("7", 7), ("2147483647", 2**31 - 1)])
def test_an_id_may_come_as_digits(typed: object, number: int) -> None:
    assert read_draft(Everything, {"category_id": typed}).category_id == number
    assert read_id(typed) == number


@pytest.mark.parametrize("typed", [*BAD.values(), 0, 2**31, "0", "-1", "1.0", " 1", "٣", "1e3", 1.0])
def test_an_id_that_nothing_can_have_is_not_found(typed: object) -> None:
    with pytest.raises(NotFound):
        read_id(typed)


def test_a_draft_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_draft(Everything, {}).name = "b"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*Everything.model_fields, "other"]), JSON, max_size=4))
def test_no_form_breaks_the_reading(data: dict[str, Any]) -> None:
    try:
        read_draft(Everything, data)
    except DeskError as refusal:
        assert refusal.sentence.endswith(".")
