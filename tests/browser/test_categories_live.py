"""What an admin does to a category, the settings and every form and filter show, open forms included."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind

from .conftest import Seat, Sit, Wired
from .steps import dialog_of, fill_in, wire_name


@dataclass
class Kind:
    """What the two kinds of category differ in."""

    kind: CategoryKind
    section: str
    page: str
    button: str
    wire: str

    def line(self, page: Page, name: str) -> Locator:
        """A category's line in the settings."""
        return self.settings(page).get_by_role("listitem").filter(has_text=name)

    def settings(self, page: Page) -> Locator:
        return page.get_by_role("region", name=self.section)

    def open_form(self, seat: Seat) -> Locator:
        """The choice of categories in a form that stands open."""
        seat.page.get_by_role("button", name=self.button).click()
        return dialog_of(seat.page, self.button).get_by_label("Category")

    def filter_choice(self, seat: Seat) -> Locator:
        return seat.page.get_by_label("Category filter")


CALLS = Kind(CategoryKind.CALL, "Call categories", "/calls", "New call", "category")
CARRY_INS = Kind(
    CategoryKind.CARRY_IN, "Carry-in categories", "/carry-ins", "Receive carry-in", "service_category"
)
both = pytest.mark.parametrize("kind", [CALLS, CARRY_INS], ids=["call", "carry-in"])


def option(select: Locator, name: str) -> Locator:
    return select.get_by_role("option", name=name, exact=True, include_hidden=True)


def offered(select: Locator) -> list[str]:
    """The names that can be chosen, in their order."""
    names: list[str] = select.locator("option:not([hidden])").all_inner_texts()
    return names


@both
def test_a_new_category_appears_in_settings_filters_and_open_forms(sit: Sit, kind: Kind, word: str) -> None:
    dana, other, fay = sit("dana", "/categories"), sit("dana", "/categories"), sit("fay", kind.page)
    choice = kind.open_form(fay)
    kind.settings(dana.page).get_by_role("button", name="New category").click()
    fill_in(dana.page, f"New {kind.section.lower().replace('categories', 'category')}", {"Name": word})
    expect(kind.line(other.page, word)).to_be_visible()
    expect(option(choice, word)).to_have_count(1)
    expect(option(kind.filter_choice(fay), word)).to_have_count(1)
    assert wire_name() == f"{kind.wire}_created"


@both
def test_a_renamed_category_keeps_its_place_in_an_open_form_that_has_it_chosen(
    sit: Sit, wired: Wired, kind: Kind, word: str
) -> None:
    category = create_category(wired.desk.people["dana"], kind.kind, {"name": f"{word} old"})
    dana, other, fay = sit("dana", "/categories"), sit("dana", "/categories"), sit("fay", kind.page)
    choice = kind.open_form(fay)
    choice.select_option(label=f"{word} old")
    dana.page.get_by_role("button", name=f"Rename: {word} old").click()
    fill_in(dana.page, f"Rename {word} old", {"Name": f"{word} new"})
    expect(kind.line(other.page, f"{word} new")).to_be_visible()
    expect(option(choice, f"{word} new")).to_have_count(1)
    expect(choice).to_have_value(str(category))
    expect(option(kind.filter_choice(fay), f"{word} new")).to_have_count(1)
    assert wire_name() == f"{kind.wire}_updated"


@both
def test_a_new_order_of_categories_reaches_open_forms_without_changing_the_choice(
    sit: Sit, wired: Wired, kind: Kind, word: str
) -> None:
    dana_herself = wired.desk.people["dana"]
    first = create_category(dana_herself, kind.kind, {"name": f"{word} one"})
    create_category(dana_herself, kind.kind, {"name": f"{word} two"})
    dana, other, fay = sit("dana", "/categories"), sit("dana", "/categories"), sit("fay", kind.page)
    choice = kind.open_form(fay)
    choice.select_option(label=f"{word} one")
    dana.page.get_by_role("button", name=f"Move up: {word} two").click()
    lines = kind.settings(other.page).get_by_role("listitem").filter(has_text=word)
    expect(lines.first).to_contain_text(f"{word} two")
    expect(choice.locator("option").filter(has_text=word).first).to_have_text(f"{word} two")
    expect(choice).to_have_value(str(first))
    assert wire_name() == f"{kind.wire}_updated"


@both
def test_an_archived_category_can_not_be_chosen_any_more_and_a_form_that_has_it_says_so(
    sit: Sit, wired: Wired, kind: Kind, word: str, phone: str
) -> None:
    create_category(wired.desk.people["dana"], kind.kind, {"name": word})
    dana, other, fay = sit("dana", "/categories"), sit("dana", "/categories"), sit("fay", kind.page)
    choice = kind.open_form(fay)
    choice.select_option(label=word)
    dialog_of(fay.page, kind.button).get_by_label("Phone").fill(phone)
    dana.page.get_by_role("button", name=f"Archive: {word}").click()
    expect(kind.line(other.page, word)).to_contain_text("archived")
    expect(fay.page.get_by_text("This category was archived meanwhile.").filter(visible=True)).to_have_count(
        1
    )
    expect(dialog_of(fay.page, kind.button).get_by_label("Phone")).to_have_value(phone)
    assert word not in offered(choice)
    assert wire_name() == f"{kind.wire}_deleted"


@both
def test_a_restored_category_can_be_chosen_again_in_open_forms(
    sit: Sit, wired: Wired, kind: Kind, word: str
) -> None:
    create_category(wired.desk.people["dana"], kind.kind, {"name": word})
    dana, fay = sit("dana", "/categories"), sit("fay", kind.page)
    dana.page.get_by_role("button", name=f"Archive: {word}").click()
    expect(kind.line(dana.page, word)).to_contain_text("archived")
    choice = kind.open_form(fay)
    dana.page.get_by_role("button", name=f"Restore: {word}").click()
    expect(choice.locator("option:not([hidden])").filter(has_text=word)).to_have_count(1)
    assert wire_name() == f"{kind.wire}_updated"
