"""Networks that don't let a socket through, or fall silent: what people see, how soon, and what still works."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from service_desk.actions.calls import create_call

from ..figures import Figure
from ..tcp_proxy import TcpProxy
from ..typist import Typist
from .conftest import Sit, Wired
from .cuts import CUT_OFF, come_back
from .steps import dialog_of, row_with

COMPATIBLE = "Compatibility mode"
TRANSPORT = "() => window.deskSocket.io.engine.transport.name"
CONNECTION = "() => window.deskSocket.io.engine.id"
MINUTES_ARE_SHORT = """{ const wait = window.setTimeout;
  window.setTimeout = (done, ms, ...more) => wait(done, ms === 60000 ? 300 : ms, ...more); }"""
OPENS_SECONDS = 5
NEWS_SECONDS = 2
SILENCE_SECONDS = 20


def expect_chip(page: Page, word: str, seconds: float = 10) -> None:
    expect(page.locator(".chip")).to_have_text(word, timeout=seconds * 1000)


def first_row(page: Page, word: str, seconds: float) -> None:
    expect(row_with(page, word)).to_be_visible(timeout=seconds * 1000)


def log_call(wired: Wired, word: str, phone: str) -> int:
    form = {"phone": phone, "customer_name": "Bright Stores", "category_id": wired.categories["Network"]}
    return create_call(wired.desk.people["maya"], {**form, "problem": f"{word} first"})


@pytest.mark.parametrize("silently", [False, True], ids=["answered 403", "never answered"])
def test_without_websockets_the_desk_works_and_says_so(
    sit: Sit,
    wired: Wired,
    wire: TcpProxy,
    typist: Typist,
    word: str,
    phone: str,
    figure: Figure,
    silently: bool,
) -> None:
    call = log_call(wired, word, phone)
    page = sit("lena", "/calls", base=wired.desk.url).page
    wire.refuse_upgrades(silently=silently)

    begun = time.monotonic()
    page.goto(f"{wire.url}/calls?q={word}", wait_until="commit")
    first_row(page, f"{word} first", OPENS_SECONDS)
    expect_chip(page, COMPATIBLE)
    opened = time.monotonic() - begun
    assert opened < OPENS_SECONDS

    late = []
    for before, after in ((f"{word} first", f"{word} second"), (f"{word} second", f"{word} third")):
        typist.edit_call(call, {"problem": before}, problem=after)
        begun = time.monotonic()
        first_row(page, after, NEWS_SECONDS)
        late.append(time.monotonic() - begun)
    page.keyboard.press("n")
    dialog = dialog_of(page, "New call")
    dialog.get_by_label("Phone").fill(phone)
    expect(dialog.get_by_text("Bright Stores").first).to_be_visible()
    way = "never answered" if silently else "answered 403"
    figure(f"WebSocket refused: usable, {way}", opened, "s")
    figure(f"WebSocket refused: news late by, {way}", max(late), "s")


def test_who_had_to_do_without_websockets_has_them_again_after_the_next_drop(
    sit: Sit, wired: Wired, wire: TcpProxy
) -> None:
    wire.refuse_upgrades()
    page = sit("lena", "/calls", base=wired.desk.url).page
    page.goto(f"{wire.url}/calls")
    expect_chip(page, COMPATIBLE)
    wire.cut()
    expect_chip(page, "Reconnecting…")
    wire.mend()
    expect_chip(page, "Live")


def test_one_refused_websocket_does_not_leave_a_tab_with_long_polling(
    sit: Sit, wired: Wired, wire: TcpProxy, typist: Typist, word: str, phone: str
) -> None:
    call = log_call(wired, word, phone)
    page = sit("lena", f"/calls?q={word}", base=wire.url).page
    page.keyboard.press("n")
    half_typed = dialog_of(page, "New call").get_by_label("Problem")
    half_typed.fill("The lift is st")
    page.evaluate(CUT_OFF)
    before = wire.upgrades
    wire.refuse_upgrades(times=1)
    come_back(page)
    assert wire.upgrades == before + 2
    assert page.evaluate(TRANSPORT) == "websocket"
    expect(half_typed).to_have_value("The lift is st")
    typist.edit_call(call, {"problem": f"{word} first"}, problem=f"{word} second")
    first_row(page, f"{word} second", NEWS_SECONDS)


def test_who_works_by_long_polling_goes_over_as_soon_as_websockets_pass(
    sit: Sit, wired: Wired, wire: TcpProxy, typist: Typist, word: str, phone: str
) -> None:
    call = log_call(wired, word, phone)
    page = sit("lena", "/calls", base=wired.desk.url, before=MINUTES_ARE_SHORT).page
    wire.refuse_upgrades()
    page.goto(f"{wire.url}/calls?q={word}")
    expect_chip(page, COMPATIBLE)
    connection = page.evaluate(CONNECTION)
    wire.mend()
    expect_chip(page, "Live")
    assert page.evaluate(CONNECTION) == connection, "it connected anew"
    typist.edit_call(call, {"problem": f"{word} first"}, problem=f"{word} second")
    first_row(page, f"{word} second", NEWS_SECONDS)


def test_a_silent_wire_is_noticed_and_what_is_shown_stays_and_heals(
    sit: Sit, wired: Wired, wire: TcpProxy, word: str, phone: str, figure: Figure
) -> None:
    call = log_call(wired, word, phone)
    page = sit("lena", f"/calls?q={word}", base=wire.url).page
    first_row(page, f"{word} first", 5)
    wire.stall()
    begun = time.monotonic()
    expect_chip(page, "Reconnecting…", SILENCE_SECONDS)
    figure("silent link: noticed by the browser", time.monotonic() - begun, "s")
    first_row(page, f"{word} first", 1)
    with Typist(wired.desk.url, wired.desk.token("maya")) as typist:
        typist.edit_call(call, {"problem": f"{word} first"}, problem=f"{word} second")
    wire.mend()
    begun = time.monotonic()
    expect_chip(page, "Live", 6)
    figure("silent link: live again after it was mended", time.monotonic() - begun, "s")
    first_row(page, f"{word} second", 1)


def test_a_reset_is_noticed_at_once(sit: Sit, wire: TcpProxy, figure: Figure) -> None:
    page = sit("lena", base=wire.url).page
    begun = time.monotonic()
    wire.cut()
    expect_chip(page, "Reconnecting…", 3)
    figure("reset: noticed by the browser", time.monotonic() - begun, "s")


def test_a_slow_wire_is_live_all_the_same(
    sit: Sit, wired: Wired, wire: TcpProxy, typist: Typist, word: str, phone: str
) -> None:
    call = log_call(wired, word, phone)
    page = sit("lena", f"/calls?q={word}", base=wire.url).page
    wire.slow(latency=0.4, bytes_per_second=20_000)
    typist.edit_call(call, {"problem": f"{word} first"}, problem=f"{word} second")
    first_row(page, f"{word} second", 5)
    wire.cut()
    wire.slow(latency=0.4, bytes_per_second=20_000)
    expect_chip(page, "Live", 15)


def test_with_everything_blocked_the_page_stays_readable_and_plain_pages_refresh_it(
    sit: Sit, wired: Wired, wire: TcpProxy, word: str, phone: str
) -> None:
    call = log_call(wired, word, phone)
    seat = sit("lena", f"/calls?q={word}", base=wire.url)
    page = seat.page
    first_row(page, f"{word} first", 5)
    page.keyboard.press("n")
    half_typed = dialog_of(page, "New call").get_by_label("Problem")
    half_typed.fill("The lift is st")
    page.keyboard.press("Escape")
    wire.cut()
    wire.refuse_sockets()
    expect(page.locator(".chip")).to_contain_text("Offline since", timeout=15_000)
    first_row(page, f"{word} first", 1)
    bar = page.get_by_role("status").filter(has_text="Changes don’t come by themselves now")
    expect(bar).to_be_visible()

    with Typist(wired.desk.url, wired.desk.token("maya")) as typist:
        typist.edit_call(call, {"problem": f"{word} first"}, problem=f"{word} second")
    with seat.context.expect_page() as opened:
        bar.get_by_role("link", name="Refresh by hand").click()
    plain = opened.value
    expect(plain.get_by_role("link", name=f"{word} second")).to_be_visible()
    expect(plain.get_by_text("as of")).to_be_visible()
    plain.get_by_role("link", name=f"{word} second").click()
    expect(plain.get_by_role("heading", name=f"{word} second")).to_be_visible()

    page.bring_to_front()
    wire.mend()
    page.get_by_role("button", name="Try now").click()
    expect_chip(page, "Live")
    first_row(page, f"{word} second", 1)
    expect(bar).to_be_hidden()
    page.keyboard.press("n")
    expect(half_typed).to_have_value("The lift is st")


def test_a_page_that_never_had_a_socket_offers_the_plain_ones(sit: Sit, wired: Wired, wire: TcpProxy) -> None:
    page = sit("lena", base=wired.desk.url).page
    wire.refuse_sockets()
    page.goto(f"{wire.url}/carry-ins")
    expect_chip(page, "Connecting…")
    expect(page.locator(".chip")).to_contain_text("Offline since", timeout=15_000)
    expect(page.get_by_role("link", name="Refresh by hand")).to_have_attribute("href", "/plain/carry-ins")


def test_two_tabs_come_back_each_by_itself(sit: Sit, wire: TcpProxy) -> None:
    seat = sit("lena", base=wire.url)
    pages = [seat.page, seat.tab(f"{wire.url}/carry-ins")]
    wire.cut()
    for page in pages:
        expect_chip(page, "Reconnecting…", 3)
    wire.mend()
    for page in pages:
        expect_chip(page, "Live", 6)
