"""Everybody's sign-ins on an admin's screen: who is there now, who has come, whose were ended."""

from __future__ import annotations

import asyncio

import pytest

from service_desk.actions import doors
from service_desk.actions.sessions import revoke_sessions_of
from service_desk.domain.security import Door
from service_desk.domain.users import Role
from service_desk.live.questions import AllSignIns, register_views
from service_desk.queries.security import DoorsQuestion
from service_desk.store.database import Database

from ..factories import make_user
from ..hub_room import LIST, run
from .test_presence import a_desk, a_token


@pytest.fixture(autouse=True)
def views() -> None:
    register_views()


def test_who_is_online_is_told_of_each_sign_in(database: Database) -> None:
    admin, user = make_user(Role.ADMIN), make_user(Role.DISPATCHER)
    here, there = a_token(user), a_token(user)

    async def story() -> None:
        async with a_desk() as (presence, hub, browsers, door):
            await hub.ask("admin", LIST, admin, AllSignIns(None))
            await presence.arrive("one", here)
            # The connection is known before its page has joined.
            await presence.recognise(there)
            await hub.settle()
            assert sorted(row["online"] for row in browsers.rows("admin").values()) == [False, True]
            await presence.arrive("two", there)
            await hub.settle()
            assert [row["online"] for row in browsers.rows("admin").values()] == [True, True]
            browsers.gone.add("two")
            await presence.gone("two")
            await hub.slow_check()
            await hub.settle()
            assert sorted(row["online"] for row in browsers.rows("admin").values()) == [False, True]
            assert await asyncio.to_thread(revoke_sessions_of, admin, user.id) == 2
            await hub.settle()
            assert browsers.rows("admin") == {}
            assert door.out == {"one": "ended"}

    run(story)


def test_what_is_written_into_the_book_reaches_the_open_pages(database: Database) -> None:
    admin = make_user(Role.ADMIN)

    async def story() -> None:
        async with a_desk() as (presence, hub, browsers, _):
            await hub.ask("admin", LIST, admin, DoorsQuestion())
            assert browsers.rows("admin") == {}
            doors.note(Door.UNKNOWN_USER, None, "192.0.2.1")
            assert await asyncio.to_thread(doors.write)
            presence.tell_doors()
            await hub.settle()
            assert [row["what"] for row in browsers.rows("admin").values()] == ["Unknown username"]

    run(story)
