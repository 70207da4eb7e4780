"""A command says in whose page it was pressed, and is done in nobody else's name."""

from __future__ import annotations

from typing import Any

import pytest

from service_desk.actions.commands import ANOTHERS, own_key
from service_desk.domain.access import Actor
from service_desk.domain.errors import Invalid, SentByAnother
from service_desk.domain.users import Role
from service_desk.store.once import NO_KEY

from ..caller import Caller, basis, sentences, stored
from ..raw_socket import fresh_key
from ..running_desk import RunningDesk
from .permissions import MAY

LOOKS = (".look", ".look_up", ".choose", ".edit")
"""What only asks, or opens a dialog."""
OURS = sorted(name for name in MAY if not name.startswith(("state.", "on_load_internal_state.")))
COMMANDS = [name for name in OURS if not name.endswith(LOOKS)]
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
            assert {"form", "key"} & payloads[name].keys(), f"{name} does not say whose it is"
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


def test_a_denied_command_is_answered_so_that_its_page_sends_it_no_more(desk: RunningDesk) -> None:
    key = f"{desk.people['fay'].id}.{fresh_key()}"
    with Caller(desk.url, desk.token("fay")) as fay:
        fay.settle()
        told = sentences(fay.call("new_user.save", {"form": {"username": "mallory", "key": key}}))
    assert any(f'desk?.heard("{key}")' in each for each in told)
    assert any("You may not" in each for each in told)
