"""People who look on while the test's own process works: a hub without a socket, and the screens that it keeps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeVar

from service_desk.domain.access import Actor
from service_desk.live.hub import Hub
from service_desk.live.online import Colleagues
from service_desk.live.presence import Presence
from service_desk.live.questions import register_views

from ..hub_room import Browsers, a_hub
from . import checker
from .checker import Everybody, Screen, questions_of

T = TypeVar("T")
Tabs = Mapping[str, tuple[Actor, str]]
"""Each tab's name → who sits there, and the page's address."""


async def look(hub: Hub, actor: Actor, path: str, sid: str) -> None:
    """Ask what a page at this address asks."""
    for slot, question in questions_of(actor, path).items():
        await hub.ask(sid, slot, actor, Colleagues() if isinstance(question, Everybody) else question)


def screens_of(browsers: Browsers, tabs: Tabs) -> list[Screen]:
    return [
        Screen(actor, path, {slot: shown for (sid, slot), shown in browsers.shown.items() if sid == tab})
        for tab, (actor, path) in tabs.items()
    ]


def watched(url: str, tabs: Tabs, work: Callable[[], T], seen: Callable[[list[Screen]], object] = len) -> T:
    """Do the work in another thread while these tabs look on; afterwards each must equal a fresh query.

    `seen` is given their screens.
    """
    register_views()

    async def story() -> T:
        async with a_hub() as (hub, browsers):
            Presence(hub, doorman=None, note_use=lambda _: None)  # type: ignore[arg-type]
            for tab, (actor, path) in tabs.items():
                await look(hub, actor, path, tab)
            done = await asyncio.to_thread(work)
            await hub.settle()
            screens = screens_of(browsers, tabs)
            seen(screens)
            checker.expect_sound(url, (), screens)
            return done

    return asyncio.run(story())
