"""`make bench`: from the commit of one browser's change to the DOM of another, beside a bare room emit."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.find_chromium import find

from .desk_run import DeskRun
from .report import Line, Report
from .timings import Frames
from .yardstick_run import YardstickRun

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SESSIONS = (1, 50, 200)
CHANGES = 100
WARM_UP = 20


def main() -> None:
    path = find()
    if path is None:
        sys.exit("No Chromium was found: run `make browser`.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        report = measure(chromium)
        chromium.close()
    print(report.table())
    Path("docs/performance.md").write_text(report.document())


def measure(chromium: Browser) -> Report:
    """One run: the desk with each number of sessions, then the yardstick with the same."""
    report, frames = Report(chromium.version), Frames()
    with DeskRun() as desk:
        page = desk.look_on(chromium, frames)
        desk.change_calls(page, WARM_UP)
        for sessions in SESSIONS:
            alone = desk.resident_kb()
            with desk.crowd(sessions):
                report.session_kb[sessions] = (desk.resident_kb() - alone) / sessions
                report.desk[sessions] = Line.of(desk.change_calls(page, CHANGES))
    report.frame_bytes = frames.sizes
    with YardstickRun(frames.last) as yardstick:
        page = yardstick.look_on(chromium)
        yardstick.change_rows(page, WARM_UP)
        for sessions in SESSIONS:
            with yardstick.crowd(sessions):
                report.bare[sessions] = Line.of(yardstick.change_rows(page, CHANGES))
    return report


if __name__ == "__main__":
    main()
