"""What many are sent goes straight to their wires, and never past anything that was sent before."""

from __future__ import annotations

import asyncio
import re
import threading
from itertools import pairwise
from types import SimpleNamespace
from uuid import uuid4

import pytest
from engineio.packet import MESSAGE, Packet

from service_desk.figures import DELIVERIES
from service_desk.live.delivery import Delivery
from service_desk.live.line import Line
from service_desk.live.outbox import Outbox

from ..factories import make_call, make_category
from ..hub_room import run
from ..raw_socket import RawSocket
from ..running_desk import RunningDesk
from ..tap import Tap
from ..typist import Typist

NAMESPACE = "/_event"
CHANGES = 60


class Session:
    """One socket with Engine.IO's writer, which can be held up between taking a packet and writing it."""

    def __init__(self, wire: Tap | None) -> None:
        self.tap = wire or Tap()
        self.queue = Outbox(lambda _: None)
        self.closed = self.closing = False
        self.line = Line(self, "key", 1, wire)
        self.may_write = asyncio.Event()
        self.may_write.set()
        self.writer = asyncio.ensure_future(self._write())

    async def _write(self) -> None:
        while True:
            packet = await asyncio.wait_for(self.queue.get(), 10)
            await self.may_write.wait()
            self.tap.written.append(str(packet.encode()))


class Office:
    """A Socket.IO server as far as a delivery knows it."""

    def __init__(self, **sessions: Session) -> None:
        self.pending_connect: dict[str, list[str]] = {}
        self.pending_disconnect: dict[str, list[str]] = {}
        self.sessions = sessions
        self.manager = self
        self.eio = SimpleNamespace(sockets=sessions)
        lines = {name: session.line for name, session in sessions.items()}
        self.delivery = Delivery(self, NAMESPACE, lines)

    def get_participants(self, _namespace: str, _room: str) -> list[tuple[str, str]]:
        return [(name, name) for name in self.sessions]

    def give(self, text: str) -> tuple[int, int]:
        """Give it to all; how many got it straight, and how many into their queue."""
        before = dict(DELIVERIES.counts)
        self.delivery.give(text, "room")
        straight, queued = (
            DELIVERIES.counts[way] - before.get(way, 0) for way in (("straight",), ("queued",))
        )
        return straight, queued


async def all_written(*sessions: Session) -> None:
    """Until every writer has written what it had and waits for more."""
    for _ in range(1000):
        if all(session.queue.is_idle for session in sessions):
            return
        await asyncio.sleep(0)
    raise AssertionError("a writer still has something")


def test_who_waits_for_nothing_gets_it_at_once() -> None:
    async def story() -> None:
        session = Session(Tap())
        office = Office(a=session)
        await all_written(session)
        assert office.give("one") == (1, 0)
        assert session.tap.written == ["4one"], "before anything else ran"

    run(story)


def test_nothing_goes_out_before_what_opens_the_connection() -> None:
    async def story() -> None:
        session = Session(Tap())
        session.queue.put_nowait(Packet(MESSAGE, "OPEN"))
        office = Office(a=session)
        assert office.give("one") == (0, 1), "its writer has not even begun"
        await all_written(session)
        assert office.give("two") == (1, 0)
        assert session.tap.written == ["4OPEN", "4one", "4two"]

    run(story)


@pytest.mark.parametrize("turns", range(10))
def test_nothing_overtakes_a_packet_that_the_writer_holds_although_the_queue_is_empty(turns: int) -> None:
    async def story() -> None:
        session = Session(Tap())
        office = Office(a=session)
        await all_written(session)
        session.may_write.clear()
        session.queue.put_nowait(Packet(MESSAGE, "one"))
        # At every turn between the queue and the wire.
        for _ in range(turns):
            await asyncio.sleep(0)
        assert office.give("two") == (0, 1)
        session.may_write.set()
        await all_written(session)
        assert session.tap.written == ["4one", "4two"]
        assert office.give("three") == (1, 0)

    run(story)


def test_who_is_coming_or_going_or_reads_slowly_or_polls_is_queued_and_the_others_do_not_wait() -> None:
    async def story() -> None:
        names = ("coming", "going", "slow", "well")
        sessions = {name: Session(Tap()) for name in names} | {"polls": Session(None)}
        office = Office(**sessions)
        office.pending_connect[NAMESPACE] = ["coming"]
        office.pending_disconnect[NAMESPACE] = ["going"]
        sessions["slow"].tap.is_open = False
        await all_written(*sessions.values())
        assert office.give("one") == (1, 4)
        assert sessions["well"].tap.written == ["4one"]
        await all_written(*sessions.values())
        assert all(session.tap.written == ["4one"] for session in sessions.values())

    run(story)


def test_who_never_reads_is_bounded_by_the_outbox() -> None:
    async def story() -> None:
        overflowed: list[Outbox] = []
        session = Session(Tap())
        session.queue = Outbox(overflowed.append)
        session.tap.is_open = False
        office = Office(a=session)
        for _ in range(3000):
            office.give("x" * 1000)
        assert overflowed == [session.queue]
        assert session.queue.waiting < 1_010_000

    run(story)


def test_a_socket_that_is_gone_takes_nothing() -> None:
    async def story() -> None:
        session = Session(Tap())
        office = Office(a=session)
        session.closed = True
        assert office.give("one") == (0, 0)

    run(story)


def test_newcomers_during_changes_miss_none_and_see_none_twice(desk: RunningDesk) -> None:
    dana = desk.people["dana"]
    call = make_call(dana, category_id=make_category(name=f"Trade {uuid4()}"), problem="Change 0 of many")
    tokens = [desk.token("lena") for _ in range(8)]
    with Typist(desk.url, desk.token("maya")) as maya:
        writing = threading.Thread(target=change_on, args=(maya, call))
        writing.start()
        sockets = [RawSocket(desk.url, token).__enter__() for token in tokens]
        try:
            for socket in sockets:
                socket.open_page("/calls")
            writing.join(60)
            for socket in sockets:
                last = f"Change {CHANGES} of many"
                if not any(last in frame for frame in socket.frames):
                    socket.wait_for(lambda frame, last=last: last in frame)
            for socket in sockets:
                assert socket.frames[0].startswith("40/_event,{"), "nothing comes before the connection"
                expect_every_change_once(socket.frames, call)
        finally:
            for socket in sockets:
                socket.__exit__()


def change_on(maya: Typist, call: int) -> None:
    for number in range(1, CHANGES + 1):
        was = {"problem": f"Change {number - 1} of many"}
        maya.edit_call(call, was, problem=f"Change {number} of many")


def expect_every_change_once(frames: list[str], call: int) -> None:
    """A row's marks alternate from one difference to the next, so one that is missing or doubled shows."""
    row = re.compile(rf'"row_{call}_rx_state_":\{{[^}}]*?"problem":"Change (\d+) of many"[^}}]*?"mark":(\d)')
    seen = [(int(number), int(mark)) for frame in frames for number, mark in row.findall(frame)]
    numbers, marks = zip(*seen, strict=True)
    assert list(numbers) == sorted(set(numbers)) and numbers[-1] == CHANGES
    assert marks[0] == 0, "whole first"
    assert all({one, other} == {1, 2} for one, other in pairwise(marks[1:])), marks
