"""Every step that can be undone, on a record where it can be taken, and who may undo it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service_desk.actions.calls_assign import assign_call, unassign_call
from service_desk.actions.calls_visit import cancel_call, complete_call, reopen_call, start_call
from service_desk.actions.carry_ins_repair import (
    complete_carry_in,
    deliver_carry_in,
    return_to_bench,
    take_to_bench,
)
from service_desk.actions.categories import archive_category, restore_category
from service_desk.actions.users import deactivate_user, reactivate_user
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.carry_ins import CarryIn
from service_desk.domain.categories import Category, CategoryKind
from service_desk.domain.record import Record
from service_desk.domain.users import Role, User
from tests.factories import make_call_in, make_carry_in_in, make_category, make_user
from tests.readings import stored

ROLES = {role.value: role for role in Role}

MAY: dict[str, set[str]] = {
    "assign call": {"admin", "dispatcher"},
    "reassign call": {"admin", "dispatcher"},
    "unassign call": {"admin", "dispatcher"},
    "start call": {"admin", "dispatcher", "its engineer"},
    "complete call": {"admin", "dispatcher"},
    "cancel call": {"admin", "dispatcher"},
    "reopen call": {"admin", "dispatcher"},
    "take carry-in to the bench": {*ROLES, "its engineer"},
    "complete carry-in": {*ROLES, "its engineer"},
    "deliver carry-in": {"admin", "dispatcher", "front_desk"},
    "return carry-in to the bench": {*ROLES, "its engineer"},
    "archive call category": {"admin"},
    "restore call category": {"admin"},
    "archive carry-in category": {"admin"},
    "restore carry-in category": {"admin"},
    "deactivate user": {"admin"},
    "reactivate user": {"admin"},
}
UNSEEN = {
    "engineer": {"call", "category", "user"},
    "its engineer": {"category"},
    "dispatcher": {"user"},
    "front_desk": {"user"},
}
"""Who → the records of which they may not even know. A call that is unassigned is its engineer's no more."""


def fields(kind: type[Record], row_id: int) -> dict[str, Any]:
    """The row without what every change moves on."""
    return stored(kind, row_id).model_dump(exclude={"version", "updated_at"})


def made(verb: str, ada: Actor, ravi: Actor) -> tuple[type[Record], int, Callable[[Actor], object]]:
    """A record on which the step that `verb` names can be taken, and the step."""
    call, carry_in = made_for_call(verb, ada, ravi), made_for_carry_in(verb, ada)
    found = call or carry_in or made_for_admin(verb, ravi)
    assert found, verb
    return found


def made_for_call(
    verb: str, ada: Actor, ravi: Actor
) -> tuple[type[Record], int, Callable[[Actor], object]] | None:
    sam = make_user(Role.ENGINEER, "Sam S.")
    steps: dict[str, tuple[str, Callable[..., Any], Any]] = {
        "assign call": ("pending", assign_call, {"assigned_to_id": ravi.id, "instructions": "Ring twice."}),
        "reassign call": ("in_progress", assign_call, {"assigned_to_id": sam.id, "instructions": "Ring."}),
        "unassign call": ("in_progress", unassign_call, None),
        "start call": ("assigned", start_call, None),
        "complete call": ("in_progress", complete_call, {"remark": "A fuse."}),
        "cancel call": ("assigned", cancel_call, {"reason": "Sold."}),
        "reopen call": ("completed", reopen_call, {"reason": "Leaks."}),
    }
    if verb not in steps:
        return None
    status, step, words = steps[verb]
    call_id = make_call_in(status, ada, ravi)
    return Call, call_id, lambda actor: step(actor, call_id, *([words] if words else []))


def made_for_carry_in(verb: str, ada: Actor) -> tuple[type[Record], int, Callable[[Actor], object]] | None:
    steps: dict[str, tuple[str, Callable[..., Any], Any]] = {
        "take carry-in to the bench": ("received", take_to_bench, {}),
        "complete carry-in": ("in_repair", complete_carry_in, {"outcome": "unrepaired", "remark": "Dead."}),
        "deliver carry-in": ("completed", deliver_carry_in, {"delivered_to": "Rosa", "remark": "Paid."}),
        "return carry-in to the bench": ("completed", return_to_bench, {"reason": "Hot."}),
    }
    if verb not in steps:
        return None
    status, step, words = steps[verb]
    carry_in_id = make_carry_in_in(status, ada)
    return CarryIn, carry_in_id, lambda actor: step(actor, carry_in_id, words)


def made_for_admin(verb: str, ravi: Actor) -> tuple[type[Record], int, Callable[[Actor], object]]:
    if verb.endswith("user"):
        is_active = verb.startswith("deactivate")
        user_id = ravi.id if is_active else make_user(Role.ENGINEER, is_active=False).id
        step = deactivate_user if is_active else reactivate_user
        return User, user_id, lambda actor: step(actor, user_id)
    kind = CategoryKind.CALL if verb.endswith(" call category") else CategoryKind.CARRY_IN
    is_active = verb.startswith("archive")
    make_category(kind)
    key = make_category(kind, is_active=is_active)
    return Category, key, lambda actor: (archive_category if is_active else restore_category)(actor, key)
