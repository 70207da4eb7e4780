"""The bus: carries the news from every commit to the hub of each process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ..domain.journal import News
from ..store import change


class Bus(Protocol):
    """What the hub needs of a bus. A message may be lost, doubled or late: the hub's slow check heals it."""

    def subscribe(self, hear: Callable[[News], None]) -> Callable[[], None]:
        """Call `hear` for every commit, from whichever thread. Returns what ends the subscription."""
        ...


class LocalBus:
    """The bus of a single process: the commit itself tells the hub."""

    def subscribe(self, hear: Callable[[News], None]) -> Callable[[], None]:
        return change.on_news(hear)
