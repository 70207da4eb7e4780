"""Every connection to the socket, and how much each may ask: whatever the transport, before Reflex sees any of it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from engineio import packet
from engineio.exceptions import SocketIsClosedError
from limits import RateLimitItemPerSecond, parse
from limits.strategies import MovingWindowRateLimiter

from ..config import settings
from ..domain.errors import DeskError
from ..hits import HitsInMemory
from ..log import get_logger
from .heartbeat import Heartbeat
from .line import Line
from .outbox import Outbox
from .transport import carry_by_websocket
from .wires import wire_of

log = get_logger(__name__)

TOO_MUCH = "Too much at once, so the last of it was not done. Wait a moment, then try again."
BURST_SECONDS = 2
"""A page that opens, ten tabs that are restored or a fast hand may use up the events of so long in one go."""
EVENT_CHARACTERS = 8192
"""A longer event counts as several."""
SENTENCE_SECONDS = 1.0
MOST_DROPPED = 1000
"""A socket that goes on after so many dropped events is cut, and its sign-in rests."""
REST = parse("1/5 seconds")
NOTES = parse("10/minute")
"""Lines in the log about sockets that were cut; each tells how much there was of it so far."""
CONNECTING_SECONDS = 10
"""Within so long a sign-in, or an address of strangers, may connect as often as it may send events in a second."""
LONGEST_QUERY = 500
"""A tab's name comes in the address, and is kept."""
WITHOUT_PLACE_SECONDS = 5
"""How long a connection may stay without having joined the desk, or after it was shown out."""
SWEEP_SECONDS = 1.0

# All that a page ever sends: it joins, it leaves, and it sends events. No attachments, no acknowledgements.
_SENT = re.compile(r'[01]/_event(,|$)|2/_event,\["(event|client_error)",')


class Doorkeeper(Protocol):
    """What the desk knows of those who connect; the composition root puts it together."""

    def token_in(self, environ: dict[str, Any]) -> str | None: ...
    def address_in(self, environ: dict[str, Any]) -> str: ...
    async def person_of(self, token: str) -> int | None: ...
    async def say(self, sid: str, sentence: str) -> None: ...


