"""What happens to a question while it is being read: news, lower rights, another page, a closed tab."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from service_desk.domain.access import Actor
from service_desk.domain.errors import Busy
from service_desk.domain.users import Role
from service_desk.live import views
from service_desk.live.hub import Hub
from service_desk.live.questions import register_views
from service_desk.queries.answer import Answer
from service_desk.queries.calls import CallsQuestion
from service_desk.store.database import Database

from ..factories import make_call, make_user
from ..hub_room import LIST, a_hub, edit, run

ALL = CallsQuestion(tab="all")


class SlowReads:
    """Reads of lists of calls wait, with their answer in hand, until they are let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        register_views()
        self._view = views.view_of(ALL)
        self._begun, self._go = threading.Event(), threading.Event()
        self._fault: Exception | None = None
        monkeypatch.setitem(views._views, CallsQuestion, replace(self._view, read=self._read))

    def _read(self, actor: Actor, question: Any) -> Answer:
        answer = self._view.read(actor, question)
        self._begun.set()
        assert self._go.wait(20)
        if self._fault:
            raise self._fault
        return answer

    @asynccontextmanager
    async def during(self, hub: Hub, actor: Actor, fault: Exception | None = None) -> AsyncIterator[None]:
        """While "tab" asks for all calls; the body runs after the reading and before the answer."""
        self._fault = fault
        asking = asyncio.create_task(hub.ask("tab", LIST, actor, ALL))
        await asyncio.to_thread(self._begun.wait, 20)
        yield
        self._go.set()
        await asking
        await hub.settle()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> SlowReads:
    return SlowReads(monkeypatch)


def test_news_during_the_first_reading_is_shown(database: Database, slow: SlowReads) -> None:
    dispatcher = make_user(Role.DISPATCHER)
    call = make_call(dispatcher)

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            async with slow.during(hub, dispatcher):
                await asyncio.to_thread(edit, dispatcher, call, problem="Changed meanwhile")
                await asyncio.sleep(0.05)
            assert browsers.rows("tab")[call]["problem"] == "Changed meanwhile"

    run(story)


def test_rights_lowered_during_a_reading_count(database: Database, slow: SlowReads) -> None:
    admin = make_user(Role.ADMIN)
    foreign = make_call(make_user(Role.DISPATCHER))

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            async with slow.during(hub, admin):
                lowered = asyncio.create_task(hub.ask_again("tab", Actor(admin.id, Role.ENGINEER, "")))
                await asyncio.sleep(0.05)
            await lowered
            assert [room.reader.role for room in hub.rooms.values()] == [Role.ENGINEER]
            assert all(f"row_{foreign}" not in changes for _, _, changes in browsers.sent)

    run(story)


@pytest.mark.parametrize("fault", [None, Busy("The desk is busy.")])
def test_a_tab_that_closes_during_a_reading_leaves_nothing(
    database: Database, slow: SlowReads, fault: Exception | None
) -> None:
    dispatcher = make_user(Role.DISPATCHER)
    make_call(dispatcher)

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            async with slow.during(hub, dispatcher, fault):
                browsers.gone.add("tab")
                await hub.drop("tab")
            assert (hub.rooms, hub.slots("tab"), browsers.sent) == ({}, set(), [])

    run(story)


def test_another_page_opened_during_a_reading_wins(database: Database, slow: SlowReads) -> None:
    dispatcher = make_user(Role.DISPATCHER)
    make_call(dispatcher)

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            async with slow.during(hub, dispatcher):
                other = asyncio.create_task(hub.ask("tab", LIST, dispatcher, CallsQuestion(tab="mine")))
                await asyncio.sleep(0.05)
            await other
            assert [room.question for room in hub.rooms.values()] == [CallsQuestion(tab="mine")]
            assert len(browsers.sent) == 1

    run(story)
