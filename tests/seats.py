"""Chromium, and whoever sits in front of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from .find_chromium import find
from .running_desk import COOKIE, RunningDesk

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE_MS = 10_000
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Seat:
    """Somebody's browser: a context of its own, its page, and everything its sockets received."""

    page: Page
    context: BrowserContext
    frames: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    token: str = ""

    def tab(self, url: str) -> Page:
        """A further page of the same browser."""
        page = self.context.new_page()
        self.watch(page)
        page.goto(url)
        wait_until_live(page)
        return page

    def watch(self, page: Page) -> None:
        """Keep every frame that this page receives, and every error that it throws."""
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "websocket",
            lambda socket: socket.on("framereceived", lambda frame: self.frames.append(str(frame))),
        )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find()
    if path is None:
        pytest.skip("No Chromium was found.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


Sit = Callable[..., Seat]


@pytest.fixture
def sit(desk: RunningDesk, chromium: Browser) -> Iterator[Sit]:
    """Seat somebody: `sit("maya", "/calls", width=360)`. A page that throws an error fails the test,
    and so does a frame with a password hash or with anybody's session token in it."""
    seats: list[Seat] = []

    def seat_of(
        username: str | None,
        path: str = "/calls",
        *,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        base: str = "",
        before: str = "",
    ) -> Seat:
        """`base` is another address of the desk, `before` a script that runs before each page's own."""
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale="en-US",
        )
        context.set_default_timeout(PATIENCE_MS)
        if before:
            context.add_init_script(before)
        seat = Seat(context.new_page(), context)
        if username:
            seat.token = desk.token(username)
            context.add_cookies([{"name": COOKIE, "value": seat.token, "url": desk.url}])
        seats.append(seat)
        seat.watch(seat.page)
        seat.page.goto((base or desk.url) + path)
        if username:
            wait_until_live(seat.page)
        return seat

    yield seat_of
    for seat in seats:
        seat.context.close()
    assert not [fault for seat in seats for fault in seat.faults]
    tokens = [seat.token for seat in seats if seat.token]
    for frame in (frame for seat in seats for frame in seat.frames):
        assert not any(secret in frame for secret in ("argon2", *tokens)), "a frame holds a secret"


def wait_until_live(page: Page) -> None:
    """Until the socket is there and the frame's first answer has come."""
    page.get_by_role("status").filter(has_text="Live").wait_for()
    page.locator(".who-name").filter(has_text=" ").wait_for(state="attached")
