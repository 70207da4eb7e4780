"""Carry-ins, customers, users, categories and activity over the HTTP API."""

from __future__ import annotations

from typing import Any

import pytest

from service_desk.actions.passwords import verify_password
from service_desk.domain.access import Actor
from service_desk.domain.carry_ins import CarryIn
from service_desk.domain.categories import CategoryKind
from service_desk.domain.commands import Command
from service_desk.domain.users import Role, User
from tests.api_caller import Program, token_of
from tests.factories import carry_in_form, make_call, make_call_in, make_carry_in, make_category, make_user
from tests.readings import all_rows, last_seq, stored


@pytest.fixture
def adas(ada: Actor) -> Program:
    return Program(token_of(ada))


def names(program: Program, path: str, field: str = "name") -> list[str]:
    return [item[field] for item in program.call("GET", path).json()["items"]]


def test_a_carry_in_goes_its_whole_way(ada: Actor, ravi: Actor, adas: Program) -> None:
    made = adas.call("POST", "/carry-ins", carry_in_form(make_category(CategoryKind.CARRY_IN)))
    assert made.status_code == 201 and made.json()["may"] == ["edit", "bench", "complete"]
    steps: list[tuple[str, dict[str, Any] | None, str]] = [
        ("bench", {"assigned_to_id": ravi.id}, "in_repair"),
        ("complete", {"outcome": "repaired", "remark": "New fan."}, "completed"),
        ("return", {"reason": "Dead again."}, "in_repair"),
        ("complete", {"outcome": "unrepaired", "remark": "Dead."}, "completed"),
        ("deliver", {"delivered_to": "Rosa"}, "delivered"),
        ("undo", None, "completed"),
    ]
    for verb, body, status in steps:
        answer = adas.call("POST", f"/carry-ins/1/{verb}", body)
        assert (answer.status_code, answer.json().get("status")) == (200, status), (verb, answer.text)
    assert answer.json()["assigned_to"] == "Ravi K." and answer.json()["outcome"] == "unrepaired"
    edited = adas.call("PATCH", "/carry-ins/1", {"accessories": "A bag."}, if_match=answer.headers["etag"])
    assert edited.json()["accessories"] == "A bag."
    assert names(adas, "/carry-ins?tab=ready", "number") == names(adas, "/carry-ins?q=laptop", "number")
    assert names(adas, f"/carry-ins?technician={ravi.id}&status=completed", "number") == ["S-1"]


def test_the_last_step_of_a_call_is_taken_back_by_who_may(ada: Actor, ravi: Actor, adas: Program) -> None:
    call = make_call_in("completed", ada, ravi)
    ravis = Program(token_of(ravi))
    assert ravis.call("POST", f"/calls/{call}/undo").json()["status"] == "in_progress"
    assert adas.call("POST", f"/calls/{call}/undo").json()["status"] == "assigned"
    assert adas.call("POST", f"/calls/{call}/undo").json()["status"] == "pending"
    nothing = adas.call("POST", f"/calls/{call}/undo")
    assert nothing.status_code == 409 and "no step here" in nothing.json()["detail"]
    assert ravis.call("POST", f"/calls/{call}/undo").status_code == 404


def test_undoing_twice_under_one_key_takes_one_step_back(ada: Actor, ravi: Actor, adas: Program) -> None:
    call, other = make_call_in("in_progress", ada, ravi), make_carry_in(ada)
    for _ in range(2):
        answer = adas.call("POST", f"/calls/{call}/undo", idempotency_key="k")
        assert answer.json()["status"] == "assigned"
    assert answer.headers["idempotency-replayed"] == "true"
    # The same key and number for a record of another kind is another command.
    assert adas.call("POST", f"/carry-ins/{other}/undo", idempotency_key="k").status_code == 422


def test_any_step_is_taken_back_by_its_number(ada: Actor, ravi: Actor, adas: Program) -> None:
    make_call_in("assigned", ada, ravi)
    seq = last_seq()
    answer = adas.call("POST", f"/activity/{seq}/undo")
    assert answer.status_code == 200 and answer.json() == {"said": "Undone. C-1 is pending again."}
    assert adas.call("POST", f"/activity/{seq}/undo").status_code == 409
    assert adas.call("POST", "/activity/99999/undo").status_code == 404


def test_customers_are_found_made_and_edited(ada: Actor, adas: Program) -> None:
    made = adas.call("POST", "/customers", {"name": "Rosa", "phone": "(415) 555-0123"})
    assert made.json()["phone"] == "+14155550123" and made.json()["may"] == ["edit"]
    twice = adas.call("POST", "/customers", {"name": "Rosa", "phone": "415 555 0123"})
    assert twice.status_code == 422 and twice.json()["errors"].keys() == {"phone"}
    adas.call("PATCH", "/customers/1", {"phone": "+1 415 555 0199", "email": "rosa@example.com"})
    assert names(adas, "/customers?q=4155550199") == names(adas, "/customers?q=rosa") == ["Rosa"]
    assert names(adas, "/customers?q=nobody") == []


