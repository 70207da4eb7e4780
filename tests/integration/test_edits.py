"""Two people edit one record: different fields are both kept, the same one is never overwritten silently."""

from __future__ import annotations

from typing import Any

import pytest

from service_desk.actions.calls import edit_call
from service_desk.actions.carry_ins import edit_carry_in
from service_desk.actions.customers import edit_customer
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.carry_ins import CarryIn
from service_desk.domain.categories import CategoryKind
from service_desk.domain.customers import Customer
from service_desk.domain.errors import Conflict, DeskError, Invalid
from service_desk.domain.users import Role
from service_desk.store.change import change
from service_desk.store.database import Database
from tests.factories import make_call, make_carry_in, make_category, make_customer, make_user
from tests.readings import last_entry, last_seq, stored
from tests.unit.test_drafts import BAD


@pytest.fixture
def dana(database: Database) -> Actor:
    return make_user(Role.DISPATCHER, "Dana O.")


@pytest.fixture
def sam(database: Database) -> Actor:
    return make_user(Role.ADMIN, "Sam T.")


def form(call_id: int) -> dict[str, Any]:
    """What the form shows when it is opened."""
    call = stored(Call, call_id)
    return {
        "problem": call.problem,
        "site_address": call.site_address or "",
        "category_id": str(call.category_id),
        "priority": call.priority.word,
        "due_at": call.due_at.isoformat() if call.due_at else "",
    }


def test_different_fields_are_both_kept(dana: Actor, sam: Actor) -> None:
    call_id = make_call(dana)
    was = form(call_id)
    edit_call(dana, call_id, version=1, was=was, changes=was | {"problem": "No hot water."})
    edit_call(sam, call_id, version=1, was=was, changes=was | {"priority": "urgent"})
    call = stored(Call, call_id)
    assert (call.problem, call.priority.word, call.version) == ("No hot water.", "urgent", 3)


def test_the_same_field_is_refused_with_theirs_and_who_it_was(dana: Actor, sam: Actor) -> None:
    call_id = make_call(dana)
    was = form(call_id)
    edit_call(dana, call_id, version=1, was=was, changes=was | {"problem": "No hot water."})
    changed_at = last_entry().at
    edit_call(sam, call_id, version=2, was=form(call_id), changes=form(call_id) | {"priority": "high"})
    seq = last_seq()
    with pytest.raises(Conflict) as conflict:
        edit_call(
            sam, call_id, version=1, was=was, changes=was | {"problem": "Warm.", "site_address": "9 Oak"}
        )
    assert conflict.value.theirs == {"problem": "No hot water."}
    assert conflict.value.by == "Dana O."
    assert conflict.value.whose == {"problem": ("Dana O.", changed_at)}
    assert conflict.value.sentence == "Dana O. changed this meanwhile. Nothing was saved yet."
    assert (stored(Call, call_id).site_address, last_seq()) == (None, seq)


def test_each_field_is_shown_with_who_changed_it_and_when(
    dana: Actor, sam: Actor, database: Database
) -> None:
    call_id, lena = make_call(dana), make_user(Role.DISPATCHER, "Lena P.")
    was = form(call_id)
    edit_call(dana, call_id, version=1, was=was, changes=was | {"problem": "No hot water."})
    first = last_entry().at
    edit_call(sam, call_id, version=2, was=form(call_id), changes=form(call_id) | {"priority": "high"})
    second = last_entry().at
    # By nobody that is known, as the console would.
    with change(None, "edit call") as session:
        session.get_one(Call, call_id).site_address = "9 Oak"
    mine = {"problem": "Warm.", "priority": "low", "site_address": "12 Elm"}
    with pytest.raises(Conflict) as conflict:
        edit_call(lena, call_id, version=1, was=was, changes=was | mine)
    assert conflict.value.whose == {
        "problem": ("Dana O.", first),
        "priority": ("Sam T.", second),
        "site_address": ("", last_entry().at),
    }
    assert set(conflict.value.by.split(" and ")) == {"Dana O.", "Sam T.", "Somebody"}


