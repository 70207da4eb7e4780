"""Two people edit one call: nothing is overwritten silently, and either text can be kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from service_desk.actions.calls import create_call
from service_desk.domain.calls import Call

from ..readings import stored
from .conftest import Sit, Wired
from .steps import dialog_of, fact, fill_in, press

OVERFLOWING = """panel => [panel, ...panel.querySelectorAll("*")]
  .filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth
    || part.getBoundingClientRect().right > innerWidth)
  .map((part) => part.outerHTML)"""


@pytest.fixture
def call(wired: Wired, word: str, phone: str) -> int:
    form = {"phone": phone, "customer_name": "Bright Stores", "category_id": wired.categories["Network"]}
    return create_call(wired.desk.people["maya"], {**form, "problem": f"{word} as logged"})


def open_edit(page: Page, call: int) -> Locator:
    press(page, "Edit")
    dialog = dialog_of(page, f"Edit C-{call}")
    expect(dialog).to_be_visible()
    return dialog


def contest(sit: Sit, call: int, word: str) -> tuple[Page, Locator]:
    """Maya and Lena open the same call; Maya saves first. What Lena sees then."""
    maya, lena = sit("maya", f"/calls/{call}").page, sit("lena", f"/calls/{call}").page
    dialog = open_edit(lena, call)
    open_edit(maya, call)
    fill_in(maya, f"Edit C-{call}", {"Problem": f"{word} by Maya"})
    dialog.get_by_label("Problem").fill(f"{word} by Lena")
    dialog.get_by_label("Address").fill("7 Elm Street")
    dialog.get_by_role("button", name="Save", exact=True).click()
    conflict = dialog.get_by_role("alert").filter(has_text="changed this meanwhile")
    expect(conflict).to_contain_text("Maya Singh, now")
    expect(conflict).to_contain_text(f"{word} by Maya")
    expect(conflict).to_contain_text(f"{word} by Lena")
    expect(dialog.get_by_label("Problem")).to_have_value(f"{word} by Lena")
    assert stored(Call, call).problem == f"{word} by Maya"
    return lena, dialog


def test_the_second_sees_both_texts_and_may_save_theirs_over_the_first(
    sit: Sit, call: int, word: str
) -> None:
    lena, dialog = contest(sit, call, word)
    dialog.get_by_role("button", name="Save mine").click()
    expect(dialog).to_be_hidden()
    expect(lena.get_by_role("heading", name=f"{word} by Lena")).to_be_visible()
    assert (stored(Call, call).problem, stored(Call, call).site_address) == (
        f"{word} by Lena",
        "7 Elm Street",
    )


def test_the_second_may_let_the_first_text_stand_and_keeps_what_nobody_contests(
    sit: Sit, call: int, word: str
) -> None:
    lena, dialog = contest(sit, call, word)
    dialog.get_by_role("button", name="Keep theirs").click()
    expect(dialog).to_be_hidden()
    expect(lena.get_by_role("heading", name=f"{word} by Maya")).to_be_visible()
    assert (stored(Call, call).problem, stored(Call, call).site_address) == (
        f"{word} by Maya",
        "7 Elm Street",
    )


def test_different_fields_are_both_kept_without_a_question(sit: Sit, call: int, word: str) -> None:
    maya, lena = sit("maya", f"/calls/{call}").page, sit("lena", f"/calls/{call}").page
    open_edit(lena, call)
    open_edit(maya, call)
    fill_in(maya, f"Edit C-{call}", {"Problem": f"{word} by Maya"})
    fill_in(lena, f"Edit C-{call}", {"Priority": "Urgent"})
    expect(fact(maya, "Urgent")).to_be_visible()
    expect(lena.get_by_role("heading", name=f"{word} by Maya")).to_be_visible()
    assert stored(Call, call).problem == f"{word} by Maya"


def test_two_who_take_the_same_call_at_once_learn_who_was_first(sit: Sit, call: int) -> None:
    maya, lena = sit("maya", f"/calls/{call}").page, sit("lena", f"/calls/{call}").page
    for page in (maya, lena):
        press(page, "Assign")
    fill_in(maya, f"Assign C-{call}", {"Assign to": "Ravi Kumar"}, "Assign")
    dialog = dialog_of(lena, f"Assign C-{call}")
    dialog.get_by_label("Assign to").select_option(label="Jo Tran")
    dialog.get_by_role("button", name="Assign", exact=True).click()
    expect(dialog).to_contain_text("was just assigned to Ravi Kumar by Maya Singh")
    expect(dialog.get_by_label("Assign to").locator("option:checked")).to_have_text("Jo Tran")


@pytest.mark.parametrize("width", [1280, 360])
def test_theirs_and_yours_stand_side_by_side_and_nothing_overflows(
    sit: Sit, call: int, word: str, width: int
) -> None:
    lena, dialog = contest(sit, call, word)
    lena.set_viewport_size({"width": width, "height": 800})
    conflict = dialog.locator(".conflict")
    boxes = [side.bounding_box() for side in conflict.locator("dl").first.locator("dd").all()]
    theirs, yours = (box for box in boxes if box)
    if width == 1280:
        assert theirs["y"] == yours["y"]
        assert theirs["x"] + theirs["width"] <= yours["x"]
    assert conflict.evaluate(OVERFLOWING) == []
    assert lena.evaluate("() => document.documentElement.scrollWidth") <= width
