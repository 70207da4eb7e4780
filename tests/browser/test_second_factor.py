"""Two-step sign-in as its owner does it: from the profile page to the next sign-in on a phone."""

from __future__ import annotations

import pyotp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from service_desk.domain.users import Role

from ..running_desk import PASSWORD, RunningDesk
from .conftest import Sit


def test_set_up_on_the_desk_and_used_on_the_phone(sit: Sit, desk: RunningDesk, chromium: Browser) -> None:
    desk.hire(username="nora", name="Nora Berg", role=Role.DISPATCHER)
    page = sit("nora", "/profile").page
    page.get_by_role("link", name="Two-step sign-in").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    assert Axe().run(page).violations_count == 0
    code = pyotp.TOTP(page.locator("code").inner_text().replace(" ", ""))
    page.get_by_label("Code", exact=True).fill(code.now())
    page.get_by_role("button", name="Turn on").click()
    recovery = page.locator("li code").first.inner_text()
    # Sends the form again, as a double click does.
    page.reload()
    expect(page.locator("li code").first).to_have_text(recovery)
    assert Axe().run(page).violations_count == 0
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("link", name="Back to your profile").click()
    expect(page.get_by_text("a code from your phone comes after the password")).to_be_visible()

    phone = chromium.new_context(viewport={"width": 360, "height": 740}).new_page()
    phone.goto(f"{desk.url}/sign-in?next=/carry-ins")
    phone.get_by_label("Username").fill("nora")
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Sign in").click()
    phone.get_by_label("Code").fill("123 456")
    phone.get_by_role("button", name="Sign in").click()
    expect(phone.get_by_role("alert")).to_contain_text("This code is not right")
    assert Axe().run(phone).violations_count == 0
    phone.get_by_label("Code").fill(recovery.upper())
    phone.get_by_role("button", name="Sign in").click()
    phone.wait_for_url(f"{desk.url}/carry-ins")
    phone.context.close()

    users = sit("dana", "/users", width=360, height=740).page
    expect(users.get_by_role("row").filter(has_text="Nora Berg").get_by_text("Reset code")).to_be_visible()
    assert users.evaluate("document.scrollingElement.scrollWidth") <= 360
