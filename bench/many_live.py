"""One change of a call, until the lists that people look at are up to date again."""

from __future__ import annotations

import asyncio
import time

from service_desk.actions.calls_assign import assign_call
from service_desk.live.questions import CallCounts, MyCallCount, register_views
from service_desk.queries.calls import CallsQuestion
from tests.hub_room import a_hub

from .big_life import VISITING
from .many_operations import COMMON, Desk

CHANGE = "one change → six lists updated"


def measure_changes(desk: Desk, times: int) -> list[float]:
    """Milliseconds from before the action until the hub has read and sent everything that it concerns."""
    return asyncio.run(_measure(desk, times))


async def _measure(desk: Desk, times: int) -> list[float]:
    register_views()
    call = int(desk.list(tab="unassigned").order[0])
    async with a_hub() as (hub, browsers):
        # A dispatcher's page with its counts, all calls and a search in other tabs, and an engineer's own list.
        for sid, params in (("open", {}), ("all", {"tab": "all"}), ("found", {"tab": "all", "q": COMMON[0]})):
            await hub.ask(sid, "list", desk.dana, CallsQuestion.from_params(desk.dana, params))
        await hub.ask("open", "counts", desk.dana, CallCounts())
        await hub.ask("own", "list", desk.ravi, CallsQuestion.from_params(desk.ravi, {}))
        await hub.ask("own", "mine", desk.ravi, MyCallCount(desk.ravi.id))
        took = []
        for number in range(times):
            before, began = len(browsers.sent), time.perf_counter()
            to = VISITING[0] if number % 2 == 0 else VISITING[1]
            await asyncio.to_thread(assign_call, desk.dana, call, {"assigned_to_id": to})
            await hub.settle()
            took.append((time.perf_counter() - began) * 1000)
            if len(browsers.sent) == before:
                raise RuntimeError("the change reached nobody")
    return took
