"""`python -m bench.first_page`: the list of calls on a cold cache, as a slow phone and as an office computer see it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.find_chromium import find
from tests.running_desk import COOKIE

from .desk_run import DeskRun
from .latency import FLAGS
from .machine import machine
from .page import write_chapter

TIMES = 5
KINDS = {"Script": "JavaScript", "Stylesheet": "CSS", "Font": "fonts", "Document": "HTML"}
WATCH = """
window.first = {};
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) first.painted = entry.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
const look = () => {
  if (!first.usable && document.querySelector("[data-rows] tr")) first.usable = performance.now();
  if (!first.usable) requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
CHAPTER = Path(__file__).with_name("first-page.md")


@dataclass(frozen=True)
class Profile:
    """`slower` is the processor's slow-down; `link` what CDP's Network.emulateNetworkConditions takes."""

    name: str
    viewport: tuple[int, int]
    slower: int = 1
    link: dict[str, Any] = field(default_factory=dict)


PHONE = Profile(
    "phone: 4 × slower processor, 1.6 Mbit/s down, 750 kbit/s up, 150 ms",
    (412, 823),
    4,
    {
        "offline": False,
        "latency": 150,
        "downloadThroughput": 1_600_000 / 8,
        "uploadThroughput": 750_000 / 8,
    },
)
DESKTOP = Profile("desktop: not slowed down", (1280, 900))


@dataclass
class Visits:
    """Milliseconds from the start of the navigation, and bytes over the wire by kind; one of each for a visit."""

    painted: list[float] = field(default_factory=list)
    usable: list[float] = field(default_factory=list)
    bytes: dict[str, int] = field(default_factory=dict)


class Wire:
    """What came over the wire for one page, as the browser's own counters tell it."""

    def __init__(self, cdp: CDPSession) -> None:
        self._kinds: dict[str, str] = {}
        self.bytes = dict.fromkeys(KINDS.values(), 0)
        cdp.on("Network.responseReceived", self._note)
        cdp.on("Network.loadingFinished", self._count)

    def _note(self, event: dict[str, Any]) -> None:
        self._kinds[event["requestId"]] = KINDS.get(event["type"], "")

    def _count(self, event: dict[str, Any]) -> None:
        if kind := self._kinds.get(event["requestId"]):
            self.bytes[kind] += int(event["encodedDataLength"])


def visit(chromium: Browser, desk: DeskRun, profile: Profile, into: Visits) -> None:
    """Open the list in a browser that was never here before, and wait until its rows are there."""
    width, height = profile.viewport
    context = chromium.new_context(viewport={"width": width, "height": height})
    context.add_cookies([{"name": COOKIE, "value": desk.tokens["lena"], "url": desk.desk.url}])
    context.add_init_script(WATCH)
    page = context.new_page()
    wire = _slow_down(page, profile)
    page.goto(f"{desk.desk.url}/calls", wait_until="commit")
    page.wait_for_function("first.usable && first.painted", timeout=60_000)
    # Whatever is still painted or loaded after the rows.
    page.wait_for_load_state("networkidle")
    found = page.evaluate("first")
    into.painted.append(found["painted"])
    into.usable.append(found["usable"])
    into.bytes = wire.bytes
    context.close()


def _slow_down(page: Page, profile: Profile) -> Wire:
    cdp = page.context.new_cdp_session(page)
    wire = Wire(cdp)
    cdp.send("Network.enable")
    cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
    if profile.link:
        cdp.send("Network.emulateNetworkConditions", profile.link)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": profile.slower})
    return wire


def table(found: dict[str, Visits]) -> str:
    """A row for each profile: medians and worst in seconds, KB by kind."""
    head = f"| | LCP: median | worst | usable: median | worst | {' | '.join(f'KB {k}' for k in KINDS.values())} |\n"
    rows = [head + "| --- |" + " --: |" * (4 + len(KINDS))]
    for name, visits in found.items():
        times = [
            f"{each(figures) / 1000:.2f}"
            for figures in (visits.painted, visits.usable)
            for each in (median, max)
        ]
        rows.append(
            f"| {name} | {' | '.join(times)} | {' | '.join(f'{n / 1000:.0f}' for n in visits.bytes.values())} |"
        )
    return "\n".join(rows)


def main() -> None:
    path = find()
    if path is None:
        sys.exit("No Chromium was found: run `make browser`.")
    found: dict[str, Visits] = {}
    with sync_playwright() as playwright, DeskRun() as desk:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for profile in (PHONE, DESKTOP):
            found[profile.name] = visits = Visits()
            for _ in range(TIMES):
                visit(chromium, desk, profile, visits)
        versions = machine(f"Chromium {chromium.version}")
        chromium.close()
    print(table(found))
    if "--print" not in sys.argv:
        write_chapter("first-page", CHAPTER.read_text().format(table=table(found), machine=versions))


if __name__ == "__main__":
    main()
