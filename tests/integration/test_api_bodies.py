"""Bodies and addresses that no honest program sends: refused with a sentence, never a fault, and nothing is done."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service_desk.actions import commands
from service_desk.config import settings
from service_desk.domain.access import Actor
from service_desk.domain.calls import Call
from service_desk.domain.customers import Customer
from service_desk.domain.errors import Busy
from service_desk.store.database import Database
from service_desk.web.api import auth
from service_desk.web.api.body import MOST_BYTES, MOST_LEVELS
from tests.api_caller import API, Program, token_of
from tests.factories import call_form, make_category
from tests.readings import all_rows, stored

JSON = {"content-type": "application/json"}


@pytest.fixture
def adas(ada: Actor) -> Program:
    return Program(token_of(ada))


def nested(levels: int) -> str:
    return '{"was": ' + "[" * (levels - 1) + "]" * (levels - 1) + "}"


def post(program: Program, body: str | bytes, **headers: str) -> Any:
    return program.ask("POST", f"{API}/customers", content=body, headers=JSON | headers)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ("null", 400),
        ('"name"', 400),
        ('{"name": NaN}', 400),
        ('{"name": -Infinity}', 400),
        ('{"name": ' + "9" * 5000 + "}", 400),
        ('{"name": "a", "name": "b"}', 400),
        (b'{"name": "\xff"}', 400),
        (b'\xef\xbb\xbf{"name": "a"}', 400),
        (nested(MOST_LEVELS + 1), 400),
        (nested(30_000), 400),
        ('{"name": ' + "1" * 90 + "}", 422),
        ('{"name": 1e999}', 422),
        (r'{"name": "\ud800", "phone": "+1 415 555 0123"}', 422),
        (r'{"name": "a\u0000b", "phone": "+1 415 555 0123"}', 422),
        (r'{"\ud800": 1}', 422),
        (r'{"\u0000": 1}', 422),
        ('{"name": true, "phone": ["+1 415 555 0123"]}', 422),
        ("{}", 422),
        ("", 422),
    ],
)
def test_a_body_that_makes_no_sense_is_refused(adas: Program, body: str | bytes, status: int) -> None:
    answer = post(adas, body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < 1000 and answer.json()["detail"]
    assert all_rows(Customer) == []


def test_a_body_that_is_too_large_is_not_read_to_its_end(adas: Program) -> None:
    sent = []

    async def chunks() -> Any:
        for _ in range(100):
            sent.append(1)
            yield b" " * 8192

    answer = adas.ask("POST", f"{API}/customers", content=chunks(), headers=JSON)
    assert answer.status_code == 413 and len(sent) <= MOST_BYTES // 8192 + 2


def test_what_is_no_json_is_refused_by_its_name(adas: Program) -> None:
    form = json.dumps(call_form(make_category()))
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""):
        answer = adas.ask("POST", f"{API}/calls", content=form, headers={"content-type": kind})
        assert answer.status_code == 415, kind
    good = {"content-type": "application/json; charset=utf-8"}
    assert adas.ask("POST", f"{API}/calls", content=form, headers=good).status_code == 201
    assert len(all_rows(Call)) == 1


def test_an_edit_s_was_is_an_object_that_may_hold_anything(ada: Actor, adas: Program) -> None:
    adas.call("POST", "/calls", call_form(make_category()))
    for was in ("x", 7, None, False, ["x"], [{"problem": "x"}]):
        answer = adas.call("PATCH", "/calls/1", {"problem": "New.", "was": was})
        assert answer.status_code == 422 and answer.json()["errors"].keys() == {"was"}, (was, answer.text)
    assert stored(Call, 1).problem != "New."
    for was in ({}, {"problem": {"a": []}}, {"x": "\ud800"}):
        body = json.dumps({"problem": "New.", "was": was})
        answer = adas.ask("PATCH", f"{API}/calls/1", content=body, headers=JSON)
        assert answer.status_code in (200, 409), (was, answer.text)


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ff", "q=%ed%a0%80", "q=%F0%9F%90%9E", "q=" + "%27%22%25_" * 4]
)
def test_strange_letters_in_a_question_find_nothing_and_break_nothing(adas: Program, query: str) -> None:
    for path in ("calls", "carry-ins", "customers"):
        assert adas.call("GET", f"/{path}?{query}").status_code == 200


def test_a_method_that_is_not_there_names_those_that_are(adas: Program) -> None:
    answer = adas.call("DELETE", "/calls/1")
    assert answer.status_code == 405 and answer.headers["allow"] == "GET, PATCH"
    assert answer.json()["title"] == "Method Not Allowed"
    assert adas.call("PUT", "/calls").headers["allow"] == "GET, POST"


def test_a_token_may_ask_so_often_and_no_more(ada: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = settings().model_copy(update={"api_requests_per_second": 3})
    monkeypatch.setattr(auth, "settings", lambda: chosen)
    one, other = Program(token_of(ada)), Program(token_of(ada))
    answers = [one.call("GET", "/me") for _ in range(200)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and refused[0].headers["retry-after"] == "1"
    assert "3 times a second" in refused[0].json()["detail"]
    assert other.call("GET", "/me").status_code == 200


def test_while_the_database_takes_nothing_the_answer_says_when_to_come_again(
    ada: Actor, adas: Program, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = call_form(make_category())
    # Its token is known, so that only the change itself meets the busy store.
    adas.call("GET", "/me")

    def busy() -> None:
        raise Busy("Somebody else is saving. Try again in a moment.")

    monkeypatch.setattr(database, "writer", busy)
    answer = adas.call("POST", "/calls", form, idempotency_key="k")
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
    monkeypatch.undo()
    assert adas.call("POST", "/calls", form, idempotency_key="k").status_code == 201


def test_a_mistake_of_the_program_tells_nothing_of_itself(
    adas: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("service_desk.web.api.me.show_token", broken)
    monkeypatch.setattr(adas.client._transport, "raise_app_exceptions", False)
    answer = adas.call("GET", "/me")
    assert answer.status_code == 500 and answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("That did not work") and "secret words" not in answer.text


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The secrets that were hashed slowly, each of which keeps others waiting who sign in."""
    seen: list[str] = []

    def slow_hash(secret: str, _key: str) -> str:
        seen.append(secret)
        return "hash"

    monkeypatch.setattr(commands, "_slow_hash", slow_hash)
    return seen


def test_a_thousand_passwords_in_one_body_are_not_hashed_one_by_one(adas: Program, hashed: list[str]) -> None:
    was = {str(number): {"password": "x"} for number in range(1000)}
    adas.call("POST", "/calls", call_form(make_category()))
    answer = adas.call("PATCH", "/calls/1", {"problem": "New.", "password": "y", "was": was})
    assert answer.status_code == 422 and hashed == []


@pytest.mark.parametrize("path", ["/calls", "/webhooks", "/users/1/deactivate"])
def test_a_secret_that_nobody_asked_for_is_not_hashed(adas: Program, hashed: list[str], path: str) -> None:
    answer = adas.call("POST", path, {"password": "x", "code": "y", "name": "z"})
    assert answer.status_code == 422 and hashed == []


@pytest.mark.parametrize("path", ["/users", "/users/1/set-password"])
def test_a_password_from_somebody_who_may_set_none_is_not_hashed(
    ravi: Actor, hashed: list[str], path: str
) -> None:
    answer = Program(token_of(ravi)).call("POST", path, {"password": "correct horse battery"})
    assert answer.status_code == 403 and hashed == []
