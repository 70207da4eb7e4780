"""How often something may be asked of all processes together, counted in the Redis that they share."""

from __future__ import annotations

from limits import RateLimitItem
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

from ..live.redis_link import AWAY, QuickRedis

PREFIX = "service-desk"


class SharedLimits:
    """Waits for Redis no longer than everybody does. While it is away nothing is refused here: each process has a
    count of its own besides. To be used from the event loop alone."""

    def __init__(self, redis: QuickRedis) -> None:
        # The address stands in the pool. The client that `limits` makes of it would wait longer.
        storage = RedisStorage(
            "redis://", implementation="redispy", key_prefix=PREFIX, connection_pool=redis.connection_pool
        )
        storage.bridge.connection_getter = lambda _: redis
        storage.bridge.register_scripts()
        self._limiter = MovingWindowRateLimiter(storage)

    async def hit(self, rate: RateLimitItem, *key: str) -> bool:
        """Whether there is room for one more of this key, which then counts."""
        try:
            return await self._limiter.hit(rate, *key)
        except AWAY:
            return True
