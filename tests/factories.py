"""People, customers and work to test with, made by the real actions."""

from __future__ import annotations

from itertools import count
from typing import Any

from service_desk.actions.calls import create_call
from service_desk.actions.calls_assign import assign_call
from service_desk.actions.calls_visit import cancel_call, complete_call, start_call
from service_desk.actions.carry_ins import receive_carry_in
from service_desk.actions.carry_ins_repair import complete_carry_in, deliver_carry_in, take_to_bench
from service_desk.actions.customers import create_customer
from service_desk.domain.access import Actor
from service_desk.domain.categories import Category, CategoryKind
from service_desk.domain.users import Role, User
from service_desk.store.change import change

_numbers = count(1)


def make_user(role: Role, full_name: str = "", *, is_active: bool = True) -> Actor:
    """Somebody of this role, as they act."""
    number = next(_numbers)
    name = full_name or f"{role.label} {number}"
    with change(None, "create user") as session:
        user = User(
            username=f"user{number}", full_name=name, role=role, password_hash="never", is_active=is_active
        )
        session.add(user)
    return Actor(user.key, role, name)


def make_category(kind: CategoryKind = CategoryKind.CALL, name: str = "", *, is_active: bool = True) -> int:
    verb = "create call category" if kind == CategoryKind.CALL else "create carry-in category"
    with change(None, verb) as session:
        category = Category(kind=kind, name=name or f"Category {next(_numbers)}", is_active=is_active)
        session.add(category)
    return category.key


def a_phone() -> str:
    """A number that nobody has yet, as E.164."""
    return f"+1415555{next(_numbers) % 10_000:04d}"


def make_customer(actor: Actor, **fields: Any) -> int:
    return create_customer(actor, {"name": "Rosa Marin", "phone": a_phone()} | fields)


def call_form(category_id: int, **fields: Any) -> dict[str, Any]:
    """What the form for a new call sends."""
    return {
        "phone": a_phone(),
        "customer_name": "Rosa Marin",
        "category_id": category_id,
        "problem": "The heating is cold.",
    } | fields


def make_call(actor: Actor, **fields: Any) -> int:
    """A pending call; `category_id` is made where it isn't given."""
    return create_call(actor, call_form(fields.pop("category_id", None) or make_category(), **fields))


def carry_in_form(category_id: int, **fields: Any) -> dict[str, Any]:
    """What the form for a new carry-in sends."""
    return {
        "phone": a_phone(),
        "customer_name": "Rosa Marin",
        "category_id": category_id,
        "item": "Laptop",
        "fault": "Does not start.",
    } | fields


def make_carry_in(actor: Actor, **fields: Any) -> int:
    """A received carry-in; `category_id` is made where it isn't given."""
    category_id = fields.pop("category_id", None) or make_category(CategoryKind.CARRY_IN)
    return receive_carry_in(actor, carry_in_form(category_id, **fields))


def make_call_in(status: str, dispatcher: Actor, engineer: Actor, **fields: Any) -> int:
    """A call that has come as far as `status`, with this engineer unless it is pending."""
    call_id = make_call(dispatcher, **fields)
    if status != "pending":
        assign_call(dispatcher, call_id, {"assigned_to_id": engineer.id})
    if status in ("in_progress", "completed"):
        start_call(engineer, call_id)
    if status == "completed":
        complete_call(engineer, call_id, {"remark": "Bled the radiator."})
    if status == "cancelled":
        cancel_call(dispatcher, call_id, {"reason": "Works again."})
    return call_id


def make_carry_in_in(status: str, actor: Actor, **fields: Any) -> int:
    """A carry-in that has come as far as `status`, all by one person of the office."""
    carry_in_id = make_carry_in(actor, **fields)
    if status != "received":
        take_to_bench(actor, carry_in_id, {})
    if status in ("completed", "delivered"):
        complete_carry_in(actor, carry_in_id, {"outcome": "repaired", "remark": "New fan."})
    if status == "delivered":
        deliver_carry_in(actor, carry_in_id, {"delivered_to": "Rosa Marin"})
    return carry_in_id
