"""Where hits are counted that need not outlive the process."""

from __future__ import annotations

import time

from limits.storage import MemoryStorage

SWEEP_SECONDS = 1.0


class HitsInMemory(MemoryStorage):
    """The library's own, which starts a thread after every hit to forget old ones: that costs more than all the rest
    of a small request. This one forgets them in passing, at most once in SWEEP_SECONDS."""

    def __init__(self) -> None:
        self._swept = time.monotonic()
        super().__init__()
        # It has nothing to do yet.
        self.timer.cancel()

    def _MemoryStorage__schedule_expiry(self) -> None:
        at = time.monotonic()
        if at - self._swept >= SWEEP_SECONDS:
            self._swept = at
            self._MemoryStorage__expire_events()  # type: ignore[attr-defined]
