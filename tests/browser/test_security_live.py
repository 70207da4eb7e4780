"""The Security page: what happens at the doors appears by itself, and a sign-in that an admin ends is over at once."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect
from sqlmodel import col, select

from service_desk.actions.sessions import revoke
from service_desk.domain.users import Role, UserSession
from service_desk.store.change import housekeeping

from ..running_desk import PASSWORD, RunningDesk
from .conftest import Hire, Sit, username_of
from .steps import row_with


@pytest.fixture(autouse=True)
def nobody_else_signed_in(desk: RunningDesk) -> None:
    """Other tests leave sign-ins behind, which would fill the first page of the list."""
    with housekeeping() as session:
        revoke(session.exec(select(UserSession).where(col(UserSession.revoked_at).is_(None))).all())


def try_password(desk: RunningDesk, username: str, password: str) -> int:
    form = urlencode({"username": username, "password": password}).encode()
    try:
        with urlopen(Request(f"{desk.url}/auth/sign-in", form, {"Origin": desk.url}), timeout=10) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def test_a_wrong_password_appears_within_a_second_and_the_next_one_is_counted(
    sit: Sit, desk: RunningDesk, hire: Hire
) -> None:
    kim = hire(Role.FRONT_DESK)
    page = sit("dana", "/security?tab=doors&group=failed").page
    page.mouse.move(0, 0)
    assert try_password(desk, username_of(kim), "not this one") == 401
    line = row_with(page, kim.name)
    expect(line).to_contain_text("Wrong password", timeout=1500)
    expect(line).to_contain_text("127.0.0.1")
    assert try_password(desk, username_of(kim), "nor this one") == 401
    expect(line).to_contain_text("2×", timeout=1500)
    assert try_password(desk, username_of(kim), PASSWORD) == 200
    page.get_by_label("Kind filter").select_option(label="Coming and going")
    expect(row_with(page, kim.name)).to_contain_text("Signed in")


def test_a_denied_step_appears_with_who_tried_it(sit: Sit, hire: Hire) -> None:
    kim = hire(Role.ENGINEER)
    page = sit("dana", "/security?tab=doors&group=denied").page
    page.mouse.move(0, 0)
    sit(username_of(kim), "/users")
    expect(row_with(page, kim.name)).to_contain_text("Page denied/users", timeout=1500)


def test_an_admin_ends_a_sign_in_and_its_open_page_leaves_at_once(sit: Sit, hire: Hire) -> None:
    kim = hire(Role.DISPATCHER)
    dana, themselves, elsewhere = sit("dana", "/security"), sit(username_of(kim)), sit(username_of(kim))
    rows = row_with(dana.page, kim.name)
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="Online now")).to_have_count(2)
    dana.page.get_by_role("button", name=f"Sign out: {kim.name}").first.click()
    expect(dana.page.get_by_text("This sign-in has ended.")).to_be_visible()
    dana.page.mouse.move(0, 0)
    expect(rows).to_have_count(1, timeout=2000)
    dana.page.get_by_role("button", name=f"Sign out: {kim.name}").first.click()
    for seat in (themselves, elsewhere):
        seat.page.wait_for_url("**/sign-in?reason=ended", timeout=2000)
        expect(seat.page.get_by_text("This sign-in was ended")).to_be_visible()
    dana.page.mouse.move(0, 0)
    expect(rows).to_have_count(0, timeout=2000)


def test_somebody_is_signed_out_everywhere_with_one_click(sit: Sit, hire: Hire) -> None:
    kim = hire(Role.DISPATCHER)
    seats = [sit(username_of(kim)) for _ in range(2)]
    dana = sit("dana", "/security")
    dana.page.get_by_role("button", name=f"Sign out everywhere: {kim.name}").click()
    for seat in seats:
        seat.page.wait_for_url("**/sign-in?reason=ended", timeout=2000)
    expect(dana.page.get_by_text("2 sign-ins have ended.")).to_be_visible()


def test_the_own_sign_in_is_marked_and_cannot_be_ended_there(sit: Sit, hire: Hire) -> None:
    kim = hire(Role.ADMIN)
    page = sit(username_of(kim), "/security").page
    own = row_with(page, kim.name)
    expect(own).to_contain_text("this one")
    expect(own.get_by_role("button")).to_have_count(0)


def test_on_a_phone_the_page_is_reached_from_the_profile(sit: Sit) -> None:
    page = sit("dana", "/profile", width=360, height=740).page
    page.get_by_role("navigation", name="Administration").get_by_role("link", name="Security").click()
    expect(page.get_by_role("heading", name="Security")).to_be_visible()
    expect(row_with(page, "this one")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_who_is_no_admin_is_told_so(sit: Sit) -> None:
    page = sit("maya", "/security").page
    expect(page.get_by_text("You may not see who is signed in")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(0)
    expect(page.get_by_role("link", name="Security")).to_have_count(0)
