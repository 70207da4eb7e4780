"""What is half-typed outlives its page, for its owner and nobody else, until it is saved or they sign out."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from service_desk.actions.calls import create_call, edit_call
from service_desk.domain.calls import Call

from ..readings import stored
from ..running_desk import PASSWORD
from .conftest import Sit, Wired, wait_until_live
from .steps import dialog_of, press, row_with
from .test_accessibility import complaints

KEPT = "() => Object.entries(localStorage).filter(([key]) => key.startsWith('desk-draft:'))"
WRITTEN = f"(words) => ({KEPT})().some(([, draft]) => draft.includes(words))"
NO_LAST_WORD = """for (const word of ["pagehide", "visibilitychange", "beforeunload"])
  addEventListener(word, (event) => event.stopImmediatePropagation(), true);"""
"""As in a tab that crashes: its scripts don't hear that it ends."""
FORBIDDEN = """const set = Storage.prototype.setItem;
Storage.prototype.setItem = function (key, value) {
  if (key.startsWith("desk-")) throw new DOMException("full", "QuotaExceededError");
  set.call(this, key, value); };"""
BEFORE = "Your draft from before"


@pytest.fixture
def call(wired: Wired, word: str, phone: str) -> int:
    form = {"phone": phone, "customer_name": "Bright Stores", "category_id": wired.categories["Network"]}
    return create_call(wired.desk.people["maya"], {**form, "problem": f"{word} as logged"})


def half_log(page: Page, word: str) -> Locator:
    """The dialog of a new call, with a few fields typed and chosen."""
    page.keyboard.press("n")
    dialog = dialog_of(page, "New call")
    dialog.get_by_label("Phone").fill("+1 415 55")
    dialog.get_by_label("Category").select_option(label="Printers")
    dialog.get_by_label("Assign to").select_option(label="Jo Tran")
    dialog.get_by_label("Problem").fill(f"{word} is st")
    return dialog


def expect_half_logged(dialog: Locator, word: str) -> None:
    expect(dialog.get_by_label("Problem")).to_have_value(f"{word} is st")
    expect(dialog.get_by_label("Phone")).to_have_value("+1 415 55")
    expect(dialog.get_by_label("Category").locator("option:checked")).to_have_text("Printers")
    expect(dialog.get_by_label("Assign to").locator("option:checked")).to_have_text("Jo Tran")


def offer_on(page: Page) -> Locator:
    return page.get_by_role("status").filter(has_text="Throw away")


def kept(page: Page) -> str:
    """All that this browser keeps, as one text."""
    return json.dumps(page.evaluate("() => [{...localStorage}, {...sessionStorage}]"))


def test_a_page_loaded_again_offers_what_was_typed_and_opens_nothing_itself(sit: Sit, word: str) -> None:
    page = sit("maya").page
    half_log(page, word)
    page.reload()
    expect(offer_on(page)).to_contain_text("You were typing: New call")
    expect(page.locator("dialog[open]")).to_have_count(0)
    offer_on(page).get_by_role("button", name="Continue").click()
    dialog = dialog_of(page, "New call")
    expect_half_logged(dialog, word)
    expect(dialog).to_contain_text(BEFORE)
    expect(offer_on(page)).to_have_count(0)


def test_a_tab_that_crashed_or_was_closed_gives_what_was_typed_to_the_next_one(
    sit: Sit, wired: Wired, word: str
) -> None:
    seat = sit("maya", before=NO_LAST_WORD)
    half_log(seat.page, word)
    seat.page.wait_for_function(WRITTEN, arg=f"{word} is st")
    seat.page.close()
    page = seat.tab(f"{wired.desk.url}/carry-ins")
    offer_on(page).get_by_role("button", name="Continue").click()
    expect_half_logged(dialog_of(page, "New call"), word)
    page.close()
    page = seat.tab(wired.desk.url + "/calls")
    expect(offer_on(page)).to_be_visible()
    page.keyboard.press("n")
    expect_half_logged(dialog_of(page, "New call"), word)


def test_a_dialog_closed_on_purpose_keeps_its_text_but_is_not_offered(sit: Sit, word: str) -> None:
    page = sit("maya").page
    half_log(page, word).get_by_role("button", name="Close", exact=True).last.click()
    page.reload()
    wait_until_live(page)
    page.wait_for_timeout(500)
    expect(offer_on(page)).to_have_count(0)
    page.keyboard.press("n")
    dialog = dialog_of(page, "New call")
    expect_half_logged(dialog, word)
    dialog.get_by_role("button", name="Start over").click()
    expect(dialog.get_by_label("Problem")).to_have_value("")
    expect(dialog.get_by_label("Category").locator("option:checked")).to_have_text("Choose…")
    assert word not in kept(page)


