"""Carry-ins from the counter to the bench and back, on both databases."""

from __future__ import annotations

import json

import pytest

from service_desk.actions.carry_ins import edit_carry_in
from service_desk.actions.carry_ins_repair import (
    complete_carry_in,
    deliver_carry_in,
    return_to_bench,
    take_to_bench,
)
from service_desk.domain.access import Actor
from service_desk.domain.carry_ins import CarryIn
from service_desk.domain.categories import CategoryKind
from service_desk.domain.customers import Customer
from service_desk.domain.errors import Invalid, Refused
from service_desk.domain.users import Role
from service_desk.queries.carry_in import show_carry_in
from service_desk.queries.carry_ins import SORTS, CarryInsQuestion, list_carry_ins
from service_desk.queries.carry_ins_counts import count_carry_ins, count_my_carry_ins
from service_desk.store.database import Database
from tests.factories import make_carry_in, make_carry_in_in, make_category, make_customer, make_user
from tests.readings import last_entry, last_seq, statements, stored


@pytest.fixture
def flo(database: Database) -> Actor:
    return make_user(Role.FRONT_DESK, "Flo D.")


def listed(actor: Actor, **params: str) -> tuple[int | str, ...]:
    return list_carry_ins(actor, CarryInsQuestion.from_params(actor, params)).order


def test_a_device_is_received_repaired_and_handed_back(flo: Actor) -> None:
    ravi = make_user(Role.ENGINEER, "Ravi K.")
    carry_in_id = make_carry_in(flo, item="Laptop", serial_number="SN-77", accessories="Charger")
    take_to_bench(ravi, carry_in_id, {})
    complete_carry_in(ravi, carry_in_id, {"outcome": "repaired", "remark": "New fan."})
    deliver_carry_in(flo, carry_in_id, {"delivered_to": "Her brother", "remark": "Showed his card."})
    row = show_carry_in(flo, carry_in_id).rows[carry_in_id]
    assert json.loads(json.dumps(row)) == row
    told = {
        "number": f"S-{carry_in_id}",
        "version": 4,
        "status": "delivered",
        "outcome": "repaired",
        "technician": "Ravi K.",
        "technician_id": ravi.id,
        "completed_by": "Ravi K.",
        "delivered_by": "Flo D.",
        "created_by": "Flo D.",
        "delivered_to": "Her brother",
        "delivery_remark": "Showed his card.",
        "completion_remark": "New fan.",
        "accessories": "Charger",
        "serial_number": "SN-77",
        "may_edit": False,
        "may_return": False,
    }
    assert {key: row[key] for key in told} == told
    assert row["created_at"] <= row["completed_at"] <= row["delivered_at"] <= row["updated_at"]


STEPS = {
    "edit": lambda actor, id_: edit_carry_in(actor, id_, version=0, was={"item": "x"}, changes={"item": "y"}),
    "bench": lambda actor, id_: take_to_bench(actor, id_, {}),
    "repair": lambda actor, id_: complete_carry_in(actor, id_, {"outcome": "repaired", "remark": "Ok."}),
    "give up": lambda actor, id_: complete_carry_in(actor, id_, {"outcome": "unrepaired", "remark": "Ok."}),
    "deliver": lambda actor, id_: deliver_carry_in(actor, id_, {"delivered_to": "Rosa"}),
    "return": lambda actor, id_: return_to_bench(actor, id_, {"reason": "Noisy."}),
}
REFUSED = {
    "received": ("repair", "deliver", "return"),
    "in_repair": ("bench", "deliver", "return"),
    "completed": ("bench", "repair", "give up"),
    "delivered": tuple(STEPS),
}


@pytest.mark.parametrize(("status", "step"), [(s, step) for s, steps in REFUSED.items() for step in steps])
def test_a_forbidden_step_is_refused_with_a_sentence_and_stores_nothing(
    flo: Actor, status: str, step: str
) -> None:
    carry_in_id = make_carry_in_in(status, flo)
    before = stored(CarryIn, carry_in_id).model_dump()
    with pytest.raises(Refused) as refusal:
        STEPS[step](flo, carry_in_id)
    assert refusal.value.sentence.startswith(f"S-{carry_in_id} ")
    assert stored(CarryIn, carry_in_id).model_dump() == before


def test_what_cannot_be_mended_may_skip_the_bench(flo: Actor) -> None:
    carry_in_id = make_carry_in(flo)
    complete_carry_in(flo, carry_in_id, {"outcome": "unrepaired", "remark": "Beyond repair."})
    row = show_carry_in(flo, carry_in_id).rows[carry_in_id]
    assert (row["status"], row["outcome"], row["technician"]) == ("completed", "unrepaired", None)


