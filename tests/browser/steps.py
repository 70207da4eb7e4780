"""What people do at the screen, and what they look for on it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from service_desk.domain.journal import WIRE_NAMES

from ..readings import last_entry


def row_with(page: Page, words: str) -> Locator:
    """The row or card of a list that holds these words."""
    return page.get_by_role("row").filter(has_text=words)


def press(page: Page, label: str) -> None:
    """One of the steps on a record's page, behind the dots where it isn't in sight."""
    steps = page.get_by_role("group", name="Steps").filter(visible=True)
    button = steps.get_by_role("button", name=label, exact=True)
    # All of them come at once, some time after the page.
    steps.get_by_role("button").first.wait_for()
    if not button.is_visible():
        steps.get_by_role("button", name="More").click()
    button.click()


def fill_in(page: Page, title: str, fields: dict[str, str], save: str = "Save") -> None:
    """Type into the dialog with this title and press its button; it is closed by the answer."""
    dialog = dialog_of(page, title)
    for label, value in fields.items():
        put(dialog.get_by_label(label, exact=True), value)
    dialog.get_by_role("button", name=save, exact=True).click()
    expect(dialog).to_be_hidden()


def put(control: Locator, value: str) -> None:
    """Choose or type, whichever the control is for."""
    kind = control.evaluate("field => field.type")
    if kind == "select-one":
        control.select_option(label=value)
    elif kind in ("radio", "checkbox"):
        control.check()
    else:
        control.fill(value)


def dialog_of(page: Page, title: str) -> Locator:
    return page.get_by_role("dialog", name=title)


def log_call(page: Page, problem: str, phone: str, **more: str) -> None:
    """Log a call as a dispatcher would; `more` are fields by label, with underscores for spaces."""
    page.get_by_role("button", name="New call").click()
    fields = {"Phone": phone, "Customer name": "Bright Stores", "Category": "Network", "Problem": problem}
    named = {label.replace("_", " "): value for label, value in more.items()}
    fill_in(page, "New call", fields | named)


def tab_count(page: Page, tab: str) -> Locator:
    """The number beside the name of a list."""
    return page.get_by_role("main").get_by_role("link", name=re.compile(f"^{tab}")).locator(".count")


def count_in_tab(page: Page, tab: str) -> int:
    expect(tab_count(page, tab)).not_to_be_empty()
    return int(tab_count(page, tab).inner_text())


def fact(page: Page, words: str) -> Locator:
    """A fact beside a record's text."""
    return page.get_by_role("definition").filter(has_text=words)


def wire_name() -> str:
    """The name under which the last change is known outside."""
    return WIRE_NAMES[last_entry().verb]
