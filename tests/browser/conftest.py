"""One desk, one Chromium, and as many people in it as a test needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind

from ..find_chromium import find
from ..running_desk import COOKIE, PEOPLE, RunningDesk

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE_MS = 10_000


@dataclass
class Seat:
    """Somebody's browser: a context of its own, its page, and everything its socket received."""

    page: Page
    context: BrowserContext
    frames: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A running desk with PEOPLE and a few categories. Its store is open in the test's process for reading."""
    desk = RunningDesk(tmp_path_factory.mktemp("desk"))
    from service_desk.store.migrate import upgrade

    upgrade(desk.database_url)
    desk.open_store()
    for username, (name, role) in PEOPLE.items():
        desk.hire(username=username, name=name, role=role)
    for name in ("Network", "Printers", "Servers"):
        create_category(desk.people["dana"], CategoryKind.CALL, {"name": name})
    for name in ("Laptops", "Phones"):
        create_category(desk.people["dana"], CategoryKind.CARRY_IN, {"name": name})
    desk.start()
    yield desk
    desk.stop()
    desk.close_store()


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
    """Seat somebody: `sit("maya", "/calls", width=360)`. A page that throws an error fails the test."""
    seats: list[Seat] = []

    def seat_of(
        username: str | None,
        path: str = "/calls",
        *,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
    ) -> Seat:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale="en-US",
        )
        context.set_default_timeout(PATIENCE_MS)
        if username:
            context.add_cookies([{"name": COOKIE, "value": desk.token(username), "url": desk.url}])
        seat = Seat(context.new_page(), context)
        _listen(seat)
        seat.page.goto(desk.url + path)
        if username:
            seat.page.get_by_role("status").filter(has_text="Live").wait_for()
        seats.append(seat)
        return seat

    yield seat_of
    for seat in seats:
        seat.context.close()
    assert not [fault for seat in seats for fault in seat.faults]


def _listen(seat: Seat) -> None:
    seat.page.on("pageerror", lambda error: seat.faults.append(str(error)))
    seat.page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: seat.frames.append(str(frame))),
    )


def pytest_configure(config: pytest.Config) -> None:
    """Playwright's loop must not be shared with a test that runs its own."""
    os.environ.setdefault("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
