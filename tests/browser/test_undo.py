"""A step taken by mistake is taken back: from its toast, by a key, or from the history; the others see it at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from service_desk.actions.calls import create_call
from service_desk.actions.calls_assign import assign_call
from service_desk.actions.calls_visit import start_call
from service_desk.actions.categories import create_category
from service_desk.domain.calls import Call, CallStatus
from service_desk.domain.categories import CategoryKind
from service_desk.domain.users import Role

from ..readings import stored
from .conftest import Hire, Sit, Wired, username_of
from .steps import fact, fill_in, press, row_with, wire_name


@pytest.fixture
def call(wired: Wired, word: str, phone: str) -> int:
    """A call that Ravi is on, whose problem holds the test's word."""
    people = wired.desk.people
    key = create_call(
        people["maya"],
        {
            "phone": phone,
            "customer_name": f"{word} Stores",
            "category_id": wired.categories["Network"],
            "problem": f"{word} is offline",
            "assigned_to_id": people["ravi"].id,
        },
    )
    start_call(people["ravi"], key)
    return key


def complete(page: Page, call: int) -> None:
    press(page, "Complete")
    fill_in(page, f"Complete C-{call}", {"What was done": "The wrong call"}, "Complete")


def toast(page: Page, words: str) -> Locator:
    return page.locator("[data-sonner-toast]").filter(has_text=words)


def past(page: Page) -> Locator:
    return page.get_by_role("region", name="History")


def test_a_completion_is_undone_from_its_toast_and_every_screen_shows_it(
    sit: Sit, call: int, word: str
) -> None:
    maya, lena = sit("maya", f"/calls/{call}"), sit("lena", f"/calls?tab=all&q={word}")
    complete(maya.page, call)
    expect(row_with(lena.page, word)).to_contain_text("Completed")
    toast(maya.page, f"C-{call} is completed.").get_by_role("button", name="Undo").click()
    expect(row_with(lena.page, word)).to_contain_text("On site")
    expect(toast(maya.page, f"Undone. C-{call} is on site again.")).to_be_visible()
    expect(past(maya.page).get_by_text("Maya Singh undid the completion")).to_be_visible()
    assert wire_name() == "call_reopened"


def test_a_step_is_undone_from_the_history_after_a_reload(sit: Sit, call: int, word: str) -> None:
    maya, lena = sit("maya", f"/calls/{call}"), sit("lena", f"/calls/{call}")
    press(maya.page, "Cancel call")
    fill_in(maya.page, f"Cancel call C-{call}", {"Reason": f"{word} works"}, "Cancel call")
    expect(fact(lena.page, f"{word} works")).to_be_visible()
    maya.page.reload()
    expect(toast(maya.page, "")).to_have_count(0)
    step = past(maya.page).get_by_role("listitem").filter(has_text="cancelled it")
    step.get_by_role("button", name="Undo").click()
    expect(fact(lena.page, "On site")).to_be_visible()
    expect(fact(lena.page, f"{word} works")).to_have_count(0)
    expect(past(lena.page).get_by_text("undid the cancellation")).to_be_visible()
    # The step before is the newest that stands now.
    expect(step.get_by_role("button", name="Undo")).to_have_count(0)
    offered = past(maya.page).get_by_role("listitem").filter(has=maya.page.get_by_role("button", name="Undo"))
    expect(offered).to_contain_text("started the visit")


def test_z_undoes_while_the_toast_stands_and_is_a_letter_where_one_types(sit: Sit, call: int) -> None:
    page = sit("maya", f"/calls/{call}").page
    press(page, "Unassign")
    undo = toast(page, "pending again").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    page.keyboard.press("n")
    page.get_by_role("dialog", name="New call").get_by_label("Problem").focus()
    page.keyboard.press("z")
    expect(page.get_by_role("dialog", name="New call").get_by_label("Problem")).to_have_value("z")
    page.keyboard.press("Escape")
    expect(undo).to_be_visible()
    page.keyboard.press("z")
    expect(toast(page, f"Undone. C-{call} is on site again.")).to_be_visible()
    assert stored(Call, call).status is CallStatus.IN_PROGRESS
    page.keyboard.press("z")
    expect(past(page).get_by_role("listitem")).to_have_count(4)


