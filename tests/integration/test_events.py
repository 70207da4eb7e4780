"""The journal as events: what each change is called for whom, and that reading in batches leaves nothing out."""

from __future__ import annotations

from typing import Any

import pytest

from service_desk.actions.calls_assign import assign_call
from service_desk.actions.undo import undo
from service_desk.actions.users import deactivate_user
from service_desk.domain.access import Actor
from service_desk.domain.users import Role
from service_desk.queries.events import events_after

from ..factories import make_call, make_carry_in, make_category, make_customer, make_user
from ..readings import last_seq


def told(actor: Actor, after: int = 0, most: int = 200) -> list[dict[str, Any]]:
    """Everything after this number, read batch by batch."""
    events: list[dict[str, Any]] = []
    while True:
        batch = events_after(actor, after, most)
        assert batch.upto - after <= most and len(batch.events) <= most
        events += batch.events
        after = batch.upto
        if after == batch.last:
            return events


@pytest.mark.parametrize("most", [1, 3, 200])
@pytest.mark.parametrize("role", Role)
def test_batches_leave_nothing_out_and_tell_nothing_twice(ada: Actor, role: Role, most: int) -> None:
    reader = make_user(role)
    for _ in range(4):
        make_call(ada)
        make_carry_in(ada)
    events = told(reader, 0, most)
    assert events == told(reader)
    assert [event["seq"] for event in events] == sorted({event["seq"] for event in events})
    assert all(event["seq"] <= last_seq() for event in events)
    if role == Role.ADMIN:
        assert [event["seq"] for event in events] == list(range(1, last_seq() + 1))


def test_beyond_the_end_there_is_nothing(ada: Actor) -> None:
    batch = events_after(ada, last_seq() + 50)
    assert (batch.events, batch.upto, batch.last) == ((), last_seq() + 50, last_seq())


def test_what_a_change_touched_besides_is_told_with_it(ada: Actor) -> None:
    category, start = make_category(), last_seq()
    call = make_call(ada, category_id=category)
    (event,) = told(ada, start)
    assert (event["name"], event["entity"], event["id"], event["number"]) == (
        "call_created",
        "call",
        call,
        f"C-{call}",
    )
    (customer,) = event["others"]
    assert customer["entity"] == "customer" and customer["number"] is None
    assert customer["changed"]["name"] == {"old": None, "new": "Rosa Marin"}


def test_a_deactivation_is_for_others_what_it_does_to_their_calls(ada: Actor, ravi: Actor) -> None:
    maya, call = make_user(Role.DISPATCHER), make_call(ada, assigned_to_id=ravi.id)
    start = last_seq()
    deactivate_user(ada, ravi.id)
    (to_admin,) = told(ada, start)
    (to_dispatcher,) = told(maya, start)
    assert (to_admin["name"], to_admin["entity"]) == ("user_deleted", "user")
    assert [other["id"] for other in to_admin["others"]] == [call]
    assert (to_dispatcher["name"], to_dispatcher["entity"], to_dispatcher["id"]) == (
        "call_assigned",
        "call",
        call,
    )
    assert to_dispatcher["changed"]["assigned_to_id"] == {"old": ravi.id, "new": None}
    assert to_dispatcher["others"] == []


def test_a_call_that_left_and_came_back_is_told_whole_again(ada: Actor, ravi: Actor) -> None:
    call, start = make_call(ada), last_seq()
    assign_call(ada, call, {"assigned_to_id": ravi.id})
    assign_call(ada, call, {"assigned_to_id": make_user(Role.ENGINEER).id})
    assert [event.get("left") for event in told(ravi, start)] == [True]
    undo(ada, last_seq())
    events = told(ravi, start)
    assert {event["name"] for event in events} == {"call_assigned"}
    assert [event.get("left") for event in events] == [None, None, None]


def test_an_engineer_is_told_of_what_they_logged_themselves_whoever_has_it(ada: Actor, ravi: Actor) -> None:
    category, other = make_category(), make_user(Role.ENGINEER)
    start = last_seq()
    call = make_call(ravi, category_id=category)
    assign_call(ada, call, {"assigned_to_id": other.id})
    make_customer(ada)
    make_category()
    assert [(event["name"], event["entity"]) for event in told(ravi, start)] == [
        ("call_created", "call"),
        ("call_assigned", "call"),
    ]
