"""`python -m bench.path`: from one commit to the frames of up to a thousand sessions, beside two yardsticks.

--full takes all sizes and longer; --soak MINUTES changes calls for so long and tells what the server holds;
--only NAMES takes these targets alone; --chapter writes the chapter again from the figures that were kept.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.stores import new_database

from .audience import Audience
from .cores import memory_kb
from .desk_target import TABS, DeskTarget
from .express_target import ExpressTarget
from .machine import machine
from .page import write_chapter
from .path_report import chapter, table
from .relay_target import RelayTarget
from .rounds import Course, Tally
from .soak import soak
from .spread import hundred_looks

KEPT = Path("docs/figures/path-of-a-change.json")
SHORT, FULL = (1, 50, 200, 1000), (1, 50, 200, 500, 1000)
WARM_UP = 10


@contextmanager
def opened(target: Any) -> Iterator[Course]:
    with target, Audience(target.port) as audience:
        yield Course(target, audience)


class Bench:
    """`figures` is what is kept: target → sessions → figures, for the same question and for a hundred."""

    def __init__(self, *, full: bool, only: set[str]) -> None:
        self.sizes = FULL if full else SHORT
        self.rounds, self.changes = (4, 40) if full else (2, 20)
        self.full, self.only = full, only
        self.figures: dict[str, Any] = {"machine": machine(), "full": full, "same": {}, "spread": {}}

    def run(self) -> dict[str, Any]:
        with ExitStack() as open_now:
            desk = self._open_desk(open_now, "postgresql")
            courses = {"desk": desk}
            if "express" in self.only:
                courses["express"] = open_now.enter_context(opened(_express_beside(desk)))
            if "relay" in self.only:
                courses["relay"] = open_now.enter_context(opened(RelayTarget(_frame_of(desk))))
            if "sqlite" in self.only:
                courses["sqlite"] = self._open_desk(open_now, "sqlite")
            for size in self.sizes:
                self._measure(courses, size, "same")
        if "spread" in self.only:
            self._run_spread()
        return self.figures

    def _run_spread(self) -> None:
        """A thousand sessions over a hundred questions, beside the relay that sends everything to everybody."""
        with ExitStack() as open_now:
            desk = self._open_desk(open_now, "postgresql", looks=hundred_looks())
            courses = {"desk": desk}
            if "express" in self.only:
                courses["express"] = open_now.enter_context(opened(_express_beside(desk)))
            self._measure(courses, self.sizes[-1], "spread")

    def _open_desk(self, open_now: ExitStack, store: str, **given: Any) -> Any:
        folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
        url = open_now.enter_context(new_database(store, folder))
        name = "sqlite" if store == "sqlite" else "desk"
        return open_now.enter_context(opened(DeskTarget(name, url, self.sizes[-1] // TABS, **given)))

    def _measure(self, courses: dict[str, Course], size: int, chapter: str) -> None:
        """Everybody in turns, so that whatever else the machine does weighs on all."""
        held = {name: _grow(course, size) for name, course in courses.items()}
        tallies = {name: Tally() for name in courses}
        for course in courses.values():
            course.run(WARM_UP, Tally())
        for _ in range(self.rounds):
            for name, course in courses.items():
                course.run(self.changes, tallies[name])
        for name, tally in tallies.items():
            found = {**tally.in_short(size), **held[name]}
            self.figures[chapter].setdefault(name, {})[str(size)] = found
            print(f"{chapter} {name} {size}: {_line(found)}", flush=True)


def _grow(course: Course, size: int) -> dict[str, float]:
    """Let the audience grow to `size`. How much memory each of those who came costs, and how much there is in all."""
    before, more = memory_kb(course.target.pid), size - course.audience.count
    course.audience.open(course.target.sessions(course.audience.count, more))
    after = memory_kb(course.target.pid)
    return {"session_kb": (after - before) / max(1, more), "memory_kb": after}


def _express_beside(desk: Course) -> ExpressTarget:
    return ExpressTarget(desk.target.desk.database_url, desk.target.changed)


def _frame_of(desk: Course) -> str:
    """One frame of the desk's, for those who send the same bytes."""
    desk.audience.open(desk.target.sessions(0, 1))
    desk.run(WARM_UP, Tally())
    return desk.audience.sample()


def _line(found: dict[str, Any]) -> str:
    return " ".join(f"{name}={value:.1f}" for name, value in found.items())


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--full", action="store_true")
    asked.add_argument("--chapter", action="store_true")
    asked.add_argument("--soak", type=int, default=0)
    asked.add_argument("--only", default="express,relay,spread")
    asked.add_argument("--sizes", default="")
    given = asked.parse_args()
    if given.soak:
        soak(given.soak)
        return
    if not given.chapter:
        bench = Bench(
            full=given.full, only=set(given.only.split(",")) | ({"sqlite"} if given.full else set())
        )
        if given.sizes:
            bench.sizes = tuple(int(size) for size in given.sizes.split(","))
        figures = bench.run()
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        KEPT.write_text(json.dumps(figures, indent=1) + "\n")
    figures = json.loads(KEPT.read_text())
    print(table(figures))
    write_chapter("path-of-a-change", chapter(figures))


if __name__ == "__main__":
    sys.exit(main())