def test_a_thumb_that_slipped_is_forgiven_on_a_phone(sit: Sit, call: int) -> None:
    page = sit("ravi", f"/calls/{call}", width=360, height=740).page
    complete(page, call)
    undo = toast(page, f"C-{call} is completed.").get_by_role("button", name="Undo")
    box = undo.bounding_box()
    assert box is not None and min(box["width"], box["height"]) >= 44
    undo.click()
    expect(page.get_by_role("button", name="Complete", exact=True).filter(visible=True)).to_be_visible()
    complete(page, call)
    page.reload()
    undo = past(page).get_by_role("button", name="Undo")
    box = undo.bounding_box()
    assert box is not None and min(box["width"], box["height"]) >= 44
    undo.click()
    expect(page.get_by_role("button", name="Complete", exact=True).filter(visible=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_somebody_who_comes_too_late_is_told_so(sit: Sit, wired: Wired, call: int) -> None:
    maya = sit("maya", f"/calls/{call}")
    press(maya.page, "Unassign")
    undo = toast(maya.page, "pending again").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    people = wired.desk.people
    assign_call(people["lena"], call, {"assigned_to_id": people["jo"].id})
    undo.click()
    expect(toast(maya.page, f"C-{call} was changed by Lena Park since")).to_be_visible()
    assert stored(Call, call).assigned_to_id == people["jo"].id


def test_an_archived_category_is_back_in_the_forms(sit: Sit, wired: Wired, word: str) -> None:
    create_category(wired.desk.people["dana"], CategoryKind.CALL, {"name": word})
    dana, maya = sit("dana", "/categories"), sit("maya")
    choice = maya.page.locator("#new-call-form option:not([hidden])").filter(has_text=word)
    expect(choice).to_have_count(1)
    dana.page.get_by_role("button", name=f"Archive: {word}").click()
    expect(choice).to_have_count(0)
    toast(dana.page, "Archived.").get_by_role("button", name="Undo").click()
    expect(choice).to_have_count(1)
    expect(dana.page.get_by_role("button", name=f"Archive: {word}")).to_be_visible()


def test_a_deactivation_is_undone_from_the_activity_with_the_calls_that_went_with_it(
    sit: Sit, hire: Hire, wired: Wired, call: int
) -> None:
    kim = hire(Role.ENGINEER)
    assign_call(wired.desk.people["maya"], call, {"assigned_to_id": kim.id})
    dana, maya = sit("dana", f"/users?q={username_of(kim)}"), sit("maya", f"/calls/{call}")
    dana.page.get_by_role("button", name=f"Deactivate: {kim.name}").click()
    fill_in(dana.page, f"Deactivate {kim.name}", {}, "Deactivate")
    expect(fact(maya.page, "Nobody yet")).to_be_visible()
    dana.page.get_by_role("link", name="Activity").first.click()
    dana.page.get_by_role("button", name=f"Undo: {kim.name}").click()
    expect(toast(dana.page, "1 call is theirs again.")).to_be_visible()
    expect(fact(maya.page, kim.name)).to_be_visible()
    dana.page.goto(f"{wired.desk.url}/users")
    expect(dana.page.get_by_role("button", name=f"Deactivate: {kim.name}")).to_be_visible()


def test_somebody_is_let_in_again_without_being_asked_whether_one_is_sure(sit: Sit, hire: Hire) -> None:
    kim = hire(Role.ENGINEER)
    page = sit("dana", "/users").page
    page.get_by_role("button", name=f"Deactivate: {kim.name}").click()
    fill_in(page, f"Deactivate {kim.name}", {}, "Deactivate")
    page.get_by_role("button", name=f"Reactivate: {kim.name}").click()
    toast(page, f"{kim.name} can sign in again").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name=f"Reactivate: {kim.name}")).to_be_visible()
