"""What a program does over the HTTP API, people see on their screens at once."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from service_desk.domain.users import Role

from ..api_caller import API, token_of
from .conftest import Hire, Sit, Wired, username_of
from .steps import count_in_tab, row_with, tab_count


@pytest.fixture
def program(wired: Wired) -> httpx.Client:
    """Maya's, over plain HTTP."""
    token = token_of(wired.desk.people["maya"])
    return httpx.Client(
        base_url=wired.desk.url + API, headers={"authorization": f"Bearer {token}"}, timeout=10
    )


def test_what_a_program_logs_assigns_and_edits_is_on_open_screens(
    sit: Sit, wired: Wired, program: httpx.Client, word: str, phone: str
) -> None:
    lena, ravi = sit("lena", "/calls?tab=all"), sit("ravi", width=360, height=740)
    for seat in (lena, ravi):
        seat.page.mouse.move(0, 0)
    before = count_in_tab(lena.page, "All")
    form = {
        "phone": phone,
        "customer_name": "Bright Stores",
        "category_id": wired.categories["Network"],
        "problem": f"{word} is offline",
    }
    call = program.post("/calls", json=form).raise_for_status().json()
    expect(row_with(lena.page, word)).to_contain_text("Pending")
    expect(tab_count(lena.page, "All")).to_have_text(str(before + 1))
    expect(row_with(ravi.page, word)).to_have_count(0)
    ravi_id = wired.desk.people["ravi"].id
    path = f"/calls/{call['id']}"
    program.post(f"{path}/assign", json={"assigned_to_id": ravi_id}).raise_for_status()
    for seat in (lena, ravi):
        expect(row_with(seat.page, word)).to_contain_text("Assigned")
    program.patch(path, json={"problem": f"{word} is on fire", "priority": "urgent"}).raise_for_status()
    for seat in (lena, ravi):
        expect(row_with(seat.page, "is on fire").filter(has_text=word)).to_be_visible()
    program.post(f"{path}/unassign").raise_for_status()
    expect(row_with(ravi.page, word)).to_have_count(0)


def test_what_is_done_on_a_screen_a_program_reads(
    sit: Sit, wired: Wired, program: httpx.Client, ravis: int
) -> None:
    page = sit("ravi", f"/calls/{ravis}").page
    tag = program.get(f"/calls/{ravis}").headers["etag"]
    page.get_by_role("group", name="Steps").filter(visible=True).get_by_role("button", name="Start").click()
    expect(page.get_by_role("term").filter(has_text="Started")).to_be_visible()
    assert program.get(f"/calls/{ravis}").json()["status"] == "in_progress"
    late = program.patch(f"/calls/{ravis}", json={"priority": "low"}, headers={"if-match": tag})
    assert late.status_code == 412


def test_who_is_deactivated_by_a_program_leaves_at_once(sit: Sit, wired: Wired, hire: Hire) -> None:
    kim = hire(Role.DISPATCHER)
    page = sit(username_of(kim)).page
    token = token_of(wired.desk.people["dana"])
    answer = httpx.post(
        f"{wired.desk.url}{API}/users/{kim.id}/deactivate",
        headers={"authorization": f"Bearer {token}"},
        timeout=10,
    )
    assert answer.status_code == 200
    page.wait_for_url("**/sign-in?reason=deactivated", timeout=2000)
