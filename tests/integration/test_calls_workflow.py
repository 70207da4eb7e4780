"""Calls through their whole life, on both databases."""

from __future__ import annotations

import pytest

from service_desk.actions.calls import create_call, edit_call
from service_desk.actions.calls_assign import assign_call, unassign_call
from service_desk.actions.calls_visit import cancel_call, complete_call, reopen_call, start_call
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.categories import Category, CategoryKind
from service_desk.domain.customers import Customer
from service_desk.domain.errors import Forbidden, Invalid, Refused
from service_desk.domain.users import Role, User
from service_desk.store.change import change
from service_desk.store.database import Database
from tests.factories import call_form, make_call, make_call_in, make_category, make_customer, make_user
from tests.readings import last_entry, last_seq, last_touches, stored

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def dispatcher(database: Database) -> Actor:
    return make_user(Role.DISPATCHER, "Dana O.")


@pytest.fixture
def engineer(database: Database) -> Actor:
    return make_user(Role.ENGINEER, "Ravi K.")


def test_a_call_goes_from_pending_to_completed(dispatcher: Actor, engineer: Actor) -> None:
    call_id = make_call_in("completed", dispatcher, engineer)
    call = stored(Call, call_id)
    assert (call.status, call.completed_by_id, call.completion_remark) == (
        "completed",
        engineer.id,
        "Bled the radiator.",
    )
    assert call.version == 4
    assert call.created_by_id == dispatcher.id
    assert call.created_at <= call.assigned_at <= call.started_at <= call.completed_at <= call.updated_at


STEPS = {
    "edit": lambda actor, id_: edit_call(
        actor, id_, version=0, was={"problem": ""}, changes={"problem": "Other."}
    ),
    "assign": lambda actor, id_: assign_call(actor, id_, {"assigned_to_id": make_user(Role.ENGINEER).id}),
    "unassign": unassign_call,
    "start": start_call,
    "complete": lambda actor, id_: complete_call(actor, id_, {"remark": "Done."}),
    "cancel": lambda actor, id_: cancel_call(actor, id_, {"reason": "Sold the house."}),
    "reopen": lambda actor, id_: reopen_call(actor, id_, {"reason": "Leaks again."}),
}
REFUSED = {
    "pending": ("unassign", "start", "complete", "reopen"),
    "assigned": ("complete", "reopen"),
    "in_progress": ("start", "reopen"),
    "completed": ("edit", "assign", "unassign", "start", "complete", "cancel"),
    "cancelled": ("edit", "assign", "unassign", "start", "complete", "cancel"),
}


@pytest.mark.parametrize(("status", "step"), [(s, step) for s, steps in REFUSED.items() for step in steps])
def test_a_forbidden_step_is_refused_with_a_sentence_and_stores_nothing(
    dispatcher: Actor, engineer: Actor, status: str, step: str
) -> None:
    call_id = make_call_in(status, dispatcher, engineer)
    before = stored(Call, call_id).model_dump()
    with pytest.raises(Refused) as refusal:
        STEPS[step](dispatcher, call_id)
    assert refusal.value.sentence.startswith(f"C-{call_id} ")
    assert refusal.value.sentence.endswith(".")
    assert stored(Call, call_id).model_dump() == before


def test_a_completed_call_cannot_be_completed_again(dispatcher: Actor, engineer: Actor) -> None:
    call_id = make_call_in("completed", dispatcher, engineer)
    with pytest.raises(Refused, match=f"^C-{call_id} is already completed\\.$"):
        complete_call(engineer, call_id, {"remark": "Again."})


@pytest.mark.parametrize("role", [Role.ADMIN, Role.DISPATCHER, Role.FRONT_DESK])
def test_only_an_engineer_can_be_given_a_call(dispatcher: Actor, role: Role) -> None:
    somebody = make_user(role, "Sam T.")
    with pytest.raises(Invalid) as refusal:
        assign_call(dispatcher, make_call(dispatcher), {"assigned_to_id": somebody.id})
    assert refusal.value.fields["assigned_to_id"] == "Sam T. is not an engineer. Choose somebody else."


def test_a_former_engineer_cannot_be_given_a_call(dispatcher: Actor) -> None:
    gone = make_user(Role.ENGINEER, "Gil F.", is_active=False)
    for attempt in (
        lambda: assign_call(dispatcher, make_call(dispatcher), {"assigned_to_id": gone.id}),
        lambda: make_call(dispatcher, assigned_to_id=gone.id),
    ):
        with pytest.raises(Invalid, match=r"Gil F\. no longer works here"):
            attempt()


def test_a_call_created_with_an_engineer_starts_as_assigned(dispatcher: Actor, engineer: Actor) -> None:
    call = stored(Call, make_call(dispatcher, assigned_to_id=str(engineer.id), instructions="Ring the bell."))
    assert (call.status, call.assigned_to_id, call.assigned_by_id) == ("assigned", engineer.id, dispatcher.id)
    assert call.instructions == "Ring the bell."


def test_only_those_who_dispatch_may_create_a_call_with_an_engineer(engineer: Actor) -> None:
    category_id = make_category()
    for extra in ({"assigned_to_id": engineer.id}, {"instructions": "Hurry."}):
        for actor in (engineer, make_user(Role.FRONT_DESK)):
            with pytest.raises(Forbidden):
                create_call(actor, call_form(category_id, **extra))
    create_call(engineer, call_form(category_id, assigned_to_id="", instructions=""))


