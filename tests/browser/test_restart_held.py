"""What is pressed after the server has said goodbye waits for the next one, and the page lives on meanwhile."""

from __future__ import annotations

import signal
import sqlite3
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from service_desk.domain.calls import Call, CallStatus

from ..readings import all_rows, stored
from ..typist import Typist
from .conftest import Sit, Wired, wait_until_live
from .cuts import GOODBYE, HANG_UP
from .steps import row_with
from .test_blocked import expect_chip
from .test_drafts_kept import half_log

ALIVE_MS = 3_000
SENT = "() => document.getElementById('new-call-form').deskSent"


@pytest.fixture
def held_open(wired: Wired, typist: Typist, phone: str, word: str) -> Iterator[sqlite3.Connection]:
    """A command that waits for the store's lock, so that a goodbye lasts until that is let go of."""
    holder = sqlite3.connect(wired.desk.folder / "desk.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    fields = (f"{word} held up", wired.categories["Network"], phone)
    waiting = threading.Thread(target=typist.log_call, args=fields)
    waiting.start()
    yield holder
    holder.close()
    waiting.join(10)


def test_a_step_and_then_a_link_in_the_goodbye_leave_the_page_alive_and_the_step_is_taken_once(
    sit: Sit, wired: Wired, ravis: int, request: pytest.FixtureRequest
) -> None:
    page = sit("ravi", f"/calls/{ravis}").page
    start = page.get_by_role("group", name="Steps").filter(visible=True).get_by_role("button", name="Start")
    expect(start).to_be_visible()
    holder = request.getfixturevalue("held_open")
    server = wired.desk.process
    assert server is not None
    server.send_signal(signal.SIGTERM)
    expect_chip(page, "Restarting…")
    start.click()
    page.get_by_role("link", name="Carry-ins", exact=True).click()
    page.wait_for_function("() => location.pathname === '/carry-ins'", timeout=ALIVE_MS)
    page.wait_for_function("() => new Promise((done) => setTimeout(() => done(true), 200))", timeout=ALIVE_MS)
    holder.execute("COMMIT")
    wired.desk.stop()
    wired.desk.start(wired.desk.port)
    wait_until_live(page)
    expect(page.get_by_role("heading", name="Carry-ins")).to_be_visible()
    page.goto(f"{wired.desk.url}/calls/{ravis}")
    expect(page.get_by_role("definition").filter(has_text="On site")).to_be_visible()
    assert (stored(Call, ravis).status, stored(Call, ravis).version) == (CallStatus.IN_PROGRESS, 2)


def test_a_form_sent_after_the_goodbye_is_called_not_sent_until_it_is(
    sit: Sit, wired: Wired, word: str, phone: str
) -> None:
    page = sit("maya", f"/calls?q={word}").page
    dialog = half_log(page, word)
    dialog.get_by_label("Phone").fill(phone)
    dialog.get_by_label("Customer name").fill("Bright Stores")
    page.evaluate(GOODBYE)
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("alert").filter(has_text="No answer yet")).to_contain_text(
        "once the connection is back"
    )
    assert page.evaluate(SENT) == "waiting"
    asked: list[str] = []
    page.on("dialog", lambda question: (asked.append(question.type), question.dismiss()))
    page.evaluate("() => setTimeout(() => location.reload())")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert not [call for call in all_rows(Call) if word in call.problem]
    page.evaluate(HANG_UP)
    expect(dialog).to_be_hidden()
    expect(row_with(page, word)).to_have_count(1)
