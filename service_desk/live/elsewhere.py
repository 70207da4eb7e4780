"""Who is at the desk in other processes. Each tells the others whom it has; who is silent for long has nobody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from .redis_bus import RedisBus

TELL_SECONDS = 1.0
TOGETHER_SECONDS = 0.2
FORGET_SECONDS = 5.0
"""A process that was killed says nothing any more; its people are gone after so long."""

Pairs = frozenset[tuple[int, int]]
"""Pairs of a user's id and a sign-in's id."""


@dataclass(slots=True)
class _Place:
    people: Pairs
    heard_at: float


class Elsewhere:
    """`here` says who is in this process; `came` and `left` are called when others' people change."""

    def __init__(
        self,
        bus: RedisBus,
        here: Callable[[], Pairs],
        came: Callable[[], None],
        left: Callable[[], None],
    ) -> None:
        self.bus, self._here, self._came, self._left = bus, here, came, left
        self._places: dict[str, _Place] = {}
        self._told: Pairs = frozenset()
        self._telling: asyncio.TimerHandle | None = None
        bus.on("here", self._hear)
        bus.on("hello", lambda *_: self.tell())
        bus.on("gone", lambda who, _: self._forget([who]))
        bus.on_line.append(self._greet)

    def people(self) -> Pairs:
        """Everybody who is in another process."""
        return frozenset().union(*(place.people for place in list(self._places.values())))

    def tell(self) -> None:
        """Tell the others who is here."""
        self._told = self._here()
        self.bus.say("here", " ".join(f"{user}:{sign_in}" for user, sign_in in sorted(self._told)))

    def tell_soon(self) -> None:
        """Somebody came or went here. A hundred who come back at once are told together."""
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(TOGETHER_SECONDS, self._tell_changes)

    def say_goodbye(self) -> None:
        """This process ends."""
        self.bus.say("gone")

    async def keep_telling(self) -> None:
        """Tell again and again, and forget those who don't."""
        while True:
            await asyncio.sleep(TELL_SECONDS)
            self.tell()
            # While nothing can be heard, silence says nothing about anybody.
            if self.bus.is_heard:
                now = time.monotonic()
                silent = [who for who, place in self._places.items() if now - place.heard_at > FORGET_SECONDS]
                self._forget(silent)

    def _tell_changes(self) -> None:
        self._telling = None
        if self._here() != self._told:
            self.tell()

    def _greet(self) -> None:
        for place in self._places.values():
            place.heard_at = time.monotonic()
        self.bus.say("hello")
        self.tell()

    def _hear(self, who: str, pairs: list[tuple[int, int]]) -> None:
        before = self.people()
        self._places[who] = _Place(frozenset(pairs), time.monotonic())
        self._note(before)

    def _forget(self, names: list[str]) -> None:
        before = self.people()
        for who in names:
            self._places.pop(who, None)
        self._note(before)

    def _note(self, before: Pairs) -> None:
        after = self.people()
        if after - before:
            self._came()
        if before - after:
            self._left()