def test_reassigning_keeps_the_history_and_starts_over(dispatcher: Actor, engineer: Actor) -> None:
    call_id, other = make_call_in("in_progress", dispatcher, engineer), make_user(Role.ENGINEER)
    assign_call(dispatcher, call_id, {"assigned_to_id": other.id, "instructions": "Bring a ladder."})
    call = stored(Call, call_id)
    assert (call.status, call.started_at, call.assigned_to_id) == ("assigned", None, other.id)
    assert last_entry().verb == "reassign call"
    assert last_touches()[0].changed["assigned_to_id"] == [engineer.id, other.id]


def test_assigning_the_same_engineer_again_changes_nothing(dispatcher: Actor, engineer: Actor) -> None:
    call_id, seq = make_call_in("in_progress", dispatcher, engineer), last_seq()
    assign_call(dispatcher, call_id, {"assigned_to_id": engineer.id})
    assert last_seq() == seq
    assign_call(dispatcher, call_id, {"assigned_to_id": engineer.id, "instructions": "Ring twice."})
    assert stored(Call, call_id).status == "in_progress"
    assert last_touches()[0].changed == {"instructions": [None, "Ring twice."]}


def test_instructions_that_are_not_sent_stay(dispatcher: Actor, engineer: Actor) -> None:
    call_id = make_call(dispatcher, instructions="Key at the neighbour's.")
    assign_call(dispatcher, call_id, {"assigned_to_id": engineer.id})
    assert stored(Call, call_id).instructions == "Key at the neighbour's."


def test_reopening_goes_back_to_its_engineer(dispatcher: Actor, engineer: Actor) -> None:
    call_id = make_call_in("completed", dispatcher, engineer)
    reopen_call(dispatcher, call_id, {"reason": "Leaks again."})
    call = stored(Call, call_id)
    assert (call.status, call.assigned_to_id, call.completed_at) == ("assigned", engineer.id, None)
    assert last_touches()[0].changed["reopen_reason"] == [None, "Leaks again."]
    assert last_touches()[0].changed["completion_remark"] == ["Bled the radiator.", None]


def test_every_reopening_journals_its_reason_even_the_same_one(dispatcher: Actor, engineer: Actor) -> None:
    call_id = make_call_in("cancelled", dispatcher, engineer)
    for _ in range(2):
        reopen_call(dispatcher, call_id, {"reason": "They called back."})
        assert last_touches()[0].changed["reopen_reason"] == [None, "They called back."]
        cancel_call(dispatcher, call_id, {"reason": "No."})


def test_reopening_goes_to_nobody_when_its_engineer_has_left(dispatcher: Actor, engineer: Actor) -> None:
    call_id = make_call_in("completed", dispatcher, engineer)
    with change(dispatcher, "deactivate user") as session:
        session.get_one(User, engineer.id).is_active = False
    reopen_call(dispatcher, call_id, {"reason": "Leaks again."})
    call = stored(Call, call_id)
    assert (call.status, call.assigned_to_id) == ("pending", None)


def test_a_known_phone_needs_no_name_and_makes_no_second_customer(dispatcher: Actor) -> None:
    customer_id = make_customer(dispatcher, phone="+14155552671", name="Rosa Marin")
    for spelling in ("(415) 555-2671", "415.555.2671", "+1 415 555 2671", "1-415-555-2671"):
        call = stored(Call, make_call(dispatcher, phone=spelling, customer_name="", address="12 Elm St"))
        assert call.customer_id == customer_id
    customer = stored(Customer, customer_id)
    assert (customer.name, customer.address, customer.version) == ("Rosa Marin", "12 Elm St", 2)


def test_a_new_phone_needs_a_name(dispatcher: Actor) -> None:
    seq = last_seq()
    with pytest.raises(Invalid) as refusal:
        make_call(dispatcher, category_id=make_category(), customer_name="")
    assert refusal.value.fields == {"customer_name": "Fill this in: the number is new."}
    assert last_seq() == seq + 1


def test_an_engineer_cannot_find_out_whose_number_is_known(dispatcher: Actor, engineer: Actor) -> None:
    make_customer(dispatcher, phone="+14155552671")
    with pytest.raises(Invalid, match="look") as refusal:
        make_call(engineer, phone="+14155552671", customer_name="")
    assert refusal.value.fields == {"customer_name": "Fill this in: the number is new."}


def test_an_engineer_cannot_change_a_customer_by_logging_a_call(dispatcher: Actor, engineer: Actor) -> None:
    customer_id = make_customer(dispatcher, phone="+14155552671", name="Rosa Marin")
    make_call(engineer, phone="+14155552671", customer_name="Somebody", address="9 Oak Ave")
    customer = stored(Customer, customer_id)
    assert (customer.name, customer.address, customer.version) == ("Rosa Marin", None, 1)


@pytest.mark.parametrize("which", ["archived", "of the other kind", "unknown"])
def test_a_category_that_is_not_offered_is_refused(dispatcher: Actor, which: str) -> None:
    category_id = {
        "archived": lambda: make_category(is_active=False),
        "of the other kind": lambda: make_category(CategoryKind.CARRY_IN),
        "unknown": lambda: 99_999,
    }[which]()
    with pytest.raises(Invalid) as refusal:
        make_call(dispatcher, category_id=category_id)
    assert "category_id" in refusal.value.fields


def test_a_call_keeps_its_archived_category_through_an_edit(dispatcher: Actor) -> None:
    category_id = make_category()
    call_id = make_call(dispatcher, category_id=category_id)
    with change(dispatcher, "archive call category") as session:
        session.get_one(Category, category_id).is_active = False
    was = {"problem": "The heating is cold.", "category_id": category_id}
    edit_call(dispatcher, call_id, version=1, was=was, changes=was | {"problem": "No hot water."})
    assert stored(Call, call_id).problem == "No hot water."
