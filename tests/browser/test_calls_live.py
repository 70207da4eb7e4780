"""What one does to a call, the others see, without touching anything."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from service_desk.actions.calls import create_call
from service_desk.actions.calls_assign import assign_call
from service_desk.actions.calls_visit import complete_call, start_call

from .conftest import Sit, Wired
from .steps import count_in_tab, fact, fill_in, log_call, press, row_with, tab_count, wire_name


@pytest.fixture
def call(wired: Wired, word: str, phone: str) -> int:
    """A pending call whose problem holds the test's word."""
    return create_call(
        wired.desk.people["maya"],
        {
            "phone": phone,
            "customer_name": f"{word} Stores",
            "category_id": wired.categories["Network"],
            "problem": f"{word} is offline",
        },
    )


def test_a_new_call_appears_in_lists_and_counters_and_on_its_engineers_phone(
    sit: Sit, word: str, phone: str
) -> None:
    maya, lena, ravi = sit("maya"), sit("lena", "/calls?tab=all"), sit("ravi", width=360, height=740)
    before = count_in_tab(lena.page, "All")
    log_call(maya.page, f"{word} is offline", phone, Assign_to="Ravi Kumar")
    for seat in (lena, ravi):
        expect(row_with(seat.page, word)).to_be_visible()
        expect(row_with(seat.page, word)).to_contain_text("Assigned")
    expect(tab_count(lena.page, "All")).to_have_text(str(before + 1))
    assert wire_name() == "call_created"


def test_a_new_call_appears_on_its_customers_page(
    sit: Sit, wired: Wired, call: int, word: str, phone: str
) -> None:
    maya, lena = sit("maya"), sit("lena", "/customers")
    lena.page.get_by_role("row").filter(has_text=word).get_by_role("link").first.click()
    expect(lena.page.get_by_text(f"{word} is offline")).to_be_visible()
    log_call(maya.page, f"{word} burns now", phone)
    expect(lena.page.get_by_text(f"{word} burns now")).to_be_visible()


def test_an_edited_call_changes_in_the_list_and_on_its_own_page(sit: Sit, call: int, word: str) -> None:
    maya, lena, fay = (
        sit("maya", f"/calls/{call}"),
        sit("lena", f"/calls?q={word}"),
        sit("fay", f"/calls/{call}"),
    )
    press(maya.page, "Edit")
    fill_in(maya.page, f"Edit C-{call}", {"Problem": f"{word} smells of smoke", "Priority": "Urgent"})
    row = row_with(lena.page, f"{word} smells of smoke")
    expect(row.get_by_role("img", name="urgent priority")).to_be_visible()
    expect(fay.page.get_by_role("heading", name=f"{word} smells of smoke")).to_be_visible()
    expect(fay.page.get_by_role("region", name="History").get_by_role("listitem")).to_have_count(2)
    assert wire_name() == "call_updated"


def test_an_assigned_call_appears_at_its_engineers(sit: Sit, call: int, word: str) -> None:
    maya, lena = sit("maya", f"/calls/{call}"), sit("lena", f"/calls?q={word}")
    ravi = sit("ravi", width=360, height=740)
    press(maya.page, "Assign")
    fill_in(maya.page, f"Assign C-{call}", {"Assign to": "Ravi Kumar"}, "Assign")
    expect(row_with(ravi.page, word)).to_be_visible()
    expect(row_with(lena.page, word)).to_contain_text("Ravi Kumar")
    assert wire_name() == "call_assigned"


def test_a_reassigned_call_moves_from_one_engineers_screen_to_the_others(
    sit: Sit, wired: Wired, call: int, word: str
) -> None:
    people = wired.desk.people
    assign_call(people["maya"], call, {"assigned_to_id": people["ravi"].id})
    maya, ravi, jo = sit("maya", f"/calls/{call}"), sit("ravi"), sit("jo")
    expect(row_with(ravi.page, word)).to_be_visible()
    press(maya.page, "Reassign")
    fill_in(maya.page, f"Assign C-{call}", {"Assign to": "Jo Tran"}, "Assign")
    expect(row_with(jo.page, word)).to_be_visible()
    expect(row_with(ravi.page, word)).to_have_count(0)
    assert wire_name() == "call_assigned"


