"""Whoever is deactivated while looking is out at once, in every tab, and told why."""

from __future__ import annotations

import re
import time

from playwright.sync_api import expect

from service_desk.domain.users import Role

from ..raw_socket import RawSocket
from ..running_desk import RunningDesk
from ..typist import Typist
from .conftest import Hire, Sit, Wired, username_of
from .steps import dialog_of, fill_in

SIGN_IN = re.compile(r"/sign-in\?")


def test_deactivated_while_looking_every_tab_is_out_within_two_seconds_and_says_why(
    sit: Sit, desk: RunningDesk, hire: Hire
) -> None:
    kim = hire(Role.ENGINEER)
    username = username_of(kim)
    office, phone = sit(username), sit(username, "/carry-ins", width=360, height=740)
    pages = [office.page, office.tab(desk.url + "/activity"), phone.page]
    dana = sit("dana", "/users")
    dana.page.get_by_role("button", name=f"Deactivate: {kim.name}").click()
    expect(dialog_of(dana.page, f"Deactivate {kim.name}")).to_contain_text("2 sign-ins end at once")
    fill_in(dana.page, f"Deactivate {kim.name}", {}, "Deactivate")
    until = time.monotonic() + 2
    for page in pages:
        page.wait_for_url(SIGN_IN, timeout=max(1, (until - time.monotonic()) * 1000))
    for page in pages:
        expect(page.get_by_text("Your account was deactivated.")).to_be_visible()
    office.page.goto(desk.url + "/calls")
    expect(office.page.get_by_label("Password")).to_be_visible()


def test_a_deactivated_users_socket_is_closed_and_gets_no_more_news(
    sit: Sit, wired: Wired, hire: Hire, typist: Typist, word: str, phone: str
) -> None:
    """Over a bare socket that stays where it is, whatever the server tells it to do."""
    desk, kim = wired.desk, hire(Role.DISPATCHER)
    dana = sit("dana", "/users")
    with RawSocket(desk.url, desk.token(username_of(kim))) as stubborn:
        stubborn.open_page("/calls")
        stubborn.wait_for(lambda frame: "call_list" in frame)
        dana.page.get_by_role("button", name=f"Deactivate: {kim.name}").click()
        fill_in(dana.page, f"Deactivate {kim.name}", {}, "Deactivate")
        typist.log_call(f"{word} is offline", wired.categories["Network"], phone)
        stubborn.listen(2)
        assert [frame for frame in stubborn.frames if frame.startswith("41/_event")]
        assert not [frame for frame in stubborn.frames if word in frame]
