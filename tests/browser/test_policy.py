"""The policy for scripts as Chromium keeps it: the desk's own run, also on a page from its cache, and no other does."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage

from .conftest import Sit, wait_until_live

INJECT = """() => {
  window.ran = [];
  const script = document.createElement("script");
  script.textContent = "window.ran.push('a script')";
  document.body.append(script);
  const box = document.createElement("div");
  box.innerHTML = `<img src="x" onerror="window.ran.push('a handler')">
    <a href="javascript:window.ran.push('an address')">x</a>`;
  document.body.append(box);
  box.querySelector("a").click();
}"""
SETTLED = "() => document.querySelector('img[src=x]').complete"


def test_what_is_injected_does_not_run_and_the_desk_does(sit: Sit) -> None:
    page = sit("maya").page
    refused: list[str] = []

    def take(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            refused.append(message.text)

    page.on("console", take)
    page.reload()
    wait_until_live(page)
    page.goto(page.url)
    wait_until_live(page)
    assert not refused
    page.evaluate(INJECT)
    page.wait_for_function(SETTLED)
    assert page.evaluate("window.ran") == []
    assert len(refused) == 3