def test_what_is_thrown_away_is_gone(sit: Sit, word: str) -> None:
    page = sit("maya").page
    half_log(page, word)
    page.reload()
    offer_on(page).get_by_role("button", name="Throw away").click()
    expect(offer_on(page)).to_have_count(0)
    assert word not in kept(page)
    page.keyboard.press("n")
    expect(dialog_of(page, "New call").get_by_label("Problem")).to_have_value("")


def test_what_is_saved_is_no_draft_any_more(sit: Sit, word: str, phone: str) -> None:
    page = sit("maya", f"/calls?q={word}").page
    dialog = half_log(page, word)
    dialog.get_by_label("Phone").fill(phone)
    dialog.get_by_label("Customer name").fill("Bright Stores")
    page.wait_for_function(WRITTEN, arg="Bright Stores")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(row_with(page, word)).to_have_count(1)
    assert word not in kept(page)


def test_signing_out_takes_every_draft_along_in_every_tab(sit: Sit, wired: Wired, word: str) -> None:
    seat = sit("maya")
    half_log(seat.page, word)
    seat.page.wait_for_function(WRITTEN, arg=f"{word} is st")
    other = seat.tab(wired.desk.url + "/profile")
    other.get_by_role("region", name="This browser").get_by_role("button", name="Sign out").click()
    expect(other).to_have_url(f"{wired.desk.url}/sign-in?reason=signed-out")
    expect(seat.page).to_have_url(re.compile("/sign-in"))
    assert word not in kept(other)


def test_another_user_of_the_same_browser_never_sees_a_draft_which_waits_for_its_owner(
    sit: Sit, wired: Wired, word: str
) -> None:
    seat = sit("maya")
    page = seat.page
    half_log(page, word)
    page.wait_for_function(WRITTEN, arg=f"{word} is st")
    for username, sees in (("lena", 0), ("maya", 1)):
        # As after a sign-in that has expired: nobody signed out.
        seat.context.clear_cookies()
        page.goto(wired.desk.url + "/calls")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        wait_until_live(page)
        page.wait_for_timeout(500)
        expect(offer_on(page)).to_have_count(sees)
        if not sees:
            page.keyboard.press("n")
            expect(dialog_of(page, "New call").get_by_label("Problem")).to_have_value("")
            assert word not in page.content()


def test_a_password_is_never_kept(sit: Sit, word: str) -> None:
    page = sit("dana", "/users").page
    page.get_by_role("button", name="New user").click()
    dialog = dialog_of(page, "New user")
    dialog.get_by_label("Full name").fill(f"Kim {word}")
    dialog.get_by_label("Password").fill(f"secret {word}")
    dialog.get_by_label("Username").fill(word.lower())
    page.wait_for_function(WRITTEN, arg=word.lower())
    assert f"secret {word}" not in kept(page)
    page.reload()
    offer_on(page).get_by_role("button", name="Continue").click()
    expect(dialog.get_by_label("Full name")).to_have_value(f"Kim {word}")
    expect(dialog.get_by_label("Password")).to_have_value("")
    page.goto(page.url.replace("/users", "/profile"))
    page.get_by_role("button", name="Change password").click()
    change = dialog_of(page, "Change your password")
    change.get_by_label("Current password").fill(f"secret {word}")
    change.get_by_label("New password").fill(f"secret {word}")
    page.reload()
    wait_until_live(page)
    assert f"secret {word}" not in kept(page)


