"""The figures of one run, as a table and as a page of the documentation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from .machine import machine
from .timings import Timings, in_short

PAGE = """\
## How fast the news travels

Written by `make bench`; the figures are of one run on one machine, all processes on it, over loopback.

{table}

One changed row is one frame of {frame} bytes (median; the largest had {largest}) to the other browser, which renders
{rendered} for it.

A session costs the server about {memory} KB of memory: its growth from none to the largest crowd, divided.

### What is measured

* **Desk, from commit:** a dispatcher changes the problem of one call, through the same event that the page sends, over
  a socket of their own. The clock starts in the server, in the thread that made the change, right after the database
  acknowledged the commit and before the hub hears of it. It stops in another dispatcher's Chromium, when a
  `MutationObserver` sees the new text in the list of calls. In between: the news, the read of the list, the difference,
  the room, the socket, React. The commit itself is on disk (SQLite in WAL mode, `synchronous=FULL`).
* **Desk, from click:** the same, from before the event is sent: with the guard, the action and the commit.
* **Bare emit:** in the same run, python-socketio under the same server (uvicorn, uvloop, `websockets-sansio`, no
  compression) sends the very bytes of the desk's frame to one room; the clock starts before `emit` and stops when a
  page without any framework has put the text into its DOM and a `MutationObserver` saw it.
* **Sessions:** that many further sockets in a third process. At the desk each has opened the page of calls, so it has
  its state on the server and is in the same rooms as the browser; at the yardstick each is in the room.
* {changes} changes for each line, desk and bare emit in turns of {in_turn}, at least {pause:.0f} ms apart, after a
  warm-up of {warm_up}. Both clocks are the machine's; the browser's is rounded to 0.1 ms.
* **Rendered rows** are counted through React's hook for developer tools, in the production build.

### On which machine

{machine}
"""


@dataclass(frozen=True, slots=True)
class Line:
    """Median and 95th percentile in milliseconds."""

    commit: tuple[float, float]
    click: tuple[float, float]
    rendered: list[int]

    @classmethod
    def of(cls, turns: list[Timings]) -> Line:
        return cls(
            in_short([each for turn in turns for each in turn.from_commit]),
            in_short([each for turn in turns for each in turn.from_click]),
            [rows for turn in turns for rows in turn.rendered],
        )


@dataclass
class Report:
    chromium: str
    desk: dict[int, Line] = field(default_factory=dict)
    bare: dict[int, Line] = field(default_factory=dict)
    session_kb: float = 0
    frame_bytes: list[int] = field(default_factory=list)

    def table(self) -> str:
        """A row for each number of sessions; milliseconds."""
        head = (
            "| further sessions | desk, from commit: median | p95 | desk, from click: median | p95 "
            "| bare emit: median | p95 | desk ÷ bare (medians) |\n| --: | --: | --: | --: | --: | --: | --: | --: |"
        )
        return "\n".join([head, *(self._row(sessions) for sessions in self.desk)])

    def document(self) -> str:
        from .latency import CHANGES, IN_TURN, WARM_UP
        from .timings import PAUSE_SECONDS

        return PAGE.format(
            table=self.table(),
            frame=round(median(self.frame_bytes)),
            largest=max(self.frame_bytes),
            rendered=self._rendered(),
            memory=round(self.session_kb),
            changes=CHANGES,
            warm_up=WARM_UP,
            in_turn=IN_TURN,
            pause=PAUSE_SECONDS * 1000,
            machine=machine(f"Chromium {self.chromium}"),
        )

    def _row(self, sessions: int) -> str:
        desk, bare = self.desk[sessions], self.bare[sessions]
        figures = (*desk.commit, *desk.click, *bare.commit)
        ratio = desk.commit[0] / bare.commit[0]
        return f"| {sessions} | {' | '.join(f'{each:.1f}' for each in figures)} | {ratio:.1f} |"

    def _rendered(self) -> str:
        counted = Counter(rows for line in self.desk.values() for rows in line.rendered)
        if counted.keys() == {1}:
            return f"exactly one row component ({counted.total()} times counted)"
        return " or ".join(
            f"{rows} row components ({times} times)" for rows, times in sorted(counted.items())
        )
