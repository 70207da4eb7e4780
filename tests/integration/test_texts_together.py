"""A customer is renamed while their work is written down: a search finds it by the name that stays."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from service_desk.actions.customers import edit_customer
from service_desk.domain.calls import Call
from service_desk.domain.carry_ins import CarryIn
from service_desk.domain.users import Role
from service_desk.queries.calls import CallsQuestion, list_calls
from service_desk.queries.carry_ins import CarryInsQuestion, list_carry_ins
from service_desk.queries.customer import show_customer
from service_desk.store.change import change
from service_desk.store.database import Database

from ..factories import make_call, make_carry_in, make_user

MAKERS: dict[str, tuple[Callable[..., int], Any, str, Callable[[Any, str], Any]]] = {
    "call": (make_call, Call, "edit call", lambda a, w: list_calls(a, CallsQuestion(search=w))),
    "carry-in": (
        make_carry_in,
        CarryIn,
        "edit carry-in",
        lambda a, w: list_carry_ins(a, CarryInsQuestion(search=w)),
    ),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_a_text_written_during_a_rename_has_the_new_name(database: Database, kind: str) -> None:
    make, table, verb, find = MAKERS[kind]
    dana = make_user(Role.DISPATCHER)
    made = make(dana)
    with change(dana, verb) as session:
        row = session.get(table, made)
        setattr(row, "problem" if kind == "call" else "fault", "Squeaks at night")
        session.flush()
        renaming = threading.Thread(target=rename, args=(dana, row.customer_id))
        renaming.start()
        # It is either done before this is, or waits for it.
        renaming.join(0.5)
    renaming.join()
    assert made in find(dana, "Quennell squeaks").rows


def rename(actor: Any, customer: int) -> None:
    row = show_customer(actor, customer).rows[customer]
    edit_customer(
        actor,
        customer,
        version=row["version"],
        was={"name": row["name"]},
        changes={"name": "Quennell"},
    )