def test_a_draft_of_a_call_that_somebody_changed_meanwhile_asks_which_one_stays(
    sit: Sit, wired: Wired, call: int, word: str
) -> None:
    page = sit("lena", f"/calls/{call}").page
    press(page, "Edit")
    dialog = dialog_of(page, f"Edit C-{call}")
    dialog.get_by_label("Problem").fill(f"{word} by Lena")
    page.wait_for_function(WRITTEN, arg=f"{word} by Lena")
    page.goto(wired.desk.url + "/calls")
    was = stored(Call, call)
    edit_call(
        wired.desk.people["maya"],
        call,
        version=was.version,
        was={"problem": was.problem, "site_address": was.site_address or ""},
        changes={"problem": f"{word} by Maya", "site_address": "7 Elm Street"},
    )
    expect(offer_on(page)).to_contain_text(f"Edit C-{call}")
    offer_on(page).get_by_role("button", name="Continue").click()
    expect(dialog.get_by_label("Problem")).to_have_value(f"{word} by Lena")
    expect(dialog.get_by_label("Address")).to_have_value("7 Elm Street")
    dialog.get_by_role("button", name="Save", exact=True).click()
    conflict = dialog.get_by_role("alert").filter(has_text="changed this meanwhile")
    expect(conflict).to_contain_text(f"{word} by Maya")
    assert stored(Call, call).problem == f"{word} by Maya"
    dialog.get_by_role("button", name="Save mine").click()
    expect(dialog).to_be_hidden()
    after = stored(Call, call)
    assert (after.problem, after.site_address) == (f"{word} by Lena", "7 Elm Street")
    page.wait_for_timeout(500)
    assert page.evaluate(KEPT) == []
    expect(offer_on(page)).to_have_count(0)


def test_two_tabs_share_a_draft_and_one_that_saves_clears_the_other_unless_somebody_is_at_it(
    sit: Sit, wired: Wired, word: str, phone: str
) -> None:
    seat = sit("maya", f"/calls?q={word}")
    first = half_log(seat.page, word)
    seat.page.wait_for_function(WRITTEN, arg=f"{word} is st")
    page = seat.tab(f"{wired.desk.url}/calls?q={word}")
    page.wait_for_timeout(500)
    # The first tab lives, so nothing is adrift.
    expect(offer_on(page)).to_have_count(0)
    first.get_by_role("button", name="Close", exact=True).last.click()
    page.keyboard.press("n")
    second = dialog_of(page, "New call")
    expect_half_logged(second, word)
    second.get_by_label("Phone").fill(phone)
    second.get_by_label("Customer name").fill("Bright Stores")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second).to_be_hidden()
    seat.page.bring_to_front()
    seat.page.keyboard.press("n")
    expect(first.get_by_label("Problem")).to_have_value("")
    # And now both at once: what the first types after the second is not the second's to clear.
    page.bring_to_front()
    page.keyboard.press("n")
    second.get_by_label("Problem").fill(f"{word} again")
    page.wait_for_function(WRITTEN, arg=f"{word} again")
    seat.page.bring_to_front()
    first.get_by_label("Problem").fill(f"{word} is newer")
    seat.page.wait_for_function(WRITTEN, arg=f"{word} is newer")
    page.bring_to_front()
    # The second is saved as it was typed before that.
    page.evaluate("() => window.desk.answered('new-call-form', true)")
    expect(second).to_be_hidden()
    assert f"{word} is newer" in kept(page)
    expect(first.get_by_label("Problem")).to_have_value(f"{word} is newer")


def test_a_browser_that_forbids_storage_works_without_drafts(sit: Sit, word: str) -> None:
    page = sit("maya", before=FORBIDDEN).page
    dialog = half_log(page, word)
    page.wait_for_timeout(500)
    expect_half_logged(dialog, word)
    page.reload()
    wait_until_live(page)
    expect(offer_on(page)).to_have_count(0)


def test_few_drafts_are_kept_none_for_longer_than_a_week(sit: Sit, wired: Wired, word: str) -> None:
    page = sit("maya").page
    page.evaluate(
        """(maya) => {
          const draft = (at) => JSON.stringify({ at, form: "new-call-form", record: null, title: "Old", path: "/calls",
            isOpen: true, fields: { problem: "x".repeat(1000) } });
          const day = 86400000;
          const name = `desk-draft:${maya}:edit-call-form`;
          for (let n = 0; n < 80; n++) localStorage.setItem(`${name}:${n}`, draft(Date.now() - n * 1000));
          localStorage.setItem(`${name}:1000`, draft(Date.now() - 8 * day));
        }""",
        wired.desk.people["maya"].id,
    )
    half_log(page, word)
    page.wait_for_function(WRITTEN, arg=f"{word} is st")
    left = page.evaluate(KEPT)
    assert len(left) == 50
    assert not [key for key, _ in left if key.endswith((":1000", ":79"))]
    assert [key for key, _ in left if key.endswith("edit-call-form:0")]


def test_axe_finds_nothing_in_the_offer(sit: Sit, word: str) -> None:
    page = sit("maya").page
    half_log(page, word)
    page.reload()
    expect(offer_on(page)).to_be_visible()
    assert not complaints(page)
    offer_on(page).get_by_role("button", name="Continue").click()
    assert not complaints(page)
