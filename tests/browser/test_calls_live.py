"""What one does to a call, the other sees, without touching anything."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import Seat, Sit


def log_call(seat: Seat, problem: str, *, phone: str, engineer: str = "") -> None:
    """Log a call as a dispatcher would, by keyboard."""
    page = seat.page
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog", name="New call")
    dialog.get_by_label("Phone").fill(phone)
    dialog.get_by_label("Customer name").fill("Bright Stores")
    dialog.get_by_label("Category").select_option(label="Network")
    dialog.get_by_label("Problem").fill(problem)
    if engineer:
        dialog.get_by_label("Assign to").select_option(label=engineer)
    page.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()


def test_a_new_call_appears_on_the_other_screen_and_on_its_engineers_phone(sit: Sit) -> None:
    maya, lena, ravi = sit("maya"), sit("lena"), sit("ravi", width=360, height=740)
    log_call(maya, "No internet on the second floor", phone="+1 415 555 0190", engineer="Ravi Kumar")
    for seat in (lena, ravi):
        row = seat.page.get_by_role("row").filter(has_text="No internet on the second floor")
        expect(row).to_be_visible()
        expect(row).to_contain_text("Assigned")


def test_an_engineer_never_receives_a_call_of_somebody_else(sit: Sit) -> None:
    maya, lena, jo = sit("maya"), sit("lena"), sit("jo")
    log_call(maya, "The vault door alarm 4711", phone="+1 415 555 0191", engineer="Ravi Kumar")
    expect(lena.page.get_by_text("The vault door alarm 4711")).to_be_visible()
    log_call(maya, "For Jo only", phone="+1 415 555 0192", engineer="Jo Tran")
    expect(jo.page.get_by_text("For Jo only")).to_be_visible()
    assert not [frame for frame in jo.frames if "4711" in frame]
