"""Who loses rights leaves the rooms first: nothing read after the change is sent to them by mistake."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection

import pytest

from service_desk.domain.access import Actor
from service_desk.domain.users import Role
from service_desk.live import hub as hub_module
from service_desk.live import presence as presence_module
from service_desk.live.questions import UserList, register_views
from service_desk.live.room import Changes
from service_desk.queries.calls import CallsQuestion
from service_desk.store.database import Database

from ..factories import make_call, make_category, make_user
from ..hub_room import LIST, Browsers, edit, run
from .test_presence import a_desk, a_token, set_role


@pytest.fixture(autouse=True)
def views() -> None:
    register_views()


@pytest.fixture
def slow_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store takes its time to say who may what."""
    ask = presence_module.who_are

    def slowly(tokens: Collection[str]) -> dict[str, Actor]:
        time.sleep(0.3)
        return ask(tokens)

    monkeypatch.setattr(presence_module, "who_are", slowly)
    monkeypatch.setattr(hub_module, "RIGHTS_SECONDS", 30)


def reaching(browsers: Browsers, sid: str) -> list[Changes]:
    """What reaches this browser's list from now on, from whichever room."""
    reached: list[Changes] = []
    send = browsers.send

    async def watched(to: str, slot: str, changes: Changes) -> None:
        if slot == LIST and sid in browsers.rooms.get(to, {to}):
            reached.append(changes)
        await send(to, slot, changes)

    browsers.send = watched  # type: ignore[method-assign]
    return reached


def test_a_lowered_role_gets_no_last_answer_of_the_old_one(database: Database, slow_rights: None) -> None:
    admin, lowered = make_user(Role.ADMIN), make_user(Role.ADMIN)
    token = a_token(lowered)

    async def story() -> None:
        async with a_desk() as (presence, hub, browsers, _):
            me = await presence.arrive("tab", token)
            assert me is not None
            await hub.ask("tab", LIST, me, UserList())
            await hub.ask("other", LIST, admin, UserList())
            reached = reaching(browsers, "tab")
            await set_role(admin, lowered, Role.ENGINEER)
            await hub.settle()
            assert len(reached) == 1
            assert reached[0]["extra"]["refused"].startswith("You may not manage users.")
            assert browsers.rows("other")[lowered.id]["role"] == "engineer"

    run(story)


def test_a_change_right_after_a_lowered_role_is_not_shown_with_the_old_one(
    database: Database, slow_rights: None
) -> None:
    admin, lowered = make_user(Role.ADMIN), make_user(Role.DISPATCHER)
    call, token = make_call(admin, category_id=make_category()), a_token(lowered)

    async def story() -> None:
        async with a_desk() as (presence, hub, browsers, _):
            me = await presence.arrive("tab", token)
            assert me is not None
            await hub.ask("tab", LIST, me, CallsQuestion())
            await hub.ask("other", LIST, admin, CallsQuestion())
            assert call in browsers.rows("tab")
            reached = reaching(browsers, "tab")
            await set_role(admin, lowered, Role.ENGINEER)
            await asyncio.to_thread(edit, admin, call, problem="Not for them")
            await hub.settle()
            assert browsers.rows("other")[call]["problem"] == "Not for them"
            assert "Not for them" not in str(reached)
            assert browsers.rows("tab") == {}

    run(story)


def test_news_does_not_wait_for_ever_for_somebodys_rights(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "RIGHTS_SECONDS", 0.05)
    admin, other = make_user(Role.ADMIN), make_user(Role.DISPATCHER)
    call = make_call(admin, category_id=make_category())

    async def story() -> None:
        async with a_desk() as (_, hub, browsers, _):
            stuck = asyncio.Event()

            async def never(_touched: object) -> None:
                await stuck.wait()

            hub.on_touched.append(never)
            await hub.ask("desk", LIST, admin, CallsQuestion())
            await set_role(admin, other, Role.ENGINEER)
            await asyncio.to_thread(edit, admin, call, problem="Shown all the same")
            for _ in range(500):
                await asyncio.sleep(0.01)
                if "Shown all the same" in str(browsers.shown["desk", LIST]):
                    break
            assert "Shown all the same" in str(browsers.shown["desk", LIST])
            stuck.set()

    run(story)
