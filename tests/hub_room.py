"""A hub without a socket: browsers that keep what they would show, and what happens to calls meanwhile."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from service_desk.actions.calls import edit_call
from service_desk.actions.calls_assign import assign_call
from service_desk.actions.calls_visit import start_call
from service_desk.domain.access import Actor
from service_desk.live.bus import Bus, LocalBus
from service_desk.live.hub import Hub
from service_desk.live.room import Changes
from service_desk.queries.call import show_call

LIST = "list"


class Browsers:
    """Stands in for the socket: keeps what each browser would show, and counts the messages."""

    def __init__(self) -> None:
        self.rooms: dict[str, set[str]] = defaultdict(set)
        self.shown: dict[tuple[str, str], Changes] = defaultdict(dict)
        self.sent: list[tuple[str, str, Changes]] = []
        self.gone: set[str] = set()

    def is_here(self, sid: str) -> bool:
        return sid not in self.gone

    async def enter(self, sid: str, room: str) -> bool:
        if sid in self.gone:
            return False
        self.rooms[room].add(sid)
        return True

    async def leave(self, sid: str, room: str) -> None:
        self.rooms[room].discard(sid)

    async def send(self, to: str, slot: str, changes: Changes) -> None:
        self.sent.append((to, slot, changes))
        for sid in self.rooms.get(to, {to}):
            self.shown[sid, slot].update(changes)

    def rows(self, sid: str, slot: str = LIST) -> dict[int, dict[str, Any]]:
        """The rows on a screen, in order, without the mark of freshness."""
        shown = self.shown[sid, slot]
        return {key: without_mark(shown[f"row_{key}"]) for key in shown["order"]}


def without_mark(row: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in row.items() if field != "mark"}


@asynccontextmanager
async def a_hub(*, deaf: bool = False, bus: Bus | None = None) -> AsyncIterator[tuple[Hub, Browsers]]:
    """A hub that hears the news, by this bus if one is given; a deaf one loses every message."""
    browsers = Browsers()
    hub = Hub(browsers)
    await hub.start()
    end = (lambda: None) if deaf else (bus or LocalBus()).subscribe(hub.hear)
    try:
        yield hub, browsers
        await hub.settle()
    finally:
        end()


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 60))


def edit(actor: Actor, call: int, **changes: str) -> None:
    row = show_call(actor, call).rows[call]
    was = {field: row[field] for field in changes}
    edit_call(actor, call, version=row["version"], was=was, changes=changes)


def churn(dispatcher: Actor, engineer: Actor, call: int, number: int) -> None:
    """Something that moves the call into or out of the engineer's sight, or changes it there."""
    status = show_call(dispatcher, call).rows[call]["status"]
    if status == "pending":
        assign_call(dispatcher, call, {"assigned_to_id": engineer.id})
    elif status == "assigned":
        start_call(engineer, call)
    else:
        edit(dispatcher, call, problem=f"Storm {number}")
