"""`make bench`: from the commit of one browser's change to the DOM of another, beside a bare room emit."""

from __future__ import annotations

import sys

from playwright.sync_api import Browser, sync_playwright

from tests.find_chromium import find

from .desk_run import DeskRun
from .page import write_chapter
from .report import Line, Report
from .timings import Frames
from .yardstick_run import YardstickRun

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SESSIONS = (1, 50, 200)
CHANGES = 100
WARM_UP = 20
IN_TURN = 20


def main() -> None:
    path = find()
    if path is None:
        sys.exit("No Chromium was found: run `make browser`.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        report = measure(chromium)
        chromium.close()
    print(report.table())
    write_chapter("news", report.document())


def measure(chromium: Browser) -> Report:
    """One run. Desk and yardstick take turns, so that whatever else the machine does weighs on both."""
    report, frames = Report(chromium.version), Frames()
    with DeskRun() as desk:
        page = desk.look_on(chromium, frames)
        desk.change_calls(page, WARM_UP)
        with YardstickRun(frames.last) as yardstick:
            bare_page = yardstick.look_on(chromium)
            yardstick.change_rows(bare_page, WARM_UP)
            alone = desk.resident_kb()
            for sessions in SESSIONS:
                with desk.crowd(sessions), yardstick.crowd(sessions):
                    report.session_kb = (desk.resident_kb() - alone) / sessions
                    turns = [
                        (desk.change_calls(page, IN_TURN), yardstick.change_rows(bare_page, IN_TURN))
                        for _ in range(CHANGES // IN_TURN)
                    ]
                report.desk[sessions] = Line.of([mine for mine, _ in turns])
                report.bare[sessions] = Line.of([bare for _, bare in turns])
    report.frame_bytes = frames.sizes
    return report


if __name__ == "__main__":
    main()
