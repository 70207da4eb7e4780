"""Paging a list keeps what it is filtered and sorted by."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from service_desk.actions.calls import create_call

from .conftest import Sit, Wired


def test_each_page_is_of_the_list_that_was_asked_for(wired: Wired, sit: Sit, word: str, phone: str) -> None:
    form = {"phone": phone, "customer_name": "Bright Stores", "category_id": wired.categories["Network"]}
    for number in range(60):
        create_call(wired.desk.people["maya"], {**form, "problem": f"{word} {number}"})
    page = sit("lena", f"/calls?tab=all&q={word}&sort=oldest").page
    pages = page.get_by_role("navigation", name="Pages")
    first = page.get_by_role("row").filter(has_text=f"{word} 0")
    expect(first).to_be_visible()
    pages.get_by_label("Last page").click()
    expect(page.get_by_text("51–60 of 60")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"tab=all&q={word}&sort=oldest&page=3$"))
    pages.get_by_label("Previous page").click()
    expect(page.get_by_text("26–50 of 60")).to_be_visible()
    pages.get_by_label("Previous page").click()
    expect(page.get_by_text("1–25 of 60")).to_be_visible()
    expect(first).to_be_visible()
