"""Whatever is sent to an action or a query: a sentence, and nothing stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service_desk.actions.calls import create_call
from service_desk.actions.calls_assign import assign_call, unassign_call
from service_desk.actions.calls_visit import cancel_call, complete_call, reopen_call, start_call
from service_desk.actions.carry_ins import receive_carry_in
from service_desk.actions.carry_ins_repair import (
    complete_carry_in,
    deliver_carry_in,
    return_to_bench,
    take_to_bench,
)
from service_desk.actions.customers import create_customer
from service_desk.domain.access import Actor
from service_desk.domain.categories import CategoryKind
from service_desk.domain.errors import DeskError, Invalid, NotFound
from service_desk.domain.users import Role
from service_desk.queries.call import show_call
from service_desk.queries.calls import CallsQuestion, list_calls
from service_desk.queries.carry_in import show_carry_in
from service_desk.queries.carry_ins import CarryInsQuestion, list_carry_ins
from service_desk.queries.customer import find_customer, show_customer
from service_desk.queries.customer_work import customer_work
from service_desk.queries.customers import CustomersQuestion, list_customers
from service_desk.store.database import Database
from tests.factories import (
    call_form,
    carry_in_form,
    make_call_in,
    make_carry_in_in,
    make_category,
    make_user,
)
from tests.readings import last_seq
from tests.unit.test_drafts import BAD

CREATING: dict[str, tuple[Callable[[Actor, Any], int], Callable[[], dict[str, Any]]]] = {
    "create call": (create_call, lambda: call_form(make_category())),
    "receive carry-in": (receive_carry_in, lambda: carry_in_form(make_category(CategoryKind.CARRY_IN))),
    "create customer": (create_customer, lambda: {"name": "Rosa", "phone": "4155552671"}),
}
CALL_STEPS = {
    "assign": ("pending", assign_call, "assigned_to_id"),
    "complete": ("in_progress", complete_call, "remark"),
    "cancel": ("assigned", cancel_call, "reason"),
    "reopen": ("completed", reopen_call, "reason"),
}
CARRY_IN_STEPS = {
    "complete": ("in_repair", complete_carry_in, "remark"),
    "deliver": ("completed", deliver_carry_in, "delivered_to"),
    "return": ("completed", return_to_bench, "reason"),
}


@pytest.fixture
def admin(database: Database) -> Actor:
    return make_user(Role.ADMIN)


@pytest.mark.parametrize("verb", CREATING)
def test_every_field_of_a_new_record_refuses_every_bad_value(admin: Actor, verb: str) -> None:
    create, form_of = CREATING[verb]
    form = form_of()
    seq = last_seq()
    for field in form:
        for name, bad in BAD.items():
            with pytest.raises(Invalid) as refusal:
                create(admin, form | {field: bad})
            assert field in refusal.value.fields, name
    for nonsense in (*BAD.values(), {}, {**form, "status": "completed"}, {**form, "id": 1}):
        with pytest.raises(DeskError) as refused:
            create(admin, nonsense)
        assert refused.value.sentence.endswith(".")
    assert last_seq() == seq


@pytest.mark.parametrize("step", CALL_STEPS)
def test_every_step_on_a_call_refuses_bad_input(admin: Actor, step: str) -> None:
    status, take, field = CALL_STEPS[step]
    call_id = make_call_in(status, admin, make_user(Role.ENGINEER))
    _refuses(admin, call_id, take, field)


@pytest.mark.parametrize("step", CARRY_IN_STEPS)
def test_every_step_on_a_carry_in_refuses_bad_input(admin: Actor, step: str) -> None:
    status, take, field = CARRY_IN_STEPS[step]
    _refuses(admin, make_carry_in_in(status, admin), take, field)


def _refuses(actor: Actor, row_id: int, take: Callable[[Actor, int, Any], None], field: str) -> None:
    seq = last_seq()
    for bad in BAD.values():
        for data in (bad, {field: bad}, {}):
            with pytest.raises(Invalid):
                take(actor, row_id, data)
    assert last_seq() == seq


def test_an_id_that_nothing_has_is_not_found(admin: Actor) -> None:
    row_id: Any
    for row_id in (*BAD.values(), 99_999, 2**63, 0):
        for step in (
            start_call,
            unassign_call,
            lambda actor, id_: cancel_call(actor, id_, {"reason": "Sold."}),
        ):
            with pytest.raises(NotFound):
                step(admin, row_id)
        with pytest.raises(NotFound):
            take_to_bench(admin, row_id, {})
        for show in (show_call, show_carry_in, show_customer, customer_work):
            assert show(admin, row_id).order == ()
        assert find_customer(admin, row_id) is None


@pytest.mark.parametrize("question", [CallsQuestion, CarryInsQuestion, CustomersQuestion])
def test_a_malformed_url_is_the_plain_list(admin: Actor, question: Any) -> None:
    names = ("tab", "status", "category", "engineer", "technician", "priority", "sort", "page")
    read = {CallsQuestion: list_calls, CarryInsQuestion: list_carry_ins, CustomersQuestion: list_customers}
    for name, bad in BAD.items():
        assert question.from_params(admin, dict.fromkeys(names, bad)) == question(), name
        assert question.from_params(admin, bad) == question(), name
        searched = question.from_params(admin, {"q": bad})
        assert len(searched.search) <= 100
        assert hash(searched) == hash(question.from_params(admin, {"q": bad}))
        assert read[question](admin, searched).extra["total"] == 0
