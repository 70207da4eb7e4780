"""What somebody pressed is never done in another's name, whoever has signed in on the same browser meanwhile."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from service_desk.domain.calls import Call

from ..readings import all_rows, last_seq, stored
from ..running_desk import COOKIE, PASSWORD
from .conftest import Seat, Sit, Wired, wait_until_live
from .cuts import CUT_OFF, come_back
from .steps import press
from .test_dead_link import logged, new_call
from .test_drafts_after_faults import BACK_MS
from .test_drafts_kept import kept


def become(seat: Seat, wired: Wired, username: str) -> None:
    """As after a sign-in of this user on the same browser."""
    token = wired.desk.token(username)
    seat.context.add_cookies([{"name": COOKIE, "value": token, "url": wired.desk.url}])


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("button", name="Sign out").click()


def test_a_form_that_waited_is_not_saved_in_the_name_of_the_next_one(
    sit: Sit, wired: Wired, word: str, phone: str
) -> None:
    seat = sit("maya", f"/calls?q={word}", base=wired.wire.url)
    dialog = new_call(seat.page, word, phone)
    wired.wire.cut()
    expect(seat.page.locator(".chip")).not_to_have_text("Live")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("alert").filter(has_text="No answer yet")).to_be_visible()
    become(seat, wired, "lena")
    wired.wire.mend()
    expect(seat.page.locator(".who-name")).to_have_text("Lena Park", timeout=BACK_MS)
    wait_until_live(seat.page)
    assert not logged(word)


def test_a_step_that_waited_is_not_taken_in_the_name_of_the_next_one_by_a_new_server_either(
    sit: Sit, wired: Wired, ravis: int
) -> None:
    seat = sit("maya", f"/calls/{ravis}")
    wired.desk.stop()
    expect(seat.page.locator(".chip")).not_to_have_text("Live")
    press(seat.page, "Unassign")
    expect(seat.page.get_by_role("status").filter(has_text="1 step waits")).to_be_visible()
    before = last_seq()
    become(seat, wired, "lena")
    wired.desk.start(wired.desk.port)
    expect(seat.page.locator(".who-name")).to_have_text("Lena Park", timeout=BACK_MS)
    wait_until_live(seat.page)
    assert (stored(Call, ravis).version, last_seq()) == (1, before)


def test_who_signs_out_in_another_tab_takes_back_what_waits_in_this_one(
    sit: Sit, wired: Wired, word: str, phone: str
) -> None:
    seat = sit("maya", f"/calls?q={word}")
    page = seat.page
    dialog = new_call(page, word, phone)
    page.evaluate(CUT_OFF)
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("alert").filter(has_text="No answer yet")).to_be_visible()
    other = seat.tab(f"{wired.desk.url}/carry-ins")
    sign_out(other)
    expect(other).to_have_url(f"{wired.desk.url}/sign-in?reason=signed-out")
    expect(dialog.get_by_role("alert")).to_contain_text("You have signed out in another tab")
    expect(dialog.get_by_role("alert")).not_to_contain_text("once the connection is back")
    other.get_by_label("Username").fill("maya")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    wait_until_live(other)
    page.bring_to_front()
    come_back(page)
    page.wait_for_timeout(500)
    assert not logged(word)
    assert not [call for call in all_rows(Call) if word in call.problem]
    assert f"{word} is st" not in kept(other)
