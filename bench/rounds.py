"""Rounds of changes at fixed times, whatever becomes of them, and what they cost."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from .audience import Audience
from .cores import cpu_seconds
from .targets import Target

EVERY_SECONDS = 0.2
WRITERS = 8
LATE_SECONDS = 5.0
"""What has not come so long after the last change is lost."""


@dataclass
class Tally:
    """What some rounds at one target with one number of sessions gave. Milliseconds, one for each delivery."""

    from_commit: list[float] = field(default_factory=list)
    from_plan: list[float] = field(default_factory=list)
    """From the moment at which the change was due: what the writer waits for is in it."""
    changes: int = 0
    cpu: float = 0.0
    bytes: int = 0
    expected: int = 0
    lost: int = 0
    doubled: int = 0
    closed: int = 0

    def in_short(self, sessions: int) -> dict[str, Any]:
        """The figures that are kept: milliseconds, µs of the server's CPU and bytes for each change and session."""
        each = max(1, self.changes * sessions)
        return {
            **{f"p{part}": percentile(self.from_commit, part) for part in (50, 95, 99)},
            **{f"planned_p{part}": percentile(self.from_plan, part) for part in (50, 99)},
            "cpu_us": self.cpu / each * 1e6,
            "bytes": self.bytes / each,
            "changes": self.changes,
            "deliveries": len(self.from_commit),
            "lost": self.lost,
            "doubled": self.doubled,
            "closed": self.closed,
        }


class Course:
    """One target with its audience. Changes are numbered through all rounds."""

    def __init__(self, target: Target, audience: Audience) -> None:
        self.target, self.audience = target, audience
        self._next = 0

    def run(self, changes: int, into: Tally) -> None:
        """One round of so many changes, one every EVERY_SECONDS."""
        numbers = range(self._next, self._next + changes)
        self._next += changes
        expected = {
            (session, number)
            for number in numbers
            for session in range(self.audience.count)
            if self.target.shows(session, number)
        }
        self.audience.reset()
        cpu = cpu_seconds(self.target.pid)
        planned = self._write(numbers)
        found = self.audience.wait_for(len(expected), LATE_SECONDS)
        into.cpu += cpu_seconds(self.target.pid) - cpu
        self._count(expected, planned, found, into)
        into.changes += changes

    def _write(self, numbers: range) -> dict[int, int]:
        """Change → when it was due, in nanoseconds."""
        begin = time.monotonic() + EVERY_SECONDS
        due = {number: begin + place * EVERY_SECONDS for place, number in enumerate(numbers)}
        with ThreadPoolExecutor(WRITERS) as writers:
            doing = []
            for number, at in due.items():
                time.sleep(max(0.0, at - time.monotonic()))
                doing.append(writers.submit(self.target.change, number))
            for each in doing:
                each.result()
        return {number: int(at * 1e9) for number, at in due.items()}

    def _count(
        self,
        expected: set[tuple[int, int]],
        planned: dict[int, int],
        found: dict[str, int],
        into: Tally,
    ) -> None:
        came = [(session, number, at) for session, number, at in self.audience.came() if number in planned]
        committed = self.target.committed()
        times = Counter((session, number) for session, number, _ in came)
        into.from_commit += [(at - committed[number]) / 1e6 for _, number, at in came]
        into.from_plan += [(at - planned[number]) / 1e6 for _, number, at in came]
        into.bytes += found["bytes"]
        into.closed = found["closed"]
        into.expected += len(expected)
        into.lost += len(expected - times.keys())
        into.doubled += sum(count - 1 for count in times.values())


def percentile(figures: list[float], part: int) -> float:
    """Zero of nothing."""
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, len(ordered) * part // 100)] if ordered else 0.0
