"""The chip tells what the socket does, not what the device hopes, and says it politely."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from ..tcp_proxy import TcpProxy
from .conftest import Sit, wait_until_live
from .test_blocked import expect_chip

SHORTEST_MS = 300
LATE = """() => { Math.random = () => 0.9; window.deskSocket.connect = () => { window.deskCame ??= performance.now(); };
  window.deskSocket.io.engine.close(); }"""
"""Cut off, and the next try comes as late as it may."""
CAME = "() => window.deskCame"
HEARS = "(word) => { dispatchEvent(new Event(word)); document.dispatchEvent(new Event(word)); }"
REST = """() => { dispatchEvent(new CustomEvent("desk:rest", { detail: "Too many." }));
  window.deskSocket.disconnect(); }"""
SOCKET = "() => window.deskSocket.id"
SAME = "node => { node.dataset.seen ??= 'yes'; return node.dataset.seen; }"


def test_a_device_that_has_its_network_back_is_not_called_live_over_a_dead_link(
    sit: Sit, wire: TcpProxy
) -> None:
    page = sit("lena", base=wire.url).page
    before = page.evaluate(SOCKET)
    wire.lose()
    page.evaluate(HEARS, "offline")
    expect_chip(page, "Reconnecting…")
    page.evaluate(HEARS, "online")
    wait_until_live(page)
    assert page.evaluate(SOCKET) != before


@pytest.mark.parametrize("word", ["online", "visibilitychange"])
def test_a_whole_office_that_hears_the_same_word_does_not_come_at_the_same_moment(
    sit: Sit, word: str
) -> None:
    page = sit("lena").page
    page.evaluate(LATE)
    expect_chip(page, "Reconnecting…")
    page.wait_for_function(CAME)
    heard = page.evaluate(
        "(word) => { delete window.deskCame; window.deskSocket.wait_connect = false;"
        f" const at = performance.now(); ({HEARS})(word); return at; }}",
        word,
    )
    page.wait_for_function(CAME)
    assert page.evaluate(CAME) - heard > SHORTEST_MS


def test_a_resting_tab_that_loses_its_network_still_rests(sit: Sit) -> None:
    page = sit("lena").page
    page.evaluate(REST)
    expect_chip(page, "Resting")
    for word in ("offline", "online"):
        page.evaluate(HEARS, word)
        page.wait_for_timeout(1000)
        expect_chip(page, "Resting")
    page.get_by_role("button", name="Try now").click()
    expect_chip(page, "Live")


def expect_polite(region: Locator) -> None:
    expect(region).to_have_attribute("role", "status")
    expect(region).to_have_attribute("aria-live", "polite")
    region.evaluate(SAME)


def expect_same_node(region: Locator) -> None:
    assert region.get_attribute("data-seen") == "yes"


def test_the_chip_is_announced_politely_and_its_node_stays_while_its_words_change(
    sit: Sit, wire: TcpProxy
) -> None:
    page = sit("lena", base=wire.url).page
    chip = page.locator(".chip")
    expect_polite(chip)
    wire.cut()
    expect_chip(page, "Reconnecting…")
    expect_same_node(chip)
    expect_polite(chip)
    wire.mend()
    expect_chip(page, "Live")
    expect_same_node(chip)


def test_the_bar_of_a_page_without_a_connection_is_announced_politely_in_a_node_that_was_there_before(
    sit: Sit, wire: TcpProxy
) -> None:
    page = sit("lena", base=wire.url).page
    bar = page.locator(".offline-place")
    expect_polite(bar)
    expect(bar).to_be_empty()
    wire.cut()
    expect(bar).to_contain_text("No connection since", timeout=15_000)
    expect_same_node(bar)
    # One announcement, not two.
    expect(page.locator(".chip")).to_have_attribute("aria-live", "off")
    expect(page.locator(".chip")).to_contain_text("Offline since")
    wire.mend()
    page.get_by_role("button", name="Try now").click()
    expect_chip(page, "Live")
    expect(bar).to_be_empty()
    expect_same_node(bar)
