"""The calls of three months that are done with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from ..domain.access import Actor
from .call_story import CallStory
from .people import Customer
from .stage import Stage
from .words import phrases

# Minutes until somebody is told to go, and from then until they are there.
WAITS = {"urgent": (2, 60), "high": (10, 240), "normal": (30, 1500), "low": (60, 4000)}
DUE_HOURS = {"urgent": 4, "high": 8, "normal": 48, "low": 120}


class PastCall:
    """A plan of one closed call: steps in the order of time, none after the present moment."""

    def __init__(self, stage: Stage, customer: Customer) -> None:
        self.stage, self.story = stage, CallStory(stage, customer)
        self.steps: list[tuple[datetime, Callable[[], None]]] = []
        self.visits: list[tuple[Actor, datetime, datetime]] = []

    def write(self, logged: Callable[[], datetime]) -> None:
        """Put the call into the script, logged at the first moment offered from which it ends in time."""
        last = self.stage.hours.present - timedelta(minutes=4)
        while not self.steps or self.steps[-1][0] > last:
            self.steps, self.visits = [], []
            self._plan(logged())
        for engineer, start, end in self.visits:
            self.stage.calendar.book(engineer.id, start, end)
        for at, act in self.steps:
            self.stage.script.at(at, act)

    def _plan(self, at: datetime) -> None:
        stage, story = self.stage, self.story
        self._engineer = story.engineer
        at = self._log(at)
        if stage.chance(0.1):
            at = stage.hours.later(at, 3, 60)
            priority = stage.rng.choice([word for word in WAITS if word != story.priority])
            self._do(at, partial(story.edit, self._dispatcher(), priority=priority))
        if stage.chance(0.07):
            at = stage.hours.later(at, 5, 500)
            self._do(at, partial(story.cancel, self._dispatcher()))
            return
        at = self._given_round(at)
        at = self._visit(at, "")
        if stage.chance(0.04):
            at = stage.hours.later(at, 900, 6000)
            self._do(at, partial(story.reopen, self._dispatcher()))
            self._visit(stage.hours.later(at, 60, 900), stage.rng.choice(phrases.SECOND_VISIT))

    def _log(self, at: datetime) -> datetime:
        """Logged, and given to its engineer."""
        stage, story = self.stage, self.story
        by = self._taker()
        due = at + timedelta(hours=DUE_HOURS[story.priority]) if stage.chance(0.55) else None
        due = stage.hours.opening(due).replace(minute=0, second=0, microsecond=0) if due else None
        at_once = by in stage.desk.dispatchers and stage.chance(0.6)
        self._do(at, partial(story.log, by, due, at_once))
        if not at_once:
            at = stage.hours.later(at, 1, WAITS[story.priority][0] + 4)
            self._do(at, partial(story.assign, self._dispatcher()))
        return at

    def _given_round(self, at: datetime) -> datetime:
        stage, story = self.stage, self.story
        if stage.chance(0.04):
            at = stage.hours.later(at, 20, 90)
            self._do(at, partial(story.take_back, self._dispatcher()))
        elif not stage.chance(0.12):
            return at
        at = stage.hours.later(at, 10, 120)
        self._engineer = stage.rng.choice([one for one in stage.desk.engineers if one != self._engineer])
        self._do(at, partial(story.hand_over, self._dispatcher(), self._engineer))
        return at

    def _visit(self, at: datetime, remark: str) -> datetime:
        least, most = WAITS[self.story.priority]
        wanted = self.stage.hours.later(at, least, self.stage.rng.uniform(least + 15, most))
        start, end = self.stage.visit(self._engineer.id, wanted)
        self._do(start, self.story.start)
        self._do(end, partial(self.story.complete, remark))
        self.visits.append((self._engineer, start, end))
        return end

    def _do(self, at: datetime, act: Callable[[], None]) -> None:
        self.steps.append((at, act))

    def _dispatcher(self) -> Actor:
        desk = self.stage.desk
        return desk.admin if self.stage.chance(0.05) else self.stage.rng.choice(desk.dispatchers)

    def _taker(self) -> Actor:
        desk, rng = self.stage.desk, self.stage.rng
        return rng.choice(desk.engineers) if self.stage.chance(0.1) else rng.choice(desk.office)
