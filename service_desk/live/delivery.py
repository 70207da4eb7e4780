"""One ready packet for many sockets: straight to the wire where nothing waits before it, else behind what waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engineio.packet import MESSAGE, Packet

from ..figures import DELIVERIES
from .line import Line


class Delivery:
    """Belongs to the event loop's thread."""

    def __init__(self, sio: Any, namespace: str, lines: Mapping[str, Line]) -> None:
        self.sio, self.namespace, self.lines = sio, namespace, lines

    def give(self, text: str, to: str) -> None:
        """Give a Socket.IO packet to a socket or to a whole room.

        Nothing else runs meanwhile, so every socket gets what it is given in the order in which it is given.
        """
        packet, frame = Packet(MESSAGE, text), b""
        lines, coming_or_going, straight, queued = self.lines, self._coming_or_going(), 0, 0
        for sid, eio_sid in self.sio.manager.get_participants(self.namespace, to):
            line = lines.get(eio_sid)
            wire = line.wire if line is not None and line.socket.queue.is_idle else None
            if wire is None or sid in coming_or_going:
                queued += self._queue(eio_sid, packet)
                continue
            frame = frame or wire.encode(packet.encode())
            if wire.take(frame):
                straight += 1
            else:
                queued += self._queue(eio_sid, packet)
        DELIVERIES.add("straight", times=straight)
        DELIVERIES.add("queued", times=queued)

    def _queue(self, eio_sid: str, packet: Packet) -> bool:
        """Whether there still is a queue for it."""
        socket = self.sio.eio.sockets.get(eio_sid)
        if socket is None or socket.closed:
            return False
        socket.queue.put_nowait(packet)
        return True

    def _coming_or_going(self) -> set[str]:
        """Sockets that were not yet told that they are connected, and those that are being let go."""
        manager = self.sio.manager
        kept = (manager.pending_connect, manager.pending_disconnect)
        return {sid for each in kept for sid in each.get(self.namespace, ())}
