"""What /healthz says of Redis: that it is away, to whoever watches, and not that the desk should be ended for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service_desk.store.migrate import upgrade

from ..receiver import until
from ..running_desk import RunningDesk
from .redis_server import RedisServer, a_redis


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[tuple[RunningDesk, RedisServer]]:
    """A desk that shares with others what it can, over a Redis of its own."""
    with a_redis() as redis:
        desk = RunningDesk(tmp_path, {"SERVICE_DESK_REDIS_URL": redis.url})
        desk.do_without_pages()
        upgrade(desk.database_url)
        desk.start()
        yield desk, redis
        desk.stop()


def health(desk: RunningDesk) -> tuple[int, str, str]:
    answer = httpx.get(f"{desk.url}/healthz")
    told = answer.json()
    assert told["database"] == "ok"
    return answer.status_code, told["status"], told["redis"]


@pytest.mark.parametrize("how", ["stopped", "silent"])
def test_redis_away_is_said_and_is_no_reason_to_end_the_desk(
    shared: tuple[RunningDesk, RedisServer], how: str
) -> None:
    desk, redis = shared
    until(lambda: health(desk) == (200, "ok", "ok"), "Redis was not found")
    redis.stop() if how == "stopped" else redis.hold_still()
    until(lambda: health(desk) == (200, "degraded", "unreachable"), "that Redis is away was not said")
    redis.start() if how == "stopped" else redis.go_on()
    until(lambda: health(desk) == (200, "ok", "ok"), "that Redis is back was not said")
