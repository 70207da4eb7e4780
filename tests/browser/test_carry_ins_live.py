"""What one does to a carry-in, the others see, without touching anything."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from service_desk.actions.carry_ins import receive_carry_in
from service_desk.actions.carry_ins_repair import complete_carry_in, take_to_bench

from .conftest import Sit, Wired
from .steps import count_in_tab, fact, fill_in, press, row_with, tab_count, wire_name


@pytest.fixture
def carry_in(wired: Wired, word: str, phone: str) -> int:
    """A received laptop whose name holds the test's word."""
    return receive_carry_in(
        wired.desk.people["maya"],
        {
            "phone": phone,
            "customer_name": "Rosa Marin",
            "item": f"{word} laptop",
            "fault": "Does not start",
            "category_id": wired.categories["Laptops"],
        },
    )


def test_a_received_carry_in_appears_in_lists_and_counters(sit: Sit, word: str, phone: str) -> None:
    fay, ravi = sit("fay", "/carry-ins"), sit("ravi", "/carry-ins")
    before = count_in_tab(ravi.page, "Received")
    fay.page.get_by_role("button", name="Receive carry-in").click()
    words = {"Phone": phone, "Customer name": "Rosa Marin", "Item": word, "Fault": "No sound"}
    fill_in(fay.page, "Receive carry-in", {**words, "Category": "Laptops"})
    expect(row_with(ravi.page, word)).to_contain_text("Received")
    expect(tab_count(ravi.page, "Received")).to_have_text(str(before + 1))
    assert wire_name() == "service_created"


def test_an_edited_carry_in_changes_in_the_list_and_on_its_own_page(
    sit: Sit, carry_in: int, word: str
) -> None:
    fay, ravi = sit("fay", f"/carry-ins/{carry_in}"), sit("ravi", f"/carry-ins?q={word}")
    lena = sit("lena", f"/carry-ins/{carry_in}")
    press(fay.page, "Edit")
    fill_in(fay.page, f"Edit S-{carry_in}", {"Item": f"{word} tablet"})
    expect(row_with(ravi.page, f"{word} tablet")).to_be_visible()
    expect(lena.page.get_by_role("heading", name=f"{word} tablet")).to_be_visible()
    assert wire_name() == "service_updated"


def test_a_repair_is_followed_from_the_bench_to_its_end_on_every_screen(
    sit: Sit, carry_in: int, word: str
) -> None:
    ravi, fay = sit("ravi", f"/carry-ins/{carry_in}"), sit("fay", f"/carry-ins?q={word}")
    lena = sit("lena", f"/carry-ins/{carry_in}")
    press(ravi.page, "To the bench")
    fill_in(ravi.page, f"S-{carry_in} to the bench", {}, "To the bench")
    expect(row_with(fay.page, word)).to_contain_text("On the bench")
    expect(fact(lena.page, "On the bench")).to_be_visible()
    assert wire_name() == "service_updated"
    press(ravi.page, "Complete")
    fill_in(ravi.page, f"Complete S-{carry_in}", {"What was done": "A new fan"}, "Complete")
    expect(row_with(fay.page, word)).to_contain_text("Ready")
    expect(lena.page.get_by_role("main").get_by_text("A new fan").first).to_be_visible()
    assert wire_name() == "service_updated"


def test_a_carry_in_that_is_handed_back_leaves_the_shop_on_every_screen(
    sit: Sit, wired: Wired, carry_in: int, word: str
) -> None:
    ravi_himself = wired.desk.people["ravi"]
    take_to_bench(ravi_himself, carry_in, {})
    complete_carry_in(ravi_himself, carry_in, {"outcome": "unrepaired", "remark": "No parts"})
    fay, ravi = sit("fay", f"/carry-ins/{carry_in}"), sit("ravi", f"/carry-ins?q={word}")
    lena = sit("lena", f"/carry-ins/{carry_in}")
    expect(row_with(ravi.page, word)).to_contain_text("Ready, unrepaired")
    press(fay.page, "Deliver")
    fill_in(fay.page, f"Deliver S-{carry_in}", {"Delivered to": "Rosa's son"}, "Deliver")
    expect(row_with(ravi.page, word)).to_have_count(0)
    expect(fact(lena.page, "Rosa's son")).to_be_visible()
    assert wire_name() == "service_updated"


def test_a_carry_in_that_goes_back_to_the_bench_shows_why(
    sit: Sit, wired: Wired, carry_in: int, word: str
) -> None:
    ravi_himself = wired.desk.people["ravi"]
    take_to_bench(ravi_himself, carry_in, {})
    complete_carry_in(ravi_himself, carry_in, {"outcome": "repaired", "remark": "A new fan"})
    fay, lena = sit("fay", f"/carry-ins/{carry_in}"), sit("lena", f"/carry-ins?q={word}")
    ravi = sit("ravi", f"/carry-ins/{carry_in}")
    press(fay.page, "Back to the bench")
    fill_in(fay.page, f"S-{carry_in} back to the bench", {"Reason": "Too loud"}, "Back to the bench")
    expect(row_with(lena.page, word)).to_contain_text("On the bench")
    expect(ravi.page.get_by_role("main").get_by_text("Too loud").first).to_be_visible()
    assert wire_name() == "service_updated"
