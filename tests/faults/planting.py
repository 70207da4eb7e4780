"""One text in every field of the desk that takes one."""

from __future__ import annotations

import re
from urllib.parse import quote

import httpx
import pytest

from service_desk.actions import doors
from service_desk.actions.calls import create_call
from service_desk.actions.calls_visit import cancel_call, complete_call, reopen_call, start_call
from service_desk.actions.carry_ins import receive_carry_in
from service_desk.actions.carry_ins_repair import (
    complete_carry_in,
    deliver_carry_in,
    return_to_bench,
    take_to_bench,
)
from service_desk.actions.categories import create_category
from service_desk.actions.customers import create_customer, edit_customer
from service_desk.actions.sessions import sign_in
from service_desk.actions.users import create_user
from service_desk.domain.access import Actor
from service_desk.domain.categories import CategoryKind
from service_desk.domain.errors import Invalid
from service_desk.domain.security import Door
from service_desk.queries.call import show_call

from ..factories import a_phone
from ..running_desk import PASSWORD, RunningDesk


def plant(desk: RunningDesk, number: int, text: str) -> list[str]:
    """Put the text into every field that takes one; the pages on which it is then."""
    maya, ravi, dana = desk.people["maya"], desk.people["ravi"], desk.people["dana"]
    calls = create_category(dana, CategoryKind.CALL, {"name": f"{text[:50]} {number}"})
    items = create_category(dana, CategoryKind.CARRY_IN, {"name": f"{text[:50]} {number}"})
    customer = {"phone": a_phone(), "customer_name": text, "address": text}
    call = {"problem": text, "category_id": calls, "assigned_to_id": ravi.id, "instructions": text}
    first = create_call(maya, {**customer, **call})
    start_call(ravi, first)
    complete_call(ravi, first, {"remark": text})
    second = create_call(maya, {**customer, **call})
    cancel_call(maya, second, {"reason": text})
    third = create_call(maya, {**customer, **call})
    cancel_call(maya, third, {"reason": text})
    reopen_call(maya, third, {"reason": text})
    item = {
        "item": text,
        "serial_number": text[:80],
        "accessories": text,
        "fault": text,
        "category_id": items,
    }
    carry_in = receive_carry_in(maya, {**customer, **item})
    take_to_bench(maya, carry_in, {})
    done = {"outcome": "repaired", "remark": text}
    complete_carry_in(maya, carry_in, done)
    return_to_bench(maya, carry_in, {"reason": text})
    complete_carry_in(maya, carry_in, done)
    deliver_carry_in(maya, carry_in, {"delivered_to": text, "remark": text})
    guest = f"text{number}"
    user = {"username": guest, "full_name": text[:100], "role": "engineer", "email": as_email(text)}
    create_user(dana, {**user, "password": PASSWORD})
    who = show_call(maya, first).rows[first]["customer_id"]
    edit_customer(maya, who, version=1, was={"email": ""}, changes={"email": as_email(text)})
    sign_in(guest, PASSWORD, text, text)
    doors.note(Door.FOREIGN_ORIGIN, None, text, f"POST /{text} from {text}")
    refuse(dana, maya, guest, text)
    records = [f"/calls/{first}", f"/calls/{second}", f"/calls/{third}", f"/carry-ins/{carry_in}"]
    return [*records, f"/customers/{who}"]


def as_email(text: str) -> str:
    """The text as an address that the desk takes: without spaces, which markup does not need either."""
    return re.sub(r"[@\s]", "/", text) + "@desk.example"


def refuse(dana: Actor, maya: Actor, guest: str, text: str) -> None:
    """Fields that take no text at all: a phone and a username."""
    user = {"full_name": guest, "role": "engineer", "password": PASSWORD}
    with pytest.raises(Invalid):
        create_user(dana, {**user, "username": text})
    with pytest.raises(Invalid):
        create_user(dana, {**user, "username": f"{guest}x", "phone": f"+1 415 555 0123 {text}"})
    with pytest.raises(Invalid):
        create_customer(maya, {"name": guest, "phone": f"+1 415 555 0123 {text}"})


def knock(desk: RunningDesk, text: str) -> None:
    """The same at the doors of the running desk: a foreign page posts, to a strange address."""
    path, origin = quote(f"/{text}"), {"Origin": f"http://{text}"}
    assert httpx.post(desk.url + path, headers=origin).status_code == 403
