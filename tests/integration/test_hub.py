"""The hub: one read and one message for each question that a change touches, and nothing for the others."""

from __future__ import annotations

import asyncio

import pytest

from service_desk.actions.calls_assign import assign_call
from service_desk.actions.customers import edit_customer
from service_desk.domain.access import Actor
from service_desk.domain.categories import CategoryKind
from service_desk.domain.errors import DeskError
from service_desk.domain.users import Role
from service_desk.live.online import Colleagues
from service_desk.live.presence import Presence
from service_desk.live.questions import (
    CallCounts,
    CarryInCounts,
    Categories,
    OneCall,
    UserList,
    register_views,
)
from service_desk.live.views import Question, view_of
from service_desk.queries.call import show_call
from service_desk.queries.calls import CallsQuestion, list_calls
from service_desk.store.database import Database

from ..factories import make_call, make_carry_in, make_category, make_user
from ..hub_room import LIST, a_hub, churn, edit, run


@pytest.fixture(autouse=True)
def views() -> None:
    register_views()


def test_fifty_sessions_on_one_list_cost_one_read_and_one_message(database: Database) -> None:
    dispatcher = make_user(Role.DISPATCHER)
    call = make_call(dispatcher)

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            for number in range(50):
                await hub.ask(f"s{number}", LIST, dispatcher, CallsQuestion())
            assert hub.reads == 1
            browsers.sent.clear()
            await asyncio.to_thread(edit, dispatcher, call, problem="No water at all")
            await hub.settle()
            assert hub.reads == 2
            assert len(browsers.sent) == 1
            assert all(browsers.rows(f"s{n}")[call]["problem"] == "No water at all" for n in range(50))

    run(story)


def test_only_the_engineers_whom_a_call_concerns_are_read_again(database: Database) -> None:
    dispatcher = make_user(Role.DISPATCHER)
    engineers = [make_user(Role.ENGINEER) for _ in range(50)]
    call = make_call(dispatcher, assigned_to_id=engineers[0].id)

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            for engineer in engineers:
                await hub.ask(f"e{engineer.id}", LIST, engineer, CallsQuestion())
            before = hub.reads
            await asyncio.to_thread(assign_call, dispatcher, call, {"assigned_to_id": engineers[1].id})
            await hub.settle()
            assert hub.reads - before == 2
            assert call not in browsers.rows(f"e{engineers[0].id}")
            assert call in browsers.rows(f"e{engineers[1].id}")

    run(story)


@pytest.mark.parametrize("question", [Colleagues(), Categories(CategoryKind.CALL), CarryInCounts()])
def test_what_holds_nothing_of_ones_own_is_read_once_for_all_engineers(
    database: Database, question: Question
) -> None:
    dana, engineers = make_user(Role.DISPATCHER), [make_user(Role.ENGINEER) for _ in range(5)]
    make_call(dana)
    make_carry_in(dana)

    async def story() -> None:
        async with a_hub() as (hub, _):
            Presence(hub, doorman=None, note_use=lambda _: None)  # type: ignore[arg-type]
            for number, engineer in enumerate(engineers):
                await hub.ask(f"tab {number}", LIST, engineer, question)
            assert hub.reads == 1
            await hub.ask("dana", LIST, dana, question)
            assert hub.reads == 2, "another role has other rights"
            for engineer in engineers:
                own = await asyncio.to_thread(view_of(question).read, engineer, question)
                assert own.rows == next(iter(hub.rooms.values())).answer.rows

    run(story)


def test_an_engineer_never_gets_a_row_of_somebody_else(database: Database) -> None:
    dispatcher, mine, other = make_user(Role.DISPATCHER), make_user(Role.ENGINEER), make_user(Role.ENGINEER)
    call = make_call(dispatcher, assigned_to_id=other.id)

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            await hub.ask("mine", LIST, mine, CallsQuestion())
            await hub.ask("mine", "one", mine, OneCall(call))
            await hub.ask("other", LIST, other, CallsQuestion())
            await asyncio.to_thread(edit, dispatcher, call, problem="Secret of the other engineer")
            await hub.settle()
            assert "Secret" not in str(browsers.shown["mine", LIST]) + str(browsers.shown["mine", "one"])
            assert "Secret" in str(browsers.shown["other", LIST])

    run(story)


def test_one_changed_row_travels_alone(database: Database) -> None:
    dispatcher = make_user(Role.DISPATCHER)
    category = make_category()
    calls = [make_call(dispatcher, category_id=category) for _ in range(5)]

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            await hub.ask("s", LIST, dispatcher, CallsQuestion())
            browsers.sent.clear()
            await asyncio.to_thread(edit, dispatcher, calls[2], problem="Changed")
            await hub.settle()
            [(_, _, changes)] = browsers.sent
            assert set(changes) == {f"row_{calls[2]}"}

    run(story)


def test_each_change_of_a_row_is_marked_anew(database: Database) -> None:
    dispatcher = make_user(Role.DISPATCHER)
    call = make_call(dispatcher)

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            await hub.ask("s", LIST, dispatcher, CallsQuestion())
            marks = [browsers.shown["s", LIST][f"row_{call}"]["mark"]]
            for word in ("one", "two", "three"):
                await asyncio.to_thread(edit, dispatcher, call, problem=word)
                await hub.settle()
                marks.append(browsers.shown["s", LIST][f"row_{call}"]["mark"])
            assert marks == [0, 1, 2, 1]

    run(story)


