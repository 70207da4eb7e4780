"""Who is at the desk is told to everybody, and a burst of arrivals together."""

from __future__ import annotations

import asyncio

import pytest

from service_desk.actions.sessions import sign_out
from service_desk.domain.users import Role
from service_desk.live.online import Colleagues
from service_desk.live.questions import register_views
from service_desk.store.database import Database

from ..factories import make_user
from ..hub_room import LIST, run
from ..presence_room import a_desk, a_token, until


@pytest.fixture(autouse=True)
def views() -> None:
    register_views()


def test_many_who_come_at_once_are_told_together(database: Database) -> None:
    maya, *others = (make_user(Role.DISPATCHER) for _ in range(31))
    tokens = {actor.id: a_token(actor) for actor in (maya, *others)}

    read: list[int] = []

    async def story() -> None:
        async with a_desk() as (presence, hub, browsers, _):
            me = await presence.arrive("maya", tokens[maya.id])
            assert me is not None
            await hub.ask("maya", LIST, me, Colleagues())
            await hub.settle()
            before = hub.reads
            for actor in others:
                await presence.arrive(f"tab {actor.id}", tokens[actor.id])
                await hub.settle()
            await until(lambda: all(browsers.rows("maya")[actor.id]["online"] for actor in others))
            read.append(hub.reads - before)

    run(story)
    # One a second, however many they are; on a slow machine thirty of them may need a few.
    assert read[0] <= 5


def test_who_is_here_is_told_to_everybody(database: Database) -> None:
    maya, ravi = make_user(Role.DISPATCHER), make_user(Role.ENGINEER)
    tokens = a_token(maya), a_token(ravi)

    async def story() -> None:
        async with a_desk() as (presence, hub, browsers, _):
            me = await presence.arrive("maya", tokens[0])
            assert me is not None
            await hub.ask("maya", LIST, me, Colleagues())
            await presence.arrive("ravi", tokens[1])
            # Maya has only just come herself, so that is told a moment later.
            await until(lambda: browsers.rows("maya")[ravi.id]["online"])
            await presence.gone("ravi")
            presence.online.tell()
            await hub.settle()
            assert not browsers.rows("maya")[ravi.id]["online"]
            await presence.arrive("ravi", tokens[1])
            await asyncio.to_thread(sign_out, tokens[1])
            await hub.settle()
            assert not browsers.rows("maya")[ravi.id]["online"]

    run(story)


def test_a_tab_that_closed_before_its_event_was_read_is_not_here(database: Database) -> None:
    ravi = make_user(Role.ENGINEER)
    token = a_token(ravi)

    async def story() -> None:
        async with a_desk() as (presence, hub, browsers, _):
            browsers.gone.add("closed")
            me = await presence.arrive("closed", token)
            assert me is not None and me.id == ravi.id
            await hub.ask("closed", LIST, me, Colleagues())
            await hub.ask("tab", LIST, me, Colleagues())
            assert browsers.rows("tab")[ravi.id]["online"] is False
            assert hub.slots("closed") == set()

    run(story)
