"""A link that is dead and not known to be: what was sent over it is sent again over the next, and done once."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from service_desk.domain.calls import Call, CallStatus

from ..readings import all_rows, last_seq, stored
from ..tcp_proxy import TcpProxy
from .conftest import Sit, wait_until_live
from .cuts import HANG_UP, KEPT_APART, come_back
from .steps import dialog_of, row_with
from .test_blocked import expect_chip
from .test_drafts_kept import WRITTEN, half_log, kept

SILENCE_SECONDS = 20
PATIENCE_SECONDS = 15
DEAF = "() => { window.desk.spared = window.desk.answered; window.desk.answered = () => {}; }"
"""The answers to forms don't arrive."""
HEARING = "() => { window.desk.answered = window.desk.spared; }"


def new_call(page: Page, word: str, phone: str) -> Locator:
    dialog = half_log(page, word)
    dialog.get_by_label("Phone").fill(phone)
    dialog.get_by_label("Customer name").fill("Bright Stores")
    return dialog


def logged(word: str) -> list[Call]:
    return [call for call in all_rows(Call) if word in call.problem]


def test_a_form_sent_over_a_silent_link_is_sent_again_and_logs_one_call(
    sit: Sit, wire: TcpProxy, word: str, phone: str
) -> None:
    page = sit("maya", f"/calls?q={word}", base=wire.url).page
    dialog = new_call(page, word, phone)
    wire.lose()
    page.evaluate(KEPT_APART)
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect_chip(page, "Reconnecting…", SILENCE_SECONDS)
    note = dialog.get_by_role("alert").filter(has_text="No answer yet")
    expect(note).to_contain_text("is sent once the connection is back")
    assert not logged(word)
    come_back(page)
    expect(dialog).to_be_hidden()
    expect(row_with(page, word)).to_have_count(1)
    assert len(logged(word)) == 1
    assert word not in kept(page)


def test_a_step_over_a_silent_link_says_that_it_waits_and_is_taken_once(
    sit: Sit, wire: TcpProxy, ravis: int
) -> None:
    page = sit("ravi", f"/calls/{ravis}", base=wire.url).page
    start = page.get_by_role("group", name="Steps").filter(visible=True).get_by_role("button", name="Start")
    expect(start).to_be_visible()
    wire.lose()
    page.evaluate(KEPT_APART)
    start.click()
    page.evaluate(HANG_UP)
    note = page.get_by_role("status").filter(has_text="Will be sent when the connection is back")
    expect(note).to_contain_text("1 step waits")
    expect(start).to_have_attribute("aria-busy", "true")
    assert stored(Call, ravis).status == CallStatus.ASSIGNED
    come_back(page)
    expect(page.get_by_role("definition").filter(has_text="On site")).to_be_visible()
    expect(note).to_have_count(0)
    assert (stored(Call, ravis).status, stored(Call, ravis).version) == (CallStatus.IN_PROGRESS, 2)


def test_what_was_answered_is_not_sent_again_by_a_later_drop(
    sit: Sit, wire: TcpProxy, ravis: int, word: str, phone: str
) -> None:
    page = sit("ravi", f"/calls/{ravis}", base=wire.url).page
    page.get_by_role("group", name="Steps").filter(visible=True).get_by_role("button", name="Start").click()
    expect(page.get_by_role("definition").filter(has_text="On site")).to_be_visible()
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
    page.evaluate(HANG_UP)
    expect_chip(page, "Reconnecting…")
    wait_until_live(page)
    page.wait_for_timeout(500)
    assert sent
    assert not [frame for frame in sent if '"key"' in frame]


def test_an_answer_that_never_comes_over_a_live_link_is_called_that_and_can_be_asked_for_again(
    sit: Sit, wire: TcpProxy, word: str, phone: str
) -> None:
    page = sit("maya", f"/calls?q={word}", base=wire.url).page
    dialog = new_call(page, word, phone)
    page.evaluate(DEAF)
    dialog.get_by_role("button", name="Save", exact=True).click()
    note = dialog.get_by_role("alert").filter(has_text="No answer came")
    expect(note).to_contain_text("Press Save again", timeout=(PATIENCE_SECONDS + 5) * 1000)
    expect(dialog).not_to_contain_text("once the connection is back")
    page.evaluate(HEARING)
    before = last_seq()
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_be_hidden()
    assert (len(logged(word)), last_seq()) == (1, before)


def test_a_late_second_answer_leaves_the_next_form_alone(
    sit: Sit, wire: TcpProxy, word: str, phone: str
) -> None:
    page = sit("maya", f"/calls?q={word}", base=wire.url).page
    dialog = new_call(page, word, phone)
    answers = "() => { const tell = window.desk.answered; window.deskTold = []; "
    page.evaluate(
        answers + "window.desk.answered = (...words) => { window.deskTold.push(words); tell(...words); }; }"
    )
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_be_hidden()
    page.keyboard.press("n")
    again = dialog_of(page, "New call")
    again.get_by_label("Problem").fill(f"{word} another")
    page.evaluate("() => window.desk.answered(...window.deskTold[0])")
    expect(again).to_be_visible()
    expect(again.get_by_label("Problem")).to_have_value(f"{word} another")


def test_what_is_typed_after_a_form_was_sent_is_neither_lost_nor_called_saved(
    sit: Sit, wire: TcpProxy, word: str, phone: str
) -> None:
    page = sit("maya", f"/calls?q={word}", base=wire.url).page
    dialog = new_call(page, word, phone)
    wire.lose()
    dialog.get_by_role("button", name="Save", exact=True).click()
    dialog.get_by_label("Problem").fill(f"{word} and more")
    page.evaluate(HANG_UP)
    expect(dialog.get_by_role("alert").filter(has_text="saved as it was sent")).to_be_visible()
    expect(dialog.get_by_label("Problem")).to_have_value(f"{word} and more")
    assert [call.problem for call in logged(word)] == [f"{word} is st"]
    page.wait_for_function(WRITTEN, arg=f"{word} and more")
