"""News of changes is lost, doubled or reordered on its way: every screen ends as the database is."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable

import pytest

from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind
from service_desk.domain.journal import News, Touched
from service_desk.domain.users import Role
from service_desk.live.bus import Bus, LocalBus
from service_desk.live.presence import Presence
from service_desk.live.questions import register_views
from service_desk.queries.journal import touched_after
from service_desk.store.database import Database

from ..factories import make_call, make_category, make_user
from ..figures import Figure
from ..hub_room import a_hub, edit, run
from ..running_desk import RunningDesk
from . import checker
from .crowd import Crowd
from .looking import look, screens_of
from .scale import scaled
from .writers import Writers, writing

CHANGES = scaled(100, 1_000)
HEALED_SECONDS = 30
HELD = 12
"""How many messages the reordering bus holds back before it lets them go in any order."""

Hear = Callable[[News], None]


class Lossy:
    """Loses every message."""

    def subscribe(self, hear: Hear) -> Callable[[], None]:
        return lambda: None


class Doubling:
    """Delivers every message twice, the second time a little later."""

    def subscribe(self, hear: Hear) -> Callable[[], None]:
        before: list[News] = []

        def twice(news: News) -> None:
            hear(news)
            before.append(news)
            hear(before.pop(0) if len(before) > 3 else news)

        return LocalBus().subscribe(twice)


class Shuffling:
    """Holds messages back and lets them go in any order; the last ones when nothing more comes."""

    def __init__(self) -> None:
        self.held: list[News] = []
        self.lock = threading.Lock()

    def subscribe(self, hear: Hear) -> Callable[[], None]:
        self.hear = hear

        def hold(news: News) -> None:
            with self.lock:
                self.held.append(news)
                ready = len(self.held) >= HELD
            if ready:
                self.let_go()

        return LocalBus().subscribe(hold)

    def let_go(self) -> None:
        with self.lock:
            held, self.held = self.held, []
        random.Random(len(held)).shuffle(held)
        for news in held:
            self.hear(news)


async def until_saved(writers: Writers, count: int) -> None:
    while len(writers.saved) < count:
        assert not writers.refused, writers.refused
        await asyncio.sleep(0.01)


async def rehearse(bus: Bus, url: str) -> tuple[int, int]:
    """Writers at work under this bus; returns how many screens differ before and after one slow check."""
    register_views()
    dispatcher, engineer, admin = make_user(Role.DISPATCHER), make_user(Role.ENGINEER), make_user(Role.ADMIN)
    category = make_category()
    call = make_call(dispatcher, category_id=category, assigned_to_id=engineer.id)
    paths = ["/calls", "/calls?tab=all", f"/calls/{call}", "/activity", "/customers"]
    tabs = {f"{actor.id} {path}": (actor, path) for actor in (dispatcher, engineer, admin) for path in paths}
    async with a_hub(bus=bus) as (hub, browsers):
        Presence(hub, doorman=None, note_use=lambda _: None)  # type: ignore[arg-type]
        for tab, (actor, path) in tabs.items():
            await look(hub, actor, path, tab)
        with writing(dispatcher, engineer, category) as writers:
            await until_saved(writers, CHANGES)
        if isinstance(bus, Shuffling):
            bus.let_go()
        await hub.settle()
        before = checker.screens_off(url, screens_of(browsers, tabs))
        await hub.slow_check()
        await hub.settle()
        after = screens_of(browsers, tabs)
        checker.expect_sound(url, writers.acknowledged(), after)
        return len(before), len(checker.screens_off(url, after))


@pytest.mark.parametrize("bus", [Lossy, Doubling, Shuffling])
def test_whatever_becomes_of_the_news_every_screen_equals_a_fresh_query(
    bus: type[Bus], database: Database, figure: Figure
) -> None:
    url = database.url.render_as_string(hide_password=False)

    async def story() -> None:
        before, after = await rehearse(bus(), url)
        name = bus.__name__.lower()
        figure(f"news lost, doubled or reordered: screens that differ at once, {name} bus", before)
        figure(f"news lost, doubled or reordered: screens that differ after a check, {name} bus", after)
        # What was lost altogether nobody can know of before the check.
        assert (before > 0) is (bus is Lossy)
        assert after == 0

    run(story)


def test_a_server_that_hears_nothing_of_any_change_shows_it_within_half_a_minute(
    rehearsal_desk: RunningDesk, figure: Figure
) -> None:
    desk = rehearsal_desk
    people = [(desk.people[name], desk.token(name)) for name in ("maya", "ravi", "dana")]
    category = create_category(desk.people["dana"], CategoryKind.CALL, {"name": "Network"})
    with Crowd(desk.url) as crowd:
        for path in ("/calls", "/calls?tab=all", "/activity"):
            crowd.seat(people, path)
        # A change by another process than the server's: its bus carries nothing of it.
        with writing(desk.people["lena"], desk.people["ravi"], category) as writers:
            while len(writers.saved) < CHANGES:
                time.sleep(0.01)
        took = checker.expect_screens(desk.database_url, crowd.screens, seconds=HEALED_SECONDS)
        figure("news lost, doubled or reordered: every screen equals the database again after", took, "s")
        checker.expect_sound(desk.database_url, writers.acknowledged(), crowd.screens())


def test_news_that_comes_while_a_gap_is_being_read_opens_no_new_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_views()
    dispatcher = make_user(Role.DISPATCHER)
    calls = [make_call(dispatcher) for _ in range(2)]
    url = database.url.render_as_string(hide_password=False)
    bus = Shuffling()

    def read_slowly(seq: int) -> tuple[int, tuple[Touched, ...]]:
        found = touched_after(seq)
        bus.let_go()
        return found

    async def story() -> None:
        async with a_hub(bus=bus) as (hub, browsers):
            Presence(hub, doorman=None, note_use=lambda _: None)  # type: ignore[arg-type]
            await look(hub, dispatcher, f"/calls/{calls[1]}", "tab")
            for call in calls:
                await asyncio.to_thread(edit, dispatcher, call, problem="Out of order")
            late = bus.held.pop(0)
            monkeypatch.setattr("service_desk.live.hub.touched_after", read_slowly)
            bus.let_go()
            bus.held.append(late)
            await hub.settle()
            shown = screens_of(browsers, {"tab": (dispatcher, f"/calls/{calls[1]}")})
            assert not checker.screens_off(url, shown)

    run(story)
