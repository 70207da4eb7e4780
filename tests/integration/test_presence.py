"""Who is at the desk: a new role, a sign-out or a deactivation counts at once on every open screen."""

from __future__ import annotations

import asyncio

import pytest

from service_desk.actions.sessions import (
    revoke_other_sessions,
    sign_out,
)
from service_desk.actions.users import deactivate_user, edit_user
from service_desk.domain.access import Actor
from service_desk.domain.errors import DeskError
from service_desk.domain.users import Role, UserSession
from service_desk.live.online import Colleagues
from service_desk.live.presence import Presence
from service_desk.live.questions import OwnSignIns, UserList, register_views
from service_desk.queries.sessions import who_is
from service_desk.store.change import housekeeping
from service_desk.store.database import Database

from ..factories import make_user
from ..hub_room import LIST, a_hub, run
from ..presence_room import Door, a_desk, a_token


@pytest.fixture(autouse=True)
def views() -> None:
    register_views()


async def set_role(admin: Actor, actor: Actor, role: Role) -> None:
    await asyncio.to_thread(
        edit_user, admin, actor.id, version=0, was={"role": actor.role}, changes={"role": role}
    )


def test_a_new_role_asks_what_is_open_and_what_was_refused_anew(database: Database) -> None:
    admin, engineer = make_user(Role.ADMIN), make_user(Role.ENGINEER)
    token = a_token(engineer)

    async def story() -> None:
        async with a_desk() as (presence, hub, browsers, _):
            me = await presence.arrive("tab", token)
            assert me is not None
            await hub.ask("tab", "people", me, Colleagues())
            with pytest.raises(DeskError):
                await hub.ask("tab", LIST, me, UserList())
            await hub.refuse("tab", LIST, "You may not manage users.")
            await set_role(admin, engineer, Role.ADMIN)
            await hub.settle()
            assert engineer.id in browsers.rows("tab")
            await set_role(admin, Actor(engineer.id, Role.ADMIN, ""), Role.ENGINEER)
            await hub.settle()
            assert browsers.shown["tab", LIST]["order"] == []
            assert "may not" in browsers.shown["tab", LIST]["extra"]["refused"]
            assert hub.slots("tab") == {"people", LIST}

    run(story)


def test_a_deactivated_user_is_shown_out_of_every_tab_with_the_reason(database: Database) -> None:
    admin, engineer = make_user(Role.ADMIN), make_user(Role.ENGINEER)
    token = a_token(engineer)

    async def story() -> None:
        async with a_desk() as (presence, hub, _, door):
            for tab in ("one", "two"):
                me = await presence.arrive(tab, token)
                assert me is not None
                await hub.ask(tab, "people", me, Colleagues())
            await asyncio.to_thread(deactivate_user, admin, engineer.id)
            await hub.settle()
            assert door.out == {"one": "deactivated", "two": "deactivated"}
            assert not hub.rooms
            assert await presence.arrive("one", token) is None

    run(story)


def test_signing_out_the_others_ends_their_screens_and_not_ones_own(database: Database) -> None:
    user = make_user(Role.DISPATCHER)
    here, there = a_token(user), a_token(user)

    async def story() -> None:
        async with a_desk() as (presence, hub, browsers, door):
            me = await presence.arrive("here", here)
            assert me is not None
            await presence.arrive("there", there)
            await hub.ask("here", LIST, me, OwnSignIns(me.id, me.session_id))
            assert [row["current"] for row in browsers.rows("here").values()] == [True, False]
            await asyncio.to_thread(revoke_other_sessions, me)
            await hub.settle()
            assert door.out == {"there": "ended"}
            assert len(browsers.rows("here")) == 1

    run(story)


def test_another_sign_in_appears_in_ones_own_list(database: Database) -> None:
    user = make_user(Role.DISPATCHER)
    here = a_token(user)

    async def story() -> None:
        async with a_desk() as (presence, hub, browsers, _):
            me = await presence.arrive("here", here)
            assert me is not None
            await hub.ask("here", LIST, me, OwnSignIns(me.id, me.session_id))
            await presence.arrive("there", await asyncio.to_thread(a_token, user))
            await hub.settle()
            assert len(browsers.rows("here")) == 2

    run(story)


def test_an_expired_sign_in_is_shown_out_by_the_check(database: Database) -> None:
    token = a_token(make_user(Role.FRONT_DESK))

    async def story() -> None:
        async with a_desk() as (presence, _, _, door):
            me = await presence.arrive("tab", token)
            assert me is not None
            await asyncio.to_thread(age, me.session_id)
            await presence.check_sign_ins()
            assert door.out == {"tab": "expired"}

    run(story)


def age(session_id: int | None) -> None:
    with housekeeping() as session:
        opened = session.get(UserSession, session_id)
        assert opened is not None
        opened.expires_at = opened.created_at


def test_a_door_that_sticks_keeps_nobody_else_in(database: Database) -> None:
    token = a_token(make_user(Role.FRONT_DESK))

    async def story() -> None:
        async with a_desk() as (presence, _, _, door):
            let_out = door.show_out

            async def stick(sid: str, reason: str) -> None:
                if sid == "gone":
                    raise ConnectionError
                await let_out(sid, reason)

            door.show_out = stick  # type: ignore[method-assign]
            for tab in ("gone", "tab"):
                await presence.arrive(tab, token)
            await asyncio.to_thread(sign_out, token)
            await presence.hub.settle()
            assert door.out == {"tab": "ended"}

    run(story)


def test_using_the_desk_is_noted_at_most_once_a_minute(database: Database) -> None:
    noted: list[int] = []
    token = a_token(make_user(Role.FRONT_DESK))

    async def story() -> None:
        async with a_hub() as (hub, _):
            presence = Presence(hub, Door(), lambda actor: noted.append(actor.id))
            for _ in range(5):
                await presence.arrive("tab", token)
            await hub.settle()
            assert not noted, "a page that is there is not used"
            for _ in range(5):
                presence.note_use_of("tab")
            await hub.settle()

    run(story)
    assert len(noted) == 1


def test_what_was_read_before_the_news_is_not_believed_after_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = a_token(make_user(Role.FRONT_DESK))

    async def story() -> None:
        async with a_desk() as (presence, hub, _, _):
            answers: list[Actor | None] = []

            def slowly(asked: str) -> Actor | None:
                answers.append(who_is(asked))
                if len(answers) == 1:
                    sign_out(token)
                    hub.soon(presence._end, frozenset())
                return answers[-1]

            monkeypatch.setattr("service_desk.live.presence.who_is", slowly)
            assert await presence.arrive("tab", token) is None
            assert answers[0] is not None

    run(story)


def test_an_event_after_the_end_shows_out_the_other_tabs_too(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = a_token(make_user(Role.FRONT_DESK))
    monkeypatch.setattr("service_desk.live.presence.TRUST_SECONDS", -1)

    async def story() -> None:
        async with a_desk() as (presence, hub, _, door):
            me = await presence.arrive("tab", token)
            assert me is not None
            await presence.arrive("other", token)
            await hub.ask("other", LIST, me, Colleagues())
            await asyncio.to_thread(age, me.session_id)
            assert await presence.arrive("tab", token) is None
            assert door.out == {"tab": "expired", "other": "expired"}
            assert hub.rooms == {}

    run(story)
