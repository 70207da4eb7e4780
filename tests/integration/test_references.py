"""What people are shown when they are refused leads to the line in the log that says more."""

from __future__ import annotations

import re
import sqlite3

import httpx
import pytest

from service_desk.ui.inbox import NOT_HERE, UNREADABLE

from ..caller import Caller, sentences, shown
from ..raw_socket import fresh_key
from ..running_desk import RunningDesk


@pytest.fixture(scope="module", autouse=True)
def quiet_log(server: RunningDesk) -> None:
    """Begin anew: of a flood that an earlier test made, and what follows it, most lines are left out."""
    server.stop()
    server.start(server.port)


def reference_in(text: str) -> str:
    found = re.search(r"\(reference ([2-9A-HJ-NP-Z]{8})\)", text)
    assert found, f"no reference in {text!r}"
    return found[1]


def line_of(desk: RunningDesk, made: str) -> str:
    """The only line about this."""
    (line,) = [line for line in desk.log.read_text().splitlines() if f"[{made}]" in line]
    return line


def test_a_denial_names_its_line(desk: RunningDesk) -> None:
    with Caller(desk.url, desk.token("ravi")) as ravi:
        ravi.settle()
        told = "".join(sentences(ravi.call("new_user.save", {"form": {}})))
    line = line_of(desk, reference_in(told))
    assert "You may not manage users" in line
    assert "new_user.save" in line
    assert f"user={desk.people['ravi'].id}" in line


@pytest.mark.parametrize("payload", [{}, {"call_id": None}])
def test_what_could_not_be_read_names_its_line(desk: RunningDesk, payload: object) -> None:
    with Caller(desk.url, desk.token("dana")) as dana:
        dana.settle()
        told = "".join(sentences(dana.call("complete_call.choose", payload)))
    assert UNREADABLE in told
    assert UNREADABLE in line_of(desk, reference_in(told))


def test_an_event_for_nothing_names_its_line(desk: RunningDesk) -> None:
    with Caller(desk.url, desk.token("dana")) as dana:
        dana.settle()
        dana.send("no.such.handler")
        answer = dana.wait_for(lambda frame: NOT_HERE in frame)
    assert NOT_HERE in line_of(desk, reference_in(answer))


def test_a_field_that_is_filled_in_wrongly_is_nothing_to_report(desk: RunningDesk) -> None:
    with Caller(desk.url, desk.token("dana")) as dana:
        dana.settle()
        answer = dana.call("new_customer.save", {"form": {"name": "", "phone": "x", "key": fresh_key()}})
    assert shown(answer)["new_customer"]["errors"]
    assert "reference" not in "".join(answer)


def test_a_page_that_does_not_exist_shows_its_reference(desk: RunningDesk) -> None:
    with Caller(desk.url, desk.token("dana")) as dana:
        dana.settle()
        made = shown(dana.call("missing_page.look", {}, path="/nowhere"))["missing_page"]["reference"]
    assert "there is no such page" in line_of(desk, made)


def test_a_busy_store_names_its_line_with_the_cause(desk: RunningDesk) -> None:
    with Caller(desk.url, desk.token("dana")) as dana:
        dana.settle()
        with sqlite3.connect(desk.folder / "desk.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            answer = "".join(
                dana.call(
                    "new_customer.save", {"form": {"name": "Bo", "phone": "+14155550142", "key": fresh_key()}}
                )
            )
            other.execute("ROLLBACK")
        other.close()
    line = line_of(desk, reference_in(answer))
    assert "kind=Busy" in line
    assert "database is locked" in line
    assert "Bo" not in line.partition("cause=")[2]


def test_another_site_is_told_the_reference_of_its_request(desk: RunningDesk) -> None:
    answer = httpx.post(
        f"{desk.url}/auth/sign-in", headers={"origin": "https://evil.example", "x-request-id": "MINE"}
    )
    made = reference_in(answer.text)
    assert answer.status_code == 403
    assert answer.headers["x-request-id"] == made
    assert "https://evil.example" in line_of(desk, made)


def test_a_page_with_one_sentence_shows_its_reference(desk: RunningDesk) -> None:
    answer = httpx.get(f"{desk.url}/setup?token=hunter2hunter2hunter2")
    made = answer.headers["x-request-id"]
    assert f"<code>{made}</code>" in answer.text
    assert "hunter2" not in line_of(desk, made)
