"""What happened how often and how long it took, counted in plain numbers; `web/metrics.py` tells them.

Nothing here may cost more than a microsecond or so: changes and reads count themselves on their way.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from threading import Lock
from typing import TypeVar

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds at which a `Spread` is cut; what takes longer than the last is counted behind it."""
MOST_LABELS = 100
OTHERS = "other"
L = TypeVar("L")


class Tally:
    """How often something happened, by labels with few values; none when it is only one thing.

    `counts` has a number for each combination of their values, `most` and one for the others.
    """

    def __init__(self, name: str, meaning: str, *labels: str, most: int = MOST_LABELS) -> None:
        self.name, self.meaning, self.labels, self.most = name, meaning, labels, most
        self.counts: dict[tuple[str, ...], int] = {}
        self._lock = Lock()

    def add(self, *values: str, times: int = 1) -> None:
        with self._lock:
            values = _bounded(values, self.counts, self.most, (OTHERS,) * len(self.labels))
            self.counts[values] = self.counts.get(values, 0) + times


class Spread:
    """How long something took, in seconds, by one label with few values."""

    def __init__(self, name: str, meaning: str, label: str = "") -> None:
        self.name, self.meaning, self.label = name, meaning, label
        self.counts: dict[str, list[int]] = {}
        self.seconds: dict[str, float] = {}
        self._lock = Lock()

    def add(self, seconds: float, value: str = "") -> None:
        with self._lock:
            value = _bounded(value, self.counts, MOST_LABELS, OTHERS)
            if value not in self.counts:
                self.counts[value], self.seconds[value] = [0] * (len(BOUNDS) + 1), 0.0
            self.counts[value][bisect_left(BOUNDS, seconds)] += 1
            self.seconds[value] += seconds


def _bounded(label: L, known: Collection[L], most: int, others: L) -> L:
    """The label, or that of the others once there are too many: no client may fill the memory of whoever collects
    this."""
    return label if label in known or len(known) < most else others


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
API_REQUESTS = Tally(
    "api_requests",
    "Requests to the HTTP API, by the class of their answer: 2xx, 4xx …",
    "operation",
    "status",
    # As many operations, with five classes each.
    most=5 * MOST_LABELS,
)
API_SECONDS = Spread(
    "api_seconds", "From a request to the HTTP API to the beginning of its answer", "operation"
)
STREAM_EVENTS = Tally("stream_events", "Events sent to streams")
STREAMS_CUT = Tally("streams_cut", "Streams ended because nothing that was sent was taken")
WEBHOOK_DELIVERIES = Tally(
    "webhook_deliveries",
    "Events sent to webhooks: taken, refused by the receiver, or it was not reached in time",
    "outcome",
)
WEBHOOK_LAG_SECONDS = Spread(
    "webhook_lag_seconds", "From a change to its being sent to a webhook that then took it"
)

TALLIES = (
    *(COMMITS, DELIVERIES, DENIALS, REFUSED_EVENTS, REFUSALS, FAULTS, DOORS),
    *(API_REQUESTS, STREAM_EVENTS, STREAMS_CUT, WEBHOOK_DELIVERIES),
)
SPREADS = (COMMIT_SECONDS, READ_SECONDS, NEWS_LAG_SECONDS, API_SECONDS, WEBHOOK_LAG_SECONDS)
