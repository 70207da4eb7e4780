"""What waits to be sent to one socket: bounded, so that a client that never reads costs next to nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

MOST_WAITING = 1_000_000
"""Characters. The largest page of answers is a tenth of it; beyond it the socket is cut, and heals by returning."""
PACKET = 200
"""What a packet costs beside its text, so that many small ones count too."""


class Outbox(asyncio.Queue[Any]):
    """Engine.IO's queue of packets for one socket. One that overflows takes nothing more and says so once."""

    def __init__(self, overflowed: Callable[[Outbox], None]) -> None:
        super().__init__()
        self.waiting = 0
        self.is_shut = False
        self.is_idle = False
        """Whether all that was put in has been written and whoever writes waits for more: that it is empty says less,
        since what was taken out may still be in the writer's hands."""
        self._overflowed = overflowed

    async def get(self) -> Any:
        """The next packet. Asked for again only when what was taken before has been written."""
        self.is_idle = self.empty()
        try:
            return await super().get()
        finally:
            self.is_idle = False

    def shut(self) -> None:
        """Forget what waits, take nothing more, and let whoever writes from here end."""
        self.is_shut = True
        while not self.empty():
            self.get_nowait()
            self.task_done()
        self.put_nowait(None)

    def _put(self, item: Any) -> None:
        if self.is_shut and item is not None:
            return
        super()._put(item)
        self.is_idle = False
        self.waiting += _weight(item)
        if self.waiting > MOST_WAITING and not self.is_shut:
            self.is_shut = True
            self._overflowed(self)

    def _get(self) -> Any:
        item = super()._get()
        self.waiting -= _weight(item)
        return item


def _weight(packet: Any) -> int:
    # A packet keeps its encoded text, so this is the only time that it is made.
    return 0 if packet is None else len(packet.encode()) + PACKET
