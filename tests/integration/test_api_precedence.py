"""Screens come before programs: what a program changed is shown first, and then it is answered."""

from __future__ import annotations

import asyncio

import pytest

from service_desk.domain.access import Actor
from service_desk.domain.users import Role
from service_desk.live.questions import register_views
from service_desk.live.room import Changes
from service_desk.queries.calls import CallsQuestion
from service_desk.web.api import precedence
from tests.api_caller import API, Program, token_of
from tests.factories import make_call, make_user
from tests.hub_room import LIST, Browsers, a_hub, run

WORDS = "It smokes."


class Gate:
    """Holds up what is sent to the screens."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.has_come, self.opened = asyncio.Event(), asyncio.Event()

    def hold_up(self, browsers: Browsers) -> None:
        send = browsers.send

        async def held(to: str, slot: str, changes: Changes) -> None:
            self.has_come.set()
            await self.opened.wait()
            await send(to, slot, changes)

        self.monkeypatch.setattr(browsers, "send", held)


async def changed_while_held_up(lena: Actor, monkeypatch: pytest.MonkeyPatch, *, opens: bool) -> None:
    call, caller = make_call(lena), Program(token_of(lena)).client
    async with a_hub() as (hub, browsers):
        monkeypatch.setattr(precedence, "_hub", hub)
        await hub.ask("screen", LIST, lena, CallsQuestion())
        gate = Gate(monkeypatch)
        gate.hold_up(browsers)
        asked = asyncio.ensure_future(caller.patch(f"{API}/calls/{call}", json={"problem": WORDS}))
        await gate.has_come.wait()
        if opens:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.shield(asked), 0.3)
            gate.opened.set()
        answer = await asked
        assert (answer.status_code, answer.json()["problem"]) == (200, WORDS)
        assert (browsers.rows("screen")[call]["problem"] == WORDS) is opens
        gate.opened.set()


@pytest.fixture
def lena(database: object) -> Actor:
    register_views()
    return make_user(Role.DISPATCHER, "Lena P.")


def test_the_program_is_answered_once_the_screens_have_it(
    lena: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precedence, "PATIENCE_SECONDS", 30)
    run(lambda: changed_while_held_up(lena, monkeypatch, opens=True))


def test_it_does_not_wait_for_ever(lena: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    run(lambda: changed_while_held_up(lena, monkeypatch, opens=False))
