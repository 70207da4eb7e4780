"""A desk of several processes, and each of them by its number."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service_desk.domain.access import Actor
from service_desk.web.worker import PREFIX

from ..running_desk import RunningDesk
from ..stores import new_database
from .commanders import Commander
from .conftest import a_desk
from .crowd import Client, Crowd, wait_until
from .redis_server import RedisServer, a_redis

BURSTS = {"SERVICE_DESK_EVENTS_PER_SECOND": "1000000", "SERVICE_DESK_SOCKETS_PER_USER": "1000"}


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
            wait_until_ready(desk, workers)
            yield desk, redis


def wait_until_ready(desk: RunningDesk, workers: int, *, seconds: float = 90) -> None:
    """Until so many processes answer."""

    def are_ready() -> bool:
        if workers == 1:
            return True
        ready = set(re.findall(r"started version=\S+ worker=(\d+)", desk.log.read_text()))
        return len(workers_of(desk)) == workers and {str(each) for each in workers_of(desk)} <= ready

    wait_until(are_ready, seconds, lambda: desk.log.read_text()[-2000:])


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


def seat_everywhere(
    desk: RunningDesk, crowd: Crowd, people: list[tuple[Actor, str]], path: str = "/calls"
) -> list[Client]:
    """So many tabs for these people that every process has some."""
    seated: list[Client] = []
    until = time.monotonic() + 30
    while len({client.place for client in seated}) < len(workers_of(desk)):
        assert time.monotonic() < until, f"all sit in {places(crowd)}"
        seated += crowd.seat(people, path)
    return seated


def somebody(desk: RunningDesk, *names: str) -> list[tuple[Actor, str]]:
    return [(desk.people[name], desk.token(name)) for name in names]


@contextmanager
def at_work(desk: RunningDesk, category: int, count: int) -> Iterator[list[Commander]]:
    """People who save one thing after another, over a new connection whenever theirs is lost."""
    over = threading.Event()
    commanders = [Commander(desk.url, desk.token("maya"), category) for _ in range(count)]

    def work(commander: Commander) -> None:
        while not over.is_set():
            commander.run(over.is_set)

    working = [threading.Thread(target=work, args=(each,), daemon=True) for each in commanders]
    for thread in working:
        thread.start()
    yield commanders
    over.set()
    for thread in working:
        thread.join(30)
    for each in commanders:
        each.settle()


def times_told(client: Client, word: str) -> int:
    """In how many frames the list of calls got a row with this word."""
    return sum(f'"{word}"' in frame and "call_list" in frame for frame in client.frames or [])