def test_a_conflict_is_settled_by_sending_what_was_seen(dana: Actor, sam: Actor) -> None:
    call_id = make_call(dana)
    was = form(call_id)
    edit_call(dana, call_id, version=1, was=was, changes=was | {"problem": "No hot water."})
    with pytest.raises(Conflict) as conflict:
        edit_call(sam, call_id, version=1, was=was, changes=was | {"problem": "Warm."})
    seen = was | conflict.value.theirs
    edit_call(sam, call_id, version=1, was=seen, changes=seen | {"problem": "Warm."})
    assert stored(Call, call_id).problem == "Warm."


def test_two_who_typed_the_same_agree(dana: Actor, sam: Actor) -> None:
    call_id = make_call(dana)
    was = form(call_id)
    for actor in (dana, sam):
        edit_call(actor, call_id, version=1, was=was, changes=was | {"problem": "No hot water."})
    assert stored(Call, call_id).version == 2


def test_a_moment_or_phone_spelt_otherwise_is_no_conflict(dana: Actor, sam: Actor) -> None:
    call_id = make_call(dana, due_at="2026-03-04T12:00:00+00:00")
    edit_call(dana, call_id, version=1, was=form(call_id), changes=form(call_id) | {"priority": "low"})
    was = {"due_at": "2026-03-04T13:00+01:00"}
    edit_call(sam, call_id, version=1, was=was, changes={"due_at": "2026-03-05T12:00Z"})
    assert stored(Call, call_id).due_at.day == 5
    customer_id = make_customer(dana, phone="+14155552671")
    edit_customer(dana, customer_id, version=1, was={"name": "Rosa Marin"}, changes={"name": "Rosa M."})
    was = {"phone": "(415) 555-2671", "name": "Rosa Marin"}
    edit_customer(sam, customer_id, version=1, was=was, changes=was | {"phone": "415 555 2672"})
    customer = stored(Customer, customer_id)
    assert (customer.phone, customer.name) == ("+14155552672", "Rosa M.")


def test_every_field_of_a_carry_in_can_be_edited(dana: Actor) -> None:
    carry_in_id = make_carry_in(dana)
    changes = {
        "item": "Phone",
        "serial_number": "SN-1",
        "accessories": "Charger\nbag",
        "fault": "Broken glass.",
        "category_id": make_category(CategoryKind.CARRY_IN),
    }
    edit_carry_in(dana, carry_in_id, version=1, was={}, changes=changes)
    row = stored(CarryIn, carry_in_id)
    assert {field: getattr(row, field) for field in changes} == changes
    edit_carry_in(dana, carry_in_id, version=2, was=changes, changes=changes | {"accessories": ""})
    assert stored(CarryIn, carry_in_id).accessories is None


@pytest.mark.parametrize(
    "field", ["problem", "site_address", "category_id", "priority", "due_at", "status", "id"]
)
def test_a_bad_edit_is_a_sentence_and_stores_nothing(dana: Actor, field: str) -> None:
    call_id = make_call(dana)
    before = stored(Call, call_id).model_dump()
    for name, bad in BAD.items():
        if name == "null" and field in ("site_address", "due_at"):
            continue
        with pytest.raises(Invalid) as refusal:
            edit_call(dana, call_id, version=1, was={field: "x"}, changes={field: bad})
        assert list(refusal.value.fields) == [field], name
    assert stored(Call, call_id).model_dump() == before


def test_a_bad_memory_or_version_is_a_conflict_at_worst(dana: Actor) -> None:
    call_id = make_call(dana)
    for bad in BAD.values():
        for was in (bad, {"problem": bad}):
            with pytest.raises(Conflict):
                edit_call(dana, call_id, version=bad, was=was, changes={"problem": "Other."})
        with pytest.raises(DeskError):
            edit_call(dana, call_id, version=1, was={}, changes=bad)
    assert stored(Call, call_id).version == 1