def test_users_are_let_in_changed_and_let_go(ada: Actor, adas: Program) -> None:
    body = {
        "username": "kim",
        "full_name": "Kim Doe",
        "role": "engineer",
        "password": "correct horse battery",
    }
    made = adas.call("POST", "/users", body, idempotency_key="kim")
    assert made.status_code == 201 and "argon2" not in made.text and "password" not in made.json()
    kim = made.json()["id"]
    assert adas.call("POST", "/users", body, idempotency_key="kim").json() == made.json()
    other = adas.call("POST", "/users", body | {"password": "another horse battery"}, idempotency_key="kim")
    assert other.status_code == 422
    assert adas.call("PATCH", f"/users/{kim}", {"role": "dispatcher"}).json()["role"] == "dispatcher"
    adas.call("POST", f"/users/{kim}/set-password", {"password": "staple battery horse"})
    assert verify_password(stored(User, kim).password_hash, "staple battery horse")
    gone = adas.call("POST", f"/users/{kim}/deactivate")
    assert gone.json()["is_active"] is False and gone.json()["may"] == ["edit", "set-password", "reactivate"]
    assert adas.call("POST", f"/users/{kim}/reactivate").json()["is_active"] is True
    assert adas.call("POST", f"/users/{kim}/reset-second-factor").status_code == 409
    assert names(adas, "/users?role=dispatcher&active=true", "username") == ["kim"]
    assert not any("battery" in str(command.result) for command in all_rows(Command))


def test_who_lets_themselves_go_is_refused(ada: Actor, adas: Program) -> None:
    me = adas.call("GET", f"/users/{ada.id}").json()
    assert me["may"] == ["edit"]
    assert adas.call("POST", f"/users/{ada.id}/deactivate").status_code == 409
    assert adas.call("PATCH", f"/users/{ada.id}", {"role": "engineer"}).status_code == 409


def test_everybody_sees_names_and_roles_alone(ada: Actor, ravi: Actor) -> None:
    former = make_user(Role.ENGINEER, "Zoe Z.", is_active=False)
    told = Program(token_of(ravi)).call("GET", "/colleagues").json()["items"]
    assert [item["id"] for item in told] == [former.id, ravi.id, ada.id]
    assert told[0] == {
        "id": former.id,
        "name": "Zoe Z.",
        "role": "engineer",
        "is_active": False,
        "is_engineer": False,
    }
    pages = Program(token_of(ravi)).call("GET", "/colleagues?limit=2").json()
    rest = Program(token_of(ravi)).call("GET", f"/colleagues?limit=2&cursor={pages['next']}").json()
    assert [item["id"] for item in pages["items"] + rest["items"]] == [former.id, ravi.id, ada.id]


def test_categories_are_made_moved_archived_and_restored(ada: Actor, ravi: Actor, adas: Program) -> None:
    for kind, name in (("call", "Roofs"), ("call", "Pipes"), ("carry_in", "Radios")):
        assert adas.call("POST", "/categories", {"kind": kind, "name": name}).status_code == 201
    assert names(adas, "/categories?kind=call") == ["Pipes", "Roofs"]
    moved = adas.call("POST", "/categories/2/move", {"up": True})
    assert moved.json()["position"] == 1 and moved.json()["used"] == 0
    assert adas.call("PATCH", "/categories/2", {"name": "Drains"}).json()["name"] == "Drains"
    assert adas.call("POST", "/categories/2/archive").json()["may"] == ["edit", "restore"]
    assert names(adas, "/categories?active=true") == ["Radios", "Roofs"]
    assert adas.call("POST", "/categories/2/restore").json()["is_active"] is True
    taken = adas.call("POST", "/categories", {"kind": "call", "name": "DRAINS"})
    assert taken.status_code == 422 and taken.json()["errors"].keys() == {"name"}
    seen = Program(token_of(ravi)).call("GET", "/categories/1").json()
    assert (seen["name"], seen["used"], seen["may"]) == ("Roofs", None, [])


def test_the_activity_is_read_on_and_cut_to_what_its_reader_sees(
    ada: Actor, ravi: Actor, adas: Program
) -> None:
    make_call(ada)
    mine = make_call_in("assigned", ada, ravi)
    first = adas.call("GET", "/activity?limit=1").json()
    (entry,) = first["items"]
    assert (entry["seq"], entry["name"], entry["number"]) == (last_seq(), "call_assigned", f"C-{mine}")
    assert f"{entry['actor']} {entry['text']}" == "Ada A. assigned Ravi K."
    second = adas.call("GET", f"/activity?limit=1&cursor={first['next']}").json()
    assert [item["seq"] for item in second["items"]] == [last_seq() - 1]
    ravis = Program(token_of(ravi)).call("GET", "/activity?kind=call").json()["items"]
    assert {item["record_id"] for item in ravis} == {mine}
    of_one = adas.call("GET", f"/activity?kind=call&record={mine}&person={ada.id}").json()["items"]
    assert [item["name"] for item in of_one] == ["call_assigned", "call_created"]
    assert adas.call("GET", "/activity?day=2020-01-01").json()["items"] == []
    for query in ("record=1", "kind=call&day=1", "day=9999-12-31", "kind=token"):
        assert adas.call("GET", f"/activity?{query}").status_code == 422, query


def test_a_front_desk_is_refused_what_it_sees_and_may_not_do(ada: Actor) -> None:
    device = make_carry_in(ada)
    fay = Program(token_of(make_user(Role.FRONT_DESK)))
    assert fay.call("PATCH", f"/carry-ins/{device}", {"fault": "Smokes."}).status_code == 200
    refused = fay.call("GET", "/users")
    assert refused.status_code == 403 and refused.json()["detail"] == "You may not manage users."
    assert stored(CarryIn, device).fault == "Smokes."