class Lines:
    """Watches Engine.IO's connections of one Socket.IO server. Belongs to the event loop's thread."""

    def __init__(self, sio: Any, namespace: str, doorkeeper: Doorkeeper) -> None:
        self.sio, self.eio, self.namespace, self.doorkeeper = sio, sio.eio, namespace, doorkeeper
        self.lines: dict[str, Line] = {}
        self.dropped = self.refused = self.unreadable = self.overflowed = 0
        self._limiter = MovingWindowRateLimiter(HitsInMemory())
        self._burst = settings().events_per_second * BURST_SECONDS
        self._rate = RateLimitItemPerSecond(self._burst, BURST_SECONDS)
        self._connects = RateLimitItemPerSecond(settings().events_per_second, CONNECTING_SECONDS)
        self._ending: set[asyncio.Task[None]] = set()
        self.heartbeat = Heartbeat(self.eio)
        self._before = dict(self.eio.handlers)
        self.eio.create_queue = lambda *_: Outbox(self._overflowed)
        for event, handler in (("connect", self._open), ("message", self._take), ("disconnect", self._gone)):
            self.eio.on(event, handler)

    def person_at(self, sid: str) -> int | None:
        """Whose socket this is, at the desk."""
        line = self.lines.get(self.sio.manager.eio_sid_from_sid(sid, self.namespace) or "")
        return line.person if line else None

    async def sweep(self) -> None:
        """Let go, once a second, of those who don't answer or have had no place at the desk for too long."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            await self.heartbeat.end_the_silent()
            now, placed = time.monotonic(), self._placed()
            for eio_sid, line in list(self.lines.items()):
                if eio_sid in placed:
                    line.placed_at = now
                elif now - line.placed_at > WITHOUT_PLACE_SECONDS:
                    await self.cut(line)

    async def cut(self, line: Line) -> None:
        """End a connection at once, without waiting for its client to read anything."""
        socket = line.socket
        await socket.close(wait=False, abort=True, reason=self.eio.reason.SERVER_DISCONNECT)
        socket.queue.shut()

    async def _open(self, eio_sid: str, environ: dict[str, Any]) -> Any:
        """Whether a handshake is answered. A stranger's is too, within bounds: there is something to tell them."""
        token = self.doorkeeper.token_in(environ)
        if len(environ.get("QUERY_STRING", "")) > LONGEST_QUERY:
            return self._refuse()
        if token is not None and not self._limiter.test(REST, "rest", token):
            return self._refuse()
        try:
            person = await self.doorkeeper.person_of(token) if token else None
        except DeskError:
            return self._refuse()
        who = self.doorkeeper.address_in(environ) if person is None else token
        if not self._limiter.hit(self._connects, "connects", str(who)):
            return self._refuse()
        socket = self.eio.sockets[eio_sid]
        key = eio_sid if person is None else str(token)
        line = self.lines[eio_sid] = Line(socket, key, person, wire_of(environ))
        socket.receive = self._counted(line, socket.receive)
        self.heartbeat.keep(line)
        if line.wire is not None:
            carry_by_websocket(socket)
        return await self._before["connect"](eio_sid, environ)

    def _refuse(self) -> bool:
        self.refused += 1
        return False

    def _counted(self, line: Line, receive: Callable[[Any], Awaitable[None]]) -> Any:
        """Engine.IO's own way in for every packet of a connection, behind a count of them."""

        async def receive_counted(pkt: Any) -> None:
            if pkt.packet_type == packet.PONG and line.socket.last_ping:
                # The answer to a ping, of which there is one every few seconds.
                await receive(pkt)
                return
            size = len(pkt.data) if isinstance(pkt.data, str) else 0
            cost = min(1 + size // EVENT_CHARACTERS, self._burst // 2)
            if not self._limiter.hit(self._rate, "events", line.key, cost=cost):
                await self._drop(line)
            elif not _is_sent_by_pages(pkt):
                await self._give_up(line)
            else:
                await receive(pkt)

        return receive_counted

    async def _drop(self, line: Line) -> None:
        self.dropped += 1
        line.dropped += 1
        if line.dropped > MOST_DROPPED:
            self._limiter.hit(REST, "rest", line.key)
            self._note("it went on too fast")
            await self.cut(line)
            raise SocketIsClosedError
        now, sid = time.monotonic(), self._sid(line)
        if sid is not None and now - line.told_at >= SENTENCE_SECONDS:
            line.told_at = now
            await self.doorkeeper.say(sid, TOO_MUCH)

    async def _give_up(self, line: Line) -> None:
        self.unreadable += 1
        self._note("it sent what no page sends")
        await self.cut(line)
        raise SocketIsClosedError

    async def _take(self, eio_sid: str, data: Any) -> None:
        line = self.lines.get(eio_sid)
        if line is None:
            return
        try:
            await self._before["message"](eio_sid, data)
        except (ValueError, RecursionError):
            self.unreadable += 1
            self._note("it sent what can't be read")
            await self.cut(line)
        if line.socket.closed and self._sid(line) is not None:
            # It went while it was being let in, which Socket.IO then does not notice.
            await self._before["disconnect"](eio_sid, self.eio.reason.TRANSPORT_CLOSE)

    async def _gone(self, eio_sid: str, reason: str) -> None:
        await self._before["disconnect"](eio_sid, reason)
        self.lines.pop(eio_sid, None)

    def _overflowed(self, outbox: Outbox) -> None:
        """Called in the middle of a send to many: what there is to do is done beside it."""
        self.overflowed += 1
        line = next((line for line in self.lines.values() if line.socket.queue is outbox), None)
        if line is not None:
            self._note("it does not read what it is sent")
            task = asyncio.ensure_future(self.cut(line))
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    def _note(self, why: str) -> None:
        if self._limiter.hit(NOTES, "notes"):
            log.warning("cut a socket", why=why, dropped=self.dropped, unreadable=self.unreadable)

    def _placed(self) -> set[str]:
        """The connections that have joined the desk. Asked one by one, they were most of what idle pages cost."""
        return {eio_sid for _, eio_sid in self.sio.manager.get_participants(self.namespace, None)}

    def _sid(self, line: Line) -> str | None:
        """The socket's name at the desk, once it has joined."""
        found: str | None = self.sio.manager.sid_from_eio_sid(line.socket.sid, self.namespace)
        return found


def _is_sent_by_pages(pkt: Any) -> bool:
    if pkt.packet_type == packet.MESSAGE:
        return isinstance(pkt.data, str) and _SENT.match(pkt.data) is not None
    return pkt.packet_type in (packet.PONG, packet.CLOSE)
