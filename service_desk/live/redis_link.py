"""How this process reaches Redis: a command is answered within a second, or it is known that Redis is away."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as TimedOut

PATIENCE_SECONDS = 1.0
KNOCK_SECONDS = 0.25

FAILED = (NotConnected, TimedOut, TimeoutError, OSError)
AWAY = (*FAILED, RedisError)
"""What is raised while Redis is away."""


class QuickRedis(Redis):
    """A client that nobody waits long for. After a command failed, others fail at once until Redis answers again.

    Subscriptions have connections of their own, and may be silent for hours.
    """

    _knocking: asyncio.Task[None] | None = None

    @property
    def is_away(self) -> bool:
        """Whether it did not answer, and has not since."""
        return self._knocking is not None

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Raises one of AWAY."""
        if self.is_away:
            raise NotConnected("Redis is away")
        try:
            return await self._ask(*args, **options)
        except FAILED:
            self.miss()
            raise

    def miss(self) -> None:
        """It did not answer: knock until it does."""
        if self._knocking is None:
            self._knocking = asyncio.ensure_future(self._knock())

    def give_up(self) -> None:
        """This process ends."""
        if self._knocking is not None:
            self._knocking.cancel()

    async def _ask(self, *args: Any, **options: Any) -> Any:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await Redis.execute_command(self, *args, **options)  # type: ignore[no-untyped-call]

    async def _knock(self) -> None:
        try:
            while True:
                await asyncio.sleep(KNOCK_SECONDS)
                with contextlib.suppress(*FAILED):
                    await self._ask("PING")
                    return
        finally:
            self._knocking = None


def quick_redis(url: str) -> QuickRedis:
    """A client; nothing is connected yet. A connection that a restart of Redis has ended is made anew once."""
    # Not in the address: a limit there would also end subscriptions that have nothing to say.
    retry = Retry(NoBackoff(), 1)
    pool = ConnectionPool.from_url(url, retry=retry, socket_connect_timeout=PATIENCE_SECONDS)
    return QuickRedis(connection_pool=pool)


def desk_name(redis: QuickRedis) -> str:
    """The desk's own channel. All databases of a Redis share their channels, so its number is in it."""
    arguments: dict[str, Any] = redis.connection_pool.connection_kwargs
    return f"service-desk:{arguments.get('db', 0)}"
