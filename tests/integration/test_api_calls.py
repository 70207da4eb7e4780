"""Calls over the HTTP API: the same rules and sentences as on the screens."""

from __future__ import annotations

from typing import Any

import pytest

from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.users import Role
from tests.api_caller import API, Program, token_of
from tests.factories import call_form, make_call, make_call_in, make_category, make_user
from tests.readings import all_rows, last_entry, stored


@pytest.fixture
def adas(ada: Actor) -> Program:
    return Program(token_of(ada))


@pytest.fixture
def ravis(ravi: Actor) -> Program:
    return Program(token_of(ravi))


def numbers(program: Program, query: str = "") -> list[str]:
    return [item["number"] for item in program.call("GET", f"/calls{query}").json()["items"]]


def test_a_call_goes_its_whole_way(ada: Actor, ravi: Actor, adas: Program, ravis: Program) -> None:
    made = adas.call("POST", "/calls", call_form(make_category(), priority="urgent"))
    assert made.status_code == 201 and made.headers["location"] == f"{API}/calls/1"
    assert made.json()["status"] == "pending" and made.json()["priority"] == "urgent"
    steps: list[tuple[Program, str, dict[str, Any] | None, str]] = [
        (adas, "assign", {"assigned_to_id": ravi.id, "instructions": "Ring twice."}, "assigned"),
        (adas, "unassign", None, "pending"),
        (adas, "assign", {"assigned_to_id": ravi.id}, "assigned"),
        (ravis, "start", None, "in_progress"),
        (ravis, "complete", {"remark": "Bled the radiator."}, "completed"),
        (adas, "reopen", {"reason": "Cold again."}, "assigned"),
        (adas, "cancel", {"reason": "Works again."}, "cancelled"),
    ]
    for program, verb, body, status in steps:
        answer = program.call("POST", f"/calls/1/{verb}", body)
        assert answer.status_code == 200, (verb, answer.text)
        assert answer.json()["status"] == status
        assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
        assert int(answer.headers["journal-seq"]) == last_entry().seq
    again = adas.call("GET", "/calls/1").json()
    assert again["completed_by"] is None and again["cancelled_by"] == "Ada A."
    assert again["may"] == ["reopen"] and adas.call("GET", "/calls").json()["items"] == [again]


def test_what_the_state_does_not_allow_is_refused_with_the_sentence_of_the_screens(
    ada: Actor, ravi: Actor, adas: Program
) -> None:
    call = make_call_in("completed", ada, ravi)
    answer = adas.call("POST", f"/calls/{call}/complete", {"remark": "Twice."})
    assert answer.status_code == 409
    told = answer.json()
    assert told["detail"] == "C-1 is already completed." and told["title"] == "Conflict"
    assert told["instance"] == f"{API}/calls/1/complete" and told["errors"] == {}


def test_wrong_fields_are_named(adas: Program) -> None:
    body = call_form(make_category()) | {"phone": "12", "priority": "soon", "colour": "red"}
    answer = adas.call("POST", "/calls", body)
    assert answer.status_code == 422 and answer.json()["errors"] == {
        "colour": "This field is not known here."
    }
    del body["colour"]
    assert adas.call("POST", "/calls", body).json()["errors"].keys() == {"phone", "priority"}
    assert adas.call("POST", "/calls/1/start", {"why": "now"}).status_code == 422
    assert all_rows(Call) == []


def test_an_engineer_sees_their_own_and_what_is_not_theirs_does_not_exist(
    ada: Actor, ravi: Actor, ravis: Program
) -> None:
    theirs = make_call(ada)
    own = make_call_in("assigned", ada, ravi)
    assert numbers(ravis) == [f"C-{own}"]
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"problem": "Mine."}),
        ("POST", "/start", None),
        ("POST", "/assign", {"assigned_to_id": ravi.id}),
    ):
        answer = ravis.call(method, f"/calls/{theirs}{path}", body)
        assert answer.status_code == 404, (method, path)
        assert answer.json()["detail"].startswith(f"Call C-{theirs} was not found.")
        missing = ravis.call(method, f"/calls/{theirs + 100}{path}", body)
        assert missing.status_code == 404
    refused = ravis.call("POST", f"/calls/{own}/cancel", {"reason": "Lazy."})
    assert refused.status_code == 403 and "You may not edit, assign" in refused.json()["detail"]