def test_an_unassigned_call_disappears_at_its_engineers_even_where_it_is_open(
    sit: Sit, wired: Wired, call: int, word: str
) -> None:
    people = wired.desk.people
    assign_call(people["maya"], call, {"assigned_to_id": people["ravi"].id})
    maya, lena, ravi = (
        sit("maya", f"/calls/{call}"),
        sit("lena", f"/calls?q={word}"),
        sit("ravi", f"/calls/{call}"),
    )
    expect(ravi.page.get_by_role("heading", name=word)).to_be_visible()
    press(maya.page, "Unassign")
    expect(ravi.page.get_by_text("This call was not found.")).to_be_visible()
    expect(ravi.page.get_by_text(word)).to_have_count(0)
    expect(row_with(lena.page, word)).to_contain_text("Pending")
    assert wire_name() == "call_assigned"


def test_a_started_and_a_completed_call_show_it_on_every_screen(
    sit: Sit, wired: Wired, call: int, word: str
) -> None:
    people = wired.desk.people
    assign_call(people["maya"], call, {"assigned_to_id": people["ravi"].id})
    ravi, lena = sit("ravi", f"/calls/{call}"), sit("lena", f"/calls?tab=all&q={word}")
    fay = sit("fay", f"/calls/{call}")
    press(ravi.page, "Start")
    expect(row_with(lena.page, word)).to_contain_text("On site")
    expect(fact(fay.page, "On site")).to_be_visible()
    assert wire_name() == "call_started"
    open_calls = count_in_tab(lena.page, "Open")
    press(ravi.page, "Complete")
    fill_in(ravi.page, f"Complete C-{call}", {"What was done": f"{word} mended"}, "Complete")
    expect(row_with(lena.page, word)).to_contain_text("Completed")
    expect(fact(fay.page, f"{word} mended")).to_be_visible()
    expect(tab_count(lena.page, "Open")).to_have_text(str(open_calls - 1))
    assert wire_name() == "call_completed"


def test_a_cancelled_call_leaves_the_open_ones_on_every_screen(sit: Sit, call: int, word: str) -> None:
    maya, lena, fay = (
        sit("maya", f"/calls/{call}"),
        sit("lena", f"/calls?q={word}"),
        sit("fay", f"/calls/{call}"),
    )
    expect(row_with(lena.page, word)).to_be_visible()
    press(maya.page, "Cancel call")
    fill_in(maya.page, f"Cancel call C-{call}", {"Reason": f"{word} works again"}, "Cancel call")
    expect(row_with(lena.page, word)).to_have_count(0)
    expect(fact(fay.page, f"{word} works again")).to_be_visible()
    assert wire_name() == "call_cancelled"


def test_a_reopened_call_is_back_on_every_screen_and_at_its_engineers(
    sit: Sit, wired: Wired, call: int, word: str
) -> None:
    people = wired.desk.people
    assign_call(people["maya"], call, {"assigned_to_id": people["ravi"].id})
    start_call(people["ravi"], call)
    complete_call(people["ravi"], call, {"remark": "Done"})
    maya, lena, ravi = sit("maya", f"/calls/{call}"), sit("lena", f"/calls?q={word}"), sit("ravi")
    expect(lena.page.get_by_text("No call matches.")).to_be_visible()
    press(maya.page, "Reopen")
    fill_in(maya.page, f"Reopen C-{call}", {"Reason": "It broke again"}, "Reopen")
    expect(row_with(lena.page, word)).to_contain_text("Assigned")
    expect(row_with(ravi.page, word)).to_be_visible()
    assert wire_name() == "call_reopened"
