"""Every handler of the desk × nobody and every role, over a bare socket: as the table of the domain says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from service_desk.domain.users import Role
from service_desk.ui.inbox import NOT_HERE, UNREADABLE

from ..caller import HANDLERS, PERMITTED, SHOWN_OUT, WIRE, Caller, sentences, stored
from ..figures import Figure
from ..running_desk import RunningDesk
from .permissions import DENIED, MAY

SETTERS = sorted(WIRE.keys() - set(HANDLERS))
ROLES = {"dana": "admin", "maya": "dispatcher", "fay": "front desk", "ravi": "engineer"}


@dataclass
class Tally:
    """Handlers × roles that were tried in this file so far, and those that did not answer as the table says."""

    tried: int = 0
    differing: list[str] = field(default_factory=list)

    def expect(self, as_the_table_says: bool, otherwise: str) -> None:
        self.tried += 1
        if not as_the_table_says:
            self.differing.append(otherwise)


@pytest.fixture(scope="module")
def all_of_them() -> Tally:
    return Tally()


@pytest.fixture
def tally(all_of_them: Tally, figure: Figure) -> Iterator[Tally]:
    """Fails the test in which anything differed, once all was tried."""
    before = len(all_of_them.differing)
    yield all_of_them
    figure("default deny: handlers × nobody and each role, tried", all_of_them.tried)
    figure("default deny: that answered otherwise than the table", len(all_of_them.differing))
    assert all_of_them.differing[before:] == []


def test_every_handler_stands_in_the_table() -> None:
    assert len(WIRE) == len(PERMITTED), "two states have the same name"
    assert set(HANDLERS) == MAY.keys() | DENIED


@pytest.mark.parametrize("username", ROLES)
def test_a_role_may_call_what_the_table_says(
    desk: RunningDesk, payloads: dict[str, dict[str, Any]], username: str, tally: Tally
) -> None:
    may = {name for name in HANDLERS if ROLES[username] in MAY.get(name, ())}
    with Caller(desk.url, desk.token(username)) as caller:
        caller.settle()
        before = stored(desk)
        for name in sorted(set(HANDLERS) - may):
            tally.expect(_denied(caller.call(name, payloads[name])), f"{ROLES[username]} called {name}")
        assert stored(desk) == before
        for name in sorted(may):
            told = "".join(sentences(caller.call(name, payloads[name])))
            refusals = ("You may not", NOT_HERE, UNREADABLE, SHOWN_OUT, "did not work")
            tally.expect(not any(word in told for word in refusals), f"{ROLES[username]}, {name}: {told}")


def test_nobody_may_call_anything(
    desk: RunningDesk, payloads: dict[str, dict[str, Any]], tally: Tally
) -> None:
    before = stored(desk)
    for token in (None, "a" * 43):
        for name in [*HANDLERS, *SETTERS]:
            with Caller(desk.url, token) as stranger:
                stranger.send(WIRE[name], payloads.get(name, {}))
                # The only answer there is comes before the goodbye.
                stranger.wait_for(lambda frame: frame.startswith("41/_event"))
                frames = "".join(stranger.frames)
                is_denied = SHOWN_OUT in frames and "delta" not in frames.replace('"delta":{}', "")
                tally.expect(is_denied, f"nobody called {name}")
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
    # Beside the sentence the page hears that its command was answered.
    told = [each for each in sentences(answer) if "desk?.heard(" not in each]
    return len(told) == 1 and ("You may not" in told[0] or NOT_HERE in told[0])
