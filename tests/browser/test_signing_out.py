"""A sign-out takes the drafts along wherever it begins, and one that is thought better of takes nothing."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from ..running_desk import PASSWORD
from ..tcp_proxy import TcpProxy
from .conftest import Sit, Wired, wait_until_live
from .cuts import CUT_OFF, come_back
from .steps import dialog_of
from .test_dead_link import new_call
from .test_drafts_kept import WRITTEN, half_log, kept
from .test_whose_command import sign_out

COME_FORWARD = """() => {
  setTimeout(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
}"""
"""As when the browser brings a page back that it had put aside whole."""

COME_FORWARD_LATER = f"""() => {{
  dispatchEvent(new PageTransitionEvent("pagehide", {{ persisted: true }}));
  const now = performance.now();
  performance.now = () => now + 600000;
  ({COME_FORWARD})();
}}"""
"""It was put aside in due form, ten minutes before."""

STAYS = """() => {
  const aside = document.body.appendChild(document.createElement("iframe"));
  aside.name = "aside";
  document.querySelector("form[action$='sign-out']").target = aside.name;
}"""
"""The answer to a sign-out goes elsewhere, so that the page is still there, as one that was put aside."""


def close(page: Page) -> None:
    dialog_of(page, "New call").get_by_role("button", name="Close", exact=True).last.click()


def test_signing_out_of_a_page_that_never_had_a_socket_leaves_no_draft_behind(
    sit: Sit, wire: TcpProxy, word: str
) -> None:
    page = sit("maya", base=wire.url).page
    half_log(page, word)
    page.wait_for_function(WRITTEN, arg=f"{word} is st")
    wire.refuse_sockets()
    page.goto(f"{wire.url}/carry-ins")
    assert word in kept(page)
    sign_out(page)
    expect(page).to_have_url(f"{wire.url}/sign-in?reason=signed-out")
    assert word not in kept(page)


def test_who_stays_keeps_the_drafts_and_goes_on_keeping_them(
    sit: Sit, wired: Wired, word: str, phone: str
) -> None:
    page = sit("maya").page
    dialog = new_call(page, word, phone)
    page.evaluate(CUT_OFF)
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("alert").filter(has_text="No answer yet")).to_be_visible()
    close(page)
    asked: list[str] = []
    page.on("dialog", lambda question: (asked.append(question.type), question.dismiss()))
    sign_out(page)
    page.wait_for_timeout(500)
    assert len(asked) == 1
    assert f"{word} is st" in kept(page)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    dialog.get_by_label("Problem").fill(f"{word} is another")
    page.wait_for_function(WRITTEN, arg=f"{word} is another")


def test_who_goes_all_the_same_is_asked_once_and_leaves_nothing(
    sit: Sit, wired: Wired, word: str, phone: str
) -> None:
    page = sit("maya").page
    dialog = new_call(page, word, phone)
    page.evaluate(CUT_OFF)
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("alert").filter(has_text="No answer yet")).to_be_visible()
    close(page)
    asked: list[str] = []
    page.on("dialog", lambda question: (asked.append(question.type), question.accept()))
    sign_out(page)
    expect(page).to_have_url(f"{wired.desk.url}/sign-in?reason=signed-out")
    assert len(asked) == 1
    assert word not in kept(page)


def test_a_tab_that_missed_a_sign_out_keeps_drafts_once_the_same_person_is_back(
    sit: Sit, wired: Wired, word: str
) -> None:
    seat = sit("maya")
    page = seat.page
    page.evaluate(CUT_OFF)
    other = seat.tab(f"{wired.desk.url}/carry-ins")
    sign_out(other)
    expect(other).to_have_url(re.compile("/sign-in"))
    other.get_by_label("Username").fill("maya")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    wait_until_live(other)
    page.bring_to_front()
    come_back(page)
    half_log(page, word)
    page.wait_for_function(WRITTEN, arg=f"{word} is st")


def test_going_back_after_a_sign_out_shows_no_desk(sit: Sit, wired: Wired) -> None:
    page = sit("maya").page
    page.evaluate(STAYS)
    sign_out(page)
    page.evaluate(COME_FORWARD)
    expect(page).to_have_url(re.compile("/sign-in"))


def test_going_back_long_after_a_sign_out_shows_none_either(sit: Sit) -> None:
    page = sit("maya").page
    # What was put aside has no connection, by which it might be told.
    page.evaluate(CUT_OFF)
    page.evaluate(STAYS)
    sign_out(page)
    page.evaluate(COME_FORWARD_LATER)
    expect(page).to_have_url(re.compile("/sign-in"))


def test_going_back_to_a_page_that_was_shown_out_loads_it_anew(sit: Sit) -> None:
    page = sit("maya").page
    page.evaluate("() => { window.deskIsOld = true; window.desk.leave('#'); }")
    page.evaluate(COME_FORWARD)
    page.wait_for_function("() => !window.deskIsOld")


def test_going_back_to_a_page_of_somebody_who_is_still_in_reloads_nothing(sit: Sit) -> None:
    page = sit("maya").page
    loads: list[Page] = []
    page.on("domcontentloaded", lambda loaded: loads.append(loaded))
    page.evaluate(COME_FORWARD)
    page.wait_for_timeout(500)
    assert not loads
