"""`make bench-processes`: from a commit to the frames of everybody else, with one process and with several."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service_desk.actions.calls import create_call
from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind
from service_desk.store.migrate import upgrade
from tests.faults.processes import workers_of
from tests.faults.redis_server import a_redis
from tests.running_desk import COOKIE, PEOPLE, RunningDesk
from tests.stores import new_database
from tests.typist import Typist

from .page import write_chapter
from .report import machine
from .stamped import COMMITS

SESSIONS = int(os.environ.get("SERVICE_DESK_BENCH_SESSIONS", "200"))
CHANGES = int(os.environ.get("SERVICE_DESK_BENCH_CHANGES", "150"))
PER_SECOND = 5
FLOOD_SECONDS = 10
WRITERS = 4
WARM_UP = 10
WAYS = ((1, False), (1, True), (2, True), (4, True))
"""How many processes, and whether they share a Redis."""
A_CROWD = {"SERVICE_DESK_EVENTS_PER_SECOND": "1000000", "SERVICE_DESK_SOCKETS_PER_USER": "10000"}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Line:
    """Milliseconds from the commit to the frame; `cpu` is of all processes, in microseconds for each delivery."""

    workers: int
    shared: bool
    spread: list[int]
    p50: float
    p95: float
    p99: float
    lost: int
    doubled: int
    per_second: float
    commits_per_second: float
    cpu: float


class Bench:
    """A desk of so many processes with a page full of calls, one who changes them, and a crowd that hears of it."""

    def __init__(self, desk: RunningDesk, calls: dict[int, str], token: str, hearers: Any) -> None:
        self.desk, self.calls, self.token, self.hearers = desk, calls, token, hearers
        self.number = 0
        self._numbering = threading.Lock()

    def change(self, typist: Typist, call: int) -> int:
        with self._numbering:
            self.number += 1
            number = self.number
        words = f"Change {number} of what the customer said"
        typist.edit_call(call, {"problem": self.calls[call]}, problem=words)
        self.calls[call] = words
        return number

    def heard(self) -> dict[str, Any]:
        self.hearers.stdin.write("\n")
        self.hearers.stdin.flush()
        told: dict[str, Any] = json.loads(self.hearers.stdout.readline())
        return told

    def cpu_seconds(self) -> float:
        assert self.desk.process is not None
        pids = list(workers_of(self.desk).values()) or [self.desk.process.pid]
        stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
        return sum(int(each[11]) + int(each[12]) for each in stats) / TICKS

    def pace(self, changes: int) -> tuple[list[float], int, int]:
        """So many changes, a few a second: milliseconds of each delivery, how many were lost and how many doubled."""
        commits = Path(self.desk.environment[COMMITS])
        before, sent = len(commits.read_text().splitlines()), []
        with Typist(self.desk.url, self.token) as typist:
            numbers = list(self.calls)
            for turn in range(changes):
                began = time.monotonic()
                sent.append(self.change(typist, numbers[turn % len(numbers)]))
                time.sleep(max(0.0, began + 1 / PER_SECOND - time.monotonic()))
        time.sleep(1.5)
        told = self.heard()
        stamps = [int(line.split()[1]) for line in commits.read_text().splitlines()[before:]]
        at = dict(zip(sent, stamps, strict=True))
        times = [
            (heard - at[int(n)]) / 1e6 for each in told["at"] for n, heard in each.items() if int(n) in at
        ]
        lost = sum(str(number) not in each for each in told["at"] for number in sent)
        return times, lost, int(told["doubled"])

    def flood(self) -> tuple[float, float, float]:
        """Everybody saves as fast as they can: deliveries and commits a second, microseconds of CPU a delivery."""
        over, begun, first = threading.Event(), time.monotonic(), self.number

        def write(call: int) -> None:
            with Typist(self.desk.url, self.token) as typist:
                while not over.is_set():
                    self.change(typist, call)

        self.heard()
        cpu = self.cpu_seconds()
        writing = [threading.Thread(target=write, args=(call,)) for call in list(self.calls)[:WRITERS]]
        for each in writing:
            each.start()
        time.sleep(FLOOD_SECONDS)
        over.set()
        for each in writing:
            each.join()
        seconds, frames = time.monotonic() - begun, int(self.heard()["frames"])
        spent = self.cpu_seconds() - cpu
        return frames / seconds, (self.number - first) / seconds, spent / max(1, frames) * 1e6


@contextmanager
def a_bench(workers: int, shared: bool) -> Iterator[tuple[Bench, list[int]]]:
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    with ExitStack() as stack:
        url = stack.enter_context(new_database("postgresql", folder))
        upgrade(url)
        settings = {COMMITS: str(folder / "commits"), "SERVICE_DESK_WORKERS": str(workers), **A_CROWD}
        if shared:
            settings["SERVICE_DESK_REDIS_URL"] = stack.enter_context(a_redis()).url
        desk = RunningDesk(folder, settings, module="bench.stamped", store=url)
        desk.do_without_pages()
        desk.open_store()
        for username, (name, role) in PEOPLE.items():
            desk.hire(username=username, name=name, role=role)
        network = create_category(desk.people["dana"], CategoryKind.CALL, {"name": "Network"})
        form = {"phone": "+14155550123", "customer_name": "Bright Stores", "category_id": network}
        words = [f"No internet {number}" for number in range(20)]
        calls = {create_call(desk.people["dana"], {**form, "problem": each}): each for each in words}
        maya, lena = desk.token("maya"), desk.token("lena")
        desk.close_store()
        desk.start()
        stack.callback(desk.stop)
        while workers > 1 and len(workers_of(desk)) < workers:
            time.sleep(0.1)
        # Let the last of them listen before everybody sits down.
        time.sleep(2)
        command = [sys.executable, "-m", "bench.hearers", desk.url, f"{COOKIE}={lena}", str(SESSIONS)]
        hearers = stack.enter_context(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        stack.callback(hearers.stdin.close)  # type: ignore[union-attr]
        ready = hearers.stdout.readline().partition(" ")[2]  # type: ignore[union-attr]
        spread = sorted(json.loads(ready).values()) if workers > 1 else [SESSIONS]
        yield Bench(desk, calls, maya, hearers), spread


def measure(workers: int, shared: bool) -> Line:
    with a_bench(workers, shared) as (bench, spread):
        bench.pace(WARM_UP)
        times, lost, doubled = bench.pace(CHANGES)
        deliveries, commits, cpu = bench.flood()
        p50, p95, p99 = (sorted(times)[int(len(times) * part)] for part in (0.5, 0.95, 0.99))
        return Line(workers, shared, spread, p50, p95, p99, lost, doubled, deliveries, commits, cpu)


def table(lines: list[Line]) -> str:
    head = (
        "| processes | Redis | sessions in each | p50 | p95 | p99 | p99 ÷ one process | lost | doubled "
        "| deliveries/s | changes/s | CPU a delivery |\n| --: | :-: | --- " + "| --: " * 9 + "|"
    )
    alone = lines[0].p99
    rows = [
        f"| {each.workers} | {'yes' if each.shared else 'no'} | {', '.join(map(str, each.spread))} | {each.p50:.1f} "
        f"| {each.p95:.1f} | {each.p99:.1f} | {each.p99 / alone:.1f} | {each.lost} | {each.doubled} "
        f"| {each.per_second:,.0f} | {each.commits_per_second:.0f} | {each.cpu:.0f} µs |"
        for each in lines
    ]
    return "\n".join([head, *rows])


CHAPTER = """\
## Several processes

