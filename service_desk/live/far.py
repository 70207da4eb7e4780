"""What other processes have committed: heard of by its number, and read from the journal."""

from __future__ import annotations

import asyncio

from ..domain.errors import DeskError
from .hub import Hub


class FarNews:
    """Belongs to the event loop's thread."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._heard = 0
        self._looking: asyncio.Task[None] | None = None

    def hear(self, seq: int) -> None:
        """The journal stands at `seq`, somebody says. However many say so during a look, it is looked at once more."""
        if seq > self.hub.seq:
            self._heard = max(self._heard, seq)
            self._looking = self._looking or self.hub.spawn(self._look())

    async def _look(self) -> None:
        try:
            while self._heard > self.hub.seq:
                # A number that the journal never reaches must not keep us looking.
                self._heard = 0
                await self.hub.catch_up()
        except DeskError:
            # It is looked up each second in any case.
            return
        finally:
            self._looking = None
