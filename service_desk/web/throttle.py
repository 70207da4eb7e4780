"""How often somebody may guess: few times per account from one address, more often per address.

An account is never closed as such, so a stranger who guesses can't keep its owner out.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request

PER_ACCOUNT = parse("10/15 minutes")
PER_ADDRESS = parse("60/15 minutes")


class TooOften(Exception):
    """Guessed too often; the next try is allowed after `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again after {seconds} seconds")
        self.seconds = seconds


class Failed(Exception):
    """Raised inside `Throttle.trying` to count the try as a wrong guess."""


class Throttle:
    """Counts wrong guesses in this process. To be used from the event loop alone."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._running: Counter[tuple[str, ...]] = Counter()

    @contextmanager
    def trying(self, account: str, address: str) -> Iterator[None]:
        """One try. Only those that end in Failed count, and a good one forgets the account's earlier ones.

        Raises:
            TooOften: nothing is tried.
        """
        own = (PER_ACCOUNT, ("account", account.lower()[:40], address))
        windows = (own, (PER_ADDRESS, ("from", address)))
        for item, key in windows:
            self._refuse_beyond(item, key)
        self._running.update(key for _, key in windows)
        try:
            yield
        except Failed:
            for item, key in windows:
                self._limiter.hit(item, *key)
            raise
        else:
            self._limiter.clear(own[0], *own[1])
        finally:
            self._running.subtract(key for _, key in windows)
            self._running += Counter()

    def _refuse_beyond(self, item: RateLimitItem, key: tuple[str, ...]) -> None:
        stats = self._limiter.get_window_stats(item, *key)
        # Those still being checked may all turn out wrong: a hundred at once must not get round the limit.
        if stats.remaining <= self._running[key]:
            raise TooOften(max(1, math.ceil(stats.reset_time - time.time())))


def address_of(request: Request) -> str:
    """Where a request comes from. One household has a whole /64 of IPv6 addresses, so those count as one."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:100]
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
