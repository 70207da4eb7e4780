"""Every handler of the desk × nobody and every role, over a bare socket: as the table of the domain says."""

from __future__ import annotations

from typing import Any

import pytest

from service_desk.domain.users import Role
from service_desk.ui.inbox import NOT_HERE, UNREADABLE

from ..caller import HANDLERS, PERMITTED, SHOWN_OUT, WIRE, Caller, sentences, stored
from ..running_desk import RunningDesk
from .permissions import DENIED, MAY

SETTERS = sorted(WIRE.keys() - set(HANDLERS))
ROLES = {"dana": "admin", "maya": "dispatcher", "fay": "front desk", "ravi": "engineer"}


def test_every_handler_stands_in_the_table() -> None:
    assert len(WIRE) == len(PERMITTED), "two states have the same name"
    assert set(HANDLERS) == MAY.keys() | DENIED


@pytest.mark.parametrize("username", ROLES)
def test_a_role_may_call_what_the_table_says(
    desk: RunningDesk, payloads: dict[str, dict[str, Any]], username: str
) -> None:
    may = {name for name in HANDLERS if ROLES[username] in MAY.get(name, ())}
    with Caller(desk.url, desk.token(username)) as caller:
        caller.settle()
        before = stored(desk)
        for name in sorted(set(HANDLERS) - may):
            assert _denied(caller.call(name, payloads[name])), f"{ROLES[username]} called {name}"
        assert stored(desk) == before
        for name in sorted(may):
            told = "".join(sentences(caller.call(name, payloads[name])))
            refusals = ("You may not", NOT_HERE, UNREADABLE, SHOWN_OUT, "did not work")
            assert not [word for word in refusals if word in told], f"{ROLES[username]}, {name}: {told}"


def test_nobody_may_call_anything(desk: RunningDesk, payloads: dict[str, dict[str, Any]]) -> None:
    before = stored(desk)
    for token in (None, "a" * 43):
        for name in [*HANDLERS, *SETTERS]:
            with Caller(desk.url, token) as stranger:
                stranger.send(WIRE[name], payloads.get(name, {}))
                # The only answer there is comes before the goodbye.
                stranger.wait_for(lambda frame: frame.startswith("41/_event"))
                assert SHOWN_OUT in "".join(stranger.frames)
                assert "delta" not in "".join(stranger.frames).replace('"delta":{}', ""), (
                    f"nobody called {name}"
                )
    assert stored(desk) == before


def test_nobody_sets_a_variable(desk: RunningDesk) -> None:
    with Caller(desk.url, desk.token("dana")) as dana:
        dana.settle()
        for name in SETTERS:
            told = sentences(dana.call(name, {"var_name": "record_id", "value": 7}))
            assert any(NOT_HERE in each for each in told), name


def test_a_new_role_would_have_to_stand_in_the_table() -> None:
    assert {role.label.lower() for role in Role} == set(ROLES.values())


def _denied(answer: list[str]) -> bool:
    told = sentences(answer)
    return len(told) == 1 and ("You may not" in told[0] or NOT_HERE in told[0])
