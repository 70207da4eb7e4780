"""The permission table for calls, carry-ins and customers, tried by every role on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service_desk.actions.calls import create_call, edit_call
from service_desk.actions.calls_assign import assign_call, unassign_call
from service_desk.actions.calls_visit import cancel_call, complete_call, reopen_call, start_call
from service_desk.actions.carry_ins import edit_carry_in, receive_carry_in
from service_desk.actions.carry_ins_repair import (
    complete_carry_in,
    deliver_carry_in,
    return_to_bench,
    take_to_bench,
)
from service_desk.actions.customers import create_customer, edit_customer
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.categories import CategoryKind
from service_desk.domain.errors import Forbidden, NotFound
from service_desk.domain.users import Role
from service_desk.queries.call import show_call
from service_desk.queries.calls import TABS, CallsQuestion, list_calls
from service_desk.queries.calls_counts import count_calls, count_my_calls
from service_desk.queries.carry_in import show_carry_in
from service_desk.queries.customer import find_customer, show_customer
from service_desk.queries.customer_work import customer_work
from service_desk.queries.customers import CustomersQuestion, list_customers
from service_desk.store.database import Database
from tests.factories import (
    a_phone,
    call_form,
    carry_in_form,
    make_call,
    make_call_in,
    make_carry_in_in,
    make_category,
    make_customer,
    make_user,
)
from tests.readings import last_seq, stored

EVERYBODY = set(Role)
OFFICE = {Role.ADMIN, Role.DISPATCHER, Role.FRONT_DESK}
DISPATCH = {Role.ADMIN, Role.DISPATCHER}
VISIT = DISPATCH | {Role.ENGINEER}

Step = Callable[[Actor, int], Any]
CALL_STEPS: dict[str, tuple[str, Step, set[Role]]] = {
    "edit": (
        "assigned",
        lambda actor, id_: edit_call(actor, id_, version=2, was={}, changes={"problem": "New."}),
        DISPATCH,
    ),
    "assign": (
        "assigned",
        lambda actor, id_: assign_call(actor, id_, {"assigned_to_id": make_user(Role.ENGINEER).id}),
        DISPATCH,
    ),
    "unassign": ("assigned", unassign_call, DISPATCH),
    "start": ("assigned", start_call, VISIT),
    "complete": ("in_progress", lambda actor, id_: complete_call(actor, id_, {"remark": "Done."}), VISIT),
    "cancel": ("assigned", lambda actor, id_: cancel_call(actor, id_, {"reason": "Sold."}), DISPATCH),
    "reopen": ("completed", lambda actor, id_: reopen_call(actor, id_, {"reason": "Leaks."}), DISPATCH),
}
CARRY_IN_STEPS: dict[str, tuple[str, Step, set[Role]]] = {
    "edit": (
        "received",
        lambda actor, id_: edit_carry_in(actor, id_, version=1, was={}, changes={"item": "Phone"}),
        OFFICE,
    ),
    "bench": ("received", lambda actor, id_: take_to_bench(actor, id_, {}), EVERYBODY),
    "complete": (
        "in_repair",
        lambda actor, id_: complete_carry_in(actor, id_, {"outcome": "unrepaired", "remark": "Burnt."}),
        EVERYBODY,
    ),
    "deliver": (
        "completed",
        lambda actor, id_: deliver_carry_in(actor, id_, {"delivered_to": "Rosa"}),
        OFFICE,
    ),
    "return": ("completed", lambda actor, id_: return_to_bench(actor, id_, {"reason": "Noisy."}), EVERYBODY),
}


@pytest.fixture
def people(database: Database) -> dict[Role, Actor]:
    return {role: make_user(role) for role in Role}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("step", CALL_STEPS)
def test_each_role_takes_the_steps_on_a_call_that_the_table_allows(
    people: dict[Role, Actor], role: Role, step: str
) -> None:
    status, take, allowed = CALL_STEPS[step]
    call_id = make_call_in(status, people[Role.DISPATCHER], people[Role.ENGINEER])
    row = show_call(people[role], call_id).rows[call_id]
    assert row[f"may_{step}"] is (role in allowed), "the button and the refusal must agree"
    _try(people[role], call_id, take, role in allowed)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("step", CARRY_IN_STEPS)
def test_each_role_takes_the_steps_on_a_carry_in_that_the_table_allows(
    people: dict[Role, Actor], role: Role, step: str
) -> None:
    status, take, allowed = CARRY_IN_STEPS[step]
    carry_in_id = make_carry_in_in(status, people[Role.FRONT_DESK])
    row = show_carry_in(people[role], carry_in_id).rows[carry_in_id]
    assert row[f"may_{step}"] is (role in allowed), "the button and the refusal must agree"
    _try(people[role], carry_in_id, take, role in allowed)


@pytest.mark.parametrize("role", Role)
def test_each_role_creates_what_the_table_allows(people: dict[Role, Actor], role: Role) -> None:
    actor = people[role]
    create_call(actor, call_form(make_category()))
    receive_carry_in(actor, carry_in_form(make_category(CategoryKind.CARRY_IN)))
    customer = {"name": "Rosa", "phone": a_phone()}
    _try(actor, 0, lambda actor, _: create_customer(actor, customer), role in OFFICE)


@pytest.mark.parametrize("role", Role)
def test_each_role_edits_customers_as_the_table_allows(people: dict[Role, Actor], role: Role) -> None:
    call_id = make_call_in("assigned", people[Role.DISPATCHER], people[Role.ENGINEER])
    customer_id = stored(Call, call_id).customer_id
    assert show_customer(people[role], customer_id).rows[customer_id]["may_edit"] is (role in OFFICE)
    _try(
        people[role],
        customer_id,
        lambda actor, id_: edit_customer(actor, id_, version=1, was={}, changes={"name": "Ana"}),
        role in OFFICE,
    )


def _try(actor: Actor, row_id: int, take: Step, is_allowed: bool) -> None:
    before = last_seq()
    if is_allowed:
        take(actor, row_id)
        assert last_seq() > before
        return
    with pytest.raises(Forbidden, match=r"^You may not .*\.$"):
        take(actor, row_id)


@pytest.mark.parametrize("step", CALL_STEPS)
@pytest.mark.parametrize("whose", ["another's", "nobody's"])
def test_a_call_of_others_is_not_found_by_an_engineer(
    people: dict[Role, Actor], step: str, whose: str
) -> None:
    status, take, _ = CALL_STEPS[step]
    call_id = 4711
    if whose == "another's":
        call_id = make_call_in(status, people[Role.DISPATCHER], people[Role.ENGINEER])
    with pytest.raises(NotFound) as refusal:
        take(make_user(Role.ENGINEER), call_id)
    assert refusal.value.sentence == f"Call C-{call_id} was not found."


def test_an_engineer_who_only_created_a_call_sees_it_and_may_not_start_it(people: dict[Role, Actor]) -> None:
    creator, other = people[Role.ENGINEER], make_user(Role.ENGINEER)
    call_id = make_call(creator)
    assign_call(people[Role.DISPATCHER], call_id, {"assigned_to_id": other.id})
    assert show_call(creator, call_id).rows[call_id]["may_start"] is False
    with pytest.raises(Forbidden, match="other people's calls"):
        start_call(creator, call_id)


def test_a_call_of_others_is_in_no_answer_to_an_engineer(people: dict[Role, Actor]) -> None:
    phone = a_phone()
    call_id = make_call_in("assigned", people[Role.DISPATCHER], people[Role.ENGINEER], phone=phone)
    customer_id, stranger = stored(Call, call_id).customer_id, make_user(Role.ENGINEER)
    for tab in TABS:
        question = CallsQuestion(tab, stranger.id)
        assert list_calls(stranger, question).order == (), tab
        assert list_calls(stranger, CallsQuestion(tab, people[Role.ENGINEER].id)).order == (), tab
    assert list_calls(stranger, CallsQuestion("all", search=f"C-{call_id}")).order == ()
    assert show_call(stranger, call_id).order == ()
    assert set(count_calls(stranger).extra.values()) == {0}
    assert count_my_calls(stranger).extra == {"mine": 0}
    assert list_customers(stranger, CustomersQuestion()).order == ()
    assert show_customer(stranger, customer_id).order == ()
    assert customer_work(stranger, customer_id).order == ()
    assert find_customer(stranger, phone) is None
    with pytest.raises(NotFound):
        edit_customer(stranger, customer_id, version=1, was={}, changes={"name": "Ana"})


def test_an_engineer_sees_the_calls_and_customers_of_theirs_alone(people: dict[Role, Actor]) -> None:
    engineer, phone = people[Role.ENGINEER], a_phone()
    theirs = make_call_in("completed", people[Role.DISPATCHER], engineer, phone=phone)
    created = make_call(engineer)
    make_call(people[Role.DISPATCHER], phone=phone)
    customer_id = stored(Call, theirs).customer_id
    assert list_calls(engineer, CallsQuestion("all")).order == (created, theirs)
    assert set(list_customers(engineer, CustomersQuestion()).order) == {
        customer_id,
        stored(Call, created).customer_id,
    }
    assert show_customer(engineer, customer_id).rows[customer_id]["open_calls"] == 0
    assert customer_work(engineer, customer_id).order == (f"C-{theirs}",)
    found = find_customer(engineer, phone)
    assert found and [row["number"] for row in found["work"]] == [f"C-{theirs}"]


def test_an_engineer_sees_a_carry_in_without_the_customers_address(people: dict[Role, Actor]) -> None:
    customer_id = make_customer(
        people[Role.ADMIN], phone="+14155550000", address="12 Elm St", email="r@m.example"
    )
    carry_in_id = make_carry_in_in("received", people[Role.ADMIN], phone="+14155550000")
    hidden = show_carry_in(people[Role.ENGINEER], carry_in_id).rows[carry_in_id]
    assert (hidden["customer_address"], hidden["customer_email"], hidden["may_see_customer"]) == (
        None,
        None,
        False,
    )
    shown = show_carry_in(people[Role.FRONT_DESK], carry_in_id).rows[carry_in_id]
    assert (shown["customer_address"], shown["customer_id"]) == ("12 Elm St", customer_id)
