"""The heartbeat of every connection, from one timer: pings go straight to idle wires, answers end where they come in.

Engine.IO's own way is a task that sleeps for each connection, and every ping and answer goes through its writer, its
reader and all of ASGI: with a thousand idle pages that is most of what a server does.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from functools import partial
from typing import Any

from engineio.packet import PING, Packet

from .line import Line

BEAT_SECONDS = 0.2
"""Those whose ping is due within so long get it together."""
_PING = Packet(PING)


class Heartbeat:
    """Belongs to the event loop's thread. `eio` is the Engine.IO server, whose times count."""

    def __init__(self, eio: Any) -> None:
        self.eio = eio
        # All wait for the same time, so who came first is due first.
        self._due: deque[tuple[float, Line]] = deque()
        self._frame = b""

    def keep(self, line: Line) -> None:
        """Look after a new connection instead of Engine.IO."""
        answered = partial(self.answered, line)
        line.socket.schedule_ping = answered
        if line.wire is not None:
            line.wire.on_pong = answered

    def answered(self, line: Line) -> bool:
        """The next ping is due one interval from now. False, and nothing done, when no answer was waited for."""
        socket = line.socket
        if not socket.last_ping:
            return False
        socket.last_ping = None
        self._due.append((time.monotonic() + self.eio.ping_interval, line))
        return True

    async def beat(self) -> None:
        """Ping whoever is due, until cancelled."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            now = time.monotonic()
            while self._due and self._due[0][0] <= now:
                self.ping(self._due.popleft()[1])

    def ping(self, line: Line) -> None:
        """Straight to the wire where nothing waits before it."""
        socket = line.socket
        if socket.closing or socket.closed:
            return
        socket.last_ping = time.time()
        wire = line.wire if socket.queue.is_idle else None
        if wire is not None:
            self._frame = self._frame or wire.encode(_PING.encode())
            if wire.take(self._frame):
                return
        socket.queue.put_nowait(_PING)

    async def end_the_silent(self) -> None:
        """Let go of those who did not answer in time, and of what is left of those who were closed."""
        late = time.time() - self.eio.ping_timeout
        for socket in list(self.eio.sockets.values()):
            if socket.last_ping and socket.last_ping < late and not socket.closing:
                await socket.close(wait=False, abort=True, reason=self.eio.reason.PING_TIMEOUT)
            if socket.closed:
                self.eio.sockets.pop(socket.sid, None)
                # Whoever writes or waits for something to send ends.
                socket.queue.put_nowait(None)
