"""After whatever is done in whatever order, every list, count and record is what a whole read says."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from typing import Any

import pytest

from service_desk.actions.calls_assign import assign_call, unassign_call
from service_desk.actions.calls_visit import cancel_call, complete_call, reopen_call, start_call
from service_desk.actions.carry_ins_repair import complete_carry_in, deliver_carry_in, take_to_bench
from service_desk.actions.categories import edit_category
from service_desk.actions.customers import edit_customer
from service_desk.actions.undo import undo
from service_desk.actions.users import deactivate_user, edit_user, reactivate_user
from service_desk.domain.access import Actor
from service_desk.domain.categories import Category
from service_desk.domain.customers import Customer
from service_desk.domain.errors import DeskError
from service_desk.domain.users import Role, User
from service_desk.live.questions import (
    CallCounts,
    CarryInCounts,
    CustomerWork,
    MyCallCount,
    OneCall,
    register_views,
)
from service_desk.queries import calls, carry_ins
from service_desk.queries.customers import CustomersQuestion
from service_desk.queries.journal import last_seq
from service_desk.store.database import Database

from ..factories import make_call, make_carry_in, make_category, make_user
from ..hub_room import LIST, Browsers, a_hub, edit, run
from ..readings import stored

CALLS, STEPS, LISTS = 12, 20, 14
WORDS = ("storm", "pump", "roof")


class Desk:
    """Some people, some work, and dice."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.admin, self.dana = make_user(Role.ADMIN), make_user(Role.DISPATCHER)
        self.engineers = [make_user(Role.ENGINEER) for _ in range(2)]
        self.categories = [make_category() for _ in range(2)]
        self.calls = [self.new_call() for _ in range(CALLS)]
        self.carry_ins = [make_carry_in(self.dana) for _ in range(3)]

    def new_call(self) -> int:
        dice = self.dice
        return make_call(
            dice.choice([self.dana, *self.engineers[:1]]),
            category_id=dice.choice(self.categories),
            problem=f"The {dice.choice(WORDS)}",
            priority=dice.choice(("low", "normal", "urgent")),
        )

    def asked(self) -> list[tuple[Actor, Any]]:
        """Questions of all kinds, each with who asks it."""
        people = [self.dana, *self.engineers]
        found: list[tuple[Actor, Any]] = []
        for actor in people:
            found += [(actor, CallCounts()), (actor, MyCallCount(actor.id)), (actor, CustomersQuestion())]
            found += [(actor, carry_ins.CarryInsQuestion()), (actor, CarryInCounts())]
            found += [(actor, CustomerWork(1)), (actor, OneCall(self.calls[0]))]
            found += [(actor, self.list_of_calls(actor)) for _ in range(LISTS)]
        return found

    def list_of_calls(self, actor: Actor) -> calls.CallsQuestion:
        dice = self.dice

        def some(values: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple(sorted(dice.sample(values, dice.choice((0, 0, 0, 0, 1, 2)))))

        return calls.CallsQuestion(
            tab=dice.choice(calls.TABS),
            me=actor.id,
            statuses=some(("pending", "assigned", "in_progress", "completed", "cancelled")),
            categories=some(tuple(self.categories)),
            engineers=some((0, *(each.id for each in self.engineers))),
            priorities=some(("low", "normal", "urgent")),
            search=dice.choice(("", "", "", "", dice.choice(WORDS), "C-3")),
            sort=dice.choice(tuple(calls.SORTS)),
            page=dice.choice((1, 1, 1, -1)),
        )

    def step(self) -> None:
        """Something that anybody does; what is refused is refused."""
        dice, call, ravi = self.dice, self.dice.choice(self.calls), self.dice.choice(self.engineers)
        carry_in, dana = dice.choice(self.carry_ins), self.dana
        edits: list[Callable[[], Any]] = [
            lambda: edit(dana, call, problem=f"Another {dice.choice(WORDS)}"),
            lambda: edit(dana, call, problem=f"The {dice.choice(WORDS)} again", priority="urgent"),
            lambda: edit(dana, call, priority=dice.choice(("low", "urgent"))),
            lambda: edit(dana, call, due_at=f"{dice.choice((2020, 2040))}-01-02T10:00:00+00:00"),
            lambda: edit(dana, call, category_id=str(dice.choice(self.categories))),
            lambda: edit(dana, call, site_address="Elm Street 5"),
        ]
        others: list[Callable[[], Any]] = [
            lambda: assign_call(dana, call, {"assigned_to_id": ravi.id}),
            lambda: unassign_call(dana, call),
            lambda: start_call(dana, call),
            lambda: complete_call(dana, call, {"remark": "Done."}),
            lambda: cancel_call(dana, call, {"reason": "Works."}),
            lambda: reopen_call(dana, call, {"reason": "Leaks."}),
            lambda: undo(self.admin, last_seq() - dice.choice((0, 0, 1, 2))),
            lambda: self.calls.append(self.new_call()),
            lambda: take_to_bench(dana, carry_in, {}),
            lambda: complete_carry_in(dana, carry_in, {"outcome": "repaired", "remark": "Fan."}),
            lambda: deliver_carry_in(dana, carry_in, {"delivered_to": "Rosa"}),
            lambda: renamed(edit_customer, Customer, dana, dice.randint(1, 9), "name", dice),
            lambda: renamed(edit_category, Category, self.admin, self.categories[0], "name", dice),
            lambda: renamed(edit_user, User, self.admin, ravi.id, "full_name", dice),
            lambda: deactivate_user(self.admin, ravi.id),
            lambda: reactivate_user(self.admin, ravi.id),
        ]
        with contextlib.suppress(DeskError):
            dice.choice(dice.choice((edits, others)))()


def renamed(
    change: Callable[..., Any], kind: Any, actor: Actor, row_id: int, field: str, dice: random.Random
) -> None:
    row = stored(kind, row_id)
    change(
        actor,
        row_id,
        version=row.version,
        was={field: getattr(row, field)},
        changes={field: f"{dice.choice(('Abel', 'Zoe'))} {dice.randint(1, 99)}"},
    )


@pytest.mark.parametrize("seed", range(2))
def test_every_screen_is_what_a_whole_read_says(database: Database, seed: int) -> None:
    register_views()
    desk = Desk(seed)
    asked = desk.asked()

    async def story() -> None:
        async with a_hub() as (hub, browsers):
            for number, (actor, question) in enumerate(asked):
                await hub.ask(f"s{number}", LIST, actor, question)
            for _ in range(STEPS):
                # Some while the news of those before is still being read.
                for _ in range(desk.dice.choice((1, 1, 2, 4))):
                    await asyncio.to_thread(desk.step)
                await hub.settle()
                await asyncio.to_thread(expect_what_a_whole_read_shows, hub, browsers)

    run(story)


def expect_what_a_whole_read_shows(hub: Any, browsers: Browsers) -> None:
    for room in hub.rooms.values():
        wanted = room.view.read(room.reader, room.question)
        sid = next(iter(room.members))
        assert browsers.rows(sid) == wanted.rows, room.question
        assert list(browsers.shown[sid, LIST]["order"]) == list(wanted.order), room.question
        assert browsers.shown[sid, LIST]["extra"] == wanted.extra, room.question
