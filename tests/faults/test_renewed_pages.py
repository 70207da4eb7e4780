"""A new version takes the place of the old one, process after process, while somebody types."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from service_desk.actions.categories import create_category
from service_desk.domain.categories import CategoryKind
from service_desk.web.frontend import web_dir

from ..browser.steps import dialog_of, row_with
from ..browser.test_drafts_after_faults import later_schema, make_pages
from ..browser.test_drafts_kept import offer_on
from ..running_desk import COOKIE, RunningDesk
from ..seats import wait_until_live
from .crowd import wait_until
from .processes import many_processes, workers_of

RENEWED_SECONDS = 120
PHONE = "+1 415 555 0123"


@dataclass
class Versions:
    desk: RunningDesk
    pages: Path
    mark: Path

    def renew(self) -> None:
        """Put the later version in place of the present one, and tell the desk."""
        schema = later_schema()
        shutil.rmtree(self.pages / "build")
        make_pages(web_dir(), self.pages, schema)
        self.mark.touch()
        assert self.desk.process is not None
        before = set(workers_of(self.desk))
        self.desk.process.send_signal(signal.SIGHUP)
        wait_until(
            lambda: len(workers_of(self.desk)) == 2 and not before & set(workers_of(self.desk)),
            RENEWED_SECONDS,
            lambda: self.desk.log.read_text()[-2000:],
        )


@pytest.fixture
def versions(tmp_path: Path) -> Iterator[Versions]:
    pages, mark = tmp_path / "pages", tmp_path / "newer"
    shutil.copytree(web_dir() / "build" / "client", pages / "build" / "client")
    settings = {
        "SERVICE_DESK_WEB_DIR": str(pages),
        "SERVICE_DESK_SKIP_BUILD": "1",
        "SERVICE_DESK_TEST_NEWER": str(mark),
    }
    with many_processes(tmp_path, 2, pages=True, module="tests.newer_desk", **settings) as (desk, _):
        create_category(desk.people["dana"], CategoryKind.CALL, {"name": "Network"})
        yield Versions(desk, pages, mark)


def test_a_rolling_restart_to_a_new_version_costs_nobody_what_they_typed(
    versions: Versions, chromium: Browser
) -> None:
    desk = versions.desk
    pages = []
    for username in ("maya", "lena"):
        context = chromium.new_context(locale="en-US")
        context.add_cookies([{"name": COOKIE, "value": desk.token(username), "url": desk.url}])
        page = context.new_page()
        page.goto(f"{desk.url}/calls")
        wait_until_live(page)
        page.keyboard.press("n")
        dialog_of(page, "New call").get_by_label("Problem").fill(f"{username} types on")
        pages.append(page)
    loads: list[Page] = []
    for page in pages:
        page.on("domcontentloaded", lambda loaded: loads.append(loaded))
    versions.renew()
    for page, username in zip(pages, ("maya", "lena"), strict=True):
        expect(offer_on(page)).to_contain_text("You were typing: New call", timeout=20_000)
        wait_until_live(page)
        offer_on(page).get_by_role("button", name="Continue").click()
        dialog = dialog_of(page, "New call")
        expect(dialog.get_by_label("Problem")).to_have_value(f"{username} types on")
        for label, words in (("Phone", PHONE), ("Customer name", "Bright Stores")):
            dialog.get_by_label(label, exact=True).fill(words)
        dialog.get_by_label("Category").select_option(label="Network")
        dialog.get_by_role("button", name="Save", exact=True).click()
        expect(dialog).to_be_hidden()
        expect(row_with(page, f"{username} types on")).to_have_count(1)
    # Once each: nobody came to a process of the old version any more.
    assert len(loads) == 2
    for page in pages:
        page.context.close()