Written by `make bench-processes`; the figures are of one run on one machine, all processes on it, over loopback.

{table}

* {sessions} sessions look at the list of calls, wherever the port put them. **p50, p95, p99** are milliseconds from
  the commit, in the process that made it, to the frame in each session: {changes} changes, {pace} a second. With
  several processes most sessions sit in another one than the writer: the number goes over Redis, and each process
  reads the journal and the list.
* **Lost** and **doubled** are counted for each session and each of these changes.
* **Deliveries** are frames with a changed call, over {flood} s in which {writers} people save as fast as they are
  answered. What comes while a list is being read is told together, so there are fewer than changes times sessions.
  **CPU** is that of all the desk's processes, the writers' events included.
* This machine has {cores} cores, which the desk's processes share with PostgreSQL, Redis, the writers and the sessions:
  more processes than spare cores cost more than they bring. They are for machines with more cores, for several hosts,
  and for restarts that nobody notices.

{machine}
"""


def main() -> None:
    lines = []
    for workers, shared in WAYS:
        lines.append(measure(workers, shared))
        print(lines[-1], flush=True)
    print(table(lines))
    write_chapter(
        "many-processes",
        CHAPTER.format(
            table=table(lines),
            sessions=SESSIONS,
            changes=CHANGES,
            pace=PER_SECOND,
            flood=FLOOD_SECONDS,
            writers=WRITERS,
            cores=os.cpu_count(),
            machine=machine("not used"),
        ),
    )


if __name__ == "__main__":
    main()
