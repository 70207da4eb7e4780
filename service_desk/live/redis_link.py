"""How this process reaches Redis: a command is answered within a second, or it is known that Redis is away."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import RedisError

PATIENCE_SECONDS = 1.0
PAUSE_SECONDS = 0.5
"""After a command failed, others fail at once for so long: nobody's click waits for what is known to be away."""

AWAY = (RedisError, TimeoutError, OSError)
"""What is raised while Redis is away."""


class QuickRedis(Redis):
    """A client that nobody waits long for. Subscriptions have connections of their own and may be silent for hours."""

    away_until = 0.0

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Raises one of AWAY."""
        if time.monotonic() < self.away_until:
            raise NotConnected("Redis was away a moment ago")
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await Redis.execute_command(self, *args, **options)  # type: ignore[no-untyped-call]
        except (NotConnected, TimeoutError, OSError):
            self.away_until = time.monotonic() + PAUSE_SECONDS
            raise

    def is_away(self) -> bool:
        """Whether the last command found it away, a moment ago."""
        return time.monotonic() < self.away_until


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
