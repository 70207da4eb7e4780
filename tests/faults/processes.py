"""A desk of several processes, and each of them by its number."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service_desk.web.worker import PREFIX

from ..running_desk import RunningDesk
from ..stores import new_database
from .conftest import a_desk
from .crowd import Crowd, wait_until
from .redis_server import RedisServer, a_redis

BURSTS = {"SERVICE_DESK_EVENTS_PER_SECOND": "1000000"}


@contextmanager
def many_processes(
    folder: Path, workers: int, *, pages: bool = False, module: str = "service_desk", **settings: str
) -> Iterator[tuple[RunningDesk, RedisServer]]:
    """A running desk with PEOPLE, PostgreSQL and a Redis of its own. Its store is open here too."""
    with new_database("postgresql", folder) as url, a_redis() as redis:
        environment = {"SERVICE_DESK_REDIS_URL": redis.url, "SERVICE_DESK_WORKERS": str(workers), **BURSTS}
        # What a killed parent leaves behind goes with the test's folder.
        environment["TMPDIR"] = str(folder)
        with a_desk(folder, url, pages=pages, environment={**environment, **settings}, module=module) as desk:
            wait_until(lambda: len(workers_of(desk)) == workers, 30, lambda: "some did not start")
            yield desk, redis


def workers_of(desk: RunningDesk) -> dict[int, int]:
    """Number → process id."""
    assert desk.process is not None
    found = {}
    for pid in _children(desk.process.pid):
        try:
            told = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except OSError:
            continue
        numbers = [each for each in told if each.startswith(f"{PREFIX}NUMBER=".encode())]
        if numbers:
            found[int(numbers[0].partition(b"=")[2])] = pid
    return found


def kill_worker(desk: RunningDesk, number: int) -> None:
    """As a power cut would."""
    os.kill(workers_of(desk)[number], signal.SIGKILL)


def places(crowd: Crowd) -> set[int]:
    """The processes in which somebody sits."""
    return {client.place for client in crowd.clients}


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
