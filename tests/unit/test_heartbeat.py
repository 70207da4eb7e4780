"""Who is there is asked from one timer, straight on the wire where nothing waits before it."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest
from engineio.exceptions import SocketIsClosedError
from engineio.packet import CLOSE, MESSAGE, PING, Packet

from service_desk.live import heartbeat
from service_desk.live.heartbeat import Heartbeat
from service_desk.live.line import Line
from service_desk.live.outbox import Outbox
from service_desk.live.transport import carry_by_websocket

from ..tap import Tap

REASONS = SimpleNamespace(PING_TIMEOUT="ping timeout", TRANSPORT_CLOSE="transport close")


class Socket:
    """An Engine.IO socket as far as it is used here; `taken` is what came in."""

    def __init__(self, wire: Tap | None = None) -> None:
        self.sid = "a"
        self.queue = Outbox(lambda _: None)
        self.closed = self.closing = False
        self.last_ping: float | None = None
        self.server = SimpleNamespace(reason=REASONS)
        self.line = Line(self, "key", 1, wire)
        self.taken: list[Any] = []
        self.ended = ""

    async def close(self, *, wait: bool, abort: bool, reason: str) -> None:
        self.ended = self.ended or reason
        self.closed = True

    async def receive(self, packet: Packet) -> None:
        self.taken.append(packet.data)
        if packet.packet_type == CLOSE:
            raise SocketIsClosedError
        if packet.data == "broken":
            raise KeyError(packet.data)


class Ws:
    """The ASGI side: what is put into `coming` comes in, None ends it."""

    def __init__(self) -> None:
        self.coming: asyncio.Queue[str | None] = asyncio.Queue()
        self.sent: list[str] = []
        self.is_closed = False

    async def wait(self) -> str:
        found = await self.coming.get()
        if found is None:
            raise OSError
        return found

    async def send(self, text: str) -> None:
        self.sent.append(text)

    async def close(self) -> None:
        self.is_closed = True
        self.coming.put_nowait(None)


def eio_of(*sockets: Socket, interval: float = 60.0) -> Any:
    named = {str(place): socket for place, socket in enumerate(sockets)}
    for sid, socket in named.items():
        socket.sid = sid
    return SimpleNamespace(ping_interval=interval, ping_timeout=6, sockets=named, reason=REASONS)


async def until(holds: Any) -> None:
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not come")


def test_a_ping_goes_straight_to_an_idle_wire_and_behind_what_waits() -> None:
    async def story() -> None:
        tap = Tap()
        socket = Socket(tap)
        ping = Heartbeat(eio_of(socket)).ping
        ping(socket.line)
        assert tap.written == [] and socket.queue.get_nowait().packet_type == PING, "nobody writes yet"
        reading = asyncio.ensure_future(socket.queue.get())
        await until(lambda: socket.queue.is_idle)
        ping(socket.line)
        assert tap.written == ["2"] and socket.last_ping
        socket.queue.put_nowait(Packet(MESSAGE, "one"))
        ping(socket.line)
        assert tap.written == ["2"], "not before what waits"
        await reading

    asyncio.run(story())


def test_who_goes_is_not_asked_any_more() -> None:
    async def story() -> None:
        socket = Socket(Tap())
        socket.closing = True
        Heartbeat(eio_of(socket)).ping(socket.line)
        assert socket.last_ping is None and socket.queue.empty()

    asyncio.run(story())


def test_the_next_ping_comes_an_interval_after_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.01)

    async def story() -> None:
        socket, other = Socket(Tap()), Socket()
        beating = Heartbeat(eio_of(socket, other, interval=0.05))
        for each in (socket, other):
            beating.keep(each.line)
            # As Engine.IO leaves a connection that has just begun.
            each.last_ping = time.time()
            each.schedule_ping()
        assert not beating.answered(socket.line), "nobody has asked"
        beat = asyncio.ensure_future(beating.beat())
        for _ in range(3):
            asked = time.monotonic()
            await until(lambda: socket.last_ping and other.last_ping)
            assert time.monotonic() - asked > 0.03
            assert socket.line.wire is not None and socket.line.wire.on_pong()
            other.schedule_ping()
        assert not socket.line.wire.on_pong(), "an answer that nobody waits for goes its usual way"
        assert other.queue.qsize() == 3
        beat.cancel()

    asyncio.run(story())


def test_who_does_not_answer_is_let_go_and_their_writer_ends() -> None:
    async def story() -> None:
        silent, good, gone = Socket(Tap()), Socket(Tap()), Socket(Tap())
        silent.last_ping, good.last_ping = time.time() - 7, time.time() - 5
        gone.closed = True
        eio = eio_of(silent, good, gone)
        await Heartbeat(eio).end_the_silent()
        assert (silent.ended, good.ended) == ("ping timeout", "")
        assert list(eio.sockets.values()) == [good]
        assert silent.queue.get_nowait() is None and gone.queue.get_nowait() is None
        assert good.queue.empty()

    asyncio.run(story())


def carried(socket: Socket, ws: Ws) -> asyncio.Task[None]:
    carry_by_websocket(socket)
    return asyncio.ensure_future(socket._websocket_handler(ws))  # type: ignore[attr-defined]


def test_packets_go_both_ways_until_the_client_goes() -> None:
    async def story() -> None:
        socket, ws = Socket(Tap()), Ws()
        carrying = carried(socket, ws)
        for text in ("4one", "4broken", "4two"):
            ws.coming.put_nowait(text)
        socket.queue.put_nowait(Packet(MESSAGE, "three"))
        await until(lambda: len(socket.taken) == 3 and ws.sent)
        assert socket.taken == ["one", "broken", "two"], "an event that fails is no reason to let go"
        assert ws.sent == ["4three"]
        await until(lambda: socket.queue.is_idle)
        await ws.close()
        await asyncio.wait_for(carrying, 5)
        assert socket.ended == "transport close"

    asyncio.run(story())


@pytest.mark.parametrize("goodbye", [True, False], ids=["with a goodbye", "at once"])
def test_who_is_let_go_is_carried_no_further(goodbye: bool) -> None:
    async def story() -> None:
        socket, ws = Socket(Tap()), Ws()
        carrying = carried(socket, ws)
        await until(lambda: socket.queue.is_idle)
        socket.closed = True
        socket.queue.put_nowait(Packet(CLOSE) if goodbye else None)
        await asyncio.wait_for(carrying, 5)
        assert ws.is_closed and ws.sent == (["1"] if goodbye else [])

    asyncio.run(story())


def test_what_cannot_be_read_ends_it() -> None:
    async def story() -> None:
        socket, ws = Socket(Tap()), Ws()
        carrying = carried(socket, ws)
        ws.coming.put_nowait("x")
        await asyncio.wait_for(carrying, 5)
        assert socket.ended and ws.is_closed and socket.taken == []

    asyncio.run(story())