def test_a_device_goes_back_to_the_bench_with_its_technician(flo: Actor) -> None:
    ravi = make_user(Role.ENGINEER)
    carry_in_id = make_carry_in(flo)
    take_to_bench(flo, carry_in_id, {"assigned_to_id": str(ravi.id)})
    complete_carry_in(ravi, carry_in_id, {"outcome": "repaired", "remark": "New fan."})
    return_to_bench(flo, carry_in_id, {"reason": "Still noisy."})
    row = show_carry_in(flo, carry_in_id).rows[carry_in_id]
    assert (row["status"], row["outcome"], row["technician_id"]) == ("in_repair", None, ravi.id)
    assert row["return_reason"] == "Still noisy."
    assert last_entry().verb == "return carry-in to the bench"


def test_a_former_colleague_or_nobody_cannot_take_a_device(flo: Actor) -> None:
    carry_in_id, seq = make_carry_in(flo), last_seq()
    gone = make_user(Role.ENGINEER, is_active=False)
    for user_id in (gone.id, 99_999):
        with pytest.raises(Invalid) as refusal:
            take_to_bench(flo, carry_in_id, {"assigned_to_id": user_id})
        assert set(refusal.value.fields) == {"assigned_to_id"}
    assert last_seq() == seq + 1


def test_a_category_of_calls_is_refused(flo: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        make_carry_in(flo, category_id=make_category(CategoryKind.CALL))
    assert set(refusal.value.fields) == {"category_id"}


def test_the_address_given_at_the_counter_is_the_customers(flo: Actor) -> None:
    customer_id = make_customer(flo, phone="+14155552671")
    make_carry_in(flo, phone="415-555-2671", customer_name="", address="12 Elm St")
    assert stored(Customer, customer_id).address == "12 Elm St"


def test_each_tab_lists_what_its_count_says(flo: Actor) -> None:
    by_status = {s: make_carry_in_in(s, flo) for s in ("received", "in_repair", "completed", "delivered")}
    other = make_carry_in_in("in_repair", make_user(Role.ADMIN))
    shop = {by_status["received"], by_status["in_repair"], by_status["completed"], other}
    tabs = {
        "shop": shop,
        "received": {by_status["received"]},
        "bench": {by_status["in_repair"], other},
        "ready": {by_status["completed"]},
        "mine": {by_status["in_repair"], by_status["completed"]},
        "all": shop | {by_status["delivered"]},
    }
    for tab, expected in tabs.items():
        assert set(listed(flo, tab=tab)) == expected, tab
    counted = {tab: len(tabs[tab]) for tab in ("shop", "received", "bench", "ready", "all")}
    assert count_carry_ins(flo).extra == counted
    assert count_my_carry_ins(flo).extra == {"mine": len(tabs["mine"])}


def test_filters_and_sorts_work_as_asked(flo: Actor) -> None:
    laptops, phones = make_category(CategoryKind.CARRY_IN), make_category(CategoryKind.CARRY_IN)
    one = make_carry_in(flo, category_id=laptops, customer_name="Cleo")
    two = make_carry_in_in("in_repair", flo, category_id=phones, customer_name="abe")
    assert listed(flo, category=str(phones)) == (two,)
    assert listed(flo, technician="none") == (one,)
    assert listed(flo, technician=f"{flo.id},none") == (two, one)
    assert listed(flo, status="received,completed") == (one,)
    edit_carry_in(flo, one, version=1, was={}, changes={"item": "Big laptop"})
    orders = {"newest": (two, one), "oldest": (one, two), "customer": (two, one), "updated": (one, two)}
    assert set(orders) == set(SORTS)
    for sort, order in orders.items():
        assert listed(flo, sort=sort) == order, sort


def test_a_search_finds_serial_number_phone_name_words_and_number(flo: Actor) -> None:
    form = {"phone": "+14155552671", "customer_name": "Rosa", "serial_number": "SN-77/B"}
    found = make_carry_in(flo, item="Laptop", fault="Broken hinge", **form)
    make_carry_in(flo, item="Phone", fault="Glass", customer_name="Bob", phone="+14155550000")
    assert found == 1
    for search in ("sn-77", "77/B", "laptop", "hinge rosa", "(415) 555 2671", "S-1", "s1", "1"):
        assert listed(flo, q=search) == (found,), search
    assert listed(flo, q="C-1") == ()


def test_a_list_costs_three_statements_however_long_it_is(flo: Actor, database: Database) -> None:
    category_id = make_category(CategoryKind.CARRY_IN)
    for _ in range(26):
        make_carry_in(flo, category_id=category_id)
    with statements(database) as seen:
        answer = list_carry_ins(flo, CarryInsQuestion())
    assert (len(seen), len(answer.order), answer.extra["pages"]) == (3, 25, 2)
    assert answer.seq == last_seq()