def test_pages_are_read_on_newest_first_and_new_calls_shift_nothing(ada: Actor, adas: Program) -> None:
    category = make_category()
    for _ in range(5):
        make_call(ada, category_id=category)
    first = adas.call("GET", f"/calls?limit=2&category={category}")
    assert [item["number"] for item in first.json()["items"]] == ["C-5", "C-4"]
    make_call(ada, category_id=category)
    link = first.headers["link"]
    assert link.endswith('>; rel="next"')
    second = adas.ask("GET", link[1 : link.index(">")])
    assert [item["number"] for item in second.json()["items"]] == ["C-3", "C-2"]
    third = adas.call("GET", f"/calls?limit=2&category={category}&cursor={second.json()['next']}")
    assert [item["number"] for item in third.json()["items"]] == ["C-1"]
    assert third.json()["next"] is None and "link" not in third.headers
    assert numbers(adas, "?limit=100") == [f"C-{number}" for number in (6, 5, 4, 3, 2, 1)]


def test_filters_are_those_of_the_screen(ada: Actor, ravi: Actor, adas: Program, ravis: Program) -> None:
    other = make_user(Role.ENGINEER)
    pending = make_call(ada, problem="The roof leaks.", priority="high")
    make_call_in("completed", ada, ravi)
    make_call_in("assigned", ada, other)
    assert numbers(adas, "?tab=open") == ["C-3", "C-1"]
    assert numbers(adas, "?tab=unassigned") == numbers(adas, "?engineer=0") == [f"C-{pending}"]
    assert numbers(adas, "?status=completed&status=assigned") == ["C-3", "C-2"]
    assert numbers(adas, f"?engineer={ravi.id}&engineer=0") == ["C-2", "C-1"]
    assert numbers(adas, "?priority=high") == numbers(adas, "?q=roof") == numbers(adas, "?q=C-1") == ["C-1"]
    assert numbers(ravis, "?tab=mine") == [] and numbers(ravis) == ["C-2"]
    assert numbers(adas, "?tab=mine") == ["C-3", "C-1"]


NO_QUESTIONS = (
    "tab=x",
    "status=x",
    "limit=0",
    "limit=101",
    "limit=x",
    "cursor=x",
    "cursor=YmVmb3JlIDA",
    "engineer=-1",
    "stauts=open",
    "category=99999999999999999999",
    "q=" + "a" * 101,
)


@pytest.mark.parametrize("query", NO_QUESTIONS)
def test_a_question_that_makes_no_sense_is_refused(adas: Program, query: str) -> None:
    answer = adas.call("GET", f"/calls?{query}")
    assert answer.status_code == 422 and len(answer.json()["errors"]) == 1


def test_an_edit_changes_what_is_sent_and_nothing_else(ada: Actor, adas: Program) -> None:
    call = make_call(ada, problem="Old.", address="3 Elm St")
    answer = adas.call("PATCH", f"/calls/{call}", {"problem": "New.", "due_at": "2026-12-01T10:00:00+01:00"})
    assert answer.status_code == 200
    assert answer.json()["problem"] == "New." and answer.json()["site_address"] == "3 Elm St"
    assert answer.json()["due_at"] == "2026-12-01T09:00:00+00:00"
    nothing = adas.call("PATCH", f"/calls/{call}", {"problem": "New."})
    assert nothing.status_code == 200 and "journal-seq" not in nothing.headers
    assert adas.call("PATCH", f"/calls/{call}", {"site_address": None}).json()["site_address"] is None
    assert adas.call("PATCH", f"/calls/{call}", {"problem": None}).json()["errors"].keys() == {"problem"}


def test_an_edit_that_tells_what_it_saw_is_refused_where_somebody_was_first(
    ada: Actor, adas: Program
) -> None:
    call = make_call(ada, problem="Old.", priority="low")
    adas.call("PATCH", f"/calls/{call}", {"problem": "Theirs."})
    answer = adas.call("PATCH", f"/calls/{call}", {"problem": "Mine.", "was": {"problem": "Old."}})
    assert answer.status_code == 409
    assert answer.json()["theirs"] == {"problem": "Theirs."} and answer.json()["by"] == "Ada A."
    beside = adas.call("PATCH", f"/calls/{call}", {"priority": "high", "was": {"priority": "low"}})
    assert beside.status_code == 200 and stored(Call, call).problem == "Theirs."


def test_ids_that_can_be_none_do_not_exist(adas: Program) -> None:
    for number in ("0", "-1", "x", "1.5", "99999999999999999999", "%00", "1%2F2", "9" * 5000):
        assert adas.call("GET", f"/calls/{number}").status_code == 404, number


def test_nothing_here_is_kept_by_any_cache(ada: Actor, adas: Program) -> None:
    make_call(ada)
    for path in ("/calls", "/calls/1", "/calls/7", "/nothing"):
        assert adas.call("GET", path).headers["cache-control"] == "no-store"
