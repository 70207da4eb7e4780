"""What every story of the demo is told with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from .deck import Words
from .hours import Hours
from .people import Desk
from .script import Script


@dataclass
class Calendar:
    """When each engineer is at a customer's: nobody is at two places at once."""

    taken: dict[int, list[tuple[datetime, datetime]]] = field(default_factory=dict)

    def hindrance(self, engineer_id: int, start: datetime, end: datetime) -> datetime | None:
        """The end of a visit that overlaps."""
        visits = self.taken.get(engineer_id, ())
        return next((until for since, until in visits if since < end and start < until), None)

    def book(self, engineer_id: int, start: datetime, end: datetime) -> None:
        self.taken.setdefault(engineer_id, []).append((start, end))


@dataclass
class Stage:
    desk: Desk
    hours: Hours
    words: Words
    rng: Random
    script: Script = field(default_factory=Script)
    calendar: Calendar = field(default_factory=Calendar)

    def chance(self, of: float) -> bool:
        return self.rng.random() < of

    def visit(self, engineer_id: int, at: datetime) -> tuple[datetime, datetime]:
        """Start and end of the first visit that the engineer can make after a moment. Not booked yet."""
        length = timedelta(minutes=self.rng.triangular(15, 150, 40))
        start = self.hours.opening(at)
        while until := self.calendar.hindrance(engineer_id, start, start + length):
            start = self.hours.later(until, 8, 30)
        return start, start + length