def test_an_answer_equal_to_the_last_one_is_not_sent(database: Database) -> None:
    dispatcher = make_user(Role.DISPATCHER)
    call = make_call(dispatcher)

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            await hub.ask("s", "counts", dispatcher, CallCounts())
            browsers.sent.clear()
            await asyncio.to_thread(edit, dispatcher, call, due_at="2190-01-01T00:00:00+00:00")
            await hub.settle()
            assert hub.reads == 2
            assert browsers.sent == []

    run(story)


def test_a_burst_is_read_a_few_times_and_ends_in_the_truth(database: Database) -> None:
    dispatcher = make_user(Role.DISPATCHER)
    call = make_call(dispatcher)

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            await hub.ask("s", LIST, dispatcher, CallsQuestion())
            read = hub.rooms[next(iter(hub.rooms))].lock
            async with read:
                for number in range(30):
                    await asyncio.to_thread(edit, dispatcher, call, problem=f"Version {number}")
                await asyncio.sleep(0)
            await hub.settle()
            assert hub.reads <= 4
            assert browsers.rows("s")[call]["problem"] == "Version 29"

    run(story)


def test_a_lost_message_is_healed_by_the_slow_check(database: Database) -> None:
    dispatcher = make_user(Role.DISPATCHER)
    call = make_call(dispatcher)

    async def story() -> None:
        async with a_hub(deaf=True) as (hub, browsers):
            await hub.ask("s", LIST, dispatcher, CallsQuestion())
            await asyncio.to_thread(edit, dispatcher, call, problem="Nobody told the hub")
            await hub.settle()
            assert browsers.rows("s")[call]["problem"] != "Nobody told the hub"
            await hub.slow_check()
            await hub.settle()
            assert browsers.rows("s")[call]["problem"] == "Nobody told the hub"

    run(story)


def test_every_screen_equals_a_fresh_query_after_a_storm_of_joins_and_changes(database: Database) -> None:
    dispatcher, engineer = make_user(Role.DISPATCHER), make_user(Role.ENGINEER)
    category = make_category()
    calls = [make_call(dispatcher, category_id=category) for _ in range(6)]

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            for number in range(40):
                actor = engineer if number % 3 else dispatcher
                await hub.ask(f"s{number}", LIST, actor, CallsQuestion())
                work = asyncio.to_thread(churn, dispatcher, engineer, calls[number % 6], number)
                join = hub.ask(f"late{number}", LIST, actor, CallsQuestion())
                await asyncio.gather(work, join)
                if number % 5 == 0:
                    await hub.drop(f"s{number}")
                    browsers.shown.pop((f"s{number}", LIST), None)
            await hub.settle()
            for sid, slot in list(browsers.shown):
                if slot == LIST:
                    actor = engineer if int(sid.lstrip("slate")) % 3 else dispatcher
                    fresh = list_calls(actor, CallsQuestion())
                    assert browsers.rows(sid) == dict(fresh.rows)
                    assert tuple(browsers.shown[sid, LIST]["order"]) == fresh.order

    run(story)


def test_a_new_name_of_a_customer_reaches_the_lists_of_calls(database: Database) -> None:
    dispatcher = make_user(Role.DISPATCHER)
    call = make_call(dispatcher)
    row = show_call(dispatcher, call).rows[call]

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            await hub.ask("s", LIST, dispatcher, CallsQuestion())
            await asyncio.to_thread(
                edit_customer,
                dispatcher,
                row["customer_id"],
                version=1,
                was={"name": row["customer"]},
                changes={"name": "New Name Ltd"},
            )
            await hub.settle()
            assert browsers.rows("s")[call]["customer"] == "New Name Ltd"

    run(story)


def test_an_empty_room_is_forgotten(database: Database) -> None:
    dispatcher = make_user(Role.DISPATCHER)
    make_call(dispatcher)

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            browsers.gone.add("gone")
            await hub.ask("s", LIST, dispatcher, CallsQuestion())
            await hub.ask("s", LIST, dispatcher, CallsQuestion(tab="all"))
            assert len(hub.rooms) == 1
            await hub.ask("gone", "other", dispatcher, CallsQuestion(tab="all"))
            await hub.drop("s")
            assert hub.rooms == {}

    run(story)


def test_a_question_that_is_not_allowed_joins_nothing(database: Database) -> None:
    engineer = make_user(Role.ENGINEER)

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            with pytest.raises(DeskError):
                await hub.ask("s", "users", engineer, UserList())
            assert hub.rooms == {}
            assert browsers.sent == []

    run(story)


def test_lower_rights_empty_what_they_no_longer_allow(database: Database) -> None:
    admin = make_user(Role.ADMIN)
    lowered = Actor(admin.id, Role.ENGINEER, admin.name)
    call = make_call(admin)
    other = make_user(Role.DISPATCHER)
    foreign = make_call(other)

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            await hub.ask("s", LIST, admin, CallsQuestion())
            await hub.ask("s", "users", admin, UserList())
            await hub.ask_again("s", lowered)
            assert set(browsers.rows("s")) == {call}
            assert browsers.shown["s", LIST][f"row_{foreign}"] is None
            assert browsers.shown["s", "users"]["order"] == []
            assert browsers.shown["s", "users"]["extra"]["refused"]

    run(story)
