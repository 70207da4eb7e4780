"""What happened how often and how long it took, counted in plain numbers; `web/metrics.py` tells them.

Nothing here may cost more than a microsecond or so: changes and reads count themselves on their way.
"""

from __future__ import annotations

from bisect import bisect_left
from threading import Lock

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds at which a `Spread` is cut; what takes longer than the last is counted behind it."""
MOST_LABELS = 100
OTHERS = "other"


class Tally:
    """How often something happened, by one label with few values; `label` is empty when there is only one."""

    def __init__(self, name: str, meaning: str, label: str = "") -> None:
        self.name, self.meaning, self.label = name, meaning, label
        self.counts: dict[str, int] = {}
        self._lock = Lock()

    def add(self, value: str = "", times: int = 1) -> None:
        with self._lock:
            value = _bounded(value, self.counts)
            self.counts[value] = self.counts.get(value, 0) + times


class Spread:
    """How long something took, in seconds, by one label with few values."""

    def __init__(self, name: str, meaning: str, label: str = "") -> None:
        self.name, self.meaning, self.label = name, meaning, label
        self.counts: dict[str, list[int]] = {}
        self.seconds: dict[str, float] = {}
        self._lock = Lock()

    def add(self, seconds: float, value: str = "") -> None:
        with self._lock:
            value = _bounded(value, self.counts)
            if value not in self.counts:
                self.counts[value], self.seconds[value] = [0] * (len(BOUNDS) + 1), 0.0
            self.counts[value][bisect_left(BOUNDS, seconds)] += 1
            self.seconds[value] += seconds


def _bounded(value: str, known: dict[str, int] | dict[str, list[int]]) -> str:
    """The label, or "other" once there are too many: no client may fill the memory of whoever collects this."""
    return value if value in known or len(known) < MOST_LABELS else OTHERS


COMMIT_SECONDS = Spread("commit_seconds", "How long a commit took, from its first word to the disk")
COMMITS = Tally("commits", "Changes committed", "verb")
READ_SECONDS = Spread(
    "read_seconds", "How long a view took to be read, its wait for a thread included", "view"
)
NEWS_LAG_SECONDS = Spread("news_lag_seconds", "From a commit to its difference being sent to a room")
DELIVERIES = Tally(
    "deliveries",
    "Packets given to single sockets: straight to the wire, or queued behind earlier ones",
    "way",
)
DENIALS = Tally("denials", "Events refused because their user may not do this", "role")
REFUSED_EVENTS = Tally(
    "refused_events", "Events refused because they could not be read, or nothing takes them"
)
REFUSALS = Tally(
    "refusals", "Refusals shown with a reference: Busy means that the store did not answer", "kind"
)
FAULTS = Tally("faults", "Mistakes of the program, by where they came up", "where")
DOORS = Tally(
    "doors", "What happened at the doors: signed in, wrong password, foreign origin and so on", "kind"
)

TALLIES = (COMMITS, DELIVERIES, DENIALS, REFUSED_EVENTS, REFUSALS, FAULTS, DOORS)
SPREADS = (COMMIT_SECONDS, READ_SECONDS, NEWS_LAG_SECONDS)
