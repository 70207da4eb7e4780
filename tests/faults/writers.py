"""People who save one change after another, as fast as the desk takes them, from threads of their own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from service_desk.actions.calls import create_call, edit_call
from service_desk.actions.calls_assign import assign_call
from service_desk.actions.calls_visit import cancel_call
from service_desk.domain.access import Actor
from service_desk.domain.errors import DeskError

from .checker import Acknowledged


@dataclass
class Writers:
    """`saved` holds (when, what) in the order in which each was acknowledged; `refused` the sentences of refusals."""

    dispatcher: Actor
    engineer: Actor
    category: int
    saved: list[tuple[float, Acknowledged]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    slowest: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)
    _numbers: Iterator[int] = field(default_factory=count)

    def acknowledged(self, before: float = float("inf")) -> list[Acknowledged]:
        """What was acknowledged before a moment of time.monotonic()."""
        return [what for when, what in list(self.saved) if when < before]

    def run(self) -> None:
        while not self.over.is_set():
            try:
                self._one_call(next(self._numbers))
            except DeskError as refusal:
                self.refused.append(refusal.sentence)
                self.over.wait(0.05)

    def _one_call(self, number: int) -> None:
        """A call is logged, corrected and assigned, and every third is cancelled."""
        first, second = f"Load {number}", f"Load {number} corrected"
        phone = f"+1415555{number % 10_000:04d}"
        form = {"phone": phone, "customer_name": "Rosa Marin", "category_id": self.category, "problem": first}
        call: int = self._timed(create_call, self.dispatcher, form)
        self._acknowledge("create call", call, "problem", first)
        self._timed(
            edit_call, self.dispatcher, call, version=1, was={"problem": first}, changes={"problem": second}
        )
        self._acknowledge("edit call", call, "problem", second)
        self._timed(assign_call, self.dispatcher, call, {"assigned_to_id": self.engineer.id})
        self._acknowledge("assign call", call)
        if number % 3 == 0:
            self._timed(cancel_call, self.dispatcher, call, {"reason": "Works again."})
            self._acknowledge("cancel call", call)

    def _timed(self, action: Any, *given: Any, **named: Any) -> Any:
        start = time.monotonic()
        result = action(*given, **named)
        self.slowest = max(self.slowest, time.monotonic() - start)
        return result

    def _acknowledge(self, verb: str, call: int, name: str = "", value: str | None = None) -> None:
        self.saved.append((time.monotonic(), Acknowledged(verb, "call", call, name, value)))


@contextmanager
def writing(dispatcher: Actor, engineer: Actor, category: int, *, threads: int = 4) -> Iterator[Writers]:
    """Writers at work on the open database for as long as the block lasts."""
    writers = Writers(dispatcher, engineer, category)
    working = [threading.Thread(target=writers.run, daemon=True) for _ in range(threads)]
    for thread in working:
        thread.start()
    try:
        yield writers
    finally:
        writers.over.set()
        for thread in working:
            thread.join(30)
