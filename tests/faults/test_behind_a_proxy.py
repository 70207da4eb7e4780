"""Two hosts of two processes each behind nginx with TLS, as shipped in `deploy/`, and people in front of Chromium."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind
from service_desk.domain.security import Door, SecurityEvent

from ..browser.steps import dialog_of, log_call, row_with
from ..polling import Polling
from ..readings import all_rows
from ..running_desk import COOKIE, RunningDesk, free_port
from ..seats import wait_until_live
from ..stores import new_database
from . import checker
from .conftest import a_desk
from .crowd import wait_until
from .proxy import Proxy, a_proxy
from .redis_server import a_redis

PHONE = "+1 415 555 0123"


@dataclass
class Office:
    """The store is open in the test's process. Each host is a desk of its own on the same store."""

    hosts: list[RunningDesk]
    proxy: Proxy
    chromium: Browser

    def token_at(self, username: str, host: RunningDesk) -> str:
        """A sign-in of theirs that the proxy sends to this host."""
        # A host that has been away is left out for some seconds more.
        until = time.monotonic() + 20
        while time.monotonic() < until:
            token = self.hosts[0].token(username)
            if self.proxy.host_of(token, COOKIE) == host.port:
                return token
        raise AssertionError("the proxy never chooses this host")

    def sit(self, username: str, host: RunningDesk, path: str = "/calls", before: str = "") -> Page:
        context = self.chromium.new_context(ignore_https_errors=True, locale="en-US")
        context.set_default_timeout(15_000)
        token = self.token_at(username, host)
        context.add_cookies([{"name": COOKIE, "value": token, "url": self.proxy.url, "secure": True}])
        if before:
            context.add_init_script(before)
        page = context.new_page()
        page.goto(self.proxy.url + path)
        return page


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    port, plain, *own = (free_port() for _ in range(4))
    with ExitStack() as stack:
        url = stack.enter_context(new_database("postgresql", folder))
        redis = stack.enter_context(a_redis())
        settings = {
            "SERVICE_DESK_REDIS_URL": redis.url,
            "SERVICE_DESK_WORKERS": "2",
            "TMPDIR": str(folder),
            "SERVICE_DESK_PUBLIC_URL": f"https://localhost:{port}",
        }
        (folder / "first").mkdir()
        first = stack.enter_context(
            a_desk(folder / "first", url, pages=True, environment=settings, port=own[0])
        )
        (folder / "second").mkdir()
        second = RunningDesk(folder / "second", settings, store=url, people=first.people)
        second.start(own[1])
        stack.callback(second.kill)
        create_category(first.people["dana"], CategoryKind.CALL, {"name": "Network"})
        yield Office([first, second], stack.enter_context(a_proxy(own, port, plain)), chromium)
        for context in chromium.contexts:
            context.close()


NO_WEBSOCKETS = (
    "window.WebSocket = class { constructor() { throw new DOMException('blocked', 'SecurityError'); } };"
)


def test_people_on_different_hosts_see_each_other_and_outlive_the_end_of_one(office: Office) -> None:
    here, there = office.hosts
    maya, lena = office.sit("maya", here), office.sit("lena", there)
    fay = office.sit("fay", there, before=NO_WEBSOCKETS)
    for page in (maya, lena):
        wait_until_live(page)
    expect(fay.locator(".chip")).to_have_text("Compatibility mode", timeout=15_000)
    log_call(maya, "Seen on the other host", PHONE)
    for page in (maya, lena, fay):
        expect(row_with(page, "Seen on the other host")).to_have_count(1)
    expect(lena.get_by_role("group", name="Here now").get_by_title("Maya Singh")).to_be_visible()

    maya.keyboard.press("n")
    dialog = dialog_of(maya, "New call")
    dialog.get_by_label("Problem").fill("Half typed when the host went")
    here.kill()
    wait_until_live(maya)
    expect(dialog.get_by_label("Problem")).to_have_value("Half typed when the host went")
    for label, words in (("Phone", PHONE), ("Customer name", "Bright Stores")):
        dialog.get_by_label(label, exact=True).fill(words)
    dialog.get_by_label("Category").select_option(label="Network")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_be_hidden()
    for page in (maya, lena, fay):
        expect(row_with(page, "Half typed when the host went")).to_have_count(1)
    here.start(here.port)
    checker.expect_sound(here.database_url)


def test_long_polling_through_the_proxy_needs_no_luck(office: Office) -> None:
    for host in office.hosts:
        browser = Polling(office.proxy.url, office.token_at("lena", host), verify=False)
        browser.open_page()
        browser.http.close()


def test_the_proxy_keeps_tokens_to_itself_and_believes_no_claim(office: Office) -> None:
    desk, proxy = office.hosts[0], office.proxy
    token = desk.token("maya")
    with httpx.Client(base_url=proxy.url, verify=False, cookies={COOKIE: token}) as browser:
        assert browser.get("/plain/calls?q=geheim").status_code == 200
        assert browser.get("/metrics").status_code == 404
        assert browser.get("/setup?token=geheim").status_code == 410
    with httpx.Client(base_url=proxy.url, verify=False) as stranger:
        claims = {"Origin": proxy.url, "X-Forwarded-For": "203.0.113.9"}
        wrong = {"username": "maya", "password": "geheim geheim"}
        assert stranger.post("/auth/sign-in", data=wrong, headers=claims).status_code == 401
        too_long = stranger.post("/auth/sign-in", content=b"x" * 2_000_000, headers=claims)
        assert too_long.status_code == 413
        plain = stranger.get(f"http://localhost:{proxy.plain_port}/calls?q=geheim")
        assert (plain.status_code, plain.headers["location"][:16]) == (301, "https://localhost"[:16])
    noted = lambda: {row.address for row in all_rows(SecurityEvent) if row.kind == Door.WRONG_PASSWORD.value}  # noqa: E731
    wait_until(lambda: bool(noted()), 10, lambda: "not noted")
    assert noted() == {"127.0.0.1"}
    files = "".join(path.read_text() for path in proxy.folder.glob("*.log"))
    assert "/plain/calls 200" in files
    assert not re.findall(rf"\?|{token}|geheim", files)
