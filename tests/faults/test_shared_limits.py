"""What a token asks is counted by all processes together, and by each for itself while Redis is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
from limits import RateLimitItemPerHour, RateLimitItemPerSecond

from service_desk.domain.users import Role
from service_desk.live.redis_link import PATIENCE_SECONDS, quick_redis
from service_desk.store.migrate import upgrade
from service_desk.web.shared_limits import SharedLimits

from ..api_caller import token_of
from ..receiver import until
from ..running_desk import RunningDesk
from .redis_server import RedisServer, a_redis

RATE = RateLimitItemPerHour(10)
Story = Callable[[SharedLimits, SharedLimits], Coroutine[Any, Any, None]]


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with a_redis() as server:
        yield server


def two_processes(server: RedisServer, story: Story) -> None:
    async def main() -> None:
        links = [quick_redis(server.url) for _ in range(2)]
        try:
            await story(*map(SharedLimits, links))
        finally:
            for link in links:
                link.give_up()
                await link.aclose()

    asyncio.run(main())


def test_a_limit_is_one_for_all_processes_and_each_token_has_its_own(server: RedisServer) -> None:
    async def story(one: SharedLimits, other: SharedLimits) -> None:
        asked = [await each.hit(RATE, "token", "a") for _ in range(8) for each in (one, other)]
        assert asked == [True] * 10 + [False] * 6
        assert await other.hit(RATE, "token", "b")
        soon = RateLimitItemPerSecond(1)
        assert await one.hit(soon, "token", "a") and not await other.hit(soon, "token", "a")

    two_processes(server, story)
    with redis.Redis.from_url(server.url) as client:
        keys = list(client.scan_iter("service-desk:*"))
        assert keys and all(client.ttl(key) > 0 for key in keys)


@pytest.mark.parametrize("how", ["stopped", "silent"])
def test_while_redis_is_away_nobody_is_refused_for_it_and_nobody_waits_long(
    server: RedisServer, how: str
) -> None:
    async def story(one: SharedLimits, other: SharedLimits) -> None:
        assert all([await one.hit(RATE, "token", "a") for _ in range(10)])
        server.stop() if how == "stopped" else server.hold_still()
        began = time.monotonic()
        assert await one.hit(RATE, "token", "a")
        assert time.monotonic() - began < PATIENCE_SECONDS + 2
        began = time.monotonic()
        assert all([await one.hit(RATE, "token", "a") for _ in range(200)])
        assert time.monotonic() - began < PATIENCE_SECONDS
        server.start() if how == "stopped" else server.go_on()
        refused = [False]
        async with asyncio.timeout(20):
            while not refused[-1]:
                await asyncio.sleep(0.02)
                refused.append(not await one.hit(RATE, "token", "a"))

    two_processes(server, story)


def test_the_api_counts_in_redis_where_there_is_one(server: RedisServer, tmp_path: Path) -> None:
    desk = RunningDesk(tmp_path, {"SERVICE_DESK_REDIS_URL": server.url})
    desk.do_without_pages()
    upgrade(desk.database_url)
    desk.start()
    try:
        desk.open_store()
        ada = desk.hire(username="ada", name="Ada A.", role=Role.ADMIN)
        headers = {"authorization": f"Bearer {token_of(ada)}"}
        with redis.Redis.from_url(server.url) as client:
            until(lambda: httpx.get(f"{desk.url}/healthz").json()["redis"] == "ok", "Redis was not found")

            def counted() -> int:
                return int(client.info("commandstats").get("cmdstat_evalsha", {}).get("calls", 0))

            before = counted()
            assert [httpx.get(f"{desk.url}/api/v1/me", headers=headers).status_code for _ in range(3)] == [
                200
            ] * 3
            assert counted() >= before + 3
            server.stop()
            assert httpx.get(f"{desk.url}/api/v1/me", headers=headers).status_code == 200
    finally:
        desk.close_store()
        desk.stop()
