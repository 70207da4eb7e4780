"""A change that moves no call in a list is read as one row: every list still shows what a whole read would."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from service_desk.actions.calls_assign import assign_call, unassign_call
from service_desk.actions.calls_visit import cancel_call, complete_call, reopen_call, start_call
from service_desk.domain.access import Actor
from service_desk.domain.users import Role
from service_desk.live.hub import Hub
from service_desk.live.questions import register_views
from service_desk.live.views import RowsAlone, View, answers, view_of
from service_desk.queries.answer import Answer
from service_desk.queries.calls import SORTS, TABS, CallsQuestion, list_calls, read_calls
from service_desk.store.database import Database

from ..factories import make_call, make_category, make_user
from ..hub_room import LIST, Browsers, a_hub, edit, run

Step = Callable[[], Any]


@pytest.fixture(autouse=True)
def views() -> None:
    register_views()


def questions(me: Actor, category: int) -> list[CallsQuestion]:
    plain = [CallsQuestion(tab=tab, sort=sort, me=me.id) for tab in TABS for sort in SORTS]
    return [
        *plain,
        CallsQuestion(statuses=("assigned",)),
        CallsQuestion(categories=(category,)),
        CallsQuestion(engineers=(me.id, 0)),
        CallsQuestion(priorities=("urgent",)),
        CallsQuestion(search="storm"),
        CallsQuestion(tab="all", search="C-1"),
    ]


def steps(dana: Actor, ravi: Actor, calls: list[int], category: int) -> list[Step]:
    """Whatever can happen to a call, some of it between two readings."""
    first, second = calls[0], calls[1]
    return [
        lambda: edit(dana, first, problem="The storm took the roof"),
        lambda: edit(dana, first, problem="Only the gutter"),
        lambda: edit(dana, first, priority="urgent"),
        lambda: edit(dana, first, due_at="2020-01-02T10:00:00+00:00"),
        lambda: edit(dana, first, category_id=str(category)),
        lambda: assign_call(dana, first, {"assigned_to_id": ravi.id}),
        lambda: (edit(dana, first, problem="Both at once"), start_call(ravi, first)),
        lambda: (edit(dana, second, problem="Storm again"), assign_call(dana, second, {"assigned_to_id": ravi.id})),
        lambda: complete_call(ravi, first, {"remark": "Done."}),
        lambda: reopen_call(dana, first, {"reason": "Leaks."}),
        lambda: unassign_call(dana, second),
        lambda: cancel_call(dana, second, {"reason": "Dry again."}),
        lambda: make_call(dana, problem="A new storm"),
    ]  # fmt: skip


def expect_what_a_whole_read_shows(hub: Hub, browsers: Browsers) -> None:
    for room in hub.rooms.values():
        wanted = room.view.read(room.reader, room.question)
        sid = next(iter(room.members))
        shown = browsers.rows(sid)
        assert list(shown) == list(wanted.order), room.question
        assert shown == wanted.rows, room.question
        assert browsers.shown[sid, LIST]["extra"] == wanted.extra


def test_after_every_step_every_list_is_what_a_whole_read_says(database: Database) -> None:
    dana, ravi = make_user(Role.DISPATCHER), make_user(Role.ENGINEER)
    category = make_category()
    calls = [make_call(dana) for _ in range(4)]

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            for actor in (dana, ravi):
                for number, question in enumerate(questions(actor, category)):
                    await hub.ask(f"{actor.id}-{number}", LIST, actor, question)
            for step in steps(dana, ravi, calls, category):
                await asyncio.to_thread(step)
                await hub.settle()
                await asyncio.to_thread(expect_what_a_whole_read_shows, hub, browsers)

    run(story)


def test_many_lists_cost_one_read_and_lists_without_the_call_none(database: Database) -> None:
    dana = make_user(Role.DISPATCHER)
    other = make_category()
    call = make_call(dana)
    make_call(dana, category_id=other)

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            asked = [CallsQuestion(sort=sort) for sort in ("newest", "oldest", "due")]
            asked += [CallsQuestion(tab=tab) for tab in ("all", "unassigned")]
            for number, question in enumerate(
                [*asked, CallsQuestion(page=2), CallsQuestion(categories=(other,))]
            ):
                await hub.ask(f"s{number}", LIST, dana, question)
            before = hub.reads
            browsers.sent.clear()
            await asyncio.to_thread(edit, dana, call, problem="No water at all")
            await hub.settle()
            assert hub.reads == before + 1
            assert len(browsers.sent) == len(asked) + 1, "page 2 of one page is page 1"

    run(story)


def test_a_row_never_replaces_what_was_read_after_it(database: Database) -> None:
    dana = make_user(Role.DISPATCHER)
    call = make_call(dana)
    hub_of: list[Hub] = []

    def read_slowly(actor: Actor, ids: frozenset[int]) -> Answer:
        old = read_calls(actor, ids)
        edit(dana, call, problem="The newest words")
        # Meanwhile the whole list is read, with the newest words.
        room = next(iter(hub_of[0].rooms.values()))
        asyncio.run_coroutine_threadsafe(refreshed(hub_of[0], room), loops[0]).result(10)
        return old

    async def refreshed(hub: Hub, room: Any) -> None:
        hub.refresh(room)
        await room.refreshing

    loops: list[asyncio.AbstractEventLoop] = []
    known = view_of(CallsQuestion())
    assert known.alone is not None
    slow = RowsAlone(known.alone.stays, once(read_slowly, read_calls))
    answers(CallsQuestion, replace(known, alone=slow))

    async def story() -> None:
        loops.append(asyncio.get_running_loop())
        async with a_hub() as (hub, browsers):
            hub_of.append(hub)
            await hub.ask("s", LIST, dana, CallsQuestion())
            await asyncio.to_thread(edit, dana, call, problem="Older words")
            await hub.settle()
            assert browsers.rows("s")[call]["problem"] == "The newest words"
            seen = [
                changes[f"row_{call}"]["problem"]
                for _, _, changes in browsers.sent
                if f"row_{call}" in changes
            ]
            assert seen == ["The heating is cold.", "The newest words"]

    run(story)


def once(first: Callable[..., Any], then: Callable[..., Any]) -> Callable[..., Any]:
    turns = iter([first])
    return lambda *given: next(turns, then)(*given)


def test_a_row_that_cannot_be_read_is_left_to_a_whole_read(database: Database) -> None:
    dana = make_user(Role.DISPATCHER)
    call = make_call(dana)
    known = view_of(CallsQuestion())
    assert known.alone is not None
    nothing = RowsAlone(known.alone.stays, lambda _actor, _ids: Answer(0))
    answers(CallsQuestion, View("calls", list_calls, known.concerns, alone=nothing))

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            await hub.ask("s", LIST, dana, CallsQuestion())
            await asyncio.to_thread(edit, dana, call, problem="No water")
            await hub.settle()
            assert browsers.rows("s")[call]["problem"] == "No water"

    run(story)


def test_a_read_that_breaks_off_leaves_no_list_behind(database: Database) -> None:
    dana = make_user(Role.DISPATCHER)
    call = make_call(dana)
    known = view_of(CallsQuestion())
    assert known.alone is not None

    def break_off(_actor: Actor, _ids: frozenset[int]) -> Answer:
        # News for another list comes in just then.
        edit(dana, call, problem="The newest words")
        raise RuntimeError("a bug")

    broken = RowsAlone(known.alone.stays, once(break_off, read_calls))
    answers(CallsQuestion, replace(known, alone=broken))

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            await hub.ask("s", LIST, dana, CallsQuestion())
            await asyncio.to_thread(edit, dana, call, problem="Older words")
            await hub.settle()
            await hub.ask("t", LIST, dana, CallsQuestion(sort="oldest"))
            assert browsers.rows("s")[call]["problem"] == "The newest words"

    run(story)
