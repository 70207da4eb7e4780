"""One desk, one Chromium, and as many people in it as a test needs."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from service_desk.actions.categories import create_category
from service_desk.domain.access import Actor
from service_desk.domain.categories import CategoryKind
from service_desk.domain.users import Role
from service_desk.store.migrate import upgrade

from ..find_chromium import find
from ..running_desk import COOKIE, PEOPLE, RunningDesk, free_port
from ..tcp_proxy import TcpProxy
from ..typist import Typist

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


@dataclass
class Wired:
    """The desk, and the wire by which a browser may reach it instead of directly."""

    desk: RunningDesk
    wire: TcpProxy
    categories: dict[str, int]


@pytest.fixture(scope="session")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    """A running desk with PEOPLE and a few categories. Its store is open in the test's process too."""
    desk = RunningDesk(tmp_path_factory.mktemp("desk"))
    upgrade(desk.database_url)
    desk.open_store()
    for username, (name, role) in PEOPLE.items():
        desk.hire(username=username, name=name, role=role)
    kinds = {
        CategoryKind.CALL: ("Network", "Printers", "Servers"),
        CategoryKind.CARRY_IN: ("Laptops", "Phones"),
    }
    dana = desk.people["dana"]
    ids = {
        name: create_category(dana, kind, {"name": name}) for kind, names in kinds.items() for name in names
    }
    port = free_port()
    with TcpProxy(port) as wire:
        desk.environment["SERVICE_DESK_ALLOWED_ORIGINS"] = f"http://localhost:{port},{wire.url}"
        desk.start(port)
        yield Wired(desk, wire, ids)
        desk.stop()
    desk.close_store()


@pytest.fixture(scope="session")
def desk(wired: Wired) -> RunningDesk:
    return wired.desk


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


@pytest.fixture
def typist(desk: RunningDesk) -> Iterator[Typist]:
    """Maya, quick and without a screen."""
    with Typist(desk.url, desk.token("maya")) as typist:
        yield typist


Hire = Callable[[Role], Actor]


def username_of(hired: Actor) -> str:
    return hired.name.split()[0].lower()


@pytest.fixture
def hire(desk: RunningDesk) -> Hire:
    """Somebody whom no other test knows."""

    def somebody(role: Role) -> Actor:
        first = f"Kim{secrets.token_hex(3)}"
        return desk.hire(username=first.lower(), name=f"{first} Doe", role=role)

    return somebody


@pytest.fixture
def word() -> str:
    """A word that nothing else on the desk contains."""
    return f"Word{secrets.token_hex(4)}"


@pytest.fixture
def phone() -> str:
    """A number that nobody has yet, as E.164."""
    return f"+1415{secrets.randbelow(800) + 200}{secrets.randbelow(10_000):04d}"


def wait_until_live(page: Page) -> None:
    """Until the socket is there and the frame's first answer has come."""
    page.get_by_role("status").filter(has_text="Live").wait_for()
    page.locator(".who-name").filter(has_text=" ").wait_for(state="attached")
