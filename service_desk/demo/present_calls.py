"""The calls that are open now."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from .call_story import CallStory
from .people import Customer
from .stage import Stage
from .words import lines

OPEN = lines("""
    today pending urgent soon
    today assigned high today
    today assigned normal tomorrow
    today pending normal week
    today assigned high today
    today assigned normal today
    today on_site normal today
    today assigned low week
    today pending normal -
    today on_site high today
    today assigned high late
    today assigned normal today
    today assigned low -
    today pending high tomorrow
    today assigned normal today
    today assigned normal week
    1 on_site high today
    1 assigned normal tomorrow
    1 pending low week
    1 assigned normal today
    1 assigned normal tomorrow
    1 assigned normal -
    2 assigned normal late
    2 pending normal week
    2 assigned normal tomorrow
    2 assigned low -
    3 assigned normal late
    3 assigned low week
    4 assigned normal week
    6 assigned low week
""")
"""Logged how many working days ago, newest first; how far it came; priority; due."""


def write_open_calls(stage: Stage, customers: list[Customer]) -> None:
    """Put one open call into the script for each line of OPEN, each for the next of the customers."""
    late = iter((0.5, 2.0, 26.0))
    soon = iter((1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0))
    on_site = iter(stage.desk.engineers)
    for place, (line, customer) in enumerate(zip(OPEN, customers, strict=True)):
        since, status, priority, due = line.split()
        logged = _today(stage, place) if since == "today" else stage.hours.days_ago(int(since))
        hours = next(late) if due == "late" else next(soon) if due == "today" else 0
        story = CallStory(stage, customer, priority)
        if status == "on_site":
            story.engineer = next(on_site)
        _write(stage, story, status, logged, _due(stage, due, hours))


def _today(stage: Stage, place: int) -> datetime:
    """The newest a minute ago, the others further and further apart through the shift."""
    shift = stage.hours.present - stage.hours.today
    part: float = (place / 16) ** 1.5
    return stage.hours.present - timedelta(minutes=1) - part * (shift - timedelta(minutes=30))


def _due(stage: Stage, due: str, hours: float) -> datetime | None:
    if due == "late":
        return stage.hours.lately(hours)
    if due == "soon":
        return (stage.hours.present + timedelta(minutes=40)).replace(second=0, microsecond=0)
    if due == "today":
        return stage.hours.soon(hours)
    if due == "tomorrow":
        return stage.hours.ahead(1)
    return stage.hours.ahead(stage.rng.randint(2, 6)) if due == "week" else None


def _write(stage: Stage, story: CallStory, status: str, logged: datetime, due: datetime | None) -> None:
    desk, script = stage.desk, stage.script
    dispatcher = stage.rng.choice(desk.dispatchers)
    script.at(logged, partial(story.log, stage.rng.choice(desk.office), due))
    if status == "pending":
        return
    left = stage.hours.present - logged
    # Soon enough to lie before the present, however short ago the call came in.
    script.at(
        logged + min(timedelta(minutes=stage.rng.uniform(2, 25)), left * 0.4),
        partial(story.assign, dispatcher),
    )
    if stage.chance(0.15):
        other = stage.rng.choice([one for one in desk.engineers if one != story.engineer])
        if status == "assigned":
            at = logged + min(timedelta(minutes=50), left * 0.7)
            script.at(stage.hours.opening(at), partial(story.hand_over, dispatcher, other))
    if status == "on_site":
        if story.priority == "high":
            story.priority = "normal"
            at = stage.hours.opening(logged + left * 0.55)
            script.at(at, partial(story.edit, dispatcher, priority="high"))
        start = stage.hours.present - min(timedelta(minutes=stage.rng.uniform(12, 45)), left * 0.3)
        script.at(start, story.start)
        stage.calendar.book(story.engineer.id, start, stage.hours.present + timedelta(hours=1))
