"""A hub with somebody at its door: who arrives, who is shown out, and what the screens are told of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from service_desk.actions.sessions import on_sessions_ended, open_session, touch_session
from service_desk.domain.access import Actor
from service_desk.domain.users import User
from service_desk.live.hub import Hub
from service_desk.live.presence import Presence
from service_desk.store.change import housekeeping

from .hub_room import Browsers, a_hub


class Door:
    """Keeps who was shown out, and why."""

    def __init__(self) -> None:
        self.out: dict[str, str] = {}

    async def show_out(self, sid: str, reason: str) -> None:
        self.out[sid] = reason


@asynccontextmanager
async def a_desk() -> AsyncIterator[tuple[Presence, Hub, Browsers, Door]]:
    door = Door()
    async with a_hub() as (hub, browsers):
        presence = Presence(hub, door, touch_session)
        end = on_sessions_ended(presence.hear_ended)
        try:
            yield presence, hub, browsers, door
        finally:
            end()


def a_token(actor: Actor) -> str:
    with housekeeping() as session:
        user = session.get(User, actor.id)
        assert user is not None
        return open_session(session, user, "Firefox")


async def until(holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError
