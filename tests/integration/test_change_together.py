"""Many at once: nothing is lost, nobody is overwritten silently, and numbers rise without a gap."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy.exc import OperationalError

from service_desk.actions.calls import edit_call
from service_desk.actions.calls_assign import assign_call
from service_desk.actions.calls_visit import complete_call
from service_desk.actions.users import deactivate_user
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.customers import Customer
from service_desk.domain.errors import Busy, Conflict, Refused
from service_desk.domain.users import Role
from service_desk.queries.customers import CustomersQuestion, list_customers
from service_desk.store.database import Database, translated
from tests.factories import make_call, make_call_in, make_category, make_user
from tests.readings import last_seq, seqs, stored

CLERKS = 8
ROUNDS = 10


@pytest.fixture
def dispatcher(database: Database) -> Actor:
    return make_user(Role.DISPATCHER, "Dana O.")


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Take the steps in threads that start together; each answers its result or its refusal."""
    barrier = Barrier(len(steps))

    def take(step: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return step()
        except Exception as refusal:
            return refusal

    with ThreadPoolExecutor(len(steps)) as threads:
        return list(threads.map(take, steps))


def test_eight_clerks_editing_one_call_lose_no_update(dispatcher: Actor) -> None:
    call_id = make_call(dispatcher, problem="First.")

    def add_words(clerk: int) -> int:
        """Add words to the call's text, again and again, looking anew after each conflict."""
        accepted = 0
        while accepted < ROUNDS:
            seen = stored(Call, call_id)
            changes = {"problem": f"{seen.problem} {clerk}.{accepted}"}
            try:
                edit_call(
                    dispatcher, call_id, version=seen.version, was={"problem": seen.problem}, changes=changes
                )
            except Conflict as conflict:
                assert set(conflict.theirs) == {"problem"}
                continue
            accepted += 1
        return accepted

    assert at_once(*[lambda clerk=clerk: add_words(clerk) for clerk in range(CLERKS)]) == [ROUNDS] * CLERKS
    call = stored(Call, call_id)
    words = {f"{clerk}.{number}" for clerk in range(CLERKS) for number in range(ROUNDS)}
    assert set(call.problem.split()) == words | {"First."}
    assert call.version == 1 + CLERKS * ROUNDS
    assert seqs() == list(range(1, last_seq() + 1))


def test_edits_of_different_fields_at_once_are_all_kept(dispatcher: Actor) -> None:
    category_id, call_id = make_category(), make_call(dispatcher)
    changes = [
        {"problem": "No hot water."},
        {"site_address": "12 Elm St"},
        {"category_id": category_id},
        {"priority": "urgent"},
        {"due_at": "2026-03-04T12:00:00+00:00"},
    ]
    was = {"problem": "The heating is cold.", "site_address": "", "priority": "normal", "due_at": ""}
    was["category_id"] = str(stored(Call, call_id).category_id)
    steps = [
        lambda change=change: edit_call(dispatcher, call_id, version=1, was=was, changes=was | change)
        for change in changes
    ]
    assert at_once(*steps) == [None] * 5
    call = stored(Call, call_id)
    assert (call.problem, call.site_address, call.category_id) == ("No hot water.", "12 Elm St", category_id)
    assert (call.priority.word, call.due_at is not None, call.version) == ("urgent", True, 6)


@pytest.mark.parametrize("sent", [{"expected": None}, {"expected": ""}, {}])
def test_of_two_who_assign_at_once_one_wins_and_the_other_is_told(
    dispatcher: Actor, sent: dict[str, Any]
) -> None:
    ravi, mina = make_user(Role.ENGINEER, "Ravi K."), make_user(Role.ENGINEER, "Mina S.")
    call_id = make_call(dispatcher)
    results = at_once(
        *[
            lambda id_=engineer.id: assign_call(dispatcher, call_id, sent | {"assigned_to_id": id_})
            for engineer in (ravi, mina)
        ]
    )
    call = stored(Call, call_id)
    if not sent and results == [None, None]:
        # Without `expected` the second may have looked after the first was done: then it is a reassignment.
        assert call.version == 3
        return
    (conflict,) = [result for result in results if result is not None]
    winner = ravi if results[0] is None else mina
    assert isinstance(conflict, Conflict)
    assert conflict.sentence == f"C-{call_id} was just assigned to {winner.name} by Dana O."
    assert (conflict.by, conflict.theirs) == ("Dana O.", {"assigned_to_id": winner.id})
    assert (call.assigned_to_id, call.version) == (winner.id, 2)


def test_a_stale_click_on_assign_is_told_who_has_it(dispatcher: Actor) -> None:
    ravi, mina = make_user(Role.ENGINEER, "Ravi K."), make_user(Role.ENGINEER, "Mina S.")
    call_id = make_call_in("assigned", dispatcher, ravi)
    with pytest.raises(Conflict, match=r"was just assigned to Ravi K\. by Dana O\."):
        assign_call(dispatcher, call_id, {"assigned_to_id": mina.id, "expected": None})
    assign_call(dispatcher, call_id, {"assigned_to_id": mina.id, "expected": ravi.id})
    assert stored(Call, call_id).assigned_to_id == mina.id


def test_a_call_is_completed_once_however_many_try(dispatcher: Actor) -> None:
    call_id = make_call_in("in_progress", dispatcher, make_user(Role.ENGINEER))
    results = at_once(
        *[
            lambda number=number: complete_call(dispatcher, call_id, {"remark": f"Done by {number}."})
            for number in range(CLERKS)
        ]
    )
    assert results.count(None) == 1
    assert {type(result) for result in results if result is not None} == {Refused}
    assert stored(Call, call_id).version == 4


def test_calls_of_one_new_customer_at_once_make_one_customer(dispatcher: Actor) -> None:
    category_id = make_category()
    spellings = ["4155552671", "(415) 555-2671", "+1 415 555 2671", "415.555.2671"] * 2
    results = at_once(
        *[
            lambda phone=phone: make_call(dispatcher, category_id=category_id, phone=phone)
            for phone in spellings
        ]
    )
    assert len({stored(Call, call_id).customer_id for call_id in results}) == 1
    assert list_customers(dispatcher, CustomersQuestion()).extra["total"] == 1
    assert stored(Customer, stored(Call, results[0]).customer_id).version == 1
    assert seqs() == list(range(1, last_seq() + 1))


def test_two_admins_who_let_each_other_go_never_wait_for_each_other(database: Database) -> None:
    make_user(Role.ADMIN)
    for _ in range(ROUNDS):
        one, other = make_user(Role.ADMIN), make_user(Role.ADMIN)
        ended = at_once(partial(deactivate_user, one, other.id), partial(deactivate_user, other, one.id))
        assert ended == [None, None]


@pytest.mark.parametrize("fault", [DeadlockDetected(), LockNotAvailable()])
def test_a_lock_that_is_not_given_reads_as_busy(fault: Exception) -> None:
    with pytest.raises(Busy, match="The desk is busy"), translated():
        raise OperationalError("UPDATE", {}, fault)
