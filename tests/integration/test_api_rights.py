"""Every operation of the HTTP API × nobody and every role: as the table of the domain says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from service_desk.actions.calls_assign import assign_call
from service_desk.actions.webhooks import create_webhook
from service_desk.config import settings
from service_desk.domain.calls import Call
from service_desk.domain.categories import CategoryKind
from service_desk.domain.users import Role
from service_desk.domain.webhooks import new_secret
from service_desk.store.database import Database
from service_desk.web.api import auth
from service_desk.web.api.app import PREFIX, api
from service_desk.web.api.openapi import describe
from tests.api_caller import Program, token_of
from tests.factories import (
    a_phone,
    call_form,
    carry_in_form,
    make_call,
    make_carry_in,
    make_category,
    make_user,
)
from tests.readings import last_seq, stored

from .api_permissions import ENDLESS, MAY

LABELS = {role: role.label.lower() for role in Role}
OPERATIONS = {
    f"{method.upper()} {path}"
    for path, methods in describe(api, PREFIX)["paths"].items()
    for method in methods
}

Bodies = dict[str, Callable[[], dict[str, Any]]]


class World:
    """One desk: an admin who has made everything, and a call of each engineer who comes."""

    def __init__(self) -> None:
        self.admin = make_user(Role.ADMIN, "Ada A.")
        self.people = {role: make_user(role) for role in Role}
        self.other = make_user(Role.DISPATCHER, "Olga O.")
        self.category, self.kind = make_category(), make_category(CategoryKind.CARRY_IN)
        self.engineer = self.people[Role.ENGINEER]
        self.call = make_call(self.admin, category_id=self.category)
        assign_call(self.admin, self.call, {"assigned_to_id": self.engineer.id})
        self.seq = last_seq()
        self.carry_in = make_carry_in(self.admin, category_id=self.kind)
        self.webhook, self.removed = (
            create_webhook(self.admin, {"name": name, "url": "https://hooks.example/"}, new_secret())
            for name in ("Warehouse", "Till")
        )
        self.customer = stored(Call, self.call).customer_id

    def path_of(self, operation: str) -> str:
        path = operation.partition(" ")[2]
        ids = {
            "calls": self.call,
            "carry-ins": self.carry_in,
            "customers": self.customer,
            "users": self.other.id,
            "categories": self.category,
            "webhooks": self.removed if path.endswith("/remove") else self.webhook,
        }
        number = ids.get(path.split("/")[1], 0)
        return path.replace("{record_id}", str(number)).replace("{seq}", str(self.seq))

    def body_of(self, operation: str) -> dict[str, Any]:
        """A body that an action would take, so that only rights can refuse it."""
        bodies: Bodies = {
            "POST /calls": lambda: call_form(self.category),
            "POST /calls/{record_id}/assign": lambda: {"assigned_to_id": self.engineer.id},
            "POST /calls/{record_id}/complete": lambda: {"remark": "Done."},
            "POST /calls/{record_id}/cancel": lambda: {"reason": "Gone."},
            "POST /calls/{record_id}/reopen": lambda: {"reason": "Back."},
            "POST /carry-ins": lambda: carry_in_form(self.kind),
            "POST /carry-ins/{record_id}/complete": lambda: {"outcome": "unrepaired", "remark": "Dead."},
            "POST /carry-ins/{record_id}/deliver": lambda: {"delivered_to": "Rosa"},
            "POST /carry-ins/{record_id}/return": lambda: {"reason": "Dead."},
            "POST /customers": lambda: {"name": "Sam", "phone": a_phone()},
            "POST /webhooks": lambda: {"name": "Display", "url": "https://display.example/"},
            "POST /users": self._user,
            "POST /users/{record_id}/set-password": lambda: {"password": "correct horse battery"},
            "POST /categories": lambda: {"kind": "call", "name": uuid4().hex},
            "POST /categories/{record_id}/move": lambda: {"up": True},
        }
        return bodies.get(operation, dict)()

    def _user(self) -> dict[str, Any]:
        name = f"mallory{uuid4().hex[:8]}"
        return {"username": name, "full_name": "M", "role": "admin", "password": "correct horse battery"}


@pytest.fixture
def world(database: Database, monkeypatch: pytest.MonkeyPatch) -> World:
    chosen = settings().model_copy(update={"api_requests_per_second": 1_000_000})
    monkeypatch.setattr(auth, "settings", lambda: chosen)
    return World()


def test_every_operation_stands_in_the_table() -> None:
    assert MAY.keys() | ENDLESS == OPERATIONS


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_the_table_says(world: World, role: Role) -> None:
    program = Program(token_of(world.people[role]))
    wrong = []
    # What is refused first: it must change nothing.
    before = last_seq()
    for operation in sorted(MAY, key=lambda each: (LABELS[role] in MAY[each], each)):
        if LABELS[role] in MAY[operation]:
            break
        method = operation.split(" ")[0]
        answer = program.call(method, world.path_of(operation), world.body_of(operation))
        if answer.status_code != 403 or "You may not" not in answer.json()["detail"]:
            wrong.append(f"{operation}: {answer.status_code} {answer.text}")
    assert last_seq() == before
    for operation in sorted(MAY):
        if LABELS[role] not in MAY[operation]:
            continue
        method = operation.split(" ")[0]
        answer = program.call(method, world.path_of(operation), world.body_of(operation))
        # Where an earlier step has moved the record on, the state refuses (409), but never the rights.
        if answer.status_code not in (200, 201, 204, 409):
            wrong.append(f"{operation}: {answer.status_code} {answer.text}")
    assert wrong == []


@pytest.mark.parametrize("token", [None, "sdk_" + "a" * 43])
def test_nobody_may_do_anything(world: World, token: str | None) -> None:
    before = last_seq()
    for operation in sorted(MAY):
        # Each from another address: what is counted against one is tried elsewhere.
        program = Program(token, address=f"198.51.100.{len(operation)}")
        method = operation.split(" ")[0]
        answer = program.call(method, world.path_of(operation), world.body_of(operation))
        assert answer.status_code == 401, operation
    assert last_seq() == before


def test_an_engineer_finds_nothing_of_others(world: World, ada_s_call: tuple[int, int]) -> None:
    program = Program(token_of(world.engineer))
    call, customer = ada_s_call
    for operation in sorted(MAY):
        method, path = operation.split(" ")
        if "/calls/{" not in path and "/customers/{" not in path:
            continue
        path = path.replace("{record_id}", str(call if "calls" in path else customer))
        answer = program.call(method, path, world.body_of(operation))
        assert answer.status_code == 404, operation
    assert [item["id"] for item in program.call("GET", "/customers").json()["items"]] == [world.customer]
    entries = program.call("GET", f"/activity?kind=call&record={call}").json()["items"]
    assert entries == []


@pytest.fixture
def ada_s_call(world: World) -> tuple[int, int]:
    """A call of nobody's, and its customer."""
    call = make_call(world.admin, category_id=world.category)
    return call, stored(Call, call).customer_id


def test_a_new_role_would_have_to_stand_in_the_table() -> None:
    assert {label for roles in MAY.values() for label in roles} == set(LABELS.values())
