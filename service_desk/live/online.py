"""Who is shown as being at the desk: told at once of somebody alone, once a second of whoever comes in a crowd."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from .hub import Hub

TELL_SECONDS = 1.0
"""How often it is told who has come: whoever comes back with a hundred others is told of with them."""

LEFT_SECONDS = 3.0
"""How long after somebody left another process it is told: whoever only reloads a page is back by then."""


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Everybody who ever worked here: for names, pickers and who is online."""


class Online:
    """`here` says who is at the desk now, `people` who was when it was last told."""

    def __init__(self, hub: Hub, here: Callable[[], frozenset[int]]) -> None:
        self.hub = hub
        self.here = here
        self.people: frozenset[int] = frozenset()
        self._telling: asyncio.TimerHandle | None = None

    def tell(self) -> None:
        """Say who has come and gone. Slowly: somebody who reloads the page is away for a moment only."""
        if (here := self.here()) != self.people:
            self._show(here)

    def tell_later(self) -> None:
        """The same after LEFT_SECONDS."""
        asyncio.get_running_loop().call_later(LEFT_SECONDS, self.tell)

    def tell_arrivals(self) -> None:
        """Say who has come, unless that was just told."""
        if self._telling is None and self.here() - self.people:
            self._show(self.people | self.here())
            self._telling = asyncio.get_running_loop().call_later(TELL_SECONDS, self._tell_on)

    def tell_goodbye(self, user_id: int) -> None:
        """Say that somebody was shown out, unless they are here by another sign-in."""
        if user_id in self.people - self.here():
            self._show(self.people - {user_id})

    def _tell_on(self) -> None:
        self._telling = None
        self.tell_arrivals()

    def _show(self, people: frozenset[int]) -> None:
        self.people = people
        self.hub.refresh_all(Colleagues)
