"""How often somebody may guess: few times per account from one address, more often per address.

Passwords and recovery codes are counted where they come from, so nobody who guesses them can keep out an owner who
comes from elsewhere. The six digits of an app are counted wherever they come from, or many addresses would find them:
whoever knows the password can use those tries up, and then the owner is let in by a recovery code.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from limits import RateLimitItem, parse
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import HTTPConnection

from ..actions.throttle_hits import PER_ACCOUNT, StoredHits
from ..domain.security import place_of
from ..live.gate import off_loop

PER_ADDRESS = parse("60/15 minutes")
ANYWHERE = "anywhere"

Window = tuple[RateLimitItem, tuple[str, ...]]


class TooOften(Exception):
    """Guessed too often; the next try is allowed after `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again after {seconds} seconds")
        self.seconds = seconds

    @property
    def sentence(self) -> str:
        minutes = -(-self.seconds // 60)
        return f"Too many tries. Wait {minutes} minute{'s' * (minutes != 1)}, then try again."


class Failed(Exception):
    """Raised inside `Throttle.trying` to count the try as a wrong guess."""


class Throttle:
    """Counts wrong guesses, in the store. To be used from the event loop alone."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(StoredHits())
        # One address guesses once at a time: a hundred guesses at once get no further than one after another.
        self._queues: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def trying(self, account: str, address: str | None) -> AsyncIterator[None]:
        """One try. Only those that end in Failed count, and a good one forgets the account's earlier ones.

        `account` says whose secret is guessed and which. `address` is None for one that is too short to be guessed at
        from many addresses: its tries are counted together.

        Raises:
            TooOften: nothing is tried.
        """
        own: Window = PER_ACCOUNT, ("account", _short(account), address or ANYWHERE)
        windows: tuple[Window, ...] = (own, (PER_ADDRESS, ("from", address))) if address else (own,)
        queue = self._queues.setdefault(address or account, asyncio.Lock())
        async with queue:
            await off_loop(self._refuse_beyond, windows)
            try:
                yield
            except Failed:
                await off_loop(self._count, windows)
                raise
            await off_loop(self._limiter.clear, own[0], *own[1])

    def _refuse_beyond(self, windows: tuple[Window, ...]) -> None:
        for item, key in windows:
            stats = self._limiter.get_window_stats(item, *key)
            if stats.remaining <= 0:
                raise TooOften(max(1, math.ceil(stats.reset_time - time.time())))

    def _count(self, windows: tuple[Window, ...]) -> None:
        for item, key in windows:
            self._limiter.hit(item, *key)


def _short(account: str) -> str:
    """Tells accounts apart, and nothing about what was typed: people type passwords there, too."""
    return hashlib.sha256(account.lower()[:40].encode("utf-8", "replace")).hexdigest()[:8]


def address_of(request: HTTPConnection) -> str:
    """Where a request comes from."""
    return place_of(request.client.host if request.client else "")
