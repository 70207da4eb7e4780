"""Access tokens on the screen: made and shown once, listed by themselves, and worth nothing once revoked."""

from __future__ import annotations

import re

import httpx
from playwright.sync_api import Page, expect

from service_desk.domain.api_tokens import is_token
from service_desk.domain.users import Role

from ..running_desk import RunningDesk
from .conftest import Hire, Sit, username_of
from .steps import dialog_of, row_with


def make(page: Page, name: str) -> str:
    """Make a token in the dialog and return what is shown."""
    page.get_by_role("button", name="New token").click()
    dialog = dialog_of(page, "New access token")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_label("Good for").select_option(label="30 days")
    dialog.get_by_role("button", name="Make token").click()
    shown = dialog_of(page, "Your access token").get_by_label("The access token")
    expect(shown).to_have_value(re.compile("^sdk_"))
    return shown.input_value()


def status(desk: RunningDesk, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{desk.url}/api/v1/me", headers=headers, timeout=10).status_code


def test_a_token_is_shown_once_and_used_and_revoked(sit: Sit, desk: RunningDesk, hire: Hire) -> None:
    kim = hire(Role.DISPATCHER)
    seat = sit(username_of(kim), "/profile")
    page, admin = seat.page, sit("dana", "/security?tab=tokens").page
    admin.mouse.move(0, 0)
    token = make(page, "the till")
    assert is_token(token) and status(desk, token) == 200
    dialog = dialog_of(page, "Your access token")
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_text("Copied.")).to_be_visible()
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    expect(page.locator("[data-revealed]")).to_have_value("")
    own = page.get_by_role("listitem").filter(has_text="the till")
    expect(own).to_contain_text(re.compile("expires in (29|30) days"))
    expect(row_with(admin, kim.name)).to_contain_text("the till")
    page.reload()
    assert token not in page.content()
    own.get_by_role("button", name="Revoke: the till").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Revoke it")).to_have_count(0)
    own.get_by_role("button", name="Revoke: the till").click()
    expect(page.get_by_text("Programs that use “the till” are refused at once, for good.")).to_be_visible()
    own.get_by_role("button", name="Revoke it").click()
    expect(own).to_have_count(0)
    admin.mouse.move(0, 0)
    expect(row_with(admin, kim.name)).to_have_count(0)
    assert status(desk, token) == 401


def test_an_admin_revokes_the_token_of_somebody_else(sit: Sit, desk: RunningDesk, hire: Hire) -> None:
    kim = hire(Role.ENGINEER)
    page = sit(username_of(kim), "/profile", width=360, height=740).page
    token = make(page, "the van")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    admin = sit("dana", "/security?tab=tokens").page
    row_with(admin, kim.name).get_by_role("button", name="Revoke: the van").click()
    admin.get_by_role("button", name="Revoke it").click()
    expect(admin.get_by_text("This access token is revoked.")).to_be_visible()
    assert status(desk, token) == 401
    expect(page.get_by_role("listitem").filter(has_text="the van")).to_have_count(0)


def test_on_a_phone_an_admin_sees_when_a_token_expires_and_was_used(
    sit: Sit, desk: RunningDesk, hire: Hire
) -> None:
    kim = hire(Role.DISPATCHER)
    make(sit(username_of(kim), "/profile").page, "the till")
    card = row_with(sit("dana", "/security?tab=tokens", width=360).page, kim.name)
    expect(card.get_by_text(re.compile("^expires in (29|30) days$"))).to_be_visible()
    expect(card.get_by_text("never used")).to_be_visible()
