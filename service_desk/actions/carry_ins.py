"""How carry-ins are received and put right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from ..domain.access import Actor, Permission
from ..domain.carry_ins import PERMISSIONS, CarryIn
from ..domain.categories import CategoryKind
from ..domain.errors import not_found
from ..domain.ids import as_id
from ..store.change import change
from ..store.session import DeskSession
from .customers import FromCustomer, found_or_added
from .drafts import Draft, Id, line, maybe_line, maybe_text, read_draft, text
from .edits import read_edit
from .rows import check_category, held


class CarryInDraft(FromCustomer):
    """`address` is the customer's own."""

    item: Annotated[str, line(120)]
    serial_number: Annotated[str | None, maybe_line(80)] = None
    accessories: Annotated[str | None, maybe_text(300)] = None
    fault: Annotated[str, text(2000)]
    category_id: Id


class CarryInEdit(Draft):
    item: Annotated[str, line(120)] = ""
    serial_number: Annotated[str | None, maybe_line(80)] = None
    accessories: Annotated[str | None, maybe_text(300)] = None
    fault: Annotated[str, text(2000)] = ""
    category_id: Id = 0


def receive_carry_in(actor: Actor, data: object) -> int:
    """Answers the new carry-in's id."""
    actor.require(Permission.RECEIVE_CARRY_IN)
    draft = read_draft(CarryInDraft, data)
    with change(actor, "receive carry-in") as session:
        check_category(session, CategoryKind.CARRY_IN, draft.category_id)
        carry_in = CarryIn(
            customer_id=found_or_added(session, actor, draft).key,
            item=draft.item,
            serial_number=draft.serial_number,
            accessories=draft.accessories,
            fault=draft.fault,
            category_id=draft.category_id,
        )
        session.add(carry_in)
        session.flush()
        return session.answer(carry_in.key)


def edit_carry_in(
    actor: Actor, carry_in_id: int, *, version: int, was: Mapping[str, object], changes: Mapping[str, object]
) -> None:
    edit = read_edit(CarryInEdit, version, was, changes)
    with change(actor, "edit carry-in") as session:
        carry_in = carry_in_for(session, actor, carry_in_id, "edit")
        carry_in.check("edit")
        if edit.new.get("category_id", carry_in.category_id) != carry_in.category_id:
            check_category(session, CategoryKind.CARRY_IN, edit.new["category_id"])
        edit.apply_to(session, carry_in)


def carry_in_for(session: DeskSession, actor: Actor, carry_in_id: object, step: str) -> CarryIn:
    """The carry-in on which the actor wants to take a step, held for the change.

    Raises:
        NotFound: there is none.
        Forbidden: the actor may never take this step.
    """
    carry_in = held(session, CarryIn, carry_in_id)
    if carry_in is None or not actor.may(PERMISSIONS["see"]):
        number = as_id(carry_in_id)
        raise not_found(f"Carry-in S-{number}" if number else "This carry-in")
    actor.require(PERMISSIONS[step])
    return carry_in
