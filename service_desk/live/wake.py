"""Wakes whoever reads the journal as it grows: the streams of events, and the senders of webhooks."""

from __future__ import annotations

import asyncio

from ..domain.journal import Touched
from .hub import Hub


class Wake:
    """One for all readers: the hub's news rings it. Belongs to the event loop's thread, but for `ring_soon`."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._next = asyncio.Event()
        hub.on_touched.append(self._hear)

    def ticket(self) -> asyncio.Event:
        """Take one before reading, and wait with it afterwards: what comes during the reading isn't missed then."""
        return self._next

    def ring(self) -> None:
        """Let everybody look who waits, or who is about to."""
        rung, self._next = self._next, asyncio.Event()
        rung.set()

    def ring_soon(self) -> None:
        """The same from any thread."""
        self.hub.soon(self.ring)

    async def wait(self, ticket: asyncio.Event, seconds: float) -> bool:
        """Whether there is something to look at, after so long at most."""
        try:
            async with asyncio.timeout(seconds):
                await ticket.wait()
        except TimeoutError:
            return False
        return True

    async def _hear(self, _touched: tuple[Touched, ...]) -> None:
        self.ring()
