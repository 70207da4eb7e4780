"""Ten live tabs for one person: the one they look at always works, and the one used least lately rests."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from websockets.exceptions import ConnectionClosed

from ..caller import WIRE, Caller, sentences
from ..faults.bare_wire import BareWire
from ..running_desk import RunningDesk

MOST = 10
GOODBYE = "41/_event"


@pytest.fixture
def nobody_else(desk: RunningDesk) -> str:
    """Somebody with no tab open yet."""
    name = f"nora{uuid.uuid4().hex[:6]}"
    desk.hire(username=name, name="Nora Bell", role=desk.people["maya"].role)
    return name


@contextmanager
def tabs(desk: RunningDesk, token: str, count: int) -> Iterator[list[Caller]]:
    with ExitStack() as open_now:
        opened = []
        for _ in range(count):
            opened.append(open_now.enter_context(Caller(desk.url, token)))
            opened[-1].settle()
        yield opened


def test_the_eleventh_tab_works_and_the_one_used_least_lately_rests(
    desk: RunningDesk, nobody_else: str
) -> None:
    token = desk.token(nobody_else)
    with tabs(desk, token, MOST) as opened:
        # The first is used once more, so it is the second whose turn it is.
        opened[0].call("calls_page.look")
        with Caller(desk.url, token) as eleventh:
            eleventh.settle()
            opened[1].wait_for(lambda frame: frame.startswith(GOODBYE))
            assert f"more than {MOST} tabs" in "".join(sentences(opened[1].frames))
            for tab in (*opened[:1], *opened[2:], eleventh):
                tab.call("calls_page.look")


def test_a_tab_that_rested_comes_back_in_place_of_another(desk: RunningDesk, nobody_else: str) -> None:
    token = desk.token(nobody_else)
    with tabs(desk, token, MOST + 1) as opened:
        opened[0].wait_for(lambda frame: frame.startswith(GOODBYE))
        with Caller(desk.url, token, tab=opened[0].tab) as back:
            back.settle()
            opened[1].wait_for(lambda frame: frame.startswith(GOODBYE))


def test_two_sign_ins_of_one_person_share_the_ten(desk: RunningDesk, nobody_else: str) -> None:
    with (
        tabs(desk, desk.token(nobody_else), MOST) as opened,
        tabs(desk, desk.token(nobody_else), 2) as elsewhere,
    ):
        for tab in opened[:2]:
            tab.wait_for(lambda frame: frame.startswith(GOODBYE))
        for tab in (*opened[2:], *elsewhere):
            tab.call("calls_page.look")


def test_what_a_broken_line_left_behind_keeps_nobody_out(desk: RunningDesk, nobody_else: str) -> None:
    token = desk.token(nobody_else)
    with ExitStack() as left_behind:
        for _ in range(MOST):
            wire = left_behind.enter_context(BareWire(desk.url, token, room=4096))
            wire.send("40/_event,")
            wire.send(f'42/_event,["event",{{"name":"{WIRE["state.hydrate_and_load"]}","payload":{{}}}}]')
        with tabs(desk, token, MOST) as opened:
            for tab in opened:
                tab.call("calls_page.look")


def test_a_resting_tab_hears_nothing_more(desk: RunningDesk, nobody_else: str) -> None:
    with tabs(desk, desk.token(nobody_else), MOST + 1) as opened:
        opened[0].wait_for(lambda frame: frame.startswith(GOODBYE))
        opened[0].send(WIRE["calls_page.look"])
        with pytest.raises((ConnectionClosed, TimeoutError)):
            opened[0].wait_for(lambda frame: frame.startswith("42"), 3)
