"""What is going to happen, and the doing of it in the order of time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ..domain.times import pretend


class Script:
    """Steps of many stories, written down in any order and done from the first moment to the last.

    The journal numbers its entries as they come, so its times rise only when the stories are interwoven.
    """

    def __init__(self) -> None:
        self._steps: list[tuple[datetime, int, Callable[[], object]]] = []

    def at(self, moment: datetime, act: Callable[[], object]) -> None:
        self._steps.append((moment, len(self._steps), act))

    def play(self) -> None:
        for moment, _, act in sorted(self._steps, key=lambda step: step[:2]):
            with pretend(moment):
                act()
        self._steps.clear()
