"""A command says in whose page it was pressed, and is done in nobody else's name."""

from __future__ import annotations

from typing import Any

import pytest

from service_desk.actions.commands import ANOTHERS, own_key
from service_desk.domain.access import Actor
from service_desk.domain.errors import Invalid, SentByAnother
from service_desk.domain.users import Role
from service_desk.store.once import NO_KEY

from ..caller import Caller, basis, stored
from ..raw_socket import fresh_key
from ..running_desk import RunningDesk
from .permissions import MAY

COMMANDS = sorted(name for name in MAY if name.endswith((".save", ".start", ".unassign", ".undo")))
DANA = Actor(1, Role.ADMIN, "Dana Ortiz")


def with_key(words: dict[str, Any], key: str) -> dict[str, Any]:
    """The same command with this key."""
    if "form" in words:
        return {**words, "form": {"basis": basis(1), **words["form"], "key": key}}
    return {**words, "key": key}


@pytest.mark.parametrize("owner", ["maya", ""])
def test_what_was_pressed_in_another_page_is_refused_with_a_sentence_whatever_it_is(
    desk: RunningDesk, payloads: dict[str, dict[str, Any]], owner: str
) -> None:
    key = f"{desk.people[owner].id if owner else 0}.{fresh_key()}"
    with Caller(desk.url, desk.token("dana")) as dana:
        dana.settle()
        before = stored(desk)
        for name in COMMANDS:
            if not {"form", "key"} & payloads[name].keys():
                continue
            answer = "".join(dana.call(name, with_key(payloads[name], key)))
            assert "in somebody else" in answer, name
        assert stored(desk) == before


@pytest.mark.parametrize(
    "key", [fresh_key(), f"x.{fresh_key()}", f".{fresh_key()}", "1" * 30 + ".a", "1.short", None]
)
def test_a_key_that_says_nobody_s_name_is_none(key: str | None) -> None:
    with pytest.raises(Invalid, match="this page is out of date"):
        own_key(DANA, key)
    assert "out of date" in NO_KEY


def test_a_key_of_ones_own_is_known_to_the_store_without_the_name() -> None:
    key = fresh_key()
    assert own_key(DANA, f"1.{key}") == key
    with pytest.raises(SentByAnother) as refused:
        own_key(DANA, f"11.{key}")
    assert refused.value.sentence == ANOTHERS
