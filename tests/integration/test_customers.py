"""Customers: one number, one customer, and everything that was done for them."""

from __future__ import annotations

import json

import pytest

from service_desk.actions.calls_visit import cancel_call
from service_desk.actions.customers import create_customer, edit_customer
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.carry_ins import CarryIn
from service_desk.domain.customers import Customer
from service_desk.domain.errors import Invalid
from service_desk.domain.users import Role
from service_desk.queries.customer import find_customer, show_customer
from service_desk.queries.customer_work import customer_work
from service_desk.queries.customers import CustomersQuestion, list_customers
from service_desk.store.database import Database
from tests.factories import make_call, make_carry_in_in, make_customer, make_user
from tests.readings import last_seq, statements, stored

SPELLINGS = ["4155552671", "(415) 555-2671", "415.555.2671", "1-415-555-2671", "+1 415 555 2671"]


@pytest.fixture
def flo(database: Database) -> Actor:
    return make_user(Role.FRONT_DESK, "Flo D.")


def listed(actor: Actor, **params: str) -> tuple[int | str, ...]:
    return list_customers(actor, CustomersQuestion.from_params(actor, params)).order


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_second_customer_with_the_same_number_is_refused(flo: Actor, spelling: str) -> None:
    make_customer(flo, phone="+14155552671", name="Rosa M.")
    seq = last_seq()
    with pytest.raises(Invalid) as refusal:
        create_customer(flo, {"name": "Bob", "phone": spelling})
    assert refusal.value.fields == {"phone": "This number already belongs to Rosa M."}
    other = make_customer(flo, phone="+14155550000")
    with pytest.raises(Invalid) as refusal:
        edit_customer(flo, other, version=1, was={}, changes={"phone": spelling})
    assert set(refusal.value.fields) == {"phone"}
    assert last_seq() == seq + 1


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_look_up_finds_one_customer_in_any_spelling(flo: Actor, spelling: str) -> None:
    customer_id = make_customer(
        flo, phone="+14155552671", name="Rosa", address="12 Elm St", email="r@m.example"
    )
    found = find_customer(flo, spelling)
    assert found == {
        "id": customer_id,
        "name": "Rosa",
        "phone": "(415) 555-2671",
        "address": "12 Elm St",
        "email": "r@m.example",
        "work": [],
    }
    assert listed(flo, q=spelling) == (customer_id,)


@pytest.mark.parametrize("typed", ["", "4", "415 555", "415 555 267", "4155552672", "rosa"])
def test_the_look_up_finds_nobody_before_the_number_is_whole(flo: Actor, typed: str) -> None:
    make_customer(flo, phone="+14155552671")
    assert find_customer(flo, typed) is None


def test_the_look_up_shows_open_work_before_recent_work(flo: Actor) -> None:
    dana, phone = make_user(Role.DISPATCHER), "+14155552671"
    still_open = [make_call(dana, phone=phone), make_carry_in_in("received", flo, phone=phone)]
    for _ in range(5):
        cancel_call(dana, make_call(dana, phone=phone), {"reason": "Works again."})
    found = find_customer(flo, phone)
    assert found is not None
    numbers = [row["number"] for row in found["work"]]
    assert numbers[:2] == [f"S-{still_open[1]}", f"C-{still_open[0]}"]
    assert (len(numbers), found["work"][2]["status"]) == (5, "cancelled")


def test_the_customers_work_lists_both_kinds_newest_first(flo: Actor) -> None:
    phone = "+14155552671"
    one = make_call(flo, phone=phone, problem="Cold.\nVery.")
    two = make_carry_in_in("completed", flo, phone=phone, item="Laptop")
    three = make_call(flo, phone=phone)
    make_call(flo)
    customer_id = stored(Call, one).customer_id
    work = customer_work(flo, customer_id)
    assert work.order == (f"C-{three}", f"S-{two}", f"C-{one}")
    assert work.extra == {"customer_id": customer_id, "calls": 2, "carry_ins": 1}
    assert json.loads(json.dumps(work.rows)) == work.rows
    row = work.rows[f"S-{two}"]
    assert (row["kind"], row["record_id"], row["title"]) == ("carry_in", two, "Laptop")
    assert (row["status"], row["outcome"]) == ("completed", "repaired")
    assert work.rows[f"C-{one}"]["title"] == "Cold. Very."
    assert customer_work(flo, customer_id, f"C-{three}").order == (f"S-{two}", f"C-{one}")
    assert customer_work(flo, customer_id, f"S-{two}").extra["carry_ins"] == 0
    row = show_customer(flo, customer_id).rows[customer_id]
    assert (row["open_calls"], row["in_shop"], row["tel"]) == (2, 1, phone)
    assert row["created_at"].endswith("+00:00")


def test_the_page_of_a_customer_of_others_has_no_work_either(flo: Actor) -> None:
    engineer = make_user(Role.ENGINEER, "Ravi K.")
    carry_in = make_carry_in_in("received", flo)
    customer_id = stored(CarryIn, carry_in).customer_id
    assert show_customer(engineer, customer_id).order == ()
    found, missing = customer_work(engineer, customer_id), customer_work(engineer, 999_999)
    assert (found.order, found.extra["carry_ins"]) == (missing.order, missing.extra["carry_ins"]) == ((), 0)
    # On the page of another device they see what else the shop has of that customer.
    assert customer_work(engineer, customer_id, "S-999999").order == (f"S-{carry_in}",)


def test_a_search_finds_name_address_email_or_part_of_the_phone(flo: Actor) -> None:
    found = make_customer(
        flo, phone="+14155552671", name="Rosa Marin", address="12 Elm St", email="r@m.example"
    )
    make_customer(flo, phone="+14155550000", name="Bob Lee")
    for search in ("rosa", "MARIN", "elm 12", "r@m", "555-2671", "2671"):
        assert listed(flo, q=search) == (found,), search


def test_customers_sort_by_name_or_newest(flo: Actor) -> None:
    cleo, abe, bea = (make_customer(flo, name=name) for name in ("Cleo", "abe", "Bea"))
    assert listed(flo) == (abe, bea, cleo)
    assert listed(flo, sort="newest") == (bea, abe, cleo)


def test_an_edit_is_saved_and_empties_what_was_emptied(flo: Actor) -> None:
    customer_id = make_customer(flo, name="Rosa", address="12 Elm St")
    was = {"name": "Rosa", "address": "12 Elm St", "email": ""}
    edit_customer(
        flo, customer_id, version=1, was=was, changes={"name": "Ana", "address": "", "email": "a@b.example"}
    )
    customer = stored(Customer, customer_id)
    assert (customer.name, customer.address, customer.email, customer.version) == (
        "Ana",
        None,
        "a@b.example",
        2,
    )


def test_a_list_costs_three_statements_however_long_it_is(flo: Actor, database: Database) -> None:
    for _ in range(26):
        make_customer(flo)
    for actor in (flo, make_user(Role.ENGINEER)):
        with statements(database) as seen:
            list_customers(actor, CustomersQuestion())
        assert len(seen) == 3
