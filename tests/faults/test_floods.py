"""Sockets that send more, or stranger things, than any page: they are bounded, and nobody else notices."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from service_desk.actions import passwords
from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind
from service_desk.live.lines import BURST_SECONDS, MOST_DROPPED, REST, TOO_MUCH

from ..caller import WIRE, Caller, sentences
from ..factories import make_call
from ..figures import Figure
from ..log_lines import LogLines
from ..running_desk import RunningDesk
from .bare_wire import BINARY, PING, BareWire, frame
from .conftest import CHEAP, a_desk
from .onlookers import somebody_at_work
from .scale import scaled
from .usage import resident_bytes

LOOSE_SECONDS = 2.0
"""What nobody else may ever have to wait, on a machine that others use too; the figures say what they did."""
DEEP = "[" * 50_000 + "]" * 50_000
LOOK = {"name": WIRE["calls_page.look"], "payload": {}, "router_data": {"pathname": "/calls"}}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """One server for all floods, without pages; the store has no part in them, so SQLite will do."""
    folder = tmp_path_factory.mktemp("floods")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", CHEAP)
        with a_desk(folder, f"sqlite:///{folder / 'desk.db'}") as running:
            yield running


@pytest.fixture
def category(desk: RunningDesk) -> int:
    """A category with a call, so that renaming it changes a row of the list."""
    dana = desk.people["dana"]
    made = create_category(dana, CategoryKind.CALL, {"name": f"Network {uuid4()}"})
    make_call(dana, category_id=made)
    return made


def event(**changes: Any) -> str:
    return "42/_event," + json.dumps(["event", {**LOOK, **changes}])


@contextlib.contextmanager
def joined(desk: RunningDesk, token: str) -> Iterator[BareWire]:
    with BareWire(desk.url, token) as wire:
        wire.send("40/_event,")
        yield wire


def test_fifty_thousand_events_from_one_socket_disturb_nobody(
    desk: RunningDesk, category: int, figure: Figure
) -> None:
    count, log, before = scaled(10_000, 50_000), LogLines(desk), resident_bytes(desk)
    token, sent, sockets = desk.token("fay"), 0, 0
    with somebody_at_work(desk, category) as waits:
        started = time.monotonic()
        while sent < count:
            sockets += 1
            with contextlib.suppress(OSError), joined(desk, token) as fay:
                while sent < count:
                    fay.send(event())
                    sent += 1
            time.sleep(0.1)
        took = time.monotonic() - started
        time.sleep(1)
    lines = log.lines()
    figure("flood of events: events sent", sent)
    figure("flood of events: sockets it took", sockets)
    figure("flood of events: a second", sent / took)
    figure("flood of events: log lines", len(lines))
    figure("flood of events: others wait, median", waits.median, "s")
    figure("flood of events: others wait, p99", waits.p99, "s")
    figure("flood of events: memory grew by", (resident_bytes(desk) - before) / 1e6, "MB")
    assert len(lines) <= 100
    assert not [line for line in lines if "Traceback" in line or "ERROR" in line]
    assert waits.p99 < LOOSE_SECONDS
    assert resident_bytes(desk) - before < 30e6


def test_a_socket_that_is_too_fast_is_told_once_a_second_and_goes_on(desk: RunningDesk) -> None:
    with Caller(desk.url, desk.token("fay")) as fay:
        fay.settle()
        for _ in range(400):
            fay.send("no.such.handler")
        told = sentences(fay.listen(0.5))
        assert 1 <= sum(TOO_MUCH in each for each in told) <= 2
        time.sleep(BURST_SECONDS)
        assert sentences(fay.call("calls_page.start", {}))


def test_a_socket_that_goes_on_is_cut_and_its_sign_in_rests(desk: RunningDesk) -> None:
    token = desk.token("fay")
    with joined(desk, token) as fay:
        with contextlib.suppress(OSError):
            for _ in range(MOST_DROPPED + 200):
                fay.send(event())
        assert fay.is_ended(5)
    with BareWire(desk.url, token) as again:
        assert again.is_refused
    time.sleep(REST.get_expiry())
    with Caller(desk.url, token) as fay_later:
        fay_later.settle()


def test_ten_tabs_that_come_back_at_once_are_not_too_fast(desk: RunningDesk, figure: Figure) -> None:
    token = desk.token("fay")
    with contextlib.ExitStack() as tabs:
        all_ten = [tabs.enter_context(Caller(desk.url, token)) for _ in range(10)]
        for tab in all_ten:
            tab.open_page()
        for tab in all_ten:
            tab.wait_for(lambda frame: '"is_hydrated_rx_state_":true' in frame)
            assert TOO_MUCH not in "".join(tab.frames)


MALFORMED: dict[str, bytes] = {
    "empty": frame(b""),
    "letter": frame(b"x"),
    "unknown type": frame(b"9"),
    "not a digit": frame("²".encode()),
    "bad base64": frame(b"b!!"),
    "a server's packet": frame(b"0{}"),
    "no namespace": frame(b"42"),
    "bare list": frame(f"4{DEEP}".encode()),
    "open list": frame(b"42/_event,["),
    "open event": frame(b'42/_event,["event",{"name":'),
    "no event": frame(b'42/_event,["disconnect"]'),
    "another's handler": frame(b'42/_event,["connect",{}]'),
    "nowhere": frame(b'42/nowhere,["event",{}]'),
    "another namespace": frame(b"40/admin,"),
    "deep": frame(f'42/_event,["event",{DEEP}]'.encode()),
    "huge number": frame(f'42/_event,["event",{{"name":{"9" * 5000}}}]'.encode()),
    "huge id": frame(b"42/_event," + b"9" * 200 + b'["event",{}]'),
    "acknowledged": frame(b'43/_event,7["x"]'),
    "error": frame(b'44/_event,{"message":"x"}'),
    "attachments": frame(b'459999999999-/_event,["event",{"_placeholder":true,"num":0}]'),
    "attached": frame(b"x" * 1000, BINARY),
    "not UTF-8": frame(b"42/_event,\xff\xfe"),
    "255 KB": frame(b'42/_event,["event",{"name":"' + b"x" * 255_000),
    "257 KB": frame(b'42/_event,["event",{"name":"' + b"x" * 263_000),
    "never ends": frame(b"4", last=False) + frame(b"", 0, last=False) * 200,
    "pings": frame(b"", PING) * 2000,
    "no frame": b"\xff\xff\xff\xff garbage",
    "unmasked": b"\x81\x05hello",
}


def test_ten_thousand_malformed_frames_are_a_few_lines_in_the_log(
    desk: RunningDesk, category: int, figure: Figure
) -> None:
    count, log, before = scaled(1_000, 10_000), LogLines(desk), resident_bytes(desk)
    # One sign-in may not connect that often.
    tokens = [desk.token("fay") for _ in range(count // 100)]
    with somebody_at_work(desk, category) as waits:
        for number in range(count // 4):
            raw = list(MALFORMED.values())[number % len(MALFORMED)]
            with contextlib.suppress(OSError), joined(desk, tokens[number % len(tokens)]) as wire:
                wire.send_bytes(raw * 4)
    lines = log.lines()
    figure("malformed frames: sent", count)
    figure("malformed frames: log lines", len(lines))
    figure("malformed frames: others wait, median", waits.median, "s")
    figure("malformed frames: others wait, p99", waits.p99, "s")
    figure("malformed frames: memory grew by", (resident_bytes(desk) - before) / 1e6, "MB")
    assert len(lines) <= 100
    assert not [line for line in lines if "Traceback" in line or "ERROR" in line]
    assert waits.p99 < LOOSE_SECONDS
    assert resident_bytes(desk) - before < 30e6


@pytest.mark.parametrize("kind", MALFORMED)
def test_what_no_page_sends_ends_the_socket(desk: RunningDesk, kind: str) -> None:
    with joined(desk, desk.token("fay")) as wire:
        wire.send_bytes(MALFORMED[kind])
        assert wire.is_ended(5)
